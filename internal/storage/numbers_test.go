package storage

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/complaints/numbers"
	"layak/internal/area"
	"layak/policy"
)

// dayAndNight is an office that never sleeps, so that the test can count working time by itself.
type dayAndNight struct{}

func (dayAndNight) Calendar(context.Context, string) (*calendar.Calendar, error) {
	var w calendar.Week
	for i := range w {
		w[i] = []calendar.Span{{From: 0, To: 1440}}
	}
	return &calendar.Calendar{Zone: time.UTC, Week: w, Works: []calendar.HolidayKind{calendar.National, calendar.Leave}}, nil
}

// tally is what the recount of the test finds for one place.
type tally struct {
	received, open, overdue, decided, closed, reopened, returned, kept, late, rated, eligible, failing int
	first                                                                                              []int // minutes
}

// recount counts whole cases, as they are read for a screen, in plain loops.
func recount(cases []complaints.Complaint, now time.Time, in func(complaints.Complaint, string) bool) tally {
	var sum tally
	for _, c := range cases {
		if !in(c, c.FiledAt.In(noon.Location()).Format("2006-01")) {
			continue
		}
		sum.received++
		late := false
		for _, k := range c.Clocks {
			switch {
			case k.Kind == complaints.SilenceClock:
			case k.StoppedAt != nil && !k.StoppedAt.After(k.DueAt):
				sum.kept++
			case k.StoppedAt != nil:
				sum.late++
			case !k.Paused && k.DueAt.Before(now):
				sum.late++
				late = true
			}
		}
		if c.State.Open() {
			sum.open++
			if late {
				sum.overdue++
			}
		}
		if c.State == complaints.Closed {
			sum.closed++
		}
		if c.Rating > 0 {
			sum.rated++
		}
		happened, decided := map[complaints.EventType]bool{}, false
		for _, e := range c.Events {
			first := !happened[complaints.WaitEvent] && !happened[complaints.ResolveEvent] && !happened[complaints.ForwardEvent] && !happened[complaints.RejectEvent]
			switch e.Type {
			case complaints.WaitEvent, complaints.ResolveEvent, complaints.ForwardEvent, complaints.RejectEvent:
				if first {
					sum.first = append(sum.first, int(e.At.Sub(c.FiledAt).Minutes()))
				}
			}
			happened[e.Type] = true
			decided = decided && e.Type != complaints.ReopenEvent || e.Type == complaints.ResolveEvent
		}
		for what, n := range map[complaints.EventType]*int{complaints.ReopenEvent: &sum.reopened, complaints.WaitEvent: &sum.returned} {
			if happened[what] {
				*n++
			}
		}
		if decided {
			sum.decided++
		}
		if n := len(c.Checks); n > 0 {
			switch c.Checks[n-1].Outcome {
			case policy.Eligible:
				sum.eligible++
			case policy.NotEligible:
				sum.failing++
			}
		}
	}
	return sum
}

func tallyOf(c numbers.Counts) tally {
	return tally{received: c[numbers.Received], open: c[numbers.Open], overdue: c[numbers.Overdue], decided: c[numbers.Decided],
		closed: c[numbers.StateOf+"closed"], reopened: c[numbers.Reopened], returned: c[numbers.Returned], kept: c.Sum(numbers.KeptOf),
		late: c.Sum(numbers.LateOf), rated: c.Sum(numbers.RatedOf), eligible: c[numbers.OutcomeOf+"eligible"], failing: c[numbers.FailingOf+"need_not_met"]}
}

// Whatever happens to cases, and however time passes, the cells are what a recount finds.
func TestNumbersEqualARecount(t *testing.T) {
	for seed := range uint64(2) {
		eachEngine(t, func(t *testing.T, db *DB) {
			ctx, s, now := context.Background(), newSampler(seed, noon), noon
			counter := &numbers.Counter{Store: db, Calendars: dayAndNight{}, Zone: noon.Location(), Clock: func() time.Time { return now }}
			var cases []complaints.Complaint
			var tickets []complaints.Ticket
			for round := range 4 {
				for range 30 {
					c := s.makeCase()
					cases, tickets = append(cases, c), append(tickets, c.Ticket)
					store(t, db, c, nil)
				}
				if round > 0 {
					for range 25 {
						change(t, db, s, &cases[s.r.IntN(len(cases))], now)
					}
				}
				var err error
				if round == 2 {
					_, err = counter.Sweep(ctx)
				} else {
					_, err = counter.Refresh(ctx)
				}
				must(t, err)
				compare(t, db, counter, tickets, now, s.r)
				now = now.Add(time.Duration(1+s.r.IntN(9)) * 24 * time.Hour)
				s.now = now
			}
			_, err := counter.Rebuild(ctx)
			must(t, err)
			compare(t, db, counter, tickets, now, s.r)
		})
	}
}

