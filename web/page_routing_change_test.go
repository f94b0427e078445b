package web

import (
	"maps"
	"testing"

	"layak/policy"
)

// TestOnlyRouting: a clock of complaints that is changed by form is told beside a preview that finds no
// change; a limit of a check is not.
func TestOnlyRouting(t *testing.T) {
	shipped := policy.Shipped()
	for name, want := range map[string]bool{"verify_days": true, "max_desil": false} {
		b, _, err := policy.SetParam(shipped, policy.ParamChange{Name: name, Value: 6, ValidFrom: "2027-01-01", Source: "SK Bupati 188/2026"}, "2026-11-22")
		if err != nil {
			t.Fatal(err)
		}
		if got := onlyRouting(shipped.Files, b.Files); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if onlyRouting(shipped.Files, maps.Clone(shipped.Files)) {
		t.Error("the same rules change complaints")
	}
}
