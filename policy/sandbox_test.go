package policy

import (
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"pgregory.net/rapid"

	"layak/internal/fault"
)

func TestTooDeep(t *testing.T) {
	deep := strings.Repeat("[", maxBrackets+1)
	for name, c := range map[string]struct {
		src string
		row int
	}{
		"shallow":                        {"x := [[1]]", 0},
		"deep":                           {"x := 1\ny := " + deep, 2},
		"in a text":                      {`x := "` + deep + `"`, 0},
		"in a text with a quote":         {`x := "a\"` + deep + `"`, 0},
		"in a raw text over lines":       {"x := `a\n" + deep + "`", 0},
		"in a comment":                   {"# " + deep, 0},
		"in METADATA":                    {"# METADATA\n# title: x\n# custom: " + deep, 3},
		"in METADATA over lines":         {"# METADATA\n# custom: " + strings.Repeat("[\n# ", maxBrackets+1), maxBrackets + 2},
		"lists of METADATA":              {strings.Repeat("# METADATA\n# related_resources: [{ref: a}]\nx := 1\n", 50), 0},
		"in a comment after METADATA":    {"# METADATA\n# title: x\nx := 1\n# " + deep, 0},
		"after a text":                   {`x := "a" ` + deep, 1},
		"after a template":               {`x := $"a{y}b" ` + deep, 1},
		"in the text of a template":      {`x := $"a` + deep + `{y}"`, 0},
		"in an expression of a template": {`x := $"a{` + deep + `}"`, 1},
		"in a text of an expression":     {`x := $"a{f("` + deep + `")}b"`, 0},
		"escaped brace of a template":    {`x := $"a\{` + deep + `"`, 0},
		"one after the other":            {strings.Repeat("x := [1]\n", 100), 0},
		"closing more than was opened":   {"]]]" + deep, 1},
	} {
		if row, _ := tooDeep(c.src); row != c.row {
			t.Errorf("%s: row %d, want %d", name, row, c.row)
		}
	}
	for name, src := range Shipped().Files {
		if row, col := tooDeep(string(src)); row > 0 {
			t.Errorf("%s:%d:%d of the shipped rules is too deep", name, row, col)
		}
	}
}

// TestWritingIsJudgedInTime hands arbitrary signs in: no answer may be a panic.
func TestWritingIsJudgedInTime(t *testing.T) {
	sign := rapid.SampledFrom([]string{"{", "}", "[", "]", "(", ")", `"`, "`", "$", "#", "\n", "\\", "x", " := ", "if ", "else ", "\u202e", "\xff"})
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(sign, 0, 60).Draw(t, "signs")
		found := checkWriting("x.rego", []byte("package layak\n"+strings.Join(parts, "")))
		for _, p := range found {
			if p.Message == "" || p.Row == 0 {
				t.Errorf("%+v", p)
			}
		}
	})
}

// TestCapabilities wants what a nil list of hosts would open to stay shut, and every allowed function
// to exist in this version of OPA.
func TestCapabilities(t *testing.T) {
	caps := sandbox()
	if caps.AllowNet == nil || len(caps.AllowNet) != 0 {
		t.Error("rules may reach hosts:", caps.AllowNet)
	}
	have := map[string]bool{}
	for _, b := range caps.Builtins {
		have[b.Name] = true
	}
	for _, name := range allowed {
		if !have[name] {
			t.Errorf("%s is allowed and does not exist", name)
		}
	}
	if len(have) != len(allowed) {
		t.Error(len(have), "functions, allowed are", len(allowed))
	}
	for _, name := range []string{"http.send", "net.lookup_ip_addr", "opa.runtime", "time.now_ns", "rand.intn", "bits.lsh",
		"mul", "sprintf", "regex.match", "numbers.range", "walk", "io.jwt.decode", "rego.parse_module", "trace"} {
		if have[name] {
			t.Errorf("%s is allowed", name)
		}
	}
	for name := range growing {
		if !have[name] {
			t.Errorf("%s is bounded and not allowed", name)
		}
	}
}

