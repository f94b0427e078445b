package policy

import (
	"bytes"
	"encoding/json"
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

// exported is the bundle as it leaves the installation, signed.
func (b Bundle) exported(t *testing.T) string {
	t.Helper()
	key, _ := signingKey(t, "ours", "a")
	file := filepath.Join(t.TempDir(), "rules.tar.gz")
	if err := os.WriteFile(file, signed(t, b, key), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestOpaAgrees runs the export of the rules through the real opa: its tests, and every golden case,
// whose stored input must give the same decision. The folder and an unsigned archive serve as well.
func TestOpaAgrees(t *testing.T) {
	opa := opaBinary(t)
	shipped := Shipped().exported(t)
	out, err := exec.CommandContext(t.Context(), opa, "test", "-b", shipped).CombinedOutput()
	if err != nil {
		t.Fatalf("opa test of the export: %v\n%s", err, out)
	}
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	cases, said := goldens(t), map[string]any{}
	for _, g := range cases {
		if len(g.Params) == 0 {
			said[g.name] = g.input(t)
		}
	}
	decisions := evalEach(t, opa, decisionQuery, []string{"-b", shipped}, said)
	for _, g := range cases {
		t.Run(g.name, func(t *testing.T) {
			engine, in, term := e, g.input(t), decisions[g.name]
			if len(g.Params) > 0 {
				b := g.bundle(t)
				if engine, err = NewEngine(t.Context(), b); err != nil {
					t.Fatal(err)
				}
				term = evalPlain(t, opa, decisionQuery, []string{"-b", b.exported(t)}, in)
			}
			want, err := engine.Decide(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			got, err := engine.decision(term, in.At.Location())
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("opa %+v\nengine %+v", got, want)
			}
		})
	}
	told := map[string]any{}
	for _, g := range routingGoldens(t) {
		if len(g.Params) == 0 {
			told[g.name] = g.input(t)
		}
	}
	routings := evalEach(t, opa, routingQuery, []string{"-b", shipped}, told)
	for _, g := range routingGoldens(t) {
		t.Run("routing/"+g.name, func(t *testing.T) { g.agrees(t, opa, routings[g.name], e) })
	}
	if out, err := exec.CommandContext(t.Context(), opa, "test", "-b", "rules").CombinedOutput(); err != nil {
		t.Errorf("the folder as a bundle: %v\n%s", err, out)
	}
	if d, err := e.decision(evalPlain(t, opa, decisionQuery, []string{"-b", "rules"}, siti()), wib); err != nil || d.Outcome != Eligible {
		t.Errorf("the folder as a bundle: %s %v", d.Outcome, err)
	}
	archive := filepath.Join(t.TempDir(), "bundle.tar.gz")
	var unsigned bytes.Buffer
	err = Shipped().WriteTarGz(&unsigned)
	if err == nil {
		err = os.WriteFile(archive, unsigned.Bytes(), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	d, err := e.decision(evalPlain(t, opa, decisionQuery, []string{"-b", archive}, siti()), wib)
	if err != nil || d.Outcome != Eligible {
		t.Errorf("exported bundle: %s %v", d.Outcome, err)
	}
}

// evalEach gives what `opa eval` says about each input by its name. They are asked together, since nearly all
// its time goes into reading the rules.
func evalEach(t *testing.T, opa, query string, source []string, inputs map[string]any) map[string]*ast.Term {
	t.Helper()
	all, ok := evalPlain(t, opa, "{name: said | some name, asked in input; said := "+query+" with input as asked}", source, inputs).Value.(ast.Object)
	if !ok || all.Len() != len(inputs) {
		t.Fatalf("opa does not answer each of %d inputs: %v", len(inputs), all)
	}
	out := map[string]*ast.Term{}
	all.Foreach(func(name, said *ast.Term) { out[string(name.Value.(ast.String))] = said })
	return out
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
