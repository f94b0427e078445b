package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"layak/internal/fault"
)

// ParamKind is what the values of a parameter look like.
type ParamKind string

// The kinds. A map has values of another kind by key.
const (
	KindWhole  ParamKind = "whole"  // whole number
	KindChoice ParamKind = "choice" // one of a closed list
	KindYesNo  ParamKind = "yes_no"
	KindText   ParamKind = "text"
	KindMap    ParamKind = "map"
)

var kindWords = map[ParamKind]string{
	KindWhole: "bilangan bulat", KindChoice: "pilihan", KindYesNo: "ya atau tidak", KindText: "teks", KindMap: "daftar nilai",
}

// ParamSpec is what params.schema.json says about one parameter. A bundle without that file has its
// specs from the values, without bounds.
type ParamSpec struct {
	Name    string     `json:"name,omitempty"`
	Title   string     `json:"title"`
	Kind    ParamKind  `json:"kind"`
	Unit    string     `json:"unit,omitempty"`
	Min     *int       `json:"min,omitempty"`
	Max     *int       `json:"max,omitempty"`
	Choices []CodeWord `json:"choices,omitempty"`
	// Keys are the members of a map whose names are fixed, each with its own spec; Each is the spec of
	// every member of one whose names are free.
	Keys     []ParamSpec `json:"keys,omitempty"`
	Each     *ParamSpec  `json:"each,omitempty"`
	required []string
}

// CodeWord is one value of a closed list with what it means, Indonesian.
type CodeWord struct {
	Code string `json:"code"`
	Word string `json:"word"`
}

// paramSchema is the part of JSON schema that params.schema.json uses.
type paramSchema struct {
	Type       string          `json:"type"`
	Enum       []string        `json:"enum"`
	Minimum    *int            `json:"minimum"`
	Maximum    *int            `json:"maximum"`
	Unit       string          `json:"unit"`
	Title      string          `json:"title"`
	Required   []string        `json:"required"`
	Properties json.RawMessage `json:"properties"`
	Additional json.RawMessage `json:"additionalProperties"`
}

// ParamSpecs lists the parameters of the bundle in file order with what their values may be. fault.Invalid
// when data.json or params.schema.json cannot be read.
func ParamSpecs(b Bundle) ([]ParamSpec, error) {
	params, err := parseParams(b.Files[b.paramsName()])
	if err != nil {
		return nil, problemError([]Problem{{File: b.paramsName(), Message: b.paramsName() + " belum benar: " + err.Error() + "."}})
	}
	schemas, err := readParamSchemas(b)
	if err != nil {
		return nil, problemError([]Problem{{File: paramsSchema, Message: paramsSchema + " bukan JSON yang benar.", Detail: err.Error()}})
	}
	var out []ParamSpec
	for i, p := range params {
		if i > 0 && params[i-1].Name == p.Name {
			continue
		}
		spec := specOfValue(p.Value)
		if raw, ok := schemas[p.Name]; ok {
			spec, err = specOfSchema(raw)
			if err != nil {
				return nil, problemError([]Problem{{File: paramsSchema, Message: "Keterangan parameter " + p.Name + " tidak dapat dibaca.", Detail: err.Error()}})
			}
		}
		spec.Name, spec.Title = p.Name, p.Title
		spec.label(params, p)
		out = append(out, spec)
	}
	return out, nil
}

func readParamSchemas(b Bundle) (map[string]json.RawMessage, error) {
	data, ok := b.Files[paramsSchema]
	if !ok {
		return nil, nil
	}
	if err := readableJSON(data); err != nil {
		return nil, err
	}
	var file struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, err
	}
	return file.Properties, nil
}

