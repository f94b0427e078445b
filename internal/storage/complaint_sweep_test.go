package storage

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// shippedRouter routes by the shipped rules.
type shippedRouter struct{ *policy.Engine }

func (r shippedRouter) Route(ctx context.Context, in policy.RoutingInput) (policy.Routing, string, error) {
	out, err := r.Engine.Route(ctx, in)
	return out, r.Hash(), err
}

// weekdays works from eight to four, Monday to Friday, for every unit.
type weekdays struct{}

func (weekdays) Calendar(context.Context, string) (*calendar.Calendar, error) {
	day := []calendar.Span{{From: 8 * 60, To: 16 * 60}}
	return &calendar.Calendar{
		Zone: calendar.Jakarta, Week: calendar.Week{1: day, 2: day, 3: day, 4: day, 5: day}, Years: map[int]bool{2026: true, 2027: true},
	}, nil
}

// chiefs knows who leads Mangli and what stands above it.
type chiefs struct{}

func (chiefs) UnitSettings(_ context.Context, unit string) (complaints.UnitSettings, error) {
	switch unit {
	case "KEL-MANGLI":
		return complaints.UnitSettings{Unit: unit, Head: "lurah", Above: "KEC-KALIWATES"}, nil
	case "KEC-KALIWATES":
		return complaints.UnitSettings{Unit: unit, Head: "camat"}, nil
	}
	return complaints.UnitSettings{}, fault.New(fault.NotFound, "unit_not_found", "Tidak ada.")
}

func (chiefs) Below(_ context.Context, unit string) ([]string, error) {
	if unit == "KEC-KALIWATES" {
		return []string{"KEL-MANGLI"}, nil
	}
	return nil, nil
}

var shippedEngine = sync.OnceValues(func() (*policy.Engine, error) { return policy.NewEngine(context.Background(), policy.Shipped()) })

// timedOffice is an office with rules of routing, working time and leaders. It begins on a Monday.
func timedOffice(t *testing.T, db *DB) *office {
	t.Helper()
	o := newOffice(t, db)
	engine, err := shippedEngine()
	must(t, err)
	o.Router, o.Calendars, o.Leaders = shippedRouter{engine}, weekdays{}, chiefs{}
	o.clock = time.Date(2026, 11, 23, 9, 0, 0, 0, calendar.Jakarta)
	must(t, db.AddUnit(t.Context(), auth.Unit{Code: "KEC-KALIWATES", Name: "Kecamatan Kaliwates", Kind: "kecamatan",
		Areas: []area.Code{mangli.Parent()}}, entry("unit.create")))
	must(t, db.AddUnit(t.Context(), auth.Unit{Code: "RSD-SATU", Name: "RSD Satu", Kind: "hospital",
		Areas: []area.Code{"35.09"}}, entry("unit.create")))
	return o
}

func (o *office) sweep(t testing.TB) complaints.Swept {
	t.Helper()
	done, err := o.Sweep(context.Background())
	must(t, err)
	return done
}

func (o *office) read(t testing.TB, ticket complaints.Ticket) complaints.Complaint {
	t.Helper()
	c, err := o.db.Complaint(context.Background(), ticket, complaints.Scope{All: true})
	must(t, err)
	return c
}

// at moves the clock to a day and hour of the week in which the office begins.
func (o *office) at(day, hour int) {
	o.clock = time.Date(2026, 11, day, hour, 0, 0, 0, calendar.Jakarta)
}

func escalations(t testing.TB, c complaints.Complaint) []string {
	t.Helper()
	all := []string{}
	for _, e := range c.Events {
		if e.Type != complaints.EscalateEvent {
			continue
		}
		var d complaints.EscalateData
		must(t, json.Unmarshal(e.Data, &d))
		if e.Actor != "system" || e.Note == "" {
			t.Errorf("escalation by %q: %q", e.Actor, e.Note)
		}
		level := [3]string{"told", "head", "above"}[d.Level]
		all = append(all, strings.Join(strings.Fields(strings.Join([]string{level, string(d.Clock), d.Unit, d.Staff, d.FromStaff}, " ")), " "))
	}
	return all
}

func TestRoutedWhenFiled(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := timedOffice(t, db)
		c := o.file(t, o.mangli, o.sri)
		if c.Unit != "KEL-MANGLI" || c.Class != "complaint" || c.Priority != "high" || c.Element != "time" || c.LookAt == nil {
			t.Errorf("filed by the kelurahan: %s %s %s %s, look %v", c.Unit, c.Class, c.Priority, c.Element, c.LookAt)
		}
		route, ok := c.Route()
		if !ok || route.Revision == "" || len(route.Clocks) != 7 || route.Unit != "" || c.DueKind != complaints.VerifyClock {
			t.Errorf("routed %v: %+v, due by %s", ok, route, c.DueKind)
		}
		// Who takes in for the whole regency hands on at once; nothing is moved later on.
		c = o.file(t, o.chief, o.sri)
		route, _ = c.Route()
		if c.Unit != "KEL-MANGLI" || route.Unit != "KEL-MANGLI" || c.Staff != "" {
			t.Errorf("filed by the coordinator: with %q, %+v", c.Unit, route)
		}
		c = o.act(t, o.chief, c, complaints.Action{Type: complaints.AssignEvent, Unit: "PKM-SILO"})
		c = o.act(t, o.chief, c, complaints.Action{Type: complaints.NoteEvent, Text: "Dicoba lagi."})
		if c.Unit != "PKM-SILO" {
			t.Errorf("the rules moved a case under somebody's hands to %s", c.Unit)
		}
		n := 0
		for _, e := range c.Events {
			if e.Type == complaints.RouteEvent {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d events of routing though the rules said the same", n)
		}
		if stored := o.read(t, c.Ticket); stored.Class != c.Class || stored.Priority != c.Priority || stored.Element != c.Element {
			t.Errorf("stored as %s %s %s", stored.Class, stored.Priority, stored.Element)
		}
	})
}

