package complaints

import (
	"testing"
	"time"
)

// A register that tells late of a follow-up that was made in time: the clock stops on the day it
// happened, not on the day of the import.
func TestFollowUpToldLateIsNotLate(t *testing.T) {
	s := &Service{Calendars: oneOffice{usual: fiveDays()}}
	c := begin("11-02 09:00", usualRoute()).event("11-20 08:00", SourceEvent, Received, SourceData{Source: "lapor", Assumed: true}).
		event("11-04 10:00", SourceEvent, Answered, SourceData{Source: "lapor"}).c
	for _, k := range []struct {
		now  string
		want Standing
	}{{"11-25 08:00", Kept}, {"11-03 08:00", Running}, {"11-10 08:00", Kept}} {
		clocks, err := c.ClocksAt(s.hours(t.Context()), on(k.now))
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range clocks {
			if o.Kind == VerifyClock && o.Standing(on(k.now)) != k.want {
				t.Errorf("on %s the verification is %s (%v), want %s", k.now, o.Standing(on(k.now)), o.StoppedAt, k.want)
			}
		}
	}
	// Told of a day before its own beginning, a clock ends with its beginning and never before.
	c = begin("11-02 09:00", usualRoute()).do("11-10 09:00", VerifyEvent, Verified).
		event("11-05 10:00", SourceEvent, Answered, SourceData{Source: "lapor"}).c
	clocks, err := c.ClocksAt(s.hours(t.Context()), on("11-25 08:00"))
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range clocks {
		if o.StoppedAt != nil && o.StoppedAt.Before(o.StartedAt) {
			t.Errorf("%s ended %s, before it began", o.Kind, o.StartedAt.Sub(*o.StoppedAt).Round(time.Hour))
		}
	}
}
