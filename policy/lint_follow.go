package policy

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// mostMeant bounds how many values one name is followed to.
const mostMeant = 40

// meant is a value with the rule in which its names count.
type meant struct {
	term *ast.Term
	rule *ast.Rule
}

// names is what the names of a rule set stand for, found once: whoever types waits.
type names struct {
	locals   map[*ast.Rule]map[ast.Var]*ast.Term
	declared map[*ast.Rule]map[ast.Var]bool        // names of a rule's own, which hide rules of the same name
	heads    map[string][]*ast.Rule                // every rule by package and first name
	picks    map[*ast.Rule]map[ast.Var][]*ast.Term // of names that stand for one of what is written out
	rules    map[string][]*ast.Rule                // complete rules and functions by package and name
	calls    map[string][]meant                    // calls of functions by package and name
}

func namesOf(modules map[string]*ast.Module) *names {
	n := &names{locals: map[*ast.Rule]map[ast.Var]*ast.Term{}, declared: map[*ast.Rule]map[ast.Var]bool{}, heads: map[string][]*ast.Rule{},
		picks: map[*ast.Rule]map[ast.Var][]*ast.Term{}, rules: map[string][]*ast.Rule{}, calls: map[string][]meant{}}
	for _, mod := range modules {
		for _, rule := range mod.Rules {
			n.locals[rule], n.picks[rule] = localsOf(rule)
			n.declared[rule] = map[ast.Var]bool{}
			for _, t := range declaredIn(rule) {
				n.declared[rule][t.Value.(ast.Var)] = true
			}
			head := nameIn(rule, headName(rule))
			n.heads[head] = append(n.heads[head], rule)
			if key := rule.Head.Ref(); len(key) == 1 && rule.Head.Key == nil {
				at := nameIn(rule, string(rule.Head.Name))
				n.rules[at] = append(n.rules[at], rule)
			}
			called := func(c []*ast.Term) {
				if ref, ok := c[0].Value.(ast.Ref); ok && len(ref) == 1 {
					at := nameIn(rule, ref.String())
					n.calls[at] = append(n.calls[at], meant{ast.NewTerm(ast.Call(c)), rule})
				}
			}
			ast.WalkExprs(rule, func(x *ast.Expr) bool {
				if terms, ok := x.Terms.([]*ast.Term); ok && len(terms) > 1 {
					called(terms)
				}
				return false
			})
			ast.WalkTerms(rule, func(t *ast.Term) bool {
				if c, ok := t.Value.(ast.Call); ok {
					called(c)
				}
				return false
			})
		}
	}
	for rule, locals := range n.locals {
		n.unified(rule, locals)
	}
	return n
}

// unified adds what x = VALUE gives a name that nothing else does.
func (n *names) unified(rule *ast.Rule, locals map[ast.Var]*ast.Term) {
	ast.WalkExprs(rule, func(x *ast.Expr) bool {
		if !x.IsEquality() || len(x.Operands()) != 2 {
			return false
		}
		v, ok := x.Operand(0).Value.(ast.Var)
		imported := func(i *ast.Import) bool { return i.Name() == v }
		if ok && locals[v] == nil && !n.declared[rule][v] && n.heads[nameIn(rule, string(v))] == nil && !slices.ContainsFunc(rule.Module.Imports, imported) {
			locals[v] = x.Operand(1)
		}
		return false
	})
}

func nameIn(rule *ast.Rule, name string) string {
	return rule.Module.Package.Path.String() + "." + name
}

// localsOf gives what the local names of a rule stand for: their value, or a member of a list, written as
// LIST[$member]. Of a name that is taken out of a list that is written out it gives what stands there.
func localsOf(rule *ast.Rule) (locals map[ast.Var]*ast.Term, picks map[ast.Var][]*ast.Term) {
	locals, picks = map[ast.Var]*ast.Term{}, map[ast.Var][]*ast.Term{}
	ast.WalkExprs(rule, func(x *ast.Expr) bool {
		if some, ok := x.Terms.(*ast.SomeDecl); ok && len(some.Symbols) == 1 {
			call, ok := some.Symbols[0].Value.(ast.Call)
			if !ok || len(call) != 3 {
				return false
			}
			if v, ok := call[1].Value.(ast.Var); ok {
				pick(v, call[2], locals, picks)
			}
			return false
		}
		if every, ok := x.Terms.(*ast.Every); ok {
			if v, ok := every.Value.Value.(ast.Var); ok {
				pick(v, every.Domain, locals, picks)
			}
			return false
		}
		if x.IsAssignment() && len(x.Operands()) == 2 {
			if v, ok := x.Operand(0).Value.(ast.Var); ok && locals[v] == nil {
				locals[v] = x.Operand(1)
			}
		}
		return false
	})
	return locals, picks
}

