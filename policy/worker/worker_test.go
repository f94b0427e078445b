package worker

import (
	"testing"

	"layak/policy"
)

// TestShippedRulesInAChild asks a child what the package itself would say.
func TestShippedRulesInAChild(t *testing.T) {
	p := New(Limits{})
	defer p.Close()
	found, err := p.Verify(t.Context(), policy.Shipped())
	if err != nil || len(found) > 0 {
		t.Fatal(found, err)
	}
	_, changed, err := p.Format(t.Context(), policy.Shipped())
	if err != nil || len(changed) > 0 {
		t.Fatal(changed, err)
	}
}
