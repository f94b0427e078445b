package policy

import (
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// compileTwice asks the compiler as slowly as it can be asked, and remembers nothing: about the rules, then about
// the rules with their tests.
func compileTwice(s *ruleSet, _ Bundle) joint {
	alone := s.compile(s.modules)
	j := joint{types: alone.TypeEnv, rules: problemsOf("", alone.Errors)}
	if len(s.tests) > 0 {
		j.tests = problemsOf("", s.compile(s.withTests()).Errors)
	}
	return j
}

// small is a bundle that compiles in a moment: one cause, one function and their test.
func small() Bundle {
	b := Bundle{Files: map[string][]byte{}}
	for _, name := range []string{schemaFile, paramsSchema, "data.json", "params.rego"} {
		b.Files[name] = Shipped().Files[name]
	}
	b.Files[".manifest"] = []byte(`{"roots": ["layak", "params"], "metadata": {"layak_contract": 1}}`)
	b.Files["extra.rego"] = []byte(aRule + "\nlow(d) if d <= current.max_desil\n\npoor if low(input.welfare.desil)\n")
	b.Files["extra_test.rego"] = []byte(`package layak.eligibility_test

import data.layak.eligibility

test_poor if {
	eligibility.poor with input as {"welfare": {"desil": 1}}
	every d in [1, 2] {
		eligibility.low(d)
	}
}
`)
	return b
}

// TestCompilingLessTellsAsMuch holds what Verify says against what it would say if rules and tests were
// compiled apart and whole, for mistakes of every stage of the compiler, in rules, in tests and in both; and
// tells where tests are taken as sound because they see no difference.
func TestCompilingLessTellsAsMuch(t *testing.T) {
	const rule, test = "extra.rego", "extra_test.rego"
	const alone, named = "package layak.eligibility\n", "eligibility.poor with"
	for name, c := range map[string]struct {
		file, old, new string // old "" appends
		also           string // to the other file
		spared         bool   // the tests need not be compiled again
	}{
		"nothing":                        {rule, "", "", "", true},
		"another limit":                  {rule, "d <= current", "d < current", "", true},
		"a function takes a number":      {rule, "d <= current", "d + 1 <= current", "", false},
		"another rule":                   {rule, "", "\na if low(input.household.members[_].desil)\n", "", true},
		"a rule says more than yes":      {rule, "poor if", `poor := "yes" if`, "", false},
		"a rule can be no as well":       {rule, "", "\ndefault poor := false\n", "", false},
		"a function takes two":           {rule, "low(d) if d <= current.max_desil\n\npoor if low(", "low(d, e) if d <= e\n\npoor if low(2, ", "", false},
		"a rule goes":                    {rule, "poor if", "poorer if", "", false},
		"a branch as it was":             {rule, "", "\npoor if low(input.mother.welfare.desil)\n", "", true},
		"a field that there is not":      {rule, "welfare.desil", "welfare.decile", "", false},
		"a type":                         {rule, "", "\na if input.welfare.desil == \"4\"\n", "", false},
		"several types":                  {rule, "", "\na if low(\"x\")\n\nb if low(input.subject, 2)\n\nc if input.nothing\n", "", false},
		"a name without a value":         {rule, "", "\na if d <= 4\n", "", false},
		"a function that there is not":   {rule, "", "\na if nowhere(1)\n", "", false},
		"a variable for nothing":         {rule, "", "\na if {\n\tx := 1\n\tinput.need\n}\n", "", false},
		"an import for nothing":          {rule, alone, alone + "\nimport data.params\n", "", false},
		"two kinds under a name":         {rule, "", "\npoor(x) if x\n", "", false},
		"a rule that rests on itself":    {rule, "", "\na if b\n\nb if a\n", "", false},
		"a function that does":           {rule, "", "\na(x) if a(x)\n", "", false},
		"a rule that may":                {rule, "", "\na if {\n\tx := input.need\n\tdata.layak.eligibility[x]\n}\n", "", false},
		"with, in a rule":                {rule, "", "\na if poor with input as {}\n", "", true},
		"more than are told":             {rule, "", strings.Repeat("\na if nowhere(1)\n", 2*maxProblems), "", false},
		"a test of nothing":              {test, "eligibility.low", "eligibility.lower", "", false},
		"a type in a test":               {test, "eligibility.low(d)", `eligibility.low("x")`, "", false},
		"a test that rests on itself":    {test, "", "\ntest_a if test_a\n", "", false},
		"rule and test":                  {rule, "welfare.desil", "welfare.decile", "\ntest_a if nowhere(1)\n", false},
		"a test before a rule":           {test, "", "\ntest_a if nowhere(1)\n", "\na if input.nothing\n", false},
		"a rule that needs a test":       {rule, "", "\na if data.layak.eligibility_test.test_poor\n", "", false},
		"a rule that may need a test":    {rule, "", "\na if {\n\tsome p\n\tdata.layak[p].test_poor\n}\n", "", false},
		"a rule that imports a test":     {rule, alone, alone + "\nimport data.layak as all\n", "\n\n", false},
		"a rule that takes everything":   {rule, "", "\na if count(data) > 0\n", "", false},
		"a test in the package of rules": {test, "package layak.eligibility_test", "package layak.eligibility", "", false},
		"a test in a package of a rule":  {test, "package layak.eligibility_test", "package layak.eligibility.poor", "", false},
		"rules in a package of a rule":   {rule, alone, "package layak.eligibility.low\n", "", false},
		"a test that takes rules whole":  {test, named, "count(eligibility) > 0 with", "", false},
		"a test that chooses a rule":     {test, named, "eligibility[input.x] with", "", false},
		"a test that replaces a rule":    {test, named, "eligibility.poor with eligibility.low as 1 with", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			b := small()
			text := string(b.Files[c.file])
			if c.old == "" {
				text += c.new
			} else {
				text = strings.Replace(text, c.old, c.new, 1)
			}
			other := map[string]string{rule: test, test: rule}[c.file]
			spares(t, small(), b.with(c.file, []byte(text)).with(other, append(slices.Clone(b.Files[other]), c.also...)), c.spared)
		})
	}
	for name, c := range map[string]struct {
		is, test, becomes string
		spared            bool
	}{
		"another value":              {`{1: "a"}`, `eligibility.t[1] == "a"`, `{1: "b"}`, true},
		"a number becomes a text":    {`{1: "a"}`, `eligibility.t[1] == "a"`, `{"1": "a"}`, false},
		"a text becomes a number":    {`{"1": 1, "2": 2}`, `eligibility.t["1"] == 1`, `{1: 1, 2: 2}`, false},
		"yes becomes a text":         {`{true: 1}`, `eligibility.t[true] == 1`, `{"true": 1}`, false},
		"a text reads like two":      {`{"a": "x", "b": 2}`, `eligibility.t.b == 2`, `{"a: string, b": 2}`, false},
		"a number within a document": {`{"k": {1: "a"}}`, `eligibility.t.k[1] == "a"`, `{"k": {"1": "a"}}`, false},
	} {
		t.Run("a key: "+name, func(t *testing.T) {
			add := func(b Bundle, file, text string) Bundle {
				return b.with(file, append(slices.Clone(b.Files[file]), text...))
			}
			tested := add(small(), test, "\ntest_t if "+c.test+"\n")
			spares(t, add(tested, rule, "\nt := "+c.is+"\n"), add(tested, rule, "\nt := "+c.becomes+"\n"), c.spared)
		})
	}
}

