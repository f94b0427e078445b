package web

// replyRoutes are the addresses of reply templates, letters and outgoing messages.
func (s *Server) replyRoutes() []Route { return nil }

// replyPages are the page sets of reply templates, letters and outgoing messages.
var replyPages = map[string][]string{}
