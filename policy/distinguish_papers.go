package policy

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"
)

// paperFields are the fields of papers that conditions read: "kind", "facts.regency", and "facts" for all
// that stand on them. Papers that differ in others alone, such as the second at which they were seen, are
// one value of the column Papers.
type paperFields struct {
	all   bool // papers are also taken as they are
	named map[string]bool
}

// personal tells that the papers of hardly two people are the same.
func (f paperFields) personal() bool { return f.all || f.named["seen_at"] }

// name writes a list of papers as far as it is read. Fields are quoted, so that no two lists have one name.
func (f paperFields) name(list []Evidence, text []byte) []byte {
	put := func(field, value string) {
		if value != "" && (f.all || f.named[field]) {
			text = strconv.AppendQuote(append(text, field[0], field[len(field)-1]), value)
		}
	}
	for i := range list {
		e := &list[i]
		text = append(text, '(')
		put("kind", e.Kind)
		put("issuer", e.Issuer)
		put("number", e.Number)
		put("issued_on", e.IssuedOn)
		put("seen_at", e.SeenAt)
		put("seen_by", e.SeenBy)
		if len(e.Facts) > 0 {
			text = append(text, '/')
		}
		for _, field := range slices.Sorted(maps.Keys(e.Facts)) {
			if f.all || f.named["facts"] || f.named["facts."+field] {
				text = append(strconv.AppendQuote(text, field), fmt.Sprintf("%T %q", e.Facts[field], fmt.Sprint(e.Facts[field]))...)
			}
		}
		text = append(text, ')')
	}
	return text
}

// noteFields finds out which fields of papers the conditions read.
func (d *Distinction) noteFields() {
	if !d.frame.Papers {
		return
	}
	d.papers.named = map[string]bool{}
	for _, u := range d.uses {
		if !slices.Contains(u.columns, Papers) {
			continue
		}
		d.papers.all = d.papers.all || u.whole
		for _, t := range u.atoms {
			r := paperReader{a: t.by, out: &d.papers, seen: map[string]bool{}}
			r.body(t.exprs, nil)
		}
	}
}

// paperPart is what of the papers something stands for.
type paperPart int

const (
	noPaper paperPart = iota
	allPapers
	onePaper
	onPaper // what stands on one: its facts
)

// paperReader follows papers through expressions and all rules that these name. What it does not
// understand counts as if it read everything.
type paperReader struct {
	a    *analyst
	out  *paperFields
	seen map[string]bool // rules with what of the papers they were called with
}

// whole notes that something is taken as it is.
func (r *paperReader) whole(p paperPart) {
	switch p {
	case allPapers, onePaper:
		r.out.all = true
	case onPaper:
		r.out.named["facts"] = true
	}
}

// body reads the expressions of a body and gives what its variables stand for.
func (r *paperReader) body(body ast.Body, outer map[ast.Var]paperPart) map[ast.Var]paperPart {
	env := maps.Clone(outer)
	if env == nil {
		env = map[ast.Var]paperPart{}
	}
	for again := true; again; {
		again = false
		for _, x := range body {
			for _, pair := range sidesOf(x) {
				v, isVar := pair[0].Value.(ast.Var)
				if p := r.standsFor(pair[1], env); isVar && p != noPaper && env[v] == noPaper {
					env[v], again = p, true
				}
			}
		}
	}
	named := map[ast.Var]int{} // by how many expressions a variable gets what it stands for
	for v := range outer {
		named[v]++
	}
	for _, x := range body {
		r.expr(x, env, named)
	}
	for v, n := range named {
		if n > 1 && env[v] != noPaper { // two papers are held against each other
			r.whole(env[v])
		}
	}
	return env
}

// sidesOf gives both sides of an equation, in both orders.
func sidesOf(x *ast.Expr) [][2]*ast.Term {
	if x.Negated || len(x.With) > 0 || !x.IsEquality() && !x.IsAssignment() {
		return nil
	}
	left, right := x.Operand(0), x.Operand(1)
	return [][2]*ast.Term{{left, right}, {right, left}}
}

// standsFor tells what of the papers a term is, without noting that it is read.
func (r *paperReader) standsFor(t *ast.Term, env map[ast.Var]paperPart) paperPart {
	if v, isVar := t.Value.(ast.Var); isVar {
		return env[v]
	}
	ref, isRef := t.Value.(ast.Ref)
	if !isRef {
		return noPaper
	}
	p, rest := beginning(ref, env)
	for _, step := range rest {
		name, _ := step.Value.(ast.String)
		switch {
		case p == allPapers:
			p = onePaper
		case p == onePaper && name == "facts":
			p = onPaper
		default:
			return noPaper
		}
	}
	return p
}

// beginning tells what of the papers a reference begins with, and what follows.
func beginning(ref ast.Ref, env map[ast.Var]paperPart) (paperPart, ast.Ref) {
	if v, isVar := ref[0].Value.(ast.Var); isVar && env[v] != noPaper {
		return env[v], ref[1:]
	}
	if name, _ := nameAt(ref, 1); ref[0].Equal(ast.InputRootDocument) && name == Papers {
		return allPapers, ref[2:]
	}
	return noPaper, nil
}

// expr reads one expression.
func (r *paperReader) expr(x *ast.Expr, env map[ast.Var]paperPart, named map[ast.Var]int) {
	if len(x.With) > 0 {
		r.out.all = true
	}
	for _, pair := range sidesOf(x) {
		v, isVar := pair[0].Value.(ast.Var)
		if isVar && r.standsFor(pair[1], env) != noPaper { // gives it a name
			named[v]++
			r.brackets(pair[1], env)
			return
		}
	}
	switch terms := x.Terms.(type) {
	case *ast.Term:
		if r.standsFor(terms, env) != noPaper { // asks whether it is there
			r.brackets(terms, env)
			return
		}
		r.term(terms, env)
	case []*ast.Term:
		r.call(terms[0].Value, terms[1:], env)
	case *ast.Every:
		r.every(terms, env)
	case *ast.SomeDecl:
	default:
		r.out.all = true
	}
}

