package policy

import (
	"slices"
	"strings"
	"testing"
)

const failingTests = `package layak.extra_test

import data.layak.eligibility

asked := {
	"at": "2026-11-21T09:12:00+07:00",
	"service_on": "2026-11-21",
	"office": {"regency": "35.09"},
	"subject": "nik",
	"resident": {"source": "registry", "as_of": "2026-11-01", "life_status": "deceased"},
	"evidence": [],
}

test_death_refuses if {
	d := eligibility.decision with input as asked
	print("outcome", d.outcome)
	"deceased" in {f.code | some f in d.findings}
	d.outcome == "eligible"
}

test_by_name[name] if {
	some name, outcome in {"as it is": "not_eligible", "wrongly hoped": "eligible"}
	d := eligibility.decision with input as asked
	d.outcome == outcome
}

todo_test_later if false
`

// TestReportSaysWhatFailed follows a failing test, a failing case and a skipped test into the report.
func TestReportSaysWhatFailed(t *testing.T) {
	report, err := Test(t.Context(), Shipped().with("extra_test.rego", []byte(failingTests)))
	if err != nil {
		t.Fatal(err)
	}
	if report.Failed != 3 || report.Complete() {
		t.Errorf("%d failed, complete %v", report.Failed, report.Complete())
	}
	of := map[string]TestResult{}
	for _, r := range report.Results {
		if r.File == "extra_test.rego" {
			of[r.Name] = r
		}
	}
	death := of["test_death_refuses"]
	if death.Pass || death.FailedAt == nil || death.FailedAt.Row != 18 || death.Expected != `d.outcome == "eligible"` ||
		death.Got != `"not_eligible"` || strings.TrimSpace(death.Output) != "outcome not_eligible" {
		t.Errorf("%+v at %+v", death, death.FailedAt)
	}
	if want := `Baris 18 tidak terpenuhi: d.outcome == "eligible"; yang didapat "not_eligible".`; death.Message != want {
		t.Errorf("message %q", death.Message)
	}
	if !slices.Contains(death.Codes, "deceased") {
		t.Errorf("codes %v", death.Codes)
	}
	cases := of["test_by_name"].Cases
	if len(cases) != 2 || !cases[0].Pass || cases[1].Pass || cases[1].FailedAt == nil || cases[1].FailedAt.Row != 24 {
		t.Errorf("cases %+v", cases)
	}
	if later := of["todo_test_later"]; !later.Skip || later.Pass || later.Message == "" {
		t.Errorf("%+v", later)
	}
}

// TestReportNeedsBothCases: a cause counts as shown by tests that name it and bear it out.
func TestReportNeedsBothCases(t *testing.T) {
	const newCause = `package layak.eligibility

# METADATA
# title: Bukan hari Minggu
# custom:
#   code: sunday_closed
#   order: 900
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Datang pada hari kerja.
#   document: ""
findings contains {"code": "sunday_closed", "verdict": closed[0], "seen": closed[1]} if assessed

closed := ["not_met", "Hari Minggu"] if time.weekday(service_ns) == "Sunday"

else := ["note", "Hari kerja"]
`
	const head = "package layak.sunday_test\n\nimport data.layak.eligibility\n\nimport data.layak.eligibility_test\n\n"
	sunday := head + `test_sunday if {
	d := eligibility.decision with input as object.union(eligibility_test.base, {"service_on": "2026-11-22"})
	"sunday_closed" in {f.code | some f in d.findings; f.verdict == "not_met"}
}
`
	monday := `
test_monday if {
	d := eligibility.decision with input as object.union(eligibility_test.base, {"service_on": "2026-11-23"})
	not "sunday_closed" in {f.code | some f in d.findings; f.verdict == "not_met"}
}
`
	for name, c := range map[string]struct{ tests, missing string }{
		"none":          {head[:strings.Index(head, "\n\n")+1], "belum mempunyai uji"},
		"only refused":  {sunday, "tidak ditolak karenanya"},
		"only spared":   {head + monday, "belum mempunyai kasus yang ditolak"},
		"named, untrue": {head + strings.Replace(monday, "monday", "wrong", 1), "belum mempunyai kasus yang ditolak"},
		"both":          {sunday + monday, ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := Shipped().with("sunday.rego", []byte(newCause)).with("sunday_test.rego", []byte(c.tests))
			report, err := Test(t.Context(), b)
			if err != nil {
				t.Fatal(err.(interface{ Unwrap() error }).Unwrap())
			}
			i := slices.IndexFunc(report.Causes, func(x CauseCases) bool { return x.Code == "sunday_closed" })
			if i < 0 {
				t.Fatal("a verdict from a helper rule is not followed")
			}
			got := report.Causes[i]
			if (c.missing == "") != (got.Missing == "") || !strings.Contains(got.Missing, c.missing) {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestReportTellsWhatIsReached holds the coverage to lines of a file whose tests are known.
func TestReportTellsWhatIsReached(t *testing.T) {
	const rules = `package layak.eligibility

weekday_word := "Minggu" if {
	input.need == "routine"
} else := "kerja" if {
	input.need == "accident"
	input.service_on == "2026-11-23"
}
`
	const tests = `package layak.weekday_test

import data.layak.eligibility

test_routine if eligibility.weekday_word == "Minggu" with input as {"need": "routine"}
`
	report, err := Test(t.Context(), Shipped().with("weekday.rego", []byte(rules)).with("weekday_test.rego", []byte(tests)))
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(report.Coverage, func(f FileCoverage) bool { return f.File == "weekday.rego" })
	got := report.Coverage[i]
	covered, missed := countLines(got.Covered), countLines(got.NotCovered)
	if covered == 0 || missed == 0 || got.Percent <= 0 || got.Percent >= 100 || got.NotCovered[0].Words == "" {
		t.Errorf("%+v", got)
	}
	for _, f := range report.Coverage {
		if strings.HasSuffix(f.File, "_test.rego") {
			t.Errorf("%s is no rule", f.File)
		}
		for _, missed := range f.NotCovered {
			for _, hit := range f.Covered {
				if missed.From <= hit.To && hit.From <= missed.To {
					t.Fatalf("%s: lines %d-%d are both", f.File, missed.From, missed.To)
				}
			}
		}
	}
}

// TestShippedCausesHaveTheirCases: every cause of refusal is shown from both sides, and hardly a line of
// the rules is left out.
func TestShippedCausesHaveTheirCases(t *testing.T) {
	report, err := Test(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.Results {
		if !r.Pass {
			t.Errorf("%s:%d %s: %s", r.File, r.Row, r.Name, r.Message)
		}
	}
	if !report.Complete() || len(report.Causes) < 8 {
		t.Errorf("%d causes", len(report.Causes))
		for _, c := range report.Causes {
			t.Log(c.Missing)
		}
	}
	for _, f := range report.Coverage {
		t.Logf("%5.1f %s %+v", f.Percent, f.File, f.NotCovered)
	}
	if report.Covered < 85 {
		t.Errorf("only %.1f %% of the lines are reached", report.Covered)
	}
}
