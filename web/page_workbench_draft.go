package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/i18n"
	"layak/policy"
	"layak/policy/workbench"
)

// draftPage is one draft: what it changes, how it stands, and the way to a proposal.
type draftPage struct {
	Base
	Draft    workbench.Draft
	MayWrite bool // an open draft, and an actor who may
	GoesOn   bool // it is closed, and the reader may begin one from it
	Tries    bool // the reader may run rules that nobody has approved
	Changed  []fileChange
	Words    changeWords // the change in words
	Moved    *workbench.Moved
	Chosen   map[string]workbench.Choice // how conflicts were settled in a form that was refused
	Standing workbench.Standing
	Pending  bool                // how it stands is still looked at
	Busy     string              // why it was not begun yet
	Failed   []policy.TestResult // tests that did not pass
	Blocking []policy.Problem    // what keeps the rules from being used, the first of it
	Params   []paramGroup
	Open     string // parameter whose form is open after a refusal
	Typed    paramForm
	Note     string
	Confirm  string
	Unread   string // why the parameters cannot be shown as a form
}

// fileChange is one file that differs from the revision the draft began with.
type fileChange struct {
	Name  string
	Added bool
	Gone  bool
	Plus  int // lines
	Minus int
}

// paramEntry is one parameter with its value of today and those to come.
type paramEntry struct {
	policy.ParamSpec
	Now     policy.Param
	Text    string // the value as people write it
	Coming  []comingValue
	Changed bool // by this draft
	Plain   bool // one value that a form can hold
	Fields  []paramField
}

// comingValue is a value that holds from a day to come.
type comingValue struct{ ValidFrom, Text, Source string }

// paramField is one input of a parameter: its only one, or one per key of a map.
type paramField struct {
	policy.ParamSpec
	Input string // name of the input: "value" or "value.KEY"
	Value string
}

// paramForm is what was typed.
type paramForm struct{ Value, ValidFrom, Source string }

func (s *Server) draftView(c echo.Context) (*draftPage, error) {
	if s.Workbench == nil {
		return nil, errNoPage
	}
	ctx := c.Request().Context()
	d, err := s.Workbench.Draft(ctx, c.Param("id"))
	if err != nil {
		return nil, err
	}
	actor := auth.From(ctx)
	p := &draftPage{Draft: d, MayWrite: d.State == workbench.Open && actor.Can(auth.PolicyEdit), Tries: actor.Can(auth.PolicyTry)}
	p.Title, p.Section, p.Note = d.Name, "rules", d.Note
	p.GoesOn = d.State != workbench.Open && actor.Can(auth.PolicyEdit)
	base, err := s.baseFiles(ctx, d.Base)
	if err != nil {
		return nil, err
	}
	p.Changed = changedFiles(base, d.Files)
	p.Words = wordsOfChange(s.words.For(s.lang(c)), policy.Bundle{Files: base}, d.Bundle())
	moved, is, err := s.Workbench.Moved(ctx, d)
	if err != nil {
		return nil, err
	}
	if is {
		p.Moved = &moved
	}
	p.params(s.words.For(s.lang(c)), s.Clock().In(s.Zone).Format(time.DateOnly), base)
	err = s.draftStanding(ctx, p)
	return p, err
}

// fewProblems is how many problems stand on the page of a draft; the editor has all.
const fewProblems = 8

// draftStanding tells how the bytes of the draft stand.
func (s *Server) draftStanding(ctx context.Context, p *draftPage) (err error) {
	p.Standing, p.Pending, err = s.standing(ctx, p.Draft.Bundle())
	if f := fault.As(err); f != nil && f.Kind == fault.Unavailable {
		p.Pending, p.Busy, err = true, f.Message, nil
	}
	if err != nil || p.Pending {
		return err
	}
	if p.Moved != nil {
		p.Standing = p.Standing.Hinder(*p.Moved)
	}
	for _, x := range p.Standing.Report.Problems {
		if x.Blocks() && len(p.Blocking) < fewProblems {
			p.Blocking = append(p.Blocking, x)
		}
	}
	for _, t := range p.Standing.Report.Tests.Results {
		if !t.Pass {
			p.Failed = append(p.Failed, t)
		}
	}
	return nil
}

func (s *Server) draftOne(c echo.Context) error {
	p, err := s.draftView(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "draft", p)
}

// changedFiles lists the files that differ, with how many lines.
func changedFiles(base, files map[string][]byte) []fileChange {
	all := maps.Clone(files)
	for name := range base {
		if _, there := all[name]; !there {
			all[name] = nil
		}
	}
	var out []fileChange
	for _, name := range slices.Sorted(maps.Keys(all)) {
		old, was := base[name]
		text, is := files[name]
		if was == is && bytes.Equal(old, text) {
			continue
		}
		f := fileChange{Name: name, Added: !was, Gone: !is}
		for _, l := range diffLines(string(old), string(text)) {
			switch l.Kind {
			case '+':
				f.Plus++
			case '-':
				f.Minus++
			}
		}
		out = append(out, f)
	}
	return out
}

