package web

import (
	"fmt"
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
	written := policy.Bundle{Files: map[string][]byte{}}
	for name, text := range policy.Shipped().Files {
		written.Files[name] = text
	}
	written.Files["need.rego"] = []byte(strings.ReplaceAll(string(written.Files["need.rego"]), "e.kind == \"sktm\"", "e.kind == \"ktp\""))
	for _, c := range []struct {
		name    string
		from    policy.Bundle
		to      policy.Bundle
		values  string
		changed bool
	}{
		{"nothing", policy.Shipped(), policy.Shipped(), "", false},
		{"one number", policy.Shipped(), number(policy.Shipped(), "max_desil", 7, "2027-01-01"),
			"Desil DTSEN tertinggi yang tergolong tidak mampu: 5 desil → 7 desil 2027-01-01 SK Bupati 188/2026", false},
		{"two steps", policy.Shipped(), two, "Desil DTSEN tertinggi yang tergolong tidak mampu: 5 desil → 6 desil 2027-01-01 SK Bupati 188/2026; " +
			"Desil DTSEN tertinggi yang tergolong tidak mampu: 5 desil → 7 desil 2027-03-01 SK Bupati 188/2026", false},
		{"it is taken back", number(policy.Shipped(), "sktm_days", 90, "2027-01-01"), policy.Shipped(), "Umur SKTM yang masih diterima: 90 hari → 180 hari 2027-01-01 Pertimbangan program", false},
		{"a rule", policy.Shipped(), written, "", true},
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
			if (len(got.Changed) > 0) != c.changed || len(got.New)+len(got.Gone) > 0 || got.Any() != (c.changed || c.values != "") {
				t.Errorf("causes %+v", got)
			}
		})
	}
}
