package web

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"layak/policy"
)

func TestChangesInWords(t *testing.T) {
	w := newDesk(t, Services{}).words.For("id")
	number := func(b policy.Bundle, name string, value any, day string) policy.Bundle {
		t.Helper()
		out, _, err := policy.SetParam(b, policy.ParamChange{Name: name, Value: value, ValidFrom: day, Source: "SK Bupati 188/2026"}, "2026-11-22")
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	two := number(number(policy.Shipped(), "max_desil", 7, "2027-03-01"), "max_desil", 6, "2027-01-01")
	rewrite := func(file, old, now string) policy.Bundle {
		t.Helper()
		b := policy.Bundle{Files: maps.Clone(policy.Shipped().Files)}
		text := string(b.Files[file])
		if !strings.Contains(text, old) {
			t.Fatalf("%s has no %q", file, old)
		}
		b.Files[file] = []byte(strings.ReplaceAll(text, old, now))
		return b
	}
	written := rewrite("need.rego", "e.kind == \"sktm\"", "e.kind == \"ktp\"")
	answer := rewrite("outcome.rego", "outcome := \"not_eligible\" if {\n", "outcome := \"not_eligible\" if {\n\tinput.need != \"emergency\"\n")
	advice := rewrite("outcome.rego", "} else := \"registered_facility\" if {", "} else := \"treat_now\" if {")
	ladder := rewrite("routing/clocks.rego", "} else := ladder_of.ladder", "} else := ladder_of.emergency_ladder")
	odd := policy.Bundle{Files: maps.Clone(answer.Files)}
	odd.Files["outcome.rego"] = append(slices.Clone(answer.Files["outcome.rego"]), "\nodd if input.need == \"emergency\"\n"...)
	twins := rewrite("data.json", "Umur SKTM yang masih diterima", "Batas verifikasi lapangan bila SKTM dan desil berbeda")
	for _, c := range []struct {
		name    string
		from    policy.Bundle
		to      policy.Bundle
		values  string
		changed bool
		others  string
	}{
		{"nothing", policy.Shipped(), policy.Shipped(), "", false, ""},
		{"one number", policy.Shipped(), number(policy.Shipped(), "max_desil", 7, "2027-01-01"),
			"Desil DTSEN tertinggi yang tergolong tidak mampu: 5 desil → 7 desil 2027-01-01 SK Bupati 188/2026", false, ""},
		{"two steps", policy.Shipped(), two, "Desil DTSEN tertinggi yang tergolong tidak mampu: 5 desil → 6 desil 2027-01-01 SK Bupati 188/2026; " +
			"Desil DTSEN tertinggi yang tergolong tidak mampu: 5 desil → 7 desil 2027-03-01 SK Bupati 188/2026", false, ""},
		{"it is taken back", number(policy.Shipped(), "sktm_days", 90, "2027-01-01"), policy.Shipped(), "Umur SKTM yang masih diterima: 90 hari → 180 hari 2027-01-01 Pertimbangan program", false, ""},
		{"two of one title", twins, number(number(twins, "sktm_days", 90, "2027-01-01"), "field_check_days", 3, "2027-01-01"),
			"Batas verifikasi lapangan bila SKTM dan desil berbeda: 180 hari → 90 hari 2027-01-01 SK Bupati 188/2026; " +
				"Batas verifikasi lapangan bila SKTM dan desil berbeda: 2 hari kerja → 3 hari kerja 2027-01-01 SK Bupati 188/2026", false, ""},
		{"a rule", policy.Shipped(), written, "", true, ""},
		{"what an answer follows from", policy.Shipped(), answer, "", false, "cara hasil cek disimpulkan"},
		{"advice, and a number beside it", policy.Shipped(), number(advice, "max_desil", 7, "2027-01-01"),
			"Desil DTSEN tertinggi yang tergolong tidak mampu: 5 desil → 7 desil 2027-01-01 SK Bupati 188/2026", false, "saran layanan"},
		{"the ladder of complaints", policy.Shipped(), ladder, "", false, "tenggat dan jenjang aduan"},
		{"a rule of its own name", policy.Shipped(), odd, "", false, "rumus bantu untuk cek; cara hasil cek disimpulkan"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := wordsOfChange(w, c.from, c.to)
			var said []string
			for _, v := range got.Values {
				said = append(said, fmt.Sprintf("%s: %s → %s %s %s", v.Title, v.From, v.To, v.Day, v.Source))
			}
			if text := strings.Join(said, "; "); text != c.values {
				t.Errorf("%s", text)
			}
			if (len(got.Changed) > 0) != c.changed || len(got.New)+len(got.Gone) > 0 || got.Any() != (c.changed || c.values+c.others != "") || strings.Join(got.Others, "; ") != c.others {
				t.Errorf("causes %+v", got)
			}
		})
	}
}
