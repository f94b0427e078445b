package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"go.yaml.in/yaml/v3"
)

// routingGolden is one complaint of testdata/routing and what the rules must make of it.
type routingGolden struct {
	name   string
	head   string // the file up to its expectations
	Params map[string]any
	Input  map[string]any
	Want   routingWant
}

// routingWant is what an officer would check: the rest follows from the parameters.
type routingWant struct {
	Class        string            `yaml:"class"`
	Priority     string            `yaml:"priority"`
	Element      string            `yaml:"element,omitempty"`
	Attention    bool              `yaml:"attention,omitempty"`
	SecondPerson bool              `yaml:"second_person,omitempty"`
	Desk         string            `yaml:"desk,omitempty"` // "RSD-BALUNG", "puskesmas kelurahan di 35.09.19.1001"
	Outside      string            `yaml:"outside,omitempty"`
	Clocks       map[string]string `yaml:"clocks"`
	Ladder       string            `yaml:"ladder"`
	SilentHours  int               `yaml:"silent_hours"`
	Tasks        []string          `yaml:"tasks,omitempty"`
	Missing      []string          `yaml:"missing,omitempty"`
	Reasons      []string          `yaml:"reasons"`
}

func routingGoldens(t *testing.T) []routingGolden {
	t.Helper()
	files, err := filepath.Glob("testdata/routing/*.yaml")
	if err != nil || len(files) < 30 {
		t.Fatalf("golden routings: %d, %v", len(files), err)
	}
	out := make([]routingGolden, 0, len(files))
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Params map[string]any `yaml:"params"`
			Input  map[string]any `yaml:"input"`
			Want   routingWant    `yaml:"want"`
		}
		dec := yaml.NewDecoder(bytes.NewReader(data))
		dec.KnownFields(true)
		if err := dec.Decode(&doc); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		head, _, found := strings.Cut(string(data), "\nwant:")
		if !found || !strings.HasPrefix(head, "# ") {
			t.Fatalf("%s: needs a first line that says what the case is for, and want", f)
		}
		out = append(out, routingGolden{strings.TrimSuffix(filepath.Base(f), ".yaml"), head, doc.Params, doc.Input, doc.Want})
	}
	return out
}

// input is the complaint of the case; what each has in common need not be written in each.
func (g routingGolden) input(t *testing.T) RoutingInput {
	t.Helper()
	doc := map[string]any{
		"at": "2026-11-20T09:12:00+07:00", "office": map[string]any{"regency": "35.09"},
		"checks": []any{}, "reopened": 0, "given": []any{"phone", "patient", "village", "need", "matter", "facility", "when", "amount", "receipt", "photo"},
	}
	maps.Copy(doc, g.Input)
	in, err := ParseRoutingInput(encode(t, doc))
	if err != nil {
		t.Fatalf("%s: %v %v", g.name, err, err.(interface{ Unwrap() error }).Unwrap())
	}
	return in
}

func (d Desk) words() string {
	words := strings.Join(append(d.Kinds[:len(d.Kinds):len(d.Kinds)], ""), " ") + "di " + d.Area
	switch {
	case d.Code != "" && d.Area == "":
		return d.Code
	case d.Code != "":
		return d.Code + " atau " + words
	}
	return words
}

func routed(r Routing) routingWant {
	w := routingWant{
		Class: r.Class, Priority: r.Priority, Element: r.Element, Attention: r.Attention, SecondPerson: r.SecondPerson,
		Clocks: map[string]string{}, SilentHours: r.SilentHours, Reasons: r.Reasons,
	}
	if r.Desk != nil {
		w.Desk = r.Desk.words()
	}
	if r.Outside != nil {
		w.Outside = r.Outside.Office
	}
	for _, c := range r.Clocks {
		w.Clocks[c.Kind] = fmt.Sprint(c.Amount, " ", c.Measure)
	}
	var rungs []string
	for _, l := range r.Ladder {
		rungs = append(rungs, fmt.Sprint(l.Percent, " ", l.To))
	}
	w.Ladder = strings.Join(rungs, ", ")
	for _, k := range r.Tasks {
		w.Tasks = append(w.Tasks, fmt.Sprintf("%s: %s (%d %s)", k.Desk.words(), k.Act, k.Amount, k.Measure))
	}
	for _, m := range r.Missing {
		w.Missing = append(w.Missing, m.Code)
	}
	return w
}

