package web

import (
	"strings"
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
		numbers := 0
		for _, g := range newImpactRouting(d.words.For("id"), sampleRerouted(), c.may, "2026-11-22").Groups {
			numbers += len(g.Samples)
		}
		if (numbers > 0) != c.may {
			t.Errorf("%s sees %d numbers of complaints", c.name, numbers)
		}
	}
}

// What was said of a condition and what is said now stand in one sentence; other words about the same do not count.
func TestThenAndNow(t *testing.T) {
	w := newDesk(t, Services{}).words.For("id")
	titles := map[string]string{"need_met": "Tergolong tidak mampu", "need_not_met": "Tergolong tidak mampu", "moved_in": "Lama tinggal"}
	reason := func(code string, v policy.Verdict) policy.Reason { return policy.Reason{Code: code, Verdict: v} }
	for name, c := range map[string]struct {
		gone, now []policy.Reason
		want      string
	}{
		"another verdict":      {[]policy.Reason{reason("need_not_met", policy.NotMet)}, []policy.Reason{reason("need_met", policy.Met)}, "“Tergolong tidak mampu”: dulu belum terpenuhi, kini terpenuhi"},
		"a new condition":      {nil, []policy.Reason{reason("moved_in", policy.NotMet)}, "“Lama tinggal”: kini belum terpenuhi"},
		"a condition less":     {[]policy.Reason{reason("moved_in", policy.NotMet)}, nil, "“Lama tinggal”: dulu belum terpenuhi, kini tidak lagi disebut"},
		"only other words":     {[]policy.Reason{reason("need_met", policy.Met)}, []policy.Reason{reason("need_met", policy.Met)}, ""},
		"a code without words": {nil, []policy.Reason{reason("x_new", policy.Met)}, "“x_new”: kini terpenuhi"},
	} {
		if got := strings.Join(thenAndNow(w, c.gone, c.now, titles), "; "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
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
