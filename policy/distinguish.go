package policy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// Path says by what residents are told apart.
type Path string

// The paths. By conditions: two residents are alike when every condition that the rules hold a fact
// against comes out the same for both. By values: when every fact that the rules read is the same.
const (
	ByConditions Path = "conditions"
	ByValues     Path = "values"
)

// Distinction tells which residents some rule sets cannot tell apart, within one frame: those whose
// values fall into the same class in every use of Columns get the same Brief from each of them.
// It is safe for many goroutines.
type Distinction struct {
	Path  Path
	Why   string // why not by conditions; "" when it is
	frame Frame
	uses  map[string]*use // by the names of the columns, joined by spaces

	papers paperFields // what of them is read

	preparing *sync.Mutex
}

// ColumnUse is how the rules read one column, or a few that they only read together.
type ColumnUse struct {
	Columns    []string `json:"columns"`
	Whole      bool     `json:"whole"`            // each value of the one column is a class of its own
	Conditions []string `json:"conditions"`       // what the values are held against, as written in Rego; none when Whole
	Codes      []string `json:"codes"`            // findings that rest on them
	Fields     []string `json:"fields,omitempty"` // of Members: the fields of a member that are read
}

// use collects how columns are read.
type use struct {
	columns []string
	whole   bool
	atoms   []atom
	texts   map[string]bool
	codes   map[string]bool
	fields  map[string]bool

	questions []question // that ask all atoms
	many      *byMany    // that ask them about many values; nil until somebody does
}

// Distinguish looks into the rules of the engines. It does not fail because rules are hard to read:
// then the distinction is by values. Errors are those of an evaluation that was cut off.
func Distinguish(ctx context.Context, frame Frame, engines ...*Engine) (*Distinction, error) {
	d := &Distinction{Path: ByConditions, frame: frame, uses: map[string]*use{}, preparing: &sync.Mutex{}}
	var first *analyst
	for _, e := range engines {
		a := newAnalyst(ctx, e, frame, d)
		input, err := frame.with(nil, nil)
		if err != nil {
			return nil, err
		}
		a.input = input
		if first == nil {
			first = a
		} else {
			a.beside(first)
		}
		err = a.conditions()
		var hard *hardError
		if errors.As(err, &hard) {
			d = byValues(ctx, frame, hard.why, engines)
			break
		}
		if err != nil {
			return nil, fmt.Errorf("distinguish by rules %s: %w", e.hash, err)
		}
	}
	d.settle()
	d.noteFields()
	err := d.questions()
	if err != nil {
		return nil, fmt.Errorf("distinguish: %w", err)
	}
	for _, e := range engines {
		newAnalyst(ctx, e, frame, d).tell()
	}
	return d, nil
}

// byValues takes every column that the rules read as it is.
func byValues(ctx context.Context, frame Frame, why string, engines []*Engine) *Distinction {
	d := &Distinction{Path: ByValues, Why: why, frame: frame, uses: map[string]*use{}, preparing: &sync.Mutex{}}
	for _, e := range engines {
		a := newAnalyst(ctx, e, frame, d)
		for _, root := range []string{"outcome", "service_advice", findingsRule} {
			for c := range frame.differing(a.readBy(a.index[root])) {
				d.use(c).whole = true
			}
		}
	}
	return d
}

func (d *Distinction) use(columns ...string) *use {
	key := strings.Join(columns, " ")
	u := d.uses[key]
	if u == nil {
		u = &use{columns: columns, texts: map[string]bool{}, codes: map[string]bool{}, fields: map[string]bool{}}
		d.uses[key] = u
	}
	return u
}

// isWhole tells whether each value of the column is a class already.
func (d *Distinction) isWhole(column string) bool {
	u := d.uses[column]
	return u != nil && u.whole
}

// settle drops the conditions on columns whose values are all told apart anyway.
func (d *Distinction) settle() {
	for key, u := range d.uses {
		if u.whole {
			u.atoms, u.texts = nil, map[string]bool{}
			continue
		}
		told := !slices.ContainsFunc(u.columns, func(c string) bool { return !d.isWhole(c) })
		if told || len(u.atoms) == 0 {
			delete(d.uses, key)
		}
	}
}

// Columns lists by what residents are told apart, in the order of PopulationColumns.
func (d *Distinction) Columns() []ColumnUse {
	var out []ColumnUse
	for _, key := range slices.Sorted(maps.Keys(d.uses)) {
		u := d.uses[key]
		out = append(out, ColumnUse{
			Columns: slices.Clone(u.columns), Whole: u.whole, Conditions: slices.Sorted(maps.Keys(u.texts)),
			Codes: slices.Sorted(maps.Keys(u.codes)), Fields: slices.Sorted(maps.Keys(u.fields)),
		})
	}
	place := func(u ColumnUse) int { return slices.Index(allColumns, u.Columns[0]) }
	slices.SortStableFunc(out, func(a, b ColumnUse) int { return place(a) - place(b) })
	return out
}

