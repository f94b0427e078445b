package policy

import (
	"slices"
	"strings"
	"testing"
)

// lintCase is a text that the lint catches by a code and one beside it that must pass.
type lintCase struct {
	code  string
	level Level
	bad   string
	good  string
}

// tryLint tries each case below the package line.
func tryLint(t *testing.T, cases map[string]lintCase) {
	t.Helper()
	const head = "package layak.eligibility\n\n"
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			hit := verifyNew(t, head+c.bad)
			i := slices.IndexFunc(hit, func(p Problem) bool { return p.Code == c.code })
			if i < 0 {
				t.Fatalf("not caught: %v", hit)
			}
			if p := hit[i]; p.Row < 3 || p.Fix == "" || p.Level != c.level {
				t.Errorf("%+v", p)
			}
			if c.good == "" {
				return
			}
			if found := verifyNew(t, head+c.good); len(found) > 0 {
				t.Errorf("caught without need: %v", found)
			}
		})
	}
}

// TestLintOfConditionsThatAskNothing: what is the same for everybody is no condition.
func TestLintOfConditionsThatAskNothing(t *testing.T) {
	finding := strings.TrimPrefix(cause(), "package layak.eligibility\n\n")
	tryLint(t, map[string]lintCase{
		"constants":    {"condition_fixed", Wrong, "poor if 1 == 1\n", "poor if input.welfare.desil == 1\n"},
		"never":        {"condition_fixed", Wrong, "poor if 1 == 2\n", ""},
		"negated":      {"condition_fixed", Wrong, "poor if not 1 == 2\n", "poor if not input.welfare.desil\n"},
		"written true": {"condition_fixed", Wrong, "poor if true\n", "poor := true\n"},
		"a text":       {"condition_fixed", Wrong, "poor if \"desil 4\"\n", ""},
		"in a list":    {"condition_fixed", Wrong, "poor if 1 in [1, 2]\n", "poor if input.welfare.desil in [1, 2]\n"},
		"counted":      {"condition_fixed", Wrong, "poor if count([1]) > 0\n", "poor if count(input.evidence) > 0\n"},
		"a local":      {"condition_fixed", Wrong, "poor if {\n\tx := 1\n\tx == 1\n}\n", "poor if {\n\tx := 1\n\tinput.welfare.desil == x\n}\n"},
		"a switch":     {"condition_fixed", Wrong, "on := true\n\npoor if {\n\ton\n\tdeceased\n}\n", "on := \"kk\"\n\npoor if saw(on)\n"},
		"in a list of the rule": {"condition_fixed", Wrong, "poor if count([m | some m in input.household.members; 2 > 1]) > 3\n",
			"poor if count([m | some m in input.household.members; m.desil > 1]) > 3\n"},
		"in a branch":          {"condition_fixed", Wrong, "poor := 1 if {\n\tdeceased\n} else := 2 if 1 < 2\n", "poor := 1 if {\n\tdeceased\n} else := 2\n"},
		"both sides":           {"condition_same", Wrong, "poor if input.welfare.desil == input.welfare.desil\n", "poor if input.welfare.desil\n"},
		"parameter and itself": {"condition_same", Wrong, "poor if current.max_desil >= current.max_desil\n", "poor if input.welfare.desil >= current.max_desil\n"},
		"finding for all":      {"rule_always", Wrong, strings.TrimSuffix(finding, " if assessed\n") + "\n", finding},
		"one of several":       {"rule_always", Wrong, "poor if deceased\n\npoor := true\n", "poor if deceased\n\npoor if newborn\n"},
		"else by a local":      {"else_true", Wrong, "poor := false if {\n\tdeceased\n} else := x if {\n\tx := true\n}\n", "poor := \"a\" if {\n\tdeceased\n} else := x if {\n\tx := \"b\"\n}\n"},
		"else by a rule":       {"else_true", Wrong, "yes := true\n\npoor := false if {\n\tdeceased\n} else := yes\n", "word := \"a\"\n\npoor := \"b\" if {\n\tdeceased\n} else := word\n"},
	})
}