// A word about a kelurahan goes past it, and whatever the rules want of others is told as advice.
func TestRoutedPastTheAccused(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := timedOffice(t, db)
		f := filing(o.sri)
		f.Matter, f.Need, f.Accused = "conduct", "", "KEL-MANGLI"
		c, err := o.File(o.mangli, f)
		must(t, err)
		if c.Unit != "KEC-KALIWATES" || c.Class != "oversight" {
			t.Errorf("%s has it, class %s", c.Unit, c.Class)
		}
		f.Matter, f.Accused = "charge", "RSD-SATU"
		c, err = o.File(o.mangli, f)
		must(t, err)
		advice, err := o.Advice(o.mangli, c)
		must(t, err)
		if c.Unit != "KEL-MANGLI" || advice.Unit != "RSD-SATU" || advice.UnitName != "RSD Satu" || !advice.SecondPerson {
			t.Errorf("with %s; the rules want %+v", c.Unit, advice)
		}
		if len(advice.Orders) != 1 || advice.Orders[0].Unit != "RSD-SATU" || len(advice.Reasons) == 0 {
			t.Errorf("orders %+v, reasons %v", advice.Orders, advice.Reasons)
		}
		asked := func() (codes []string) {
			a, err := o.Advice(o.mangli, c)
			must(t, err)
			for _, m := range a.Missing {
				codes = append(codes, m.Code)
			}
			return codes
		}
		if got := asked(); !slices.Equal(got, []string{"when", "amount", "receipt"}) {
			t.Errorf("asks %v", got)
		}
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.WaitEvent, Missing: []string{advice.Missing[0].Text}})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ReplyEvent, Text: "Senin pagi."})
		if got := asked(); !slices.Equal(got, []string{"amount", "receipt"}) {
			t.Errorf("asks %v after the reply", got)
		}
	})
}

func TestLadder(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := timedOffice(t, db)
		c := o.file(t, o.mangli, o.sri) // verify: due Thursday 16.00
		o.at(25, 9)
		if done := o.sweep(t); done.Looked != 0 {
			t.Errorf("looked at %+v before anything was due", done)
		}
		o.at(26, 12) // 75 % are gone
		if done := o.sweep(t); done.Looked != 1 || done.Climbed != 0 {
			t.Errorf("%+v", done)
		}
		o.at(26, 17)
		if done := o.sweep(t); done.Climbed != 1 {
			t.Errorf("%+v", done)
		}
		late := o.read(t, c.Ticket)
		if late.Escalated != 1 || !slices.Equal(escalations(t, late), []string{"head verify KEL-MANGLI lurah"}) {
			t.Errorf("rung %d: %v", late.Escalated, escalations(t, late))
		}
		if done := o.sweep(t); done.Climbed != 0 {
			t.Errorf("climbed again: %+v", done)
		}
		o.at(30, 17) // half the time once more
		o.sweep(t)
		late = o.read(t, c.Ticket)
		if late.Escalated != 2 || len(escalations(t, late)) != 2 || escalations(t, late)[1] != "above verify KEC-KALIWATES camat" {
			t.Errorf("rung %d: %v", late.Escalated, escalations(t, late))
		}
		// Late work is recorded like any other, and brings the case down again.
		late = o.act(t, o.mangli, late, complaints.Action{Type: complaints.VerifyEvent})
		late = o.act(t, o.mangli, late, complaints.Action{Type: complaints.CheckEvent})
		if late.Escalated != 0 || late.State != complaints.InProgress {
			t.Errorf("after the late work: rung %d, %s", late.Escalated, late.State)
		}
		if n := o.trail(t, string(c.Ticket))["complaint.escalate"]; n != 2 {
			t.Errorf("%d entries in the trail", n)
		}
		if done := o.sweep(t); done.Climbed != 0 || done.Missed != 0 {
			t.Errorf("%+v", done)
		}
	})
}

