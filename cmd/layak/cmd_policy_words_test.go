package main

import (
	"slices"
	"testing"

	"layak/eligibility/impact"
	"layak/policy"
)

// TestImpactInWords: the command line tells a preview as the page does; a code is shown only where nobody has
// a word for it.
func TestImpactInWords(t *testing.T) {
	w := newImpactWords(policy.Shipped(), policy.Shipped(), impact.Run{Preview: &impact.Result{ServiceOn: "2026-11-22"}})
	for _, c := range []struct{ got, want string }{
		{w.where(impact.Where{Column: "membership.segment", Label: "Segmen JKN", Values: []string{"ppu", "x_new"}, Empty: true}),
			"Segmen JKN: " + w.codes["membership.segment"]["ppu"] + ", x_new, belum tercatat"},
		{w.where(impact.Where{Column: "welfare.desil", Values: []string{"6"}, Text: "Desil DTSEN: 6"}), "Desil DTSEN: 6"},
		{w.column(impact.Profile{Label: "Desil DTSEN", Codes: []string{"need_met", "need_not_met", "x_new"}, Empty: 49}, 1000),
			"Desil DTSEN: 4,9 % kosong; dasar “" + w.titles["need_met"] + "”, “x_new”"},
		{w.column(impact.Profile{Label: "Lain", Codes: []string{"a", "b", "c", "d"}}, 0), "Lain: 0 % kosong; dasar “a”, “b”, “c”, dan 1 syarat lain"},
		{orWord(outcomeWords, policy.Eligible), "Layak"},
	} {
		if c.got != c.want {
			t.Errorf("%s\nwant %s", c.got, c.want)
		}
	}
	if word := w.codes["membership.segment"]["ppu"]; word == "" || word == "ppu" {
		t.Errorf("the segment is %q", word)
	}
	got := w.thenAndNow([]policy.Reason{{Code: "need_not_met", Verdict: policy.NotMet}, {Code: "x_old", Verdict: policy.Unknown}},
		[]policy.Reason{{Code: "need_met", Verdict: policy.Met}, {Code: "x_new", Verdict: policy.NotMet}})
	want := []string{"“" + w.titles["need_met"] + "”: dulu belum terpenuhi, kini terpenuhi", "“x_old”: dulu belum diketahui, kini tidak lagi disebut", "“x_new”: kini belum terpenuhi"}
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}
