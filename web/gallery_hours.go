package web

// hoursStates are pages of working hours, holidays and the letterhead of units.
func (s *Server) hoursStates() []State { return nil }
