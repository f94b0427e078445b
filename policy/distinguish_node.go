package policy

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// ofNode gives what any part of a rule reads when it is taken as it is.
func (a *analyst) ofNode(node any, env map[ast.Var]paths) columns {
	all := columns{}
	var visit *ast.GenericVisitor
	inner := func(body ast.Body, terms ...*ast.Term) {
		bound := a.bind(body, env)
		all.add(a.ofBody(body, bound))
		for _, t := range terms {
			all.add(a.ofNode(t, bound))
		}
	}
	visit = ast.NewGenericVisitor(func(x any) bool {
		if c, ok := closureOf(x); ok {
			if c.domain != nil {
				all.add(a.ofNode(c.domain, env))
			}
			inner(c.body, c.terms...)
			return true
		}
		switch x := x.(type) {
		case ast.Call:
			all.add(a.ofCall(x[0].Value, x[1:], env))
			return true
		case ast.Ref:
			all.add(a.ofRef(x, env))
			for _, t := range x[1:] {
				visit.Walk(t)
			}
			return true
		case ast.Var:
			for _, p := range env[x] {
				all.add(ofPath(p))
			}
		}
		return false
	})
	visit.Walk(node)
	return all
}

// ofRef gives what a reference reads, without its brackets.
func (a *analyst) ofRef(ref ast.Ref, env map[ast.Var]paths) columns {
	if ref[0].Equal(ast.InputRootDocument) {
		return ofInput(ref[1:])
	}
	if v, ok := ref[0].Value.(ast.Var); ok && env[v] != nil {
		all := columns{}
		for _, p := range env[v] {
			all.add(ofGroup(p, ref[1:]))
		}
		return all
	}
	if ref.HasPrefix(packagePath) && len(ref) < 4 {
		return everything()
	}
	rules, tail := a.rulesOf(ref)
	if len(tail) == 0 {
		return a.readBy(rules)
	}
	all := columns{}
	for _, r := range rules {
		p, alias := a.aliasOf(r)
		if !alias {
			all.add(a.readByOne(r))
			continue
		}
		all.add(a.ofBody(r.Body, a.bind(r.Body, nil)))
		for _, path := range p {
			all.add(ofGroup(path, tail))
		}
	}
	return all
}

// ofInput gives the columns that a path of the input names. What is the same for everybody within a
// frame is no column.
func ofInput(path ast.Ref) columns {
	if len(path) == 0 {
		return everything()
	}
	group, ok := path[0].Value.(ast.String)
	if !ok {
		return everything()
	}
	return ofGroup(string(group), path[1:])
}

func everything() columns {
	all := columns{}
	for _, c := range allColumns {
		all[c] = true
	}
	return all
}

// ofGroup gives the columns that a path within a group names.
func ofGroup(group string, tail ast.Ref) columns {
	if group == Superseded {
		return columns{Superseded: true}
	}
	if strings.Contains(group, ".") || group == "mother" { // mother.resident: known to be absent
		return nil
	}
	if len(tail) == 0 {
		return ofPath(group)
	}
	field, ok := tail[0].Value.(ast.String)
	if !ok {
		return ofPath(group)
	}
	return ofPath(group + "." + string(field))
}

// ofCall gives what a call reads: what the function reads of its own accord, and what it takes out of
// its arguments.
func (a *analyst) ofCall(operator ast.Value, args []*ast.Term, env map[ast.Var]paths) columns {
	all := columns{}
	ref, ok := operator.(ast.Ref)
	if !ok {
		return everything()
	}
	rules, _ := a.rulesOf(ref)
	whole := make([]paths, len(args))
	for i, t := range args {
		r, isRef := t.Value.(ast.Ref)
		if v, isVar := t.Value.(ast.Var); isVar {
			r, isRef = ast.Ref{ast.NewTerm(v)}, true
		}
		if isRef && len(rules) > 0 {
			whole[i], _ = a.pathsOf(r, env)
		}
		if len(whole[i]) == 0 {
			all.add(a.ofNode(t, env))
			continue
		}
		all.add(a.ofAlias(r, env))
	}
	for _, rule := range rules {
		a.eachBranch(rule, func(b *ast.Rule) {
			env := map[ast.Var]paths{}
			for i, arg := range b.Head.Args {
				v, isVar := arg.Value.(ast.Var)
				switch {
				case i >= len(whole) || len(whole[i]) == 0:
				case isVar:
					env[v] = whole[i]
				default: // a pattern takes the group apart
					for _, p := range whole[i] {
						all.add(ofPath(p))
					}
				}
			}
			env = a.bind(b.Body, env)
			all.add(a.ofBody(b.Body, env))
			if b.Head.Value != nil {
				all.add(a.ofNode(b.Head.Value, env))
			}
		})
	}
	return all
}

// closure is a part of a rule with a body of its own.
type closure struct {
	body   ast.Body
	terms  []*ast.Term // what is gathered, within the body's variables
	domain *ast.Term   // of every, outside of them; else nil
}

func closureOf(x any) (closure, bool) {
	switch x := x.(type) {
	case *ast.ArrayComprehension:
		return closure{x.Body, []*ast.Term{x.Term}, nil}, true
	case *ast.SetComprehension:
		return closure{x.Body, []*ast.Term{x.Term}, nil}, true
	case *ast.ObjectComprehension:
		return closure{x.Body, []*ast.Term{x.Key, x.Value}, nil}, true
	case *ast.Every:
		return closure{x.Body, nil, x.Domain}, true
	}
	return closure{}, false
}
