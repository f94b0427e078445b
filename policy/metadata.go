package policy

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Rule is one written cause of a finding, as its METADATA describes it.
type Rule struct {
	Code          string `json:"code"`
	Title         string `json:"title"`
	Article       string `json:"article"`
	EffectiveFrom string `json:"effective_from"`
	Remedy        string `json:"remedy"`
	Document      string `json:"document"`
	File          string `json:"file"`
	Line          int    `json:"line"`
	Source        string `json:"source"` // text of the rule, METADATA included
	Laws          []Law  `json:"laws,omitempty"`

	order   int                // place among the findings of a decision
	because map[Verdict]string // short clause for the banner, by verdict
	act     map[Verdict]string // what the banner says can be done, by verdict
}

// Law is where a law can be read on which a rule rests.
type Law struct {
	Name    string `json:"name"`    // as METADATA describes it; the address where it does not
	Address string `json:"address"` // https
}

// lawsOf gives the laws that METADATA names as related_resources; other kinds of addresses are none.
func lawsOf(meta *ast.Annotations) []Law {
	var laws []Law
	for _, r := range meta.RelatedResources {
		if r.Ref.Scheme == "https" && r.Ref.Host != "" {
			laws = append(laws, Law{Name: cmp.Or(r.Description, r.Ref.String()), Address: r.Ref.String()})
		}
	}
	return laws
}

// checkHeads joins METADATA to every rule that yields a finding, by code. A finding without code,
// article and remedy is refused: text and logic must not drift apart.
func (l *loaded) checkHeads(b Bundle) []Problem {
	var found []Problem
	l.rules, found = describeAll(l.modules, b, rulePackage, findingsRule, describe)
	if len(l.rules) == 0 && len(found) == 0 {
		found = append(found, Problem{Code: "no_rules", Message: "Tidak ada aturan findings di paket layak.eligibility."})
	}
	return found
}

// describeAll joins METADATA to every rule that yields an element of the partial set in a package, and
// gives the rules in their order. A code that two rules bear is refused.
func describeAll(modules map[string]*ast.Module, b Bundle, pkg, set string,
	describe func(r *ast.Rule, notes *ast.AnnotationSet, lines []string) (rule Rule, problem string)) (rules []Rule, found []Problem) {
	notes, errs := ast.BuildAnnotationSet(slices.Collect(maps.Values(modules)))
	if len(errs) > 0 {
		return nil, problemsOf("", errs)
	}
	seen := map[string]bool{}
	for _, name := range b.names() {
		mod := modules[name]
		if mod == nil || mod.Package.Path.String() != pkg {
			continue
		}
		lines := strings.Split(string(b.Files[name]), "\n")
		for _, r := range mod.Rules {
			if string(r.Head.Name) != set && !r.Head.Ref().HasPrefix(ast.Ref{ast.VarTerm(set)}) {
				continue
			}
			rule, problem := describe(r, notes, lines)
			if problem == "" && seen[rule.Code] {
				problem = "Kode " + rule.Code + " dipakai dua kali. Satu sebab satu aturan."
			}
			if problem != "" {
				found = append(found, Problem{File: name, Row: r.Location.Row, Col: r.Location.Col, Code: "metadata", Message: problem})
				continue
			}
			seen[rule.Code] = true
			rules = append(rules, rule)
		}
	}
	slices.SortStableFunc(rules, func(a, b Rule) int { return a.order - b.order })
	return rules, found
}