// TestLintOfTwoMembers: who takes a member twice gets every pair of them.
func TestLintOfTwoMembers(t *testing.T) {
	const two = "poor if {\n\tsome m in input.household.members\n\tsome n in input.household.members\n\tm.desil < 4\n"
	tryLint(t, map[string]lintCase{
		"two some":              {"member_twice", Warning, two + "\tn.segment == \"ppu\"\n}\n", two + "\tn.segment == \"ppu\"\n\tm != n\n}\n"},
		"told apart by a field": {"member_twice", Warning, two + "\tn.segment == \"ppu\"\n\tm.sex == \"L\"\n}\n", two + "\tn.segment == \"ppu\"\n\tm.sex != n.sex\n}\n"},
		"by what was derived":   {"member_twice", Warning, two + "\ta := m.sex\n\tb := n.segment\n\ta == \"L\"\n\tb == \"ppu\"\n}\n", two + "\ta := m.sex\n\tb := n.sex\n\ta != b\n}\n"},
		"in a list of the rule": {"member_twice", Warning, "poor if count([1 | some m in input.household.members; some n in input.household.members; m.desil < 4; n.segment == \"ppu\"]) > 1\n", ""},
		"list with a name":      {"member_twice", Warning, "poor if {\n\tms := input.household.members\n\tsome m in ms\n\tsome n in ms\n\tm.desil < 4\n\tn.segment == \"ppu\"\n}\n", ""},
		"two names by place":    {"member_twice", Warning, "poor if {\n\tm := input.household.members[_]\n\tn := input.household.members[_]\n\tm.desil < 4\n\tn.segment == \"ppu\"\n}\n", ""},
		"two papers": {"member_twice", Warning, "poor if {\n\tsome e in input.evidence\n\tsome f in input.evidence\n\te.kind == \"kk\"\n\tf.facts.sex == \"L\"\n}\n",
			"poor if {\n\tsome e in input.evidence\n\tsome f in input.evidence\n\te.kind == \"kk\"\n\tf.kind == \"ktp\"\n}\n"},
		"a name and any": {"member_split", Wrong, "poor if {\n\tsome m in input.household.members\n\tm.desil < 4\n\tinput.household.members[_].segment == \"ppu\"\n}\n",
			"poor if {\n\tsome i, m in input.household.members\n\tm.desil < 4\n\tinput.household.members[i].segment == \"ppu\"\n}\n"},
	})
}

// TestLintOfNobody: "for all" and "for none" hold where there is nobody, however they are written.
func TestLintOfNobody(t *testing.T) {
	const low, some = " {\n\t\tm.desil < 4\n\t}\n}\n", "count(input.household.members) > 0\n\t"
	tryLint(t, map[string]lintCase{
		"of those of whom":   {"every_empty", Wrong, "poor if {\n\tms := [m | some m in input.household.members; m.sex == \"L\"]\n\t" + some + "every m in ms" + low, "poor if {\n\tms := [m | some m in input.household.members; m.sex == \"L\"]\n\tcount(ms) > 0\n\tevery m in ms" + low},
		"of a copy":          {"every_empty", Wrong, "poor if {\n\tevery m in [x | some x in input.household.members]" + low, "poor if {\n\t" + some + "every m in [x | some x in input.household.members]" + low},
		"in a function":      {"every_empty", Wrong, "low(ms) if {\n\tevery m in ms" + low + "\npoor if low(input.household.members)\n", "low(ms) if {\n\tevery m in ms" + low + "\npoor if {\n\t" + some + "low(input.household.members)\n}\n"},
		"of a rule":          {"every_empty", Wrong, "people := input.household.members\n\npoor if {\n\tevery m in people" + low, "people := input.household.members\n\npoor if {\n\tcount(people) > 0\n\tevery m in people" + low},
		"counted for naught": {"every_empty", Wrong, "poor if {\n\tcount(input.household.members) >= 0\n\tevery m in input.household.members" + low, "poor if {\n\tcount(input.household.members) >= 1\n\tevery m in input.household.members" + low},
		"counted to none":    {"every_empty", Wrong, "poor if {\n\tcount(input.household.members) == 0\n\tevery m in input.household.members" + low, ""},
		"none of them":       {"every_empty", Wrong, "poor if count([m | some m in input.household.members; m.desil > 4]) == 0\n", "poor if {\n\t" + some + "count([m | some m in input.household.members; m.desil > 4]) == 0\n}\n"},
		"not one of them":    {"every_empty", Wrong, "poor if not count([m | some m in input.household.members; m.desil > 4]) > 0\n", "poor if count([m | some m in input.household.members; m.desil > 4]) > 0\n"},
		"as many as all":     {"every_empty", Wrong, "poor if count([m | some m in input.household.members; m.desil < 4]) == count(input.household.members)\n", "poor if {\n\t" + some + "count([m | some m in input.household.members; m.desil < 4]) == count(input.household.members)\n}\n"},
	})
}

