package policy

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Lexicon is everything that may be written in a rule, for completion and hover: what a name means, of
// what type and unit it is. It is read from the bundle itself and is as whole as the bundle can be read.
type Lexicon struct {
	Facts    []FactWord    `json:"facts"`
	Lists    []CodeList    `json:"lists"`
	Params   []ParamWord   `json:"params"`
	Rules    []RuleWord    `json:"rules"`
	Builtins []BuiltinWord `json:"builtins"`
}

// FactWord is one place in the input. Lists are entered by [_]: input.evidence[_].kind.
type FactWord struct {
	Path    string `json:"path"`
	Of      string `json:"of"`   // "check" or "routing"
	Type    string `json:"type"` // Indonesian: teks, bilangan bulat, ya/tidak, kelompok, daftar
	Unit    string `json:"unit,omitempty"`
	Meaning string `json:"meaning"`
	List    string `json:"list,omitempty"` // name of the closed list that its values come from
	Private bool   `json:"private,omitempty"`

	optional bool // may be left out where its group is there, or its group may be
	span     span // what it may be, of numbers
}

// CodeList is a closed list of the input.
type CodeList struct {
	Name  string     `json:"name"`
	Of    string     `json:"of"`
	Codes []CodeWord `json:"codes"`
}

// ParamWord is one parameter with the value that holds on the day asked about.
type ParamWord struct {
	Name      string    `json:"name"` // read as current.NAME, stands under data.params.NAME
	Kind      ParamKind `json:"kind"`
	Unit      string    `json:"unit,omitempty"`
	Title     string    `json:"title"`
	Value     any       `json:"value,omitempty"` // absent before the first
	Label     string    `json:"label,omitempty"`
	ValidFrom string    `json:"valid_from,omitempty"`
	Source    string    `json:"source,omitempty"`
}

// RuleWord is a rule or function of the bundle that others can use.
type RuleWord struct {
	Name    string   `json:"name"`
	Package string   `json:"package"`
	Kind    string   `json:"kind"` // aturan, fungsi, himpunan, peta
	Args    []string `json:"args,omitempty"`
	Title   string   `json:"title,omitempty"`   // of its METADATA, Indonesian
	Comment string   `json:"comment,omitempty"` // the lines above it
	File    string   `json:"file"`
	Row     int      `json:"row"`
}

// BuiltinWord is an allowed built-in function.
type BuiltinWord struct {
	Name    string `json:"name"`
	Args    string `json:"args"` // "(x, y)"
	Result  string `json:"result"`
	Meaning string `json:"meaning"` // one line, Indonesian
}

// Vocabulary reads the lexicon of a bundle; day (YYYY-MM-DD) says which values of parameters are told.
func Vocabulary(b Bundle, day string) Lexicon {
	lex := wordsAround(b)
	lex.addParams(b, day)
	for _, name := range b.wordFiles() {
		mod, found := parseModule(name, b.Files[name])
		if len(unusable(found)) == 0 { // a file that does not parse has nothing to add
			lex.addRules(mod)
		}
	}
	return lex
}

// wordsAround are the words that no rule of the bundle and no parameter makes.
func wordsAround(b Bundle) Lexicon {
	lex := Lexicon{Facts: []FactWord{}, Lists: []CodeList{}, Params: []ParamWord{}, Rules: []RuleWord{}, Builtins: builtinWords()}
	lex.addSchema(b.Files[schemaFile], schemaFile, "check")
	if b.routes() {
		lex.addSchema(b.Files[routingSchema], routingSchema, "routing")
	}
	return lex
}

// lexicon is the vocabulary of what was read already, without the values of parameters.
func (l *loaded) lexicon(a *around) Lexicon {
	lex := a.words
	for _, mod := range l.modules {
		lex.addRules(mod)
	}
	return lex
}

// schemaNode is the part of JSON schema that the input schemas use.
type schemaNode struct {
	Ref         string            `json:"$ref"`
	Type        string            `json:"type"`
	Description string            `json:"description"`
	Unit        string            `json:"unit"`
	Enum        []string          `json:"enum"`
	Required    []string          `json:"required"`
	Minimum     *int              `json:"minimum"`
	Maximum     *int              `json:"maximum"`
	Words       map[string]string `json:"words"`
	Properties  json.RawMessage   `json:"properties"`
	Items       *schemaNode       `json:"items"`
}

// schemaWalk follows a schema from its root. A bundle of before had no descriptions: those of the
// program stand in.
type schemaWalk struct {
	defs   map[string]schemaNode
	spare  *schemaWalk
	of     string
	lex    *Lexicon
	below  bool     // what is read now lies in a group that may be left out
	inside []string // definitions being read, which ends a schema that refers to itself
	places int      // named so far
	walked int      // bytes read on the way to them
}

func (lex *Lexicon) addSchema(data []byte, file, of string) {
	read := func(data []byte) (root schemaNode, w schemaWalk, ok bool) {
		var doc struct {
			Defs map[string]schemaNode `json:"$defs"`
		}
		ok = readableJSON(data) == nil && json.Unmarshal(data, &doc) == nil && json.Unmarshal(data, &root) == nil
		return root, schemaWalk{defs: doc.Defs, of: of, lex: lex}, ok
	}
	own, _ := shipped.ReadFile("rules/" + file)
	root, w, ok := read(data)
	spareRoot, spare, _ := read(own)
	if !ok {
		root, w = spareRoot, spare
	}
	w.spare = &spare
	w.members("input", root, spareRoot)
	for _, name := range slices.Sorted(maps.Keys(w.defs)) {
		def := w.defs[name]
		if len(def.Enum) == 0 {
			continue
		}
		list := CodeList{Name: name, Of: of}
		for _, code := range def.Enum {
			word := def.Words[code]
			if word == "" {
				word = spare.defs[name].Words[code]
			}
			list.Codes = append(list.Codes, CodeWord{Code: code, Word: word})
		}
		lex.Lists = append(lex.Lists, list)
	}
}

