package policy

import (
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

// ask is one thing that an explanation wants to know of a decision: whether lines hold, or what a term
// comes to.
type ask struct {
	key   string
	lines ast.Body
	value *ast.Term // nil: only whether the lines hold
}

// answers are how the questions came out, and the values of terms: nil of one that has none.
type answers struct {
	holds  map[string]bool
	values map[string]ast.Value
}

// asksOf are what has to be known to tell of a question.
func asksOf(a *inquiry) []ask {
	var out []ask
	switch {
	case a.body != nil:
		return []ask{{key: a.key, lines: a.body}}
	case a.expr == nil:
		return nil
	}
	lines := ast.NewBody(a.expr)
	if t, ok := a.expr.Terms.(*ast.Term); ok && a.known { // a value that is no is one
		lines = ast.NewBody(ast.Assign.Expr(ast.VarTerm("nilai_"), t.Copy()))
	}
	out = append(out, ask{key: a.key, lines: lines})
	for _, t := range operandsOf(a) {
		if !isConstant(t) {
			out = append(out, ask{key: t.String(), value: t})
		}
	}
	return out
}

// operandsOf are the values that a question compares.
func operandsOf(a *inquiry) []*ast.Term {
	if a.expr == nil || a.helper != "" || a.within != nil {
		return nil
	}
	switch terms := a.expr.Terms.(type) {
	case *ast.Term:
		return []*ast.Term{terms}
	case []*ast.Term:
		return terms[1:]
	}
	return nil
}

// explainTimeout bounds an explanation, in processor time where that is known.
const explainTimeout = 5 * defaultTimeout

// answer asks everything at once: {KEY: {true | LINES}, …} under the rules.
func answer(ctx context.Context, l *loaded, in Input, asks []ask) (answers, error) {
	out := answers{holds: map[string]bool{}, values: map[string]ast.Value{}}
	holds, values := ast.NewObject(), ast.NewObject()
	for _, a := range asks {
		if a.value == nil {
			holds.Insert(ast.StringTerm(a.key), ast.SetComprehensionTerm(ast.BooleanTerm(true), a.lines.Copy()))
			continue
		}
		v := ast.VarTerm("nilai_")
		values.Insert(ast.StringTerm(a.key), ast.SetComprehensionTerm(v, ast.NewBody(ast.Assign.Expr(v, a.value.Copy()))))
	}
	query, err := rego.New(
		rego.ParsedQuery(ast.NewBody(ast.NewExpr(ast.ArrayTerm(ast.NewTerm(holds), ast.NewTerm(values))))),
		rego.ParsedPackage(&ast.Package{Path: packagePath}), rego.Compiler(l.compiler), rego.Capabilities(sandbox()),
		rego.Store(inmem.NewFromObjectWithOpts(l.data, inmem.OptReturnASTValuesOnRead(true))),
		rego.GenerateJSON(func(t *ast.Term, _ *rego.EvalContext) (any, error) { return t, nil }),
	).PrepareForEval(ctx)
	if err != nil {
		return out, fmt.Errorf("prepare explanation: %w", err)
	}
	slow, cancel := context.WithTimeout(ctx, patience*explainTimeout)
	defer cancel()
	timed := beginLap(slow, explainTimeout)
	defer timed.stop()
	results, err := query.Eval(timed, rego.EvalParsedInput(inputValue(&in, true)))
	if err != nil {
		if timed.Err() != nil {
			return out, tooLate(err)
		}
		return out, fmt.Errorf("evaluate explanation: %w", err)
	}
	if len(results) == 1 && len(results[0].Expressions) == 1 {
		if t, ok := results[0].Expressions[0].Value.(*ast.Term); ok {
			out.take(t)
		}
	}
	return out, nil
}

// take reads the result of the query.
func (a *answers) take(t *ast.Term) {
	both, ok := t.Value.(*ast.Array)
	if !ok || both.Len() != 2 {
		return
	}
	each := func(t *ast.Term, note func(key string, found ast.Set)) {
		o, ok := t.Value.(ast.Object)
		if !ok {
			return
		}
		o.Foreach(func(k, v *ast.Term) {
			key, _ := k.Value.(ast.String)
			if found, ok := v.Value.(ast.Set); ok {
				note(string(key), found)
			}
		})
	}
	each(both.Elem(0), func(key string, found ast.Set) { a.holds[key] = found.Len() > 0 })
	each(both.Elem(1), func(key string, found ast.Set) {
		a.values[key] = nil
		if found.Len() == 1 {
			a.values[key] = found.Slice()[0].Value
		}
	})
}
