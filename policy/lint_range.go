package policy

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// span is what a number may be; nil is open.
type span struct{ min, max *int }

// outOfRange finds a comparison of a fact with a number that comes to the same for every value that the
// schema allows: desil <= 10, desil > 99. It is an error where a cause rests on it, and else a warning.
func (r *reviewer) outOfRange(x *ast.Expr) {
	terms, ok := x.Terms.([]*ast.Term)
	if !ok || len(terms) != 3 {
		return
	}
	operator := terms[0].String()
	fact, than := terms[1], terms[2]
	if _, ok := fact.Value.(ast.Number); ok {
		fact, than, operator = than, fact, turned[operator]
	}
	limit, ok := than.Value.(ast.Number)
	if !ok {
		return
	}
	n, err := json.Number(limit).Float64()
	if err != nil {
		return
	}
	of, name, ok := r.spanOf(fact)
	if !ok {
		return
	}
	holds, fixed := of.compared(operator, n)
	if !fixed || operator == "gte" && of.min != nil && n == float64(*of.min) { // 1 <= desil begins a range that is written whole
		return
	}
	p := Problem{Code: "condition_never", Message: fmt.Sprintf("Syarat ini tidak pernah terpenuhi: %s hanya %s.", clip(name), of),
		Fix: "Perbaiki bilangannya, atau hapus aturan ini bila memang tidak dipakai."}
	if holds != x.Negated {
		p = Problem{Code: "condition_always", Message: fmt.Sprintf("Syarat ini selalu terpenuhi: %s hanya %s.", clip(name), of),
			Fix: fmt.Sprintf("Perbaiki bilangannya. Bila yang ditanya hanya apakah sudah diketahui, tulis %s saja.", clip(fact.String()))}
	}
	if !r.rested()[r.rule] {
		p.Level = Warning
	}
	r.report(x.Location, p)
}

// turned are the comparisons with their sides exchanged.
var turned = map[string]string{"lt": "gt", "lte": "gte", "gt": "lt", "gte": "lte", "equal": "equal", "neq": "neq", "eq": "eq"}

func (s span) String() string {
	switch {
	case s.max == nil:
		return strconv.Itoa(*s.min) + " atau lebih"
	case s.min == nil:
		return "paling banyak " + strconv.Itoa(*s.max)
	}
	return fmt.Sprintf("%d sampai %d", *s.min, *s.max)
}

// compared tells what VALUE operator n comes to, and whether that is the same for each value of the span.
func (s span) compared(operator string, n float64) (holds, fixed bool) {
	below := s.max != nil && float64(*s.max) < n   // all of it
	above := s.min != nil && float64(*s.min) > n   // all of it
	upTo := s.max != nil && float64(*s.max) <= n   // all of it
	onward := s.min != nil && float64(*s.min) >= n // all of it
	switch operator {
	case "lt":
		return below, below || onward
	case "lte":
		return upTo, upTo || above
	case "gt":
		return above, above || upTo
	case "gte":
		return onward, onward || below
	case "equal", "eq":
		return false, below || above
	case "neq":
		return true, below || above
	}
	return false, false
}

// spanOf gives what a term may be, if it stands for facts whose schema bounds them and for nothing else, with
// the name of one of them.
func (r *reviewer) spanOf(t *ast.Term) (of span, name string, ok bool) {
	for i, m := range r.follow(t) {
		ref, isRef := m.term.Value.(ast.Ref)
		if !isRef || !ref[0].Equal(ast.InputRootDocument) {
			return of, "", false
		}
		fact := r.facts[dotted("input", ref[1:])]
		if fact.span.min == nil && fact.span.max == nil || i > 0 && !sameSpan(of, fact.span) {
			return of, "", false
		}
		of, name = fact.span, fact.Path
	}
	return of, name, name != ""
}

func sameSpan(a, b span) bool {
	alike := func(x, y *int) bool { return x == nil && y == nil || x != nil && y != nil && *x == *y }
	return alike(a.min, b.min) && alike(a.max, b.max)
}

