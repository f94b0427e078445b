package policy

import (
	"fmt"
	"strings"
	"testing"
)

// TestWordsOfAHostileDraft: files that keep the parser busy are not parsed for completion and titles in
// the service; all others keep their words.
func TestWordsOfAHostileDraft(t *testing.T) {
	named := func(name string, fill int) []byte {
		return []byte("package layak.eligibility\n\n# METADATA\n# title: Judul " + name + "\n# custom:\n#   code: " + name + "\n" + name + " if true\n" +
			strings.Repeat("# isi\n", fill/6))
	}
	b := Shipped().with("small.rego", named("small", 100)).with("large.rego", named("large", maxWordsFile))
	for i := range 20 {
		b = b.with(fmt.Sprintf("z%02d.rego", i), named(fmt.Sprintf("z%02d", i), maxWordsFile-1000))
	}
	known := map[string]bool{}
	for _, r := range Vocabulary(b, "2026-11-22").Rules {
		known[r.Name] = true
	}
	titles := Titles(b)
	for name, want := range map[string]bool{"small": true, "large": false, "z00": true, "z19": false} {
		if _, titled := titles[name]; titled != want || known[name] != want {
			t.Errorf("%s: title %v, word %v, want %v", name, titled, known[name], want)
		}
	}
	if len(titles) < 40 {
		t.Errorf("only %d titles are left of the shipped rules", len(titles))
	}
	if !b.wordy() || Shipped().wordy() {
		t.Error("nobody can tell a bundle within the bounds")
	}
}
