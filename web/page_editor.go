package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// Drafting reads and writes drafts of rules; *workbench.Service keeps it.
type Drafting interface {
	Drafts(ctx context.Context, open bool) ([]workbench.Draft, error)
	Draft(ctx context.Context, id string) (workbench.Draft, error)
	SaveDraft(ctx context.Context, id string, version int, c workbench.Change) (workbench.Draft, error)
}

// Sandbox tries rules that nobody has approved, in a process that can be killed; *worker.Pool keeps
// it. Rules that were cut off are a fault with a sentence for the officer.
type Sandbox interface {
	Verify(ctx context.Context, b policy.Bundle) ([]policy.Problem, error)
	Format(ctx context.Context, b policy.Bundle) (policy.Bundle, []string, error)
	Test(ctx context.Context, b policy.Bundle) (policy.TestReport, error)
}

// editorRoutes are the addresses of the editor of rules. All lie below /edit of a draft.
func (s *Server) editorRoutes() []Route {
	const get, post = http.MethodGet, http.MethodPost
	const read, try, write = auth.PolicyRead, auth.PolicyTry, auth.PolicyEdit
	const draft = "/rules/drafts/:id/edit"
	return []Route{
		{Method: get, Path: draft, Permission: read, Handler: s.editor},
		{Method: post, Path: draft, Permission: write, Handler: s.saveText, MaxBody: textBody},
		{Method: post, Path: draft + "/check", Permission: try, Handler: s.checkText, MaxBody: textBody},
		{Method: post, Path: draft + "/format", Permission: write, Handler: s.formatText, MaxBody: textBody},
		{Method: post, Path: draft + "/files", Permission: write, Handler: s.changeFiles},
		{Method: post, Path: draft + "/tests", Permission: try, Handler: s.runTests, Deadline: 45 * time.Second},
		{Method: get, Path: draft + "/words", Permission: read, Handler: s.editorWords},
	}
}

// textBody bounds a form with one file of rules in it: twice what a file may have, since a form
// writes many signs as three.
const textBody = 1 << 20

// editorPages are the page sets of the editor of rules.
var editorPages = map[string][]string{
	"editor": {"problems", "editor_parts", "test_report"},
}

// editorPage is one file of a draft, open for writing.
type editorPage struct {
	Base
	Draft    workbench.Draft
	File     string
	Text     string
	Files    []editorFile
	Problems []policy.Problem
	Cut      string // why the rules could not be looked at; "" when they could
	ReadOnly bool
	Nonce    string // lets the editor write its own styles, in this answer only
	Say      string // words of the script, JSON
	Tests    *testPanel
	Tries    bool   // the reader may run rules that nobody has approved
	Trials   bool   // test people can be tried
	Add      string // a file name that was refused
}

// editorFile is one file of the list.
type editorFile struct {
	Name     string
	Title    string // what it holds, "" for a file that the program does not know
	Changed  bool   // differs from the revision that the draft began with
	Problems int
	Current  bool
	Test     bool
}

// Rego tells whether the open file holds rules, so that it can be laid out.
func (p *editorPage) Rego() bool { return strings.HasSuffix(p.File, ".rego") }

// Removable tells whether the open file may be taken out of the draft.
func (p *editorPage) Removable() bool { return p.Rego() && !p.ReadOnly }

// Blocking is how many problems keep the rules from being used.
func (p *editorPage) Blocking() int {
	n := 0
	for _, x := range p.Problems {
		if x.Blocks() {
			n++
		}
	}
	return n
}

func (s *Server) editor(c echo.Context) error {
	d, err := s.draft(c)
	if err != nil {
		return err
	}
	p, err := s.editorView(c, d, c.QueryParam("file"), nil)
	if err != nil {
		return err
	}
	return s.showEditor(c, http.StatusOK, p)
}

// draft opens the draft that the address names.
func (s *Server) draft(c echo.Context) (workbench.Draft, error) {
	if s.Drafting == nil || s.Sandbox == nil {
		return workbench.Draft{}, errNoPage
	}
	return s.Drafting.Draft(c.Request().Context(), c.Param("id"))
}

// editorView gathers what the page shows of one file; typed stands in its place when it is not nil.
func (s *Server) editorView(c echo.Context, d workbench.Draft, file string, typed []byte) (*editorPage, error) {
	ctx := c.Request().Context()
	if _, ok := d.Files[file]; !ok {
		file = firstFile(d)
	}
	actor := auth.From(ctx)
	p := &editorPage{Draft: d, File: file, ReadOnly: d.State != workbench.Open || !actor.Can(auth.PolicyEdit), Tries: actor.Can(auth.PolicyTry)}
	p.Trials = p.Tries && s.Trials != nil
	p.Title, p.Section = d.Name, "rules"
	if typed != nil {
		d.Files = maps.Clone(d.Files)
		d.Files[file] = typed
	}
	p.Text = string(d.Files[file])
	var err error
	if p.Tries {
		p.Problems, err = s.Sandbox.Verify(ctx, d.Bundle())
	}
	if f := fault.As(err); f != nil && (f.Kind == fault.Invalid || f.Kind == fault.Unavailable) { // the text can be read all the same
		p.Cut, err = f.Message, nil
	}
	if err != nil {
		return nil, err
	}
	base, err := s.baseFiles(ctx, d.Base)
	if err != nil {
		return nil, err
	}
	p.Files = s.editorFiles(c, d, base, p)
	p.Say, err = s.editorSay(c)
	return p, err
}

