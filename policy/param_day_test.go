package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"layak/policy"
)

// The day for which a change of numbers has to be looked at is the last one on which it makes a difference.
func TestTheDayThatCounts(t *testing.T) {
	const today = "2026-11-22"
	for _, c := range []struct {
		name    string
		changes []policy.ParamChange
		apart   string
		counts  string
	}{
		{"nothing", nil, "", today},
		{"from next January", []policy.ParamChange{{Name: "max_desil", Value: 10, ValidFrom: "2027-01-01"}}, "2027-01-01", "2027-01-01"},
		{"since last January", []policy.ParamChange{{Name: "max_desil", Value: 10, ValidFrom: "2026-01-01"}}, "2026-01-01", today},
		{"another source for the same number", []policy.ParamChange{{Name: "max_desil", Value: 5, ValidFrom: "2019-01-01"}}, "", today},
		{"two steps", []policy.ParamChange{{Name: "max_desil", Value: 7, ValidFrom: "2027-01-01"}, {Name: "max_desil", Value: 10, ValidFrom: "2027-07-01"}},
			"2027-01-01 2027-07-01", "2027-07-01"},
		{"for one year only", []policy.ParamChange{{Name: "max_desil", Value: 10, ValidFrom: "2027-01-01"}, {Name: "max_desil", Value: 5, ValidFrom: "2028-01-01"}},
			"2027-01-01", "2027-01-01"},
		{"two numbers", []policy.ParamChange{{Name: "sktm_days", Value: 90, ValidFrom: "2027-03-01"}, {Name: "max_desil", Value: 10, ValidFrom: "2027-01-01"}},
			"2027-01-01 2027-03-01", "2027-03-01"},
	} {
		t.Run(c.name, func(t *testing.T) {
			draft := policy.Shipped()
			for _, change := range c.changes {
				change.Source = "SK Bupati 188/2026"
				var err error
				draft, _, err = policy.SetParam(draft, change, today)
				if err != nil {
					t.Fatal(err)
				}
			}
			for _, both := range [][2]policy.Bundle{{policy.Shipped(), draft}, {draft, policy.Shipped()}} { // taking it back counts as well
				apart := policy.DaysApart(both[0], both[1])
				if got := strings.Join(apart, " "); got != c.apart {
					t.Errorf("apart on %q, want %q", got, c.apart)
				}
				if got := policy.DayThatCounts(apart, today); got != c.counts {
					t.Errorf("counts on %s, want %s", got, c.counts)
				}
			}
		})
	}
	broken := policy.Bundle{Files: map[string][]byte{"data.json": []byte("{")}}
	if got := policy.DayThatCounts(policy.DaysApart(policy.Shipped(), broken), today); got != today {
		t.Errorf("numbers that cannot be read count on %s", got)
	}
}

// As if a number had always held: on every day that the rules know, the one of the day that was asked for.
func TestNumbersAsIfAlways(t *testing.T) {
	b, _, err := policy.SetParam(policy.Shipped(), policy.ParamChange{Name: "max_desil", Value: 10, ValidFrom: "2027-01-01", Source: "SK"}, "2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[string]string{"2026-12-31": "5", "2027-01-01": "10"} {
		held, err := policy.AsIfAlways(b, day)
		if err != nil {
			t.Fatal(err)
		}
		list, err := policy.Params(held)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]int{}
		for _, p := range list {
			seen[p.Name]++
			if p.Name == "max_desil" && (fmt.Sprint(p.Value) != want || p.ValidFrom != "2019-01-01") {
				t.Errorf("as of %s: %+v", day, p)
			}
			if p.Name == "uhc_status" && (p.Value != "prioritas" || p.ValidFrom != "2019-01-01" || len(p.Labels) == 0) {
				t.Errorf("a choice: %+v", p)
			}
		}
		for name, n := range seen {
			if n != 1 {
				t.Errorf("%s has %d values", name, n)
			}
		}
		if problems, err := policy.Verify(t.Context(), held); err != nil || len(problems) > 0 {
			t.Errorf("as of %s it is no rule set: %v %v", day, problems, err)
		}
	}
}
