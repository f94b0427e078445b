package web

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/internal/i18n"
)

//go:embed templates
var templateFiles embed.FS

// pageSets are all sets of all parts of the program; each part names its own beside its pages.
var pageSets = together(officePages, hoursPages, replyPages, recheckPages, worklistPages, reportPages, queuePages, handoverPages, editorPages, workbenchPages, trialPages, lawbookPages, impactPages)

func together(parts ...map[string][]string) map[string][]string {
	all := map[string][]string{}
	for _, p := range parts {
		maps.Copy(all, p)
	}
	return all
}

// officePages names every page template with the partials it uses beside the layout. A file that no
// set names, or a set that names no file, stops the start.
var officePages = map[string][]string{
	"error":         nil,
	"signin":        {"problems"},
	"setup":         {"problems"},
	"account":       {"problems"},
	"home":          {"lines", "tick"},
	"complaints":    {"problems", "lines", "tick", "words"},
	"complaint":     {"problems", "lines", "inputs", "composer", "moves", "facts"},
	"complaint_new": {"problems", "inputs", "villages"},
	"registrations": nil,
	"more":          nil,
	"about":         nil,
	"check":         {"problems", "matches", "villages"},
	"result":        {"verdict", "findings", "papers", "household", "problems", "person", "villages"},
	"result_print":  {"verdict"},
	"family":        nil,
	"rules":         nil,
	"staff":         {"problems", "staff"},
	"staff_one":     {"problems", "staff"},
	"units":         nil,
	"unit":          {"problems"},
	"tokens":        {"problems"},
	"audit":         {"problems"},
	"imports":       {"problems", "import"},
	"import":        {"problems", "import"},
	"upload":        {"problems", "import"},
	"rule":          nil,
	"gallery":       nil,
}

// renderer holds the templates of each language. They are made at the start, so that a mistake in one
// stops it and the first page that somebody opens is as quick as the next.
type renderer struct {
	server *Server
	files  fs.FS
	sets   map[string]*templateSet // by language
}

func newRenderer(s *Server) (*renderer, error) {
	sub, err := fs.Sub(templateFiles, "templates")
	if err != nil {
		return nil, fmt.Errorf("open templates: %w", err)
	}
	r := &renderer{server: s, files: sub, sets: map[string]*templateSet{}}
	err = r.checkDeclared()
	if err != nil {
		return nil, err
	}
	for _, lang := range i18n.Languages {
		r.sets[lang], err = r.read(lang)
		if err != nil {
			return nil, err
		}
	}
	return r, nil
}

// checkDeclared compares the files with pageSets.
func (r *renderer) checkDeclared() error {
	used := map[string]bool{layoutFile: true}
	for name, partials := range pageSets {
		used[pageFile(name)] = true
		for _, p := range partials {
			used[partialFile(p)] = true
		}
	}
	err := fs.WalkDir(r.files, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if !used[p] {
			return fmt.Errorf("template %s is used by no page", p)
		}
		delete(used, p)
		return nil
	})
	if err != nil {
		return err
	}
	for p := range used {
		return fmt.Errorf("template %s is declared but missing", p)
	}
	return nil
}

func (r *renderer) read(lang string) (*templateSet, error) {
	return newTemplateSet(r.files, pageSets, r.server.templateFuncs(r.server.words.For(lang)))
}

// templates gives those of one language; in development they are read from disk anew.
func (r *renderer) templates(lang string) (*templateSet, error) {
	if r.server.Dev {
		if _, err := os.Stat("web/templates/layout.html"); err == nil {
			return (&renderer{server: r.server, files: os.DirFS("web/templates")}).read(lang)
		}
	}
	set, ok := r.sets[lang]
	if !ok {
		return nil, fmt.Errorf("language %q has no templates", lang)
	}
	return set, nil
}

// write renders a template of a page into a buffer.
func (r *renderer) write(lang, name, part string, p page) ([]byte, error) {
	set, err := r.templates(lang)
	if err != nil {
		return nil, err
	}
	p.base().template = name
	var buf bytes.Buffer
	err = set.execute(&buf, name, part, p)
	if err != nil {
		return nil, fmt.Errorf("render %s of %s: %w", part, name, err)
	}
	return buf.Bytes(), nil
}

// render sends a whole page.
func (s *Server) render(c echo.Context, status int, name string, p page) error {
	return s.renderPart(c, status, name, layoutFile, p)
}

// renderPart sends one named template of a page, for htmx to put in place.
func (s *Server) renderPart(c echo.Context, status int, name, part string, p page) error {
	s.fill(c, p.base())
	body, err := s.pages.write(p.base().Lang, name, part, p)
	if err != nil {
		return err
	}
	c.Response().Header().Add("Vary", "Cookie, HX-Request")
	return c.HTMLBlob(status, body)
}

// again shows a form a second time with what was typed when err is about the form; any other
// error is given back.
func (s *Server) again(c echo.Context, err error, name string, p page) error {
	if !p.base().refuse(err) {
		return err
	}
	return s.render(c, http.StatusUnprocessableEntity, name, p)
}

// pageNames lists the pages, sorted.
func pageNames() []string {
	var names []string
	for n := range pageSets {
		names = append(names, n)
	}
	slices.SortFunc(names, strings.Compare)
	return names
}
