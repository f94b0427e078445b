package policy

import (
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// every wants a word in the same conjunction, or where a function was called, that the list is not empty:
// of nobody, everything is true. A list of those of whom something holds may be empty on its own.
func (r *reviewer) every(e *ast.Every, body ast.Body) {
	for _, m := range r.follow(e.Domain) {
		list, all := r.drawnFrom(m.term)
		if list == "" {
			continue
		}
		of := "count(" + clip(e.Domain.String()) + ")"
		if _, named := e.Domain.Value.(*ast.ArrayComprehension); named {
			of = "count(...)"
		}
		if r.peopled(body, e.Domain, list, all) || m.rule != r.rule && all && r.peopled(m.rule.Body, nil, list, all) {
			return
		}
		r.nobody(e.Domain.Location, list, of+" > 0")
		return
	}
}

func (r *reviewer) nobody(loc *ast.Location, list, wanted string) {
	r.report(loc, Problem{Code: "every_empty", Message: fmt.Sprintf("Syarat untuk semua %s ini juga terpenuhi bila tidak ada satu pun.", lists[list]),
		Fix: "Tambahkan " + wanted + " di atasnya."})
}

// drawnFrom gives the list of the input whose members a term holds; all tells that it holds each of them.
func (r *reviewer) drawnFrom(t *ast.Term) (list string, all bool) {
	if name := t.String(); lists[name] != "" {
		return name, true
	}
	var body ast.Body
	switch c := t.Value.(type) {
	case *ast.ArrayComprehension:
		body = c.Body
	case *ast.SetComprehension:
		body = c.Body
	case *ast.ObjectComprehension:
		body = c.Body
	}
	for _, x := range body {
		if some, ok := x.Terms.(*ast.SomeDecl); ok {
			if from, _ := r.drawn(some); from != "" {
				return from, len(body) == 1
			}
		}
	}
	return "", false
}

// peopled tells a conjunction that fails for an empty list: it counts it, or takes a member.
func (r *reviewer) peopled(body ast.Body, domain *ast.Term, list string, all bool) bool {
	same := func(t *ast.Term) bool {
		return domain != nil && t.Equal(domain) || all && r.listOf(t) == list
	}
	return slices.ContainsFunc(body, func(x *ast.Expr) bool {
		switch terms := x.Terms.(type) {
		case *ast.Every:
			return false
		case *ast.SomeDecl:
			if len(terms.Symbols) == 1 {
				call, ok := terms.Symbols[0].Value.(ast.Call)
				return ok && same(call[len(call)-1])
			}
			return false
		case []*ast.Term:
			if len(terms) == 3 && !x.Negated {
				if counted(terms[1], same) && atLeastOne(terms[0].String(), terms[2]) || terms[0].String() == "neq" && same(terms[1]) {
					return true
				}
				if terms[0].String() == "internal.member_2" && same(terms[2]) {
					return true
				}
			}
		}
		if x.Negated {
			return false
		}
		taken := false
		walkConjunction(x, func(t *ast.Term) {
			if ref, ok := t.Value.(ast.Ref); ok && all {
				from, _ := picked(ref)
				taken = taken || from == list
			}
		})
		return taken
	})
}

// counted tells count(T) of a term that is looked for.
func counted(t *ast.Term, same func(*ast.Term) bool) bool {
	c, ok := t.Value.(ast.Call)
	return ok && len(c) == 2 && c[0].String() == "count" && same(c[1])
}

// atLeastOne tells > 0, >= 1, != 0 and == 1, of what is counted; a number that is not written out may be
// anything.
func atLeastOne(operator string, than *ast.Term) bool {
	n, ok := than.Value.(ast.Number)
	if !ok {
		return operator == "gt"
	}
	i, _ := n.Int()
	switch operator {
	case "gt":
		return i >= 0
	case "gte", "equal":
		return i >= 1
	case "neq":
		return i == 0
	}
	return false
}

// noneOfNobody wants the same of "none of the household": count([m | some m in input.household.members;
// ...]) == 0 holds where the household is not known, and so does counting those of a kind against all.
func (r *reviewer) noneOfNobody(x *ast.Expr, body ast.Body) {
	terms, ok := x.Terms.([]*ast.Term)
	if !ok || len(terms) != 3 {
		return
	}
	list, all := r.countedFrom(terms[1])
	other, allOther := r.countedFrom(terms[2])
	operator := terms[0].String()
	switch {
	case list != "" && list == other && all != allOther && operator == "equal" && !x.Negated:
	case list == "input.household.members" && !all && none(operator, terms[2], x.Negated):
	default:
		return
	}
	if r.peopled(body, nil, list, true) {
		return
	}
	r.nobody(x.Location, list, "count("+list+") > 0")
}

// countedFrom gives the list whose members count(T) counts.
func (r *reviewer) countedFrom(t *ast.Term) (list string, all bool) {
	counted(t, func(of *ast.Term) bool {
		for _, m := range r.follow(of) {
			in := *r
			in.rule = m.rule
			if list, all = in.drawnFrom(m.term); list != "" {
				return true
			}
		}
		return false
	})
	return list, all
}

// none tells == 0, <= 0, < 1 and their kin.
func none(operator string, than *ast.Term, negated bool) bool {
	n, ok := than.Value.(ast.Number)
	if !ok {
		return false
	}
	i, _ := n.Int()
	if negated {
		return operator == "gt" && i == 0 || operator == "gte" && i == 1 || operator == "neq" && i == 0
	}
	return operator == "equal" && i == 0 || operator == "lte" && i == 0 || operator == "lt" && i == 1
}
