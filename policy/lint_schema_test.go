package policy

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSchemaIsNotForRulesToChoose hands in rules that would have their own idea of what fields there are,
// or have OPA read a file of the machine.
func TestSchemaIsNotForRulesToChoose(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.json")
	if err := os.WriteFile(secret, []byte("quite secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	loose := bytes.Replace(Shipped().Files[schemaFile], []byte(`"additionalProperties": false`), []byte(`"additionalProperties": true`), 1)
	misspelt := "package layak.eligibility\n\n# METADATA\n# title: x\n# schemas:\n#   - input.welfare: SCHEMA\npoor if input.welfare.dessil < 4\n"
	for name, c := range map[string]struct{ file, text, code string }{
		"METADATA that opens a group":        {"new.rego", strings.Replace(misspelt, "SCHEMA", `{"type": "object"}`, 1), "schema_own"},
		"METADATA that opens a package":      {"new.rego", "# METADATA\n# scope: package\n# schemas:\n#   - input: {\"type\": \"object\"}\npackage layak.eligibility\n\npoor if input.nothing.at.all\n", "schema_own"},
		"METADATA that reads a file":         {"new.rego", strings.Replace(misspelt, "SCHEMA", `{"$ref": "file://`+secret+`"}`, 1), "schema_own"},
		"a schema that reads a file":         {schemaFile, `{"type": "object", "additionalProperties": false, "properties": {"at": {"$ref": "file://` + secret + `"}}}`, "schema_foreign"},
		"a schema that says it is elsewhere": {schemaFile, `{"type": "object", "additionalProperties": false, "properties": {"at": {"$id": "file://` + secret + `", "$ref": "#/x"}}}`, "schema_foreign"},
		"a schema of anything":               {schemaFile, `{}`, "schema_open"},
		"a schema with one open group":       {schemaFile, string(loose), "schema_open"},
		"a schema with a field of any kind":  {schemaFile, strings.Replace(string(Shipped().Files[schemaFile]), `"properties": {`, `"properties": {"more": {},`, 1), "schema_open"},
	} {
		found, err := Verify(t.Context(), Shipped().with(c.file, []byte(c.text)))
		if err != nil {
			t.Fatal(name, err)
		}
		i := slices.IndexFunc(found, func(p Problem) bool { return p.Code == c.code })
		if i < 0 || !found[i].Blocks() || found[i].File != c.file || found[i].Fix == "" {
			t.Errorf("%s: %v", name, found)
		}
		for _, p := range found {
			if strings.Contains(p.Detail, "'q'") { // the first sign of the secret, as a reader of JSON complains
				t.Errorf("%s: the file was read: %v", name, p)
			}
		}
	}
}
