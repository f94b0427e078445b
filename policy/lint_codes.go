package policy

import (
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
)

// listOf names the closed list of a field where the two differ in name.
var listOf = map[string]string{"relation": "kk_relation", "kind": "evidence_kind"}

// lintCodes refuses a comparison of a field with a word that its closed list does not have: such a
// condition never holds, and the type checker sees only two texts.
func lintCodes(x *ast.Expr, report func(*ast.Location, string, string)) {
	terms, ok := x.Terms.([]*ast.Term)
	if !ok || len(terms) != 3 {
		return
	}
	switch terms[0].String() {
	case "equal", "neq", "eq":
		compareCodes(x, terms[1], terms[2], report)
		compareCodes(x, terms[2], terms[1], report)
	case "internal.member_2":
		compareCodes(x, terms[1], terms[2], report)
	}
}

// compareCodes checks the texts of other, alone or in a set or array, against the list of field.
func compareCodes(x *ast.Expr, field, other *ast.Term, report func(*ast.Location, string, string)) {
	ref, ok := field.Value.(ast.Ref)
	if !ok {
		return
	}
	last, ok := ref[len(ref)-1].Value.(ast.String)
	if !ok {
		return
	}
	list := string(last)
	if name, ok := listOf[list]; ok {
		list = name
	}
	if codeSets[list] == nil {
		return
	}
	check := func(t *ast.Term) {
		if word, ok := t.Value.(ast.String); ok && !inList(list, string(word)) {
			report(x.Location, "code_unknown", fmt.Sprintf("Pilihan %q tidak ada dalam daftar %s.", string(word), list))
		}
	}
	switch v := other.Value.(type) {
	case ast.String:
		check(other)
	case ast.Set:
		v.Foreach(check)
	case *ast.Array:
		v.Foreach(check)
	}
}
