package complaints

import (
	"context"
	"errors"
	"time"

	"layak/internal/auth"
	"layak/internal/fault"
)

// Sweepable is what the sweep and the routing need of the Store.
type Sweepable interface {
	// Units lists all units by code.
	Units(ctx context.Context) ([]auth.Unit, error)
	// DueCases gives the tickets of cases whose LookAt has come, at most limit: first those that no
	// unit has, then those that have waited longest.
	DueCases(ctx context.Context, now time.Time, limit int) ([]Ticket, error)
	// LookAgain notes when the case (by its id, at its version) has to be looked at next, nil never.
	// It changes nothing that anybody sees. A case that was changed meanwhile is left as it is.
	LookAgain(ctx context.Context, id string, version int, at *time.Time) error
}

// Leaders tells who leads a unit and which unit stands above it; *Hours is one.
type Leaders interface {
	UnitSettings(ctx context.Context, unit string) (UnitSettings, error)
	// Below lists the units that stand directly below a unit, by code.
	Below(ctx context.Context, unit string) ([]string, error)
}

// EscalateData goes with escalate: a rung of the ladder was climbed, a task was not done in its time,
// or a silent assignee lost the case.
type EscalateData struct {
	Clock   ClockKind `json:"clock,omitempty"`
	Round   int       `json:"round,omitempty"`
	Percent int       `json:"percent,omitempty"` // of the time that was gone
	Level   int       `json:"level,omitempty"`   // 1 head of the unit, 2 the unit above
	DueAt   time.Time `json:"due_at,omitzero"`
	Task    int       `json:"task,omitempty"` // number of the late task
	// Unit and Staff are whom it reaches; Staff is "" when nobody is known to lead the unit. Role stands
	// for everybody of a role in the regency, where no unit has the case or none stands above it.
	Unit      string    `json:"unit_to,omitempty"`
	Staff     string    `json:"staff_to,omitempty"`
	Role      auth.Role `json:"role_to,omitempty"`
	FromStaff string    `json:"from_staff,omitempty"` // who did nothing and lost the case
}

// Swept counts what a sweep did.
type Swept struct {
	Looked  int // cases whose moment had come
	Climbed int // rungs and late tasks
	Freed   int // cases taken from a silent assignee
	Closed  int // by the citizen's silence
	Asked   int // desks reminded of a citizen or another office that has not replied
	Missed  int // changed by somebody at the same moment, or not to be timed: tried again next time
}

// sweepBatch is how many cases are taken at once, sweepMost how many one sweep looks at.
const (
	sweepBatch = 100
	sweepMost  = 5_000
	lookLater  = 15 * time.Minute // when a case could not be timed
)

// Sweep looks at every case whose moment has come: it climbs the ladder of late clocks, frees cases
// of silent assignees, and closes those whose citizen kept silent after the answer. Several processes
// may sweep at once: each change is made on the version that was read, so nothing happens twice. It
// acts as the system. One case that cannot be timed does not keep the others waiting; what hindered
// it is told at the end.
func (s *Service) Sweep(ctx context.Context) (Swept, error) {
	var done Swept
	if s.Calendars == nil {
		return done, nil
	}
	ctx = auth.With(ctx, auth.System())
	var hindered error
	seen := map[Ticket]bool{}
	for done.Looked < sweepMost {
		due, err := s.Store.DueCases(ctx, s.now(), sweepBatch)
		if err != nil {
			return done, errors.Join(hindered, err)
		}
		news := false
		for _, t := range due {
			if seen[t] {
				continue
			}
			seen[t], news = true, true
			done.Looked++
			err = s.look(ctx, t, &done)
			if ctx.Err() != nil {
				return done, ctx.Err()
			}
			if err != nil {
				done.Missed++
				hindered = errors.Join(hindered, err)
			}
		}
		if !news {
			break
		}
	}
	return done, hindered
}

// look does what is due in one case.
func (s *Service) look(ctx context.Context, t Ticket, done *Swept) error {
	c, err := s.Store.Complaint(ctx, t, Scope{All: true})
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	now := s.now()
	if c.LookAt == nil || c.LookAt.After(now) {
		return nil // another process was faster
	}
	w := &sweeping{s: s, c: c, now: now}
	err = w.decide(ctx)
	if err != nil {
		later := now.Add(lookLater)
		return errors.Join(err, s.Store.LookAgain(ctx, c.ID, c.Version, &later))
	}
	c.LookAt = nil
	if len(w.events) == 0 {
		err = s.keepTime(ctx, &c, now)
		if err != nil {
			return err
		}
		c.LookAt = behind(c.LookAt, now)
		return s.Store.LookAgain(ctx, c.ID, c.Version, c.LookAt)
	}
	err = w.write(ctx)
	if errors.Is(err, ErrBehind) || fault.Is(err, fault.Conflict) {
		done.Missed++ // somebody acts on the case right now
		return nil
	}
	if err != nil {
		return err
	}
	done.Climbed += w.climbed
	done.Freed += w.freed
	done.Closed += w.closed
	done.Asked += w.asked
	return nil
}

// behind keeps a look from coming at once again.
func behind(at *time.Time, now time.Time) *time.Time {
	if at == nil || at.After(now) {
		return at
	}
	later := now.Add(time.Second)
	return &later
}

// write stores what was decided, with the clocks of afterwards.
func (w *sweeping) write(ctx context.Context) error {
	c := w.c
	c.Escalated, c.LookAt = w.level, nil
	c.Version, c.UpdatedAt = c.Version+1, w.now
	change := Change{Complaint: c, Event: w.events[0], More: w.events[1:]}
	err := w.s.conclude(ctx, &change, auth.System(), c.Patients)
	if err != nil {
		return err
	}
	change.Complaint.LookAt = behind(change.Complaint.LookAt, w.now)
	return w.s.Store.ChangeComplaint(ctx, change)
}
