package impact

import (
	"context"

	"layak/eligibility"
	"layak/policy"
)

// check decides residents one by one, as a desk would, on facts read from the registry itself, and
// compares: snapshot, classes and briefs all have to agree with it.
func (r *run) check(ctx context.Context) (Check, error) {
	n := r.people.Len()
	c := Check{Full: r.Full, Seed: r.Seed}
	want := min(selfCheck, n)
	if r.Full {
		want = min(n, max(want, (n+fullCheck-1)/fullCheck))
	}
	who := r.drawn(want)
	held := r.Keeper.Store.RegistryOf(r.people.Revision)
	for from := 0; from < len(who); from += perCall {
		part := who[from:min(from+perCall, len(who))]
		niks := make([]eligibility.NIK, len(part))
		for k, i := range part {
			niks[k] = r.people.NIK(i)
		}
		in, err := r.Checker.Inputs(ctx, held, niks, r.frame)
		if err != nil {
			return c, err
		}
		for i := range r.briefs {
			wrong, err := r.compare(ctx, i, part, in)
			if err != nil {
				return c, err
			}
			c.Differences += wrong
		}
		c.Compared += len(part)
		r.tell(Progress{Stage: "check", Done: c.Compared, Total: len(who)})
	}
	return c, nil
}

// compare counts those of whom rule set i says something else than of their class.
func (r *run) compare(ctx context.Context, i int, who []int, in []policy.Input) (wrong int, err error) {
	single, err := r.rules.Decide(ctx, i, in)
	if err != nil {
		return r.compareEach(ctx, i, who, in)
	}
	for k := range who {
		if b := r.briefs[i][r.classes.of[who[k]]]; b == nil || !b.Equal(single[k]) {
			wrong++
		}
	}
	return wrong, nil
}

// compareEach is compare when some cannot be decided: then their class cannot either.
func (r *run) compareEach(ctx context.Context, i int, who []int, in []policy.Input) (wrong int, err error) {
	for k := range who {
		b := r.briefs[i][r.classes.of[who[k]]]
		single, err := r.rules.Decide(ctx, i, in[k:k+1])
		switch {
		case ctx.Err() != nil:
			return wrong, ctx.Err()
		case err != nil && b != nil, err == nil && (b == nil || !b.Equal(single[0])):
			wrong++
		}
	}
	return wrong, nil
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