func TestUnassignedClimbsFirst(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := timedOffice(t, db)
		held := o.file(t, o.mangli, o.sri)
		f := filing("")
		f.NIK, f.Matter, f.Need = "", "other", ""
		o.clock = o.clock.Add(time.Minute)
		alone, err := o.File(o.chief, f)
		must(t, err)
		if alone.Unit != "" {
			t.Fatalf("with %s", alone.Unit)
		}
		o.at(26, 12)
		due, err := db.DueCases(t.Context(), o.clock, 10)
		must(t, err)
		if !slices.Equal(due, []complaints.Ticket{alone.Ticket, held.Ticket}) {
			t.Errorf("order %v; want the one nobody has first", due)
		}
		o.sweep(t)
		if a, h := o.read(t, alone.Ticket), o.read(t, held.Ticket); a.Escalated != 1 || h.Escalated != 0 {
			t.Errorf("rungs %d and %d", a.Escalated, h.Escalated)
		}
	})
}

func TestSilentAssigneeLosesTheCase(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := timedOffice(t, db)
		c := o.file(t, o.mangli, o.sri) // high: eight working hours
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.VerifyEvent})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.AssignEvent, Unit: "KEL-MANGLI", Staff: "budi"})
		o.at(24, 8)
		o.sweep(t)
		if o.read(t, c.Ticket).Staff != "budi" {
			t.Error("lost too early")
		}
		o.at(24, 10)
		if done := o.sweep(t); done.Freed != 1 {
			t.Errorf("%+v", done)
		}
		c = o.read(t, c.Ticket)
		if c.Staff != "" || c.Unit != "KEL-MANGLI" || escalations(t, c)[0] != "told KEL-MANGLI budi" {
			t.Errorf("with %q %q: %v", c.Unit, c.Staff, escalations(t, c))
		}
		if done := o.sweep(t); done.Looked > 1 || done.Freed != 0 {
			t.Errorf("again: %+v", done)
		}
	})
}

func TestSilenceOfTheCitizenCloses(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := timedOffice(t, db)
		answered := func(relation string) complaints.Complaint {
			f := filing(o.sri)
			f.Reporter.Relation = relation
			c, err := o.File(o.mangli, f)
			must(t, err)
			c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.VerifyEvent})
			c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.CheckEvent})
			by := o.mangli
			if relation == "council" { // who speaks there is named from above
				by = o.chief
			}
			c = o.act(t, by, c, complaints.Action{Type: complaints.AssignEvent, Unit: "KEL-MANGLI", Staff: "budi"})
			return o.act(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: complaints.Granted,
				Reason: "Didaftarkan di puskesmas pada hari yang sama."})
		}
		plain, watched := answered("family"), answered("council")
		o.at(30, 10)
		o.sweep(t)
		if o.read(t, plain.Ticket).State != complaints.Answered {
			t.Error("closed before the citizen's time was over")
		}
		o.clock = time.Date(2026, 12, 8, 9, 0, 0, 0, calendar.Jakarta)
		if done := o.sweep(t); done.Closed != 1 {
			t.Errorf("%+v", done)
		}
		c := o.read(t, plain.Ticket)
		last := c.Events[len(c.Events)-1]
		if c.State != complaints.Closed || last.Type != complaints.CloseEvent || last.Actor != "system" || !last.Public || !strings.Contains(last.Note, "10 hari kerja") || c.LookAt != nil {
			t.Errorf("%s by %s: %q, look %v", c.State, last.Actor, last.Note, c.LookAt)
		}
		c = o.read(t, watched.Ticket)
		if c.State != complaints.Answered || c.Escalated != 1 || len(escalations(t, c)) != 1 {
			t.Errorf("a case that a second person closes: %s, rung %d, %v", c.State, c.Escalated, escalations(t, c))
		}
		o.clock = o.clock.Add(48 * time.Hour)
		if done := o.sweep(t); done.Closed+done.Climbed != 0 {
			t.Errorf("%+v", done)
		}
	})
}

func TestLateTaskReachesTheHead(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := timedOffice(t, db)
		c := o.file(t, o.mangli, o.sri)
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.VerifyEvent})
		c = o.act(t, o.chief, c, complaints.Action{Type: complaints.TaskEvent, Unit: "KEC-KALIWATES", Act: "Temui keluarga.", Amount: 4, Measure: calendar.Hours})
		o.at(23, 14)
		for range 2 {
			o.sweep(t)
		}
		if got := escalations(t, o.read(t, c.Ticket)); !slices.Equal(got, []string{"told KEC-KALIWATES camat"}) {
			t.Errorf("%v", got)
		}
	})
}

// Two processes at once climb every rung once.
func TestTwoSweepsClimbOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := timedOffice(t, db)
		var tickets []complaints.Ticket
		for range 12 {
			tickets = append(tickets, o.file(t, o.mangli, o.sri).Ticket)
		}
		o.at(26, 17)
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				_, err := o.Sweep(context.Background())
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		o.clock = o.clock.Add(time.Minute)
		o.sweep(t) // what somebody else had under his hands
		for _, ticket := range tickets {
			if got := escalations(t, o.read(t, ticket)); !slices.Equal(got, []string{"head verify KEL-MANGLI lurah"}) {
				t.Errorf("%s: %v", ticket, got)
			}
		}
	})
}