// TestBounds holds each bounded function against its bound, from both sides.
func TestBounds(t *testing.T) {
	long := strings.Repeat("a", maxText/2)
	texts := func(n int, s string) *ast.Term {
		var all []*ast.Term
		for range n {
			all = append(all, ast.StringTerm(s))
		}
		return ast.ArrayTerm(all...)
	}
	for name, c := range map[string]struct {
		fits bool
		v    *ast.Term
	}{
		"half of it":   {true, texts(1, long)},
		"all of it":    {false, texts(2, long+"a")},
		"many of them": {false, texts(1_000, long)},
	} {
		if err := joined([]*ast.Term{c.v}); (err == nil) != c.fits {
			t.Errorf("%s: %v", name, err)
		}
	}
	shared := ast.ArrayTerm(ast.StringTerm("a"))
	for range 60 { // 2^60 parts, if one walked them
		shared = ast.ArrayTerm(shared, shared)
	}
	if joined([]*ast.Term{shared}) == nil {
		t.Error("a text of 2^60 parts fits")
	}
	s := func(v string) *ast.Term { return ast.StringTerm(v) }
	if replaced([]*ast.Term{s(long), s("a"), s("aaa")}) == nil {
		t.Error("a text that triples fits")
	}
	if err := replaced([]*ast.Term{s(long), s("a"), s("b")}); err != nil {
		t.Error(err)
	}
	if replaced([]*ast.Term{s(long), s(""), s("bb")}) == nil {
		t.Error("a text between all letters fits")
	}
}

// TestTooLarge refuses rules that are harmless and too many, by that name, and takes what is only long.
func TestTooLarge(t *testing.T) {
	const head = "package layak.eligibility\n\n"
	conditions := func(n int) string {
		return head + "large if {\n" + strings.Repeat("\tinput.subject == \"nik\"\n", n) + "}\n"
	}
	for name, c := range map[string]struct{ src, code string }{
		"as many conditions as may be": {conditions(maxConditions), ""},
		"one condition more":           {conditions(maxConditions + 1), "too_many_conditions"},
		"a line of 36,000 numbers":     {head + "large := [" + strings.Repeat("12345, ", 35_999) + "1]\n", ""},
		"a file over the limit":        {head + "# " + strings.Repeat("a", maxFileBytes) + "\n", "file_too_large"},
		"a branch too many":            {head + "large := 1 if newborn" + strings.Repeat(" else := 2 if newborn", maxElse+1) + "\n", "too_many_branches"},
		"lists in each other":          {head + "large := " + strings.Repeat("[", 60) + strings.Repeat("]", 60) + "\n", "too_deep"},
		"a sign that nobody sees":      {head + "large := \"a\u200bb\"\n", "hidden_sign"},
	} {
		found, err := Verify(t.Context(), Shipped().with("new.rego", []byte(c.src)))
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, p := range found {
			if p.Code != "format" {
				got = p.Code
			}
			if p.Fix == "" {
				t.Errorf("%s: %s says not what to do", name, p.Code)
			}
		}
		if got != c.code {
			t.Errorf("%s: %q, want %q", name, got, c.code)
		}
	}
	for _, cut := range []string{"policy_too_slow", "policy_too_much_memory", "policy_too_deep", "policy_crashed"} {
		if UsualFix(cut) == "" {
			t.Errorf("nobody says what to do about %s", cut)
		}
	}
}

// TestBrokenTestsAreTold runs tests that do not compile: the officer reads why, and what the compiler
// quotes of them, which may be a number of a person, is no defect of the service that is logged whole.
func TestBrokenTestsAreTold(t *testing.T) {
	const nik = "3509195204719001"
	for name, src := range map[string]string{
		"an import that is not used":   "import data.layak.eligibility\n\ntest_x if true\n",
		"a number that is no field":    `test_x if {"a": 1}["` + nik + `"]` + "\n",
		"a function that is not there": `test_x if f("` + nik + `")` + "\n",
	} {
		b := Shipped().with("extra_test.rego", []byte("package layak.eligibility_test\n\n"+src))
		_, err := Test(t.Context(), b)
		f := fault.As(err)
		if f == nil || f.Kind != fault.Invalid || strings.Contains(f.Message, nik) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
