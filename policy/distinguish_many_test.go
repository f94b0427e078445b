package policy

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// oddDays are dates, and what stands in the place of dates in real registries.
func oddDays() [][]any {
	days := [][]any{{nil}, {""}, {"tidak tahu"}, {"1971-02-30"}, {"0000-00-00"}, {"1970"}, {"9999-12-31"}, {"1800-01-01"}}
	for year := 1940; year <= 2026; year++ {
		days = append(days, []any{strconv.Itoa(year) + []string{"-01-01", "-06-30", "-11-21", "-11-22"}[year%4]})
	}
	return days
}

// asking is a draft with a finding for each way of asking.
func asking(ways []string) Bundle {
	var rules strings.Builder
	rules.WriteString("package layak.eligibility\n")
	for i, way := range ways {
		fmt.Fprintf(&rules, `
# METADATA
# title: Percobaan %[1]d
# custom:
#   code: trial_%[1]d
#   order: %[2]d
#   article: Pertimbangan program
#   effective_from: "2026-01-01"
#   remedy: Dahulukan di loket.
#   document: ""
findings contains {"code": "trial_%[1]d", "verdict": "note", "seen": "Percobaan"} if {
	%[3]s
}
`, i, 900+i, way)
	}
	return Shipped().with("trial.rego", []byte(rules.String()))
}

// TestManyAsOneByOne holds what is found of many values at once against what is found of each alone, for
// every column, under the shipped rules and under rules that ask a date in all kinds of ways.
func TestManyAsOneByOne(t *testing.T) {
	for _, c := range []struct {
		name    string
		ways    []string
		atOnce  bool // all of them are asked about many values at once, whatever the values are
		skipped int  // conditions that are asked of each value alone
	}{
		{"ways that have an answer for every text", []string{
			`input.resident.birth_date < "1960-01-01"`,
			`not input.resident.birth_date`,
			`not input.resident.birth_date < "1961-01-01"`,
			`some day in {"1970-01-01", "1971-06-30"}; input.resident.birth_date == day`,
			`every day in ["1950-01-01", "1951-06-30"] { input.resident.birth_date > day }`,
			`startswith(input.resident.birth_date, "19")`,
			`born := input.resident.birth_date; born >= "1962-01-01"; born < "1970-01-01"`,
			`count([1 | input.resident.birth_date > "1980-01-01"]) == 1`,
		}, true, 0},
		{"ways that fail on what is no date, and one that does not name the column", []string{
			`time.add_date(day_ns(input.resident.birth_date), 60, 0, 0) <= service_ns`,
			`not within_months(input.resident.birth_date, 900)`,
			`minor`,
		}, false, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Distinguish(t.Context(), populationFrame, engineOf(t, Shipped()), engineOf(t, asking(c.ways)))
			if err != nil {
				t.Fatal(err)
			}
			for _, key := range slices.Sorted(maps.Keys(d.uses)) {
				u := d.uses[key]
				if !u.whole && len(u.columns) == 1 && u.columns[0] != Members {
					holdAgainstEach(t, d, u)
				}
			}
			u := d.uses["resident.birth_date"]
			if u == nil || len(u.atoms) != len(c.ways) {
				t.Fatalf("the date of birth is asked about %+v", u)
			}
			few := 0
			for _, q := range u.many.few {
				few += len(q.places)
			}
			signs, err := d.stretch(t.Context(), u, u.many.at, oddDays())
			if err != nil || few != c.skipped || (signs[1] != nil) != c.atOnce {
				t.Errorf("%d conditions asked alone, %q of many at once, %v", few, signs[1], err)
			}
		})
	}
}

func holdAgainstEach(t *testing.T, d *Distinction, u *use) {
	t.Helper()
	values := oddDays()
	many, err := d.manyKeys(t.Context(), u, values)
	if err != nil {
		t.Fatal(err)
	}
	for i := range values {
		alone, err := d.keyOf(t.Context(), u, values, i)
		if err != nil {
			t.Fatal(err)
		}
		if many[i] != alone {
			t.Errorf("%s = %v: among many %q, alone %q", u.columns[0], values[i][0], many[i], alone)
		}
	}
}
