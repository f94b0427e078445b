package storage

import (
	"testing"

	"layak/complaints"
	"layak/internal/fault"
)

// A desk takes a case of the press for itself: it works on it and does not speak. Whom the coordinator
// names speaks, and is not replaced by a desk.
func TestNobodyMakesHimselfSpokesperson(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := timedOffice(t, db)
		yes, no := true, false
		answer := complaints.Action{Type: complaints.AnswerEvent, Text: "Kami tangani sesuai aturan."}
		c := o.act(t, o.mangli, o.inProgress(t, "charge"), complaints.Action{Type: complaints.AssignEvent, Staff: "budi"})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ClassifyEvent, Attention: &yes})
		o.refused(t, o.mangli, c, answer, fault.Forbidden, "spokesperson_only")
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.AssignEvent, Staff: "budi"})
		o.refused(t, o.mangli, c, answer, fault.Forbidden, "spokesperson_only")
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.ClassifyEvent, Attention: &no}, fault.Forbidden, "spokesperson_only")
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.NoteEvent, Text: "Kuitansi sudah dilihat."})

		c = o.act(t, o.chief, c, complaints.Action{Type: complaints.AssignEvent, Unit: "KEL-MANGLI", Staff: "koko"})
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.AssignEvent, Staff: "budi"}, fault.Forbidden, "spokesperson_kept")
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.AssignEvent, Unit: "PKM-SILO"}, fault.Forbidden, "spokesperson_kept")
		c = o.act(t, o.chief, c, answer)

		c = o.act(t, o.chief, c, complaints.Action{Type: complaints.AssignEvent, Unit: "KEL-MANGLI", Staff: "budi"})
		c = o.act(t, o.mangli, c, answer)
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.ClassifyEvent, Attention: &no}, fault.Forbidden, "spokesperson_only")
		o.act(t, o.mangli, c, complaints.Action{Type: complaints.AssignEvent, Unit: "PKM-SILO"}) // he gives it away himself
	})
}

// A case that a second person has to look at keeps that look, whatever its desk calls it.
func TestSecondLookIsNotClassifiedAway(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := timedOffice(t, db)
		f := filing(o.sri)
		f.Matter, f.Accused = "conduct", "PKM-SILO"
		c, err := o.File(o.mangli, f)
		must(t, err)
		c = o.act(t, o.chief, c, complaints.Action{Type: complaints.AssignEvent, Unit: "KEL-MANGLI"})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.VerifyEvent})
		if route, _ := c.Route(); !route.SecondPerson {
			t.Fatal("a complaint about conduct has no second look")
		}
		for _, a := range []complaints.Action{
			{Type: complaints.ClassifyEvent, Matter: "information"},
			{Type: complaints.ClassifyEvent, Matter: "information", Class: "information"},
		} {
			o.refused(t, o.mangli, c, a, fault.Forbidden, "second_person_kept")
		}
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ClassifyEvent, Title: "Sikap petugas loket"})
		c = o.act(t, o.chief, c, complaints.Action{Type: complaints.ClassifyEvent, Matter: "information", Class: "information"})
		if route, _ := c.Route(); route.SecondPerson {
			t.Error("the coordinator could not take the second look off")
		}
	})
}
