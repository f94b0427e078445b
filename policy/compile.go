package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// rulePackage holds the rules of a check; their findings are the partial set findingsRule in it.
const (
	rulePackage  = "data.layak.eligibility"
	findingsRule = "findings"
)

// maxProblems bounds how many errors the compiler collects.
const maxProblems = 50

// loaded is a bundle after parsing, checking and compiling: the rules of a check, which may use each
// other, and those of routing, which stand alone because they read another input.
type loaded struct {
	ruleSet
	routing *ruleSet // nil before contract 2
	params  []Param
	data    map[string]any // document under data
}

// ruleSet is what is compiled together, against one schema of the input.
type ruleSet struct {
	modules  map[string]*ast.Module // without tests, as parsed
	tests    map[string]*ast.Module
	compiler *ast.Compiler // of modules; nil while the set is only looked at
	joint    func() joint  // what the compiler says to rules that are looked at; waits for it
	schema   any
	rules    []Rule
	words    *vocabulary // closed lists of the input

	schemaFile string
}

func newRuleSet(words *vocabulary, schema string) ruleSet {
	return ruleSet{modules: map[string]*ast.Module{}, tests: map[string]*ast.Module{}, words: words, schemaFile: schema}
}

// sets are the rules of a check and, where there are any, those of routing.
func (l *loaded) sets() []*ruleSet {
	if l.routing == nil {
		return []*ruleSet{&l.ruleSet}
	}
	return []*ruleSet{&l.ruleSet, l.routing}
}

// load parses, type-checks against the schema of the bundle, and joins METADATA. What keeps the rules from
// deciding comes back as problems; loaded is only usable when there is none. What is a matter of style is
// asked by Verify, of rules that are handed in.
func load(b Bundle) (*loaded, []Problem) {
	l, found := read(b, unusable)
	if len(found) > 0 {
		return l, found
	}
	return l, unusable(l.finish(b))
}

// read parses a bundle; it can be compiled when no problem is found. Only those that count keeps are told.
func read(b Bundle, count func([]Problem) []Problem) (l *loaded, found []Problem) {
	l = &loaded{ruleSet: newRuleSet(checkWords(), schemaFile)}
	found = b.Oversized()
	if len(found) > 0 {
		return l, found
	}
	found = b.checkContract()
	if len(found) > 0 { // what is written for another program would only be misread
		return l, found
	}
	if b.routes() {
		set := newRuleSet(routingWords(), routingSchema)
		l.routing = &set
	}
	for _, name := range b.names() {
		if !strings.HasSuffix(name, ".rego") {
			continue
		}
		mod, wrong := parseModule(name, b.Files[name])
		if wrong = count(wrong); len(wrong) > 0 {
			found = append(found, wrong...)
			continue
		}
		set := &l.ruleSet
		if l.routing != nil && routes(mod) {
			set = l.routing
		}
		if strings.HasSuffix(name, "_test.rego") {
			set.tests[name] = mod
		} else {
			set.modules[name] = mod
		}
	}
	found = append(found, l.checkRules()...)
	found = append(found, l.loadSchema(b)...)
	found = append(found, l.loadParams(b)...)
	if l.routing != nil {
		found = append(found, l.routing.loadSchema(b)...)
	}
	return l, found
}

// withStyle counts every problem.
func withStyle(found []Problem) []Problem { return found }

// finish joins METADATA, lints, and compiles the sets beside each other.
func (l *loaded) finish(b Bundle) []Problem {
	found := l.describe(b)
	var ofCheck, ofRouting []Problem
	var both sync.WaitGroup
	if l.routing != nil {
		both.Go(func() { ofRouting = l.routing.finish(b, l.params) })
	}
	ofCheck = l.ruleSet.finish(b, l.params)
	both.Wait()
	return slices.Concat(found, ofCheck, ofRouting)
}

// describe joins METADATA to the rules of both sets.
func (l *loaded) describe(b Bundle) []Problem {
	found := l.checkHeads(b)
	if l.routing != nil {
		found = append(found, l.routing.checkReasons(b)...)
		found = append(found, l.routing.lintAlone()...)
	}
	return found
}

// finish lints and compiles the rules of one set.
func (s *ruleSet) finish(b Bundle, params []Param) []Problem {
	found := s.lint(params)
	s.compiler = s.compileOnce(b)
	return append(found, problemsOf("", s.compiler.Errors)...)
}

// compile gives a strict compiler over copies of the modules.
func (s *ruleSet) compile(modules map[string]*ast.Module) *ast.Compiler {
	c := s.compilerOf()
	c.Compile(modules)
	return c
}

// compilerOf makes the strict compiler of a set.
func (s *ruleSet) compilerOf() *ast.Compiler {
	schemas := ast.NewSchemaSet()
	schemas.Put(ast.SchemaRootRef, s.schema)
	return ast.NewCompiler().WithCapabilities(sandbox()).WithStrict(true).
		WithSchemas(schemas).WithUseTypeCheckAnnotations(false).SetErrorLimit(maxProblems).
		WithStageAfterID(ast.StageRewriteLocalVars, comparing)
}

