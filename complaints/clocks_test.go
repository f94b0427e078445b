package complaints

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"layak/complaints/calendar"
	"layak/policy"
)

// oneOffice is a calendar for every unit; a unit of its own may have another.
type oneOffice struct {
	usual *calendar.Calendar
	of    map[string]*calendar.Calendar
}

func (o oneOffice) Calendar(_ context.Context, unit string) (*calendar.Calendar, error) {
	if c := o.of[unit]; c != nil {
		return c, nil
	}
	return o.usual, nil
}

// fiveDays is Monday to Friday 08-16 without holidays.
func fiveDays() *calendar.Calendar {
	c := &calendar.Calendar{Zone: calendar.Jakarta, Years: map[int]bool{2026: true}}
	for d := time.Monday; d <= time.Friday; d++ {
		c.Week[d] = []calendar.Span{{From: 480, To: 960}}
	}
	return c
}

// usualRoute is what the rules say of an ordinary complaint.
func usualRoute(more ...policy.ClockLimit) RouteData {
	limits := []policy.ClockLimit{
		{Kind: "verify", Amount: 3, Measure: "working_days", Pauses: true}, {Kind: "first", Amount: 5, Measure: "working_days", Pauses: true},
		{Kind: "resolve", Amount: 14, Measure: "working_days", Pauses: true}, {Kind: "papers", Amount: 3, Measure: "working_days"},
		{Kind: "silence", Amount: 10, Measure: "working_days"}, {Kind: "refund", Amount: 5, Measure: "working_days", Pauses: true},
	}
	return RouteData{Class: "complaint", Clocks: append(limits, more...), SilentHours: 16,
		Ladder: []policy.Rung{{Percent: 75, To: "desk"}, {Percent: 100, To: "head"}, {Percent: 150, To: "above"}}}
}

var fourHours = policy.ClockLimit{Kind: "emergency", Amount: 4, Measure: "hours", Pauses: true}

// tale is the life of a case told act by act.
type tale struct {
	c Complaint
}

func on(text string) time.Time {
	t, err := time.ParseInLocation("01-02 15:04", text, calendar.Jakarta)
	if err != nil {
		panic(err)
	}
	return t.AddDate(2026, 0, 0).UTC()
}

// begin files a case and routes it in the same moment.
func begin(at string, r RouteData) *tale {
	t := &tale{c: Complaint{Ticket: "3509-TEST-CASE-1", State: Received, FiledAt: on(at), FiledUnit: "DESK", Unit: "DESK", ActedAt: on(at)}}
	return t.event(at, FileEvent, Received, nil).event(at, RouteEvent, Received, r)
}

func (t *tale) event(at string, e EventType, to State, data any) *tale {
	b, err := json.Marshal(data)
	if err != nil {
		panic(err)
	}
	t.c.Events = append(t.c.Events, Event{Seq: len(t.c.Events) + 1, Type: e, At: on(at), From: t.c.State, To: to, Data: b})
	t.c.State = to
	return t
}

func (t *tale) do(at string, e EventType, to State) *tale { return t.event(at, e, to, nil) }

// told writes the clocks down: kind and round, how it stands, when it is due, when it stopped.
func told(clocks []Clock, now time.Time) []string {
	all := []string{}
	for _, k := range clocks {
		text := string(k.Kind)
		if k.Round > 1 {
			text += "#" + string(rune('0'+k.Round))
		}
		text += " " + string(k.Standing(now)) + " " + k.DueAt.In(calendar.Jakarta).Format("01-02 15:04")
		if k.StoppedAt != nil {
			text += " met " + k.StoppedAt.In(calendar.Jakarta).Format("01-02 15:04")
		}
		all = append(all, text)
	}
	return all
}

