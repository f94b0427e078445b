package complaints

import (
	"slices"
	"strings"
	"testing"

	"layak/policy"
)

// The citizen's own time: it begins when he is asked and ends when he replies or the office goes on
// without him; it is no deadline of the case.
func TestClockOfTheWaitingCitizen(t *testing.T) {
	ten := usualRoute(policy.ClockLimit{Kind: "waiting", Amount: 10, Measure: "working_days", Pauses: true})
	asked := func() *tale { return begin("11-23 09:00", ten).do("11-24 08:00", WaitEvent, WaitingReporter) }
	cases := []struct {
		name string
		tale *tale
		now  string
		want []string
	}{
		{"not asked yet", begin("11-23 09:00", ten), "11-24 09:00", []string{"verify running 11-26 16:00"}},
		{"asked: it never stands still, whatever the rules say", asked(), "11-26 08:00", []string{"verify paused 11-30 16:00", "waiting running 12-08 16:00"}},
		{"no reply", asked(), "12-09 08:00", []string{"verify paused 12-11 16:00", "waiting overdue 12-08 16:00"}},
		{"he replied", asked().do("11-26 08:00", ReplyEvent, Received), "11-26 09:00", []string{"verify running 11-30 16:00", "waiting kept 12-08 16:00 met 11-26 08:00"}},
		{"asked again: a new time", asked().do("11-26 08:00", ReplyEvent, Received).do("11-27 08:00", WaitEvent, WaitingReporter), "11-27 09:00",
			[]string{"verify paused 12-01 09:00", "waiting kept 12-08 16:00 met 11-26 08:00", "waiting running 12-11 16:00"}},
		{"withdrawn", asked().do("11-26 08:00", WithdrawEvent, Withdrawn), "11-26 09:00", []string{"verify kept 11-30 16:00 met 11-26 08:00", "waiting kept 12-08 16:00 met 11-26 08:00"}},
		{"rules that know no such time", begin("11-23 09:00", usualRoute()).do("11-24 08:00", WaitEvent, WaitingReporter), "11-26 08:00", []string{"verify paused 11-30 16:00"}},
	}
	s := &Service{Calendars: oneOffice{usual: fiveDays()}}
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			now := on(k.now)
			clocks, err := k.tale.c.ClocksAt(s.hours(t.Context()), now)
			if err != nil {
				t.Fatal(err)
			}
			if got := told(clocks, now); !slices.Equal(got, k.want) {
				t.Errorf("got  %q\nwant %q", got, k.want)
			}
			c := k.tale.c
			c.Clocks = clocks
			if c.earliest(); c.DueKind == WaitingClock {
				t.Error("the citizen's time is a deadline of the office")
			}
		})
	}
}

// The other office's time: it begins when a case is forwarded without a number, ends when the number is
// on record or the case comes back, and is no deadline of the office.
func TestClockOfTheOtherOffice(t *testing.T) {
	five := usualRoute(policy.ClockLimit{Kind: "number", Amount: 5, Measure: "working_days"})
	away := func(number string) *tale {
		return begin("11-23 09:00", five).event("11-24 08:00", ForwardEvent, Forwarded, ForwardData{Office: "BPJS Kesehatan Jember", Number: number})
	}
	cases := []struct {
		name string
		tale *tale
		now  string
		want string
		kind ClockKind // of the day that the list shows
	}{
		{"number known at once", away("B-1"), "11-25 08:00", "", ""},
		{"no number yet", away(""), "11-25 08:00", "number running 12-01 16:00", NumberClock},
		{"no number in time", away(""), "12-02 08:00", "number overdue 12-01 16:00", NumberClock},
		{"the number came", away("").event("11-27 08:00", NumberEvent, Forwarded, NumberData{Number: "B-1"}), "12-02 08:00", "number kept 12-01 16:00 met 11-27 08:00", ""},
		{"the case came back", away("").do("11-27 08:00", ReopenEvent, InProgress), "11-27 09:00", "number kept 12-01 16:00 met 11-27 08:00", ""},
		{"rules that know no such time", begin("11-23 09:00", usualRoute()).event("11-24 08:00", ForwardEvent, Forwarded, ForwardData{Office: "BPJS"}), "12-02 08:00", "", ""},
	}
	s := &Service{Calendars: oneOffice{usual: fiveDays()}}
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			now, c := on(k.now), k.tale.c
			clocks, err := c.ClocksAt(s.hours(t.Context()), now)
			if err != nil {
				t.Fatal(err)
			}
			clocks = slices.DeleteFunc(clocks, func(o Clock) bool { return o.Kind != NumberClock })
			if got := strings.Join(told(clocks, now), "; "); got != k.want {
				t.Errorf("got %q, want %q", got, k.want)
			}
			c.Clocks = clocks
			if c.earliest(); c.DueKind != k.kind {
				t.Errorf("the list shows a day of %q, want %q", c.DueKind, k.kind)
			}
			steps, err := rungs(clocks, s.hours(t.Context()), now)
			if err != nil || len(steps) > 0 {
				t.Errorf("climbs %d rungs, %v", len(steps), err)
			}
		})
	}
}
