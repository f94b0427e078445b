package policy

import (
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// privateFields stand on papers and in the record but decide nothing: no rule may read them.
var privateFields = []string{"name", "birth_place", "address", "rt", "rw", "jkn_number", "facility", "seen_by"}

// lint finds what the type checker lets pass: unknown parameters, replaced documents, and names of
// people.
func (s *ruleSet) lint(params []Param) []Problem {
	var found []Problem
	report := func(loc *ast.Location, code, message string) {
		p := Problem{Code: code, Message: message}
		if loc != nil {
			p.File, p.Row, p.Col = loc.File, loc.Row, loc.Col
		}
		found = append(found, p)
	}
	known := map[string]bool{}
	for _, p := range params {
		known[p.Name] = true
	}
	for _, mod := range s.modules {
		ast.WalkExprs(mod, func(x *ast.Expr) bool {
			if len(x.With) > 0 {
				report(x.Location, "with", "Kata with hanya boleh dipakai dalam uji.")
			}
			s.words.lint(x, report)
			return false
		})
		ast.WalkTerms(mod, func(t *ast.Term) bool {
			if ref, ok := t.Value.(ast.Ref); ok {
				lintRef(ref, t.Location, known, report)
			}
			return false
		})
	}
	slices.SortFunc(found, func(a, b Problem) int {
		return comparePlaces(a, b)
	})
	return found
}

// reads tells whether a rule mentions the field of the input, or the whole input at once.
func (s *ruleSet) reads(field string) bool {
	found := false
	for _, mod := range s.modules {
		ast.WalkRefs(mod, func(ref ast.Ref) bool {
			if ref[0].Equal(ast.InputRootDocument) && (len(ref) == 1 || ref[1].Equal(ast.StringTerm(field))) {
				found = true
			}
			return found
		})
	}
	return found
}

// lintRef checks the names in data.params.NAME and current.NAME, and fields that no rule may read.
func lintRef(ref ast.Ref, loc *ast.Location, known map[string]bool, report func(*ast.Location, string, string)) {
	if ref.HasPrefix(ast.MustParseRef("data.params")) && len(ref) > 2 {
		if name, ok := ref[2].Value.(ast.String); ok && !known[string(name)] {
			report(loc, "param_unknown", fmt.Sprintf("Parameter %s tidak ada di data.json.", string(name)))
		}
	}
	if ref[0].Value.Compare(ast.Var("current")) == 0 && len(ref) > 1 {
		if name, ok := ref[1].Value.(ast.String); ok && !known[string(name)] {
			report(loc, "param_unknown", fmt.Sprintf("Parameter %s tidak ada di data.json.", string(name)))
		}
	}
	for _, part := range ref[1:] {
		if s, ok := part.Value.(ast.String); ok && slices.Contains(privateFields, string(s)) {
			report(loc, "private_field", fmt.Sprintf("Aturan tidak boleh membaca %s: itu bukan dasar kelayakan.", string(s)))
		}
	}
	if ref[0].Equal(ast.InputRootDocument) && len(ref) > 1 {
		if _, ok := ref[1].Value.(ast.String); !ok {
			report(loc, "dynamic_input", fmt.Sprintf("Tulis nama isian setelah input secara langsung, bukan %s.", ref[1]))
		}
	}
}