// spares tells whether the tests of a bundle need not be compiled after those of the one before it, and wants
// one answer of every way to ask.
func spares(t *testing.T, before, b Bundle, spared bool) {
	t.Helper()
	if found := verify(before, (*ruleSet).compileJointly); len(unusable(found)) > 0 {
		t.Fatal(found)
	}
	l, found := read(b, withStyle)
	if len(found) > 0 {
		t.Fatal(found)
	}
	l.describe(b)
	compiler := l.look(l.modules)
	seen, sure := l.seenByTests(b, compiler.TypeEnv)
	if got := !compiler.Failed() && sure && borne.has(seen); got != spared {
		t.Errorf("the tests are spared: %v", got)
	}
	eitherWay(t, b)
}

// eitherWay wants one answer of three ways to ask: apart, at once, and once more out of what is remembered.
func eitherWay(t interface {
	Helper()
	Errorf(string, ...any)
}, b Bundle) {
	t.Helper()
	want := verify(b, compileTwice)
	for _, way := range []string{"at once", "remembered"} {
		if got := verify(b, (*ruleSet).compileJointly); !reflect.DeepEqual(got, want) {
			t.Errorf("%s %v\napart   %v", way, got, want)
		}
	}
}

// TestCompilingLessOfWildRules changes words of rules and tests at random, of the small bundle and now and
// then of the shipped one; LAYAK_WILD_RULES asks for more.
func TestCompilingLessOfWildRules(t *testing.T) {
	n := 20
	if more, err := strconv.Atoi(os.Getenv("LAYAK_WILD_RULES")); err == nil {
		n = more
	}
	files := slices.Sorted(maps.Keys(Shipped().Files))
	files = slices.DeleteFunc(files, func(name string) bool { return !strings.HasSuffix(name, ".rego") })
	few := rapid.Custom(func(t *rapid.T) Bundle { return wild(t, small(), "extra.rego", "extra_test.rego") })
	all := rapid.Custom(func(t *rapid.T) Bundle { return wild(t, Shipped(), files...) })
	for i := range n {
		eitherWay(t, few.Example(i))
		if i%10 == 0 {
			eitherWay(t, all.Example(i))
		}
	}
}

// wild puts one to three words of the files in the place of others.
func wild(t *rapid.T, b Bundle, files ...string) Bundle {
	for range rapid.IntRange(1, 3).Draw(t, "changes") {
		name := rapid.SampledFrom(files).Draw(t, "file")
		words := strings.SplitAfter(string(b.Files[name]), " ")
		at := rapid.IntRange(0, len(words)-1).Draw(t, "at")
		words[at] = rapid.SampledFrom(append(slices.Clone(words), "", "not ", "input ", "data ", "1 ", "\"x\" ")).Draw(t, "word")
		b = b.with(name, []byte(strings.Join(words, "")))
	}
	return b
}
