package policy

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"layak/internal/fault"
)

// unproof unpacks a proof as a second machine does.
func unproof(t *testing.T, proof []byte) string {
	t.Helper()
	dir := t.TempDir()
	zip, err := gzip.NewReader(bytes.NewReader(proof))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(zip); ; {
		head, err := r.Next()
		if errors.Is(err, io.EOF) {
			return dir
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, head.Name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestProofIsRepeatedByOpa proves golden decisions and runs the command that stands in each proof, in
// its own folder, with nothing but the real opa.
func TestProofIsRepeatedByOpa(t *testing.T) {
	opa := opaBinary(t)
	key, _ := signingKey(t, "ours", "a")
	all := goldens(t)
	some := []golden{all[0], all[len(all)/3], all[len(all)/2], all[len(all)-1]}
	some = append(some, all[slices.IndexFunc(all, func(g golden) bool { return g.Want.Outcome == NotEligible })])
	for _, g := range some {
		t.Run(g.name, func(t *testing.T) {
			rules, in := Shipped(), g.input(t)
			if len(g.Params) > 0 {
				rules = g.bundle(t)
			}
			e, err := NewEngine(t.Context(), rules)
			if err != nil {
				t.Fatal(err)
			}
			d, err := e.Decide(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			var proof bytes.Buffer
			err = WriteProof(t.Context(), &proof, Proof{
				ID: "0192f1c0-0000-7000-8000-000000000001", Rules: rules, Facts: in, Decision: d, Engine: EngineVersion(),
				DecidedAt: in.At, DecidedBy: "rini", Regency: "35.09", MadeAt: in.At.Add(time.Hour), MadeBy: "tono",
			}, key)
			if err != nil {
				t.Fatal(err)
			}
			dir := unproof(t, proof.Bytes())
			var record proofRecord
			data, err := os.ReadFile(filepath.Join(dir, proofSummary))
			if err == nil {
				err = json.Unmarshal(data, &record)
			}
			if err != nil || record.Revision != rules.Hash() || record.Outcome != d.Outcome || record.Notice == "" || len(record.Files) != 6 {
				t.Fatalf("%v %+v", err, record)
			}
			args := strings.Fields(record.Command)
			cmd := exec.CommandContext(t.Context(), opa, args[1:]...)
			cmd.Dir = dir
			got, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile(filepath.Join(dir, proofResult))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%v\nopa  %s\nours %s", err, got, want)
			}
			cmd = exec.CommandContext(t.Context(), opa, "build", "--bundle", proofRules, "--verification-key", proofKey,
				"--verification-key-id", record.SignedBy, "--signing-alg", signingAlgorithm, "-o", "again.tar.gz")
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("opa refuses the signature of the rules: %v\n%s", err, out)
			}
			for _, line := range []string{ProofSignatureCommand, ProofFilesCommand} {
				if out, err := inShell(t, dir, line); err != nil {
					t.Errorf("%v: %s", err, out)
				}
			}
		})
	}
}

// inShell runs one of the lines that stand in a proof.
func inShell(t *testing.T, dir, line string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", line)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestAProofCannotBeChanged alters a proof in every way that somebody with an interest in it would, and has both the
// program and the plain tools look at it.
func TestAProofCannotBeChanged(t *testing.T) {
	key, public := signingKey(t, "ours", "a")
	stranger, _ := signingKey(t, "ours", "b")
	proof, p := proven(t, key)
	got, err := CheckProof(t.Context(), bytes.NewReader(proof), public)
	if err != nil || got.SignedBy != "ours" || got.Outcome != p.Decision.Outcome || got.Revision != Shipped().Hash() {
		t.Fatalf("%v %+v", err, got)
	}
	whole, err := readProof(bytes.NewReader(proof))
	if err != nil {
		t.Fatal(err)
	}
	resum := func(files map[string][]byte, name string) {
		var record proofRecord
		if err := json.Unmarshal(files[proofSummary], &record); err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(files[name])
		record.Files[name] = hex.EncodeToString(sum[:])
		files[proofSummary], _ = json.MarshalIndent(record, "", "  ")
	}
	for _, c := range []struct {
		name, code string
		plain      bool // the plain tools see it too, without another key
		change     func(files map[string][]byte)
	}{
		{"facts", "proof_altered", true, func(f map[string][]byte) { f[proofFacts] = append(f[proofFacts], ' ') }},
		{"result and its hash", "proof_altered", true, func(f map[string][]byte) {
			f[proofResult] = bytes.Replace(f[proofResult], []byte("outcome"), []byte("Outcome"), 1)
			resum(f, proofResult)
		}},
		{"who decided", "proof_altered", true, func(f map[string][]byte) {
			f[proofSummary] = bytes.Replace(f[proofSummary], []byte("rini"), []byte("sari"), 1)
		}},
		{"the words beside", "proof_altered", true, func(f map[string][]byte) { f[proofReadMe] = []byte("percaya saja") }},
		{"a file more", "proof_altered", false, func(f map[string][]byte) { f["catatan.txt"] = []byte("x") }},
		{"a file less", "proof_altered", true, func(f map[string][]byte) { delete(f, proofAnswer) }},
		{"no signature", "proof_unsigned", true, func(f map[string][]byte) { delete(f, proofSignature) }},
		{"half a signature", "proof_altered", true, func(f map[string][]byte) { f[proofSignature] = f[proofSignature][:40] }},
		{"the key of another under our name", "proof_altered", false, func(f map[string][]byte) {
			half, err := stranger.Public()
			if err != nil {
				t.Fatal(err)
			}
			f[proofKey] = []byte(half.PEM)
			resum(f, proofKey)
			f[proofSignature], _ = signDetached(f[proofSummary], stranger)
		}},
		{"another name of the key", "proof_signer_unknown", false, func(f map[string][]byte) {
			f[proofSignature], _ = signDetached(f[proofSummary], SigningKey{ID: "theirs", Private: stranger.Private})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := maps.Clone(whole)
			c.change(files)
			var altered bytes.Buffer
			zip := gzip.NewWriter(&altered)
			w := tar.NewWriter(zip)
			for _, name := range slices.Sorted(maps.Keys(files)) {
				if err := putFile(w, entry{name, files[name]}); err != nil {
					t.Fatal(err)
				}
			}
			if err := errors.Join(w.Close(), zip.Close()); err != nil {
				t.Fatal(err)
			}
			_, err := CheckProof(t.Context(), bytes.NewReader(altered.Bytes()), public)
			if f := fault.As(err); f == nil || f.Kind != fault.Invalid || f.Code != c.code {
				t.Errorf("%v, want %s", err, c.code)
			}
			if !c.plain {
				return
			}
			dir := unproof(t, altered.Bytes())
			_, err1 := inShell(t, dir, ProofSignatureCommand)
			_, err2 := inShell(t, dir, ProofFilesCommand)
			if err1 == nil && err2 == nil {
				t.Error("openssl and sha256sum find nothing")
			}
		})
	}
}
