package policy

import (
	"github.com/open-policy-agent/opa/v1/ast"
)

// unpick opens a condition that rests on several columns, or whose value is wanted.
func (a *analyst) unpick(part []*ast.Expr, live map[ast.Var]bool, env map[ast.Var]paths) error {
	times := map[ast.Var]int{}
	for _, x := range part {
		for v := range varsOf(x) {
			times[v]++
		}
	}
	wanted := func(t *ast.Term) bool {
		used := false
		ast.WalkVars(t, func(v ast.Var) bool {
			used = used || live[v] || times[v] > 1
			return used
		})
		return used
	}
	for _, x := range part {
		done, err := a.named(x, wanted, env)
		if err != nil {
			return err
		}
		if done {
			continue
		}
		if err := a.spread(x, env); err != nil {
			return err
		}
	}
	return nil
}

// named opens an expression that only names a rule, or takes its value into a variable or a pattern.
func (a *analyst) named(x *ast.Expr, wanted func(*ast.Term) bool, env map[ast.Var]paths) (bool, error) {
	if v, ref, ok := assigned(x); ok && env[v] != nil { // a group by its name
		return true, a.byName(ref, demand{}, env)
	}
	if t, ok := x.Terms.(*ast.Term); ok {
		ref, isRef := t.Value.(ast.Ref)
		if rules, tail := a.rulesOf(ref); isRef && len(rules) > 0 && len(tail) == 0 {
			return true, a.byName(ref, wholeValue, env)
		}
		return false, nil
	}
	if x.Negated || !x.IsEquality() && !x.IsAssignment() {
		return false, nil
	}
	for _, pair := range [][2]*ast.Term{{x.Operand(0), x.Operand(1)}, {x.Operand(1), x.Operand(0)}} {
		ref, isRef := pair[1].Value.(ast.Ref)
		if !isRef {
			continue
		}
		rules, tail := a.rulesOf(ref)
		if v, isVar := pair[0].Value.(ast.Var); isVar && !wanted(pair[0]) && allHold(rules, tail) && env[v] == nil {
			return true, a.walk(rules, demand{})
		}
		if len(rules) == 0 || len(tail) > 0 {
			continue
		}
		switch pattern := pair[0].Value.(type) {
		case ast.Var:
			d := demand{}
			if wanted(pair[0]) {
				d = wholeValue
			}
			return true, a.byName(ref, d, env)
		case *ast.Array:
			d := demand{elems: map[int]bool{}}
			for i := range pattern.Len() {
				e := pattern.Elem(i)
				if _, isVar := e.Value.(ast.Var); !isVar || wanted(e) {
					d.elems[i] = true
				}
			}
			return true, a.byName(ref, d, env)
		}
	}
	return false, nil
}

// allHold tells that the rules all give lists that have the element which a reference names, whoever it is
// about, and that it is never false: then it is there when the rule is.
func allHold(rules []*ast.Rule, tail ast.Ref) bool {
	if len(tail) != 1 {
		return false
	}
	n, isNumber := tail[0].Value.(ast.Number)
	i, whole := n.Int()
	if !isNumber || !whole || i < 0 {
		return false
	}
	for _, r := range rules {
		for b := r; b != nil; b = b.Else {
			if b.Head.Value == nil || b.Head.Key != nil || len(b.Head.Args) > 0 || len(b.Ref()) != 4 {
				return false
			}
			head, _ := inlineHead(b.Head.Value, b.Body)
			list, ok := head.Value.(*ast.Array)
			if !ok || i >= list.Len() {
				return false
			}
		}
	}
	return len(rules) > 0
}

