package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// routingPackage holds the rules of routing; their reasons are the partial set reasonsRule in it.
const (
	routingPackage = "data.layak.routing"
	reasonsRule    = "reasons"
)

// routes tells whether a module, or a test, is about routing: package layak.routing, one below it, or
// layak.routing_test.
func routes(mod *ast.Module) bool {
	path := mod.Package.Path
	if len(path) < 3 || !path[1].Equal(ast.StringTerm("layak")) {
		return false
	}
	name, ok := path[2].Value.(ast.String)
	return ok && (name == "routing" || strings.HasPrefix(string(name), "routing_"))
}

// checkReasons joins METADATA to every rule that yields a reason, by code. A bundle of contract 2
// without any cannot route.
func (s *ruleSet) checkReasons(b Bundle) []Problem {
	var found []Problem
	s.rules, found = describeAll(s.modules, b, routingPackage, reasonsRule, describeReason)
	if len(s.rules) == 0 && len(found) == 0 {
		found = append(found, Problem{Code: "no_routing", Message: "Tidak ada aturan reasons di paket layak.routing. Kumpulan aturan ini belum mengatur penanganan aduan."})
	}
	return found
}

// describeReason reads one rule; problem is "" when it is whole.
func describeReason(r *ast.Rule, notes *ast.AnnotationSet, lines []string) (rule Rule, problem string) {
	head, ok := headObject(r)
	if !ok || head.Len() != 2 || head.Get(ast.StringTerm("code")) == nil || head.Get(ast.StringTerm("text")) == nil {
		return rule, `Tulis aturan sebagai reasons contains {"code": "...", "text": "..."} if { ... }.`
	}
	scope := notes.GetRuleScope(r)
	if len(scope) == 0 {
		return rule, "Aturan ini belum mempunyai METADATA (judul, kode, pasal)."
	}
	meta := scope[len(scope)-1]
	text := func(key string) string { s, _ := meta.Custom[key].(string); return strings.TrimSpace(s) }
	rule = Rule{
		Code: text("code"), Title: meta.Title, Article: text("article"), EffectiveFrom: text("effective_from"),
		File: r.Location.File, Line: r.Location.Row, Source: sourceOf(r, meta, lines), Laws: lawsOf(meta), order: 100_000,
	}
	if n, err := strconv.Atoi(fmt.Sprint(meta.Custom["order"])); err == nil {
		rule.order = n
	}
	for _, miss := range []struct{ value, word string }{{rule.Code, "code"}, {rule.Title, "title"}, {rule.Article, "article"}} {
		if miss.value == "" {
			return rule, "METADATA aturan ini belum berisi " + miss.word + "."
		}
	}
	if !validDay(rule.EffectiveFrom) {
		return rule, "METADATA aturan ini belum berisi effective_from (tanggal TTTT-BB-HH dalam tanda kutip)."
	}
	if got, ok := head.Get(ast.StringTerm("code")).Value.(ast.String); !ok || string(got) != rule.Code {
		return rule, "Kode di kepala aturan harus sama dengan kode " + rule.Code + " di METADATA, ditulis langsung."
	}
	return rule, ""
}

// paramsRead lists the parameters that the rules name, as current.NAME or in a call with "NAME".
func (s *ruleSet) paramsRead(all []Param) []Param {
	names := map[string]bool{}
	for _, mod := range s.modules {
		ast.WalkTerms(mod, func(t *ast.Term) bool {
			switch v := t.Value.(type) {
			case ast.Ref:
				if v[0].Value.Compare(ast.Var("current")) == 0 && len(v) > 1 {
					if name, ok := v[1].Value.(ast.String); ok {
						names[string(name)] = true
					}
				}
			case ast.String:
				names[string(v)] = true
			}
			return false
		})
	}
	return slices.DeleteFunc(slices.Clone(all), func(p Param) bool { return !names[p.Name] })
}

// lintAlone refuses the use of rules of a check, which read another input: they would be undefined.
func (s *ruleSet) lintAlone() []Problem {
	var found []Problem
	own, params := ast.MustParseRef(routingPackage), ast.MustParseRef("data.params")
	for _, mod := range s.modules {
		ast.WalkTerms(mod, func(t *ast.Term) bool {
			ref, ok := t.Value.(ast.Ref)
			if ok && ref[0].Equal(ast.DefaultRootDocument) && !ref.HasPrefix(own) && !ref.HasPrefix(params) && t.Location != nil &&
				!ref.Equal(mod.Package.Path) {
				found = append(found, Problem{File: t.Location.File, Row: t.Location.Row, Col: t.Location.Col, Code: "foreign_rules",
					Message: "Aturan penanganan aduan hanya boleh memakai aturannya sendiri dan parameter."})
			}
			return false
		})
	}
	slices.SortFunc(found, comparePlaces)
	return found
}

// checkParams are all parameters but those that only the rules of routing read.
func (l *loaded) checkParams() []Param {
	only := map[string]bool{}
	for _, p := range l.routing.paramsRead(l.params) {
		only[p.Name] = true
	}
	for _, p := range l.paramsRead(l.params) {
		delete(only, p.Name)
	}
	return slices.DeleteFunc(slices.Clone(l.params), func(p Param) bool { return only[p.Name] })
}
