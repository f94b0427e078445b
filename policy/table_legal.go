package policy

import (
	"cmp"
	"slices"
	"strings"
)

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