// paramsOfDraft lists the parameters with their values of the day and those to come, the ones that the
// draft changes first.
func paramsOfDraft(w *i18n.Printer, draft, base policy.Bundle, today string) ([]paramGroup, error) {
	specs, err := policy.ParamSpecs(draft)
	if err != nil {
		return nil, err
	}
	values, err := policy.Params(draft)
	if err != nil {
		return nil, err
	}
	var before map[string][]policy.Param
	if old, err := policy.Params(base); err == nil {
		before = byName(old)
	}
	now := byName(values)
	entries := make([]paramEntry, 0, len(specs))
	for _, spec := range specs {
		e := paramEntry{ParamSpec: spec, Changed: !sameValues(before[spec.Name], now[spec.Name])}
		for _, v := range now[spec.Name] {
			text := withUnit(orText(v.Label, valueText(w, v.Value)), v.Unit)
			if v.ValidFrom > today {
				e.Coming = append(e.Coming, comingValue{v.ValidFrom, text, v.Source})
			} else if e.Now.Name == "" {
				e.Now, e.Text = v, text
			}
		}
		e.Fields = paramFields(spec, e.Now.Value)
		e.Plain = len(e.Fields) > 0
		entries = append(entries, e)
	}
	return byTheme(entries), nil
}
func orText(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func byName(all []policy.Param) map[string][]policy.Param {
	out := map[string][]policy.Param{}
	for _, v := range all {
		out[v.Name] = append(out[v.Name], v)
	}
	return out
}

func sameValues(a, b []policy.Param) bool {
	return slices.EqualFunc(a, b, func(x, y policy.Param) bool {
		return x.ValidFrom == y.ValidFrom && x.Source == y.Source && fmt.Sprint(x.Value) == fmt.Sprint(y.Value)
	})
}

// paramFields are the inputs of a parameter: one, or one per key of a map with fixed keys. None when a
// form cannot hold it; then it is changed in the editor.
func paramFields(spec policy.ParamSpec, value any) []paramField {
	if spec.Kind != policy.KindMap {
		return []paramField{{spec, "value", fmt.Sprint(value)}}
	}
	members, _ := value.(map[string]any)
	var out []paramField
	for _, key := range spec.Keys {
		if key.Kind == policy.KindMap {
			return nil
		}
		out = append(out, paramField{key, "value." + key.Name, fmt.Sprint(members[key.Name])})
	}
	return out
}

// errParamText is what a person reads beside a value of the wrong kind.
var errParamText = errors.New("value of another kind")

// typedValue reads what was typed for a spec.
func typedValue(spec policy.ParamSpec, text string) (any, error) {
	text = strings.TrimSpace(text)
	switch spec.Kind {
	case policy.KindWhole:
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, errParamText
		}
		return n, nil
	case policy.KindYesNo:
		return text == "true", nil
	}
	return text, nil
}

// setParam writes one value of a parameter into the draft.
func (s *Server) setParam(c echo.Context) error {
	if s.Workbench == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	d, err := s.Workbench.Draft(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	form := paramForm{Value: c.FormValue("value"), ValidFrom: c.FormValue("valid_from"), Source: c.FormValue("source")}
	err = s.writeParam(c, d, form)
	if err == nil {
		s.flash(c, "workbench.param_saved")
		return s.redirect(c, "/rules/drafts/"+d.ID+"#params")
	}
	p, viewErr := s.draftView(c)
	if viewErr != nil {
		return viewErr
	}
	p.Open, p.Typed = c.FormValue("name"), form
	f := fault.As(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict {
		return err
	}
	p.Problem, p.Errors = f.Message, Problems(f.Fields)
	return s.render(c, http.StatusUnprocessableEntity, "draft", p)
}

func (s *Server) writeParam(c echo.Context, d workbench.Draft, form paramForm) error {
	version, err := draftVersion(c)
	if err != nil {
		return err
	}
	b := d.Bundle()
	specs, err := policy.ParamSpecs(b)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(specs, func(x policy.ParamSpec) bool { return x.Name == c.FormValue("name") })
	if i < 0 {
		return errNoPage
	}
	value, err := s.paramValue(c, specs[i])
	if err != nil {
		return err
	}
	change := policy.ParamChange{Name: specs[i].Name, Value: value, ValidFrom: form.ValidFrom, Source: form.Source}
	out, _, err := policy.SetParam(b, change, s.Clock().In(s.Zone).Format(time.DateOnly))
	if err != nil {
		return err
	}
	put := workbench.Change{Put: map[string][]byte{}}
	for name, text := range out.Files {
		if !bytes.Equal(text, d.Files[name]) {
			put.Put[name] = text
		}
	}
	_, err = s.Workbench.SaveDraft(c.Request().Context(), d.ID, version, put)
	return err
}

// paramValue reads the inputs of a parameter.
func (s *Server) paramValue(c echo.Context, spec policy.ParamSpec) (any, error) {
	fields := paramFields(spec, nil)
	members := map[string]any{}
	for _, f := range fields {
		v, err := typedValue(f.ParamSpec, c.FormValue(f.Input))
		if err != nil {
			const message = "Isi dengan bilangan bulat, tanpa titik atau huruf."
			return nil, fault.New(fault.Invalid, "param_value", message).At("value", message)
		}
		if f.Input == "value" {
			return v, nil
		}
		members[f.Name] = v
	}
	return members, nil
}

// draftVersion is the version of the draft that the person saw.
func draftVersion(c echo.Context) (int, error) {
	n, err := strconv.Atoi(c.FormValue("version"))
	if err != nil {
		return 0, fault.New(fault.Invalid, "version_missing", "Muat ulang halaman konsep, lalu ulangi.")
	}
	return n, nil
}