// TestLintOfNamesThatHideOthers: a local name that a reader, or the lint, takes for a parameter or a fact.
func TestLintOfNamesThatHideOthers(t *testing.T) {
	tryLint(t, map[string]lintCase{
		"an argument as a fact":      {"name_shadowed", Warning, "low(desil) if desil <= 4\n\npoor if low(input.welfare.desil)\n", "low(d) if d <= 4\n\npoor if low(input.welfare.desil)\n"},
		"a local as a fact":          {"name_shadowed", Warning, "poor if {\n\tdesil := input.mother.welfare.desil\n\tdesil <= current.max_desil\n}\n", "poor if {\n\td := input.mother.welfare.desil\n\td <= current.max_desil\n}\n"},
		"an argument as a parameter": {"name_shadowed", Warning, "low(max_desil) if max_desil <= 4\n\npoor if low(input.welfare.desil)\n", ""},
		"a local as a condition":     {"name_shadowed", Warning, "poor if {\n\tnewborn := input.mother.welfare.desil\n\tnewborn < 3\n}\n", ""},
		"a local as the parameters":  {"name_shadowed", Wrong, "poor if {\n\tcurrent := {\"max_desil\": 10}\n\tinput.welfare.desil <= current.max_desil\n}\n", ""},
		"an argument as them all":    {"name_shadowed", Wrong, "low(current) if input.welfare.desil <= current.max_desil\n\npoor if low({\"max_desil\": 10})\n", ""},
		"another document as them":   {"name_shadowed", Wrong, "import data.params as current\n\npoor if current.max_desil[0].value < 3\n", "import data.layak.eligibility.current\n\npoor if current.max_desil < 3\n"},
	})
	// An argument is not the rule of its name: office is a text there and whatever it is called with here.
	if found := verifyNew(t, "package layak.eligibility\n\nlow(office) if office <= 4\n\npoor if low(input.welfare.desil)\n"); len(found) > 0 {
		t.Errorf("taken for the rule: %v", found)
	}
}

// TestLintOfTheUnknown: what nobody knows is not at most four either.
func TestLintOfTheUnknown(t *testing.T) {
	tryLint(t, map[string]lintCase{
		"at most":              {"negated_unknown", Wrong, "poor if not input.welfare.desil <= 4\n", "poor if input.welfare.desil > 4\n"},
		"a parameter":          {"negated_unknown", Wrong, "poor if {\n\tdeceased\n\tnot input.welfare.desil > current.max_desil\n}\n", "poor if {\n\tinput.welfare.desil\n\tnot input.welfare.desil > current.max_desil\n}\n"},
		"turned":               {"negated_unknown", Wrong, "poor if not 4 >= input.welfare.desil\n", ""},
		"under a name":         {"negated_unknown", Wrong, "poor if not d <= 4\n\nd := input.welfare.desil\n", "poor if {\n\td\n\tnot d <= 4\n}\n\nd := input.welfare.desil\n"},
		"of a member":          {"negated_unknown", Wrong, "poor if {\n\tsome m in input.household.members\n\tnot m.desil <= 4\n}\n", "poor if {\n\tsome m in input.household.members\n\tm.desil > 4\n}\n"},
		"in a list":            {"negated_unknown", Wrong, "poor if count([m | some m in input.household.members; not m.desil > 4]) > 1\n", ""},
		"what is always there": {"negated_unknown", Wrong, "poor if not input.mother.welfare.desil < 3\n", "poor if not input.service_on < \"2026-01-01\"\n"},
	})
	for name, body := range map[string]string{
		"plain":       "not input.welfare.desil <= 4",
		"a parameter": "not input.welfare.desil > current.max_desil",
	} {
		text := "package layak.eligibility\n\npoor if " + body + "\n"
		found := verifyNew(t, text)
		if len(found) != 1 || found[0].Edit == nil {
			t.Fatalf("%s: %v", name, found)
		}
		if rest := verifyNew(t, apply(text, *found[0].Edit)); len(rest) > 0 {
			t.Errorf("%s, mended: %v", name, rest)
		}
	}
}

