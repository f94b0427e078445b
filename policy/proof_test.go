package policy

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
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
			if err != nil || record.Revision != rules.Hash() || record.Outcome != d.Outcome || record.Notice == "" || len(record.Files) != 5 {
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
		})
	}
}
