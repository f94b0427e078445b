package policy

import (
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// lists are the lists of the input of which each member is somebody or something of its own.
var lists = map[string]string{"input.household.members": "anggota keluarga", "input.evidence": "berkas", "input.checks": "hasil cek"}

// pickedMember is a place where a member of a list is taken: by [_], by a name for its number, or, when
// named, under a name of its own.
type pickedMember struct {
	term  *ast.Term
	by    ast.Var
	named bool
	place ast.Var // name for its number beside by: some place, by in LIST
}

// body looks at one conjunction: conditions about a member of a list must be about the same member, and
// "for all" needs somebody for whom it holds.
func (r *reviewer) body(body ast.Body) {
	picks := map[string][]pickedMember{}
	add := func(list string, p pickedMember) {
		known := func(o pickedMember) bool {
			return (o.by == p.by || o.place == p.by || o.by == p.place) && !p.by.IsWildcard() || related(body, o, p)
		}
		if !slices.ContainsFunc(picks[list], known) {
			picks[list] = append(picks[list], p)
		}
	}
	for _, x := range body {
		switch terms := x.Terms.(type) {
		case *ast.Every:
			r.every(terms, body)
			continue
		case *ast.SomeDecl:
			if list, p := r.drawn(terms); list != "" {
				add(list, p)
			}
			continue
		}
		if list, p := taken(x); list != "" {
			add(list, p)
			continue
		}
		r.noneOfNobody(x, body)
		walkConjunction(x, func(t *ast.Term) {
			if ref, ok := t.Value.(ast.Ref); ok {
				if list, by := picked(ref); list != "" {
					add(list, pickedMember{term: t, by: by})
				}
			}
		})
	}
	for list, of := range picks {
		if len(of) > 1 {
			r.splits(list, of)
		}
	}
	r.strangers(body, picks)
}

// splits tells of two members of a list that nothing holds together. Two names of their own may be meant
// and are only warned of; the rest is a slip.
func (r *reviewer) splits(list string, of []pickedMember) {
	second := of[1]
	if of[0].named && second.named {
		r.report(second.term.Location, Problem{Code: "member_twice", Level: Warning,
			Message: fmt.Sprintf("%s dan %s diambil sendiri-sendiri dari daftar yang sama (%s), jadi tiap pasangan dicoba dan keduanya boleh %s yang berbeda.",
				clip(string(of[0].by)), clip(string(second.by)), list, lists[list]),
			Fix: fmt.Sprintf("Bila satu %s yang dimaksud, hapus some yang kedua dan pakai %s di semua syaratnya. Bila memang dua, tulis hubungannya, misalnya %s != %s.",
				lists[list], clip(string(of[0].by)), clip(string(of[0].by)), clip(string(second.by)))})
		return
	}
	if second.named { // the place without a name is the slip
		second = of[0]
	}
	r.report(second.term.Location, Problem{Code: "member_split",
		Message: fmt.Sprintf("Tiap %s[%s] memilih %s sendiri-sendiri, jadi syarat ini dapat dipenuhi dua %s yang berbeda.", list, placeName(second.by), lists[list], lists[list]),
		Fix:     fmt.Sprintf("Tulis some m in %s, lalu pakai m di semua syaratnya.", list)})
}

// drawn reads some m in LIST, under whatever name the list goes here.
func (r *reviewer) drawn(some *ast.SomeDecl) (list string, p pickedMember) {
	if len(some.Symbols) != 1 {
		return "", p
	}
	call, ok := some.Symbols[0].Value.(ast.Call)
	if !ok || len(call) < 3 {
		return "", p
	}
	member, ok := call[len(call)-2].Value.(ast.Var)
	if !ok {
		return "", p
	}
	p = pickedMember{term: call[len(call)-2], by: member, named: true}
	if len(call) == 4 {
		p.place, _ = call[1].Value.(ast.Var)
	}
	return r.listOf(call[len(call)-1]), p
}

// listOf gives the list of the input that a term stands for, "" when it is none.
func (r *reviewer) listOf(t *ast.Term) string {
	for _, m := range r.follow(t) {
		if name := m.term.String(); lists[name] != "" {
			return name
		}
	}
	return ""
}

// taken reads m := LIST[_].
func taken(x *ast.Expr) (list string, p pickedMember) {
	if !x.IsAssignment() || len(x.Operands()) != 2 {
		return "", p
	}
	name, ok := x.Operand(0).Value.(ast.Var)
	ref, isRef := x.Operand(1).Value.(ast.Ref)
	if !ok || !isRef || len(ref) < 2 {
		return "", p
	}
	last, ok := ref[len(ref)-1].Value.(ast.Var)
	if !ok || !last.IsWildcard() || lists[ref[:len(ref)-1].String()] == "" {
		return "", p
	}
	return ref[:len(ref)-1].String(), pickedMember{term: x.Operand(0), by: name, named: true}
}

// walkConjunction calls do for the terms of a condition, without those of a comprehension: it is a
// conjunction of its own.
func walkConjunction(x *ast.Expr, do func(*ast.Term)) {
	ast.WalkTerms(x, func(t *ast.Term) bool {
		switch t.Value.(type) {
		case *ast.ArrayComprehension, *ast.SetComprehension, *ast.ObjectComprehension:
			return true
		}
		do(t)
		return false
	})
}

func placeName(v ast.Var) string {
	if v.IsWildcard() {
		return "_"
	}
	return clip(string(v))
}

// related tells whether a condition names both members, as they are or by something derived from them:
// who writes i != j means two. Two papers of different kinds are two as well.
func related(body ast.Body, a, b pickedMember) bool {
	if a.by.IsWildcard() || b.by.IsWildcard() || a.by == b.by {
		return false
	}
	if a.named && b.named {
		return namesBoth(body, a.by, b.by) || apart(body, a.by, b.by)
	}
	for _, x := range body {
		terms, ok := x.Terms.([]*ast.Term)
		if !ok || len(terms) != 3 {
			continue
		}
		left, right := terms[1].Value, terms[2].Value
		if left.Compare(a.by) == 0 && right.Compare(b.by) == 0 || left.Compare(b.by) == 0 && right.Compare(a.by) == 0 {
			return true
		}
	}
	return false
}

// namesBoth looks for a condition in which both have a part.
func namesBoth(body ast.Body, a, b ast.Var) bool {
	from := map[ast.Var]map[ast.Var]bool{a: {a: true}, b: {b: true}} // what a name is derived from
	for _, x := range body {
		if _, some := x.Terms.(*ast.SomeDecl); some {
			continue
		}
		parts := map[ast.Var]bool{}
		ast.WalkVars(x, func(v ast.Var) bool {
			for origin := range from[v] {
				parts[origin] = true
			}
			return false
		})
		if len(parts) > 1 {
			return true
		}
		if x.IsAssignment() && len(x.Operands()) == 2 && len(parts) > 0 {
			if name, ok := x.Operand(0).Value.(ast.Var); ok && from[name] == nil {
				from[name] = parts
			}
		}
	}
	return false
}

// apart tells members of which the same field is held to two different words: e.kind == "kk" and
// f.kind == "ktp".
func apart(body ast.Body, a, b ast.Var) bool {
	held := map[ast.Var]map[string]*ast.Term{a: {}, b: {}}
	for _, x := range body {
		terms, ok := x.Terms.([]*ast.Term)
		if !ok || len(terms) != 3 || terms[0].String() != "equal" {
			continue
		}
		for i := 1; i < 3; i++ {
			ref, ok := terms[i].Value.(ast.Ref)
			if !ok || !ast.IsConstant(terms[3-i].Value) {
				continue
			}
			if name, ok := ref[0].Value.(ast.Var); ok && held[name] != nil {
				held[name][ref[1:].String()] = terms[3-i]
			}
		}
	}
	for field, word := range held[a] {
		if other := held[b][field]; other != nil && !other.Equal(word) {
			return true
		}
	}
	return false
}

// picked gives the list of which a reference takes any member, and by what name for its number.
func picked(ref ast.Ref) (list string, by ast.Var) {
	path := ""
	for i, part := range ref {
		switch v := part.Value.(type) {
		case ast.String:
			path += "." + string(v)
		case ast.Var:
			if i == 0 {
				path = string(v)
				continue
			}
			if lists[path] != "" && i < len(ref)-1 {
				return path, v
			}
			return "", ""
		default:
			return "", ""
		}
	}
	return "", ""
}
