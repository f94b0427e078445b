package web

import (
	"strings"

	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// signerStates are the page of keys: full, empty, for whoever only reads, and with others digits than the key's.
func (s *Server) signerStates() []State {
	own := policy.PublicKey{ID: "5d0c11aa", PEM: "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA/sFChnP2r+iSZLOAc0SuiyadElpQOFUgJofbWnEoV58=\n-----END PUBLIC KEY-----\n"}
	page := func(b Base) *signersPage {
		b.Title = "signers.title"
		return &signersPage{Base: b, Own: own, Decides: b.Actor.Role == galleryApprover.Role, Rows: []workbench.Signer{
			{Fingerprint: strings.Repeat("4f1c9a7722aa01be", 4), Name: "Dinas Kesehatan Kabupaten Banyuwangi", At: galleryNow, By: "bambang"},
			{Fingerprint: strings.Repeat("77aa19c0b2d4e1f0", 4), Name: "Direktorat Jenderal Perlindungan dan Jaminan Sosial, Kementerian Sosial", At: galleryNow, By: "bambang"},
		}}
	}
	none, reader := page(asApprover("")), page(asOfficer(""))
	none.Rows, reader.Rows = nil, nil
	const other = "Sidik jari berkas ini lain dengan yang Anda ketik. Tanyakan lagi kepada pemiliknya; bila tetap lain, berkasnya tertukar di jalan dan jangan dipakai."
	wrong := page(refused(asApprover(""), other, fault.Field{Name: "told", Message: other}))
	wrong.Name, wrong.Told = "Dinas Kesehatan Kabupaten Banyuwangi", "4f1c 9a77 22ab 01be"
	return []State{
		{"signers", "signers", page(asApprover(""))}, {"signers-empty", "signers", none},
		{"signers-read", "signers", page(asOfficer(""))}, {"signers-read-empty", "signers", reader}, {"signers-refused", "signers", wrong},
	}
}
