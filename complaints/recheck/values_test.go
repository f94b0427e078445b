package recheck

import (
	"context"
	"testing"
	"time"

	"layak/eligibility"
	"layak/policy"
)

// kept is a store whose newest run was made at a moment, by the rules and data that are still in force.
type kept struct {
	Store
	mark Mark
	at   time.Time
}

func (k kept) RecheckMark(context.Context) (Mark, error) { return k.mark, nil }

func (k kept) LastRun(context.Context) (Run, bool, error) {
	return Run{Mark: k.mark, StartedAt: k.at, FinishedAt: &k.at}, true, nil
}

// numbers are rules of which only the numbers are asked.
type numbers struct{ eligibility.Rules }

func (numbers) CheckParams() []policy.Param {
	return []policy.Param{{Name: "max_desil", ValidFrom: "2027-01-01", Title: "Batas desil"}, {Name: "max_desil", ValidFrom: "2019-01-01", Title: "Batas desil"},
		{Name: "sktm_days", ValidFrom: "2027-01-01", Title: "Umur SKTM"}}
}

func (n numbers) Active() eligibility.Rules { return n }

func (n numbers) Revision(context.Context, string) (eligibility.Rules, error) { return n, nil }

// On the day on which a number begins everybody is looked at again, though neither rules nor data moved.
func TestTheDayOfANumberBeginsARun(t *testing.T) {
	at := func(day, hour int) time.Time { return time.Date(2027, 1, day, hour, 0, 0, 0, eligibility.WIB) }
	for _, c := range []struct {
		name      string
		last, now time.Time
		begins    string
	}{
		{"the evening before", at(0, 8), at(0, 23), ""},
		{"the day begins", at(0, 23), at(1, 0), "angka baru berlaku 1 Jan 2027: Batas desil, Umur SKTM"},
		{"the same day", at(1, 0), at(1, 9), ""},
		{"days later", at(1, 0), at(9, 9), ""},
		{"the machine was off on that day", at(-20, 9), at(9, 9), "angka baru berlaku 1 Jan 2027: Batas desil, Umur SKTM"},
	} {
		store := kept{mark: Mark{Registry: 7, Revision: "a"}, at: c.last.UTC()}
		s := &Service{Store: store, Clock: func() time.Time { return c.now }, Checker: &eligibility.Checker{Book: numbers{}}}
		mark, err := s.mark(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		last, _, err := s.lastRun(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if (mark != last.Mark) != (c.begins != "") {
			t.Errorf("%s: %+v after %+v", c.name, mark, last.Mark)
		}
		if c.begins == "" {
			continue
		}
		if got, err := s.reason(t.Context(), mark, last.Mark, false); err != nil || got != c.begins {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
}
