package policy

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// branch is one way in which a rule gets its value: under its own lines, where no branch before it held.
type branch struct {
	rule   *ast.Rule // with the lines and the value
	before []*ast.Rule
	value  *ast.Term
	bind   binding
}

// branchesOf lists the ways of a rule or function in order, the default last. The default holds where no
// other does.
func (r *ruleReader) branchesOf(rules []*ast.Rule, args []*ast.Term) []branch {
	var out []branch
	var fallback *ast.Rule
	var chains []*ast.Rule
	for _, rule := range rules {
		if rule.Default {
			fallback = rule
			continue
		}
		chains = append(chains, rule)
		var before []*ast.Rule
		for b := rule; b != nil; b = b.Else {
			r.tops[b] = rule
			out = append(out, branch{rule: b, before: slices.Clone(before), value: b.Head.Value, bind: r.bound(rule, args)})
			before = append(before, b)
		}
	}
	if fallback != nil {
		var all []*ast.Rule
		for _, c := range chains {
			for b := c; b != nil; b = b.Else {
				all = append(all, b)
			}
		}
		bind := binding(nil)
		if len(chains) > 0 {
			bind = r.bound(chains[0], args)
		}
		out = append(out, branch{rule: fallback, before: all, value: fallback.Head.Value, bind: bind})
	}
	return out
}

// bound gives the arguments of a function what they are called with.
func (r *ruleReader) bound(rule *ast.Rule, args []*ast.Term) binding {
	if len(args) == 0 {
		return nil
	}
	out := binding{}
	for i, a := range rule.Head.Args {
		if v, ok := a.Value.(ast.Var); ok && i < len(args) {
			out[v] = args[i]
		}
	}
	return out
}

// holds reads when a branch is taken.
func (r *ruleReader) holds(b branch) *formula {
	parts := []*formula{r.lines(b.rule, b.bind)}
	for _, earlier := range b.before {
		parts = append(parts, r.lines(earlier, b.bind).simplify().not())
	}
	return allOf(parts...).simplify()
}

// lines reads the body of one branch in its own names. A branch of else has none of its own: the parser
// gives it those of the rule that it stands in.
func (r *ruleReader) lines(rule *ast.Rule, bind binding) *formula {
	return r.in(rule, func() *formula {
		if rule.Default || emptyBody(rule.Body) {
			return settled(true)
		}
		return r.body(rule.Body, bind, nil)
	})
}

// branchesWith reads when a helper rule, a member of its value or a list of what is written out comes to a
// value that fits. nil when left is no such thing: then it is asked as it stands.
func (r *ruleReader) branchesWith(left *ast.Term, fits func(*ast.Term) bool) *formula {
	if isConstant(left) {
		return settled(fits(left))
	}
	switch v := left.Value.(type) {
	case ast.Var:
		return r.shortOf(string(v), r.chosen(r.helper(string(v)), nil, nil, fits))
	case ast.Call:
		return r.chosen(r.function(v[0].String()), v[1:], nil, fits)
	case ast.Ref:
		return r.chosenWithin(v, fits)
	}
	return nil
}

// shortOf leaves a helper rule with a title and many ways to its value as it stands: which value follows
// when is told beside the row.
func (r *ruleReader) shortOf(name string, f *formula) *formula {
	if f != nil && f.size() > mostInline && r.titles[name] != "" {
		return nil
	}
	return f
}

// mostInline is how many questions of a named helper rule are told in the row itself.
const mostInline = 12

func (r *ruleReader) chosenWithin(ref ast.Ref, fits func(*ast.Term) bool) *formula {
	switch head := ref[0].Value.(type) {
	case ast.Object:
		return r.looked(head, ref[1:], fits)
	case ast.Var:
		rules := r.helper(string(head))
		if len(rules) == 1 && emptyBody(rules[0].Body) && rules[0].Else == nil && rules[0].Head.Value != nil && len(rules[0].Head.Ref()) == 1 {
			if o, ok := rules[0].Head.Value.Value.(ast.Object); ok {
				return r.looked(o, ref[1:], fits)
			}
		}
		return r.chosen(rules, nil, ref[1:], fits)
	}
	return nil
}

// chosen reads when one of the branches comes to a value that fits; nil when the value of one of them
// cannot be told from the rules alone.
func (r *ruleReader) chosen(rules []*ast.Rule, args []*ast.Term, at ast.Ref, fits func(*ast.Term) bool) *formula {
	if len(rules) == 0 || r.depth > deepestHelper || rules[0].Head.RuleKind() == ast.MultiValue || len(rules[0].Head.Ref()) > 1 {
		return nil
	}
	var ways []*formula
	for _, b := range r.branchesOf(rules, args) {
		when := r.valued(b, at, fits)
		if when == nil {
			return nil
		}
		if when.isFalse() {
			continue
		}
		ways = append(ways, allOf(r.holds(b), when))
	}
	return anyOf(ways...).simplify()
}

