package policy

import (
	"testing"

	"pgregory.net/rapid"
)

// The brief of an input is the brief of its decision.
func TestBriefIsTheDecisionWithoutWords(t *testing.T) {
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		in := anyInput().Draw(r, "input")
		d, err := e.Decide(t.Context(), in)
		if err != nil {
			return // refused, as Brief refuses it
		}
		b, err := e.Brief(t.Context(), in)
		if err != nil {
			r.Fatal(err)
		}
		if !b.Equal(d.Brief()) {
			r.Fatalf("brief %+v of decision %+v", b, d)
		}
	})
}
