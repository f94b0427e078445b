package complaints

import (
	"context"
	"time"

	"layak/internal/fault"
	"layak/policy"
)

// OpenCase is an open complaint as the rules of routing would see it at its next act. It names nobody.
type OpenCase struct {
	Ticket Ticket
	Input  policy.RoutingInput
	// Running are the clocks whose time goes by or stands still for a while, Met those of this round that
	// came to their end: what rules say of these moves no deadline any more.
	Running, Met []ClockKind
	Free         bool // no unit has it, so that it goes where the rules want it; elsewhere they only advise

	units unitList
}

// Desk tells the name of the unit that rules mean, "" when none of those registered is meant. It keeps nothing
// else of the case.
func (o OpenCase) Desk() func(policy.Desk) string {
	units, not := o.units, ""
	if o.Input.Accused != nil {
		not = o.Input.Accused.Code
	}
	return func(d policy.Desk) string { return units.pick(d, not).Name }
}

// openAtOnce is how many open complaints are handed on at once.
const openAtOnce = 200

// CountOpen tells how many complaints are open in the whole regency.
func (s *Service) CountOpen(ctx context.Context) (int, error) {
	return s.Store.CountComplaints(ctx, Filter{States: OpenStates}, Scope{All: true})
}

// EachOpen calls yield with all open complaints of the regency, in parts, as the rules of routing would see
// them at a moment. It is for counting: nobody is shown what it reads.
func (s *Service) EachOpen(ctx context.Context, at time.Time, yield func([]OpenCase) error) error {
	after := Ticket("")
	for {
		lines, err := s.Store.Complaints(ctx, Filter{States: OpenStates, After: after, Limit: openAtOnce}, Scope{All: true})
		if err != nil || len(lines) == 0 {
			return err
		}
		part := make([]OpenCase, 0, len(lines))
		for _, l := range lines {
			c, err := s.Store.Complaint(ctx, l.Ticket, Scope{All: true})
			if fault.Is(err, fault.NotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if !c.State.Open() {
				continue // closed a moment ago
			}
			open, err := s.open(ctx, c, at)
			if err != nil {
				return err
			}
			part = append(part, open)
		}
		err = yield(part)
		if err != nil {
			return err
		}
		after = lines[len(lines)-1].Ticket
	}
}

func (s *Service) open(ctx context.Context, c Complaint, at time.Time) (OpenCase, error) {
	units, err := s.unitsWith(ctx, c.FiledUnit, c.Unit, c.Accused)
	if err != nil {
		return OpenCase{}, err
	}
	out := OpenCase{Ticket: c.Ticket, Input: c.routingInput(s.Store.Regency(), at, units), Free: c.Unit == "" && c.Staff == "", units: units}
	round := 0
	for _, k := range c.Clocks {
		round = max(round, k.Round)
	}
	for _, k := range c.Clocks {
		switch {
		case k.Round != round: // of before it was opened again
		case k.StoppedAt != nil:
			out.Met = append(out.Met, k.Kind)
		default:
			out.Running = append(out.Running, k.Kind)
		}
	}
	return out, nil
}