// 23 November 2026 is a Monday.
func TestClocksOfALife(t *testing.T) {
	treat := func(t *tale) *tale {
		t.c.Checks = []Check{{Determination: "d1", Patient: 1, Advice: policy.TreatNow}}
		return t
	}
	cases := []struct {
		name string
		tale *tale
		now  string
		want []string
	}{
		{"filed", begin("11-23 09:00", usualRoute()), "11-24 09:00", []string{"verify running 11-26 16:00"}},
		{"three quarters of the time are gone", begin("11-23 09:00", usualRoute()), "11-26 11:00", []string{"verify warned 11-26 16:00"}},
		{"not verified in time", begin("11-23 09:00", usualRoute()), "11-27 08:00", []string{"verify overdue 11-26 16:00"}},
		{"a note resets nothing", begin("11-23 09:00", usualRoute()).do("11-25 10:00", NoteEvent, Received), "11-25 11:00", []string{"verify running 11-26 16:00"}},
		{"verified: the first answer and the decision are owed", begin("11-23 09:00", usualRoute()).do("11-24 10:00", VerifyEvent, Verified), "11-24 11:00",
			[]string{"verify kept 11-26 16:00 met 11-24 10:00", "first running 12-01 16:00", "resolve running 12-14 16:00"}},
		{"answered", begin("11-23 09:00", usualRoute()).do("11-24 10:00", VerifyEvent, Verified).do("11-25 09:00", AnswerEvent, InProgress), "11-25 11:00",
			[]string{"verify kept 11-26 16:00 met 11-24 10:00", "first kept 12-01 16:00 met 11-25 09:00", "resolve running 12-14 16:00"}},
		{"an information answered at once, before it was verified", begin("11-23 09:00", usualRoute()).do("11-23 09:05", AnswerEvent, Received).
			do("11-23 09:06", VerifyEvent, Verified).do("11-23 09:07", ResolveEvent, Answered), "11-23 11:00",
			[]string{"verify kept 11-26 16:00 met 11-23 09:06", "first kept 11-30 16:00 met 11-23 09:06", "resolve kept 12-11 16:00 met 11-23 09:07", "silence running 12-07 16:00"}},
		{"decided too late is on record", begin("11-23 09:00", usualRoute()).do("11-23 10:00", VerifyEvent, Verified).do("12-14 09:00", ResolveEvent, Answered), "12-14 10:00",
			[]string{"verify kept 11-26 16:00 met 11-23 10:00", "first late 11-30 16:00 met 12-14 09:00", "resolve late 12-11 16:00 met 12-14 09:00", "silence running 12-28 16:00"}},
		{"rejected at once", begin("11-23 09:00", usualRoute()).do("11-23 10:00", RejectEvent, Rejected), "11-30 10:00", []string{"verify kept 11-26 16:00 met 11-23 10:00"}},
		{"waiting: the decision stands still, the first act was done", begin("11-23 09:00", usualRoute()).do("11-23 10:00", VerifyEvent, Verified).
			do("11-24 08:00", WaitEvent, WaitingReporter), "11-26 08:00",
			[]string{"verify kept 11-26 16:00 met 11-23 10:00", "first kept 11-30 16:00 met 11-24 08:00", "resolve paused 12-15 16:00"}},
		{"the reply lets it go on", begin("11-23 09:00", usualRoute()).do("11-23 10:00", VerifyEvent, Verified).
			do("11-24 08:00", WaitEvent, WaitingReporter).do("11-26 08:00", ReplyEvent, Verified), "11-26 09:00",
			[]string{"verify kept 11-26 16:00 met 11-23 10:00", "first kept 11-30 16:00 met 11-24 08:00", "resolve running 12-15 16:00"}},
		{"waiting before it was verified", begin("11-23 09:00", usualRoute()).do("11-24 08:00", WaitEvent, WaitingReporter).do("11-25 08:00", ReplyEvent, Received), "11-25 09:00",
			[]string{"verify running 11-27 16:00"}},
		{"decided while the citizen is silent", begin("11-23 09:00", usualRoute()).do("11-23 10:00", VerifyEvent, Verified).
			do("11-24 08:00", WaitEvent, WaitingReporter).do("11-26 08:00", ResolveEvent, Answered), "11-26 09:00",
			[]string{"verify kept 11-26 16:00 met 11-23 10:00", "first kept 11-30 16:00 met 11-24 08:00", "resolve kept 12-15 16:00 met 11-26 08:00", "silence running 12-10 16:00"}},
		{"reopened: another round", begin("11-23 09:00", usualRoute()).do("11-23 10:00", VerifyEvent, Verified).do("11-24 09:00", ResolveEvent, Answered).
			do("11-26 09:00", ReopenEvent, InProgress), "11-26 10:00",
			[]string{"verify kept 11-26 16:00 met 11-23 10:00", "first kept 11-30 16:00 met 11-24 09:00", "resolve kept 12-11 16:00 met 11-24 09:00",
				"silence kept 12-08 16:00 met 11-26 09:00", "first#2 running 12-03 16:00", "resolve#2 running 12-16 16:00"}},
		{"pause after a reopening", begin("11-23 09:00", usualRoute()).do("11-23 10:00", VerifyEvent, Verified).do("11-24 09:00", ResolveEvent, Answered).
			do("11-26 09:00", ReopenEvent, InProgress).do("11-27 08:00", WaitEvent, WaitingReporter).do("11-30 08:00", ReplyEvent, InProgress), "11-30 10:00",
			[]string{"verify kept 11-26 16:00 met 11-23 10:00", "first kept 11-30 16:00 met 11-24 09:00", "resolve kept 12-11 16:00 met 11-24 09:00",
				"silence kept 12-08 16:00 met 11-26 09:00", "first#2 kept 12-03 16:00 met 11-27 08:00", "resolve#2 running 12-17 16:00"}},
		{"answered, then given to somebody again: the same duty goes on", begin("11-23 09:00", usualRoute()).do("11-23 10:00", VerifyEvent, Verified).
			do("11-24 08:00", ResolveEvent, Answered).do("11-26 08:00", AssignEvent, InProgress), "11-26 09:00",
			[]string{"verify kept 11-26 16:00 met 11-23 10:00", "first kept 11-30 16:00 met 11-24 08:00", "resolve running 12-15 16:00", "silence kept 12-08 16:00 met 11-26 08:00"}},
		{"an emergency in the night", begin("11-28 22:00", usualRoute(fourHours)), "11-29 02:30", []string{"verify running 12-02 16:00", "emergency overdue 11-29 02:00"}},
		{"the emergency never waits", begin("11-23 09:00", usualRoute(fourHours)).do("11-23 09:10", WaitEvent, WaitingReporter), "11-23 14:00",
			[]string{"verify paused 11-26 16:00", "emergency overdue 11-23 13:00"}},
		{"a check makes it an emergency", begin("11-23 09:00", usualRoute()).event("11-24 10:00", RouteEvent, Received, usualRoute(fourHours)).do("11-24 11:00", RegisterEvent, Received), "11-24 12:00",
			[]string{"verify running 11-26 16:00", "emergency kept 11-24 14:00 met 11-24 11:00"}},
		{"it was no emergency after all", begin("11-23 09:00", usualRoute(fourHours)).event("11-23 10:00", RouteEvent, Received, usualRoute()), "11-24 12:00",
			[]string{"verify running 11-26 16:00"}},
		{"another class changes what runs, not what was met", begin("11-23 09:00", usualRoute()).do("11-23 10:00", VerifyEvent, Verified).
			event("11-23 11:00", RouteEvent, Verified, RouteData{Clocks: []policy.ClockLimit{{Kind: "verify", Amount: 1, Measure: "working_days"}, {Kind: "resolve", Amount: 60, Measure: "working_days"}}}), "11-24 12:00",
			[]string{"verify kept 11-26 16:00 met 11-23 10:00", "resolve running 02-15 16:00"}},
		{"merged cases stand still", begin("11-23 09:00", usualRoute(fourHours)).do("11-23 10:00", MergeEvent, Merged), "11-25 10:00",
			[]string{"verify paused 11-30 10:00", "emergency kept 11-23 13:00 met 11-23 10:00"}},
		{"parted again: what stood still goes on, the emergency never did", begin("11-23 09:00", usualRoute(fourHours)).do("11-24 08:00", MergeEvent, Merged).do("11-25 08:00", UnmergeEvent, Received), "11-25 10:00",
			[]string{"verify running 11-27 16:00", "emergency overdue 11-23 13:00"}},
		{"merged while waiting", begin("11-23 09:00", usualRoute()).do("11-24 08:00", WaitEvent, WaitingReporter).do("11-24 10:00", MergeEvent, Merged).
			do("11-25 08:00", UnmergeEvent, WaitingReporter).do("11-26 08:00", ReplyEvent, Received), "11-26 10:00", []string{"verify running 11-30 16:00"}},
		{"merged in the citizen's time to think", begin("11-23 09:00", usualRoute()).do("11-23 10:00", VerifyEvent, Verified).do("11-23 11:00", ResolveEvent, Answered).
			do("11-24 08:00", MergeEvent, Merged).do("11-25 08:00", UnmergeEvent, Answered), "11-25 09:00",
			[]string{"verify kept 11-26 16:00 met 11-23 10:00", "first kept 11-30 16:00 met 11-23 11:00", "resolve kept 12-11 16:00 met 11-23 11:00", "silence running 12-08 16:00"}},
		{"papers after an admission", treat(begin("11-23 09:00", usualRoute())).event("11-23 10:00", CheckEvent, Received, CheckData{Determination: "d1"}).
			event("11-24 10:00", CheckEvent, Received, CheckData{Determination: "d1"}).do("11-25 10:00", AttachEvent, Received), "11-25 11:00",
			[]string{"verify running 11-26 16:00", "papers kept 11-26 16:00 met 11-25 10:00"}},
		{"money is owed behind the end of the case", begin("11-23 09:00", usualRoute()).do("11-23 10:00", VerifyEvent, Verified).
			event("11-23 11:00", ResolveEvent, Answered, Resolution{Decision: Refunded}).do("11-24 10:00", CloseEvent, Closed), "11-27 10:00",
			[]string{"verify kept 11-26 16:00 met 11-23 10:00", "first kept 11-30 16:00 met 11-23 11:00", "resolve kept 12-11 16:00 met 11-23 11:00",
				"refund running 11-30 16:00", "silence kept 12-07 16:00 met 11-24 10:00"}},
		{"money on record is owed from then on", begin("11-23 09:00", usualRoute()).do("11-23 10:00", RefundEvent, Received).do("11-24 10:00", RefundEvent, Received), "11-24 11:00",
			[]string{"verify running 11-26 16:00", "refund running 11-30 16:00"}},
		{"a register brings a case that is at work already", &tale{c: Complaint{State: InProgress, FiledAt: on("11-23 09:00"), Events: []Event{
			{Type: FileEvent, At: on("11-23 09:00"), To: InProgress}, {Type: RouteEvent, At: on("11-23 09:00"), To: InProgress, Data: []byte(`{"clocks":[{"kind":"resolve","amount":5,"measure":"working_days"}]}`)}}}},
			"11-23 10:00", []string{"resolve running 11-30 16:00"}},
		{"never routed", &tale{c: Complaint{State: Received, Events: []Event{{Type: FileEvent, At: on("11-23 09:00"), To: Received}}}}, "11-24 09:00", []string{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := &Service{Calendars: oneOffice{usual: fiveDays()}}
			clocks, err := c.tale.c.ClocksAt(s.hours(t.Context()), on(c.now))
			if err != nil {
				t.Fatal(err)
			}
			if got := told(clocks, on(c.now)); !slices.Equal(got, c.want) {
				t.Errorf("clocks\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// What happened later does not change how the clocks stood.
func TestClocksOfAPastMoment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &Service{Calendars: oneOffice{usual: fiveDays()}}
		life := anyLife(t)
		now := life.c.Events[rapid.IntRange(0, len(life.c.Events)-1).Draw(t, "moment")].At
		short := life.c
		short.Events = nil
		for _, e := range life.c.Events {
			if !e.At.After(now) {
				short.Events = append(short.Events, e)
			}
		}
		a, err := life.c.ClocksAt(s.hours(context.Background()), now)
		if err != nil {
			t.Fatal(err)
		}
		b, err := short.ClocksAt(s.hours(context.Background()), now)
		if err != nil || !slices.Equal(told(a, now), told(b, now)) {
			t.Fatalf("%v\n%v\n%v", told(a, now), told(b, now), err)
		}
		running := map[ClockKind]int{}
		for _, k := range a {
			if k.StoppedAt == nil {
				running[k.Kind]++
			}
			if k.StoppedAt != nil && k.StoppedAt.Before(k.StartedAt) || k.WarnAt.After(k.DueAt) {
				t.Fatalf("clock ends before it begins: %+v", k)
			}
		}
		for kind, n := range running {
			if n > 1 {
				t.Fatalf("%d clocks %s run at once", n, kind)
			}
		}
	})
}

// anyLife draws a life along the transition table.
func anyLife(t *rapid.T) *tale {
	life := begin("11-23 09:00", usualRoute(fourHours))
	at := on("11-23 09:00")
	before := []State{}
	for range rapid.IntRange(1, 14).Draw(t, "acts") {
		m := rapid.SampledFrom(Moves).Draw(t, "move")
		next, ok := m.To[life.c.State]
		if !ok {
			continue
		}
		if next == Before {
			if len(before) == 0 {
				continue
			}
			next, before = before[len(before)-1], before[:len(before)-1]
		} else if m.Event == WaitEvent || m.Event == MergeEvent {
			before = append(before, life.c.State)
		}
		at = at.Add(time.Duration(rapid.IntRange(1, 3000).Draw(t, "minutes")) * time.Minute)
		life.do(at.In(calendar.Jakarta).Format("01-02 15:04"), m.Event, next)
	}
	return life
}

func TestKeepTime(t *testing.T) {
	s := &Service{Calendars: oneOffice{usual: fiveDays()}}
	keep := func(c *Complaint, now string) {
		t.Helper()
		err := s.keepTime(t.Context(), c, on(now))
		if err != nil {
			t.Fatal(err)
		}
	}
	look := func(c Complaint, want string) {
		t.Helper()
		if c.LookAt == nil || !c.LookAt.Equal(on(want)) {
			t.Errorf("looks at %v, want %s", c.LookAt, want)
		}
	}
	c := begin("11-23 09:00", usualRoute()).c
	keep(&c, "11-23 09:00")
	if c.DueAt == nil || !c.DueAt.Equal(on("11-26 16:00")) || c.DueKind != VerifyClock {
		t.Errorf("due %v by %s", c.DueAt, c.DueKind)
	}
	look(c, "11-26 10:00") // 75 % of three days

	keep(&c, "11-26 11:00")
	look(c, "11-26 10:00") // nobody looked yet: it stays due
	c.LookAt = nil
	keep(&c, "11-26 11:00")
	look(c, "11-26 16:00") // the sweep looked; the next rung

	c.Staff, c.ActedAt = "rini", on("11-24 10:00")
	keep(&c, "11-24 10:00")
	look(c, "11-26 10:00") // 16 working hours of silence and 75 % fall together
	c.ActedAt = on("11-23 12:00")
	keep(&c, "11-24 10:00")
	look(c, "11-25 12:00")

	c.Staff, c.LookAt = "", nil
	c.Tasks = []Task{{No: 1, Unit: "RSD", DueAt: new(time.Time)}}
	*c.Tasks[0].DueAt = on("11-24 12:00")
	keep(&c, "11-24 10:00")
	look(c, "11-24 12:00")
}

// A rung that a change puts into the past is looked at once, at once.
func TestKeepTimeLooksAtNewsAtOnce(t *testing.T) {
	s := &Service{Calendars: oneOffice{usual: fiveDays()}}
	life := begin("11-23 09:00", usualRoute()).do("11-23 10:00", VerifyEvent, Verified)
	c := life.c
	now := on("12-04 09:00")
	err := s.keepTime(t.Context(), &c, on("11-23 10:00"))
	if err != nil {
		t.Fatal(err)
	}
	c.Events = append(c.Events, Event{Type: RouteEvent, At: now, To: Verified, Data: []byte(`{"clocks":[{"kind":"resolve","amount":5,"measure":"working_days"}],"ladder":[{"percent":75,"to":"desk"}]}`)})
	c.LookAt = nil
	err = s.keepTime(t.Context(), &c, now)
	if err != nil {
		t.Fatal(err)
	}
	if c.LookAt == nil || !c.LookAt.Equal(now) {
		t.Errorf("looks at %v, want now", c.LookAt)
	}
	c.LookAt = nil
	err = s.keepTime(t.Context(), &c, now.Add(time.Hour))
	if err != nil || c.LookAt != nil {
		t.Errorf("looks again at %v (%v) though nothing is new", c.LookAt, err)
	}
}

func BenchmarkKeepTime(b *testing.B) {
	s := &Service{Calendars: oneOffice{usual: fiveDays()}}
	life := begin("11-23 09:00", usualRoute()).do("11-23 10:00", VerifyEvent, Verified).do("11-24 08:00", WaitEvent, WaitingReporter).
		do("11-26 08:00", ReplyEvent, Verified).do("11-27 08:00", AnswerEvent, InProgress)
	now := on("11-27 09:00")
	b.ReportAllocs()
	for b.Loop() {
		c := life.c
		err := s.keepTime(context.Background(), &c, now)
		if err != nil {
			b.Fatal(err)
		}
	}
}
