package policy

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// total are built-in functions that give a value for all values that the type checker lets through.
var total = map[string]bool{"concat": true, "internal.template_string": true, "lower": true, "upper": true, "trim_space": true}

// needed drops the expressions of a body that only build a value nobody asks for and cannot fail:
// the words of findings, for the most part. What the words are built of is still asked to be there.
func (a *analyst) needed(body ast.Body, live map[ast.Var]bool) ast.Body {
	for {
		times := map[ast.Var]int{}
		for _, x := range body {
			for v := range varsOf(x) {
				times[v]++
			}
		}
		kept := body[:0:0]
		for _, x := range body {
			v, ok := a.builds(x)
			if !ok || live[v] || times[v] > 1 {
				kept = append(kept, x)
			}
		}
		if len(kept) == len(body) {
			return body
		}
		body = kept
	}
}

// builds tells that an expression gives a variable a value and cannot fail.
func (a *analyst) builds(x *ast.Expr) (ast.Var, bool) {
	if x.Negated || len(x.With) > 0 || !x.IsCall() {
		return "", false
	}
	if x.IsEquality() || x.IsAssignment() {
		for _, pair := range [][2]*ast.Term{{x.Operand(0), x.Operand(1)}, {x.Operand(1), x.Operand(0)}} {
			if v, ok := pair[0].Value.(ast.Var); ok && a.always(pair[1]) {
				return v, true
			}
		}
		return "", false
	}
	args := x.Operands()
	if len(args) == 0 {
		return "", false
	}
	v, ok := args[len(args)-1].Value.(ast.Var)
	if !ok {
		return "", false
	}
	for _, t := range args[:len(args)-1] {
		if !a.always(t) && !a.isGroup(t) {
			return "", false
		}
	}
	if rules, _ := a.rulesOf(x.Operator()); len(rules) > 0 {
		return v, len(args) == len(rules[0].Head.Args)+1 && hasDefault(rules)
	}
	return v, total[x.Operator().String()]
}

// always tells that a term has a value whatever the facts are.
func (a *analyst) always(t *ast.Term) bool {
	switch val := t.Value.(type) {
	case *ast.ArrayComprehension, *ast.SetComprehension:
		return true
	case ast.Ref:
		rules, tail := a.rulesOf(val)
		return len(rules) > 0 && len(tail) == 0 && hasDefault(rules)
	case *ast.Array, ast.Object, ast.Set:
		plain := true
		ast.WalkTerms(t, func(t *ast.Term) bool {
			switch t.Value.(type) {
			case ast.Ref, ast.Call, *ast.ObjectComprehension:
				plain = false
			}
			return !plain
		})
		return plain
	case ast.Var, ast.String, ast.Number, ast.Boolean, ast.Null:
		return true
	}
	return false
}

// isGroup tells that a term names a whole group of the input. Whether it is there is asked by the
// expression that gave it its name.
func (a *analyst) isGroup(t *ast.Term) bool {
	ref, ok := t.Value.(ast.Ref)
	if !ok {
		return false
	}
	p, whole := a.pathsOf(ref, nil)
	return whole && len(p) > 0
}

func hasDefault(rules []*ast.Rule) bool {
	for _, r := range rules {
		if r.Default {
			return true
		}
	}
	return false
}
