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
	tuples := make([][]any, len(a.Tuples))
	for i, raw := range a.Tuples {
		if len(raw) != len(a.Columns) {
			return nil, fmt.Errorf("tuple %d of %s has %d values", i, a.Columns, len(raw))
		}
		tuples[i] = make([]any, len(raw))
		for j, column := range a.Columns {
			tuples[i][j], err = columnValue(column, raw[j])
			if err != nil {
				return nil, fmt.Errorf("tuple %d of %s: %w", i, a.Columns, err)
			}
		}
	}
	return h.population.distinction.Classes(ctx, a.Columns, tuples)
}

// columnValue reads one value as the caller had it; null is absent.
func columnValue(column string, raw json.RawMessage) (any, error) {
	if column == policy.Members {
		var members []policy.Member
		err := json.Unmarshal(raw, &members)
		if err != nil || members == nil {
			return nil, err
		}
		return members, nil
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	if err != nil {
		return nil, err
	}
	if n, ok := v.(json.Number); ok {
		i, err := n.Int64()
		return int(i), err
	}
	return v, nil
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
