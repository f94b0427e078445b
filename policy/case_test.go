package policy

import (
	"slices"
	"strings"
	"testing"
)

// TestCaseOfKeepsTheAnswer: every golden case becomes a Rego test that passes on the same rules and holds
// nothing of the person.
func TestCaseOfKeepsTheAnswer(t *testing.T) {
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	b, n := Shipped(), 0
	var exact []string
	for _, g := range goldens(t) {
		if len(g.Params) > 0 {
			continue
		}
		in := g.input(t)
		for i := range in.Evidence {
			in.Evidence[i].SeenBy, in.Evidence[i].Number, in.Evidence[i].Issuer = "sri.wahyuni", "470/12", "Desa Mangli"
			if in.Evidence[i].Facts != nil {
				in.Evidence[i].Facts["name"], in.Evidence[i].Facts["address"] = "Siti Aminah", "Jalan Melati 3"
			}
		}
		made, err := CaseOf(t.Context(), e, g.name, in)
		if err != nil {
			t.Fatal(g.name, err)
		}
		if !made.RealDays && strings.Contains(made.Text, "\""+in.ServiceOn+"\"") {
			t.Errorf("%s keeps the day of service %s", g.name, in.ServiceOn)
		}
		if made.RealDays {
			exact = append(exact, g.name)
		}
		text := made.Text
		for _, secret := range []string{"3509190101800001", "sri.wahyuni", "470/12", "Mangli", "Siti", "Melati", "35.09.19"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s keeps %s:\n%s", g.name, secret, text)
			}
		}
		b = b.with(CaseFile(g.name), []byte(text))
		n++
	}
	if n < 60 {
		t.Fatalf("only %d cases", n)
	}
	if len(exact)*10 > n {
		t.Errorf("%d of %d cases keep their days: %v", len(exact), n, exact)
	}
	found, err := Verify(t.Context(), b)
	if err != nil || len(found) > 0 {
		t.Fatal(err, found)
	}
	report, err := Test(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Results {
		if !r.Pass {
			t.Errorf("%s: %s", r.File, r.Message)
		}
	}
	if report.Passed < n {
		t.Errorf("%d passed", report.Passed)
	}
	i := slices.IndexFunc(report.Causes, func(c CauseCases) bool { return c.Code == "need_not_met" })
	if !slices.Contains(report.Causes[i].Holds, "23_desil_di_atas_batas_test.rego:test_23_desil_di_atas_batas") {
		t.Errorf("the case does not count for its cause: %v", report.Causes[i].Holds)
	}
}

func TestCaseNames(t *testing.T) {
	for typed, want := range map[string]string{
		"Desil 7, tanpa SKTM": "test_desil_7_tanpa_sktm", "": "test_kasus", "../../etc": "test_etc",
		"test_x": "test_x", `x" if { true`: "test_x_if_true", "ÄÖ": "test_kasus",
	} {
		if got := caseRule(typed); got != want {
			t.Errorf("%q: %s", typed, got)
		}
	}
	if len(caseRule(strings.Repeat("a", 500))) > longestCaseName+5 {
		t.Error("the name has no end")
	}
}
