package eligibility

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"layak/policy"
)

// outcomes are rules that tell the outcome without its words, in half of the time, and whether any of
// them looks at the other members of a family card, which cost as much to read as the person himself.
type outcomes interface {
	brief
	ReadsHousehold() bool
}

// brief gives a decision without its words.
type brief interface {
	Brief(ctx context.Context, in policy.Input) (policy.Brief, error)
}

// briefly gives the rules as they are asked for outcomes: about many who are alike once.
func (r *Repeater) briefly(rules Rules) brief {
	if r.rules != rules {
		r.rules, r.alike = rules, nil
		if a, ok := rules.(interface{ Alike() *policy.Alike }); ok && !r.each {
			r.alike = a.Alike()
		}
	}
	if r.alike != nil {
		return r.alike
	}
	b, _ := rules.(brief)
	return b
}

// Differing is All for those who only want what comes out otherwise: of a determination whose outcome
// stays the same, New holds nothing but that outcome. policy.ErrNotAlike: what it said so far may be
// wrong, see Each.
func (r *Repeater) Differing(ctx context.Context, ds []Determination, purpose string) ([]Repeat, error) {
	b, err := r.Read(ctx, ds)
	if err != nil {
		return nil, err
	}
	return r.DifferingOf(ctx, b, purpose)
}

// Batch is determinations with the people whom they are about, as the registry knows them.
type Batch struct {
	list  []Determination
	still *Checker // nil: nobody is read yet
}

// Read reads the people of determinations, so that they can be decided by DifferingOf. It may run while
// another batch is decided.
func (r *Repeater) Read(ctx context.Context, ds []Determination) (*Batch, error) {
	b := &Batch{list: ds}
	if len(ds) == 0 || !briefs(r.checker.Book.Active()) {
		return b, nil
	}
	still, held, err := r.peopleFor(ctx, ds, bare)
	if err != nil {
		return nil, err
	}
	held.alone = true
	b.still = still
	return b, nil
}

// briefs tells whether the rules can be asked for outcomes alone, about a person without his card.
func briefs(rules Rules) bool {
	o, ok := rules.(outcomes)
	return ok && !o.ReadsHousehold()
}

// DifferingOf is Differing for a batch that was read before.
func (r *Repeater) DifferingOf(ctx context.Context, b *Batch, purpose string) ([]Repeat, error) {
	ds := b.list
	active := r.checker.Book.Active()
	if !briefs(active) {
		return r.All(ctx, ds, purpose)
	}
	if b.still == nil && len(ds) > 0 { // other rules were in force when it was read
		return r.Differing(ctx, ds, purpose)
	}
	out, err := outcomesOf(ctx, b.still, r.briefly(active), ds)
	if err != nil {
		return nil, err
	}
	var places []int
	var others []Determination
	for i := range out {
		if out[i].Err == nil && out[i].New.Outcome != ds[i].Outcome {
			places, others = append(places, i), append(others, ds[i])
		}
	}
	if len(others) == 0 {
		return out, nil
	}
	whole, err := r.All(ctx, others, purpose)
	if err != nil {
		return nil, err
	}
	for i, at := range places {
		out[at] = whole[i]
	}
	return out, nil
}

// outcomesOf decides without words, and without the other members of the card.
func outcomesOf(ctx context.Context, still *Checker, rules brief, ds []Determination) ([]Repeat, error) {
	out := make([]Repeat, len(ds))
	var next atomic.Int64
	var work sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(ds)) {
		work.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(ds) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				out[i].Old = ds[i]
				found, _, err := still.gatherAgain(ctx, ds[i])
				if err != nil {
					out[i].Err = err
					continue
				}
				brief, err := rules.Brief(ctx, found.input)
				if err != nil {
					out[i].Err = fmt.Errorf("repeat determination %s: %w", ds[i].ID, err)
				}
				out[i].New.Outcome = brief.Outcome
			}
		})
	}
	work.Wait()
	for i := range out {
		if errors.Is(out[i].Err, policy.ErrNotAlike) {
			return nil, out[i].Err
		}
	}
	return out, ctx.Err()
}

// Compare is Checker.Compare for what Differing gave: what it asks about many who are alike is asked once.
func (r *Repeater) Compare(ctx context.Context, old, made Determination, number func(hash string) int) (Change, error) {
	return r.checker.compare(ctx, old, made, number, r.alike)
}
