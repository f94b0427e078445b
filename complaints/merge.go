package complaints

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"layak/internal/fault"
)

// deepestMerge bounds how far a chain of merged cases is followed.
const deepestMerge = 50

// merge puts the case into another one. That one gets an event of it in the same transaction; a case
// that is merged itself leads on to where it went.
func merge(ctx context.Context, s *Service, d *draft) error {
	if d.action.Into == "" {
		return Invalid("into_missing", "into", "Tulis nomor aduan tujuan.")
	}
	into, err := ParseTicket(string(d.action.Into))
	if err != nil {
		return Invalid("into_unknown", "into", fault.As(err).Message)
	}
	if into == d.was.Ticket {
		return Invalid("merge_self", "into", "Aduan tidak dapat digabung dengan dirinya sendiri.")
	}
	target, err := s.root(ctx, into, d.was.Ticket, ScopeOf(d.actor))
	if err != nil {
		return err
	}
	if !target.State.Open() && target.State != Forwarded {
		return fault.New(fault.Conflict, "merge_ended",
			"Aduan tujuan berstatus “"+target.State.Label()+"”. Buka kembali aduan itu dulu, atau pilih aduan yang masih berjalan.")
	}
	if d.was.urgent() && !target.emergency() {
		return fault.New(fault.Conflict, "merge_emergency",
			"Aduan ini gawat darurat dan jamnya masih berjalan, sedangkan aduan tujuan tidak. Gabungkan ke arah sebaliknya, "+
				"atau jadikan aduan tujuan gawat darurat dulu, supaya jamnya tidak hilang.")
	}
	d.change.Complaint.Into = target.Ticket
	err = d.change.with(MergeData{Into: target.Ticket})
	if err != nil {
		return err
	}
	return d.join(target, false)
}

// urgent tells whether the clock of an emergency runs. Merging hands that clock over, so the other
// case must have one: a duplicate may end a case, never the hurry that it told of.
func (c Complaint) urgent() bool {
	return slices.ContainsFunc(c.Clocks, func(k Clock) bool { return k.Kind == EmergencyClock && k.StoppedAt == nil })
}

// emergency tells whether the case has, or had, the clock of an emergency.
func (c Complaint) emergency() bool {
	return slices.ContainsFunc(c.Clocks, func(k Clock) bool { return k.Kind == EmergencyClock })
}

// root finds the case into which others go: the one named, or where that one went.
func (s *Service) root(ctx context.Context, t, from Ticket, scope Scope) (Complaint, error) {
	for range deepestMerge {
		c, err := s.Store.Complaint(ctx, t, scope)
		if fault.Is(err, fault.NotFound) {
			return c, Invalid("into_unknown", "into", "Aduan tujuan tidak ditemukan, atau milik unit lain.")
		}
		if err != nil {
			return c, err
		}
		if c.Ticket == from {
			return c, fault.New(fault.Conflict, "merge_cycle", "Aduan tujuan sudah digabung ke aduan ini. Pisahkan dulu, lalu gabungkan ke arah yang benar.")
		}
		if c.State != Merged {
			return c, nil
		}
		t, scope = c.Into, Scope{All: true}
	}
	return Complaint{}, fmt.Errorf("follow merges from %s: no end", t)
}

// join adds to the other case the event that this one came or went.
func (d *draft) join(target Complaint, parted bool) error {
	e := newEvent(JoinEvent, d.actor, d.change.Event.At)
	e.From, e.To = target.State, target.State
	after := target
	after.Version, after.UpdatedAt, after.ActedAt = target.Version+1, e.At, e.At
	if parted {
		e.Note = "Aduan " + string(d.was.Ticket) + " dipisahkan lagi."
	} else {
		e.Note = "Aduan " + string(d.was.Ticket) + " digabungkan ke sini."
	}
	d.other = &Change{Complaint: after, Event: e}
	return d.other.with(JoinData{Ticket: d.was.Ticket, Parted: parted})
}

// unmerge parts the case from the one it was merged into and leads it back to where it stood.
func unmerge(ctx context.Context, s *Service, d *draft) error {
	into := d.was.Into
	d.change.Complaint.Into = ""
	err := d.change.with(MergeData{Into: into})
	if err != nil || into == "" {
		return err
	}
	target, err := s.Store.Complaint(ctx, into, Scope{All: true})
	if err != nil {
		return err
	}
	return d.join(target, true)
}

// StateOf is the state that the events lead to; Received when there are none yet.
func StateOf(events []Event) State {
	state := Received
	for _, e := range events {
		if e.To != "" {
			state = e.To
		}
	}
	return state
}

// Read reads what belongs to the event into a value of its type; false when it holds another shape.
func (e Event) Read(into any) bool {
	return len(e.Data) > 0 && json.Unmarshal(e.Data, into) == nil
}
