package web

// worklistRoutes are the addresses of lists of work that pays for the program.
func (s *Server) worklistRoutes() []Route { return nil }

// worklistPages are the page sets of lists of work that pays for the program.
var worklistPages = map[string][]string{}
