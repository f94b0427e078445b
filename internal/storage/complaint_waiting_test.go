package storage

import (
	"testing"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
)

// A citizen who does not reply: the desk reads for how long, is reminded once, and nothing is closed
// or deleted; asked anew, he has his time again.
func TestCitizenWhoDoesNotReply(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := timedOffice(t, db)
		c := o.file(t, o.mangli, o.sri)
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.WaitEvent, Missing: []string{"Foto KK"}})
		asked := o.clock
		line := func() complaints.Line {
			t.Helper()
			page, err := o.Shelf(o.mangli, complaints.WaitingShelf, "")
			must(t, err)
			if len(page.Items) != 1 {
				t.Fatalf("%d lines wait", len(page.Items))
			}
			return page.Items[0]
		}
		due := time.Date(2026, 12, 7, 16, 0, 0, 0, calendar.Jakarta) // the tenth working day after
		l := line()
		if l.WaitsSince == nil || !l.WaitsSince.Equal(asked) || l.RemindAt == nil || !l.RemindAt.Equal(due) || l.DueAt != nil {
			t.Errorf("line %+v", l)
		}
		o.clock = due.Add(-time.Minute)
		if done := o.sweep(t); done.Asked != 0 {
			t.Errorf("reminded too early: %+v", done)
		}
		o.clock = due.Add(time.Minute)
		if done := o.sweep(t); done.Asked != 1 || done.Closed+done.Climbed != 0 {
			t.Errorf("swept %+v", done)
		}
		c = o.read(t, c.Ticket)
		if got := escalations(t, c); len(got) != 1 || got[0] != "told waiting KEL-MANGLI" || c.State != complaints.WaitingReporter || c.Escalated != 0 || !c.AskAgain() {
			t.Errorf("%q, %s, climbed %d", got, c.State, c.Escalated)
		}
		o.clock = due.AddDate(0, 2, 0)
		if done := o.sweep(t); done.Asked+done.Closed+done.Climbed != 0 {
			t.Errorf("swept again: %+v", done)
		}
		if line().RemindAt == nil {
			t.Error("the line forgot")
		}
		c = o.read(t, c.Ticket)
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ReplyEvent, Text: "Ini fotonya."})
		if c.AskAgain() {
			t.Error("he replied, and the desk is still to ask")
		}
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.WaitEvent, Missing: []string{"Foto KTP"}})
		o.clock = o.clock.AddDate(0, 0, 20)
		o.sweep(t)
		if got := escalations(t, o.read(t, c.Ticket)); len(got) < 2 {
			t.Errorf("not reminded of the second question: %q", got)
		}
	})
}
