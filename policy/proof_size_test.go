package policy

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"layak/internal/fault"
)

// full fills the shipped rules up to both limits, 200 files and 4 MB, with remarks that hardly shrink.
func full(t *testing.T) Bundle {
	t.Helper()
	b := Shipped()
	left := maxBundleBytes
	for _, data := range b.Files {
		left -= len(data)
	}
	chance := rand.New(rand.NewPCG(1, 2))
	for more := maxFiles - len(b.Files); more > 0; more-- {
		text := []byte("package layak.remarks\n\n# ")
		for size := left / more; len(text) < size; {
			text = append(text, byte(' '+1+chance.IntN('~'-' ')))
		}
		b = b.with(fmt.Sprintf("remarks_%d.rego", more), text)
		left -= len(text)
	}
	if left != 0 || len(b.Files) != maxFiles || len(b.Oversized()) > 0 {
		t.Fatal("not at the limits:", left, len(b.Files), b.Oversized())
	}
	return b
}

// TestTheLargestRulesTravel signs rules at the limits and reads them back; the signature is none of the rules.
func TestTheLargestRulesTravel(t *testing.T) {
	key, public := signingKey(t, "ours", "a")
	b := full(t)
	var archive bytes.Buffer
	err := b.WriteSignedTarGz(&archive, key)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := ReadTarGz(bytes.NewReader(archive.Bytes()))
	if err != nil || plain.Hash() != b.Hash() {
		t.Error("read back without looking at the signature:", err)
	}
	known, signer, err := ReadSignedTarGz(bytes.NewReader(archive.Bytes()), public)
	if err != nil || known.Hash() != b.Hash() || signer != "ours" {
		t.Error("read back with its signature:", err)
	}
	one := b.with("more.rego", []byte("package layak.remarks\n"))
	archive.Reset()
	err = one.WriteSignedTarGz(&archive, key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ReadTarGz(&archive); !fault.Is(err, fault.Invalid) {
		t.Error("one file more than the limit was read:", err)
	}
}

// TestAProofThatWasWrittenCanBeRead proves a check by the largest rules, and refuses to write what nobody could read.
func TestAProofThatWasWrittenCanBeRead(t *testing.T) {
	key, public := signingKey(t, "ours", "a")
	_, p := proven(t, key)
	p.Rules = full(t)
	var proof bytes.Buffer
	err := WriteProof(t.Context(), &proof, p, key)
	if err != nil {
		t.Fatal(err)
	}
	got, err := CheckProof(t.Context(), &proof, public)
	if err != nil || got.Revision != p.Rules.Hash() {
		t.Errorf("%v %+v", err, got)
	}
	proof.Reset()
	err = writeProof(&proof, []entry{{proofAnswer, make([]byte, maxProofBytes)}})
	if f := fault.As(err); f == nil || f.Code != "proof_too_large" || proof.Len() > 0 {
		t.Errorf("%v, and %d bytes were written", err, proof.Len())
	}
}

// TestCheckingAProofLeavesNothing runs the lines of a proof and looks for what they leave in its folder and in that for
// passing things, also when they find something.
func TestCheckingAProofLeavesNothing(t *testing.T) {
	key, _ := signingKey(t, "ours", "a")
	proof, _ := proven(t, key)
	dir, passing := unproof(t, proof), t.TempDir()
	t.Setenv("TMPDIR", passing)
	before := listed(t, dir)
	for _, whole := range []bool{true, false} {
		if !whole {
			if err := os.WriteFile(filepath.Join(dir, proofSummary), []byte("{}"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, line := range []string{ProofSignatureCommand, ProofFilesCommand} {
			if out, err := inShell(t, dir, line); (err == nil) != whole {
				t.Errorf("whole %v: %v: %s", whole, err, out)
			}
		}
		if after := listed(t, dir); !slices.Equal(before, after) {
			t.Errorf("whole %v: the folder held %v, then %v", whole, before, after)
		}
		if left := listed(t, passing); len(left) > 0 {
			t.Errorf("whole %v: left %v", whole, left)
		}
	}
	said, err := os.ReadFile(filepath.Join(dir, proofReadMe))
	if err != nil || !bytes.Contains(said, []byte("Berkas lain di folder ini bukan bagian bukti")) {
		t.Errorf("%v: nobody says that other files are no part of it", err)
	}
}

func listed(t *testing.T, dir string) []string {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range all {
		names = append(names, e.Name())
	}
	return names
}
