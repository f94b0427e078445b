package web

// handoverRoutes are the addresses of registers of other systems, in and out.
func (s *Server) handoverRoutes() []Route { return nil }

// handoverPages are the page sets of registers of other systems, in and out.
var handoverPages = map[string][]string{}
