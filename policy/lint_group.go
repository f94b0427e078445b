package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// group refuses a function that takes a whole group of facts: nobody sees which field counts, or a wrong name
// among them, and everybody who differs in any of them has to be told apart.
func (r *reviewer) group(c []*ast.Term, loc *ast.Location) {
	name := c[0].String()
	if !builtinNames()[name] || name == "object.get" || name == "eq" || name == "assign" || name == "equal" || name == "neq" {
		return
	}
	for _, arg := range c[1:] {
		for _, m := range r.follow(arg) {
			path := m.term.String()
			if path != "input" && (!strings.HasPrefix(path, "input.") || r.facts[path].Type != typeWords["object"]) {
				continue
			}
			r.report(loc, Problem{Code: "group_whole", Message: fmt.Sprintf("Fungsi ini memakai seluruh kelompok %s; pemeriksa tidak dapat melihat isian mana yang menentukan.", clip(path)),
				Fix: "Tulis isiannya satu per satu, misalnya " + clip(path) + ".NAMA."})
			return
		}
	}
}

// named holds a reference under other names to what there is: the type checker does not follow an argument of
// a function, and nobody else the name of a parameter.
func (r *reviewer) named(t, at *ast.Term) {
	ref, ok := t.Value.(ast.Ref)
	if !ok || t == at {
		return
	}
	report := func(_ *ast.Location, p Problem) { r.report(at.Location, p) }
	known := r.known
	switch {
	case len(known) == 0: // told otherwise: the parameters cannot be read
	case ref.HasPrefix(paramsPath) && len(ref) > 2:
		lintParam(unplaced(ref[2]), known, report)
		return
	case ref[0].Value.Compare(ast.Var("current")) == 0 && len(ref) > 1:
		lintParam(unplaced(ref[1]), known, report)
		return
	}
	if !ref[0].Equal(ast.InputRootDocument) {
		return
	}
	path := "input"
	for _, part := range ref[1:] {
		above := path
		path = dotted(path, ast.Ref{part})
		_, there := r.facts[path]
		_, literal := part.Value.(ast.String)
		switch {
		case there, !literal && r.facts[above].Type == typeWords["array"]:
			continue
		case literal && r.closed(above):
			r.report(at.Location, Problem{Code: "field_unknown", Message: fmt.Sprintf("Isian %s tidak ada dalam daftar isian (input.schema.json).", clip(path)),
				Fix: "Pilih isian dari daftar yang tampil saat mengetik."})
		}
		return
	}
}

// closed tells a group of facts, or a member of a list, of which every field is known.
func (r *reviewer) closed(path string) bool {
	if path == "input" || r.facts[path].Type == typeWords["object"] {
		return true
	}
	for fact := range r.facts {
		if strings.HasSuffix(path, "[_]") && strings.HasPrefix(fact, path+".") {
			return true
		}
	}
	return false
}

// unplaced is a name without its place, which lies elsewhere than where it is told.
func unplaced(t *ast.Term) *ast.Term { return ast.NewTerm(t.Value) }

// looked checks what object.get looks up, by whatever names: a parameter that is not there, or a field that
// is chosen while the rules run.
func (r *reviewer) looked(c ast.Call, loc *ast.Location) {
	known := r.known
	for _, group := range r.follow(c[1]) {
		params := group.term.Equal(ast.NewTerm(paramsPath)) || group.term.Value.Compare(ast.Var("current")) == 0
		for _, key := range r.follow(c[2]) {
			_, written := key.term.Value.(ast.String)
			switch {
			case params && written && len(known) > 0:
				lintParam(unplaced(key.term), known, func(_ *ast.Location, p Problem) { r.report(loc, p) })
			case r.facts[group.term.String()].Type != typeWords["object"] || key.term == c[2] && ast.IsConstant(c[2].Value): // the latter is object_get
			case written:
				r.report(loc, Problem{Code: "object_get", Message: fmt.Sprintf("Tulis isian %s.%s secara langsung, bukan lewat object.get.", clip(group.term.String()), clip(nameOfPart(key.term))),
					Fix: "Nilai pengganti menyembunyikan fakta yang belum diketahui. Tulis namanya langsung dan tangani keadaan belum diketahui sebagai sebab tersendiri."})
			default:
				r.report(loc, Problem{Code: "dynamic_input", Message: fmt.Sprintf("Isian %s dipilih saat aturan berjalan; pemeriksa tidak dapat melihat isian mana.", clip(group.term.String())),
					Fix: "Tulis nama isiannya satu per satu."})
			}
		}
	}
}