func pick(v ast.Var, list *ast.Term, locals map[ast.Var]*ast.Term, picks map[ast.Var][]*ast.Term) {
	take := func(t *ast.Term) { picks[v] = append(picks[v], t) }
	switch l := list.Value.(type) {
	case ast.Ref:
		locals[v] = ast.NewTerm(l.Append(ast.VarTerm("$member")))
	case ast.Var:
		locals[v] = ast.NewTerm(ast.Ref{list, ast.VarTerm("$member")})
	case *ast.Array:
		l.Foreach(take)
	case ast.Set:
		l.Foreach(take)
	}
}

// follow gives what a term may stand for, as far as names lead: locals, rules with a value, and what the
// arguments of a function were called with. A term that is no such name is itself.
func (r *reviewer) follow(t *ast.Term) []meant {
	var out []meant
	r.followTo(meant{t, r.rule}, 0, &out)
	return out
}

func (r *reviewer) followTo(m meant, depth int, out *[]meant) {
	if len(*out) >= mostMeant {
		return
	}
	head, rest := m.term, ast.Ref(nil)
	if ref, ok := m.term.Value.(ast.Ref); ok {
		head, rest = ref[0], ref[1:]
	}
	name, ok := head.Value.(ast.Var)
	if !ok || depth > deepest || name == "input" || name == "data" || name == "current" {
		*out = append(*out, m)
		return
	}
	next := r.standsFor(name, m.rule)
	if len(next) == 0 {
		*out = append(*out, m)
		return
	}
	for _, n := range next {
		if rest != nil {
			base, ok := n.term.Value.(ast.Ref)
			if v, isVar := n.term.Value.(ast.Var); isVar {
				base, ok = ast.Ref{ast.NewTerm(v)}, true
			}
			if !ok {
				if found, err := n.term.Value.Find(rest); err == nil && rest.IsGround() { // out of what is written out
					*out = append(*out, meant{&ast.Term{Value: found, Location: m.term.Location}, n.rule})
				}
				continue
			}
			located := ast.NewTerm(base.Concat(rest))
			located.Location = m.term.Location
			n.term = located
		}
		r.followTo(n, depth+1, out)
	}
}

// standsFor gives the values that a name has where a rule uses it, one step further.
func (r *reviewer) standsFor(name ast.Var, in *ast.Rule) []meant {
	if value := r.names.locals[in][name]; value != nil {
		return []meant{{value, in}}
	}
	var values []meant
	for _, t := range r.names.picks[in][name] {
		values = append(values, meant{t, in})
	}
	if len(values) > 0 {
		return values
	}
	for _, imp := range in.Module.Imports {
		if path, ok := imp.Path.Value.(ast.Ref); ok && imp.Name() == name {
			return []meant{{ast.NewTerm(path), in}}
		}
	}
	for i, arg := range in.Head.Args {
		if arg.Value.Compare(name) != 0 {
			continue
		}
		var given []meant
		for _, call := range r.names.calls[nameIn(in, string(in.Head.Name))] {
			if c := call.term.Value.(ast.Call); i+1 < len(c) && call.rule != in {
				given = append(given, meant{c[i+1], call.rule})
			}
		}
		return given
	}
	if r.names.declared[in][name] {
		return nil
	}
	for _, rule := range r.names.rules[nameIn(in, string(name))] {
		if len(rule.Head.Args) > 0 || rule.Head.Value == nil {
			return nil
		}
		values = append(values, meant{rule.Head.Value, rule})
	}
	return values
}

// kinds gives the kinds that a term may have, as far as they can be told.
func (r *reviewer) kinds(t *ast.Term) []string {
	var out []string
	for _, m := range r.follow(t) {
		in := *r
		in.rule = m.rule
		if kind := in.kindOf(m.term, 0); kind != "" && !slices.Contains(out, kind) {
			out = append(out, kind)
		}
	}
	return out
}

