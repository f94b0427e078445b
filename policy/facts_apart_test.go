package policy

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// What changed rules and numbers read tells whether a preview of residents can show what they do: papers
// lie in no registry.
func TestFactsReadByWhatChanged(t *testing.T) {
	change := func(file, old, replaced string) [2]Bundle {
		t.Helper()
		b := Shipped()
		if !bytes.Contains(b.Files[file], []byte(old)) {
			t.Fatalf("%s has no %q", file, old)
		}
		return [2]Bundle{b, b.with(file, []byte(strings.Replace(string(b.Files[file]), old, replaced, 1)))}
	}
	more := func(text, old, replaced string) [2]Bundle {
		t.Helper()
		text = "package layak.eligibility\n\n" + text
		return [2]Bundle{Shipped().with("more.rego", []byte(text)), Shipped().with("more.rego", []byte(strings.ReplaceAll(text, old, replaced)))}
	}
	number := func(name, was, is string) [2]Bundle {
		return change("data.json", "\""+name+"\": [\n      {\"value\": "+was, "\""+name+"\": [\n      {\"value\": "+is)
	}
	for _, c := range []struct {
		name   string
		rules  [2]Bundle // before and after
		papers bool
		reads  string // one of the facts
	}{
		{"nothing", [2]Bundle{Shipped(), Shipped()}, false, ""},
		{"how old a letter may be", number("sktm_days", "180", "90"), true, ""},
		{"which letter outweighs", number("sktm_overrides_desil", "true", "false"), true, ""},
		{"the highest desil", number("max_desil", "5", "7"), false, "welfare.desil"},
		{"a deadline of complaints", number("verify_days", "3", "60"), false, ""},
		{"another paper proves it", change("need.rego", "e.kind == \"sktm\"", "e.kind == \"ktp\""), true, ""},
		{"a condition of the statement", change("need.rego", "need_asked if current.need_mode != \"off\"", "need_asked if input.statements.still_employed"), false, "statements.still_employed"},
		{"a condition that another cause has", change("identity.rego", "if input.resident.life_status == \"lost\"", "if {\n\tinput.resident.life_status == \"lost\"\n\tinput.evidence[0].kind\n}"), true, "resident.life_status"},
		{"one less, that another cause has", change("residency.rego", "\"source\": residence_seen[1]} if {\n\tinput.evidence[0].kind\n", "\"source\": residence_seen[1]} if {\n"), true, "evidence"},
		{"what goes before what", change("residency.rego", "\"conflict\" if {\n\tkk_here\n\tkk_outdated\n} else := \"here\" if {\n\tkk_here\n}", "\"here\" if {\n\tkk_here\n} else := \"conflict\" if {\n\tkk_here\n\tkk_outdated\n}"), true, ""},
		{"a function of other words", more("odd(\"ktp\") if true\n\nodd(\"kk\") if true\n\nx if odd(input.evidence[0].kind)\n", "odd(\"kk\")", "odd(\"sktm\")"), true, ""},
		{"what holds otherwise", more("default odd := false\n\nodd if input.evidence[0].kind\n", ":= false", ":= true"), true, ""},
		{"a name for a group", more("import input.statements as said\n\nx if said.still_employed\n", "input.statements", "input.welfare"), false, "statements.still_employed"},
		{"words alone", change("need.rego", "Desil DTSEN belum tercatat", "Desil belum tercatat"), false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			facts, known := FactsApart(c.rules[0], c.rules[1])
			papers := slices.ContainsFunc(facts, func(f string) bool { return strings.HasPrefix(f, "evidence") })
			if !known || papers != c.papers || c.reads != "" && !slices.Contains(facts, c.reads) {
				t.Errorf("reads %q, papers %v", facts, papers)
			}
		})
	}
	broken := Shipped().with("need.rego", []byte("package layak.eligibility\nallow if {"))
	if _, known := FactsApart(Shipped(), broken); known {
		t.Error("rules that do not parse are said to be known")
	}
}

func TestDaysThatCount(t *testing.T) {
	for _, c := range []struct {
		name   string
		apart  []string
		begins bool
		want   string
	}{
		{"nothing dated", nil, false, "2026-11-22"},
		{"next January", []string{"2027-01-01"}, false, "2027-01-01"},
		{"next January, and a rule", []string{"2027-01-01"}, true, "2026-11-22 2027-01-01"},
		{"by steps", []string{"2026-11-22", "2027-01-01", "2027-03-01"}, false, "2026-11-22 2027-01-01 2027-03-01"},
		{"two to come", []string{"2027-01-01", "2027-03-01"}, false, "2027-01-01 2027-03-01"},
		{"of before", []string{"2026-01-01"}, false, "2026-11-22"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := DaysThatCount(c.apart, c.begins, "2026-11-22")
			if strings.Join(got, " ") != c.want || got[len(got)-1] != DayThatCounts(c.apart, "2026-11-22") {
				t.Errorf("%v, want %s", got, c.want)
			}
		})
	}
	tests := Shipped().with("more_test.rego", []byte("package layak.eligibility_test\n"))
	rules := Shipped().with("more.rego", []byte("package layak.eligibility\n"))
	if BeginsAtOnce(Shipped(), tests) || !BeginsAtOnce(Shipped(), rules) {
		t.Error("a test begins, or a rule does not")
	}
}
