package web

import (
	"html/template"
	"strings"
	"testing"
	"testing/fstest"
)

// smallPage is a page for templates that a test writes itself.
type smallPage struct {
	Base
	Text string
}

// templatesOf makes a set of one layout, one partial and the pages that a test gives.
func templatesOf(partial string, pages map[string]string) (*templateSet, error) {
	files := fstest.MapFS{
		layoutFile:            {Data: []byte(`<main>{{content .}}</main>{{define "foot"}}<i>{{.}}</i>{{end}}`)},
		partialFile("shared"): {Data: []byte(partial)},
		partialFile("other"):  {Data: []byte(`{{define "other"}}{{end}}`)},
	}
	declared := map[string][]string{"others": {"other"}}
	files[pageFile("others")] = &fstest.MapFile{Data: []byte(`{{define "content"}}{{template "other"}}{{end}}`)}
	for name, source := range pages {
		declared[name] = []string{"shared"}
		files[pageFile(name)] = &fstest.MapFile{Data: []byte(source)}
	}
	return newTemplateSet(files, declared, template.FuncMap{})
}

func TestTemplateSet(t *testing.T) {
	set, err := templatesOf(`{{define "say"}}{{.}}{{end}}`, map[string]string{
		"first":  `{{define "content"}}{{template "row" .Text}}{{template "foot" 1}}{{end}}{{define "row"}}first {{template "say" .}}{{end}}`,
		"second": `{{define "content"}}{{template "row" .Text}}{{end}}{{define "row"}}<a title="{{template "say" .}}" href="/?q={{template "say" .}}">second</a>{{end}}`,
		"third":  `{{define "content"}}third {{template "say" .Text}}{{end}}{{define "say"}}its own{{end}}`,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, page, part, want string }{
		{"a page in the layout", "first", layoutFile, `<main>first a&amp;&#34;b<i>1</i></main>`},
		{"two pages use one name for two things, and a partial is escaped for where it stands", "second", layoutFile,
			`<main><a title="a&amp;&#34;b" href="/?q=a%26%22b">second</a></main>`},
		{"what a page defines is its own", "third", layoutFile, `<main>third its own</main>`},
		{"a part of a page alone", "first", "content", `first a&amp;&#34;b<i>1</i>`},
		{"a partial alone", "first", "foot", `<i>0</i>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var data any = &smallPage{Base: Base{template: c.page}, Text: `a&"b`}
			if c.part == "foot" {
				data = 0
			}
			var out strings.Builder
			err := set.execute(&out, c.page, c.part, data)
			if err != nil || out.String() != c.want {
				t.Errorf("got %s, %v\nwant %s", out.String(), err, c.want)
			}
		})
	}
	if err := set.execute(&strings.Builder{}, "first", "nothing", nil); err == nil {
		t.Error("a template that no file defines was rendered")
	}
}

// Each of these would be a broken page for the first person who opens it.
func TestTemplateMistakesStopTheStart(t *testing.T) {
	for _, c := range []struct{ name, partial, page, want string }{
		{"a page without content", "", `{{define "body"}}{{end}}`, "no content"},
		{"a partial that the page does not name", "", `{{define "content"}}{{template "other"}}{{end}}`, "does not name its partial other"},
		{"the same through another template", `{{define "say"}}{{if .}}{{else}}{{range .}}{{template "other"}}{{end}}{{end}}{{end}}`,
			`{{define "content"}}{{template "say"}}{{end}}`, "does not name its partial other"},
		{"a template that is nowhere", "", `{{define "content"}}{{with .}}{{template "gone"}}{{end}}{{end}}`, `"gone"`},
		{"one name in two partials", `{{define "other"}}twice{{end}}`, `{{define "content"}}{{end}}`, `"other"`},
		{"a function that does not exist", "", `{{define "content"}}{{gone}}{{end}}`, `"gone"`},
		{"a value where none can be made safe", "", `{{define "content"}}<a href={{if .}}"{{end}}{{.}}>{{end}}`, "escape"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := templatesOf(c.partial, map[string]string{"page": c.page})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}
