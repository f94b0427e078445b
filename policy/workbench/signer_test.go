package workbench_test

import (
	"crypto/ed25519"
	"strings"
	"testing"

	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// TestSigners lets an approver trust the key of another office after its owner read out the fingerprint.
func TestSigners(t *testing.T) {
	b := newBench(t)
	key, err := policy.SigningKey{ID: "k", Private: ed25519.NewKeyFromSeed([]byte(strings.Repeat("s", 32)))}.Public()
	b.must(err)
	mark := key.Fingerprint()
	n := workbench.NewSigner{Name: "  Dinkes   Banyuwangi ", Key: []byte(key.PEM), Told: mark[:16]}
	with := func(change func(*workbench.NewSigner)) error {
		m := n
		change(&m)
		_, err := b.AddSigner(b.bambang(), m)
		return err
	}
	_, err = b.AddSigner(b.sari(), n)
	b.wants(err, fault.Forbidden, "not_allowed", "")
	b.wants(with(func(m *workbench.NewSigner) { m.Name = " " }), fault.Invalid, "signer_name", "kantor")
	b.wants(with(func(m *workbench.NewSigner) { m.Key = []byte("halo") }), fault.Invalid, "key_unreadable", "bukan kunci umum")
	b.wants(with(func(m *workbench.NewSigner) { m.Told = mark[:15] }), fault.Invalid, "fingerprint_short", "empat kelompok")
	b.wants(with(func(m *workbench.NewSigner) { m.Told = "0" + mark[:16] }), fault.Invalid, "fingerprint_other", "tertukar")

	n.Told = strings.ToUpper(mark[:4] + " " + mark[4:8] + ":" + mark[8:12] + "-" + mark[12:20])
	s, err := b.AddSigner(b.bambang(), n)
	b.must(err)
	if s.Name != "Dinkes Banyuwangi" || s.By != "bambang" || s.Fingerprint != mark {
		t.Errorf("kept as %+v", s)
	}
	_, err = b.AddSigner(b.bambang(), n)
	b.wants(err, fault.Conflict, "signer_known", "sudah ada")
	list, err := b.Signers(b.sari())
	b.must(err)
	if len(list) != 1 || list[0].Fingerprint != mark || list[0].PEM != key.PEM || !list[0].At.Equal(s.At) {
		t.Errorf("the list is %+v", list)
	}
	b.wants(b.RemoveSigner(b.sari(), mark), fault.Forbidden, "not_allowed", "")
	b.must(b.RemoveSigner(b.bambang(), mark))
	b.wants(b.RemoveSigner(b.bambang(), mark), fault.NotFound, "signer_not_found", "")
}
