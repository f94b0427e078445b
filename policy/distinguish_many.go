package policy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// A registry has tens of thousands of birth dates. To ask a condition about each of them alone costs ten
// times as much as the condition does: a document is built, an evaluation begun, and what the rules say of
// the day looked up. So a condition that reads its column by name and nothing else of the person is asked
// about many values at once.
const (
	leastAtOnce = 64  // values of a column for which it pays to prepare that
	mostAtOnce  = 512 // values of one evaluation: if one of them ends it in an error, all are asked alone
)

// Names of a query about many values: the list of them in the input, the place of one, and the value itself.
const (
	valuesKey = "values"
	placeVar  = ast.Var("layak_place")
	valueVar  = ast.Var("layak_value")
)

// answerVar is where the answer of a condition stands.
func answerVar(i int) ast.Var { return ast.Var("layak_answer" + strconv.Itoa(i)) }

// manyQuestion asks conditions of one rule set about many values of a column.
type manyQuestion struct {
	of     *analyst
	day    dayOf
	query  ast.Body
	places []int // of its conditions among all of the use
}

// fewQuestion asks the other conditions of a rule set about one value.
type fewQuestion struct {
	question
	places []int
}

// ofValue writes a condition on a column as one on a variable. ok is false when it reads the person in
// another way than by the name of the column.
func (t atom) ofValue(column string) (body ast.Body, ok bool) {
	group, field, _ := strings.Cut(column, ".")
	path := ast.Ref{ast.InputRootDocument, ast.StringTerm(group), ast.StringTerm(field)}
	changed := false
	ast.WalkExprs(ast.Body(t.exprs), func(x *ast.Expr) bool {
		changed = changed || len(x.With) > 0
		return changed
	})
	if changed { // what the input is may change within the condition
		return nil, false
	}
	body = make(ast.Body, len(t.exprs))
	for i, x := range t.exprs {
		body[i] = x.Copy()
		ast.WalkTerms(body[i], func(t *ast.Term) bool {
			ref, isRef := t.Value.(ast.Ref)
			if isRef && ref.Equal(path) {
				t.Value = valueVar
			}
			return false
		})
	}
	return body, len(t.by.ofBody(body, nil)) == 0
}

// newManyQuestion makes a query of conditions that ofValue has written: for each of them the set of the
// places in the list of values where it holds. The conditions are out of compiled rules and the frame
// around them is written as a compiler would, so that it need not be compiled.
func (a *analyst) newManyQuestion(bodies []ast.Body, places []int) manyQuestion {
	var query ast.Body
	for i, body := range bodies {
		each := ast.Equality.Expr(ast.NewTerm(valueVar), ast.NewTerm(ast.Ref{
			ast.InputRootDocument, ast.StringTerm(valuesKey), ast.NewTerm(placeVar)}))
		all := append(ast.Body{each}, body...)
		for k, x := range all {
			x.Index = k
		}
		query.Append(ast.Equality.Expr(ast.NewTerm(answerVar(i)), ast.SetComprehensionTerm(ast.NewTerm(placeVar), all)))
	}
	return manyQuestion{of: a, day: dayOf{a.frame.ServiceOn, a.frame.Office.Regency}, places: places, query: query}
}

// ask gives for each condition the places of the values on which it holds.
func (q *manyQuestion) ask(ctx context.Context, values []*ast.Term) (holds [][]int, err error) {
	in := q.of.frame.Input()
	input, ok := inputValue(&in, false).(ast.Object)
	if !ok {
		return nil, errors.New("input is not an object")
	}
	input.Insert(ast.StringTerm(valuesKey), ast.ArrayTerm(values...))
	holds = make([][]int, len(q.places))
	err = q.evaluate(ctx, ast.NewTerm(input), func(i int, t *ast.Term) {
		n, _ := t.Value.(ast.Number)
		place, _ := n.Int()
		holds[i] = append(holds[i], place)
	})
	if err != nil {
		return nil, fmt.Errorf("evaluate conditions on many values: %w", err)
	}
	return holds, nil
}

// evaluate calls found for every place where a condition holds.
func (q *manyQuestion) evaluate(ctx context.Context, input *ast.Term, found func(condition int, place *ast.Term)) error {
	stop := topdown.NewCancel()
	defer context.AfterFunc(ctx, stop.Cancel)()
	known := &q.of.engine.days
	cache := newRuleCache(packagePath, known.get(q.day))
	defer cache.release()
	answers := 0
	err := storage.Txn(ctx, q.of.store, storage.TransactionParams{}, func(txn storage.Transaction) error {
		return topdown.NewQuery(q.query).WithCompiler(q.of.engine.written.compiler).WithStore(q.of.store).WithTransaction(txn).
			WithInput(input).WithCancel(stop).WithVirtualCache(cache).WithStrictBuiltinErrors(true).
			Iter(ctx, func(r topdown.QueryResult) error {
				for i := range q.places {
					set, ok := r[answerVar(i)].Value.(ast.Set)
					if !ok {
						return errors.New("an answer is not a set")
					}
					set.Foreach(func(t *ast.Term) { found(i, t) })
				}
				answers++
				return nil
			})
	})
	if err != nil {
		return err
	}
	if answers != 1 {
		return errors.New("no answer")
	}
	known.learn(q.day, cache)
	return nil
}