func (s *ruleSet) loadSchema(b Bundle) []Problem {
	file := s.schemaFile
	err := readableJSON(b.Files[file])
	if err == nil {
		err = json.Unmarshal(b.Files[file], &s.schema)
	}
	if err != nil {
		return []Problem{{File: file, Code: "schema_unreadable", Message: file + " tidak ada atau bukan JSON yang benar.", Detail: err.Error()}}
	}
	return foreignRefs(file, s.schema)
}

func (l *loaded) loadParams(b Bundle) []Problem {
	name := b.paramsName()
	params, err := parseParams(b.Files[name])
	if err != nil {
		return []Problem{{File: name, Code: "params_invalid", Message: name + " belum benar: " + err.Error() + "."}}
	}
	l.params = params
	dec := json.NewDecoder(bytes.NewReader(b.Files[name]))
	dec.UseNumber()
	if err := dec.Decode(&l.data); err != nil {
		return []Problem{{File: name, Code: "params_invalid", Message: name + " bukan JSON yang benar.", Detail: err.Error()}}
	}
	return nil
}

// Param is one value of a parameter with the day from which it counts.
type Param struct {
	Name      string `json:"name"`
	Value     any    `json:"value"`
	ValidFrom string `json:"valid_from"` // YYYY-MM-DD
	Unit      string `json:"unit"`
	Title     string `json:"title"`
	Source    string `json:"source"`
	// Labels says what a value means when it is a code or a switch, "true" and "false" for the
	// latter: written beside one value of a name, it holds for all of them.
	Labels map[string]string `json:"labels,omitempty"`
	Label  string            `json:"label,omitempty"` // what Value means, Indonesian; "" when it speaks for itself
}

// parseParams reads data.json in file order. Within a name the newest value comes first, because
// the rules take the first that is valid on the day of service.
func parseParams(data []byte) ([]Param, error) {
	if len(data) == 0 {
		return nil, errors.New("berkas tidak ada")
	}
	var file struct {
		Params map[string][]Param `json:"params"`
	}
	if err := readableJSON(data); err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	dec.UseNumber()
	if err := dec.Decode(&file); err != nil {
		return nil, fmt.Errorf("isinya tidak dapat dibaca (%w)", err)
	}
	order, err := paramOrder(data)
	if err != nil {
		return nil, err
	}
	err = fewParams(order, file.Params)
	if err != nil {
		return nil, err
	}
	var out []Param
	for _, name := range order {
		values := file.Params[name]
		if len(values) == 0 {
			return nil, fmt.Errorf("%s tidak mempunyai nilai", name)
		}
		if err := label(values); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for i, p := range values {
			p.Name = name
			switch {
			case p.Value == nil:
				return nil, fmt.Errorf("%s: value belum diisi", name)
			case !validDay(p.ValidFrom):
				return nil, fmt.Errorf("%s: valid_from harus tanggal TTTT-BB-HH", name)
			case p.Title == "" || p.Source == "" || p.Unit == "":
				return nil, fmt.Errorf("%s: title, unit, dan source wajib diisi", name)
			case i > 0 && p.ValidFrom >= values[i-1].ValidFrom:
				return nil, fmt.Errorf("%s: urutkan dari valid_from terbaru ke terlama", name)
			}
			out = append(out, p)
		}
	}
	return out, nil
}

// label gives each value of a parameter its label out of the labels beside the newest that has any.
// A value without one is a slip of the pen.
func label(values []Param) error {
	var labels map[string]string
	for _, p := range slices.Backward(values) {
		if len(p.Labels) > 0 {
			labels = p.Labels
		}
	}
	for i := range values {
		p := &values[i]
		if p.Label != "" {
			return errors.New("tulis arti nilai dalam labels, bukan label")
		}
		p.Label = labels[fmt.Sprint(p.Value)]
		if len(labels) > 0 && p.Value != nil && p.Label == "" {
			return fmt.Errorf("nilai %v tidak ada dalam labels", p.Value)
		}
	}
	return nil
}

// paramOrder lists the names as they stand in the file.
func paramOrder(data []byte) ([]string, error) {
	var file struct {
		Params json.RawMessage `json:"params"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, err
	}
	var names []string
	dec := json.NewDecoder(bytes.NewReader(file.Params))
	if _, err := dec.Token(); err != nil {
		return nil, errors.New("bagian params tidak ada")
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		var skip json.RawMessage
		if err := dec.Decode(&skip); err != nil {
			return nil, err
		}
		name, ok := key.(string)
		if !ok {
			return nil, errors.New("bagian params harus berupa daftar nama")
		}
		names = append(names, name)
	}
	return names, nil
}

// validFrom is the first day on which every parameter has a value.
func (l *loaded) validFrom() string {
	first := ""
	for i, p := range l.params {
		oldest := i+1 == len(l.params) || l.params[i+1].Name != p.Name
		if oldest && p.ValidFrom > first {
			first = p.ValidFrom
		}
	}
	return first
}
