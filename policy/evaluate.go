package policy

import (
	"context"
	"errors"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// defaultTimeout bounds one decision; a healthy one takes well under a millisecond.
const defaultTimeout = time.Second

type timeoutKey struct{}

// WithTimeout sets how long one decision under ctx may take, instead of one second.
func WithTimeout(ctx context.Context, d time.Duration) context.Context {
	return context.WithValue(ctx, timeoutKey{}, d)
}

// timed bounds ctx by the time that one decision under it may take.
func timed(ctx context.Context) (context.Context, context.CancelFunc) {
	limit, ok := ctx.Value(timeoutKey{}).(time.Duration)
	if !ok {
		limit = defaultTimeout
	}
	return context.WithTimeout(ctx, limit)
}

// evaluate asks a prepared query about an input and gives the one term that it yields. What the rules
// under path came to on an earlier evaluation of the day is not computed again.
func evaluate(ctx context.Context, q rego.PreparedEvalQuery, path ast.Ref, input ast.Value, known *days, day dayOf) (*ast.Term, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	// The deadline is watched by the timer of the context, not by a goroutine for each decision.
	stop := topdown.NewCancel()
	defer context.AfterFunc(ctx, stop.Cancel)()
	cache := newRuleCache(path, known.get(day))
	defer cache.release()
	results, err := q.Eval(ctx, rego.EvalParsedInput(input), rego.EvalVirtualCache(cache),
		rego.EvalExternalCancel(stop), rego.EvalMetrics(metrics.NoOp()))
	if err != nil {
		return nil, nameless(err)
	}
	if len(results) != 1 || len(results[0].Expressions) != 1 {
		return nil, errors.New("no answer")
	}
	term, ok := results[0].Expressions[0].Value.(*ast.Term)
	if !ok {
		return nil, errors.New("the answer is not a term")
	}
	known.learn(day, cache)
	return term, nil
}
