package main

import (
	"strings"

	"layak/eligibility"
	"layak/internal/area"
	"layak/policy"
)

// showProof prints what a whole proof says, and asks whoever holds it to compare: a proof of another person, or one
// that facts have overtaken, is as whole as the right one.
func (k *call) showProof(p policy.CheckedProof) {
	k.printf("Bukti ini utuh: ditandatangani %s, dan hitungan ulang di sini memberi jawaban yang sama.\n\n", p.SignedBy)
	for _, line := range [][2]string{
		{"Jawaban", outcomeWords[p.Outcome]},
		{"Orang", provenPerson(p)},
		{"Hari layanan", eligibility.Date(p.ServiceOn).Words()},
		{"Wilayah", regencyName(p.Regency)},
		{"Dicek", momentWords(p.DecidedAt) + " oleh " + p.DecidedBy},
		{"Bukti dibuat", momentWords(p.MadeAt) + " oleh " + p.MadeBy},
		{"Aturan", short(p.Revision)},
		{"Hasil cek", p.Determination},
	} {
		k.printf("  %-13s %s\n", line[0], line[1])
	}
	compare := "Cocokkan orang, hari layanan, dan waktunya dengan perkara Anda: bukti orang lain atau bukti yang lama pun utuh."
	if p.NIK != "" {
		compare += " NIK lengkap ada di dalam bukti, di proof.json atau input.json."
	}
	k.printf("\n%s\n", wrap(compare, "", 90))
}

// provenPerson names who was checked, as far as facts do: names are none.
func provenPerson(p policy.CheckedProof) string {
	switch {
	case p.Subject == "newborn" && p.NIK != "":
		return "bayi baru lahir, NIK ibu " + p.NIK
	case p.Subject == "newborn":
		return "bayi baru lahir"
	case p.NIK != "":
		return "NIK " + p.NIK
	case p.Subject == "unknown":
		return "orang yang belum diketahui identitasnya"
	}
	return "tanpa NIK"
}

// regencyName is the name of the regency, or its code where no such area is known.
func regencyName(code string) string {
	a, known := area.Lookup(area.Code(code))
	if !known {
		return code
	}
	return a.Name
}

// momentWords tells "2026-11-21 08:05" as "21 Nov 2026 08:05".
func momentWords(at string) string {
	day, clock, _ := strings.Cut(at, " ")
	return eligibility.Date(day).Words() + " " + clock
}
