package policy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// TableRow is one cause in the decision table: what has to hold, what follows, on what it rests.
type TableRow struct {
	Code       string     `json:"code"`
	Title      string     `json:"title"`
	Verdicts   []Verdict  `json:"verdicts"`   // those that the rule can yield
	Conditions [][]string `json:"conditions"` // plain Indonesian; all of a row, any of the rows
	Rego       string     `json:"rego"`       // the rule as written, METADATA included
	Article    string     `json:"article"`
	Since      string     `json:"since"` // effective_from, YYYY-MM-DD
	Remedy     string     `json:"remedy"`
	Document   string     `json:"document"`
	File       string     `json:"file"`
	Row        int        `json:"row"`
}

// Table is the decision table of the checks of a bundle, in the order of findings. fault.Invalid when the
// bundle does not load.
func Table(b Bundle) ([]TableRow, error) {
	l, found := load(b)
	if len(found) > 0 {
		return nil, problemError(found)
	}
	p := newPhraser(b, &l.ruleSet, "check", Vocabulary(b, "9999-12-31"))
	out := make([]TableRow, 0, len(l.rules))
	for _, rule := range l.rules {
		r := l.findingRule(rule)
		if r == nil {
			continue
		}
		out = append(out, TableRow{
			Code: rule.Code, Title: rule.Title, Verdicts: l.verdictsOf(r), Conditions: [][]string{p.lines(r)}, Rego: rule.Source,
			Article: rule.Article, Since: rule.EffectiveFrom, Remedy: rule.Remedy, Document: rule.Document, File: rule.File, Row: rule.Line,
		})
	}
	return out, nil
}

// RoutingTable is the decision table of the rules of routing: when which reason is told. It is empty for
// rules that route nothing; fault.Invalid when the bundle does not load.
func RoutingTable(b Bundle) ([]TableRow, error) {
	l, found := load(b)
	if len(found) > 0 {
		return nil, problemError(found)
	}
	out := []TableRow{}
	if l.routing == nil {
		return out, nil
	}
	p := newPhraser(b, l.routing, "routing", Vocabulary(b, "9999-12-31"))
	for _, rule := range l.routing.rules {
		r := l.routing.findingRule(rule)
		if r == nil {
			continue
		}
		out = append(out, TableRow{Code: rule.Code, Title: rule.Title, Verdicts: []Verdict{}, Conditions: [][]string{p.lines(r)}, Rego: rule.Source,
			Article: rule.Article, Since: rule.EffectiveFrom, File: rule.File, Row: rule.Line})
	}
	return out, nil
}

// lines says the conditions of a rule, one each.
func (p *phraser) lines(r *ast.Rule) []string {
	p.rule = r
	out := []string{}
	if emptyBody(r.Body) {
		return out
	}
	for _, x := range r.Body {
		text, told := p.condition(x)
		if !told {
			continue
		}
		if inner := p.inside(x); inner != "" {
			text += " (" + inner + ")"
		}
		p.rule = r
		out = append(out, upperFirst(text))
	}
	return out
}

// inside unfolds the helper rule that a line asks by one step; of several rules any is enough.
func (p *phraser) inside(x *ast.Expr) string {
	name := helperOf(x)
	if name == "" {
		return ""
	}
	var ways []string
	for _, mod := range p.set.modules {
		for _, r := range mod.Rules {
			if headName(r) != name || len(r.Head.Args) > 0 || r.Default || emptyBody(r.Body) {
				continue
			}
			p.rule = r
			var all []string
			for _, line := range r.Body {
				if text, told := p.condition(line); told {
					all = append(all, text)
				}
			}
			if len(all) > 0 {
				ways = append(ways, strings.Join(all, "; "))
			}
		}
	}
	return strings.Join(ways, " — atau ")
}

// verdictsOf lists what the rule can yield.
func (l *loaded) verdictsOf(r *ast.Rule) []Verdict {
	head, _ := headObject(r)
	flow := wordFlow{modules: l.modules, words: map[string]bool{}, visited: map[string]bool{}}
	verdict := head.Get(keyTerms["verdict"])
	if verdict == nil {
		return nil
	}
	flow.follow(verdict, r)
	var out []Verdict
	for _, v := range []Verdict{Met, NotMet, Unknown, Note} {
		if flow.words[string(v)] {
			out = append(out, v)
		}
	}
	return out
}

// LegalArticle is one article with the rules that rest on it, each with the tests that show it.
type LegalArticle struct {
	Article string      `json:"article"`
	Laws    []Law       `json:"laws,omitempty"` // of all its rules, each once
	Rules   []LegalRule `json:"rules"`
}

// LegalRule is one rule in the legal view.
type LegalRule struct {
	Code    string   `json:"code"`
	Title   string   `json:"title"`
	Since   string   `json:"since"`
	Source  string   `json:"source"` // the rule as written
	File    string   `json:"file"`
	Row     int      `json:"row"`
	Routing bool     `json:"routing"`
	Tests   []string `json:"tests"` // FILE:test_name whose decisions yielded it
}

// LegalView orders all rules of the bundle, those of routing among them, by their article. The tests come
// out of report, what Test said about the same bundle. fault.Invalid when the bundle does not load.
func LegalView(b Bundle, report TestReport) ([]LegalArticle, error) {
	l, found := load(b)
	if len(found) > 0 {
		return nil, problemError(found)
	}
	of, laws := map[string][]LegalRule{}, map[string][]Law{}
	add := func(rules []Rule, routing bool) {
		for _, r := range rules {
			rule := LegalRule{Code: r.Code, Title: r.Title, Since: r.EffectiveFrom, Source: r.Source, File: r.File, Row: r.Line, Routing: routing, Tests: []string{}}
			for _, t := range report.Results {
				if slices.Contains(t.Codes, r.Code) {
					rule.Tests = append(rule.Tests, t.File+":"+t.Name)
				}
			}
			of[r.Article] = append(of[r.Article], rule)
			for _, law := range r.Laws {
				if !slices.Contains(laws[r.Article], law) {
					laws[r.Article] = append(laws[r.Article], law)
				}
			}
		}
	}
	add(l.rules, false)
	if l.routing != nil {
		add(l.routing.rules, true)
	}
	out := make([]LegalArticle, 0, len(of))
	for article, rules := range of {
		out = append(out, LegalArticle{Article: article, Laws: laws[article], Rules: rules})
	}
	slices.SortFunc(out, func(a, b LegalArticle) int {
		return cmp.Or(cmp.Compare(lawRank(a.Article), lawRank(b.Article)), strings.Compare(a.Article, b.Article))
	})
	return out, nil
}

// lawRank puts laws before regulations before the programme's own considerations.
func lawRank(article string) int {
	for i, kind := range []string{"UU ", "PP ", "Perpres ", "Permen", "Kepmen", "Ketentuan", "SP4N"} {
		if strings.HasPrefix(article, kind) {
			return i
		}
	}
	return 99
}
