package complaints

import (
	"context"
	"slices"

	"layak/internal/fault"
)

// BulkItem is one case of a bulk act with the version that the caller saw.
type BulkItem struct {
	Ticket  Ticket `json:"ticket"`
	Version int    `json:"version"`
}

// BulkResult is what became of it: the case as it is now, or why not.
type BulkResult struct {
	Ticket  Ticket
	State   State
	Version int
	Err     error
}

// BulkEvents are the acts that can be made on many cases at once.
var BulkEvents = []EventType{AssignEvent, NoteEvent, ForwardEvent, MergeEvent}

// mostBulk bounds one bulk act.
const mostBulk = 100

// Bulk makes one act on each of the cases, each in its own transaction: those that cannot take it
// say why, the others are done. The error is about the act as a whole.
func (s *Service) Bulk(ctx context.Context, items []BulkItem, a Action) ([]BulkResult, error) {
	if !slices.Contains(BulkEvents, a.Type) {
		return nil, Invalid("event_unknown", "type", "Tindakan ini tidak dapat dilakukan sekaligus untuk banyak aduan.")
	}
	if len(items) == 0 || len(items) > mostBulk {
		return nil, fault.New(fault.Invalid, "bulk_size", "Pilih 1 sampai 100 aduan.").At("items", "Pilih 1 sampai 100 aduan.")
	}
	var results []BulkResult
	for _, item := range items {
		a.Version = item.Version
		c, err := s.Act(ctx, item.Ticket, a)
		if err != nil && ctx.Err() != nil {
			return results, err
		}
		results = append(results, BulkResult{Ticket: item.Ticket, State: c.State, Version: c.Version, Err: err})
	}
	return results, nil
}
