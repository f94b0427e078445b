package policy

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// defined reads when a term has a value at all. Texts that are put together always have one.
func (r *ruleReader) defined(t *ast.Term, x *ast.Expr) *formula {
	if isConstant(t) {
		return settled(true)
	}
	switch v := t.Value.(type) {
	case ast.Var:
		return r.definedHelper(t, string(v), x)
	case ast.Ref:
		return r.definedRef(t, v, x)
	case ast.Call:
		parts := []*formula{}
		for _, a := range v[1:] {
			parts = append(parts, r.defined(a, x))
		}
		if rules := r.function(v[0].String()); rules != nil {
			if f := r.chosenAny(rules, v[1:]); f != nil {
				parts = append(parts, f)
			}
		}
		return allOf(parts...).simplify()
	}
	return settled(true)
}

func (r *ruleReader) definedHelper(t *ast.Term, name string, x *ast.Expr) *formula {
	rules := r.helper(name)
	if len(rules) == 0 || rules[0].Head.RuleKind() == ast.MultiValue {
		return settled(true) // a name of a member, or a set that may be empty
	}
	if slices.ContainsFunc(rules, func(b *ast.Rule) bool { return b.Default }) {
		return settled(true)
	}
	if r.titles[name] != "" {
		return &formula{atom: &inquiry{key: "known " + name, left: name, known: true, expr: ast.NewExpr(t), src: x}}
	}
	if f := r.chosenAny(rules, nil); f != nil {
		return f
	}
	return &formula{atom: &inquiry{key: "known " + name, left: name, known: true, expr: ast.NewExpr(t), src: x}}
}

// chosenAny reads when any branch is taken.
func (r *ruleReader) chosenAny(rules []*ast.Rule, args []*ast.Term) *formula {
	if r.depth > deepestHelper || len(rules[0].Head.Ref()) > 1 {
		return nil
	}
	var ways []*formula
	for _, b := range r.branchesOf(rules, args) {
		b.before = nil // whichever is taken there is a value
		value := settled(true)
		if b.value != nil {
			value = r.in(b.rule, func() *formula { return r.definedValue(r.resolve(b.value, b.bind)) })
		}
		ways = append(ways, allOf(r.holds(b), value))
	}
	return anyOf(ways...).simplify()
}

// definedValue reads what a branch's value needs to be there: of texts that are put together nothing.
func (r *ruleReader) definedValue(t *ast.Term) *formula {
	switch t.Value.(type) {
	case ast.Var, ast.Ref:
		return r.defined(t, nil)
	case ast.Call:
		if r.textual(t) {
			return settled(true)
		}
		return r.defined(t, nil)
	}
	return settled(true)
}

// textual tells a value that is put together to be read.
func (r *ruleReader) textual(t *ast.Term) bool {
	c, ok := t.Value.(ast.Call)
	return ok && c[0].String() == "concat"
}

func (r *ruleReader) definedRef(t *ast.Term, ref ast.Ref, x *ast.Expr) *formula {
	switch head := ref[0].Value.(type) {
	case ast.Object, *ast.Array:
		if f := r.chosenWithin(ref, anything); f != nil {
			return f
		}
	case ast.Var:
		switch {
		case head == "current" && ref.IsGround():
			return settled(true) // a parameter has a value on every day
		case len(r.helper(string(head))) > 0:
			if f := r.chosenWithin(ref, anything); f != nil {
				return f
			}
			if !slices.ContainsFunc(r.helper(string(head)), func(b *ast.Rule) bool { return len(b.Head.Ref()) == 1 || !emptyBody(b.Body) }) {
				return settled(true) // a table of words
			}
		case head == "input" || head == "current" || head == "data":
		default:
			return settled(true) // a member of a list
		}
	}
	return &formula{atom: &inquiry{key: "known " + ref.String(), left: ref.String(), known: true, expr: ast.NewExpr(t), src: x}}
}
