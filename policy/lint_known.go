package policy

import (
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// converse is the comparison that holds where the other does not, of values that are there.
var converse = map[string]string{"lt": ">=", "lte": ">", "gt": "<=", "gte": "<"}

// signs are the comparisons as they are written.
var signs = map[string]string{"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}

// negated refuses not FACT <= 4 where nothing else in the rule asks for the fact: what is not known is not
// <= 4 either, so the condition holds for whomever nothing is known of.
func (r *reviewer) negated(x *ast.Expr) {
	terms, ok := x.Terms.([]*ast.Term)
	if !ok || !x.Negated || len(terms) != 3 || converse[terms[0].String()] == "" {
		return
	}
	for _, t := range terms[1:] {
		fact := r.mayBeUnknown(t)
		if fact == "" || r.asked(fact) {
			continue
		}
		is := fmt.Sprintf("%s %s %s", terms[1], converse[terms[0].String()], terms[2])
		p := Problem{Code: "negated_unknown", Message: fmt.Sprintf("Syarat ini juga terpenuhi bila %s belum diketahui.", clip(fact)),
			Fix: "Tulis kebalikannya, " + clip(is) + ", dan tangani yang belum diketahui sebagai sebab tersendiri."}
		written := fmt.Sprintf("not %s %s %s", terms[1], signs[terms[0].String()], terms[2])
		if loc := x.Location; loc != nil && string(loc.Text) == written { // else part of it would stay
			p.Edit = &Edit{Row: loc.Row, Col: loc.Col, EndRow: loc.Row, EndCol: loc.Col + len(written), Text: is}
		}
		r.report(x.Location, p)
		return
	}
}

// mayBeUnknown gives the fact that a term stands for if it can be left out of the input, "" otherwise.
func (r *reviewer) mayBeUnknown(t *ast.Term) string {
	for _, m := range r.follow(t) {
		ref, ok := m.term.Value.(ast.Ref)
		if !ok || !ref[0].Equal(ast.InputRootDocument) {
			continue
		}
		if fact, known := r.facts[dotted("input", ref[1:])]; known && fact.optional {
			return fact.Path
		}
	}
	return ""
}

// asked tells whether a condition of the rule that is not negated asks for the fact.
func (r *reviewer) asked(fact string) bool {
	found := false
	ast.WalkExprs(r.rule, func(x *ast.Expr) bool {
		_, every := x.Terms.(*ast.Every) // the conditions in it come by themselves
		if x.Negated || every || x.IsAssignment() {
			return x.Negated
		}
		walkConjunction(x, func(t *ast.Term) {
			for _, m := range r.follow(t) {
				ref, ok := m.term.Value.(ast.Ref)
				found = found || ok && ref[0].Equal(ast.InputRootDocument) && dotted("input", ref[1:]) == fact
			}
		})
		return found
	})
	return found
}

// strangers warns of two conditions of yes or no that each look for a member of the household: they may find
// two people, where one is nearly always meant.
func (r *reviewer) strangers(body ast.Body, picks map[string][]pickedMember) {
	const list = "input.household.members"
	who := ""
	if of := picks[list]; len(of) == 1 && of[0].named {
		who = string(of[0].by)
	}
	for _, x := range body {
		t, ok := x.Terms.(*ast.Term)
		if !ok || x.Negated || len(x.With) > 0 || !r.looksFor(t, list) {
			continue
		}
		if who == "" || who == t.String() {
			who = t.String()
			continue
		}
		r.report(x.Location, Problem{Code: "member_apart", Level: Warning,
			Message: fmt.Sprintf("%s dan %s mencari %s sendiri-sendiri, jadi keduanya boleh orang yang berbeda.", clip(who), clip(t.String()), lists[list]),
			Fix:     fmt.Sprintf("Bila satu orang yang dimaksud, tulis kedua syaratnya di satu aturan, sesudah satu some m in %s.", list)})
		return
	}
}

// looksFor tells the name of a rule of yes or no that holds as soon as one member of the list fits.
func (r *reviewer) looksFor(t *ast.Term, list string) bool {
	name, ok := t.Value.(ast.Var)
	if !ok || r.names.declared[r.rule][name] {
		return false
	}
	of := r.names.rules[nameIn(r.rule, string(name))]
	return len(of) > 0 && !slices.ContainsFunc(of, func(rule *ast.Rule) bool {
		return rule.Default || rule.Else != nil || len(rule.Head.Args) > 0 || !isTrue(rule.Head.Value) || !r.picksOne(rule, list)
	})
}

func (r *reviewer) picksOne(rule *ast.Rule, list string) bool {
	in := *r
	in.rule = rule
	return slices.ContainsFunc(rule.Body, func(x *ast.Expr) bool {
		if some, ok := x.Terms.(*ast.SomeDecl); ok {
			from, _ := in.drawn(some)
			return from == list
		}
		from, _ := taken(x)
		if from == "" && !x.Negated {
			walkConjunction(x, func(t *ast.Term) {
				if ref, ok := t.Value.(ast.Ref); ok && from == "" {
					from, _ = picked(ref)
				}
			})
		}
		return from == list
	})
}

// fixedEvery tells "for all" of a list that is written out, with conditions that ask for nothing else.
func (r *reviewer) fixedEvery(e *ast.Every) bool {
	if !r.fixed(e.Domain, r.rule, 0) {
		return false
	}
	own := map[ast.Var]bool{}
	for _, t := range []*ast.Term{e.Key, e.Value} {
		if t != nil {
			if v, ok := t.Value.(ast.Var); ok {
				own[v] = true
			}
		}
	}
	asks := false
	ast.WalkTerms(e.Body, func(t *ast.Term) bool {
		switch v := t.Value.(type) {
		case ast.Var:
			asks = asks || !own[v] && !r.builtin(t) && !r.fixed(t, r.rule, 0)
		case ast.Ref:
			if head, ok := v[0].Value.(ast.Var); ok && (own[head] || r.builtin(t)) {
				return false
			}
			asks = asks || !r.fixed(t, r.rule, 0)
			return true
		}
		return asks
	})
	return !asks
}
