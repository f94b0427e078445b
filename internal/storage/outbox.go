package storage

import (
	"context"
	"fmt"

	"layak/complaints"
)

// insertMessages puts the messages of a change into the outbox. There is no outbox yet, and a
// message that cannot be kept must not look as if it had been.
func (t *tx) insertMessages(_ context.Context, change complaints.Change) error {
	return fmt.Errorf("keep %d messages of %s: no outbox", len(change.Messages), change.Complaint.Ticket)
}
