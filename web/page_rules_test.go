package web

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"layak/internal/auth"
	"layak/policy"
)

// TestRulesShowRouting reads both kinds of rules, and the program's own for a revision that was
// written before there was routing.
func TestRulesShowRouting(t *testing.T) {
	older, err := os.ReadFile("../policy/testdata/contract1.tar.gz")
	if err != nil {
		t.Fatal(err)
	}
	before := onePolicy{policy.Revision{Hash: "sha256:" + strings.Repeat("0", 64), Number: 1, Stage: policy.Active, Bundle: older}}
	for name, c := range map[string]struct {
		rules onePolicy
		own   bool
	}{"in force": {shippedRules(t), true}, "of the program": {before, false}} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, Services{Policies: c.rules})
			d.signInAs(auth.Auditor)
			settled := func(page string) answer { // the tests are run beside the first request
				for {
					a := d.get(page)
					if !strings.Contains(a.body, "sedang dijalankan") {
						return a
					}
				}
			}
			a := settled("/rules")
			for _, want := range []string{"Aturan penanganan aduan", "Unit yang menangani", "Dijawab pimpinan rumah sakit",
				"permintaan informasi 5", "Wadul Gus&#39;e tindak lanjut pertama 3, verifikasi 1 hari kerja", "Desil DTSEN tertinggi"} {
				if !strings.Contains(a.body, want) {
					t.Errorf("the page lacks %q", want)
				}
			}
			if strings.Contains(a.body, "belum mengatur penanganan aduan") == c.own {
				t.Errorf("own rules %v, but the page says otherwise", c.own)
			}
			if strings.Count(a.body, "Batas verifikasi aduan") != 1 {
				t.Error("a figure of routing stands among those of the check as well")
			}
			a = settled("/rules/desk_hospital_head")
			if a.StatusCode != http.StatusOK || !strings.Contains(a.body, "input.accused.kind") || strings.Contains(a.body, "Yang dapat dilakukan") {
				t.Errorf("status %d: %.300s", a.StatusCode, a.body)
			}
			if c.own && !strings.Contains(a.body, "test_charge_goes_to_the_hospital") {
				t.Error("the tests beside the rule are missing")
			}
		})
	}
}
