package policy

import (
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/rego"
)

// atom is a condition that rests on one column and on nothing else of the person: some expressions
// of a rule's body that hang together by their variables.
type atom struct {
	engine *Engine
	day    dayOf
	query  rego.PreparedEvalQuery
}

// newAtom makes the expressions a query against the rules of the engine.
func (a *analyst) newAtom(exprs []*ast.Expr) (atom, error) {
	body := make(ast.Body, len(exprs))
	for i, x := range exprs {
		body[i] = x.Copy()
		body[i].Index = i
	}
	query, err := rego.New(
		rego.ParsedQuery(body), rego.Compiler(a.engine.written.compiler), rego.Store(a.store), rego.Capabilities(sandbox()),
		rego.StrictBuiltinErrors(true),
		rego.GenerateJSON(func(t *ast.Term, _ *rego.EvalContext) (any, error) { return t, nil }),
	).PrepareForEval(a.ctx)
	if err != nil {
		return atom{}, fmt.Errorf("prepare condition: %w", err)
	}
	return atom{engine: a.engine, day: dayOf{a.frame.ServiceOn, a.frame.Office.Regency}, query: query}, nil
}

// holds tells whether the condition holds on the input.
func (t *atom) holds(ctx context.Context, input ast.Value) (bool, error) {
	cache := newRuleCache(packagePath, t.engine.days.get(t.day))
	defer cache.release()
	results, err := t.query.Eval(ctx, rego.EvalParsedInput(input), rego.EvalVirtualCache(cache), rego.EvalMetrics(metrics.NoOp()))
	if err != nil {
		return false, fmt.Errorf("evaluate condition: %w", err)
	}
	t.engine.days.learn(t.day, cache)
	return len(results) > 0, nil
}