// byMany is how the conditions of a use are asked about many values of its one column.
type byMany struct {
	at  []manyQuestion
	few []fewQuestion // the rest, asked about each value alone
}

// manyOf parts the conditions on one column, the first time that somebody asks.
func (d *Distinction) manyOf(u *use) (*byMany, error) {
	d.preparing.Lock() // who finds out what a rule reads writes it down
	defer d.preparing.Unlock()
	if u.many != nil {
		return u.many, nil
	}
	var m byMany
	place := 0
	for _, atoms := range u.byRules() {
		a := atoms[0].by
		var bodies []ast.Body
		var rest []atom
		var ofBodies, ofRest []int
		for _, t := range atoms {
			if body, ok := t.ofValue(u.columns[0]); ok {
				bodies, ofBodies = append(bodies, body), append(ofBodies, place)
			} else {
				rest, ofRest = append(rest, t), append(ofRest, place)
			}
			place++
		}
		if len(bodies) > 0 {
			m.at = append(m.at, a.newManyQuestion(bodies, ofBodies))
		}
		if len(rest) > 0 {
			q, err := a.newQuestion(rest)
			if err != nil {
				return nil, err
			}
			m.few = append(m.few, fewQuestion{q, ofRest})
		}
	}
	u.many = &m
	return u.many, nil
}

// manyKeys gives the keys of many values of one column.
func (d *Distinction) manyKeys(ctx context.Context, u *use, tuples [][]any) ([]string, error) {
	many, err := d.manyOf(u)
	if err != nil {
		return nil, err
	}
	keys := make([]string, len(tuples))
	stretches := (len(tuples) + mostAtOnce - 1) / mostAtOnce
	err = inParallel(stretches, 1, func(n int) error {
		from, to := n*mostAtOnce, min((n+1)*mostAtOnce, len(tuples))
		signs, err := d.stretch(ctx, u, many.at, tuples[from:to])
		for i := from; i < to && err == nil; i++ {
			keys[i], err = d.complete(ctx, u, many.few, tuples, i, signs[i-from])
		}
		return err
	})
	return keys, err
}

// stretch asks the conditions that can be about many values at once. It knows nothing of who has no value,
// and of nobody when the rules fail on one of them: who that is comes out when each is asked alone.
func (d *Distinction) stretch(ctx context.Context, u *use, many []manyQuestion, tuples [][]any) ([][]byte, error) {
	values, at := make([]*ast.Term, 0, len(tuples)), make([]int, 0, len(tuples))
	signs := make([][]byte, len(tuples))
	for i, tuple := range tuples {
		if tuple[0] == nil {
			continue
		}
		v, err := columnTerm(u.columns[0], tuple[0])
		if err != nil {
			return nil, err
		}
		values, at = append(values, v), append(at, i)
		signs[i] = bytes.Repeat([]byte{'0'}, len(u.atoms))
	}
	for _, q := range many {
		holds, err := q.ask(ctx, values)
		if err != nil && cutShort(ctx, err) {
			return nil, err
		}
		if err != nil {
			return make([][]byte, len(tuples)), nil
		}
		for k, found := range holds {
			for _, n := range found {
				signs[at[n]][q.places[k]] = '1'
			}
		}
	}
	return signs, nil
}

// complete asks one value alone what was not asked of many: everything when nothing is known of it.
func (d *Distinction) complete(ctx context.Context, u *use, few []fewQuestion, tuples [][]any, i int, signs []byte) (string, error) {
	if signs == nil {
		return d.keyOf(ctx, u, tuples, i)
	}
	if len(few) == 0 {
		return string(signs), nil
	}
	input, err := d.frame.with(u.columns, tuples[i])
	if err != nil {
		return "", err
	}
	for _, q := range few {
		some, err := q.ask(ctx, input, nil)
		if err != nil && cutShort(ctx, err) {
			return "", err
		}
		if err != nil {
			return d.keyOf(ctx, u, tuples, i) // as of one that fails
		}
		for k, sign := range some {
			signs[q.places[k]] = sign
		}
	}
	return string(signs), nil
}
