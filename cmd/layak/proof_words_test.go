package main

import (
	"testing"

	"layak/policy"
)

// TestAProofIsToldInWords reads the lines whose words hang on what was found.
func TestAProofIsToldInWords(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want string
	}{
		{"by NIK", provenPerson(policy.CheckedProof{Subject: "nik", NIK: "350919••••••9001"}), "NIK 350919••••••9001"},
		{"newborn", provenPerson(policy.CheckedProof{Subject: "newborn", NIK: "350919••••••9002"}), "bayi baru lahir, NIK ibu 350919••••••9002"},
		{"newborn of nobody", provenPerson(policy.CheckedProof{Subject: "newborn"}), "bayi baru lahir"},
		{"unknown", provenPerson(policy.CheckedProof{Subject: "unknown"}), "orang yang belum diketahui identitasnya"},
		{"without NIK", provenPerson(policy.CheckedProof{Subject: "person"}), "tanpa NIK"},
		{"regency", regencyName("35.09"), "Kabupaten Jember"},
		{"no such regency", regencyName("99.99"), "99.99"},
		{"moment", momentWords("2026-03-02 08:05"), "2 Mar 2026 08:05"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}
