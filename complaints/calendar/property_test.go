package calendar

import (
	"encoding/json"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"layak/internal/fault"
)

// fields names the fields that a fault complains about.
func fields(err error) string {
	text := ""
	if f := fault.As(err); f != nil {
		for _, x := range f.Fields {
			text += x.Name + " "
		}
	}
	return text
}

// anyCalendar draws a week of up to three spans a day with at least one, and holidays of 2026.
func anyCalendar(t *rapid.T) *Calendar {
	c := &Calendar{Zone: rapid.SampledFrom([]*time.Location{Jakarta, Makassar, Jayapura}).Draw(t, "zone"), Holidays: map[string]Holiday{}}
	some := false
	for d := range c.Week {
		last := 0
		for range rapid.IntRange(0, 3).Draw(t, "spans") {
			from := rapid.IntRange(last, last+400).Draw(t, "from")
			to := rapid.IntRange(from+1, from+500).Draw(t, "to")
			if to > 1440 {
				break
			}
			c.Week[d] = append(c.Week[d], Span{Minute(from), Minute(to)})
			last, some = to+1, true
		}
	}
	if !some {
		c.Week[3] = []Span{{0, 1440}}
	}
	for range rapid.IntRange(0, 6).Draw(t, "holidays") {
		day := time.Date(2026, 1, 1+rapid.IntRange(0, 200).Draw(t, "holiday"), 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		c.Holidays[day] = Holiday{Day: day, Name: "X", Kind: rapid.SampledFrom(Kinds).Draw(t, "kind")}
	}
	return c
}

func anyMoment(t *rapid.T, label string) time.Time {
	return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.Int64Range(0, 100*24*3600*1e6).Draw(t, label)) * time.Microsecond)
}

func anyLimit(t *rapid.T) Limit {
	return Limit{rapid.IntRange(1, 40).Draw(t, "amount"), rapid.SampledFrom([]Measure{WorkingDays, WorkingHours, Hours}).Draw(t, "measure")}
}

func anyPauses(t *rapid.T) []Pause {
	var all []Pause
	for range rapid.IntRange(0, 3).Draw(t, "pauses") {
		from := anyMoment(t, "pause")
		all = append(all, Pause{From: from, Until: from.Add(time.Duration(rapid.Int64Range(0, 9*24*3600*1e6).Draw(t, "long")) * time.Microsecond), Why: "Menunggu pelapor"})
	}
	return all
}

func must(t *rapid.T, c *Calendar, start time.Time, l Limit, p []Pause) time.Time {
	n, err := c.Due(start, l, p, start)
	if err != nil {
		t.Fatalf("due: %v", err)
	}
	return n.Due
}

func TestDueProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, start, l, pauses := anyCalendar(t), anyMoment(t, "start"), anyLimit(t), anyPauses(t)
		due := must(t, c, start, l, pauses)

		if later := start.Add(time.Duration(rapid.Int64Range(0, 9*24*3600*1e6).Draw(t, "later")) * time.Microsecond); must(t, c, later, l, pauses).Before(due) {
			t.Fatalf("a later start %s ends before %s", later, due)
		}
		if more := (Limit{l.Amount + 1, l.Measure}); !must(t, c, start, more, pauses).After(due) {
			t.Fatal("more does not take longer")
		}
		for _, percent := range []int{1, 33, 75, 99} {
			m, err := c.At(start, l, percent, pauses, start)
			if err != nil || m.After(due) || m.Before(start) {
				t.Fatalf("%d %% at %s, %v; due %s", percent, m, err, due)
			}
		}
		if len(pauses) > 0 && must(t, c, start, l, pauses[1:]).After(due) {
			t.Fatal("a pause made the deadline earlier")
		}
		if l.Measure != Hours && !c.IsWorking(due.Add(-time.Nanosecond)) {
			t.Fatalf("%s is not inside or at the end of working time", due)
		}
		exact(t, c, start, l, pauses, due)
		explained(t, c, start, l, pauses, due)
	})
}