// rested gives the rules that a cause rests on, the causes among them.
func (r *reviewer) rested() map[*ast.Rule]bool {
	if r.causes != nil {
		return r.causes
	}
	r.causes = map[*ast.Rule]bool{}
	var left []*ast.Rule
	for _, mod := range r.set.modules {
		for _, rule := range mod.Rules {
			if isFinding(rule) {
				left = append(left, rule)
			}
		}
	}
	for len(left) > 0 {
		rule := left[0]
		left = left[1:]
		if r.causes[rule] {
			continue
		}
		r.causes[rule] = true
		ast.WalkVars(rule, func(v ast.Var) bool {
			left = append(left, r.names.heads[nameIn(rule, string(v))]...)
			return false
		})
	}
	return r.causes
}

// chosen refuses a word that is compared with a parameter whose closed list lacks it: such a condition never
// holds, or always.
func (r *reviewer) chosen(x *ast.Expr) {
	terms, ok := x.Terms.([]*ast.Term)
	if !ok || len(terms) != 3 {
		return
	}
	switch terms[0].String() {
	case "equal", "neq", "eq":
		r.chosenAmong(terms[1], terms[2])
		r.chosenAmong(terms[2], terms[1])
	case "internal.member_2":
		r.chosenAmong(terms[1], terms[2])
	}
}

// chosenAmong holds the words that a term stands for to the choices of the parameter that param stands for.
func (r *reviewer) chosenAmong(param, words *ast.Term) {
	for _, p := range r.follow(param) {
		ref, ok := p.term.Value.(ast.Ref)
		if !ok {
			continue
		}
		spec := r.specOf(ref)
		if spec.Kind != KindChoice || len(spec.Choices) == 0 {
			continue
		}
		for _, m := range r.follow(words) {
			r.eachWord(m.term, func(word *ast.Term, text string) { r.notChosen(spec, word, text) })
		}
	}
}

// eachWord calls do for a text, or for those in a list that is written out.
func (r *reviewer) eachWord(t *ast.Term, do func(word *ast.Term, text string)) {
	one := func(t *ast.Term) {
		if text, ok := t.Value.(ast.String); ok {
			do(t, string(text))
		}
	}
	switch v := t.Value.(type) {
	case ast.String:
		one(t)
	case ast.Set:
		v.Foreach(one)
	case *ast.Array:
		v.Foreach(one)
	}
}

func (r *reviewer) notChosen(spec ParamSpec, word *ast.Term, text string) {
	if slices.ContainsFunc(spec.Choices, func(c CodeWord) bool { return c.Code == text }) {
		return
	}
	p := Problem{Code: "param_choice", Message: fmt.Sprintf("Pilihan %q tidak ada pada parameter %s.", clip(text), spec.Name),
		Fix: "Pilih salah satu: " + spec.codes() + "."}
	if near := nearest(text, strings.Split(spec.codes(), ", ")); near != "" {
		p.Fix = fmt.Sprintf("Maksudnya %q? Yang ada: %s.", near, spec.codes())
		p.Edit = replaceWord(word, strconv.Quote(near))
	}
	r.report(word.Location, p)
}

// specOf gives what the parameter, or the part of one, that a reference leads to may be; the zero spec when
// it leads to none.
func (r *reviewer) specOf(ref ast.Ref) ParamSpec {
	path := ref[1:]
	switch {
	case ref[0].Value.Compare(ast.Var("current")) == 0 && len(ref) > 1:
	case ref.HasPrefix(paramsPath) && len(ref) > 4 && ref[4].Equal(ast.StringTerm("value")):
		path = append(ast.Ref{ref[2]}, ref[5:]...)
	default:
		return ParamSpec{}
	}
	name, ok := path[0].Value.(ast.String)
	if !ok {
		return ParamSpec{}
	}
	spec := r.params[string(name)]
	for _, part := range path[1:] {
		next, _ := part.Value.(ast.String)
		i := slices.IndexFunc(spec.Keys, func(k ParamSpec) bool { return k.Name == string(next) })
		switch {
		case spec.Each != nil:
			spec = *spec.Each
		case i >= 0:
			spec = spec.Keys[i]
		default:
			return ParamSpec{}
		}
	}
	spec.Name = string(name)
	return spec
}
