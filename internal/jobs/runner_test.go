package jobs

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestBackoffGrowsToHalfAnHour(t *testing.T) {
	for _, c := range []struct {
		attempts int
		middle   time.Duration
	}{{0, 10 * time.Second}, {1, 10 * time.Second}, {2, 20 * time.Second}, {5, 160 * time.Second}, {9, 30 * time.Minute}, {10000, 30 * time.Minute}} {
		seen := map[time.Duration]bool{}
		for range 50 {
			pause := Backoff(c.attempts)
			seen[pause] = true
			if pause < c.middle*3/4 || pause > c.middle*5/4 {
				t.Errorf("after %d attempts %v, want about %v", c.attempts, pause, c.middle)
			}
		}
		if len(seen) < 10 {
			t.Errorf("after %d attempts everybody comes back at the same moment", c.attempts)
		}
	}
}

func TestPlainErrorNamesNobody(t *testing.T) {
	for in, want := range map[string]string{
		"550 5.1.1 <ani.sari@contoh.id>: no such user":   "550 5.1.1 <…>: no such user",
		"rejected 0812-3456-7890\nsecond\tline":          "rejected … second line",
		"NIK 3509190101010001 unknown":                   "NIK … unknown",
		"dial tcp 127.0.0.1:2525: connection refused":    "dial tcp 127.0.0.1:2525: connection refused",
		"421 try again in 300 seconds":                   "421 try again in 300 seconds",
		"MAIL FROM:<kantor@jember.go.id> SIZE=1 refused": "MAIL FROM:<…> SIZE=1 refused",
	} {
		if got := Plain(errors.New(in)); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	if got := Plain(errors.New(strings.Repeat("x", 5000))); len([]rune(got)) != 301 {
		t.Errorf("%d letters", len(got))
	}
}
