package policy

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// resolve writes a term without the local names of the rule: what they stand for stands there.
func (r *ruleReader) resolve(t *ast.Term, bind binding) *ast.Term { return r.resolved(t, bind, 0) }

func (r *ruleReader) resolved(t *ast.Term, bind binding, depth int) *ast.Term {
	if depth > deepestHelper {
		return t
	}
	next := func(t *ast.Term) *ast.Term { return r.resolved(t, bind, depth+1) }
	switch v := t.Value.(type) {
	case ast.Var:
		if to := bind[v]; to != nil {
			return to
		}
		if to := r.local(v); to != nil && !to.Equal(t) {
			return next(to)
		}
	case ast.Ref:
		return r.resolvedRef(t, v, next)
	case ast.Call:
		out := make(ast.Call, len(v))
		out[0] = v[0]
		for i, a := range v[1:] {
			out[i+1] = next(a)
		}
		return &ast.Term{Value: out, Location: t.Location}
	case *ast.Array:
		out := make([]*ast.Term, 0, v.Len())
		v.Foreach(func(t *ast.Term) { out = append(out, next(t)) })
		return &ast.Term{Value: ast.NewArray(out...), Location: t.Location}
	case ast.Object:
		out := ast.NewObject()
		v.Foreach(func(key, value *ast.Term) { out.Insert(key, next(value)) })
		return &ast.Term{Value: out, Location: t.Location}
	}
	return t
}

func (r *ruleReader) resolvedRef(t *ast.Term, ref ast.Ref, next func(*ast.Term) *ast.Term) *ast.Term {
	head := ref[0]
	if v, ok := head.Value.(ast.Var); ok && v != "input" && v != "data" && v != "current" {
		head = next(head)
	}
	out := ast.Ref{head}
	if base, ok := head.Value.(ast.Ref); ok {
		out = slices.Clone(base)
	}
	for _, part := range ref[1:] {
		if !isConstant(part) {
			if v, ok := part.Value.(ast.Var); !ok || !v.IsWildcard() {
				part = next(part)
			}
		}
		out = append(out, part)
	}
	if list, ok := head.Value.(*ast.Array); ok && len(out) == 2 {
		if at, err := list.Find(out[1:]); err == nil {
			return ast.NewTerm(at)
		}
	}
	return &ast.Term{Value: out, Location: t.Location}
}
