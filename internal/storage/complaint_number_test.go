package storage

import (
	"encoding/json"
	"testing"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/internal/fault"
)

// A case that went to another office is not out of mind: until the number there is known it stands on
// a shelf, is no late case, and the desk is reminded once; the reporter reads the number when it comes.
func TestForwardedCaseWaitsForItsNumber(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := timedOffice(t, db)
		c := o.file(t, o.mangli, o.sri)
		known := o.file(t, o.mangli, o.sri)
		o.act(t, o.mangli, known, complaints.Action{Type: complaints.ForwardEvent, Office: "Dinas Sosial", Number: "DS-7"})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ForwardEvent, Office: "BPJS Kesehatan Jember"})
		shelf := func(key complaints.ShelfKey, want ...complaints.Ticket) {
			t.Helper()
			page, err := o.Shelf(o.mangli, key, "")
			must(t, err)
			if len(page.Items) != len(want) || len(want) > 0 && page.Items[0].Ticket != want[0] {
				t.Errorf("shelf %s holds %+v, want %v", key, page.Items, want)
			}
		}
		shelf(complaints.ForwardedShelf, c.Ticket)
		due := time.Date(2026, 11, 30, 16, 0, 0, 0, calendar.Jakarta) // the fifth working day after
		if c.DueAt == nil || !c.DueAt.Equal(due) || c.DueKind != complaints.NumberClock {
			t.Errorf("due %v of %s", c.DueAt, c.DueKind)
		}
		o.clock = due.Add(-time.Minute)
		if done := o.sweep(t); done.Asked != 0 {
			t.Errorf("reminded too early: %+v", done)
		}
		o.clock = due.Add(time.Minute)
		if done := o.sweep(t); done.Asked != 1 || done.Climbed != 0 {
			t.Errorf("swept %+v", done)
		}
		o.clock = due.AddDate(0, 1, 0)
		if done := o.sweep(t); done.Asked+done.Climbed+done.Closed != 0 {
			t.Errorf("swept again: %+v", done)
		}
		shelf(complaints.OverdueShelf)
		shelf(complaints.TodayShelf)
		shelf(complaints.ForwardedShelf, c.Ticket)

		c = o.read(t, c.Ticket)
		_, err := o.Act(o.mangli, c.Ticket, complaints.Action{Type: complaints.NumberEvent, Version: c.Version})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("no number: %v", err)
		}
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.NumberEvent, Number: "B-117"})
		shelf(complaints.ForwardedShelf)
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.NumberEvent, Number: "B-118"})
		office, number, _ := c.HandedTo()
		last := c.Events[len(c.Events)-1]
		var data complaints.NumberData
		must(t, json.Unmarshal(last.Data, &data))
		if office != "BPJS Kesehatan Jember" || number != "B-118" || data.Was != "B-117" || !last.Public || c.State != complaints.Forwarded {
			t.Errorf("%s %s, was %q, public %t, %s: %s", office, number, data.Was, last.Public, c.State, last.Note)
		}
		_, err = o.Act(o.mangli, c.Ticket, complaints.Action{Type: complaints.NumberEvent, Version: c.Version, Number: "B-118"})
		if f := fault.As(err); f == nil || f.Code != "number_same" {
			t.Errorf("the same number again: %v", err)
		}
	})
}
