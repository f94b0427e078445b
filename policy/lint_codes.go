package policy

import (
	"fmt"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// vocabulary is the closed lists of one input schema, with the field that each belongs to.
type vocabulary struct {
	sets   map[string]map[string]bool
	listOf map[string]string // closed list of a field where the two differ in name
}

// checkWords and routingWords are the vocabularies of the two inputs.
var (
	checkWords = sync.OnceValue(func() *vocabulary {
		return &vocabulary{codeSets, map[string]string{"relation": "kk_relation", "kind": "evidence_kind"}}
	})
	routingWords = sync.OnceValue(func() *vocabulary {
		return &vocabulary{setsOf(routingLists()), map[string]string{"kind": "unit_kind"}}
	})
)

// lint refuses a comparison of a field with a word that its closed list does not have: such a
// condition never holds, and the type checker sees only two texts.
func (v *vocabulary) lint(x *ast.Expr, report func(*ast.Location, string, string)) {
	terms, ok := x.Terms.([]*ast.Term)
	if !ok || len(terms) != 3 {
		return
	}
	switch terms[0].String() {
	case "equal", "neq", "eq":
		v.compare(x, terms[1], terms[2], report)
		v.compare(x, terms[2], terms[1], report)
	case "internal.member_2":
		v.compare(x, terms[1], terms[2], report)
	}
}

// compare checks the texts of other, alone or in a set or array, against the list of field.
func (v *vocabulary) compare(x *ast.Expr, field, other *ast.Term, report func(*ast.Location, string, string)) {
	ref, ok := field.Value.(ast.Ref)
	if !ok {
		return
	}
	last, ok := ref[len(ref)-1].Value.(ast.String)
	if !ok {
		return
	}
	list := string(last)
	if name, ok := v.listOf[list]; ok {
		list = name
	}
	if v.sets[list] == nil {
		return
	}
	check := func(t *ast.Term) {
		if word, ok := t.Value.(ast.String); ok && !v.sets[list][string(word)] {
			report(x.Location, "code_unknown", fmt.Sprintf("Pilihan %q tidak ada dalam daftar %s.", string(word), list))
		}
	}
	switch o := other.Value.(type) {
	case ast.String:
		check(other)
	case ast.Set:
		o.Foreach(check)
	case *ast.Array:
		o.Foreach(check)
	}
}
