package web

// queueStates are pages of search, saved views and bulk work.
func (s *Server) queueStates() []State { return nil }
