package complaints

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/jobs"
)

// ClockData goes with the event clock.
type ClockData struct {
	Why   string       `json:"why"`
	Moved []MovedClock `json:"moved"`
}

// MovedClock is a clock whose deadline is another one now.
type MovedClock struct {
	Kind  ClockKind `json:"kind"`
	Round int       `json:"round"`
	Was   time.Time `json:"was"`
	Due   time.Time `json:"due"`
}

// changed has the clocks of all open cases computed anew.
func (h *Hours) changed(ctx context.Context, why string) error {
	h.forget()
	if h.Queue != nil {
		return h.Queue.AddJob(ctx, jobs.Job{Kind: RecomputeJob, Key: "all", Payload: []byte(why)})
	}
	_, err := h.Recompute(ctx, why)
	return err
}

// Work is the handler of RecomputeJob.
func (h *Hours) Work(ctx context.Context, j jobs.Job) error {
	h.forget()
	_, err := h.Recompute(ctx, string(j.Payload))
	return err
}

// Recompute computes the clocks of all cases whose clocks may run by the calendars of now, and writes
// an event into each case in which a deadline moved. It says how many. Run again after it was cut
// short it finds the rest. One case that cannot be timed does not keep the others waiting; what
// hindered it is told at the end.
func (h *Hours) Recompute(ctx context.Context, why string) (int, error) {
	if h.Cases == nil {
		return 0, nil
	}
	ctx = auth.With(ctx, auth.System())
	moved, after := 0, ""
	var hindered error
	for {
		cases, err := h.Store.TimedCases(ctx, after, 200)
		if err != nil || len(cases) == 0 {
			return moved, errors.Join(hindered, err)
		}
		for _, c := range cases {
			did, err := h.Cases.retime(ctx, c.Ticket, why)
			if ctx.Err() != nil {
				return moved, ctx.Err()
			}
			if err != nil && hindered == nil {
				hindered = fmt.Errorf("compute clocks of %s anew: %w", c.Ticket, err)
			}
			if did {
				moved++
			}
		}
		after = cases[len(cases)-1].ID
	}
}

// retime computes the clocks of one case anew; true when a deadline that runs moved. Somebody who
// works on the case at the same moment is waited for.
func (s *Service) retime(ctx context.Context, t Ticket, why string) (bool, error) {
	for range 5 {
		did, err := s.retimeOnce(ctx, t, why)
		if errors.Is(err, ErrBehind) || fault.Is(err, fault.Conflict) {
			continue
		}
		if fault.Is(err, fault.NotFound) {
			return false, nil
		}
		return did, err
	}
	// The act that was faster each time computed the clocks itself.
	return false, nil
}

func (s *Service) retimeOnce(ctx context.Context, t Ticket, why string) (bool, error) {
	c, err := s.Store.Complaint(ctx, t, Scope{All: true})
	if err != nil || s.Calendars == nil {
		return false, err
	}
	now, before := s.now(), c.Clocks
	err = s.keepTime(ctx, &c, now)
	if err != nil {
		return false, err
	}
	list := movedClocks(before, c.Clocks)
	if len(list) == 0 {
		return false, nil
	}
	e := newEvent(ClockEvent, auth.From(ctx), now)
	e.From, e.To, e.Note = c.State, c.State, why
	e.Data, err = json.Marshal(ClockData{Why: why, Moved: list})
	if err != nil {
		return false, fmt.Errorf("encode moved clocks: %w", err)
	}
	payload, err := json.Marshal(e)
	if err != nil {
		return false, fmt.Errorf("encode event %s: %w", e.Type, err)
	}
	change := Change{Areas: c.areas(), Entries: []audit.Entry{{
		At: now, Actor: e.Actor, Act: "complaint." + string(e.Type), Object: "complaint", ObjectID: string(t), Payload: payload,
	}}}
	// The number is that of the event behind the last one that was read: storage refuses the change
	// when a paper came in between.
	e.Seq = len(c.Events) + 1
	c.Events = append(slices.Clip(c.Events), e)
	c.Version, c.UpdatedAt = c.Version+1, now
	change.Complaint, change.Event = c, e
	return true, s.Store.ChangeComplaint(ctx, change)
}

// movedClocks lists clocks that run, before and now, and are due at another moment.
func movedClocks(before, after []Clock) []MovedClock {
	var all []MovedClock
	for _, b := range before {
		for _, k := range after {
			if b.runs() && k.runs() && b.Kind == k.Kind && b.Round == k.Round && b.StartedAt.Equal(k.StartedAt) && !b.DueAt.Equal(k.DueAt) {
				all = append(all, MovedClock{Kind: k.Kind, Round: k.Round, Was: b.DueAt, Due: k.DueAt})
			}
		}
	}
	return all
}
