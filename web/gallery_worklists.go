package web

// worklistStates are pages of lists of work that pays for the program.
func (s *Server) worklistStates() []State { return nil }