// byName walks what a reference names: rules under the demand, columns value by value.
func (a *analyst) byName(ref ast.Ref, d demand, env map[ast.Var]paths) error {
	if p, whole := a.pathsOf(ref, env); whole && len(p) > 0 {
		a.whole(a.ofAlias(ref, env))
		rules, _ := a.rulesOf(ref)
		return a.walk(rules, demand{})
	}
	rules, tail := a.rulesOf(ref)
	if len(rules) == 0 {
		a.whole(a.ofRef(ref, env))
		return nil
	}
	if len(tail) == 0 {
		return a.walk(rules, d)
	}
	var others []*ast.Rule
	for _, r := range rules {
		p, alias := a.aliasOf(r)
		if !alias {
			others = append(others, r)
			continue
		}
		for _, path := range p {
			a.whole(ofGroup(path, tail))
		}
		if err := a.walk([]*ast.Rule{r}, demand{}); err != nil {
			return err
		}
	}
	d = wholeValue
	if n, ok := tail[0].Value.(ast.Number); ok {
		if i, whole := n.Int(); whole {
			d = demand{elems: map[int]bool{i: true}}
		}
	}
	return a.walk(others, d)
}

// spread opens an expression of any other kind: every rule it names counts by value, and so does
// every column that it, or a function it calls, reads.
func (a *analyst) spread(node any, env map[ast.Var]paths) error {
	var failed error
	keep := func(err error) {
		if failed == nil {
			failed = err
		}
	}
	inner := func(body ast.Body, terms ...*ast.Term) {
		bound := a.bind(body, env)
		for _, x := range body {
			keep(a.spread(x, bound))
		}
		for _, t := range terms {
			keep(a.spread(t, bound))
		}
	}
	if x, ok := node.(*ast.Expr); ok && x.IsCall() {
		if rules, _ := a.rulesOf(x.Operator()); len(rules) > 0 {
			return a.called(x.Operator(), x.Operands(), env)
		}
	}
	var visit *ast.GenericVisitor
	visit = ast.NewGenericVisitor(func(x any) bool {
		if c, ok := closureOf(x); ok {
			if c.domain != nil {
				keep(a.spread(c.domain, env))
			}
			inner(c.body, c.terms...)
			return true
		}
		switch x := x.(type) {
		case ast.Call:
			keep(a.called(x[0].Value, x[1:], env))
			return true
		case ast.Ref:
			keep(a.inFull(x, node, env))
			for _, t := range x[1:] {
				visit.Walk(t)
			}
			return true
		case ast.Var:
			for _, p := range env[x] {
				a.whole(ofPath(p))
			}
		}
		return false
	})
	visit.Walk(node)
	return failed
}

// inFull walks what a reference within an expression names. A group is then read with all that is in it,
// unless the expression is nothing but its name and asks only whether it is there.
func (a *analyst) inFull(ref ast.Ref, node any, env map[ast.Var]paths) error {
	x, isExpr := node.(*ast.Expr)
	alone := false
	if isExpr {
		_, alone = x.Terms.(*ast.Term)
	}
	if p, whole := a.pathsOf(ref, env); whole && !alone {
		for _, path := range p {
			a.whole(ofPath(path))
		}
	}
	return a.byName(ref, wholeValue, env)
}

// called opens a call. Functions are not walked: what they read counts by value.
func (a *analyst) called(operator ast.Value, args []*ast.Term, env map[ast.Var]paths) error {
	ref, ok := operator.(ast.Ref)
	if !ok {
		return &hardError{why: "a call of something that is no function"}
	}
	if rules, _ := a.rulesOf(ref); len(rules) > 0 {
		a.whole(a.ofCall(operator, groupsOnly(a, args, env), env))
	}
	for _, t := range args {
		if r, isRef := t.Value.(ast.Ref); isRef {
			if p, whole := a.pathsOf(r, env); whole && len(p) > 0 {
				rules, _ := a.rulesOf(r)
				if err := a.walk(rules, demand{}); err != nil {
					return err
				}
				continue
			}
		}
		if v, isVar := t.Value.(ast.Var); isVar && env[v] != nil {
			continue
		}
		if err := a.spread(t, env); err != nil {
			return err
		}
	}
	return nil
}