// TestLintOfTwoHelpers: who is poor and who works may be two people.
func TestLintOfTwoHelpers(t *testing.T) {
	const low = "low if {\n\tsome m in input.household.members\n\tm.desil < 4\n}\n\n"
	const works = "works if {\n\tsome m in input.household.members\n\tm.segment == \"ppu\"\n}\n\n"
	const together = "poor if {\n\tsome m in input.household.members\n\tm.desil < 4\n\tm.segment == \"ppu\"\n}\n"
	tryLint(t, map[string]lintCase{
		"two helpers":         {"member_apart", Warning, low + works + "poor if {\n\tlow\n\tworks\n}\n", together},
		"a helper and a name": {"member_apart", Warning, works + "poor if {\n\tsome m in input.household.members\n\tm.desil < 4\n\tworks\n}\n", low + "poor if {\n\tlow\n\tdeceased\n}\n"},
		"by place":            {"member_apart", Warning, "low if input.household.members[_].desil < 4\n\n" + works + "poor if {\n\tlow\n\tworks\n}\n", low + works + "poor if {\n\tlow\n\tnot works\n}\n"},
		"in a branch":         {"member_apart", Warning, low + works + "poor := 1 if {\n\tlow\n\tworks\n} else := 2 if low\n", low + works + "poor if low\n\npoor if works\n"},
		"two papers":          {"member_apart", Warning, low + works + "poor if {\n\tnewborn\n\tworks\n\tlow\n}\n", "a if {\n\tsome e in input.evidence\n\te.kind == \"kk\"\n}\n\nb if {\n\tsome e in input.evidence\n\te.kind == \"ktp\"\n}\n\npoor if {\n\ta\n\tb\n}\n"},
	})
}

// TestLintOfAllThatIsWritten: "for all" of words that stand there asks nobody anything.
func TestLintOfAllThatIsWritten(t *testing.T) {
	tryLint(t, map[string]lintCase{
		"numbers":        {"condition_fixed", Wrong, "poor if {\n\tevery x in [1, 2] {\n\t\tx > 0\n\t}\n}\n", "poor if {\n\tevery x in [1, 2] {\n\t\tx > input.welfare.desil\n\t}\n}\n"},
		"words":          {"condition_fixed", Wrong, "poor if {\n\tevery w in {\"kk\", \"ktp\"} {\n\t\tw != \"\"\n\t}\n}\n", "poor if {\n\tevery w in {\"kk\", \"ktp\"} {\n\t\tsome e in input.evidence\n\t\te.kind == w\n\t}\n}\n"},
		"with a name":    {"condition_fixed", Wrong, "poor if {\n\tws := [1, 2]\n\tevery w in ws {\n\t\tw > 0\n\t}\n}\n", "poor if {\n\tws := [1, 2]\n\tevery w in ws {\n\t\tw > current.max_desil\n\t}\n}\n"},
		"by place":       {"condition_fixed", Wrong, "poor if {\n\tevery i, w in [1, 2] {\n\t\ti < w\n\t}\n}\n", "poor if {\n\tevery i, w in [1, 2] {\n\t\ti < w\n\t\tdeceased\n\t}\n}\n"},
		"with functions": {"condition_fixed", Wrong, "poor if {\n\tevery w in [\"a\"] {\n\t\tcount(w) > 0\n\t}\n}\n", "poor if {\n\tevery w in [\"kk\"] {\n\t\tsaw(w)\n\t}\n}\n"},
	})
}