// label gives the choices their words out of the labels beside the values, and the unit beside a value
// that is a plain amount.
func (s *ParamSpec) label(params []Param, newest Param) {
	if s.Unit == "" && !strings.Contains(newest.Unit, "|") {
		s.Unit = newest.Unit
	}
	var labels map[string]string
	for _, p := range params {
		if p.Name == newest.Name && len(p.Labels) > 0 && labels == nil {
			labels = p.Labels
		}
	}
	if s.Kind == KindText && labels != nil {
		s.Kind = KindChoice
		for _, code := range slices.Sorted(maps.Keys(labels)) {
			s.Choices = append(s.Choices, CodeWord{Code: code})
		}
	}
	if s.Kind == KindYesNo {
		s.Choices = []CodeWord{{"true", "ya"}, {"false", "tidak"}}
	}
	for i, c := range s.Choices {
		if labels[c.Code] != "" {
			s.Choices[i].Word = labels[c.Code]
		} else if c.Word == "" {
			s.Choices[i].Word = c.Code
		}
	}
}

func specOfSchema(raw json.RawMessage) (ParamSpec, error) {
	var doc paramSchema
	if err := json.Unmarshal(raw, &doc); err != nil {
		return ParamSpec{}, err
	}
	s := ParamSpec{Title: doc.Title, Unit: doc.Unit, Min: doc.Minimum, Max: doc.Maximum, required: doc.Required}
	switch {
	case len(doc.Enum) > 0:
		s.Kind = KindChoice
		for _, code := range doc.Enum {
			s.Choices = append(s.Choices, CodeWord{Code: code})
		}
	case doc.Type == "integer":
		s.Kind = KindWhole
	case doc.Type == "boolean":
		s.Kind = KindYesNo
	case doc.Type == "string":
		s.Kind = KindText
	case doc.Type == "object":
		return s.members(doc)
	default:
		return s, fmt.Errorf("unknown type %q", doc.Type)
	}
	return s, nil
}

// members reads what a map may hold.
func (s ParamSpec) members(doc paramSchema) (ParamSpec, error) {
	s.Kind = KindMap
	if len(doc.Properties) > 0 {
		var members map[string]json.RawMessage
		if err := json.Unmarshal(doc.Properties, &members); err != nil {
			return s, err
		}
		names, err := keyOrder(doc.Properties)
		if err != nil {
			return s, err
		}
		for _, name := range names {
			member, err := specOfSchema(members[name])
			if err != nil {
				return s, err
			}
			member.Name = name
			s.Keys = append(s.Keys, member)
		}
	}
	if len(s.Keys) == 0 && len(doc.Additional) > 0 && doc.Additional[0] == '{' {
		each, err := specOfSchema(doc.Additional)
		if err != nil {
			return s, err
		}
		s.Each = &each
	}
	return s, nil
}

// keyOrder lists the keys of a JSON object as they stand.
func keyOrder(object []byte) ([]string, error) {
	dec := json.NewDecoder(bytes.NewReader(object))
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	var names []string
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		name, _ := key.(string)
		names = append(names, name)
		var skip json.RawMessage
		if err := dec.Decode(&skip); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// specOfValue tells from a value what others of its parameter may be.
func specOfValue(v any) ParamSpec {
	switch v := v.(type) {
	case bool:
		return ParamSpec{Kind: KindYesNo}
	case string:
		return ParamSpec{Kind: KindText}
	case map[string]any:
		s := ParamSpec{Kind: KindMap}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			each := specOfValue(v[name])
			s.Each = &each
		}
		return s
	}
	return ParamSpec{Kind: KindWhole}
}

// Check tells in Indonesian what is wrong with a value; "" when nothing is.
func (s ParamSpec) Check(v any) string {
	switch s.Kind {
	case KindWhole:
		n, whole := wholeNumber(v)
		switch {
		case !whole:
			return "harus " + kindWords[s.Kind]
		case s.Min != nil && n < *s.Min, s.Max != nil && n > *s.Max:
			return "harus " + s.bounds()
		}
	case KindYesNo:
		if _, ok := v.(bool); !ok {
			return "harus " + kindWords[s.Kind]
		}
	case KindText, KindChoice:
		text, ok := v.(string)
		if !ok {
			return "harus " + kindWords[s.Kind]
		}
		if s.Kind == KindChoice && !slices.ContainsFunc(s.Choices, func(c CodeWord) bool { return c.Code == text }) {
			return fmt.Sprintf("harus salah satu dari %s; bukan %q", s.codes(), text)
		}
	case KindMap:
		return s.checkMap(v)
	}
	return ""
}

