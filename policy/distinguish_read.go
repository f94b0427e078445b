package policy

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
)

// columns is a set of population columns.
type columns map[string]bool

func (c columns) add(o columns) {
	for k := range o {
		c[k] = true
	}
}

// list gives the columns in order.
func (c columns) list() []string { return slices.Sorted(maps.Keys(c)) }

// groups are the objects of the input that differ between residents; the leaves of each are columns.
var groups = []string{"resident", "household", "welfare", "membership"}

// paths are the objects of the input that a variable may stand for: "resident", "mother.resident".
type paths []string

// analyst follows how the compiled rules of one engine come to a brief.
type analyst struct {
	ctx    context.Context //nolint:containedctx // lives as long as one Distinguish
	engine *Engine
	store  storage.Store
	frame  Frame
	input  ast.Value // of a resident of whom nothing is known
	out    *Distinction
	index  map[string][]*ast.Rule // rules of the package by name
	reads  map[*ast.Rule]columns  // what a rule reads
	texts  map[*ast.Rule]string   // rules as text, see textOf
	walked map[string]bool        // rules, as text, with the demand under which they were walked
	truth  map[string]bool        // of conditions on nothing but the frame
	taken  map[string]bool        // conditions that are atoms already

	origin  *analyst             // itself; of a fork the one that it was made of
	first   *analyst             // of the rules that were looked at before these; nil for the first
	differs map[string]bool      // names of rules that come to something else than among those of first
	ofDay   map[string]*ast.Term // what rules of the day came to
	spent   *int                 // rules that were written out
}

func newAnalyst(ctx context.Context, e *Engine, f Frame, out *Distinction) *analyst {
	a := &analyst{
		ctx: ctx, engine: e, frame: f, out: out, index: map[string][]*ast.Rule{}, reads: map[*ast.Rule]columns{},
		store: inmem.NewFromObjectWithOpts(e.written.data, inmem.OptReturnASTValuesOnRead(true)),
		texts: map[*ast.Rule]string{}, walked: map[string]bool{}, truth: map[string]bool{}, taken: map[string]bool{},
		ofDay: map[string]*ast.Term{}, spent: new(int),
	}
	a.origin = a
	for _, mod := range e.written.compiler.Modules {
		for _, r := range mod.Rules {
			ref := r.Ref()
			if name, ok := nameAt(ref, 3); ok && ref.HasPrefix(packagePath) {
				a.index[name] = append(a.index[name], r)
			}
		}
	}
	return a
}

// nameAt gives the text at a place of a reference.
func nameAt(ref ast.Ref, i int) (string, bool) {
	if len(ref) <= i {
		return "", false
	}
	name, ok := ref[i].Value.(ast.String)
	return string(name), ok
}

// rulesOf finds the rules that a reference may name, and what of it follows their name. A reference
// to something else of data, such as parameters, finds none.
func (a *analyst) rulesOf(ref ast.Ref) (rules []*ast.Rule, tail ast.Ref) {
	if len(ref) < 4 || !ref.HasPrefix(packagePath) {
		return nil, nil
	}
	name, ok := ref[3].Value.(ast.String)
	if !ok {
		return nil, nil
	}
	rules, tail = a.index[string(name)], ref[4:]
	if len(tail) > 0 {
		part := tail[0]
		if part.IsGround() && slices.ContainsFunc(rules, func(r *ast.Rule) bool { return len(r.Ref()) > 1 }) {
			rules = slices.DeleteFunc(slices.Clone(rules), func(r *ast.Rule) bool {
				own := r.Ref()
				return len(own) == 5 && own[4].IsGround() && !own[4].Equal(part)
			})
		}
	}
	return rules, tail
}

// readBy gives the columns that rules read, themselves and through what they rest on.
func (a *analyst) readBy(rules []*ast.Rule) columns {
	all := columns{}
	for _, r := range rules {
		all.add(a.readByOne(r))
	}
	return all
}

func (a *analyst) readByOne(r *ast.Rule) columns {
	if known, ok := a.reads[r]; ok {
		return known
	}
	all := columns{}
	a.reads[r] = all
	a.eachBranch(r, func(b *ast.Rule) {
		env := a.bind(b.Body, nil)
		all.add(a.ofBody(b.Body, env))
		for _, t := range []*ast.Term{b.Head.Key, b.Head.Value} {
			if t != nil {
				all.add(a.ofNode(t, env))
			}
		}
	})
	return all
}

func (a *analyst) eachBranch(r *ast.Rule, fn func(*ast.Rule)) {
	for ; r != nil; r = r.Else {
		fn(r)
	}
}

// ofBody gives what the expressions of a body read.
func (a *analyst) ofBody(body ast.Body, env map[ast.Var]paths) columns {
	all := columns{}
	for _, x := range body {
		all.add(a.ofExpr(x, env))
	}
	return all
}

