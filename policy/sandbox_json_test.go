package policy

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// nested gives JSON of so many levels that each hold the next.
func nested(levels int, open, core, end string) string {
	return strings.Repeat(open, levels) + core + strings.Repeat(end, levels)
}

// TestHostileJSON hands in files of a draft that the service reads by itself, for forms and completion.
// Each was a way to fill its memory, to keep a processor for minutes, or to end it.
func TestHostileJSON(t *testing.T) {
	fan, ring := map[string]any{}, map[string]any{}
	for i := range 60 {
		members := map[string]any{}
		for j := range 8 {
			members[fmt.Sprintf("x%d", j)] = map[string]string{"$ref": fmt.Sprintf("#/$defs/d%d", i+1)}
		}
		fan[fmt.Sprintf("d%d", i)] = map[string]any{"type": "object", "properties": members}
	}
	ring["d0"] = map[string]any{"type": "object", "properties": map[string]any{
		"again": map[string]any{"type": "array", "items": map[string]string{"$ref": "#/$defs/d0"}}}}
	schema := func(defs map[string]any) string {
		doc, err := json.Marshal(map[string]any{"type": "object", "$defs": defs,
			"properties": map[string]any{"a": map[string]string{"$ref": "#/$defs/d0"}, "b": map[string]string{"$ref": "#/$defs/d0"}}})
		if err != nil {
			t.Fatal(err)
		}
		return string(doc)
	}
	const value = `{"value":1,"valid_from":"2025-01-01","unit":"x","title":"t","source":"s"}`
	for name, c := range map[string]struct {
		file, text string
		refused    string // among the messages; "" when only Vocabulary reads so
	}{
		"references that fan out":              {schemaFile, schema(fan), ""},
		"a list that holds itself":             {schemaFile, schema(ring), ""},
		"a schema of 6,000 levels":             {schemaFile, nested(6_000, `{"items":`, "{}", "}"), "bukan JSON"},
		"parameters described in 6,000 levels": {paramsSchema, `{"properties":{"max_desil":` + nested(6_000, `{"type":"object","additionalProperties":`, `{"type":"integer"}`, "}") + "}}", "belum benar"},
		"a value of 9,000 levels":              {paramsFile, `{"params":{"max_desil":` + nested(9_000, "[", "", "]") + "}}", "terlalu dalam"},
		"one name 20,000 times":                {paramsFile, `{"params":{` + strings.Repeat(`"x":[],`, 20_000) + `"x":[` + value + "]}}", "dua kali"},
		"2,000 values":                         {paramsFile, `{"params":{"x":[` + value + strings.Repeat(","+value, 2_000) + "]}}", "paling banyak"},
	} {
		t.Run(name, func(t *testing.T) {
			b := Shipped().with(c.file, []byte(c.text))
			lex := Vocabulary(b, "2026-11-22")
			if n := len(lex.Facts); n > 2*maxPlaces {
				t.Errorf("%d places", n)
			}
			_, _ = ParamSpecs(b) // what it says is told below
			if c.refused == "" {
				return
			}
			found, err := Verify(t.Context(), b)
			said := fmt.Sprint(found)
			if err != nil || !strings.Contains(said, c.refused) || !strings.Contains(said, c.file) {
				t.Errorf("%.300s %v", said, err)
			}
		})
	}
}

func TestReadableJSON(t *testing.T) {
	deep := strings.Repeat("[", maxJSONDepth+1)
	for doc, fits := range map[string]bool{
		`{"a": [1]}`: true, deep: false, `"` + deep + `"`: true, `"\"` + deep + `"`: true, `"\\"` + deep: false,
		strings.Repeat("[]", 100): true, `{"a": "` + deep: true, "": true, `"\`: true,
	} {
		if err := readableJSON([]byte(doc)); (err == nil) != fits {
			t.Errorf("%.60s: %v", doc, err)
		}
	}
	for name, data := range Shipped().Files {
		if err := readableJSON(data); strings.HasSuffix(name, ".json") && err != nil {
			t.Errorf("%s of the shipped rules: %v", name, err)
		}
	}
}
