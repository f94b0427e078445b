package policy

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// ownSchemas refuses METADATA that declares types of its own. They would take the place of
// input.schema.json for the rules below them, so that a field that does not exist is no error any more,
// and OPA would read whatever file of the machine they point at.
func ownSchemas(name string, mod *ast.Module) []Problem {
	var found []Problem
	for _, note := range mod.Annotations {
		if len(note.Schemas) == 0 {
			continue
		}
		p := Problem{File: name, Row: 1, Col: 1, Code: "schema_own", Message: "Bagian schemas dalam METADATA tidak boleh dipakai: isian yang ada hanya yang tertulis di input.schema.json.",
			Fix: "Hapus bagian schemas dari METADATA ini."}
		if note.Location != nil {
			p.Row, p.Col = note.Location.Row, note.Location.Col
		}
		found = append(found, p)
	}
	return found
}

// foreignRefs refuses a schema that points outside itself: OPA would follow it to files of the machine.
func foreignRefs(file string, schema any) []Problem {
	switch v := schema.(type) {
	case map[string]any:
		for _, key := range []string{"$ref", "$id", "id"} {
			if to, ok := v[key].(string); ok && !strings.HasPrefix(to, "#") {
				return []Problem{{File: file, Row: 1, Col: 1, Code: "schema_foreign", Message: fmt.Sprintf("%s menunjuk ke luar berkasnya sendiri (%s).", file, clip(to)),
					Fix: "Kembalikan berkas skema dari versi aturan sebelumnya."}}
			}
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if found := foreignRefs(file, v[key]); len(found) > 0 {
				return found
			}
		}
	case []any:
		for _, x := range v {
			if found := foreignRefs(file, x); len(found) > 0 {
				return found
			}
		}
	}
	return nil
}

// openSchema refuses a schema that lets a field pass which it does not name, as rules that are handed in
// might bring along: whatever a rule then misspells would never be told.
func openSchema(b Bundle) []Problem {
	var found []Problem
	for _, file := range []string{schemaFile, routingSchema} {
		raw, there := b.Files[file]
		if !there {
			continue
		}
		var schema map[string]any
		err := json.Unmarshal(raw, &schema)
		if err != nil {
			continue // told when the rules were loaded
		}
		if at := openAt(schema, "input"); at != "" {
			found = append(found, Problem{File: file, Row: 1, Col: 1, Code: "schema_open", Message: fmt.Sprintf("%s membiarkan isian yang tidak dikenal di %s, sehingga salah ketik tidak ketahuan.", file, clip(at)),
				Fix: "Kembalikan berkas skema dari versi aturan sebelumnya."})
		}
	}
	return found
}

// openAt gives the place of the first part of a schema that has no kind, or is a group that is not
// closed; "" when there is none.
func openAt(node any, at string) string {
	v, ok := node.(map[string]any)
	if !ok {
		return at
	}
	for _, key := range []string{"properties", "$defs", "definitions"} {
		parts, _ := v[key].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(parts)) {
			if open := openAt(parts[name], at+"."+name); open != "" {
				return open
			}
		}
	}
	if items, there := v["items"]; there {
		if open := openAt(items, at+"[_]"); open != "" {
			return open
		}
	}
	for _, key := range []string{"$ref", "enum", "const"} {
		if v[key] != nil {
			return ""
		}
	}
	kind, named := v["type"].(string)
	_, items := v["items"]
	switch {
	case !named, kind == "object" && v["additionalProperties"] != false, kind == "array" && !items:
		return at
	}
	return ""
}
