package policy

import (
	"slices"
	"strings"
	"testing"
)

// TestTableIsReadable: every cause of the table says in words when it holds and what follows.
func TestTableIsReadable(t *testing.T) {
	rows, err := Table(Shipped(), "2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(e.Rules()) {
		t.Errorf("%d rows for %d rules", len(rows), len(e.Rules()))
	}
	of := map[string]TableRow{}
	for _, r := range rows {
		of[r.Code] = r
		if len(r.Verdicts) == 0 || len(texts(r)) == 0 || r.Article == "" || r.Remedy == "" || !strings.HasPrefix(r.Rego, "# METADATA") {
			t.Errorf("%+v", r)
		}
		for _, c := range texts(r) {
			if sign := regoSigns.FindString(c); sign != "" {
				t.Errorf("%s: %q in %q", r.Code, sign, c)
			}
		}
	}
	if got := of["residency_recent"].Verdicts; !slices.Equal(got, []Verdict{Met, NotMet, Unknown}) {
		t.Errorf("%v", got)
	}
	if _, err := Table(Shipped().with("x.rego", []byte("nonsense {")), "2026-11-22"); err == nil {
		t.Error("broken rules have a table")
	}
}

// TestLegalViewLinksTests: each article with its rules, each rule with the tests that yielded it.
func TestLegalViewLinksTests(t *testing.T) {
	report, err := Test(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	view, err := LegalView(Shipped(), report)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(view[0].Article, "UU ") {
		t.Errorf("the first article is %s", view[0].Article)
	}
	rules, routing, without := 0, 0, []string{}
	for _, a := range view {
		if numberedLaw.MatchString(a.Article) && (len(a.Laws) == 0 || !strings.HasPrefix(a.Laws[0].Address, "https://") || a.Laws[0].Name == "") {
			t.Errorf("nobody can look up %s: %v", a.Article, a.Laws)
		}
		for _, r := range a.Rules {
			rules++
			if r.Routing {
				routing++
			} else if len(r.Tests) == 0 {
				without = append(without, r.Code)
			}
		}
	}
	if routing < 10 || rules-routing < 40 || len(without) > 0 {
		t.Errorf("%d rules, %d of routing, without a test %v", rules, routing, without)
	}
}

// texts are all the words of a row: its conditions, those of each verdict, and what the names stand for.
func texts(r TableRow) []string {
	out := clauseTexts(r.Condition)
	for _, y := range r.Yields {
		out = append(out, clauseTexts(y.Condition)...)
	}
	for _, m := range r.Terms {
		out = append(append(out, m.Name), clauseTexts(m.Meaning)...)
	}
	return out
}

func clauseTexts(c Clause) []string {
	var out []string
	if c.Text != "" {
		out = append(out, c.Text)
	}
	for _, p := range c.Parts {
		out = append(out, clauseTexts(p)...)
	}
	return out
}
