package web

import (
	"testing"

	"layak/eligibility/impact"
	"layak/policy"
)

// Every desk may read what rules would change, but people out of the whole regency, masked as they
// are, are shown to those alone who write or approve rules.
func TestImpactNamesPeopleToOfficersOnly(t *testing.T) {
	d := newDesk(t, Services{})
	for _, c := range []struct {
		name   string
		may    bool
		groups int
	}{{"a desk", false, 0}, {"an officer", true, 2}} {
		p := &impactPage{MayName: c.may}
		newImpactResult(p, d.words.For("id"), sampleImpact(), nil)
		if len(p.People) != c.groups || len(p.Ways) != 1 || len(p.Lines) == 0 {
			t.Errorf("%s sees %d groups of people, %d ways, %d figures", c.name, len(p.People), len(p.Ways), len(p.Lines))
		}
	}
}

// Codes in what people of a difference have in common are told by the words of the closed lists, those of a
// rule set that was changed as well.
func TestImpactTellsCodesByTheirWords(t *testing.T) {
	d := newDesk(t, Services{})
	codes := codeWords(policy.Shipped(), "2026-11-22")
	for _, c := range []struct {
		name  string
		where impact.Where
		want  string
	}{
		{"reasons of a stop", impact.Where{Column: "membership.member_reason", Label: "Sebab nonaktif", Values: []string{"premium", "purged"}, Empty: true, Text: "Sebab nonaktif: premium, purged, belum tercatat"},
			"Sebab nonaktif: iuran belum dibayar, pemutakhiran data, belum tercatat"},
		{"a code that no list has", impact.Where{Column: "membership.member_reason", Label: "Sebab nonaktif", Values: []string{"xyz"}}, "Sebab nonaktif: xyz"},
		{"numbers", impact.Where{Column: "welfare.desil", Label: "Desil DTSEN", Values: []string{"6"}, Text: "Desil DTSEN: 6"}, "Desil DTSEN: 6"},
		{"a range", impact.Where{Column: "resident.birth_date", Text: "Tanggal lahir: 1 Jan 1950 sampai 1 Jan 1960", From: "1950-01-01", To: "1960-01-01"}, "Tanggal lahir: 1 Jan 1950 sampai 1 Jan 1960"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := whereText(d.words.For("id"), c.where, codes); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	for column, words := range codes {
		for code, word := range words {
			if word == "" {
				t.Errorf("%s: the code %s has no word", column, code)
			}
		}
	}
}