// compare asks for the whole, for parts that are kept and for parts that are not.
func compare(t *testing.T, db *DB, counter *numbers.Counter, tickets []complaints.Ticket, now time.Time, r *rand.Rand) {
	t.Helper()
	var cases []complaints.Complaint
	for _, ticket := range tickets {
		c, err := db.Complaint(context.Background(), ticket, complaints.Scope{All: true})
		must(t, err)
		cases = append(cases, c)
	}
	unit := cases[r.IntN(len(cases))].Unit
	district := area.Code(fmt.Sprintf("35.09.%02d", 1+r.IntN(31)))
	for _, f := range []numbers.Filter{
		{}, {From: "2026-06"}, {Unit: unit}, {Class: "complaint"}, {Channel: "whatsapp"}, {District: district},
		{Class: "complaint", Channel: "whatsapp"}, {District: district, Channel: "whatsapp"}, {Unit: unit, Class: "information"},
	} {
		if f.From == "" {
			f.From = "2020-01"
		}
		f.To = "2027-12"
		got, err := counter.Report(context.Background(), f)
		must(t, err)
		want := recount(cases, now, func(c complaints.Complaint, month string) bool {
			return month >= f.From && (f.Unit == "" || c.Unit == f.Unit) && (f.Class == "" || c.Class == f.Class) &&
				(f.Channel == "" || c.Channel == f.Channel) && (f.District == "" || c.Patients[0].Village.District() == f.District)
		})
		have := tallyOf(got.Total)
		spread := got.Total.First()
		if spread.N != len(want.first) {
			t.Errorf("%+v: %d first follow-ups are timed, want %d", f, spread.N, len(want.first))
		}
		want.first = nil
		if fmt.Sprint(have) != fmt.Sprint(want) {
			t.Errorf("%+v at %s:\n got %+v\nwant %+v", f, now, have, want)
		}
		for d, rows := range got.By {
			sum := numbers.Counts{}
			for _, row := range rows {
				sum.Add(row.Counts, 1)
			}
			if !maps.Equal(sum, got.Total) && (d != numbers.ByUnit || f.Unit == "") {
				t.Errorf("%+v: the rows by %q do not add up to the whole", f, d)
			}
		}
	}
}

// store writes a case; only the events from the given ones on are new.
func store(t *testing.T, db *DB, c complaints.Complaint, was *complaints.Complaint) {
	t.Helper()
	ctx := context.Background()
	rows := rowsOfCase(db.regency, c)
	skip := map[string]int{}
	if was != nil {
		skip = map[string]int{"complaint_patient": 1, "complaint_area": 4, "complaint_event": len(was.Events), "complaint_check": len(was.Checks),
			"determination": len(was.Checks), "complaint_resolution": len(was.Resolutions)}
	}
	must(t, db.write(ctx, func(tx *tx) error {
		for _, load := range loadTables {
			if load.table == "complaint" {
				err := tx.upsert(ctx, "complaint", load.columns[:2], load.columns[2:], rows["complaint"])
				if err != nil {
					return err
				}
				continue
			}
			err := db.dialect.bulk(ctx, tx, load.table, load.columns, rows[load.table][skip[load.table]:])
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

// change lets something happen to a stored case: a step of its life, or it goes to another unit.
func change(t *testing.T, db *DB, s *sampler, c *complaints.Complaint, now time.Time) {
	t.Helper()
	was := *c
	c.Events, c.Checks, c.Resolutions = append([]complaints.Event(nil), c.Events...), append([]complaints.Check(nil), c.Checks...), append([]complaints.Resolution(nil), c.Resolutions...)
	s.step(c, now.Add(-time.Minute))
	if s.chance(30) {
		c.Unit = fmt.Sprintf("U%03d", s.r.IntN(4))
	}
	store(t, db, *c, &was)
}
