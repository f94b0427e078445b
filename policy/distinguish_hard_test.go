package policy

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
)

// Whoever has a fact on which a condition ends in an error is alike to nobody else: where the rules come
// to that condition they fail, and elsewhere they do not.
func TestFactsOnWhichRulesFail(t *testing.T) {
	e, err := NewEngine(t.Context(), Shipped().with("trial.rego", []byte(`package layak.eligibility

# METADATA
# title: Percobaan
# custom:
#   code: trial
#   order: 900
#   article: Pertimbangan program
#   effective_from: "2026-01-01"
#   remedy: Tidak ada.
#   document: ""
findings contains {"code": "trial", "verdict": "note", "seen": "x"} if to_number(input.resident.village) > 1
`)))
	if err != nil {
		t.Fatal(errors.Unwrap(err), err)
	}
	d, err := Distinguish(t.Context(), populationFrame, e)
	if err != nil {
		t.Fatal(err)
	}
	got, err := d.Classes(t.Context(), []string{"resident.village"}, [][]any{{"2"}, {"35.09.19.2001"}, {"3"}, {"35.09.19.2002"}, {"0"}})
	if want := []uint32{0, 1, 0, 2, 3}; err != nil || !slices.Equal(got, want) {
		t.Errorf("classes %v, want %v (%v)", got, want, err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := d.Classes(stopped, []string{"resident.village"}, [][]any{{"2"}, {"3"}}); err == nil {
		t.Error("a question that was cut off is answered")
	}
}

// A rule that decides by the words of findings cannot be taken apart: then values count.
func TestHardRulesAreToldApartByValues(t *testing.T) {
	b := Shipped()
	src := strings.Replace(string(b.Files["outcome.rego"]), "} else := \"eligible\"", "} else := \"needs_information\" if {\n\tsome f in reasons\n\tf.seen == \"x\"\n} else := \"eligible\"", 1)
	e, err := NewEngine(t.Context(), b.with("outcome.rego", []byte(src)))
	if err != nil {
		t.Fatal(errors.Unwrap(err), err)
	}
	d, err := Distinguish(t.Context(), populationFrame, e)
	if err != nil {
		t.Fatal(err)
	}
	if d.Path != ByValues || d.Why == "" {
		t.Fatalf("told apart by %s %q", d.Path, d.Why)
	}
	for _, u := range d.Columns() {
		if !u.Whole {
			t.Errorf("%s is not told apart by its values", u.Columns)
		}
	}
	alike(t, d, population(13, 500, populationFrame), e)
}
