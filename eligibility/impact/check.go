package impact

import (
	"context"

	"layak/eligibility"
	"layak/policy"
)

// single is a resident decided one by one, as a desk would, on facts read from the registry itself; nil
// where a rule set cannot decide.
type single struct {
	who    int
	briefs [2]*policy.Brief
}

// singles decides the residents of the self-check. It needs nothing of the classes, so it runs beside
// them.
func (r *run) singles(ctx context.Context, who []int) ([]single, error) {
	sampler := r.Checker.Sampler(r.Keeper.Store.RegistryOf(r.people.Revision), r.frame)
	if !r.rules.ReadsHousehold() {
		sampler = sampler.Alone()
	}
	out := make([]single, 0, len(who))
	for from := 0; from < len(who); from += perCall {
		part := who[from:min(from+perCall, len(who))]
		niks := make([]eligibility.NIK, len(part))
		for k, i := range part {
			niks[k] = r.people.NIK(i)
		}
		in, err := sampler.Inputs(ctx, niks)
		if err != nil {
			return nil, err
		}
		var both [2][]*policy.Brief
		for i := range both {
			both[i], err = r.decideEach(ctx, i, in)
			if err != nil {
				return nil, err
			}
		}
		for k, i := range part {
			out = append(out, single{i, [2]*policy.Brief{both[base][k], both[draft][k]}})
		}
		r.tell(Progress{Stage: "check", Done: len(out), Total: len(who)})
	}
	return out, nil
}

// decideEach decides inputs by a rule set; one at a time when it fails on one of all.
func (r *run) decideEach(ctx context.Context, i int, in []policy.Input) ([]*policy.Brief, error) {
	out, _, err := oneByOne(ctx, in, func(ctx context.Context, in []policy.Input) ([]policy.Brief, error) {
		return r.rules.Decide(ctx, i, in)
	})
	return out, err
}

// size is how many residents the self-check decides.
func (r *run) size() int {
	n := r.people.Len()
	want := min(selfCheck, n)
	if r.Full {
		want = min(n, max(want, (n+fullCheck-1)/fullCheck))
	}
	return want
}

// compare holds the classes against the residents who were decided one by one.
func (r *run) compare(list []single) Check {
	c := Check{Compared: len(list), Full: r.Full, Seed: r.Seed}
	for _, s := range list {
		class := r.classes.of[s.who]
		for i, one := range s.briefs {
			of := r.briefs[i][class]
			if (of == nil) != (one == nil) || of != nil && !of.Equal(*one) {
				c.Differences++
			}
		}
	}
	return c
}

// drawn are so many residents, each at most once.
func (r *run) drawn(n int) []int {
	all := r.people.Len()
	if n == all {
		who := make([]int, n)
		for i := range who {
			who[i] = i
		}
		return who
	}
	taken := make(map[int]bool, n)
	who := make([]int, 0, n)
	for len(who) < n {
		i := r.random.IntN(all)
		if !taken[i] {
			taken[i] = true
			who = append(who, i)
		}
	}
	return who
}
