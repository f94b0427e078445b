package policy

import (
	"fmt"
	"strings"
	"testing"
)

func TestCausesApart(t *testing.T) {
	change := func(file, old, replaced string) Bundle {
		t.Helper()
		text := string(Shipped().Files[file])
		if !strings.Contains(text, old) {
			t.Fatalf("%s has no %q", file, old)
		}
		return Shipped().with(file, []byte(strings.Replace(text, old, replaced, 1)))
	}
	for _, c := range []struct {
		name   string
		is     Bundle
		want   string
		others string
	}{
		{"nothing", Shipped(), "[]", ""},
		{"a number", change("data.json", "\"max_desil\": [\n      {\"value\": 5", "\"max_desil\": [\n      {\"value\": 7"), "[]", ""},
		{"a condition deep below", change("need.rego", "e.kind == \"sktm\"", "e.kind == \"ktp\""), "need_conflict changed, need_met changed", ""},
		{"another code", change("need.rego", "\"code\": \"need_conflict\"", "\"code\": \"need_odd\""), "need_conflict changed", ""},
		{"a reason of routing", change("routing/class.rego", "if input.deceased\n", "if input.reopened > 3\n"), "", "routing.pressing"},
		{"a remark", Shipped().with("need.rego", append([]byte("# satu\n"), Shipped().Files["need.rego"]...)), "[]", ""},
		{"what an answer follows from", change("outcome.rego", "outcome := \"not_eligible\" if {\n", "outcome := \"not_eligible\" if {\n\tinput.need != \"emergency\"\n"), "[]", "eligibility.outcome"},
		{"what is advised and asked", change("outcome.rego", "default service_advice := \"none\"", "default service_advice := \"treat_now\"\n\nask[\"x\"] := []"), "[]", "eligibility.ask, eligibility.service_advice"},
		{"the ladder of a complaint", change("routing/clocks.rego", "} else := ladder_of.ladder", "} else := ladder_of.emergency_ladder"), "[]", "routing.ladder"},
		{"a rule that is gone", change("outcome.rego", "service_advice := \"treat_now\" if {\n\tinput.need == \"emergency\"\n} else := ", "service_advice := "), "[]", "eligibility.service_advice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, others, known := CausesApart(Shipped(), c.is)
			var said []string
			for _, x := range got {
				said = append(said, x.Code+" "+x.Kind)
				if x.Title == "" {
					t.Errorf("%s has no title", x.Code)
				}
			}
			text := strings.Join(said, ", ")
			if !known || c.want == "[]" && len(got) > 0 || c.want != "[]" && !strings.Contains(text, c.want) {
				t.Errorf("%s", text)
			}
			if strings.Join(others, ", ") != c.others {
				t.Errorf("others: %s", others)
			}
		})
	}
	rule := func(fact string) string {
		return "# METADATA\n# title: Umur\n# custom:\n#   code: age\nfindings contains {\"code\": \"age\"} if input." + fact + "\n\n"
	}
	const head = "package layak.eligibility\n\n"
	together := Shipped().with("a.rego", []byte(head+rule("need")+rule("subject")))
	apart := Shipped().with("a.rego", []byte(head+rule("subject"))).with("b.rego", []byte(head+rule("need")))
	if got, others, known := CausesApart(together, apart); !known || len(got)+len(others) > 0 {
		t.Errorf("a rule that stands in another file: %v %v", got, others)
	}
	gone := map[string][]byte{}
	for name, text := range Shipped().Files {
		if name != "need.rego" {
			gone[name] = text
		}
	}
	back, _, known := CausesApart(Bundle{Files: gone}, Shipped())
	if text := fmt.Sprint(back); !known || !strings.Contains(text, "need_met Tergolong tidak mampu new") {
		t.Errorf("%v %s", known, text)
	}
}