// oneOf gives a kind of each side that differ, where one side has a single kind. Two sides with several
// kinds each are a function that orders whatever it is given, by kind for all that can be told.
func oneOf(left, right []string) (l, r string) {
	switch {
	case len(left) == 0 || len(right) == 0 || len(left) > 1 && len(right) > 1:
		return "", ""
	case len(left) == 1:
		i := slices.IndexFunc(right, func(k string) bool { return k != left[0] })
		return left[0], right[max(0, i)]
	}
	r, l = oneOf(right, left)
	return l, r
}

// codes refuses a word that is compared, under whatever names, with a field whose closed list lacks it.
// What stands in one condition was told before; here one side has been given a name.
func (r *reviewer) codes(x *ast.Expr) {
	terms, ok := x.Terms.([]*ast.Term)
	if !ok || len(terms) != 3 {
		return
	}
	operator := terms[0].String()
	if operator != "equal" && operator != "neq" && operator != "eq" && operator != "internal.member_2" {
		return
	}
	left, right := r.follow(terms[1]), r.follow(terms[2])
	direct := len(left) == 1 && left[0].term == terms[1] && len(right) == 1 && right[0].term == terms[2]
	if direct {
		return
	}
	report := func(loc *ast.Location, p Problem) { r.report(loc, p) }
	for _, a := range left {
		for _, b := range right {
			r.set.words.compare(x, fieldOf(a.term), b.term, report)
			if operator != "internal.member_2" {
				r.set.words.compare(x, fieldOf(b.term), a.term, report)
			}
		}
	}
}

// fieldOf leaves a field of the input alone and makes everything else a term that is none.
func fieldOf(t *ast.Term) *ast.Term {
	if ref, ok := t.Value.(ast.Ref); ok && ref[0].Equal(ast.InputRootDocument) {
		return t
	}
	return ast.NullTerm()
}

// imports looks at what a file says that it uses of other documents.
func (r *reviewer) imports(mod *ast.Module) {
	for _, imp := range mod.Imports {
		if ref, ok := imp.Path.Value.(ast.Ref); ok {
			r.nowhere(ref, imp.Location)
		}
	}
}

// nowhere refuses a reference below data that leads to no parameter and no rule: it has no value, so the
// condition never holds, silently.
func (r *reviewer) nowhere(ref ast.Ref, loc *ast.Location) {
	if !ref[0].Equal(ast.DefaultRootDocument) || len(ref) < 2 {
		return
	}
	path := dotted("data", ref[1:])
	if path == "data.params" || strings.HasPrefix(path, "data.params.") || ref[1].Equal(ast.StringTerm("params")) {
		return
	}
	for _, mod := range r.set.modules {
		own := mod.Package.Path
		if ref.HasPrefix(own) || own.HasPrefix(ref) {
			if len(ref) <= len(own) {
				return
			}
			for _, rule := range mod.Rules {
				if rule.Head.Ref()[0].Value.Compare(ast.Var(nameOfPart(ref[len(own)]))) == 0 {
					return
				}
			}
		}
	}
	r.report(loc, Problem{Code: "data_unknown", Message: "Di " + clip(ref.String()) + " tidak ada parameter dan tidak ada aturan, jadi syarat ini tidak pernah terpenuhi.",
		Fix: "Parameter ditulis current.NAMA. Aturan lain dipanggil dengan namanya saja."})
}

func nameOfPart(t *ast.Term) string {
	s, _ := t.Value.(ast.String)
	return string(s)
}

// anyField refuses to go through all fields of a group: some key, value in input.welfare.
func (r *reviewer) anyField(x *ast.Expr) {
	some, ok := x.Terms.(*ast.SomeDecl)
	if !ok || len(some.Symbols) != 1 {
		return
	}
	call, ok := some.Symbols[0].Value.(ast.Call)
	if !ok || len(call) < 3 {
		return
	}
	domain := call[len(call)-1]
	for _, m := range r.follow(domain) {
		if ref, ok := m.term.Value.(ast.Ref); ok && ref[0].Equal(ast.InputRootDocument) {
			r.dynamic(ref.Append(ast.VarTerm("$member")), domain.Location)
		}
	}
}
