package web

// recheckRoutes are the addresses of cases whose answer changed since it was given.
func (s *Server) recheckRoutes() []Route { return nil }

// recheckPages are the page sets of cases whose answer changed since it was given.
var recheckPages = map[string][]string{}