// members adds the properties of an object, in file order, and what is below them.
func (w *schemaWalk) members(path string, node, spare schemaNode) {
	w.walked += len(node.Properties)
	if w.walked > maxWalked {
		return
	}
	props, spareProps := map[string]schemaNode{}, map[string]schemaNode{}
	if json.Unmarshal(node.Properties, &props) != nil {
		return
	}
	_ = json.Unmarshal(spare.Properties, &spareProps) // what cannot be read has nothing to lend
	names, err := keyOrder(node.Properties)
	if err != nil {
		return
	}
	for _, name := range names {
		w.add(path+"."+name, name, props[name], spareProps[name], w.below || !slices.Contains(node.Required, name))
	}
}

var typeWords = map[string]string{"string": "teks", "integer": "bilangan bulat", "boolean": "ya/tidak", "object": "kelompok", "array": "daftar"}

func (w *schemaWalk) add(path, name string, node, spare schemaNode, optional bool) {
	w.places++
	if w.places > maxPlaces {
		return
	}
	meaning := node.Description
	if meaning == "" {
		meaning = spare.Description
	}
	def := strings.TrimPrefix(node.Ref, "#/$defs/")
	if node.Ref != "" {
		if slices.Contains(w.inside, def) {
			return
		}
		w.inside = append(w.inside, def)
		defer func() { w.inside = w.inside[:len(w.inside)-1] }()
		node, spare = w.defs[def], w.spare.defs[def]
	}
	fact := FactWord{Path: path, Of: w.of, Type: typeWords[node.Type], Meaning: meaning, Unit: node.Unit, Private: slices.Contains(privateFields, name),
		optional: optional, span: span{node.Minimum, node.Maximum}}
	if fact.Unit == "" {
		fact.Unit = spare.Unit
	}
	if len(node.Enum) > 0 {
		fact.List = def
	}
	w.lex.Facts = append(w.lex.Facts, fact)
	switch {
	case node.Type == "object":
		above := w.below
		w.below = optional
		w.members(path, node, spare)
		w.below = above
	case node.Items != nil && node.Items.Ref != "":
		item := strings.TrimPrefix(node.Items.Ref, "#/$defs/")
		if w.defs[item].Type == "object" {
			above := w.below
			w.below = false // who took a member knows that it is there
			w.members(path+"[_]", w.defs[item], w.spare.defs[item])
			w.below = above
		}
	}
}

func (lex *Lexicon) addParams(b Bundle, day string) {
	specs, err := ParamSpecs(b)
	if err != nil {
		return
	}
	params, err := parseParams(b.Files[b.paramsName()])
	if err != nil {
		return
	}
	for _, s := range specs {
		word := ParamWord{Name: s.Name, Kind: s.Kind, Unit: s.Unit, Title: s.Title}
		for _, p := range params {
			if p.Name == s.Name && p.ValidFrom <= day {
				word.Value, word.Label, word.ValidFrom, word.Source = p.Value, p.Label, p.ValidFrom, p.Source
				break
			}
		}
		lex.Params = append(lex.Params, word)
	}
}

// addRules lists what a file defines, each name once.
func (lex *Lexicon) addRules(mod *ast.Module) {
	pkg := mod.Package.Path.String()
	comments := commentsOf(mod)
	for _, r := range mod.Rules {
		name := headName(r)
		if i := slices.IndexFunc(lex.Rules, func(w RuleWord) bool { return w.Name == name && w.Package == pkg }); i >= 0 {
			lex.Rules[i].Comment = cmp.Or(lex.Rules[i].Comment, commentAbove(comments, r.Location.Row))
			lex.Rules[i].Title = cmp.Or(lex.Rules[i].Title, titleOf(r))
			continue
		}
		w := RuleWord{Name: name, Package: pkg, Kind: ruleKind(r), File: r.Location.File, Row: r.Location.Row, Comment: commentAbove(comments, r.Location.Row), Title: titleOf(r)}
		for _, a := range r.Head.Args {
			w.Args = append(w.Args, a.String())
		}
		lex.Rules = append(lex.Rules, w)
	}
}

// titleOf gives the title of a rule, of findings none: each has its own.
func titleOf(r *ast.Rule) string {
	for _, note := range r.Annotations {
		if !isFinding(r) && note.Scope == "rule" {
			return note.Title
		}
	}
	return ""
}

func ruleKind(r *ast.Rule) string {
	switch {
	case len(r.Head.Args) > 0:
		return "fungsi"
	case r.Head.RuleKind() == ast.MultiValue:
		return "himpunan"
	case len(r.Head.Ref()) > 1:
		return "peta"
	}
	return "aturan"
}

// commentsOf gives the comments of a file by their row.
func commentsOf(mod *ast.Module) map[int]string {
	at := map[int]string{}
	for _, c := range mod.Comments {
		at[c.Location.Row] = strings.TrimSpace(string(c.Text))
	}
	return at
}

// commentAbove gives the comment that ends on the line before row, without a METADATA block between.
func commentAbove(at map[int]string, row int) string {
	var lines []string
	for row--; ; row-- {
		text, ok := at[row]
		if !ok {
			break
		}
		if text == "METADATA" {
			lines = nil
			continue
		}
		lines = append(lines, text)
	}
	slices.Reverse(lines)
	return strings.Join(lines, " ")
}
