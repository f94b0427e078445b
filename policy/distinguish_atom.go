package policy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

// atom is a condition that rests on one column, or a few together, and on nothing else of the person:
// some expressions of a rule's body that hang together by their variables.
type atom struct {
	by    *analyst // of the rules that it is a condition of
	exprs []*ast.Expr
}

// question asks several conditions of one rule set at once. What the rules that they name come to is
// computed once for all of them.
type question struct {
	engine *Engine
	day    dayOf
	query  rego.PreparedEvalQuery
	atoms  int
}

// newQuestion makes the conditions one query against the rules of the engine: a list with a set for
// each, which is empty when the condition does not hold.
func (a *analyst) newQuestion(atoms []atom) (question, error) {
	sets := make([]*ast.Term, len(atoms))
	for i, t := range atoms {
		body := make(ast.Body, len(t.exprs))
		for k, x := range t.exprs {
			body[k] = x.Copy()
			body[k].Index = k
		}
		sets[i] = ast.SetComprehensionTerm(ast.BooleanTerm(true), body)
	}
	query, err := a.prepared(ast.ArrayTerm(sets...))
	if err != nil {
		return question{}, fmt.Errorf("prepare conditions: %w", err)
	}
	return question{engine: a.engine, day: dayOf{a.frame.ServiceOn, a.frame.Office.Regency}, query: query, atoms: len(atoms)}, nil
}

// prepared makes a term a query against the rules of the engine.
func (a *analyst) prepared(t *ast.Term) (rego.PreparedEvalQuery, error) {
	return rego.New(
		rego.ParsedQuery(ast.NewBody(ast.NewExpr(t))),
		rego.Compiler(a.engine.written.compiler), rego.Store(a.store), rego.Capabilities(sandbox()),
		rego.StrictBuiltinErrors(true),
		rego.GenerateJSON(func(t *ast.Term, _ *rego.EvalContext) (any, error) { return t, nil }),
	).PrepareForEval(a.ctx)
}

// ask appends to out a sign for each condition: whether it holds on the input.
func (q *question) ask(ctx context.Context, input ast.Value, out []byte) ([]byte, error) {
	list, err := evaluate(ctx, q.query, packagePath, input, &q.engine.days, q.day)
	if err != nil {
		return out, fmt.Errorf("evaluate conditions: %w", err)
	}
	sets, ok := list.Value.(*ast.Array)
	if !ok || sets.Len() != q.atoms {
		return out, errors.New("evaluate conditions: the answer is not a list of them")
	}
	for i := range q.atoms {
		set, ok := sets.Elem(i).Value.(ast.Set)
		switch {
		case !ok:
			return out, errors.New("evaluate conditions: an answer is not a set")
		case set.Len() > 0:
			out = append(out, '1')
		default:
			out = append(out, '0')
		}
	}
	return out, nil
}

// questions makes the conditions of every use ready to be asked, those of one rule set together.
func (d *Distinction) questions() error {
	for _, u := range d.uses {
		for _, atoms := range u.byRules() {
			q, err := atoms[0].by.newQuestion(atoms)
			if err != nil {
				return err
			}
			u.questions = append(u.questions, q)
		}
	}
	return nil
}

// byRules groups the conditions of the use by the rule sets that they are of.
func (u *use) byRules() [][]atom {
	var out [][]atom
	place := map[*analyst]int{}
	for _, t := range u.atoms {
		i, known := place[t.by]
		if !known {
			i, place[t.by] = len(out), len(out)
			out = append(out, nil)
		}
		out[i] = append(out[i], t)
	}
	return out
}

// fork copies what an analysis has found, to try a way that may be given up.
func (a *analyst) fork() *analyst {
	b := *a
	out := *a.out
	out.uses = map[string]*use{}
	for key, u := range a.out.uses {
		c := *u
		c.atoms, c.texts = slices.Clone(u.atoms), maps.Clone(u.texts)
		out.uses[key] = &c
	}
	b.out, b.walked, b.taken = &out, maps.Clone(a.walked), maps.Clone(a.taken)
	return &b
}

// wholes counts the columns that are told apart value by value.
func (a *analyst) wholes() int {
	n := 0
	for _, u := range a.out.uses {
		if u.whole {
			n++
		}
	}
	return n
}

// atoms counts the conditions.
func (a *analyst) atoms() int {
	n := 0
	for _, u := range a.out.uses {
		n += len(u.atoms)
	}
	return n
}

// keep makes an atom of a condition.
func (a *analyst) keep(columns []string, part []*ast.Expr) {
	key := strings.Join(columns, " ") + "\x00" + plainly(ast.Body(part).String())
	if a.taken[key] {
		return
	}
	a.taken[key] = true
	u := a.out.use(columns...)
	u.texts[words(part)] = true
	if !a.askedAlready(key, part) {
		u.atoms = append(u.atoms, atom{a.origin, part})
	}
}

// words gives the condition as it was written.
func words(part []*ast.Expr) string {
	var lines []string
	for _, x := range part {
		text := ""
		if x.Location != nil {
			text = strings.Join(strings.Fields(string(x.Location.Text)), " ")
		}
		if text == "" {
			text = x.String()
		}
		if !slices.Contains(lines, text) {
			lines = append(lines, text)
		}
	}
	return strings.Join(lines, "; ")
}
