package policy

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// privateFields stand on papers and in the record but decide nothing: no rule may read them.
var privateFields = []string{"name", "birth_place", "address", "rt", "rw", "jkn_number", "facility", "seen_by"}

// lint finds what the type checker lets pass: unknown parameters, replaced documents, and names of
// people.
func (s *ruleSet) lint(params []Param) []Problem {
	var found []Problem
	report := func(loc *ast.Location, p Problem) {
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
				report(x.Location, Problem{Code: "with", Message: "Kata with hanya boleh dipakai dalam uji.",
					Fix: "Pindahkan baris ini ke berkas *_test.rego, atau tulis aturannya tanpa with."})
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
func lintRef(ref ast.Ref, loc *ast.Location, known map[string]bool, report func(*ast.Location, Problem)) {
	if ref.HasPrefix(paramsPath) && len(ref) > 2 {
		lintParam(ref[2], known, report)
	}
	if ref[0].Value.Compare(ast.Var("current")) == 0 && len(ref) > 1 {
		lintParam(ref[1], known, report)
	}
	for _, part := range ref[1:] {
		if s, ok := part.Value.(ast.String); ok && slices.Contains(privateFields, string(s)) {
			report(loc, Problem{Code: "private_field", Message: fmt.Sprintf("Aturan tidak boleh membaca %s: itu bukan dasar kelayakan.", string(s)),
				Fix: "Nilai menurut isian lain. Nama, alamat, dan nomor orang tidak menentukan hak."})
		}
	}
	if ref[0].Equal(ast.InputRootDocument) && len(ref) > 1 {
		if _, ok := ref[1].Value.(ast.String); !ok {
			report(loc, Problem{Code: "dynamic_input", Message: fmt.Sprintf("Tulis nama isian setelah input secara langsung, bukan %s.", ref[1]),
				Fix: "Tulis satu syarat untuk setiap isian, misalnya input.welfare.desil."})
		}
	}
}

var paramsPath = ast.MustParseRef("data.params")

// lintParam refuses the name of a parameter that data.json does not have.
func lintParam(t *ast.Term, known map[string]bool, report func(*ast.Location, Problem)) {
	name, ok := t.Value.(ast.String)
	if !ok || known[string(name)] {
		return
	}
	p := Problem{Code: "param_unknown", Message: fmt.Sprintf("Parameter %s tidak ada di data.json.", string(name)),
		Fix: "Tambahkan parameternya di data.json, dengan value, valid_from, unit, title, dan source."}
	if near := nearest(string(name), slices.Collect(maps.Keys(known))); near != "" {
		p.Fix = fmt.Sprintf("Tulis %s, atau tambahkan parameternya di data.json.", near)
		if t.Location != nil && strings.HasPrefix(string(t.Location.Text), `"`) { // data.params["x"]
			near = strconv.Quote(near)
		}
		p.Edit = replaceWord(t, near)
	}
	report(t.Location, p)
}