// describe reads one rule; problem is "" when it is whole. For the banner METADATA may give, for all
// verdicts or for one of them: because (because_unknown, because_not_met …), a short clause that may
// hold {seen}, and act (act_not_met …), a sentence that says what can be done. Of an open finding the
// clause is the act that settles it: "lihat KTP dan KK".
func describe(r *ast.Rule, notes *ast.AnnotationSet, lines []string) (rule Rule, problem string) {
	head, ok := headObject(r)
	if !ok {
		return rule, `Tulis aturan sebagai findings contains {"code": "...", "verdict": ..., "seen": ..., "limit": ..., "source": ...} if { ... }.`
	}
	scope := notes.GetRuleScope(r)
	if len(scope) == 0 {
		return rule, "Aturan ini belum mempunyai METADATA (judul, kode, pasal, yang dapat dilakukan)."
	}
	meta := scope[len(scope)-1]
	text := func(key string) string { s, _ := meta.Custom[key].(string); return strings.TrimSpace(s) }
	rule = Rule{
		Code: text("code"), Title: meta.Title, Article: text("article"), EffectiveFrom: text("effective_from"),
		Remedy: text("remedy"), Document: text("document"), because: map[Verdict]string{}, act: map[Verdict]string{},
		File: r.Location.File, Line: r.Location.Row, Source: sourceOf(r, meta, lines), Laws: lawsOf(meta),
	}
	for _, v := range []Verdict{Met, NotMet, Unknown, Note} {
		if clause := cmp.Or(text("because_"+string(v)), text("because")); clause != "" {
			rule.because[v] = clause
		}
		rule.act[v] = cmp.Or(text("act_"+string(v)), text("act"), firstSentence(rule.Remedy))
	}
	rule.order = 100_000
	if n, err := strconv.Atoi(fmt.Sprint(meta.Custom["order"])); err == nil {
		rule.order = n
	}
	for _, miss := range []struct{ value, word string }{
		{rule.Code, "code"}, {rule.Title, "title"}, {rule.Article, "article"}, {rule.Remedy, "remedy"},
	} {
		if miss.value == "" {
			return rule, "METADATA aturan ini belum berisi " + miss.word + "."
		}
	}
	if !validDay(rule.EffectiveFrom) {
		return rule, "METADATA aturan ini belum berisi effective_from (tanggal TTTT-BB-HH dalam tanda kutip)."
	}
	if rule.Document != "" && !slices.Contains(Codes("evidence_kind"), rule.Document) {
		return rule, "Berkas " + rule.Document + " di METADATA tidak ada dalam daftar berkas."
	}
	return rule, checkHead(head, rule.Code)
}

func headObject(r *ast.Rule) (ast.Object, bool) {
	if r.Head.Key == nil {
		return nil, false
	}
	o, ok := r.Head.Key.Value.(ast.Object)
	return o, ok
}

var headKeys = []string{"code", "verdict", "seen", "limit", "source"}

// checkHead wants the code written out, a known verdict and what was seen; limit and source may be
// left out.
func checkHead(head ast.Object, code string) string {
	for _, key := range []string{"code", "verdict", "seen"} {
		if head.Get(ast.StringTerm(key)) == nil {
			return "Kepala aturan belum berisi " + key + "."
		}
	}
	extra := ""
	head.Foreach(func(key, _ *ast.Term) {
		if name, ok := key.Value.(ast.String); !ok || !slices.Contains(headKeys, string(name)) {
			extra = "Kepala aturan hanya boleh berisi code, verdict, seen, limit, dan source."
		}
	})
	if extra != "" {
		return extra
	}
	if got, ok := head.Get(ast.StringTerm("code")).Value.(ast.String); !ok || string(got) != code {
		return "Kode di kepala aturan harus sama dengan kode " + code + " di METADATA, ditulis langsung."
	}
	if v, ok := head.Get(ast.StringTerm("verdict")).Value.(ast.String); ok && !validVerdict(Verdict(v)) {
		return "Putusan " + string(v) + " tidak dikenal. Pakai met, not_met, unknown, atau note."
	}
	return ""
}

func validVerdict(v Verdict) bool {
	return v == Met || v == NotMet || v == Unknown || v == Note
}

// sourceOf cuts the rule with its METADATA out of the file.
func sourceOf(r *ast.Rule, meta *ast.Annotations, lines []string) string {
	from := r.Location.Row
	if meta.Location != nil && meta.Location.Row < from {
		from = meta.Location.Row
	}
	to := r.Location.Row + strings.Count(strings.TrimRight(string(r.Location.Text), "\n"), "\n")
	if from < 1 || to > len(lines) || from > to {
		return string(r.Location.Text)
	}
	return strings.Join(lines[from-1:to], "\n")
}