func (s ParamSpec) bounds() string {
	unit := ""
	if s.Unit != "" {
		unit = " " + s.Unit
	}
	switch {
	case s.Min == nil:
		return fmt.Sprintf("paling banyak %d%s", *s.Max, unit)
	case s.Max == nil:
		return fmt.Sprintf("paling sedikit %d%s", *s.Min, unit)
	}
	return fmt.Sprintf("%d sampai %d%s", *s.Min, *s.Max, unit)
}

func (s ParamSpec) codes() string {
	words := make([]string, len(s.Choices))
	for i, c := range s.Choices {
		words[i] = c.Code
	}
	return strings.Join(words, ", ")
}

func (s ParamSpec) checkMap(v any) string {
	members, ok := v.(map[string]any)
	if !ok {
		return "harus " + kindWords[s.Kind]
	}
	for _, name := range s.required {
		if _, there := members[name]; !there {
			return "belum berisi " + name
		}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		member := s.Each
		for i := range s.Keys {
			if s.Keys[i].Name == name {
				member = &s.Keys[i]
			}
		}
		if member == nil && len(s.Keys) > 0 {
			return "tidak mengenal " + name
		}
		if member == nil {
			continue
		}
		if wrong := member.Check(members[name]); wrong != "" {
			return "bagian " + name + " " + wrong
		}
	}
	return ""
}

// Read makes a value of what somebody typed into a form: get gives the field "" for a single value, or
// the field of a key of a map with fixed keys. Maps with free keys, and maps of maps, come as JSON in the
// field "". fault.Invalid names the field.
func (s ParamSpec) Read(get func(key string) string) (any, error) {
	bad := func(key, message string) error {
		return fault.New(fault.Invalid, "param_value", "Nilai parameter belum benar. "+message).At(key, message)
	}
	if s.Kind == KindMap && len(s.Keys) > 0 {
		out := map[string]any{}
		for _, member := range s.Keys {
			v, err := member.Read(func(string) string { return get(member.Name) })
			if err != nil {
				return nil, bad(member.Name, s.Title+": bagian "+member.Title+" "+member.Check(nil)+".")
			}
			out[member.Name] = v
		}
		return out, nil
	}
	text := strings.TrimSpace(get(""))
	var v any = text
	switch s.Kind {
	case KindWhole:
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, bad("", s.Title+" harus bilangan bulat.")
		}
		v = n
	case KindYesNo:
		if text != "true" && text != "false" {
			return nil, bad("", s.Title+" harus ya atau tidak.")
		}
		v = text == "true"
	case KindMap:
		dec := json.NewDecoder(strings.NewReader(text))
		dec.UseNumber()
		if err := dec.Decode(&v); err != nil {
			return nil, bad("", s.Title+" bukan JSON yang benar.")
		}
	}
	if wrong := s.Check(v); wrong != "" {
		return nil, bad("", s.Title+" "+wrong+".")
	}
	return v, nil
}

// checkParamValues holds the values of a bundle against the specs that it carries.
func checkParamValues(b Bundle, params []Param) []Problem {
	if _, ok := b.Files[paramsSchema]; !ok {
		return nil
	}
	specs, err := ParamSpecs(b)
	if err != nil {
		return []Problem{{File: paramsSchema, Code: "params_schema", Message: paramsSchema + " belum benar."}}
	}
	var found []Problem
	for _, p := range params {
		for _, s := range specs {
			if s.Name != p.Name {
				continue
			}
			if wrong := s.Check(p.Value); wrong != "" {
				row := paramRow(b.Files[b.paramsName()], p.Name, p.ValidFrom)
				found = append(found, Problem{File: b.paramsName(), Row: row, Col: 1, Code: "param_value",
					Message: fmt.Sprintf("Parameter %s %s.", p.Name, wrong), Fix: "Perbaiki nilainya, atau ubah batasnya di " + paramsSchema + "."})
			}
		}
	}
	return found
}
