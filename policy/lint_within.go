package policy

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"
)

// kindWithin tells the kind of what a list, set or group holds, at one key if the key is written out;
// "" when it holds several kinds or that cannot be told.
func (r *reviewer) kindWithin(t, key *ast.Term, depth int) string {
	if depth > deepest {
		return ""
	}
	kinds := []string{}
	within := *r // names of a list count where it stands
	add := func(member *ast.Term) {
		for _, m := range within.follow(member) {
			in := *r
			in.rule = m.rule
			if kind := in.kindOf(m.term, depth+1); !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
	}
	for _, m := range r.follow(t) {
		within.rule = m.rule
		switch v := m.term.Value.(type) {
		case *ast.Array:
			if at := constant(v, key); at != nil {
				add(at)
			} else {
				v.Foreach(add)
			}
		case ast.Set:
			v.Foreach(add)
		case ast.Object:
			if at := constant(v, key); at != nil {
				add(at)
			} else {
				v.Foreach(func(_, value *ast.Term) { add(value) })
			}
		case *ast.ArrayComprehension:
			add(v.Term)
		case *ast.SetComprehension:
			add(v.Term)
		case *ast.ObjectComprehension:
			add(v.Value)
		case ast.Var:
			kinds = append(kinds, r.kindWithinRule(v))
		}
	}
	if len(kinds) != 1 {
		return ""
	}
	return kinds[0]
}

// constant gives what stands at a key that is written out, nil when that cannot be told.
func constant(v ast.Value, key *ast.Term) *ast.Term {
	if key == nil || !ast.IsConstant(key.Value) {
		return nil
	}
	at, err := v.Find(ast.Ref{key})
	if err != nil {
		return nil
	}
	return ast.NewTerm(at)
}

// kindWithinRule tells what a rule holds whose type the compiler knows.
func (r *reviewer) kindWithinRule(name ast.Var) string {
	of := r.set.typeOf(r.rule.Module.Package.Path.Append(ast.StringTerm(string(name))))
	switch of.(type) {
	case *types.Set, *types.Array, *types.Object:
		return kindOfType(types.Values(of))
	}
	return ""
}

// lookup holds the keys of a table that is written out to the closed list of the field that picks one:
// {"waffat": 1}[input.resident.life_status] never has a value.
func (r *reviewer) lookup(ref ast.Ref, loc *ast.Location) {
	if len(ref) < 2 {
		return
	}
	report := func(at *ast.Location, p Problem) { r.report(at, p) }
	here := &ast.Expr{Location: loc}
	for _, table := range r.follow(ref[0]) {
		var keys []*ast.Term
		switch v := table.term.Value.(type) {
		case ast.Object:
			keys = v.Keys()
		case ast.Set:
			keys = v.Slice()
		default:
			continue
		}
		for _, field := range r.follow(ref[1]) {
			for _, key := range keys {
				r.set.words.compare(here, fieldOf(field.term), key, report)
			}
		}
	}
}

// chosenParam follows the name of a parameter that is not written where it is read: data.params[x].
func (r *reviewer) chosenParam(ref ast.Ref) {
	at := 1
	switch {
	case ref.HasPrefix(paramsPath):
		at = len(paramsPath)
	case ref[0].Value.Compare(ast.Var("current")) != 0:
		return
	}
	if len(ref) <= at {
		return
	}
	if _, name := ref[at].Value.(ast.Var); !name {
		return
	}
	known := r.known
	if len(known) == 0 { // told otherwise: the parameters cannot be read
		return
	}
	for _, m := range r.follow(ref[at]) {
		lintParam(m.term, known, func(loc *ast.Location, p Problem) { r.report(loc, p) })
	}
}

// fulfilled tells a value that fulfils something, alone or within a group.
func fulfilled(t *ast.Term) bool {
	found := false
	if t == nil {
		return false
	}
	ast.WalkTerms(t, func(t *ast.Term) bool {
		switch t.Value.(type) {
		case ast.Boolean:
			found = found || isTrue(t)
		case ast.Ref, ast.Call, *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension:
			return true // what it comes to depends on facts
		}
		return found
	})
	return found
}

// fulfilledBy tells a rule whose value fulfils something, under whatever local or rule it stands.
func (r *reviewer) fulfilledBy(rule *ast.Rule) bool {
	if fulfilled(rule.Head.Value) {
		return true
	}
	return rule.Head.Value != nil && slices.ContainsFunc(r.follow(rule.Head.Value), func(m meant) bool {
		return fulfilled(m.term) && r.fixed(m.term, m.rule, 0)
	})
}
