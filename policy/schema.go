package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"layak/internal/fault"
)

// schemaDoc is the part of input.schema.json that the program itself reads.
type schemaDoc struct {
	Defs map[string]struct {
		Enum       []string                   `json:"enum"`
		Properties map[string]json.RawMessage `json:"properties"`
	} `json:"$defs"`
}

var shippedSchema = sync.OnceValue(func() schemaDoc { return readShippedSchema(schemaFile) })

func readShippedSchema(file string) schemaDoc {
	data, err := shipped.ReadFile("rules/" + file)
	if err != nil {
		panic("policy: " + err.Error()) // the file is part of the program
	}
	var doc schemaDoc
	if err := json.Unmarshal(data, &doc); err != nil {
		panic("policy: " + err.Error())
	}
	return doc
}

var codeLists = sync.OnceValue(func() map[string][]string { return shippedSchema().lists() })

// lists are the closed lists of a schema.
func (d schemaDoc) lists() map[string][]string {
	lists := map[string][]string{}
	for name, def := range d.Defs {
		if len(def.Enum) > 0 {
			lists[name] = def.Enum
		}
	}
	return lists
}

// Codes gives a closed list of the input schema in its order: need, life_status, segment,
// member_status, member_reason, class, evidence_kind, sex, kk_relation, marital, subject, source.
// nil for a list that does not exist.
func Codes(list string) []string { return slices.Clone(codeLists()[list]) }

// FactFields lists the fields that the facts of a paper may carry, sorted.
func FactFields() []string {
	return slices.Sorted(maps.Keys(shippedSchema().Defs["facts"].Properties))
}

var inputSchema = sync.OnceValues(func() (*jsonschema.Schema, error) { return compileSchema(schemaFile) })

func compileSchema(file string) (*jsonschema.Schema, error) {
	data, err := shipped.ReadFile("rules/" + file)
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(file, doc); err != nil {
		return nil, err
	}
	return c.Compile(file)
}

// ValidateInput holds the whole input against input.schema.json; fault.Invalid when it does not
// fit. Decide checks the same on its own and faster; this is for the edges and for replay.
func ValidateInput(in Input) error {
	data, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode input: %w", err)
	}
	return validateJSON(data, inputSchema)
}

func validateJSON(data []byte, compiled func() (*jsonschema.Schema, error)) error {
	schema, err := compiled()
	if err != nil {
		return fmt.Errorf("compile input schema: %w", err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return badInput("", "Isian bukan JSON yang benar.").Because(err)
	}
	err = schema.Validate(doc)
	var invalid *jsonschema.ValidationError
	if errors.As(err, &invalid) {
		leaf := invalid
		for len(leaf.Causes) > 0 {
			leaf = leaf.Causes[0]
		}
		// The cause is kept out: it quotes the value, which may be personal.
		return badInput(strings.Join(append([]string{""}, leaf.InstanceLocation...), "."), "Isian ini tidak sesuai dengan daftar isian.")
	}
	return err
}

// ParseInput reads an input from JSON and refuses unknown members, null and values outside the
// closed lists.
func ParseInput(data []byte) (Input, error) {
	if err := validateJSON(data, inputSchema); err != nil {
		return Input{}, err
	}
	var in Input
	if err := decodeOne(data, &in); err != nil {
		return Input{}, err
	}
	return in, check(&in)
}

// decodeOne reads exactly one JSON document without unknown members.
func decodeOne(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return badInput("", "Isian bukan JSON yang benar.").Because(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return badInput("", "Isian bukan JSON yang benar.")
	}
	return nil
}

func badInput(field, message string) *fault.Error {
	err := fault.New(fault.Invalid, "input_invalid", "Fakta untuk cek kelayakan belum dapat diterima. "+message)
	if field == "" {
		return err
	}
	if field[0] == '.' {
		field = field[1:]
	}
	return err.At(field, message)
}