// TestRoutingGolden routes every complaint of testdata/routing.
func TestRoutingGolden(t *testing.T) {
	plain, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range routingGoldens(t) {
		t.Run(g.name, func(t *testing.T) {
			e := plain
			if len(g.Params) > 0 {
				if e, err = NewEngine(t.Context(), withParams(t, g.Params)); err != nil {
					t.Fatal(err)
				}
			}
			r, err := e.Route(t.Context(), g.input(t))
			if err != nil {
				t.Fatal(err)
			}
			if *update {
				g.rewrite(t, routed(r))
				return
			}
			if got := routed(r); !reflect.DeepEqual(got, g.Want) {
				t.Errorf("\n got %+v\nwant %+v", got, g.Want)
			}
			r.sane(t)
		})
	}
}

func (g routingGolden) rewrite(t *testing.T, w routingWant) {
	t.Helper()
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(map[string]routingWant{"want": w}); err != nil {
		t.Fatal(err)
	}
	err := os.WriteFile("testdata/routing/"+g.name+".yaml", []byte(g.head+"\n"+out.String()), 0o644)
	if err != nil {
		t.Fatal(err)
	}
}

// sane holds a routing to what no complaint may lack, and its texts to what a clerk can read aloud.
func (r Routing) sane(t *testing.T) {
	t.Helper()
	var kinds []string
	for _, c := range r.Clocks {
		kinds = append(kinds, c.Kind)
		if c.Source == "" || c.Kind == "emergency" && (c.Pauses || c.Measure != "hours") {
			t.Errorf("clock %+v", c)
		}
	}
	for _, k := range []string{"verify", "first", "resolve", "silence"} {
		if !slices.Contains(kinds, k) {
			t.Errorf("no clock %s", k)
		}
	}
	if (r.Priority == "emergency") != slices.Contains(kinds, "emergency") || r.ReopenDays <= 0 || len(r.Reasons) == 0 {
		t.Errorf("%+v", r)
	}
	if r.Desk != nil && r.Desk.Code == "" && (len(r.Desk.Kinds) == 0 || r.Desk.Area == "") {
		t.Errorf("nobody is named by the desk %+v", r.Desk)
	}
	texts := slices.Clone(r.Reasons)
	for _, m := range r.Missing {
		texts = append(texts, m.Text)
	}
	for _, k := range r.Tasks {
		texts = append(texts, k.Act)
	}
	for _, s := range texts {
		if !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "?") {
			t.Errorf("no sentence: %q", s)
		}
		for _, bad := range []string{"<undefined>", "2026-", "_", "wilayah 3", "null", "35.09", "tidak layak", "{"} {
			if strings.Contains(s, bad) {
				t.Errorf("not for reading aloud (%s): %q", bad, s)
			}
		}
	}
}

// agrees wants plain `opa eval` to route the case in the same way: said is its answer by the shipped rules, and
// nil for a case with parameters of its own.
func (g routingGolden) agrees(t *testing.T, opa string, said *ast.Term, e *Engine) {
	t.Helper()
	if len(g.Params) > 0 {
		b := withParams(t, g.Params)
		var err error
		if e, err = NewEngine(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		said = evalPlain(t, opa, routingQuery, []string{"-b", b.exported(t)}, g.input(t))
	}
	in := g.input(t)
	want, err := e.Route(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	got, err := e.routing.read(said, in.At.Location())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(want)
		t.Errorf("opa %s\nengine %s", a, b)
	}
}