// Classes gives the class of each tuple of values of the columns of a ColumnUse, from 0 up. Tuples
// are distinct; values are as PopulationColumns describes them, of Members each is a []Member.
// Columns that the rules do not read have one class. A tuple on which a condition ends in an error is a
// class of its own: the rules may fail on whoever has it.
func (d *Distinction) Classes(ctx context.Context, columns []string, tuples [][]any) ([]uint32, error) {
	classes := make([]uint32, len(tuples))
	u := d.uses[strings.Join(columns, " ")]
	if u == nil {
		return classes, nil
	}
	if u.whole {
		for i := range classes {
			classes[i] = uint32(i)
		}
		return classes, nil
	}
	keys, err := d.keys(ctx, u, tuples)
	if err != nil {
		return nil, fmt.Errorf("classes of %s: %w", columns, err)
	}
	known := map[string]uint32{}
	for i, k := range keys {
		class, ok := known[k]
		if !ok {
			class = uint32(len(known))
			known[k] = class
		}
		classes[i] = class
	}
	return classes, nil
}

// keys gives what makes the class of each tuple: a letter for every condition.
func (d *Distinction) keys(ctx context.Context, u *use, tuples [][]any) ([]string, error) {
	for _, tuple := range tuples {
		if len(tuple) != len(u.columns) {
			return nil, fmt.Errorf("%d values for %d columns", len(tuple), len(u.columns))
		}
	}
	if len(u.columns) == 1 && u.columns[0] != Members && len(tuples) >= leastAtOnce {
		return d.manyKeys(ctx, u, tuples)
	}
	keys := make([]string, len(tuples))
	err := inParallel(len(tuples), 64, func(i int) (err error) {
		keys[i], err = d.keyOf(ctx, u, tuples, i)
		return err
	})
	return keys, err
}

// keyOf asks one tuple alone. One on which a condition ends in an error has a key of its own.
func (d *Distinction) keyOf(ctx context.Context, u *use, tuples [][]any, i int) (string, error) {
	key, err := d.truths(ctx, u, tuples[i])
	if err != nil && !cutShort(ctx, err) { // the rules may fail on whoever has it
		return "error " + strconv.Itoa(i), nil
	}
	return key, err
}

// truths evaluates all conditions on one tuple of values and gives a letter for each.
func (d *Distinction) truths(ctx context.Context, u *use, values []any) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	input, err := d.frame.with(u.columns, values)
	if err != nil {
		return "", err
	}
	signs := make([]byte, 0, len(u.atoms))
	for i := range u.questions {
		signs, err = u.questions[i].ask(ctx, input, signs)
		if err != nil {
			return "", err
		}
	}
	return string(signs), nil
}

// cutShort tells an evaluation that was stopped from rules that fail on the facts.
func cutShort(ctx context.Context, err error) bool { return ctx.Err() != nil || topdown.IsCancel(err) }

// with gives the input document of a resident of whom only some columns are known.
func (f Frame) with(columns []string, values []any) (ast.Value, error) {
	in := f.Input()
	o, ok := inputValue(&in, false).(ast.Object)
	if !ok {
		return nil, errors.New("input is not an object")
	}
	known := map[string]object{"resident": {{fieldTerms["source"], ast.StringTerm(registrySource)}}}
	for i, column := range columns {
		if values[i] == nil {
			continue
		}
		t, err := columnTerm(column, values[i])
		if err != nil {
			return nil, err
		}
		group, field, inGroup := strings.Cut(column, ".")
		if !inGroup {
			o.Insert(fieldTerms[column], t)
			continue
		}
		known[group] = append(known[group], [2]*ast.Term{fieldTerms[field], t})
	}
	for group, members := range known {
		o.Insert(fieldTerms[group], members.term())
	}
	return o, nil
}

func columnTerm(column string, v any) (*ast.Term, error) {
	switch v := v.(type) {
	case string:
		return stringTerm(v), nil
	case bool:
		return ast.InternedTerm(v), nil
	case int:
		return ast.InternedTerm(v), nil
	case []Evidence:
		return papersTerm(v), nil
	case *Membership:
		return membershipTerm(v), nil
	case []Member:
		if o, ok := householdTerm(&Household{Members: v}).Value.(ast.Object); ok && column == Members {
			return o.Get(fieldTerms["members"]), nil
		}
	}
	return nil, fmt.Errorf("column %s holds a %T", column, v)
}

// inParallel runs fn for 0 … n-1 on all cores, each with least of them or more, and gives the first error.
func inParallel(n, least int, fn func(i int) error) error {
	workers := min(runtime.GOMAXPROCS(0), n/least+1)
	if workers == 1 {
		for i := range n {
			if err := fn(i); err != nil {
				return err
			}
		}
		return nil
	}
	var (
		wait  sync.WaitGroup
		once  sync.Once
		first error
	)
	for w := range workers {
		wait.Go(func() {
			for i := w * n / workers; i < (w+1)*n/workers; i++ {
				if err := fn(i); err != nil {
					once.Do(func() { first = err })
					return
				}
			}
		})
	}
	wait.Wait()
	return first
}