func (r *paperReader) every(x *ast.Every, outer map[ast.Var]paperPart) {
	env := maps.Clone(outer)
	if r.standsFor(x.Domain, env) == allPapers {
		r.brackets(x.Domain, env)
		if v, isVar := x.Value.Value.(ast.Var); isVar {
			env[v] = onePaper
		}
	} else {
		r.term(x.Domain, env)
	}
	r.body(x.Body, env)
}

// call reads a call. Whether there is any paper, and how many there are, every list tells.
func (r *paperReader) call(operator ast.Value, args []*ast.Term, env map[ast.Var]paperPart) {
	ref, ok := operator.(ast.Ref)
	if !ok {
		r.out.all = true
		return
	}
	rules, _ := r.a.rulesOf(ref)
	given := make([]paperPart, len(args))
	for i, t := range args {
		given[i] = r.standsFor(t, env)
		switch {
		case given[i] != noPaper && len(rules) > 0 && i < len(rules[0].Head.Args):
			r.brackets(t, env)
		case given[i] == allPapers && (isCount(ref) && i == 0 || againstNone(ref, args)):
			r.brackets(t, env)
		default:
			r.term(t, env)
		}
	}
	r.rules(rules, given)
}

func isCount(operator ast.Ref) bool { return operator.Equal(ast.Count.Ref()) }

// againstNone tells that something is compared with the empty list.
func againstNone(operator ast.Ref, args []*ast.Term) bool {
	switch {
	case operator.Equal(ast.Equality.Ref()), operator.Equal(ast.Equal.Ref()), operator.Equal(ast.NotEqual.Ref()):
	default:
		return false
	}
	return len(args) == 2 && slices.ContainsFunc(args, func(t *ast.Term) bool {
		list, ok := t.Value.(*ast.Array)
		return ok && list.Len() == 0
	})
}

// rules reads rules and functions, called with those parts of the papers.
func (r *paperReader) rules(rules []*ast.Rule, given []paperPart) {
	for _, first := range rules {
		key := fmt.Sprintf("%p %v", first, given)
		if r.seen[key] {
			continue
		}
		r.seen[key] = true
		for b := first; b != nil; b = b.Else {
			env := map[ast.Var]paperPart{}
			for i, arg := range b.Head.Args {
				if i >= len(given) || given[i] == noPaper {
					continue
				}
				if v, isVar := arg.Value.(ast.Var); isVar {
					env[v] = given[i]
				} else { // a pattern takes it apart
					r.whole(given[i])
				}
			}
			env = r.body(b.Body, env)
			for _, t := range append([]*ast.Term{b.Head.Key, b.Head.Value}, b.Head.Reference...) {
				if t != nil {
					r.term(t, env)
				}
			}
		}
	}
}

// term reads a term whose value counts.
func (r *paperReader) term(t *ast.Term, env map[ast.Var]paperPart) {
	var visit *ast.GenericVisitor
	visit = ast.NewGenericVisitor(func(x any) bool {
		if c, ok := closureOf(x); ok {
			if c.domain != nil {
				r.term(c.domain, env)
			}
			inner := r.body(c.body, env)
			for _, made := range c.terms {
				r.term(made, inner)
			}
			return true
		}
		switch x := x.(type) {
		case ast.Call:
			r.call(x[0].Value, x[1:], env)
			return true
		case ast.Ref:
			r.ref(x, env)
			for _, inner := range x[1:] {
				visit.Walk(inner)
			}
			return true
		case ast.Var:
			r.whole(env[x])
		}
		return false
	})
	visit.Walk(t)
}

// brackets reads what stands in the brackets of a reference to papers.
func (r *paperReader) brackets(t *ast.Term, env map[ast.Var]paperPart) {
	ref, isRef := t.Value.(ast.Ref)
	if !isRef {
		return
	}
	for _, inner := range ref[1:] {
		r.term(inner, env)
	}
}

// ref reads what a reference names, without its brackets.
func (r *paperReader) ref(ref ast.Ref, env map[ast.Var]paperPart) {
	p, rest := beginning(ref, env)
	switch {
	case p != noPaper:
		r.steps(p, rest)
	case ref[0].Equal(ast.InputRootDocument):
		if _, named := nameAt(ref, 1); !named {
			r.out.all = true
		}
	case ref.HasPrefix(packagePath) && len(ref) > 3:
		if _, named := nameAt(ref, 3); !named {
			r.out.all = true
		}
		rules, _ := r.a.rulesOf(ref)
		r.rules(rules, nil)
	case packagePath.HasPrefix(ref), ref[0].Equal(ast.DefaultRootDocument) && !ref[1].IsGround():
		r.out.all = true
	}
}

// steps reads a field of a paper, or what else the steps of a reference come to.
func (r *paperReader) steps(p paperPart, rest ast.Ref) {
	for _, step := range rest {
		name, known := step.Value.(ast.String)
		switch {
		case p == allPapers:
			p = onePaper
		case p == onePaper && name == "facts":
			p = onPaper
		case !known:
			r.whole(p)
			return
		case p == onePaper:
			r.out.named[string(name)] = true
			return
		default:
			r.out.named["facts."+string(name)] = true
			return
		}
	}
	r.whole(p)
}
