package complaints

import (
	"slices"
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
