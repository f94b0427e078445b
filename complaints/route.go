package complaints

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// Route is the newest word of the routing rules about the case; false when it was never routed.
func (c Complaint) Route() (RouteData, bool) {
	for i := len(c.Events) - 1; i >= 0; i-- {
		if c.Events[i].Type != RouteEvent {
			continue
		}
		var r RouteData
		err := json.Unmarshal(c.Events[i].Data, &r)
		return r, err == nil
	}
	return RouteData{}, false
}

// routed asks the routing rules about the case as it is after an act (its Events hold the new one).
// It puts what they say into the case and gives the event of it; nil when nothing changed.
func (s *Service) routed(ctx context.Context, c *Complaint, at time.Time) (*Event, error) {
	if s.Router == nil {
		return nil, nil
	}
	return nil, fmt.Errorf("route %s: not written yet", c.Ticket)
}
