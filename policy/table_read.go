package policy

import (
	"fmt"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// inquiry is a single question of the rules, free of the local names of the rule in which it stands.
type inquiry struct {
	key    string
	expr   *ast.Expr // the question itself, positive
	src    *ast.Expr // the line as written, nil of what a head asks
	left   string    // what is asked about, "" when only the whole question is known
	right  string
	ways   int             // of an order: which of less, equal and more fulfil it
	values map[string]bool // of constants: any of them fulfils it
	known  bool            // it asks only that there is a value
	helper string          // name of the titled rule that answers it
	within *formula        // what one member of the list, or each, has to fulfil
	list   *ast.Term
	all    bool     // each
	body   ast.Body // the whole question about members, as it can be asked
	title  string   // of the helper rule that asks nothing but this
	lost   bool     // it could not be read: only its place is known
}

const (
	less = 1 << iota
	equal
	more
)

var orderWays = map[string]int{"lt": less, "lte": less | equal, "equal": equal, "eq": equal, "neq": less | more, "gte": equal | more, "gt": more}

// mirrored is the same comparison read from the right.
var mirrored = map[string]string{"lt": "gt", "lte": "gte", "gt": "lt", "gte": "lte", "equal": "equal", "eq": "eq", "neq": "neq"}

// mostQuestions and deepestHelper bound what is read of one cause; beyond them only the place is named.
const (
	mostQuestions = 4000
	deepestHelper = 24
)

// binding is what the names of a rule stand for where it is asked: its arguments, and members of lists.
type binding map[ast.Var]*ast.Term

// ruleReader takes conditions of rules apart into formulas.
type ruleReader struct {
	*phraser
	asked, depth, loops int
	tops                map[*ast.Rule]*ast.Rule             // of a branch of else the rule that it belongs to
	own                 map[*ast.Rule]map[ast.Var]*ast.Term // local names of a single branch
	branch              *ast.Rule                           // being read; rule is what it belongs to
}

func newRuleReader(p *phraser) *ruleReader {
	return &ruleReader{phraser: p, tops: map[*ast.Rule]*ast.Rule{}, own: map[*ast.Rule]map[ast.Var]*ast.Term{}}
}

// in runs read with the names of another rule, or of one of its branches.
func (r *ruleReader) in(rule *ast.Rule, read func() *formula) *formula {
	before, branch := r.rule, r.branch
	r.rule, r.branch = rule, rule
	if top := r.tops[rule]; top != nil {
		r.rule = top
	}
	r.depth++
	out := read()
	r.depth--
	r.rule, r.branch = before, branch
	return out
}

// local gives what a name of the branch stands for, nil if it is none.
func (r *ruleReader) local(v ast.Var) *ast.Term {
	if r.branch == nil {
		return nil
	}
	own, ok := r.own[r.branch]
	if !ok {
		alone := *r.branch
		alone.Else = nil
		own, _ = localsOf(&alone)
		r.own[r.branch] = own
	}
	if to := own[v]; to != nil {
		return to
	}
	if len(r.helper(string(v))) > 0 {
		return nil
	}
	return r.names.locals[r.rule][v]
}

// body reads the lines of a rule, all of which have to hold; leave tells which lines not to read.
func (r *ruleReader) body(lines []*ast.Expr, bind binding, leave *ast.Expr) *formula {
	var parts []*formula
	for i := 0; i < len(lines); i++ {
		x := lines[i]
		if x == leave {
			continue
		}
		some, ok := x.Terms.(*ast.SomeDecl)
		if !ok {
			parts = append(parts, r.line(x, bind))
			continue
		}
		if len(some.Symbols) != 1 {
			continue
		}
		call, ok := some.Symbols[0].Value.(ast.Call)
		if !ok {
			continue // names without a list of their own
		}
		inner, rest := concerning(call[1:len(call)-1], lines[i+1:])
		parts = append(parts, r.someIn(x, call, inner, bind))
		lines, i = rest, -1
	}
	return allOf(parts...)
}

// concerning parts the lines that speak of the names, or of what is made of them, from the others.
func concerning(names []*ast.Term, lines []*ast.Expr) (inner, rest []*ast.Expr) {
	about := map[ast.Var]bool{}
	note := func(t *ast.Term) {
		ast.WalkVars(t, func(v ast.Var) bool { about[v] = true; return false })
	}
	for _, n := range names {
		note(n)
	}
	for _, x := range lines {
		speaks := false
		ast.WalkVars(x, func(v ast.Var) bool { speaks = speaks || about[v]; return speaks })
		if !speaks {
			rest = append(rest, x)
			continue
		}
		inner = append(inner, x)
		if x.IsAssignment() && len(x.Operands()) == 2 {
			note(x.Operand(0))
		}
	}
	return inner, rest
}

// someIn reads: some member of the list fulfils what the inner lines ask.
func (r *ruleReader) someIn(x *ast.Expr, call ast.Call, inner []*ast.Expr, bind binding) *formula {
	list := r.resolve(call[len(call)-1], bind)
	if len(inner) == 0 && constants(list) != nil {
		return settled(true) // there is always one of what is written out
	}
	in := r.looping(call[len(call)-2], list, bind)
	if len(call) == 4 {
		if key, ok := call[1].Value.(ast.Var); ok && in[key] == nil {
			in[key] = r.memberName()
		}
	}
	r.loops++
	within := r.body(inner, in, nil).simplify()
	body := r.rewritten(inner, in)
	r.loops--
	if len(body) == 0 {
		body = ast.NewBody(ast.NewExpr(r.memberOf(list)))
	}
	return &formula{atom: &inquiry{src: x, list: list, within: within, body: body, key: "some " + list.String() + " " + within.key()}}
}

// looping binds the name of a member to its place in the list.
func (r *ruleReader) looping(name, list *ast.Term, bind binding) binding {
	in := maps.Clone(bind)
	if in == nil {
		in = binding{}
	}
	if v, ok := name.Value.(ast.Var); ok {
		in[v] = r.memberOf(list)
	}
	return in
}

func (r *ruleReader) memberName() *ast.Term { return ast.VarTerm(fmt.Sprintf("anggota_%d", r.loops)) }

// memberOf writes a member of a list as LIST[anggota].
func (r *ruleReader) memberOf(list *ast.Term) *ast.Term {
	if ref, ok := list.Value.(ast.Ref); ok {
		return &ast.Term{Value: ref.Append(r.memberName()), Location: list.Location}
	}
	return &ast.Term{Value: ast.Ref{list, r.memberName()}, Location: list.Location}
}

// rewritten are lines as they can be asked outside their rule.
func (r *ruleReader) rewritten(lines []*ast.Expr, bind binding) ast.Body {
	var out ast.Body
	for _, x := range lines {
		switch terms := x.Terms.(type) {
		case *ast.Term:
			out = append(out, &ast.Expr{Terms: r.resolve(terms, bind), Negated: x.Negated, Location: x.Location})
		case []*ast.Term:
			if x.IsAssignment() {
				if _, name := terms[1].Value.(ast.Var); name {
					continue // what it stands for stands where it is used
				}
			}
			moved := []*ast.Term{terms[0]}
			for _, t := range terms[1:] {
				moved = append(moved, r.resolve(t, bind))
			}
			out = append(out, &ast.Expr{Terms: moved, Negated: x.Negated, Location: x.Location})
		default:
			out = append(out, x)
		}
	}
	for i := range out {
		out[i].Index = i
	}
	return out
}

// line reads one line.
func (r *ruleReader) line(x *ast.Expr, bind binding) *formula {
	r.asked++
	if r.asked > mostQuestions || r.depth > deepestHelper || len(x.With) > 0 {
		return r.unread(x)
	}
	f := r.positive(x, bind)
	if x.Negated {
		return f.simplify().not()
	}
	return f
}

// unread stands for a line that cannot be put into words.
func (r *ruleReader) unread(x *ast.Expr) *formula {
	return &formula{atom: &inquiry{key: "line " + placeKey(x.Location), src: x, lost: true}}
}

func (r *ruleReader) positive(x *ast.Expr, bind binding) *formula {
	switch terms := x.Terms.(type) {
	case *ast.Term:
		return r.yes(r.resolve(terms, bind), x)
	case *ast.Every:
		return r.every(x, terms, bind)
	case []*ast.Term:
		op := terms[0].String()
		if x.IsAssignment() || op == "eq" && len(terms) == 3 && r.takes(terms[1], bind) {
			return r.defined(r.resolve(terms[2], bind), x)
		}
		resolved := make([]*ast.Term, len(terms))
		resolved[0] = terms[0]
		for i, t := range terms[1:] {
			resolved[i+1] = r.resolve(t, bind)
		}
		return r.call(resolved, x)
	}
	return r.unread(x)
}

// takes tells a left side that takes a value: a new name or a list of such.
func (r *ruleReader) takes(t *ast.Term, bind binding) bool {
	switch v := t.Value.(type) {
	case *ast.Array:
		return true
	case ast.Var:
		return bind[v] == nil && r.local(v) != nil
	}
	return false
}

func (r *ruleReader) every(x *ast.Expr, e *ast.Every, bind binding) *formula {
	list := r.resolve(e.Domain, bind)
	in := r.looping(e.Value, list, bind)
	r.loops++
	within := r.body(e.Body, in, nil).simplify()
	r.loops--
	whole := *e
	whole.Domain = list
	return &formula{atom: &inquiry{src: x, list: list, within: within, all: true, body: ast.NewBody(ast.NewExpr(&whole)), key: "every " + list.String() + " " + within.key()}}
}

// call reads a comparison, a membership or a function that answers yes or no.
func (r *ruleReader) call(terms []*ast.Term, x *ast.Expr) *formula {
	op := terms[0].String()
	switch {
	case orderWays[op] != 0 && len(terms) == 3:
		return r.compare(op, terms[1], terms[2], x)
	case op == "internal.member_2" && len(terms) == 3:
		if values := constants(r.writtenOut(terms[2])); values != nil {
			return r.among(terms[1], values, op, []*ast.Term{terms[0], terms[1], r.writtenOut(terms[2])}, x)
		}
	case r.function(op) != nil:
		return r.yesFunction(op, terms[1:], x)
	}
	return &formula{atom: &inquiry{key: exprKey(terms), src: x, expr: ast.NewExpr(terms)}}
}

func exprKey(terms []*ast.Term) string {
	return ast.NewTerm(ast.Call(terms)).String()
}

// compare reads an order or equality of two values.
func (r *ruleReader) compare(op string, left, right *ast.Term, x *ast.Expr) *formula {
	if isConstant(left) && !isConstant(right) {
		op, left, right = mirrored[op], right, left
	}
	terms := []*ast.Term{ast.RefTerm(ast.VarTerm(op)), left, right}
	if op == "equal" || op == "eq" || op == "neq" {
		op = map[bool]string{true: "neq", false: "equal"}[op == "neq"]
		terms[0] = ast.RefTerm(ast.VarTerm(op))
		if isConstant(right) {
			f := r.among(left, []*ast.Term{right}, op, terms, x)
			return f
		}
	}
	return &formula{atom: &inquiry{key: exprKey(terms), expr: ast.NewExpr(terms), src: x, left: left.String(), right: right.String(), ways: orderWays[op]}}
}

// among reads that a value is one of constants, or with neq that it is known and is not.
func (r *ruleReader) among(left *ast.Term, values []*ast.Term, op string, terms []*ast.Term, x *ast.Expr) *formula {
	fits := func(t *ast.Term) bool {
		in := slices.ContainsFunc(values, func(v *ast.Term) bool { return v.Value.Compare(t.Value) == 0 })
		return in == (op != "neq")
	}
	if f := r.branchesWith(left, fits); f != nil {
		return f
	}
	a := &inquiry{key: exprKey(terms), expr: ast.NewExpr(terms), src: x, left: left.String()}
	if op == "neq" {
		a.ways, a.right = less|more, values[0].String()
		return &formula{atom: a}
	}
	a.values = map[string]bool{}
	for _, v := range values {
		a.values[v.String()] = true
	}
	return &formula{atom: a}
}

// writtenOut gives the value of a helper rule that is nothing but a name for it.
func (r *ruleReader) writtenOut(t *ast.Term) *ast.Term {
	v, ok := t.Value.(ast.Var)
	if !ok {
		return t
	}
	if rules := r.helper(string(v)); len(rules) == 1 && rules[0].Else == nil && emptyBody(rules[0].Body) && rules[0].Head.Value != nil {
		return rules[0].Head.Value
	}
	return t
}

// constants lists what is written out between braces or brackets, nil when something else is among it.
func constants(t *ast.Term) []*ast.Term {
	var items []*ast.Term
	switch v := t.Value.(type) {
	case ast.Set:
		items = v.Slice()
	case *ast.Array:
		v.Foreach(func(t *ast.Term) { items = append(items, t) })
	default:
		return nil
	}
	if len(items) == 0 || slices.ContainsFunc(items, func(t *ast.Term) bool { return !isConstant(t) }) {
		return nil
	}
	return items
}

func isConstant(t *ast.Term) bool {
	switch v := t.Value.(type) {
	case ast.String, ast.Number, ast.Boolean, ast.Null:
		return true
	case *ast.Array:
		return v.Len() == 0
	}
	return false
}

// helper gives the rules of a name in the package of the rule being read; functions are none.
func (r *ruleReader) helper(name string) []*ast.Rule {
	if r.rule == nil {
		return nil
	}
	rules := r.names.heads[nameIn(r.rule, name)]
	if len(rules) == 0 || len(rules[0].Head.Args) > 0 {
		return nil
	}
	return rules
}

// function gives the rules of a function.
func (r *ruleReader) function(name string) []*ast.Rule {
	if r.rule == nil {
		return nil
	}
	rules := r.names.heads[nameIn(r.rule, name)]
	if len(rules) == 0 || len(rules[0].Head.Args) == 0 {
		return nil
	}
	return rules
}

func (r *ruleReader) isHelper(t *ast.Term) bool {
	v, ok := t.Value.(ast.Var)
	return ok && len(r.helper(string(v))) > 0
}
