package numbers

import (
	"slices"
	"strconv"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/internal/area"
)

// Source is a case as counting reads it: its row, its events and checks; no person.
type Source struct {
	Complaint complaints.Complaint
	LastSeq   int                 // number of its last event
	Failing   map[string][]string // codes of criteria that were not met, by determination
}

// Place says where a case counts. Every field but Month may be "".
type Place struct {
	Month    string // YYYY-MM in which it was filed
	Unit     string // unit that has it now
	Class    string
	Channel  string
	District area.Code // kecamatan of the first patient, else of the case
	Matter   string
	Element  string
}

// Fact is everything that is counted of one case.
type Fact struct {
	ID      string
	LastSeq int
	Place
	// NextAt is when the counts change though nobody acts: the next deadline that runs out.
	NextAt *time.Time
	Counts Counts
}

// Worker tells how much working time of the office lies between two moments.
type Worker func(from, to time.Time, pauses []calendar.Pause) (time.Duration, error)

// FactOf counts a case as it stands at the moment. A time that cannot be told (worker fails) is
// left out, and the error is given beside the rest.
func FactOf(s Source, zone *time.Location, worker Worker, now time.Time) (Fact, error) {
	c := s.Complaint
	f := Fact{ID: c.ID, LastSeq: s.LastSeq, Place: placeOf(c, zone), Counts: Counts{Received: 1, StateOf + string(c.State): 1}}
	f.Counts.flag(Open, c.State.Open())
	f.Counts.flag(Emergency, c.Priority == "emergency")
	f.clocks(c, now)
	f.events(c)
	f.checks(c, s.Failing)
	if c.Rating >= 1 && c.Rating <= 5 {
		f.Counts[RatedOf+strconv.Itoa(c.Rating)] = 1
	}
	return f, f.times(c, worker)
}

func placeOf(c complaints.Complaint, zone *time.Location) Place {
	village := c.Village
	if len(c.Patients) > 0 && c.Patients[0].Village != "" {
		village = c.Patients[0].Village
	}
	return Place{Month: MonthOf(c.FiledAt, zone), Unit: c.Unit, Class: c.Class, Channel: c.Channel,
		District: village.District(), Matter: c.Matter, Element: c.Element}
}

// MonthOf is the month of a moment, "2026-11".
func MonthOf(t time.Time, zone *time.Location) string { return t.In(zone).Format("2006-01") }

func (c Counts) flag(name string, is bool) {
	if is {
		c[name] = 1
	}
}

// clocks judges each clock. The citizen's time is no obligation of the office.
func (f *Fact) clocks(c complaints.Complaint, now time.Time) {
	for _, k := range c.Clocks {
		if k.Kind.OfOthers() {
			continue
		}
		switch k.Standing(now) {
		case complaints.Kept:
			f.Counts[KeptOf+string(k.Kind)]++
		case complaints.Late:
			f.Counts[LateOf+string(k.Kind)]++
		case complaints.Overdue:
			f.Counts[LateOf+string(k.Kind)]++
			f.Counts.flag(Overdue, c.State.Open())
		case complaints.Running, complaints.Warned:
			if f.NextAt == nil || k.DueAt.Before(*f.NextAt) {
				due := k.DueAt
				f.NextAt = &due
			}
		case complaints.Paused:
		}
	}
}

func (f *Fact) events(c complaints.Complaint) {
	decision := ""
	for _, e := range c.Events {
		switch {
		case e.Type == complaints.ResolveEvent:
			decision = "given"
		case e.Type == complaints.ReopenEvent:
			f.Counts[Reopened], decision = 1, ""
		case e.Type == complaints.WaitEvent:
			f.Counts[Returned] = 1
		}
	}
	f.Counts.flag(Decided, decision != "")
	if r, ok := c.Resolution(); ok && decision != "" {
		f.Counts[DecisionOf+string(r.Decision)] = 1
	}
}

func (f *Fact) checks(c complaints.Complaint, failing map[string][]string) {
	for _, k := range c.Newest() {
		f.Counts[OutcomeOf+string(k.Outcome)]++
		for _, code := range failing[k.Determination] {
			f.Counts[FailingOf+code]++
		}
	}
}

// towards are the acts by which the citizen first hears from the office.
var towards = map[complaints.EventType]bool{
	complaints.AnswerEvent: true, complaints.RegisterEvent: true, complaints.WaitEvent: true,
	complaints.ResolveEvent: true, complaints.ForwardEvent: true, complaints.RejectEvent: true,
}

// EventTypes are the types of events that counting has to see even when they do not move a case.
func EventTypes() []string {
	list := []string{string(complaints.ReopenEvent)}
	for t := range towards {
		list = append(list, string(t))
	}
	slices.Sort(list)
	return list
}

func (f *Fact) times(c complaints.Complaint, worker Worker) error {
	first := firstEvent(c.Events, func(t complaints.EventType) bool { return towards[t] })
	decided := firstEvent(c.Events, func(t complaints.EventType) bool { return t == complaints.ResolveEvent })
	f.Counts.flag(Followed, first != nil)
	if worker == nil {
		return nil
	}
	err := f.time(c, worker, first, nil, FirstOf, FirstSum)
	if err != nil {
		return err
	}
	return f.time(c, worker, decided, pausesOf(c.Events), DecisionIn, DecisionSum)
}

func (f *Fact) time(c complaints.Complaint, worker Worker, until *time.Time, pauses []calendar.Pause, family, sum string) error {
	if until == nil || until.Before(c.FiledAt) {
		return nil
	}
	d, err := worker(c.FiledAt, *until, pauses)
	if err != nil {
		return err
	}
	minutes := int((d + time.Minute - 1) / time.Minute)
	f.Counts[family+strconv.Itoa(bucketOf(minutes))] = 1
	if minutes > 0 {
		f.Counts[sum] = minutes
	}
	return nil
}

func firstEvent(events []complaints.Event, of func(complaints.EventType) bool) *time.Time {
	for _, e := range events {
		if of(e.Type) {
			at := e.At
			return &at
		}
	}
	return nil
}

// pausesOf are the stretches in which the office waited for the reporter.
func pausesOf(events []complaints.Event) []calendar.Pause {
	var list []calendar.Pause
	waiting := false
	for _, e := range events {
		switch {
		case !waiting && e.To == complaints.WaitingReporter:
			list, waiting = append(list, calendar.Pause{From: e.At}), true
		case waiting && e.To != complaints.WaitingReporter:
			list[len(list)-1].Until, waiting = e.At, false
		}
	}
	return list
}