// groupsOnly leaves of arguments those that stand for a group; the others are opened by themselves.
func groupsOnly(a *analyst, args []*ast.Term, env map[ast.Var]paths) []*ast.Term {
	out := make([]*ast.Term, len(args))
	for i, t := range args {
		out[i] = ast.NullTerm()
		r, isRef := t.Value.(ast.Ref)
		if v, isVar := t.Value.(ast.Var); isVar {
			r, isRef = ast.Ref{ast.NewTerm(v)}, true
		}
		if !isRef {
			continue
		}
		if p, whole := a.pathsOf(r, env); whole && len(p) > 0 {
			out[i] = t
		}
	}
	return out
}

// whole lets every value of the columns be a class of its own.
func (a *analyst) whole(c columns) {
	for column := range a.frame.differing(c) {
		a.out.use(column).whole = true
	}
}

// onlyCodes makes sure that the rules below outcome and advice read of a finding its code and verdict
// alone: its words hold values that a brief leaves out.
func (a *analyst) onlyCodes(rules []*ast.Rule, visited map[*ast.Rule]bool) error {
	for _, r := range rules {
		if visited[r] || string(r.Head.Name) == findingsRule {
			continue
		}
		visited[r] = true
		for b := r; b != nil; b = b.Else {
			if a.givesFindings(b) {
				continue
			}
			if err := a.codesIn(b.Body, b, visited); err != nil {
				return err
			}
		}
	}
	return nil
}

// givesFindings tells that a rule only hands the findings on, like `reasons := findings`.
func (a *analyst) givesFindings(r *ast.Rule) bool {
	if len(r.Body) != 1 || r.Else != nil || r.Head.Value == nil {
		return false
	}
	v, ref, ok := assigned(r.Body[0])
	return ok && r.Head.Value.Value.Compare(v) == 0 && len(ref) == 4 && a.isFindings(ref)
}

func (a *analyst) isFindings(ref ast.Ref) bool {
	rules, _ := a.rulesOf(ref)
	for _, r := range rules {
		if string(r.Head.Name) == findingsRule || a.givesFindings(r) {
			return true
		}
	}
	return false
}

func (a *analyst) codesIn(body ast.Body, r *ast.Rule, visited map[*ast.Rule]bool) error {
	one := map[ast.Var]bool{} // variables that hold a finding
	allowed := map[*ast.Expr]bool{}
	ast.WalkExprs(body, func(x *ast.Expr) bool {
		if v, ref, ok := assigned(x); ok && a.isFindings(ref) && len(ref) == 5 {
			if _, isVar := ref[4].Value.(ast.Var); isVar {
				one[v], allowed[x] = true, true
			}
		}
		return false
	})
	var err error
	wrong := func() {
		err = &hardError{why: "rule " + string(r.Head.Name) + " reads more of a finding than its code and verdict"}
	}
	ast.WalkExprs(body, func(x *ast.Expr) bool {
		if allowed[x] {
			return true
		}
		bare := map[ast.Var]int{}
		ast.WalkVars(x, func(v ast.Var) bool { bare[v]++; return false })
		ast.WalkRefs(x, func(ref ast.Ref) bool {
			if v, ok := ref[0].Value.(ast.Var); ok && one[v] {
				key, text := ref[1].Value.(ast.String)
				if !text || key != "code" && key != "verdict" {
					wrong()
				}
				bare[v]--
				return false
			}
			if a.isFindings(ref) && !within(allowed, x) {
				wrong()
				return true
			}
			rules, _ := a.rulesOf(ref)
			if e := a.onlyCodes(rules, visited); e != nil {
				err = e
			}
			return false
		})
		for v, n := range bare {
			if one[v] && n > 0 {
				wrong()
			}
		}
		return false
	})
	return err
}

// within tells that an expression holds one of those allowed, in a comprehension.
func within(allowed map[*ast.Expr]bool, x *ast.Expr) bool {
	found := false
	ast.WalkExprs(x, func(inner *ast.Expr) bool {
		found = found || allowed[inner]
		return found
	})
	return found
}
