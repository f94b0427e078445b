package policy

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "rewrite the expectations in testdata by what the rules say")

// golden is one case of testdata: facts and what the rules must say about them.
type golden struct {
	name   string
	head   string // the file up to its expectations
	Params map[string]any
	Input  map[string]any
	Want   expectation
}

type expectation struct {
	Outcome   Outcome             `yaml:"outcome"`
	Advice    Advice              `yaml:"service_advice"`
	Findings  []map[string]string `yaml:"findings"`
	Questions []string            `yaml:"questions,omitempty"`
	NextStep  string              `yaml:"next_step,omitempty"`
}

func goldens(t *testing.T) []golden {
	t.Helper()
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) < 28 {
		t.Fatalf("golden cases: %d, %v", len(files), err)
	}
	out := make([]golden, 0, len(files))
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		g := golden{name: strings.TrimSuffix(filepath.Base(f), ".yaml")}
		dec := yaml.NewDecoder(bytes.NewReader(data))
		dec.KnownFields(true)
		var doc struct {
			Params map[string]any `yaml:"params"`
			Input  map[string]any `yaml:"input"`
			Want   expectation    `yaml:"want"`
		}
		if err := dec.Decode(&doc); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		g.Params, g.Input, g.Want = doc.Params, doc.Input, doc.Want
		head, _, found := strings.Cut(string(data), "\nwant:\n")
		if !found || !strings.HasPrefix(head, "# ") {
			t.Fatalf("%s: needs a first line that says what the case is for, and want", f)
		}
		g.head = head
		out = append(out, g)
	}
	return out
}

func (g golden) input(t *testing.T) Input {
	t.Helper()
	data, err := json.Marshal(g.Input)
	if err != nil {
		t.Fatal(err)
	}
	in, err := ParseInput(data)
	if err != nil {
		t.Fatalf("%s: %v %v", g.name, err, err.(interface{ Unwrap() error }).Unwrap())
	}
	return in
}

// bundle is the shipped rule set with the parameters of the case.
func (g golden) bundle(t *testing.T) Bundle {
	t.Helper()
	return withParams(t, g.Params)
}

func withParams(t *testing.T, values map[string]any) Bundle {
	t.Helper()
	b := Shipped()
	if len(values) == 0 {
		return b
	}
	var file struct {
		Params map[string][]map[string]any `json:"params"`
	}
	if err := json.Unmarshal(b.Files[paramsFile], &file); err != nil {
		t.Fatal(err)
	}
	for name, v := range values {
		if len(file.Params[name]) == 0 {
			t.Fatalf("no parameter %s", name)
		}
		file.Params[name][0]["value"] = v
	}
	data, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	return b.with(paramsFile, data)
}

func observed(d Decision) expectation {
	e := expectation{Outcome: d.Outcome, Advice: d.Advice}
	for _, f := range d.Findings {
		e.Findings = append(e.Findings, map[string]string{f.Code: string(f.Verdict)})
	}
	for _, q := range d.Questions {
		e.Questions = append(e.Questions, q.Code)
	}
	if len(d.NextSteps) > 0 {
		e.NextStep = d.NextSteps[0]
	}
	return e
}

// TestGolden decides every case of testdata.
func TestGolden(t *testing.T) {
	plain, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range goldens(t) {
		t.Run(g.name, func(t *testing.T) {
			e := plain
			if len(g.Params) > 0 {
				if e, err = NewEngine(t.Context(), g.bundle(t)); err != nil {
					t.Fatal(err)
				}
			}
			d, err := e.Decide(t.Context(), g.input(t))
			if err != nil {
				t.Fatal(err)
			}
			if *update {
				g.rewrite(t, observed(d))
				return
			}
			g.compare(t, d)
			plainWords(t, d)
		})
	}
}

func (g golden) rewrite(t *testing.T, e expectation) {
	t.Helper()
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(map[string]expectation{"want": e}); err != nil {
		t.Fatal(err)
	}
	err := os.WriteFile("testdata/"+g.name+".yaml", []byte(g.head+"\n"+out.String()), 0o644)
	if err != nil {
		t.Fatal(err)
	}
}

func (g golden) compare(t *testing.T, d Decision) {
	t.Helper()
	got := observed(d)
	if got.Outcome != g.Want.Outcome || got.Advice != g.Want.Advice {
		t.Errorf("outcome %s, %s; want %s, %s", got.Outcome, got.Advice, g.Want.Outcome, g.Want.Advice)
	}
	if fmt.Sprint(got.Findings) != fmt.Sprint(g.Want.Findings) {
		t.Errorf("findings\n got %v\nwant %v", got.Findings, g.Want.Findings)
	}
	if !slices.Equal(got.Questions, g.Want.Questions) {
		t.Errorf("questions %v; want %v", got.Questions, g.Want.Questions)
	}
	if !slices.ContainsFunc(d.NextSteps, func(s string) bool { return strings.Contains(s, g.Want.NextStep) }) && g.Want.NextStep != "" {
		t.Errorf("no next step says %q: %q", g.Want.NextStep, d.NextSteps)
	}
}

// plainWords holds the texts to what a clerk can read aloud.
func plainWords(t *testing.T, d Decision) {
	t.Helper()
	var texts []string
	for _, f := range d.Findings {
		if f.Title == "" || f.Article == "" || f.Remedy == "" || f.Seen == "" {
			t.Errorf("%s lacks words: %+v", f.Code, f)
		}
		texts = append(texts, f.Seen, f.Limit, f.Remedy, f.Source)
	}
	for _, q := range d.Questions {
		if q.Field == "" && q.Document == "" || !strings.HasSuffix(strings.TrimSuffix(q.Text, "."), "?") && !strings.Contains(q.Text, "?") {
			t.Errorf("question %s: %+v", q.Code, q)
		}
		texts = append(texts, q.Text)
	}
	for _, s := range d.NextSteps {
		if !strings.HasSuffix(s, ".") {
			t.Errorf("next step is no sentence: %q", s)
		}
	}
	for _, s := range append(append(texts, d.NextSteps...), d.Summary) {
		for _, bad := range []string{"<undefined>", "2026-", "_", "wilayah 3", "null", "35.09"} {
			if strings.Contains(s, bad) {
				t.Errorf("not for reading aloud (%s): %q", bad, s)
			}
		}
	}
}
