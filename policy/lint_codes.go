package policy

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
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
func (v *vocabulary) lint(x *ast.Expr, report func(*ast.Location, Problem)) {
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
func (v *vocabulary) compare(x *ast.Expr, field, other *ast.Term, report func(*ast.Location, Problem)) {
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
			known := slices.Sorted(maps.Keys(v.sets[list]))
			p := Problem{Code: "code_unknown", Message: fmt.Sprintf("Pilihan %q tidak ada dalam daftar %s.", string(word), list),
				Fix: "Pilih salah satu: " + strings.Join(known, ", ") + "."}
			if near := nearest(string(word), known); near != "" {
				p.Fix = fmt.Sprintf("Maksudnya %q? Yang ada: %s.", near, strings.Join(known, ", "))
				p.Edit = replaceWord(t, strconv.Quote(near))
			}
			report(cmp.Or(t.Location, x.Location), p)
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
