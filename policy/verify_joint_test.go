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

// TestOneCompilationTellsWhatTwoTell holds what Verify says against what it would say if rules and tests were
// compiled apart, for mistakes of every stage of the compiler, in rules, in tests and in both.
func TestOneCompilationTellsWhatTwoTell(t *testing.T) {
	const rule, test = "extra.rego", "extra_test.rego"
	for name, c := range map[string]struct {
		file, old, new string // "" appends
		also           string // to the other file
		sure           bool   // one compilation is enough
	}{
		"nothing wrong":                  {rule, "", "", "", true},
		"a field that there is not":      {rule, "welfare.desil", "welfare.decile", "", true},
		"a type":                         {rule, "d <= current.max_desil", `d <= "4"`, "", true},
		"several types":                  {rule, "", "\na if low(\"x\")\n\nb if low(input.subject, 2)\n\nc if input.nothing\n", "", true},
		"a name without a value":         {rule, "", "\na if d <= 4\n", "", true},
		"a function that there is not":   {rule, "", "\na if nowhere(1)\n", "", true},
		"a variable for nothing":         {rule, "", "\na if {\n\tx := 1\n\tinput.need\n}\n", "", true},
		"an import for nothing":          {rule, "package layak.eligibility\n", "package layak.eligibility\n\nimport data.params\n", "", true},
		"two kinds under a name":         {rule, "", "\npoor(x) if x\n", "", true},
		"a rule that rests on itself":    {rule, "", "\na if b\n\nb if a\n", "", false},
		"with, in a rule":                {rule, "", "\na if poor with input as {}\n", "", true},
		"more than are told":             {rule, "", strings.Repeat("\na if nowhere(1)\n", 2*maxProblems), "", false},
		"a test of nothing":              {test, "eligibility.low", "eligibility.lower", "", false},
		"a type in a test":               {test, "eligibility.low(d)", `eligibility.low("x")`, "", false},
		"a test that rests on itself":    {test, "", "\ntest_a if test_a\n", "", false},
		"rule and test":                  {rule, "welfare.desil", "welfare.decile", "\ntest_a if nowhere(1)\n", false},
		"a test before a rule":           {test, "", "\ntest_a if nowhere(1)\n", "\na if input.nothing\n", false},
		"a rule that needs a test":       {rule, "", "\na if data.layak.eligibility_test.test_poor\n", "", false},
		"a rule that may need a test":    {rule, "", "\na if {\n\tsome p\n\tdata.layak[p].test_poor\n}\n", "", false},
		"a rule that imports a test":     {rule, "package layak.eligibility\n", "package layak.eligibility\n\nimport data.layak as all\n", "\n\n", false},
		"a rule that takes everything":   {rule, "", "\na if count(data) > 0\n", "", false},
		"a test in the package of rules": {test, "package layak.eligibility_test", "package layak.eligibility", "", false},
		"a test in a package of a rule":  {test, "package layak.eligibility_test", "package layak.eligibility.poor", "", false},
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
			b = b.with(c.file, []byte(text)).with(other, append(slices.Clone(b.Files[other]), c.also...))
			l, found := read(b, withStyle)
			if len(found) > 0 {
				t.Fatal(found)
			}
			if _, sure := l.compileAtOnce(l.ruleSet.withTests()); sure != c.sure {
				t.Errorf("one compilation is enough: %v", sure)
			}
			eitherWay(t, b)
		})
	}
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

// TestOneCompilationOfWildRules changes words of rules and tests at random, of the small bundle and now and
// then of the shipped one; LAYAK_WILD_RULES asks for more.
func TestOneCompilationOfWildRules(t *testing.T) {
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
