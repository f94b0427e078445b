package policy

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
)

// opaBinary gives the real opa of the module, which go tool builds once and keeps.
func opaBinary(t *testing.T) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "tool", "-n", "opa")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("build opa: %v", err)
	}
	return strings.TrimSpace(string(out))
}

func (b Bundle) unpack(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, data := range b.Files {
		file := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, data, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestOpaAgrees runs the rules as plain files through the real opa: its tests, and every golden
// case, whose stored input must give the same decision.
func TestOpaAgrees(t *testing.T) {
	opa := opaBinary(t)
	plain := Shipped().unpack(t)
	out, err := exec.CommandContext(t.Context(), opa, "test", plain).CombinedOutput()
	if err != nil {
		t.Fatalf("opa test: %v\n%s", err, out)
	}
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range goldens(t) {
		t.Run(g.name, func(t *testing.T) {
			dir, engine := plain, e
			if len(g.Params) > 0 {
				b := g.bundle(t)
				dir = b.unpack(t)
				if engine, err = NewEngine(t.Context(), b); err != nil {
					t.Fatal(err)
				}
			}
			in := g.input(t)
			want, err := engine.Decide(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			got, err := engine.decision(evalPlain(t, opa, decisionQuery, []string{"-d", dir}, in), in.At.Location())
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("opa %+v\nengine %+v", got, want)
			}
		})
	}
	for _, g := range routingGoldens(t) {
		t.Run("routing/"+g.name, func(t *testing.T) { g.agrees(t, opa, plain, e) })
	}
	if out, err := exec.CommandContext(t.Context(), opa, "test", "-b", "rules").CombinedOutput(); err != nil {
		t.Errorf("the folder as a bundle: %v\n%s", err, out)
	}
	if d, err := e.decision(evalPlain(t, opa, decisionQuery, []string{"-b", "rules"}, siti()), wib); err != nil || d.Outcome != Eligible {
		t.Errorf("the folder as a bundle: %s %v", d.Outcome, err)
	}
	archive := filepath.Join(t.TempDir(), "bundle.tar.gz")
	f, err := os.Create(archive)
	if err != nil {
		t.Fatal(err)
	}
	if err := Shipped().WriteTarGz(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	d, err := e.decision(evalPlain(t, opa, decisionQuery, []string{"-b", archive}, siti()), wib)
	if err != nil || d.Outcome != Eligible {
		t.Errorf("exported bundle: %s %v", d.Outcome, err)
	}
}

// evalPlain gives what `opa eval` says about the stored JSON of the input.
func evalPlain(t *testing.T, opa, query string, source []string, in any) *ast.Term {
	t.Helper()
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "input.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"eval", "--strict-builtin-errors", "-f", "raw", "-i", file}, source...)
	out, err := exec.CommandContext(t.Context(), opa, append(args, query)...).Output()
	if err != nil {
		t.Fatalf("opa eval: %v\n%s", err, out)
	}
	term, err := ast.ParseTerm(string(out))
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return term
}
