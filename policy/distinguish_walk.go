package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// hardError tells that a rule set comes to its answer in a way that cannot be taken apart into conditions.
type hardError struct{ why string }

func (h *hardError) Error() string { return h.why }

// demand says what of a rule's value matters to whoever reads it.
type demand struct {
	value bool         // the value as a whole
	elems map[int]bool // of an array: these elements; none and not value: only whether there is one
}

func (d demand) String() string {
	if d.value {
		return "value"
	}
	var b strings.Builder
	for i := range 8 {
		if d.elems[i] {
			fmt.Fprintf(&b, "%d,", i)
		}
	}
	return b.String()
}

var wholeValue = demand{value: true}

// conditions takes the way from outcome, advice and findings down to the input apart.
//
// The expressions of a body that share variables hang together as one condition. One that rests on a
// single column becomes an atom: whether it holds is all that the rules learn of the column there. One
// that rests on the frame alone is evaluated at once, and a body that it closes is not looked at. One
// that rests on several columns is opened: the rules it names are walked in turn, and what it reads of
// the input itself counts value by value. So the brief is a function of the atoms and of those values.
func (a *analyst) conditions() error {
	for _, root := range []string{"outcome", "service_advice"} {
		if err := a.onlyCodes(a.index[root], map[*ast.Rule]bool{}); err != nil {
			return err
		}
		if err := a.walk(a.index[root], wholeValue); err != nil {
			return err
		}
	}
	return a.walk(a.index[findingsRule], wholeValue)
}

