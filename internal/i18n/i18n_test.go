package i18n

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func load(t *testing.T) *Catalog {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBothLanguagesHaveTheSameKeys(t *testing.T) {
	c := load(t)
	id, en := c.Keys(Indonesian), c.Keys(English)
	if len(id) == 0 {
		t.Fatal("the catalog is empty")
	}
	for _, k := range id {
		if !slices.Contains(en, k) {
			t.Errorf("%s is missing in English", k)
		}
	}
	for _, k := range en {
		if !slices.Contains(id, k) {
			t.Errorf("%s is missing in Indonesian", k)
		}
	}
}

var blank = regexp.MustCompile(`\{\{[^}]*\}\}`)

// A translation that forgets a value, or has one too many, is wrong.
func TestBothLanguagesPutInTheSameValues(t *testing.T) {
	c := load(t)
	for _, k := range c.Keys(Indonesian) {
		id, en := blank.FindAllString(raw(t, c, Indonesian, k), -1), blank.FindAllString(raw(t, c, English, k), -1)
		slices.Sort(id)
		slices.Sort(en)
		if strings.Join(id, "") != strings.Join(en, "") {
			t.Errorf("%s: %v and %v", k, id, en)
		}
	}
}

// The house words: nobody is called unfit, and a desk does not examine patients.
func TestWordsThatAreNotUsed(t *testing.T) {
	c := load(t)
	for _, k := range c.Keys(Indonesian) {
		text := strings.ToLower(raw(t, c, Indonesian, k))
		for _, word := range []string{"tidak layak", "pemeriksaan", "temuan", "invalid", "error"} {
			if strings.Contains(text, word) {
				t.Errorf("%s says %q", k, word)
			}
		}
	}
}

func TestPrinter(t *testing.T) {
	p := load(t).For(Indonesian)
	for _, c := range []struct {
		name, got, want string
	}{
		{"a message", p.T("nav.queue"), "Antrean"},
		{"a message with a value", p.T("home.count", "N", 3), "3 aduan"},
		{"a value that nobody gave", p.T("home.count"), "<no value> aduan"},
		{"a value for a message that has none", p.T("nav.queue", "N", 3), "Antrean"},
		{"a text that is no key stays", p.T("3509-0044-17KX-C"), "3509-0044-17KX-C"},
		{"an unknown language is Indonesian", load(t).For("jv").T("nav.queue"), "Antrean"},
		{"English", load(t).For(English).T("nav.queue"), "Queue"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.got != c.want {
				t.Errorf("got %q, want %q", c.got, c.want)
			}
		})
	}
}

func raw(t *testing.T, c *Catalog, lang, key string) string {
	t.Helper()
	text, ok := c.printers[lang].texts[key]
	if !ok || text == "" {
		t.Fatalf("%s has no text in %s", key, lang)
	}
	return text
}
