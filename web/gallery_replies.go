package web

// replyStates are pages of reply templates, letters and outgoing messages.
func (s *Server) replyStates() []State { return nil }
