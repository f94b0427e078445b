package policy

import "testing"

func TestTitlesAreThoseOfTheCauses(t *testing.T) {
	titles := Titles(Shipped().with("broken.rego", []byte("package layak.eligibility\n\nfindings contains {")))
	if titles["need_not_met"] != "Tergolong tidak mampu" || len(titles) < 40 {
		t.Errorf("%d titles, need_not_met is %q", len(titles), titles["need_not_met"])
	}
}
