package policy

import (
	"slices"
	"strings"
	"testing"
)

// TestLintOfNamesInDisguise: a wrong field, parameter, word or order stays wrong behind a function, a table, a
// list or a default.
func TestLintOfNamesInDisguise(t *testing.T) {
	tryLint(t, map[string]lintCase{
		"order in for all":              {"order_types", Wrong, "poor if {\n\tcount(input.household.members) > 0\n\tevery m in input.household.members {\n\t\tm.desil <= \"4\"\n\t}\n}\n", "poor if {\n\tcount(input.household.members) > 0\n\tevery m in input.household.members {\n\t\tm.desil <= 4\n\t}\n}\n"},
		"order out of a table":          {"order_types", Wrong, "limits := {\"a\": \"4\"}\n\npoor if input.welfare.desil <= limits.a\n", "limits := {\"a\": 4}\n\npoor if input.welfare.desil <= limits.a\n"},
		"order of sets":                 {"order_types", Wrong, "poor if {input.welfare.desil} <= {4}\n", "poor if {input.welfare.desil} == {4}\n"},
		"order of lists":                {"order_types", Wrong, "poor if [input.welfare.desil] <= [4]\n", ""},
		"order of words":                {"order_codes", Wrong, "gone if input.resident.life_status > \"deceased\"\n", "gone if input.resident.life_status == \"deceased\"\n"},
		"order of words by a name":      {"order_codes", Wrong, "gone if {\n\ts := input.resident.life_status\n\ts >= \"lost\"\n}\n", ""},
		"word as an argument":           {"code_unknown", Wrong, "dead(\"waffat\")\n\ngone if dead(input.resident.life_status)\n", "dead(\"deceased\")\n\ngone if dead(input.resident.life_status)\n"},
		"word in a list with the field": {"code_unknown", Wrong, "gone if \"waffat\" in [input.resident.life_status]\n", "gone if \"deceased\" in [input.resident.life_status]\n"},
		"word in lists beside it":       {"code_unknown", Wrong, "gone if [input.resident.life_status, input.resident.sex] == [\"waffat\", \"L\"]\n", "gone if [input.resident.life_status, input.resident.sex] == [\"deceased\", \"L\"]\n"},
		"word in groups beside it":      {"code_unknown", Wrong, "gone if {\"s\": input.resident.life_status} == {\"s\": \"waffat\"}\n", "gone if {\"s\": input.resident.life_status} == {\"s\": \"deceased\"}\n"},
		"word of an equation":           {"code_unknown", Wrong, "gone if {\n\ts = input.resident.life_status\n\ts == \"waffat\"\n}\n", "gone if {\n\ts = input.resident.life_status\n\ts == \"deceased\"\n}\n"},
		"object.get in a function":      {"object_get", Wrong, "take(o, k) := object.get(o, k, 1)\n\npoor if take(input.welfare, \"dessil\") < 4\n", "take(o) := o.desil\n\npoor if take(input.welfare) < 4\n"},
		"object.get by a name":          {"object_get", Wrong, "poor if {\n\tk := \"dessil\"\n\tobject.get(input.welfare, k, 1) < 4\n}\n", ""},
		"field in a function":           {"field_unknown", Wrong, "low(o) if o.dessil < 4\n\npoor if low(input.welfare)\n", "low(o) if o.desil < 4\n\npoor if low(input.welfare)\n"},
		"field of a member":             {"field_unknown", Wrong, "low(m) if m.dessil < 4\n\npoor if {\n\tsome m in input.household.members\n\tlow(m)\n}\n", "low(m) if m.desil < 4\n\npoor if {\n\tsome m in input.household.members\n\tlow(m)\n}\n"},
		"all names of a group":          {"group_whole", Wrong, "poor if \"dessil\" in object.keys(input.welfare)\n", "poor if input.welfare.desil\n"},
		"a group with another":          {"group_whole", Wrong, "poor if object.union(input.welfare, {}).dessil < 4\n", ""},
		"a value of a group":            {"group_whole", Wrong, "poor if 4 in input.welfare\n", "poor if 4 in [input.welfare.desil]\n"},
		"the whole input":               {"group_whole", Wrong, "poor if count(input) > 3\n", "poor if count(input.evidence) > 3\n"},
		"a group under a name":          {"group_whole", Wrong, "poor if {\n\tw := input.welfare\n\tcount(w) > 1\n}\n", ""},
		"parameter with a default":      {"param_unknown", Wrong, "poor if object.get(current, \"max_dessil\", 4) == 4\n", "poor if object.get(current, \"max_desil\", 4) == 4\n"},
		"parameters under a name":       {"param_unknown", Wrong, "poor if {\n\tp := current\n\tp.max_dessil == 4\n}\n", "poor if {\n\tp := current\n\tp.max_desil == 4\n}\n"},
		"parameters of a rule":          {"param_unknown", Wrong, "p := current\n\npoor if p.max_dessil == 4\n", "p := current\n\npoor if p.max_desil == 4\n"},
		"parameters as an argument":     {"param_unknown", Wrong, "low(p) if p.max_dessil == 4\n\npoor if low(current)\n", "low(p) if p.max_desil == 4\n\npoor if low(current)\n"},
		"parameters by import":          {"param_unknown", Wrong, "import data.params\n\npoor if params.max_dessil[0].value == 4\n", "import data.params\n\npoor if params.max_desil[0].value == 4\n"},
	})
}

// TestLintOfLawsInFull: a law that is written out has an address as much as its short name, and two blanks do
// not make a sentence kinder.
func TestLintOfLawsInFull(t *testing.T) {
	for text, code := range map[string]string{
		cause("VERDICT", "not_met", "Pertimbangan program", "Peraturan Presiden Nomor 82 Tahun 2018 Pasal 13"): "law_unsourced",
		cause("VERDICT", "not_met", "Pertimbangan program", "Undang-Undang No. 24/2011"):                       "law_unsourced",
		cause("TITLE", "Tidak  layak"): "words_unkind",
	} {
		found := verifyNew(t, text)
		i := slices.IndexFunc(found, func(p Problem) bool { return p.Code == code })
		if i < 0 {
			t.Errorf("%s is not told: %v", code, found)
			continue
		}
		if e := found[i].Edit; code == "law_unsourced" && (e == nil || !strings.Contains(e.Text, "/id/perpres-no-82-tahun-2018\n") && !strings.Contains(e.Text, "/id/uu-no-24-tahun-2011\n")) {
			t.Errorf("%+v", e)
		}
	}
}
