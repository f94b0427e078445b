package web

// reportRoutes are the addresses of numbers, exports and open data.
func (s *Server) reportRoutes() []Route { return nil }

// reportPages are the page sets of numbers, exports and open data.
var reportPages = map[string][]string{}
