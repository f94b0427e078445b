package web

// hoursRoutes are the addresses of working hours, holidays and the letterhead of units.
func (s *Server) hoursRoutes() []Route { return nil }

// hoursPages are the page sets of working hours, holidays and the letterhead of units.
var hoursPages = map[string][]string{}
