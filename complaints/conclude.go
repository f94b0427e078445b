package complaints

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"layak/internal/audit"
	"layak/internal/auth"
)

// conclude finishes a change: numbers its events, puts its parts into the case, asks the routing
// rules, computes the clocks and writes the trail. Afterwards Change.Complaint is what storage will
// hold, so that nobody has to read it again. patients are those whom the trail names.
func (s *Service) conclude(ctx context.Context, change *Change, actor auth.Actor, patients []Patient) error {
	c := &change.Complaint
	at := change.Event.At
	c.Events = slices.Clip(c.Events)
	change.Event.Seq = c.add(change.Event)
	for i := range change.More {
		change.More[i].Seq = c.add(change.More[i])
	}
	c.take(*change)
	if c.State.Open() {
		routed, err := s.routed(ctx, c, at)
		if err != nil {
			return err
		}
		if routed != nil {
			routed.Seq = c.add(*routed)
			change.More = append(change.More, *routed)
		}
	}
	err := s.keepTime(ctx, c, at)
	if err != nil {
		return err
	}
	c.storable()
	change.Areas = c.areas()
	if change.Event.Type == FileEvent || change.Patient != nil {
		change.Marks, err = s.marks(ctx, *c)
		if err != nil {
			return err
		}
	}
	return change.trail(actor, patients)
}

// add puts an event behind the others and gives its number.
func (c *Complaint) add(e Event) int {
	e.Seq = 1
	if n := len(c.Events); n > 0 {
		e.Seq = c.Events[n-1].Seq + 1
	}
	c.Events = append(c.Events, e)
	return e.Seq
}

// take puts the parts that a change adds into the case.
func (c *Complaint) take(change Change) {
	if k := change.Check; k != nil {
		c.Checks = append(slices.Clip(c.Checks), *k)
	}
	if r := change.Registration; r != nil {
		c.Registrations = replace(c.Registrations, *r, func(o Registration) bool { return o.ID == r.ID })
	}
	if r := change.Resolution; r != nil {
		c.Resolutions = append(slices.Clip(c.Resolutions), *r)
	}
	for _, k := range change.Tasks {
		c.Tasks = replace(c.Tasks, k, func(o Task) bool { return o.No == k.No })
	}
}

// replace puts one into a copy of the list, in the place of the one that is the same, or behind.
func replace[T any](list []T, one T, same func(T) bool) []T {
	list = slices.Clone(list)
	i := slices.IndexFunc(list, same)
	if i < 0 {
		return append(list, one)
	}
	list[i] = one
	return list
}

// storable gives the case the form in which storage gives it back: moments in UTC and
// microseconds, empty lists instead of none.
func (c *Complaint) storable() {
	for _, t := range []**time.Time{&c.DueAt, &c.LookAt} {
		if *t != nil {
			m := moment(**t)
			*t = &m
		}
	}
	c.Clocks = slices.Clone(c.Clocks)
	for i := range c.Clocks {
		k := &c.Clocks[i]
		k.StartedAt, k.DueAt, k.WarnAt = moment(k.StartedAt), moment(k.DueAt), moment(k.WarnAt)
		if k.StoppedAt != nil {
			stopped := moment(*k.StoppedAt)
			k.StoppedAt = &stopped
		}
	}
	if c.Priority == "" {
		c.Priority = "normal"
	}
	c.Checks, c.Registrations, c.Resolutions = listed(c.Checks), listed(c.Registrations), listed(c.Resolutions)
	c.Attachments, c.Tasks, c.Clocks, c.Joined = listed(c.Attachments), listed(c.Tasks), listed(c.Clocks), listed(c.Joined)
}

func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// trail adds the entries of the trail: one for each patient of the actor's event, and one for each
// other event of the change.
func (c *Change) trail(a auth.Actor, patients []Patient) error {
	for _, nik := range persons(patients) {
		e := c.Event
		e.Actor = a.Name
		err := c.entry(e, string(nik))
		if err != nil {
			return err
		}
	}
	for _, e := range c.More {
		err := c.entry(e, "")
		if err != nil {
			return err
		}
	}
	return nil
}

// entry adds one entry. The payload is the event without its Seq, which may change until it is
// stored; the event's random id keeps the hash from being guessed.
func (c *Change) entry(e Event, person string) error {
	e.Seq = 0
	payload, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("encode event %s: %w", e.Type, err)
	}
	c.Entries = append(c.Entries, audit.Entry{
		At: e.At, Actor: e.Actor, Act: "complaint." + string(e.Type), Object: "complaint",
		ObjectID: string(c.Complaint.Ticket), Person: person, Payload: payload,
	})
	return nil
}
