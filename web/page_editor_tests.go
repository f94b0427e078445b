package web

import (
	"encoding/json"
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/internal/fault"
	"layak/policy"
)

// testPanel is what the tests of a draft said.
type testPanel struct {
	ID      string // of the draft
	Report  policy.TestReport
	Groups  []testGroup
	Missing []policy.CauseCases // causes of refusal that lack a case
	Cover   string              // lines by file for the script, JSON
	Problem string              // why the tests could not be run
}

// testGroup holds the tests of one file.
type testGroup struct {
	File   string
	Name   string // without folder and ending
	Failed int
	Tests  []policy.TestResult
}

// coverLines is the part of a FileCoverage that the editor shades.
type coverLines struct {
	Yes []policy.LineRange `json:"yes"`
	No  []policy.LineRange `json:"no"`
}

// runTests runs the tests of the draft as it is saved; the script saves first.
func (s *Server) runTests(c echo.Context) error {
	d, err := s.draft(c)
	if err != nil {
		return err
	}
	report, err := s.Sandbox.Test(c.Request().Context(), d.Bundle())
	panel := &testPanel{ID: d.ID}
	if f := fault.As(err); f != nil && f.Kind == fault.Invalid {
		panel.Problem, err = f.Message, nil
	}
	if err != nil {
		return err
	}
	panel.fill(report)
	if c.Request().Header.Get("HX-Request") != "" {
		p := &editorPage{Draft: d, Tests: panel}
		return s.renderPart(c, http.StatusOK, "editor", "tests", p)
	}
	p, err := s.editorView(c, d, c.FormValue("file"), nil)
	if err != nil {
		return err
	}
	p.Tests = panel
	return s.showEditor(c, http.StatusOK, p)
}

// fill puts a report in the order in which it is read: what failed first within each file.
func (t *testPanel) fill(r policy.TestReport) {
	t.Report = r
	at := map[string]int{}
	for _, x := range r.Results {
		i, known := at[x.File]
		if !known {
			i = len(t.Groups)
			at[x.File] = i
			t.Groups = append(t.Groups, testGroup{File: x.File, Name: strings.TrimSuffix(path.Base(x.File), ".rego")})
		}
		g := &t.Groups[i]
		if x.Pass {
			g.Tests = append(g.Tests, x)
			continue
		}
		g.Tests = append(g.Tests[:g.Failed:g.Failed], append([]policy.TestResult{x}, g.Tests[g.Failed:]...)...)
		g.Failed++
	}
	for _, cause := range r.Causes {
		if cause.Missing != "" {
			t.Missing = append(t.Missing, cause)
		}
	}
	cover := map[string]coverLines{}
	for _, f := range r.Coverage {
		cover[f.File] = coverLines{f.Covered, f.NotCovered}
	}
	raw, err := json.Marshal(cover)
	if err == nil {
		t.Cover = string(raw)
	}
}

// All is how many tests there are.
func (t *testPanel) All() int { return t.Report.Passed + t.Report.Failed }