// ofExpr gives what an expression reads. Taking a whole group into a variable, or asking whether it
// is there, reads only its presence; what is then taken out of it stands elsewhere.
func (a *analyst) ofExpr(x *ast.Expr, env map[ast.Var]paths) columns {
	if v, ref, ok := assigned(x); ok {
		if _, bound := env[v]; bound {
			return a.ofAlias(ref, env)
		}
	}
	if t, ok := x.Terms.(*ast.Term); ok {
		if ref, ok := t.Value.(ast.Ref); ok {
			if p, whole := a.pathsOf(ref, env); whole && len(p) > 0 {
				return a.ofAlias(ref, env)
			}
		}
	}
	if x.IsCall() {
		return a.ofCall(x.Operator(), x.Operands(), env)
	}
	return a.ofNode(x.Terms, env)
}

// assigned reads `v = ref`.
func assigned(x *ast.Expr) (v ast.Var, ref ast.Ref, ok bool) {
	if x.Negated || !x.IsEquality() && !x.IsAssignment() {
		return "", nil, false
	}
	left, right := x.Operand(0), x.Operand(1)
	for _, pair := range [][2]*ast.Term{{left, right}, {right, left}} {
		v, isVar := pair[0].Value.(ast.Var)
		switch val := pair[1].Value.(type) {
		case ast.Ref:
			if isVar {
				return v, val, true
			}
		case ast.Var:
			if isVar {
				return v, ast.Ref{pair[1]}, true
			}
		}
	}
	return "", nil, false
}

// bind finds the variables that stand for a whole group of the input.
func (a *analyst) bind(body ast.Body, outer map[ast.Var]paths) map[ast.Var]paths {
	env := map[ast.Var]paths{}
	for v, p := range outer {
		env[v] = p
	}
	for again := true; again; {
		again = false
		for _, x := range body {
			v, ref, ok := assigned(x)
			if !ok || env[v] != nil {
				continue
			}
			if p, whole := a.pathsOf(ref, env); whole && len(p) > 0 {
				env[v], again = p, true
			}
		}
	}
	return env
}

// pathsOf resolves a reference to groups of the input: whole tells that nothing follows the group.
func (a *analyst) pathsOf(ref ast.Ref, env map[ast.Var]paths) (p paths, whole bool) {
	switch {
	case ref[0].Equal(ast.InputRootDocument):
		path, ok := textPath(ref[1:])
		if ok && isGroup(path) {
			return paths{path}, true
		}
	case ref.HasPrefix(packagePath):
		rules, tail := a.rulesOf(ref)
		if len(tail) > 0 || len(rules) == 0 {
			return nil, false
		}
		for _, r := range rules {
			p1, ok := a.aliasOf(r)
			if !ok {
				return nil, false
			}
			p = append(p, p1...)
		}
		return p, true
	default:
		v, ok := ref[0].Value.(ast.Var)
		if ok && len(ref) == 1 && env[v] != nil {
			return env[v], true
		}
	}
	return nil, false
}

// aliasOf tells that a rule gives out a group of the input as it is, like `home := input.resident`.
func (a *analyst) aliasOf(r *ast.Rule) (paths, bool) {
	if r.Else != nil || len(r.Head.Args) > 0 || r.Head.Key != nil || r.Head.Value == nil || len(r.Ref()) > 4 {
		return nil, false
	}
	v, ok := r.Head.Value.Value.(ast.Var)
	if !ok {
		return nil, false
	}
	for _, x := range r.Body {
		w, ref, ok := assigned(x)
		if ok && w == v && ref[0].Equal(ast.InputRootDocument) {
			path, ok := textPath(ref[1:])
			return paths{path}, ok && isGroup(path)
		}
	}
	return nil, false
}

func textPath(ref ast.Ref) (string, bool) {
	parts := make([]string, len(ref))
	for i, t := range ref {
		s, ok := t.Value.(ast.String)
		if !ok {
			return "", false
		}
		parts[i] = string(s)
	}
	return strings.Join(parts, "."), len(parts) > 0
}

func isGroup(path string) bool {
	last := path[strings.LastIndex(path, ".")+1:]
	return slices.Contains(groups, last) || last == "superseded" || last == "mother"
}

// ofAlias gives what naming a group reads: whether it is there, and what the rule that names it rests on.
func (a *analyst) ofAlias(ref ast.Ref, env map[ast.Var]paths) columns {
	all := columns{}
	p, _ := a.pathsOf(ref, env)
	for _, path := range p {
		all.add(presence(path))
	}
	rules, _ := a.rulesOf(ref)
	for _, r := range rules {
		inner := a.bind(r.Body, nil)
		all.add(a.ofBody(r.Body, inner))
	}
	return all
}

// presence is the column that tells whether a group is there. Every resident has the group resident.
func presence(path string) columns {
	switch path {
	case "household", "welfare", "membership":
		return columns{path + ".source": true}
	case Superseded:
		return columns{Superseded: true}
	}
	return nil
}

// ofPath gives the columns at and under a path of the input.
func ofPath(path string) columns {
	all := columns{}
	for _, c := range allColumns {
		if c == path || strings.HasPrefix(c, path+".") || strings.HasPrefix(path, c+".") {
			all[c] = true
		}
	}
	return all
}
