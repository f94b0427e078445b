package policy

import (
	"slices"
	"strings"
	"testing"
)

// TestLintFollowsNames: a wrong value stays wrong under another name, in a function and out of a list;
// each bad text stands beside a good one that must pass.
func TestLintFollowsNames(t *testing.T) {
	const head = "package layak.eligibility\n\n"
	for name, c := range map[string]struct{ code, bad, good string }{
		"order in a function":             {"order_types", "low(d) if d <= \"4\"\n\npoor if low(input.welfare.desil)\n", "low(d) if d <= 4\n\npoor if low(input.welfare.desil)\n"},
		"order by an argument":            {"order_types", "low(d, m) if d <= m\n\npoor if low(input.welfare.desil, \"4\")\n", "low(d, m) if d <= m\n\npoor if low(input.welfare.desil, 4)\n\nearly if low(input.service_on, \"2026-01-01\")\n"},
		"order against a whole list":      {"order_types", "poor if input.welfare.desil <= data.params.max_desil\n", "poor if input.welfare.desil <= data.params.max_desil[0].value\n"},
		"order against a source":          {"order_types", "poor if input.welfare.desil <= data.params.max_desil[0].source\n", "poor if input.welfare.desil <= current.max_desil\n"},
		"order out of a list":             {"order_types", "poor if {\n\tsome m in [\"4\", \"5\"]\n\tinput.welfare.desil <= m\n}\n", "poor if {\n\tsome m in [4, 5]\n\tinput.welfare.desil <= m\n}\n"},
		"word of a local":                 {"code_unknown", "gone if {\n\ts := input.resident.life_status\n\ts == \"waffat\"\n}\n", "gone if {\n\ts := input.resident.life_status\n\ts == \"deceased\"\n}\n"},
		"word of a rule":                  {"code_unknown", "state := input.resident.life_status\n\ngone if state == \"waffat\"\n", "state := input.resident.life_status\n\ngone if state == \"deceased\"\n"},
		"word in a function":              {"code_unknown", "dead(s) if s == \"waffat\"\n\ngone if dead(input.resident.life_status)\n", "dead(s) if s == \"deceased\"\n\ngone if dead(input.resident.life_status)\n"},
		"word out of a list":              {"code_unknown", "gone if {\n\tsome s in [\"deceased\", \"waffat\"]\n\tinput.resident.life_status == s\n}\n", "gone if {\n\tsome s in [\"deceased\", \"lost\"]\n\tinput.resident.life_status == s\n}\n"},
		"word in a set with a name":       {"code_unknown", "ends := {\"waffat\"}\n\ngone if input.resident.life_status in ends\n", "ends := {\"deceased\"}\n\ngone if input.resident.life_status in ends\n"},
		"object.get of a local":           {"object_get", "poor if {\n\tw := input.welfare\n\tobject.get(w, \"dessil\", 1) < 4\n}\n", "poor if {\n\tw := input.welfare\n\tw.desil < 4\n}\n"},
		"object.get of a path":            {"object_get", "poor if object.get(input, [\"welfare\", \"dessil\"], 1) < 4\n", "poor if input.welfare.desil < 4\n"},
		"field chosen of a local":         {"dynamic_input", "poor if {\n\tw := input.welfare\n\tsome k in [\"dessil\"]\n\tw[k] < 4\n}\n", "poor if {\n\tsome m in input.household.members\n\tm.desil < 4\n}\n"},
		"any field":                       {"dynamic_input", "poor if {\n\tsome k, v in input.welfare\n\tk == \"dessil\"\n\tv == 1\n}\n", "poor if {\n\tsome i, m in input.household.members\n\ti > 0\n\tm.desil == 1\n}\n"},
		"for all of a local":              {"every_empty", "poor if {\n\tms := input.household.members\n\tevery m in ms {\n\t\tm.desil < 4\n\t}\n}\n", "poor if {\n\tcount(input.household.members) > 0\n\tms := input.household.members\n\tevery m in ms {\n\t\tm.desil < 4\n\t}\n}\n"},
		"parameters that are not there":   {"data_unknown", "poor if data.parms.max_desil == 4\n", "poor if data.params.max_desil[0].value == 4\n"},
		"rule that is not there":          {"data_unknown", "poor if data.layak.eligibility.nothere\n", "poor if data.layak.eligibility.current.max_desil == 4\n"},
		"order out of a list written out": {"order_types", "poor if input.welfare.desil <= [\"4\"][0]\n", "poor if input.welfare.desil <= [4, \"5\"][0]\n"},
		"order of the highest":            {"order_types", "poor if max({input.welfare.desil}) <= \"4\"\n", "poor if max({input.welfare.desil}) <= 4\n"},
		"order of the lowest of a rule":   {"order_types", "ranks := {m.desil | some m in input.household.members}\n\npoor if min(ranks) <= \"4\"\n", "ranks := {m.desil | some m in input.household.members}\n\npoor if min(ranks) <= 4\n"},
		"word of a table":                 {"code_unknown", "gone if {\"waffat\": 1}[input.resident.life_status] == 1\n", "gone if {\"deceased\": 1}[input.resident.life_status] == 1\n"},
		"word of a table with a name":     {"code_unknown", "points := {\"waffat\": 1}\n\nstate := input.resident.life_status\n\ngone if points[state] == 1\n", "points := {\"deceased\": 1}\n\nstate := input.resident.life_status\n\ngone if points[state] == 1\n"},
		"parameter in brackets":           {"param_unknown", "poor if data.params[\"max_dessil\"][0].value == 4\n", "poor if data.params.max_desil[0].value == 4\n"},
		"parameter under a name":          {"param_unknown", "poor if {\n\tx := \"max_dessil\"\n\tdata.params[x][0].value == 4\n}\n", "poor if {\n\tx := \"max_desil\"\n\tdata.params[x][0].value == 4\n}\n"},
		"parameter out of a list":         {"param_unknown", "poor if {\n\tsome x in [\"max_desil\", \"max_dessil\"]\n\tcurrent[x] == 4\n}\n", "poor if {\n\tsome x in [\"max_desil\", \"sktm_days\"]\n\tcurrent[x] == 4\n}\n"},
		"default with a truth in it":      {"default_true", "default m := {\"ok\": true}\n\nm := {\"ok\": false} if newborn\n", "default m := {\"ok\": false}\n\nm := {\"ok\": true} if newborn\n"},
		"else after nothing at all":       {"else_true", "m := false if {\n\tnewborn\n} else := true if 1 == 1\n", "m := false if {\n\tnewborn\n} else := \"b\"\n"},
		"two members by number":           {"member_split", "poor if {\n\tsome i, j\n\tinput.household.members[i].desil < 4\n\tinput.household.members[j].segment == \"ppu\"\n}\n", "poor if {\n\tsome i\n\tinput.household.members[i].desil < 4\n\tinput.household.members[i].segment == \"ppu\"\n}\n"},
		"a number and any":                {"member_split", "poor if {\n\tsome i\n\tinput.household.members[i].desil < 4\n\tinput.household.members[_].segment == \"ppu\"\n}\n", "poor if {\n\tsome i, j\n\tinput.household.members[i].desil < 4\n\tinput.household.members[j].segment == \"ppu\"\n\ti != j\n}\n"},
		"another document":                {"data_unknown", "import data.roster\n\npoor if roster.desil == 4\n", "import data.layak.eligibility.current as today\n\npoor if today.max_desil == 4\n"},
	} {
		t.Run(name, func(t *testing.T) {
			hit := verifyNew(t, head+c.bad)
			i := slices.IndexFunc(hit, func(p Problem) bool { return p.Code == c.code })
			if i < 0 {
				t.Fatalf("not caught: %v", hit)
			}
			if p := hit[i]; p.Row < 3 || p.Fix == "" || !p.Blocks() {
				t.Errorf("%+v", p)
			}
			if found := verifyNew(t, head+c.good); len(found) > 0 {
				t.Errorf("caught without need: %v", found)
			}
		})
	}
}

// TestLintKeepsSentencesShort: a problem quotes what somebody wrote, which may be a book.
func TestLintKeepsSentencesShort(t *testing.T) {
	long := strings.Repeat("b", 200_000)
	for _, body := range []string{"current." + long + " > 1", "data." + long + " > 1", `input.resident.sex == "` + long + `"`} {
		for _, p := range verifyNew(t, lintBody(body)) {
			if len(p.Message)+len(p.Fix)+len(p.Detail) > 1500 {
				t.Errorf("%.40s: %s of %d signs", body, p.Code, len(p.Message)+len(p.Fix)+len(p.Detail))
			}
		}
	}
}

// TestLintFixesMetadata that is no YAML.
func TestLintFixesMetadata(t *testing.T) {
	found := verifyNew(t, "package layak.eligibility\n\n# METADATA\n# title: x\n# custom: [a]\npoor if input.welfare.desil < 4\n")
	if len(found) == 0 || !strings.Contains(found[0].Message, "METADATA") || !strings.Contains(found[0].Fix, "nama: isi") {
		t.Errorf("%+v", found)
	}
}
