package policy

import (
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Figures of the parameter file that no calendar can count are refused before a case gets them.
func TestRoutingRefusesFiguresWithoutSense(t *testing.T) {
	clock := func(text string) error { return addClock(&Routing{}, ast.MustParseTerm(text).Value.(ast.Object)) }
	rung := func(text string) error { return addRung(&Routing{}, ast.MustParseTerm(text).Value.(ast.Object)) }
	task := func(text string) error { return addTask(&Routing{}, ast.MustParseTerm(text).Value.(ast.Object)) }
	for _, c := range []struct {
		name string
		err  error
		ok   bool
	}{
		{"usual", clock(`{"kind": "resolve", "amount": 60, "measure": "working_days"}`), true},
		{"three years", clock(`{"kind": "resolve", "amount": 750, "measure": "working_days"}`), true},
		{"negative", clock(`{"kind": "resolve", "amount": -1, "measure": "working_days"}`), false},
		{"none", clock(`{"kind": "resolve", "amount": 0, "measure": "hours"}`), false},
		{"beyond reason", clock(`{"kind": "resolve", "amount": 751, "measure": "working_days"}`), false},
		{"more than an int", clock(`{"kind": "resolve", "amount": 99999999999999999999, "measure": "hours"}`), false},
		{"half", clock(`{"kind": "resolve", "amount": 0.5, "measure": "hours"}`), false},
		{"no measure", clock(`{"kind": "resolve", "amount": 5, "measure": "moons"}`), false},
		{"usual rung", rung(`{"percent": 75, "to": "desk"}`), true},
		{"rung before the start", rung(`{"percent": -5, "to": "desk"}`), false},
		{"rung without end", rung(`{"percent": 100000, "to": "desk"}`), false},
		{"usual task", task(`{"desk": {"kinds": ["puskesmas"]}, "act": "Temui", "amount": 4, "measure": "hours"}`), true},
		{"task without end", task(`{"desk": {"kinds": ["puskesmas"]}, "act": "Temui", "amount": 400000, "measure": "hours"}`), false},
	} {
		if (c.err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, c.err)
		}
	}
}
