package policy

import (
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// What is written out is bounded: rules that name each other twice would double with every level.
const (
	mostWrittenOut = 400 // rules, in one rule set
	longestBody    = 80  // expressions
)

// writtenOut puts in place of a rule that a condition names what the rule says, so that a condition which
// rests on several columns falls apart into some that rest on one. ok is false when it names none that
// can be written out.
func (a *analyst) writtenOut(part []*ast.Expr) (body ast.Body, ok bool) {
	for _, x := range part {
		said, can := a.sayingOf(x)
		if !can {
			body = append(body, x)
			continue
		}
		ok = true
		body = append(body, said...)
	}
	return body, ok && len(body) <= longestBody
}

// sayingOf writes out an expression that only names a rule, or holds its value against something.
func (a *analyst) sayingOf(x *ast.Expr) (ast.Body, bool) {
	if x.Negated || len(x.With) > 0 {
		return nil, false
	}
	if t, isTerm := x.Terms.(*ast.Term); isTerm {
		r := a.single(t)
		if r == nil {
			return nil, false
		}
		body, head := a.fresh(r)
		if head.Value.Compare(ast.Boolean(true)) != 0 { // false counts as nothing
			body = append(body, located(ast.NewExpr(head), x))
		}
		return body, true
	}
	if !x.IsEquality() && !x.IsAssignment() {
		return nil, false
	}
	for _, pair := range [][2]*ast.Term{{x.Operand(0), x.Operand(1)}, {x.Operand(1), x.Operand(0)}} {
		r := a.single(pair[1])
		if r == nil {
			continue
		}
		body, head := a.fresh(r)
		if !head.IsGround() || head.Value.Compare(pair[0].Value) != 0 {
			body = append(body, located(ast.Equality.Expr(pair[0], head), x))
		}
		return body, true
	}
	return nil, false
}

func located(made, x *ast.Expr) *ast.Expr {
	made.Location = x.Location
	return made
}

// single finds the one rule that a term names, if nothing is lost when it is written out: it has one body
// without branches, which holds in one way at most, so that it can neither have two values nor be the
// value of something else.
func (a *analyst) single(t *ast.Term) *ast.Rule {
	ref, ok := t.Value.(ast.Ref)
	if !ok || len(ref) != 4 || *a.spent >= mostWrittenOut {
		return nil
	}
	rules, _ := a.rulesOf(ref)
	if len(rules) != 1 {
		return nil
	}
	r := rules[0]
	if r.Default || r.Else != nil || len(r.Head.Args) > 0 || r.Head.Key != nil || r.Head.Value == nil ||
		r.Head.RuleKind() != ast.SingleValue || len(r.Ref()) != 4 {
		return nil
	}
	if _, alias := a.aliasOf(r); alias || !holdsOnce(r) {
		return nil
	}
	return r
}

// holdsOnce tells that a body has one solution at most, and that its variables can be renamed: the
// compiler named them, and no set or object was sorted by them.
func holdsOnce(r *ast.Rule) bool {
	once := true
	sorted := ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case ast.Set:
			once = once && x.IsGround()
		case ast.Object:
			once = once && x.IsGround()
		}
		return !once
	})
	sorted.Walk(r.Body)
	sorted.Walk(r.Head.Value)
	visit := ast.NewGenericVisitor(func(x any) bool {
		if _, isClosure := closureOf(x); isClosure {
			return true // whatever goes on in there comes to one value
		}
		switch x := x.(type) {
		case *ast.Expr:
			if x.IsCall() {
				b := ast.BuiltinMap[x.Operator().String()]
				once = once && (b == nil || !b.Relation)
			}
		case ast.Ref:
			for _, t := range x[1:] {
				if !t.IsGround() {
					once = false
				}
			}
		}
		return !once
	})
	visit.Walk(r.Body)
	visit.Walk(r.Head.Value)
	for v := range variablesOf(r) {
		once = once && strings.HasPrefix(string(v), ast.LocalVarPrefix)
	}
	return once
}

func variablesOf(r *ast.Rule) ast.VarSet {
	all := varsOf(ast.NewExpr(r.Head.Value))
	for _, x := range r.Body {
		all.Update(varsOf(x))
	}
	return all
}

// fresh copies a rule under variables of its own.
func (a *analyst) fresh(r *ast.Rule) (ast.Body, *ast.Term) {
	*a.spent++
	own := variablesOf(r)
	suffix := "i" + strconv.Itoa(*a.spent) + "__"
	rename := func(x any) {
		ast.WalkTerms(x, func(t *ast.Term) bool {
			if v, isVar := t.Value.(ast.Var); isVar && own.Contains(v) {
				t.Value = ast.Var(strings.TrimSuffix(string(v), "__") + suffix)
			}
			return false
		})
	}
	body, head := r.Body.Copy(), r.Head.Value.Copy()
	rename(body)
	rename(head)
	return body, head
}
