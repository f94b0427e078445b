package impact

import (
	"context"
	"slices"
	"time"

	"layak/policy"
)

// Here opens rule sets in this process. It is for rules that were approved, and for tests.
func Here(ctx context.Context, frame policy.Frame, bundles ...policy.Bundle) (Rules, error) {
	h := &here{}
	for _, b := range bundles {
		e, err := policy.NewEngine(ctx, b)
		if err != nil {
			return nil, err
		}
		h.engines = append(h.engines, e)
	}
	var err error
	h.Distinction, err = policy.Distinguish(ctx, frame, h.engines...)
	return h, err
}

type here struct {
	*policy.Distinction
	engines []*policy.Engine
}

// Path implements Rules.
func (h *here) Path() (policy.Path, string) { return h.Distinction.Path, h.Distinction.Why }

// ReadsHousehold implements Rules.
func (h *here) ReadsHousehold() bool {
	return slices.ContainsFunc(h.engines, (*policy.Engine).ReadsHousehold)
}

// Briefs implements Rules.
func (h *here) Briefs(ctx context.Context, i int, in []policy.Input) ([]policy.Brief, error) {
	out := make([]policy.Brief, len(in))
	return out, inParallel(len(in), func(k int) (err error) {
		out[k], err = h.engines[i].Brief(ctx, in[k])
		return err
	})
}

// Decide implements Rules.
func (h *here) Decide(ctx context.Context, i int, in []policy.Input) ([]policy.Brief, error) {
	return DecideAll(ctx, h.engines[i], in)
}

// patience is how long one decision of many may take, on a machine that is busy with others.
const patience = 20 * time.Second

// DecideAll decides each input by compiled rules and leaves the words out afterwards.
func DecideAll(ctx context.Context, e interface {
	Decide(ctx context.Context, in policy.Input) (policy.Decision, error)
}, in []policy.Input) ([]policy.Brief, error) {
	out := make([]policy.Brief, len(in))
	ctx = policy.WithTimeout(ctx, patience) // nobody stands at the desk
	return out, inParallel(len(in), func(k int) error {
		d, err := e.Decide(ctx, in[k])
		out[k] = d.Brief()
		return err
	})
}

// Close implements Rules.
func (h *here) Close() {}
