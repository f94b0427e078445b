package policy

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// reviewer finds what the compiler lets pass and stored revisions may hold, but what nobody may propose:
// it is asked of rules that people hand in, never of those that decide already.
type reviewer struct {
	set    *ruleSet
	facts  map[string]FactWord // by path
	params map[string]ParamSpec
	known  map[string]bool // names of params
	found  []Problem
	rule   *ast.Rule // being read
	names  *names
	causes map[*ast.Rule]bool // what causes rest on, once it was asked for
}

// around is what stands around the rules of a bundle: what may be written in them, and what is wrong in the
// files that are no Rego.
type around struct {
	words  Lexicon                        // without rules
	facts  map[string]map[string]FactWord // by kind of rules, "check" and "routing", and path
	params map[string]ParamSpec
	known  map[string]bool // names of params
	found  []Problem
}

// arounds remembers some: whoever writes rules leaves the other files alone.
var arounds = memo[*around]{room: 4}

// around reads what stands around the rules. It is shared and must not be written.
func (l *loaded) around(b Bundle) *around {
	h := sha256.New()
	for _, name := range b.names() {
		if !strings.HasSuffix(name, ".rego") {
			writePart(h, []byte(name))
			writePart(h, b.Files[name])
		}
	}
	return arounds.get(digest(h.Sum(nil)), 1, func() *around {
		a := &around{words: wordsAround(b), facts: map[string]map[string]FactWord{"check": {}, "routing": {}},
			params: map[string]ParamSpec{}, known: map[string]bool{}}
		for _, f := range a.words.Facts {
			a.facts[f.Of][f.Path] = f
		}
		specs, err := ParamSpecs(b)
		if err == nil {
			for _, s := range specs {
				a.params[s.Name], a.known[s.Name] = s, true
			}
		}
		a.found = slices.Concat(openSchema(b), checkParamValues(b, l.params))
		return a
	})
}

// review reads every rule of a bundle. It needs no compiled rules, but knows more types with them: it waits
// for the compiler where it asks for one.
func (l *loaded) review(b Bundle, a *around) []Problem {
	var found []Problem
	for i, set := range l.sets() {
		r := reviewer{set: set, facts: a.facts[[]string{"check", "routing"}[i]], params: a.params, known: a.known, names: namesOf(set.modules)}
		for _, name := range b.names() {
			if mod := set.modules[name]; mod != nil {
				r.module(mod)
			}
		}
		r.untested()
		r.unsourced()
		found = append(found, r.found...)
	}
	found = append(found, a.found...)
	slices.SortStableFunc(found, comparePlaces)
	return found
}

// advise gives every problem its level and its fix. A place is told the same thing once.
func advise(found []Problem, lex Lexicon) []Problem {
	explainCompiler(found, lex)
	type place struct {
		file, code string
		row, col   int
	}
	seen := map[place]bool{}
	out := found[:0]
	for _, p := range found {
		at := place{p.File, p.Code, p.Row, p.Col}
		if seen[at] && p.Row > 0 {
			continue
		}
		seen[at] = true
		if p.Level == "" {
			p.Level = Wrong
		}
		if p.Fix == "" {
			p.Fix = usualFixes[p.Code]
		}
		p.Message, p.Fix = clip(p.Message), clip(p.Fix) // they quote names, which have any length
		out = append(out, p)
	}
	return out
}

// usualFixes stand in where the place itself says no more.
var usualFixes = map[string]string{
	"metadata":          "Lengkapi blok # METADATA di atas aturan: title, lalu custom dengan code, order, article, effective_from, remedy, document.",
	"params_invalid":    "Perbaiki data.json; tiap nilai berisi value, valid_from, unit, title, dan source.",
	"schema_unreadable": "Kembalikan berkas skema dari versi aturan sebelumnya.",
	"contract_missing":  "Salin berkas .manifest dari versi aturan sebelumnya.",
	"contract_newer":    "Perbarui program Layak, atau pakai kumpulan aturan untuk program ini.",
	"no_rules":          "Tulis sebab di paket layak.eligibility sebagai findings contains { ... }.",
	"no_routing":        "Tulis alasan di paket layak.routing sebagai reasons contains { ... }.",
	"foreign_rules":     "Salin bagian yang dipakai ke paket layak.routing.",
	"hidden_sign":       "Hapus tanda itu beserta huruf di kiri dan kanannya, lalu ketik ulang. Tanda seperti ini sering ikut saat menyalin dari surat atau laman.",
	"too_deep":          "Beri nama pada bagian yang paling dalam: tulis sebagai aturan sendiri, lalu sebut namanya di sini.",
	"too_many_branches": "Tulis sebagai beberapa aturan senama, atau sebagai daftar pasangan nilai.",
	"too_many_rules":    "Gabungkan aturan yang hanya berbeda nilai: tulis nilainya sebagai daftar, lalu pakai in.",

	"policy_too_slow":        "Batalkan perubahan terakhir, lalu cari daftar yang dikalikan dengan daftar lain (dua some berturut-turut). Ganti dengan satu daftar dan in.",
	"policy_too_much_memory": "Batalkan perubahan terakhir, lalu cari concat, replace, atau daftar yang hasilnya dipakai lagi untuk membuat yang lebih besar.",
	"policy_too_deep":        "Beri nama pada bagian yang paling dalam: tulis sebagai aturan sendiri, lalu sebut namanya.",
	"policy_crashed":         "Batalkan perubahan terakhir, lalu tambahkan kembali sebaris demi sebaris sampai tampak baris mana yang menghentikannya.",
}

// UsualFix says what to do about a problem, or about rules that were cut off, by its code; "" when only
// the place itself could tell.
func UsualFix(code string) string { return usualFixes[code] }

