package numbers

import "context"

// Load is what waits at this moment.
type Load struct {
	Open    int // cases to which the office still owes something
	Overdue int // of them, past a deadline of the office
	Outbox  int // messages that have not left
}

// LoadStore counts live through indexes; storage keeps it.
type LoadStore interface {
	ComplaintLoad(ctx context.Context) (Load, error)
}

// Load counts what waits. It needs no permission: it is for the machine that watches the service.
func (s *Service) Load(ctx context.Context) (Load, error) { return s.Live.ComplaintLoad(ctx) }
