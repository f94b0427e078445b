package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"layak/policy"
)

// population is what a child holds for a Session.
type population struct {
	engines     []*policy.Engine
	distinction *policy.Distinction
}

func (h *handler) open(ctx context.Context, r request) (any, error) {
	a, err := decode[openArgs](r)
	if err != nil {
		return nil, err
	}
	p := &population{engines: make([]*policy.Engine, len(a.Bundles))}
	err = inParallel(len(a.Bundles), func(i int) (err error) {
		p.engines[i], err = policy.NewEngine(ctx, a.Bundles[i])
		return err
	})
	if err != nil {
		return nil, err
	}
	p.distinction, err = policy.Distinguish(ctx, a.Frame, p.engines...)
	if err != nil {
		return nil, err
	}
	h.population = p
	return opened{p.distinction.Path, p.distinction.Why, p.distinction.Columns(),
		slices.ContainsFunc(p.engines, (*policy.Engine).ReadsHousehold)}, nil
}

func (h *handler) classes(ctx context.Context, r request) (any, error) {
	a, err := decode[classesArgs](r)
	if err != nil {
		return nil, err
	}
	if h.population == nil {
		return nil, fmt.Errorf("classes of %s: no population is open", a.Columns)
	}
	tuples, err := tuplesOf(a)
	if err != nil {
		return nil, fmt.Errorf("values of %s: %w", a.Columns, err)
	}
	return h.population.distinction.Classes(ctx, a.Columns, tuples)
}

// tuplesOf reads the values as the caller had them; null is absent.
func tuplesOf(a classesArgs) (tuples [][]any, err error) {
	members := slices.Index(a.Columns, policy.Members)
	dec := json.NewDecoder(bytes.NewReader(a.Tuples))
	dec.UseNumber()
	err = dec.Decode(&tuples)
	if err != nil {
		return nil, err
	}
	for i, tuple := range tuples {
		if len(tuple) != len(a.Columns) {
			return nil, fmt.Errorf("tuple %d has %d values", i, len(tuple))
		}
		for j, v := range tuple {
			switch v := v.(type) {
			case json.Number:
				var whole int64
				whole, err = v.Int64()
				tuple[j] = int(whole)
			case []any:
				if j == members {
					tuple[j], err = membersOf(v)
				}
			}
			if err != nil {
				return nil, fmt.Errorf("tuple %d: %w", i, err)
			}
		}
	}
	return tuples, nil
}

// membersOf reads the members of a family card again as what they are.
func membersOf(list []any) (members []policy.Member, err error) {
	data, err := json.Marshal(list)
	if err == nil {
		err = json.Unmarshal(data, &members)
	}
	return members, err
}

// inFull decides as a check does and leaves the words out afterwards.
func inFull(e *policy.Engine, ctx context.Context, in policy.Input) (policy.Brief, error) { //nolint:revive // a method expression puts the engine first
	d, err := e.Decide(ctx, in)
	if err != nil {
		return policy.Brief{}, err
	}
	return d.Brief(), nil
}

// briefs asks one of the rule sets about all inputs in one of the two ways.
func (h *handler) briefs(ctx context.Context, r request, ask func(*policy.Engine, context.Context, policy.Input) (policy.Brief, error)) (any, error) {
	a, err := decode[briefsArgs](r)
	if err != nil {
		return nil, err
	}
	if h.population == nil || a.Index < 0 || a.Index >= len(h.population.engines) {
		return nil, fmt.Errorf("no rule set %d is open", a.Index)
	}
	e := h.population.engines[a.Index]
	out := make([]policy.Brief, len(a.Inputs))
	err = inParallel(len(a.Inputs), func(i int) (err error) {
		out[i], err = ask(e, ctx, a.Inputs[i])
		return err
	})
	if err != nil {
		return nil, asFault(err)
	}
	return out, nil
}

// inParallel calls do for 0 to n-1 on all processors and gives the first error.
func inParallel(n int, do func(int) error) error {
	var (
		next  atomic.Int64
		first atomic.Pointer[error]
		all   sync.WaitGroup
	)
	for range min(runtime.GOMAXPROCS(0), n) {
		all.Go(func() {
			for first.Load() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				err := do(i)
				if err != nil {
					first.CompareAndSwap(nil, &err)
				}
			}
		})
	}
	all.Wait()
	if err := first.Load(); err != nil {
		return *err
	}
	return nil
}