// exact counts back: at the deadline the amount is gone, a microsecond earlier it is not.
func exact(t *rapid.T, c *Calendar, start time.Time, l Limit, pauses []Pause, due time.Time) {
	amount := new(big.Rat).SetInt64(int64(l.Amount))
	if got := c.Spent(start, l.Measure, pauses, due); got.Cmp(amount) < 0 {
		t.Fatalf("at the deadline only %s of %d are gone", got, l.Amount)
	}
	if got := c.Spent(start, l.Measure, pauses, due.Add(-time.Microsecond)); got.Cmp(amount) >= 0 {
		t.Fatalf("a microsecond before the deadline %s of %d are gone", got, l.Amount)
	}
}

// explained compares the timeline with the count.
func explained(t *rapid.T, c *Calendar, start time.Time, l Limit, pauses []Pause, due time.Time) {
	line, err := c.Explain(start, l, pauses, start)
	if err != nil || !line.Due.Equal(due) {
		t.Fatalf("timeline ends %s (%v), count %s", line.Due, err, due)
	}
	cursor, sum := start, 0.0
	for _, s := range line.Stretches {
		if !s.From.Equal(cursor) || !s.From.Before(s.Until) {
			t.Fatalf("gap or overlap at %s: %+v", cursor, s)
		}
		cursor = s.Until
		sum += s.Amount
	}
	if !cursor.Equal(due) || sum < float64(l.Amount)-1e-6 || sum > float64(l.Amount)+1e-6 {
		t.Fatalf("the stretches end at %s with %f of %d", cursor, sum, l.Amount)
	}
}

func TestSplittingAPauseChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, start, l, pauses := anyCalendar(t), anyMoment(t, "start"), anyLimit(t), anyPauses(t)
		var split []Pause
		for _, p := range pauses {
			middle := p.From.Add(p.Until.Sub(p.From) / 3)
			split = append(split, Pause{From: middle, Until: p.Until}, Pause{From: p.From, Until: middle})
		}
		if a, b := must(t, c, start, l, pauses), must(t, c, start, l, split); !a.Equal(b) {
			t.Fatalf("due %s, with split pauses %s", a, b)
		}
	})
}

// Worked between the start and the deadline of working hours is the amount.
func TestWorkedIsTheAmount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, start, pauses := anyCalendar(t), anyMoment(t, "start"), anyPauses(t)
		n := rapid.IntRange(1, 60).Draw(t, "hours")
		due := must(t, c, start, Limit{n, WorkingHours}, pauses)
		if got := c.Worked(start, due, pauses); got != time.Duration(n)*time.Hour {
			t.Fatalf("worked %s until the end of %d hours", got, n)
		}
	})
}

// Whatever somebody stores as a week, a valid one ends every count and an invalid one is refused.
func FuzzWeek(f *testing.F) {
	f.Add(`[null,[{"from":480,"to":960}],[{"from":480,"to":960}],null,null,[{"from":480,"to":690},{"from":780,"to":960}],null]`)
	f.Add(`[[{"from":0,"to":1440}]]`)
	f.Add(`[[{"from":1440,"to":0}],[{"from":-1,"to":99999999}]]`)
	f.Fuzz(func(t *testing.T, text string) {
		var w Week
		if json.Unmarshal([]byte(text), &w) != nil || w.Validate() != nil {
			return
		}
		c := &Calendar{Zone: Jakarta, Week: w}
		start := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
		n, err := c.Due(start, Limit{14, WorkingDays}, []Pause{{From: start.AddDate(0, 0, 1), Until: start.AddDate(0, 0, 2)}}, start)
		if err != nil || !n.Due.After(start) || !c.IsWorking(n.Due.Add(-time.Nanosecond)) {
			t.Fatalf("week %s: %v, %v", text, n, err)
		}
	})
}

func BenchmarkDue(b *testing.B) {
	c := office()
	years, err := Shipped()
	if err != nil {
		b.Fatal(err)
	}
	for _, h := range years[2026] {
		c.Holidays[h.Day] = h
	}
	start := time.Date(2026, 3, 9, 2, 0, 0, 0, time.UTC)
	pause := []Pause{{From: start.AddDate(0, 0, 2), Until: start.AddDate(0, 0, 4)}}
	for name, p := range map[string][]Pause{"plain": nil, "paused": pause} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := c.Due(start, Limit{14, WorkingDays}, p, start)
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