// codedOrder refuses to order words of a closed list: the alphabet says nothing about them.
func (r *reviewer) codedOrder(x *ast.Expr) {
	terms, ok := x.Terms.([]*ast.Term)
	if !ok || len(terms) != 3 || !orderings[terms[0].String()] {
		return
	}
	for _, t := range terms[1:] {
		for _, m := range r.follow(t) {
			ref, ok := m.term.Value.(ast.Ref)
			if ok && ref[0].Equal(ast.InputRootDocument) && r.facts[dotted("input", ref[1:])].List != "" {
				r.report(t.Location, Problem{Code: "order_codes", Message: "Pilihan dari daftar tidak mempunyai urutan: yang dibandingkan di sini hanya abjadnya.",
					Fix: "Sebut pilihannya satu per satu: == \"...\" atau in {\"...\", \"...\"}."})
				return
			}
		}
	}
}

// heads holds a function whose argument is written out, f("waffat"), to the field that it is called with.
func (r *reviewer) heads(rule *ast.Rule) {
	report := func(loc *ast.Location, p Problem) { r.report(loc, p) }
	for i, arg := range rule.Head.Args {
		if !ast.IsConstant(arg.Value) {
			continue
		}
		for _, call := range r.names.calls[nameIn(rule, string(rule.Head.Name))] {
			c := call.term.Value.(ast.Call)
			if i+1 >= len(c) {
				continue
			}
			in := *r
			in.rule = call.rule
			for _, m := range in.follow(c[i+1]) {
				r.set.words.compare(&ast.Expr{Location: arg.Location}, fieldOf(m.term), arg, report)
			}
		}
	}
}

// paired holds words to the fields that stand at the same place in a list, or within the same set: written out
// beside each other they are compared as much as with ==.
func (r *reviewer) paired(x *ast.Expr) {
	terms, ok := x.Terms.([]*ast.Term)
	if !ok || len(terms) != 3 {
		return
	}
	report := func(loc *ast.Location, p Problem) { r.report(loc, p) }
	compare := func(a, b *ast.Term) {
		for _, m := range r.follow(a) {
			r.set.words.compare(x, fieldOf(m.term), b, report)
		}
	}
	both := func(a, b *ast.Term) { compare(a, b); compare(b, a) }
	left, right := terms[1].Value, terms[2].Value
	switch terms[0].String() {
	case "equal", "neq", "eq":
		a, isA := left.(*ast.Array)
		b, isB := right.(*ast.Array)
		for i := 0; isA && isB && i < min(a.Len(), b.Len()); i++ {
			both(a.Elem(i), b.Elem(i))
		}
		first, isFirst := left.(ast.Object)
		second, isSecond := right.(ast.Object)
		if isFirst && isSecond {
			first.Foreach(func(k, v *ast.Term) {
				if other := second.Get(k); other != nil {
					both(v, other)
				}
			})
		}
	case "internal.member_2":
		for _, member := range membersOf(terms[2]) {
			both(terms[1], member)
		}
	}
}

func membersOf(t *ast.Term) []*ast.Term {
	var out []*ast.Term
	switch v := t.Value.(type) {
	case *ast.Array:
		v.Foreach(func(m *ast.Term) { out = append(out, m) })
	case ast.Set:
		out = slices.Clone(v.Slice())
	}
	return out
}
