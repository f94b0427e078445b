package policy

import (
	"strings"
	"testing"

	"layak/internal/fault"
)

// TestErrorsNameNobody decides by rules that fail on what is known about a person. The error goes into the
// log of the service: it tells the place and the function, and nothing of the person.
func TestErrorsNameNobody(t *testing.T) {
	in := siti()
	in.Resident.NIK = "3509195204719001"
	for _, c := range []struct{ condition, says string }{
		{"time.parse_rfc3339_ns(input.resident.nik) > 0", "time.parse_rfc3339_ns"},
		{"to_number(input.resident.birth_date) > 0", "to_number"},
		{`format_int(1, to_number(input.resident.nik)) == "x"`, "format_int"},
	} {
		b := Shipped().with("failing.rego", []byte(`package layak.eligibility

# METADATA
# title: Uji
# custom:
#   code: failing
#   article: Pasal 1
#   effective_from: "2025-04-01"
#   remedy: Lakukan sesuatu.
findings contains {"code": "failing", "verdict": "note", "seen": "x", "limit": "", "source": ""} if `+c.condition+"\n"))
		e, err := NewEngine(t.Context(), b)
		if err != nil {
			t.Fatal(err)
		}
		_, err = e.Decide(t.Context(), in)
		if err == nil || fault.As(err) != nil {
			t.Errorf("%s: %v is no defect of the rules", c.condition, err)
			continue
		}
		said := err.Error()
		if !strings.Contains(said, "failing.rego:10") || !strings.Contains(said, c.says) {
			t.Errorf("%s: nobody finds the place by %s", c.condition, said)
		}
		if strings.Contains(said, in.Resident.NIK) || strings.Contains(said, in.Resident.BirthDate) {
			t.Errorf("%s: %s", c.condition, said)
		}
	}
}
