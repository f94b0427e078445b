package web

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	text "text/template"
	"text/template/parse"
)

const (
	layoutFile = "layout.html"
	everything = "everything"
)

// templateSet holds the templates of all pages in one language. The layout and the partials stand in
// it once, however many pages use them; what a page file defines stands under the name of its page
// ("home/content"), so that two pages may use one name for different things. The layout reaches the
// content of its page through the function content.
//
// The whole set is escaped when it is made. A template that cannot be escaped is found then and not by
// the first person who opens its page, and no render afterwards writes to what others read.
type templateSet struct {
	all   *template.Template
	owner map[string]string   // file that defines a template, by the name in the set
	calls map[string][]string // templates that a template calls, by the name in the set
}

// newTemplateSet reads all files that pages names, as "layout.html", "partials/NAME.html" and
// "pages/NAME.html".
func newTemplateSet(files fs.FS, pages map[string][]string, funcs template.FuncMap) (*templateSet, error) {
	set := &templateSet{owner: map[string]string{}, calls: map[string][]string{}}
	funcs = maps.Clone(funcs)
	funcs["content"] = set.content
	set.all = template.New(everything).Funcs(funcs).Option("missingkey=error")
	shared := map[string]bool{layoutFile: true}
	for _, partials := range pages {
		for _, p := range partials {
			shared[partialFile(p)] = true
		}
	}
	for _, file := range slices.Sorted(maps.Keys(shared)) {
		err := set.add(files, file, "", funcs)
		if err != nil {
			return nil, err
		}
	}
	for _, page := range slices.Sorted(maps.Keys(pages)) {
		err := set.add(files, pageFile(page), page, funcs)
		if err != nil {
			return nil, err
		}
	}
	for _, page := range slices.Sorted(maps.Keys(pages)) {
		err := set.checkCalls(page, pages[page])
		if err != nil {
			return nil, err
		}
	}
	return set, set.escape()
}

func partialFile(name string) string { return "partials/" + name + ".html" }
func pageFile(name string) string    { return "pages/" + name + ".html" }

// add takes the templates of a file into the set; those of a page under the name of the page.
func (set *templateSet) add(files fs.FS, file, page string, funcs template.FuncMap) error {
	source, err := fs.ReadFile(files, file)
	if err != nil {
		return fmt.Errorf("read template %s: %w", file, err)
	}
	parsed, err := text.New(path.Base(file)).Funcs(funcs).Parse(string(source))
	if err != nil {
		return fmt.Errorf("parse template %s: %w", file, err)
	}
	own := map[string]*parse.Tree{}
	for _, t := range parsed.Templates() {
		if t.Name() == path.Base(file) && file != layoutFile {
			continue // what stands around the definitions
		}
		own[t.Name()] = t.Tree
	}
	for name, tree := range own {
		if other := set.owner[name]; other != "" && page == "" {
			return fmt.Errorf("template %q of %s stands in %s too", name, file, other)
		}
		full := ownName(page, name)
		eachCall(tree.Root, func(n *parse.TemplateNode) {
			if own[n.Name] != nil {
				n.Name = ownName(page, n.Name)
			}
			set.calls[full] = append(set.calls[full], n.Name)
		})
		set.owner[full] = file
		_, err = set.all.AddParseTree(full, tree)
		if err != nil {
			return fmt.Errorf("add template %s: %w", full, err)
		}
	}
	return nil
}

func ownName(page, name string) string {
	if page == "" {
		return name
	}
	return page + "/" + name
}

// eachCall visits the {{template}} actions below a node.
func eachCall(n parse.Node, visit func(*parse.TemplateNode)) {
	branch := func(b *parse.BranchNode) {
		eachCall(b.List, visit)
		if b.ElseList != nil {
			eachCall(b.ElseList, visit)
		}
	}
	switch n := n.(type) {
	case *parse.TemplateNode:
		visit(n)
	case *parse.ListNode:
		for _, child := range n.Nodes {
			eachCall(child, visit)
		}
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	}
}

// checkCalls makes sure that a page has a content, and that all it calls stands in the page, in the
// layout or in a partial that the page names.
func (set *templateSet) checkCalls(page string, partials []string) error {
	var open []string
	for name, file := range set.owner {
		if file == pageFile(page) {
			open = append(open, name)
		}
	}
	if !slices.Contains(open, ownName(page, "content")) {
		return fmt.Errorf("page %s defines no content", page)
	}
	seen := map[string]bool{}
	for len(open) > 0 {
		name := open[len(open)-1]
		open = open[:len(open)-1]
		if seen[name] {
			continue
		}
		seen[name] = true
		file := set.owner[name]
		partial := strings.TrimSuffix(path.Base(file), ".html")
		if file == "" {
			return fmt.Errorf("page %s calls template %q, which no file defines", page, name)
		}
		if strings.HasPrefix(file, "partials/") && !slices.Contains(partials, partial) {
			return fmt.Errorf("page %s calls template %q and does not name its partial %s", page, name, partial)
		}
		open = append(open, set.calls[name]...)
	}
	return nil
}

// escape escapes all templates in one go. Were they escaped one after the other, a partial that a first
// page calls in text and a second one in an attribute would be copied for the second after it had been
// changed for the first.
func (set *templateSet) escape() error {
	var calls strings.Builder
	calls.WriteString("{{if .}}")
	for _, name := range slices.Sorted(maps.Keys(set.owner)) {
		fmt.Fprintf(&calls, "{{template %q .}}", name)
	}
	calls.WriteString("{{end}}")
	_, err := set.all.Parse(calls.String())
	if err == nil {
		err = set.all.Execute(io.Discard, nil)
	}
	if err != nil {
		return fmt.Errorf("escape templates: %w", err)
	}
	return nil
}

// execute renders a template of a page: one of its own, or one that it shares with others.
func (set *templateSet) execute(w io.Writer, page, name string, data any) error {
	if full := ownName(page, name); set.owner[full] != "" {
		name = full
	}
	if set.owner[name] == "" {
		return fmt.Errorf("page %s has no template %q", page, name)
	}
	return set.all.ExecuteTemplate(w, name, data)
}

// contents keeps buffers for reuse; one holds the content of a page while its frame is drawn.
var contents = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// content is what the layout puts in its middle: the template "content" of the page.
func (set *templateSet) content(p page) (template.HTML, error) {
	buf, _ := contents.Get().(*bytes.Buffer)
	defer contents.Put(buf)
	buf.Reset()
	err := set.execute(buf, p.base().template, "content", p)
	return template.HTML(buf.String()), err //nolint:gosec // escaped by the template that wrote it
}