// TestLintOfTheRangeOfFacts: a condition that holds for every value of the schema, or for none.
func TestLintOfTheRangeOfFacts(t *testing.T) {
	refuses := func(condition string) string {
		return strings.TrimPrefix(strings.Replace(cause(), "if assessed", "if {\n\tassessed\n\t"+condition+"\n}", 1), "package layak.eligibility\n\n")
	}
	tryLint(t, map[string]lintCase{
		"at most the most":       {"condition_always", Warning, "poor if input.welfare.desil <= 10\n", "poor if input.welfare.desil <= 9\n"},
		"at least the least":     {"condition_always", Warning, "poor if input.welfare.desil >= 0\n", "poor if {\n\t1 <= input.welfare.desil\n\tinput.welfare.desil < 4\n}\n"},
		"more than there is":     {"condition_never", Warning, "poor if input.welfare.desil > 99\n", "poor if input.welfare.desil > 9\n"},
		"below the least":        {"condition_never", Warning, "poor if input.welfare.desil < 1\n", "poor if input.welfare.desil < 2\n"},
		"turned":                 {"condition_never", Warning, "poor if 11 <= input.welfare.desil\n", "poor if 10 <= input.welfare.desil\n"},
		"equal":                  {"condition_never", Warning, "poor if input.welfare.desil == 0\n", "poor if input.welfare.desil == 10\n"},
		"other than":             {"condition_always", Warning, "poor if input.welfare.desil != 11\n", "poor if input.welfare.desil != 10\n"},
		"between two":            {"condition_always", Warning, "poor if input.welfare.desil > 0.5\n", "poor if input.welfare.desil > 1.5\n"},
		"of a member":            {"condition_always", Warning, "poor if {\n\tsome m in input.household.members\n\tm.desil < 11\n}\n", "poor if {\n\tsome m in input.household.members\n\tm.desil < 10\n}\n"},
		"under a name":           {"condition_always", Warning, "poor if desil <= 10\n", "poor if desil <= 9\n"},
		"in a cause":             {"condition_never", Wrong, refuses("desil > 99"), refuses("desil > 9")},
		"in what a cause asks":   {"condition_always", Wrong, refuses("poor") + "\npoor if desil < 11\n", refuses("poor") + "\npoor if desil < 10\n"},
		"negated, so that never": {"condition_never", Warning, "poor if {\n\tdesil\n\tnot desil <= 10\n}\n", "poor if {\n\tdesil\n\tnot desil <= 9\n}\n"},
	})
}

// TestLintOfChoicesOfParameters: a word that no office can choose.
func TestLintOfChoicesOfParameters(t *testing.T) {
	const good = "poor if current.uhc_status == \"prioritas\"\n"
	tryLint(t, map[string]lintCase{
		"misspelt":        {"param_choice", Wrong, "poor if current.uhc_status == \"prioritass\"\n", good},
		"other than":      {"param_choice", Wrong, "poor if current.uhc_status != \"prioritass\"\n", good},
		"turned":          {"param_choice", Wrong, "poor if \"prioritass\" == current.uhc_status\n", good},
		"in a list":       {"param_choice", Wrong, "poor if current.uhc_status in {\"prioritas\", \"semua\"}\n", "poor if current.uhc_status in {\"prioritas\"}\n"},
		"under a name":    {"param_choice", Wrong, "poor if {\n\ts := current.uhc_status\n\ts == \"prioritass\"\n}\n", "poor if {\n\ts := current.uhc_status\n\ts == \"prioritas\"\n}\n"},
		"in a function":   {"param_choice", Wrong, "is(s) if s == \"prioritass\"\n\npoor if is(current.uhc_status)\n", "is(s) if s == \"prioritas\"\n\npoor if is(current.uhc_status)\n"},
		"out of the file": {"param_choice", Wrong, "poor if data.params.uhc_status[_].value == \"prioritass\"\n", ""},
	})
	shipped := string(Shipped().Files["data.json"])
	wrong := strings.Replace(shipped, `"value": "prioritas"`, `"value": "prioritass"`, 1)
	found, err := Verify(t.Context(), Shipped().with("data.json", []byte(wrong)))
	if err != nil || wrong == shipped || len(found) == 0 || !found[0].Blocks() || !strings.Contains(found[0].String(), "prioritass") {
		t.Errorf("%v %v", found, err)
	}
	t.Log(found, found[0].Fix)
}