func (p *editorPage) styleNonce() string { return p.Nonce }

// showEditor sends the page. The editor writes its styles while it runs, which the policy of the
// other pages forbids: this answer carries a secret that allows it for this page alone.
func (s *Server) showEditor(c echo.Context, status int, p *editorPage) error {
	p.Nonce = rand.Text()
	c.Response().Header().Set("Content-Security-Policy", withStyleNonce(contentPolicy, p.Nonce))
	return s.render(c, status, "editor", p)
}

func withStyleNonce(rules, nonce string) string {
	return strings.Replace(rules, "style-src 'self'", "style-src 'self' 'nonce-"+nonce+"'", 1)
}

// firstFile is what the editor opens when no file is named: need.rego of the shipped rules, or the
// first file with rules.
func firstFile(d workbench.Draft) string {
	paths := d.Paths()
	for _, name := range paths {
		if strings.HasSuffix(name, ".rego") && !strings.HasSuffix(name, "_test.rego") {
			return name
		}
	}
	if len(paths) > 0 {
		return paths[0]
	}
	return ""
}

// editorFiles lists the files of the draft: parameters first, then rules with their tests, then schemas.
func (s *Server) editorFiles(c echo.Context, d workbench.Draft, base map[string][]byte, p *editorPage) []editorFile {
	w := s.words.For(s.lang(c))
	var list []editorFile
	for _, name := range d.Paths() {
		f := editorFile{Name: name, Current: name == p.File, Test: strings.HasSuffix(name, "_test.rego")}
		before, there := base[name]
		f.Changed = !there || !bytes.Equal(before, d.Files[name])
		for _, x := range p.Problems {
			if x.File == name {
				f.Problems++
			}
		}
		key := "rulefile." + strings.NewReplacer("/", "_", ".rego", "").Replace(name)
		if w.Has(key) {
			f.Title = w.T(key)
		}
		list = append(list, f)
	}
	rank := func(f editorFile) int {
		switch {
		case strings.HasSuffix(f.Name, "data.json"):
			return 0
		case strings.HasPrefix(f.Name, "routing/") && strings.HasSuffix(f.Name, ".rego"):
			return 2
		case strings.HasSuffix(f.Name, ".rego"):
			return 1
		}
		return 3
	}
	slices.SortStableFunc(list, func(a, b editorFile) int { return rank(a) - rank(b) })
	return list
}

// bundleMemo keeps the files of a few revisions: they never change.
type bundleMemo struct {
	mu    sync.Mutex
	files map[string]map[string][]byte
}

// baseFiles gives the files of a stored revision; they are shared and must not be written.
func (s *Server) baseFiles(ctx context.Context, hash string) (map[string][]byte, error) {
	s.bases.mu.Lock()
	files, known := s.bases.files[hash]
	s.bases.mu.Unlock()
	if known {
		return files, nil
	}
	rev, err := s.Policies.Revision(ctx, hash)
	if fault.Is(err, fault.NotFound) {
		return nil, nil // nothing to compare with: every file counts as changed
	}
	if err != nil {
		return nil, err
	}
	b, err := policy.ReadTarGz(bytes.NewReader(rev.Bundle))
	if err != nil {
		return nil, fmt.Errorf("read revision %s: %w", hash, err)
	}
	s.bases.mu.Lock()
	defer s.bases.mu.Unlock()
	if s.bases.files == nil || len(s.bases.files) >= 4 {
		s.bases.files = map[string]map[string][]byte{}
	}
	s.bases.files[hash] = b.Files
	return b.Files, nil
}

// editorSayKeys are the messages that the script shows by itself.
var editorSayKeys = []string{"typing", "saving", "saved", "formatted", "offline", "ended", "conflict", "refused", "problems", "noproblem", "first",
	"warning", "error", "fix", "code", "noword", "covered", "uncovered", "mine", "theirs", "stored", "signin", "down"}

func (s *Server) editorSay(c echo.Context) (string, error) {
	w, say := s.words.For(s.lang(c)), map[string]string{}
	for _, key := range editorSayKeys {
		say[key] = w.T("editor.say_" + key)
	}
	raw, err := json.Marshal(say)
	return string(raw), err
}

// editorAddress is the page of one file, with the line when there is one.
func editorAddress(id, file string, row int) string {
	to := "/rules/drafts/" + id + "/edit?file=" + url.QueryEscape(file)
	if row > 0 {
		to += "#L" + strconv.Itoa(row)
	}
	return to
}
