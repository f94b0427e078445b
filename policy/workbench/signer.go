package workbench

import (
	"context"
	"strings"
	"time"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// Signer is an office whose signature on a bundle of rules is trusted here. Trust opens a draft and no more:
// what is in it goes the same way through tests, impact and a second person as what was written here.
type Signer struct {
	Fingerprint string    `json:"fingerprint"` // SHA-256 of the key in 64 hexadecimal digits; names the signer
	Name        string    `json:"name"`        // whose key it is, as people say it
	PEM         string    `json:"pem"`
	At          time.Time `json:"added_at"`
	By          string    `json:"added_by"`
}

// NewSigner is what an approver gives to trust a key. Told is the beginning of the fingerprint as the owner
// read it out, TellDigits of it or more: a key that was exchanged on the way is found out by that.
type NewSigner struct {
	Name string
	Key  []byte // as PEM
	Told string
}

// TellDigits is how many digits of a fingerprint the owner reads out. Nobody finds another key that begins
// with the same 64 bits.
const TellDigits = 16

// maxSigners bounds the list; every bundle that comes in is held against all of it.
const maxSigners = 100

// Signers lists the offices whose keys are trusted, by name.
func (s *Service) Signers(ctx context.Context) ([]Signer, error) {
	_, err := may(ctx, auth.PolicyRead)
	if err != nil {
		return nil, err
	}
	return s.Store.Signers(ctx)
}

// AddSigner trusts a key. Invalid when something is missing or the digits are others than those of the key,
// Conflict (signer_known) when the key is on the list.
func (s *Service) AddSigner(ctx context.Context, n NewSigner) (Signer, error) {
	actor, err := may(ctx, auth.PolicyApprove)
	if err != nil {
		return Signer{}, err
	}
	name := strings.Join(strings.Fields(n.Name), " ")
	if name == "" || len([]rune(name)) > 100 {
		const message = "Tulis kantor pemilik kunci ini, misalnya: Dinas Kesehatan Kabupaten Banyuwangi."
		return Signer{}, fault.New(fault.Invalid, "signer_name", message).At("name", message)
	}
	key, err := policy.ParsePublicKey(n.Key)
	if err != nil {
		return Signer{}, err
	}
	mark := key.Fingerprint()
	err = toldRight(n.Told, mark)
	if err != nil {
		return Signer{}, err
	}
	all, err := s.Store.Signers(ctx)
	if err != nil {
		return Signer{}, err
	}
	if len(all) >= maxSigners {
		return Signer{}, fault.New(fault.Conflict, "signers_many", "Daftar ini sudah memuat 100 kunci. Cabut dulu yang tidak dipakai lagi.")
	}
	out := Signer{Fingerprint: mark, Name: name, PEM: key.PEM, At: s.now(), By: actor.Name}
	return out, s.Store.AddSigner(ctx, out, entry(actor, "signer.add", "signer", mark, []byte(name+"\n"+key.PEM)))
}

// toldRight holds what the owner read out against the key that came.
func toldRight(told, mark string) error {
	told = strings.ToLower(strings.NewReplacer(" ", "", ":", "", "-", "", "\t", "").Replace(told))
	if len(told) < TellDigits {
		const short = "Ketik empat kelompok pertama sidik jari (16 angka dan huruf), seperti dibacakan pemilik kunci."
		return fault.New(fault.Invalid, "fingerprint_short", short).At("told", short)
	}
	if !strings.HasPrefix(mark, told) {
		const other = "Sidik jari berkas ini lain dengan yang Anda ketik. Tanyakan lagi kepada pemiliknya; bila tetap lain, berkasnya tertukar di jalan dan jangan dipakai."
		return fault.New(fault.Invalid, "fingerprint_other", other).At("told", other)
	}
	return nil
}

// RemoveSigner ends the trust in a key. Drafts that came with it stay. NotFound (signer_not_found).
func (s *Service) RemoveSigner(ctx context.Context, fingerprint string) error {
	actor, err := may(ctx, auth.PolicyApprove)
	if err != nil {
		return err
	}
	return s.Store.RemoveSigner(ctx, fingerprint, entry(actor, "signer.remove", "signer", fingerprint, nil))
}
