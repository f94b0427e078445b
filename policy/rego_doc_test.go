package policy

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// snippet is one block of code of docs/rego.md: its language, what it is, and its text.
type snippet struct{ info, text string }

func docSnippets(t *testing.T) []snippet {
	t.Helper()
	data, err := os.ReadFile("../docs/rego.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []snippet
	parts := strings.Split(string(data), "```")
	for i := 1; i < len(parts); i += 2 {
		info, text, _ := strings.Cut(parts[i], "\n")
		out = append(out, snippet{info, text})
	}
	return out
}

// TestDocOfRegoIsTried: what the page calls right passes the lint and its tests, what it calls wrong is
// refused for the reason that it names.
func TestDocOfRegoIsTried(t *testing.T) {
	b, right, wrong := Shipped(), 0, 0
	for _, s := range docSnippets(t) {
		switch kind, rest, _ := strings.Cut(s.info, " "); {
		case kind == "json":
			data := strings.Replace(string(b.Files[paramsFile]), "\"params\": {\n", "\"params\": {\n"+s.text, 1)
			b = b.with(paramsFile, []byte(data))
		case rest == "part":
			right++
			if found := verifyNew(t, lintBody(strings.TrimSpace(s.text))); len(found) > 0 {
				t.Errorf("%s\nis refused: %v", s.text, found)
			}
		case strings.HasPrefix(rest, "bad "):
			wrong++
			found := verifyNew(t, lintBody(strings.TrimSpace(s.text)))
			if !slices.ContainsFunc(found, func(p Problem) bool { return p.Code == strings.TrimPrefix(rest, "bad ") }) {
				t.Errorf("%s\nis not refused as %s: %v", s.text, rest, found)
			}
		case strings.HasPrefix(rest, "file="):
			b = b.with(strings.TrimPrefix(rest, "file="), []byte(s.text))
		default:
			t.Errorf("nobody tries the block %q", s.info)
		}
	}
	if right < 4 || wrong < 8 {
		t.Errorf("%d right and %d wrong snippets", right, wrong)
	}
	found, err := Verify(t.Context(), b)
	if err != nil || len(found) > 0 {
		t.Fatal(err, found)
	}
	report, err := Test(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if !report.Complete() {
		for _, r := range report.Results {
			if !r.Pass {
				t.Errorf("%s %s: %s", r.File, r.Name, r.Message)
			}
		}
		for _, c := range report.Causes {
			t.Log(c.Missing)
		}
		t.Error("the rules of the page cannot be proposed")
	}
	i := slices.IndexFunc(report.Coverage, func(f FileCoverage) bool { return f.File == "own_payer.rego" })
	if report.Coverage[i].Percent != 100 {
		t.Errorf("%+v", report.Coverage[i])
	}
}