// walk takes all bodies of some rules apart.
func (a *analyst) walk(rules []*ast.Rule, d demand) error {
	for _, r := range rules {
		key := a.textOf(r) + "\x00" + d.String()
		if a.walked[key] || a.walkedAlready(key, r) {
			continue
		}
		a.walked[key] = true
		for b := r; b != nil; b = b.Else {
			if err := a.branch(b, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// branch takes one body with its head apart.
func (a *analyst) branch(r *ast.Rule, d demand) error {
	env := a.bind(r.Body, nil)
	body := a.unfold(r.Body, env)
	head := r.Head.Value
	if r.Head.Key != nil && head == nil {
		head = r.Head.Key
	}
	head, body = inlineHead(head, body)
	if string(r.Head.Name) == findingsRule && r.Head.Key != nil {
		head = withoutWords(head)
		d = wholeValue
	}
	if r.Head.Key != nil && r.Head.Value != nil { // a partial object: both count
		key, rest := inlineHead(r.Head.Key, body)
		head, body, d = ast.ArrayTerm(key, head), rest, wholeValue
	}
	live := liveIn(head, d)
	for v := range live { // a group that is given away is read with all that is in it
		for _, path := range env[v] {
			a.whole(ofPath(path))
		}
	}
	return a.body(a.needed(body, live), live, env)
}

// inlineHead puts a value that the body only builds back into the head.
func inlineHead(head *ast.Term, body ast.Body) (*ast.Term, ast.Body) {
	if head == nil {
		return ast.BooleanTerm(true), body
	}
	v, ok := head.Value.(ast.Var)
	if !ok {
		return head, body
	}
	for i, x := range body {
		if x.Negated || !x.IsEquality() && !x.IsAssignment() {
			continue
		}
		left, right := x.Operand(0), x.Operand(1)
		if left.Value.Compare(v) != 0 {
			continue
		}
		switch right.Value.(type) {
		case *ast.Array, ast.Object, ast.Set, ast.String, ast.Number, ast.Boolean, ast.Null:
			return right, slices.Concat(body[:i:i], body[i+1:])
		}
	}
	return head, body
}

// withoutWords leaves of a finding what a brief holds.
func withoutWords(head *ast.Term) *ast.Term {
	o, ok := head.Value.(ast.Object)
	if !ok {
		return head
	}
	var kept []*ast.Term
	for _, key := range []string{"code", "verdict"} {
		if t := o.Get(ast.StringTerm(key)); t != nil {
			kept = append(kept, t)
		}
	}
	return ast.ArrayTerm(kept...)
}

// liveIn finds the variables whose values matter under a demand.
func liveIn(head *ast.Term, d demand) map[ast.Var]bool {
	live := map[ast.Var]bool{}
	add := func(t *ast.Term) {
		ast.WalkVars(t, func(v ast.Var) bool { live[v] = true; return false })
	}
	if d.value {
		add(head)
		return live
	}
	if len(d.elems) == 0 {
		return live
	}
	list, ok := head.Value.(*ast.Array)
	if !ok {
		add(head)
		return live
	}
	for i := range list.Len() {
		if d.elems[i] {
			add(list.Elem(i))
		}
	}
	return live
}

// unfold writes out the variables that stand for a whole group, so that two conditions on it do not
// hang together by its name. The expression that binds the variable stays: it asks whether it is there.
func (a *analyst) unfold(body ast.Body, env map[ast.Var]paths) ast.Body {
	meant := map[ast.Var]ast.Ref{}
	for _, x := range body {
		if v, ref, ok := assigned(x); ok && env[v] != nil && meant[v] == nil {
			meant[v] = ref
		}
	}
	if len(meant) == 0 {
		return body
	}
	out := make(ast.Body, len(body))
	for i, x := range body {
		if v, _, ok := assigned(x); ok && meant[v] != nil {
			out[i] = x
			continue
		}
		x = x.Copy()
		ast.WalkTerms(x, func(t *ast.Term) bool {
			switch val := t.Value.(type) {
			case ast.Var:
				if ref := meant[val]; ref != nil {
					t.Value = ref.Copy()
				}
			case ast.Ref:
				v, ok := val[0].Value.(ast.Var)
				if ref := meant[v]; ok && ref != nil {
					t.Value = append(ref.Copy(), val[1:]...)
				}
			}
			return false
		})
		out[i] = x
	}
	return out
}

// together parts a body into the expressions that hang together by their variables.
func together(body ast.Body) [][]*ast.Expr {
	home := make([]int, len(body))
	for i := range home {
		home[i] = i
	}
	find := func(i int) int {
		for home[i] != i {
			i = home[i]
		}
		return i
	}
	seen := map[ast.Var]int{}
	for i, x := range body {
		for v := range varsOf(x) {
			if j, ok := seen[v]; ok {
				home[find(i)] = find(j)
			} else {
				seen[v] = i
			}
		}
	}
	var order []int
	parts := map[int][]*ast.Expr{}
	for i, x := range body {
		root := find(i)
		if parts[root] == nil {
			order = append(order, root)
		}
		parts[root] = append(parts[root], x)
	}
	out := make([][]*ast.Expr, len(order))
	for i, root := range order {
		out[i] = parts[root]
	}
	return out
}

// varsOf finds the variables of an expression that other expressions may share: not the names of
// documents and functions.
func varsOf(x *ast.Expr) ast.VarSet {
	vis := ast.NewVarVisitor().WithParams(ast.VarVisitorParams{SkipRefCallHead: true})
	vis.Walk(x)
	vars := vis.Vars()
	for v := range vars {
		if ast.RootDocumentNames.Contains(ast.NewTerm(v)) {
			delete(vars, v)
		}
	}
	return vars
}

// body takes the conditions of a body one by one.
func (a *analyst) body(body ast.Body, live map[ast.Var]bool, env map[ast.Var]paths) error {
	parts := together(body)
	read := make([]columns, len(parts))
	for i, part := range parts {
		read[i] = a.frame.differing(a.ofBody(part, env))
		if len(read[i]) > 0 {
			continue
		}
		open, err := a.open(part)
		if err != nil || !open {
			return err
		}
	}
	for i, part := range parts {
		if len(read[i]) == 0 {
			continue
		}
		err := a.condition(part, read[i], live, env)
		if err != nil {
			return err
		}
	}
	return nil
}

// open evaluates a condition that rests on the frame alone.
func (a *analyst) open(part []*ast.Expr) (bool, error) {
	key := plainly(ast.Body(part).String())
	holds, known := a.truth[key]
	if !known && a.first != nil && !a.restsOnOther(ast.Body(part)) {
		holds, known = a.first.truth[key]
	}
	if known {
		return holds, nil
	}
	q, err := a.newQuestion([]atom{{a, part}})
	if err != nil {
		return false, err
	}
	signs, err := q.ask(a.ctx, a.input, nil)
	if err != nil {
		return false, err
	}
	holds = signs[0] == '1'
	a.truth[key] = holds
	return holds, nil
}

// condition makes an atom of what rests on one column and opens everything else.
func (a *analyst) condition(part []*ast.Expr, read columns, live map[ast.Var]bool, env map[ast.Var]paths) error {
	lives := false
	for _, x := range part {
		for v := range varsOf(x) {
			lives = lives || live[v]
		}
	}
	if len(read) > 1 {
		body, ok := a.writtenOut(part)
		if ok {
			env = a.bind(body, env)
			return a.body(a.needed(a.unfold(body, env), live), live, env)
		}
	}
	if lives || len(read) > 1 && !joinable(read) {
		return a.unpick(part, live, env)
	}
	if len(read) == 1 && narrow[read.list()[0]] {
		a.keep(read.list(), part)
		return nil
	}
	// Opened, it may come to less: to conditions on single columns, or to nothing when the frame closes
	// it. If a whole column came of it, the columns are better held against the condition together.
	fork := a.fork()
	err := fork.unpick(part, live, env)
	if err != nil || fork.wholes() > a.wholes() || len(read) == 1 && fork.atoms() > a.atoms() {
		a.keep(read.list(), part)
		return nil
	}
	*a.out, a.walked, a.taken = *fork.out, fork.walked, fork.taken
	return nil
}

// narrow columns have few values in any registry.
var narrow = map[string]bool{
	"resident.sex": true, "resident.village": true, "resident.district": true, "resident.regency": true,
	"resident.province": true, "resident.life_status": true, "resident.relation": true, "resident.in_latest": true,
	"resident.as_of": true, "household.source": true, "household.as_of": true, "welfare.source": true, "welfare.as_of": true,
	"welfare.desil": true, "membership.source": true, "membership.as_of": true, "membership.segment": true,
	"need": true, "statements.accepts_class_3": true, "statements.still_employed": true,
	"membership.member_status": true, "membership.member_reason": true, "membership.class": true,
}

// joinable tells that a few columns have not too many different values together.
func joinable(c columns) bool {
	wide := 0
	for column := range c {
		if !narrow[column] && !slices.Contains(shownColumns, column) {
			wide++
		}
	}
	return len(c) <= 3 && wide <= 1
}