func (r *reviewer) report(loc *ast.Location, p Problem) {
	if loc != nil {
		p.File, p.Row, p.Col = loc.File, loc.Row, loc.Col
	}
	r.found = append(r.found, p)
}

func (r *reviewer) module(mod *ast.Module) {
	r.imports(mod)
	r.aliases(mod)
	for _, rule := range mod.Rules {
		r.rule = rule
		if rule.Default && r.fulfilledBy(rule) {
			r.report(rule.Location, Problem{Code: "default_true", Message: "Aturan ini dianggap terpenuhi bila faktanya tidak diketahui.",
				Fix: "Hapus default true. Tulis syarat yang harus terpenuhi, dan nilai unknown bila faktanya belum ada."})
		}
		for branch := rule; branch != nil; branch = branch.Else {
			if branch != rule && r.fulfilledBy(branch) && r.idleBody(branch) {
				r.report(branch.Head.Location, Problem{Code: "else_true", Message: "Cabang else ini membuat aturan terpenuhi apa pun faktanya.",
					Fix: "Tulis syaratnya. Aturan ya atau tidak ditulis sebagai beberapa aturan senama, tanpa else."})
			}
		}
		r.words(rule)
		r.conditions(rule)
		r.shadows(rule)
		r.heads(rule)
		ast.WalkBodies(rule, func(body ast.Body) bool {
			r.body(body)
			return false
		})
		ast.WalkExprs(rule, func(x *ast.Expr) bool {
			r.ordering(x)
			r.codes(x)
			r.chosen(x)
			r.negated(x)
			r.outOfRange(x)
			r.paired(x)
			r.codedOrder(x)
			if terms, ok := x.Terms.([]*ast.Term); ok && !x.IsAssignment() {
				r.group(terms, x.Location)
			}
			r.anyField(x)
			return false
		})
		ast.WalkTerms(rule, func(t *ast.Term) bool {
			r.term(t)
			return false
		})
	}
}

func isTrue(t *ast.Term) bool { return t != nil && ast.Boolean(true).Compare(t.Value) == 0 }

// emptyBody tells the body that the parser puts where none was written.
func emptyBody(b ast.Body) bool {
	return len(b) == 0 || len(b) == 1 && b[0].String() == "true"
}

// term looks at calls and references.
func (r *reviewer) term(t *ast.Term) {
	switch v := t.Value.(type) {
	case ast.Call:
		r.call(v, t.Location)
		r.group(v, t.Location)
	case ast.Ref:
		r.nowhere(v, t.Location)
		r.lookup(v, t.Location)
		r.chosenParam(v)
		for _, m := range r.follow(t) {
			r.named(m.term, t)
			if ref, ok := m.term.Value.(ast.Ref); ok {
				r.dynamic(ref, t.Location)
			}
		}
	}
}

// call refuses object.get with a key that is written out: the type checker cannot see a wrong name in it,
// and it makes the rules read the whole group.
func (r *reviewer) call(c ast.Call, loc *ast.Location) {
	if c[0].String() != "object.get" || len(c) != 4 {
		return
	}
	r.looked(c, loc)
	group := ""
	for _, m := range r.follow(c[1]) {
		if ref, ok := m.term.Value.(ast.Ref); ok && ref[0].Equal(ast.InputRootDocument) {
			group = ref.String()
		}
		if v, ok := m.term.Value.(ast.Var); ok && v == "input" {
			group = "input"
		}
	}
	key := ""
	switch k := c[2].Value.(type) {
	case ast.String:
		key = string(k)
	case *ast.Array:
		k.Foreach(func(part *ast.Term) { key = strings.TrimPrefix(key+"."+nameOfPart(part), ".") })
	}
	if group == "" || key == "" {
		return
	}
	r.report(loc, Problem{Code: "object_get", Message: fmt.Sprintf("Tulis isian %s.%s secara langsung, bukan lewat object.get.", clip(group), clip(key)),
		Fix: "Nilai pengganti menyembunyikan fakta yang belum diketahui. Tulis namanya langsung dan tangani keadaan belum diketahui sebagai sebab tersendiri."})
}

// dynamic refuses a field below input that is chosen while the rules run; the place in a list is none.
func (r *reviewer) dynamic(ref ast.Ref, loc *ast.Location) {
	if !ref[0].Equal(ast.InputRootDocument) {
		return
	}
	path := "input"
	for i, part := range ref[1:] {
		name, ok := part.Value.(ast.String)
		if ok {
			path += "." + string(name)
			continue
		}
		if r.facts[path].Type == typeWords["array"] {
			path += "[_]"
			continue
		}
		if i > 0 { // straight below input the bundle does not load
			r.report(loc, Problem{Code: "dynamic_input", Message: fmt.Sprintf("Isian %s dipilih saat aturan berjalan; pemeriksa tidak dapat melihat isian mana.", ref),
				Fix: "Tulis nama isiannya satu per satu."})
		}
		return
	}
}

// untested warns of causes of refusal that no test so much as names; running the tests says the rest.
func (r *reviewer) untested() {
	named := map[string]bool{}
	for _, mod := range r.set.tests {
		for _, rule := range mod.Rules {
			for text := range textsIn(rule) {
				named[text] = true
			}
		}
	}
	l := loaded{ruleSet: *r.set}
	for _, rule := range r.set.rules {
		if !named[rule.Code] && l.refuses(rule) {
			r.found = append(r.found, Problem{File: rule.File, Row: rule.Line, Col: 1, Code: "cause_untested", Level: Warning,
				Message: fmt.Sprintf("Sebab %s belum disebut dalam uji mana pun.", rule.Code),
				Fix:     "Tulis satu kasus yang ditolak karenanya dan satu yang tidak, di berkas *_test.rego."})
		}
	}
}
