package web

// queueRoutes are the addresses of search, saved views and bulk work.
func (s *Server) queueRoutes() []Route { return nil }

// queuePages are the page sets of search, saved views and bulk work.
var queuePages = map[string][]string{}
