package worker

import (
	"context"
	"testing"
	"time"

	"layak/internal/fault"
)

// TestBudget tells whose fault it is that time is up.
func TestBudget(t *testing.T) {
	for name, c := range map[string]struct {
		passed, used time.Duration
		untold       bool // the system does not tell processor times
		want         string
	}{
		"just begun":                          {time.Second, time.Second, false, "<nil>"},
		"two processors, not yet two seconds": {1900 * time.Millisecond, 3 * time.Second, false, "<nil>"},
		"two seconds of both":                 {2100 * time.Millisecond, 2050 * time.Millisecond, false, "policy_too_slow"},
		"a busy machine":                      {6 * time.Second, 300 * time.Millisecond, false, "<nil>"},
		"a busy machine, and it is much":      {6 * time.Second, 2100 * time.Millisecond, false, "policy_too_slow"},
		"a machine that gives it no time":     {11 * time.Second, 1900 * time.Millisecond, false, "machine_busy"},
		"by the clock alone":                  {2100 * time.Millisecond, 0, true, "policy_too_slow"},
	} {
		used := time.Minute // what the child had used before
		b := spend(opDecide, 2*time.Second, func() (time.Duration, bool) { return used, !c.untold })
		used += c.used
		b.since = time.Now().Add(-c.passed)
		if got := codeOf(b.over()); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	for limit, want := range map[time.Duration]time.Duration{2 * time.Second: 10 * time.Second, 20 * time.Second: 10*time.Minute + 20*time.Second} {
		if got := patience(limit); got != want {
			t.Errorf("%s by the processor are %s by the clock", limit, got)
		}
	}
}

// TestTurn waits for a free child no longer than it may, and says that the machine is busy.
func TestTurn(t *testing.T) {
	places := make(chan struct{}, 1)
	if err := turn(t.Context(), places, time.Minute); err != nil {
		t.Fatal(err)
	}
	if err := turn(t.Context(), places, time.Millisecond); codeOf(err) != "machine_busy" || !fault.Is(err, fault.Unavailable) {
		t.Error(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := turn(ended, places, time.Minute); codeOf(err) != "policy_check_cancelled" {
		t.Error(err)
	}
	p := New(Limits{Wait: time.Millisecond}) // no process starts in a millisecond
	defer p.Close()
	if _, err := p.Verify(t.Context(), slow()); codeOf(err) != "machine_busy" {
		t.Error(err)
	}
}
