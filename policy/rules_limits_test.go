package policy

import (
	"fmt"
	"maps"
	"testing"
)

// TestLimitsAreChangedWithoutTheirTests raises and lowers every number of the shipped rules as an officer does
// by the form: the tests that come with the rules take their limits from the parameters, so all still pass and
// every cause keeps both its cases.
func TestLimitsAreChangedWithoutTheirTests(t *testing.T) {
	for name, change := range map[string]func(int) int{
		"raised by one":  func(n int) int { return n + 1 },
		"lowered by one": func(n int) int { return n - 1 },
		"doubled":        func(n int) int { return n * 2 },
		"halved":         func(n int) int { return n / 2 },
	} {
		t.Run(name, func(t *testing.T) {
			b, changed := changedLimits(t, change)
			if changed < 20 {
				t.Fatalf("only %d limits were changed", changed)
			}
			report, err := runTests(t.Context(), b, nil) // which lines are reached is asked of the shipped limits
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range report.Results {
				if !r.Pass {
					t.Errorf("%s:%d %s: %s", r.File, r.Row, r.Name, r.Message)
				}
			}
			for _, c := range report.Causes {
				if c.Missing != "" {
					t.Error(c.Missing)
				}
			}
		})
	}
}

// changedLimits changes every number of the shipped parameters that may be changed so, each by itself and in
// its bounds.
func changedLimits(t *testing.T, change func(int) int) (b Bundle, changed int) {
	t.Helper()
	b = Shipped()
	specs, err := ParamSpecs(b)
	if err != nil {
		t.Fatal(err)
	}
	values, err := Params(b)
	if err != nil {
		t.Fatal(err)
	}
	now := map[string]any{}
	for _, v := range values {
		if _, newer := now[v.Name]; !newer {
			now[v.Name] = v.Value
		}
	}
	for _, spec := range specs {
		value, ok := changedValue(spec, now[spec.Name], change)
		if !ok {
			continue
		}
		out, _, err := SetParam(b, ParamChange{Name: spec.Name, Value: value, ValidFrom: "2026-01-01", Source: "SK Bupati 188/2026"}, "2026-11-22")
		if err != nil {
			t.Fatalf("%s to %v: %v", spec.Name, value, err)
		}
		b, changed = out, changed+1
	}
	return b, changed
}

// changedValue changes a number, or the numbers of a map; false where there is none or a bound forbids it.
func changedValue(spec ParamSpec, now any, change func(int) int) (any, bool) {
	switch spec.Kind {
	case KindWhole:
		var n int
		_, err := fmt.Sscan(fmt.Sprint(now), &n)
		to := change(n)
		return to, err == nil && to != n && (spec.Min == nil || to >= *spec.Min) && (spec.Max == nil || to <= *spec.Max)
	case KindMap:
		members, _ := now.(map[string]any)
		out, any := maps.Clone(members), false
		for _, key := range spec.Keys {
			if v, ok := changedValue(key, members[key.Name], change); ok && key.Kind == KindWhole {
				out[key.Name], any = v, true
			}
		}
		return out, any
	}
	return nil, false
}