// valued reads when the value of a branch fits.
func (r *ruleReader) valued(b branch, at ast.Ref, fits func(*ast.Term) bool) *formula {
	if b.value == nil {
		return nil
	}
	return r.in(b.rule, func() *formula {
		value := r.resolve(b.value, b.bind)
		for _, key := range at {
			list, ok := value.Value.(*ast.Array)
			if !ok {
				break
			}
			found, err := list.Find(ast.Ref{key})
			if err != nil {
				return settled(false)
			}
			value, at = ast.NewTerm(found), at[1:]
		}
		if len(at) > 0 {
			switch v := value.Value.(type) {
			case ast.Var:
				value = ast.NewTerm(append(ast.Ref{value}, at...))
			case ast.Ref:
				value = ast.NewTerm(v.Concat(at))
			default:
				return nil
			}
		}
		return r.branchesWith(value, fits)
	})
}

// looked reads when what stands in a written-out table under a key fits: the key is one of some.
func (r *ruleReader) looked(o ast.Object, at ast.Ref, fits func(*ast.Term) bool) *formula {
	if len(at) == 0 {
		return nil
	}
	if isConstant(at[0]) {
		value := o.Get(at[0])
		if value == nil {
			return settled(false)
		}
		return r.inside(value, at[1:], fits)
	}
	var keys []*ast.Term
	readable := true
	o.Foreach(func(key, value *ast.Term) {
		f := r.inside(value, at[1:], fits)
		switch {
		case f == nil || !isConstant(key) || !f.isTrue() && !f.isFalse():
			readable = false
		case f.isTrue():
			keys = append(keys, key)
		}
	})
	if !readable {
		return nil
	}
	if len(keys) == 0 {
		return settled(false)
	}
	terms := []*ast.Term{ast.RefTerm(ast.VarTerm("internal"), ast.StringTerm("member_2")), at[0], ast.SetTerm(keys...)}
	return r.among(at[0], keys, "internal.member_2", terms, nil)
}

func (r *ruleReader) inside(value *ast.Term, at ast.Ref, fits func(*ast.Term) bool) *formula {
	for _, key := range at {
		list, ok := value.Value.(*ast.Array)
		if !ok {
			return nil
		}
		found, err := list.Find(ast.Ref{key})
		if err != nil {
			return settled(false)
		}
		value = ast.NewTerm(found)
	}
	return r.branchesWith(value, fits)
}

// anything fits whatever there is.
func anything(*ast.Term) bool { return true }

// yes reads a term that has to be there and not be false.
func (r *ruleReader) yes(t *ast.Term, x *ast.Expr) *formula {
	switch v := t.Value.(type) {
	case ast.Boolean:
		return settled(bool(v))
	case ast.Var:
		if rules := r.helper(string(v)); len(rules) > 0 && answersYes(rules) {
			return r.answered(string(v), rules, x)
		}
	case ast.Call:
		if rules := r.function(v[0].String()); rules != nil {
			return r.yesFunction(v[0].String(), v[1:], x)
		}
	case ast.Ref:
		if spec, ok := r.params[paramOf(v)]; ok && spec.Kind == KindYesNo {
			return r.compare("equal", t, ast.BooleanTerm(true), x)
		}
		if r.facts[r.path(t)].Type == typeWords["boolean"] {
			return r.compare("equal", t, ast.BooleanTerm(true), x)
		}
	}
	return r.defined(t, x)
}

// answersYes tells a rule that says yes or nothing, or no by default.
func answersYes(rules []*ast.Rule) bool {
	for _, rule := range rules {
		if rule.Head.RuleKind() == ast.MultiValue || len(rule.Head.Ref()) > 1 {
			return false
		}
		for b := rule; b != nil; b = b.Else {
			if _, ok := b.Head.Value.Value.(ast.Boolean); !ok {
				return false
			}
		}
	}
	return true
}

// answered reads a helper rule that answers yes. One with a title that asks more than a single question
// keeps its name: what it means is told beside the row.
func (r *ruleReader) answered(name string, rules []*ast.Rule, x *ast.Expr) *formula {
	f := r.chosen(rules, nil, nil, isTrueTerm)
	if f == nil {
		return r.unread(x)
	}
	if f.op == fAtom && !f.neg && f.atom.helper == "" && f.atom.within == nil && !f.atom.lost {
		if r.titles[name] == "" || f.atom.title != "" {
			return f
		}
		titled := *f.atom
		titled.title = name
		return &formula{atom: &titled}
	}
	if r.titles[name] == "" {
		return f
	}
	return &formula{atom: &inquiry{key: name, helper: name, expr: ast.NewExpr(ast.VarTerm(name)), src: x}}
}

func isTrueTerm(t *ast.Term) bool { return isTrue(t) }

func (r *ruleReader) yesFunction(name string, args []*ast.Term, x *ast.Expr) *formula {
	f := r.chosen(r.function(name), args, nil, isTrueTerm)
	if f == nil {
		return &formula{atom: &inquiry{key: exprKey(append([]*ast.Term{ast.VarTerm(name)}, args...)), src: x, expr: ast.NewExpr(append([]*ast.Term{ast.RefTerm(ast.VarTerm(name))}, args...))}}
	}
	return f
}

// paramOf names the parameter that a reference reads, "" if none.
func paramOf(ref ast.Ref) string {
	if head, ok := ref[0].Value.(ast.Var); ok && head == "current" && len(ref) > 1 {
		return nameOfPart(ref[1])
	}
	return ""
}
