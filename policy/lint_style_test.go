package policy

import (
	"strings"
	"testing"
)

// TestStyleOfTodayLoadsRulesOfYesterday has rules that a program of before took and this one would not take
// any more: nobody can hand them in, and those that are stored decide on.
func TestStyleOfTodayLoadsRulesOfYesterday(t *testing.T) {
	line := func(cond string) string { return strings.Replace(aRule, `input.need == "routine"`, cond, 1) }
	for name, c := range map[string]struct{ file, src, code string }{
		"a word that left its list":      {"extra.rego", line(`input.need in {"routine", "checkup"}`), "code_unknown"},
		"a field that became private":    {"extra.rego", line(`not input.evidence[0].facts.name == "x"`), "private_field"},
		"a parameter that nobody wrote":  {"extra.rego", line(`not data.params.gone`), "param_unknown"},
		"a sign that nobody sees":        {"extra.rego", line("input.need != \"a\u200bb\""), "hidden_sign"},
		"a package beside ours":          {"aside.rego", "package aside\n\nx := 1\n", "package_foreign"},
		"routing asks rules of a check":  {"routing/extra.rego", strings.Replace(aReason, `input.need == "routine"`, `not data.layak.eligibility.covered`, 1), "foreign_rules"},
		"a sign that nobody sees, twice": {"extra.rego", line("input.need != \"a\u200b\u200bb\""), "hidden_sign"},
	} {
		b := Shipped().with(c.file, []byte(c.src))
		found, err := Verify(t.Context(), b)
		if err != nil || len(found) == 0 || found[0].Code != c.code || !found[0].Blocks() {
			t.Errorf("%s: handed in: %v %v", name, found, err)
		}
		e, err := NewEngine(t.Context(), b)
		if err != nil {
			t.Errorf("%s: stored: %v", name, err)
			continue
		}
		in := siti()
		d, err := e.Decide(t.Context(), in)
		if err != nil || len(d.Findings) == 0 {
			t.Errorf("%s: decides %v: %v", name, d.Outcome, err)
		}
	}
}

// TestWhatTheEngineRestsOnIsNoStyle keeps what must never be waved through for a stored revision.
func TestWhatTheEngineRestsOnIsNoStyle(t *testing.T) {
	for name, line := range map[string]string{
		"a replaced document":       `input.need == "routine" with input.need as "routine"`,
		"a field chosen at run":     `input[input.need] == 1`,
		"a function of the network": `http.send({"method": "get", "url": "http://x"}).status_code == 200`,
	} {
		b := Shipped().with("extra.rego", []byte(strings.Replace(aRule, `input.need == "routine"`, line, 1)))
		if _, err := NewEngine(t.Context(), b); err == nil {
			t.Errorf("%s: loaded", name)
		}
	}
	deep := "package layak.eligibility\n\nlarge := " + strings.Repeat("[", maxNesting) + "\"\u200b\"" + strings.Repeat("]", maxNesting) + "\n"
	if _, err := NewEngine(t.Context(), Shipped().with("new.rego", []byte(deep))); err == nil {
		t.Error("a text too deep for the parser passes behind a sign that nobody sees")
	}
}
