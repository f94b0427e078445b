package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/eligibility"
	"layak/eligibility/trial"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// Trials tries rules on people before anything counts; *trial.Desk keeps it.
type Trials interface {
	People(ctx context.Context) ([]trial.Person, error)
	Person(ctx context.Context, id string) (trial.Person, error)
	Save(ctx context.Context, p trial.Person) (trial.Person, error)
	Remove(ctx context.Context, id string) error
	Run(ctx context.Context, tried, active policy.Bundle, day eligibility.Date) ([]trial.Comparison, error)
	Route(ctx context.Context, tried, active policy.Bundle, day eligibility.Date) ([]trial.Routed, error)
	Real(ctx context.Context, on trial.Tried, nik eligibility.NIK, purpose string) (trial.Comparison, error)
	Casing
	Explain(ctx context.Context, rules policy.Bundle, id string, day eligibility.Date) (trial.Person, policy.Explanation, error)
}

// trialRoutes are the addresses of test people. A NIK travels in the body alone.
func (s *Server) trialRoutes() []Route {
	const get, post = http.MethodGet, http.MethodPost
	const read, try, write = auth.PolicyRead, auth.PolicyTry, auth.PolicyEdit
	const draft = "/rules/drafts/:id/edit"
	return append(s.caseRoutes(), []Route{
		{Method: get, Path: draft + "/people", Permission: try, Handler: s.tryPeople},
		{Method: post, Path: draft + "/people", Permission: write, Handler: s.tryReal},
		{Method: get, Path: draft + "/people/:person", Permission: try, Handler: s.explainPerson},
		{Method: get, Path: "/rules/people", Permission: read, Handler: s.testPeople},
		{Method: post, Path: "/rules/people", Permission: write, Handler: s.saveTestPerson},
		{Method: get, Path: "/rules/people/new", Permission: write, Handler: s.newTestPerson},
		{Method: get, Path: "/rules/people/:person", Permission: read, Handler: s.testPerson},
		{Method: post, Path: "/rules/people/:person/remove", Permission: write, Handler: s.removeTestPerson},
	}...)
}

// trialPages are the page sets of test people.
var trialPages = map[string][]string{
	"try_people":  {"problems", "trial_parts"},
	"try_person":  {"trial_parts"},
	"test_people": nil,
	"case_new":    {"problems"},
	"wish_new":    {"problems"},
	"test_person": {"problems", "villages", "papers"},
}

// tryPeoplePage is a draft on all test people beside the rules in force, or on one real resident.
type tryPeoplePage struct {
	Base
	Draft   workbench.Draft
	Day     string // on which the people are tried
	Begins  bool   // the draft has values that begin on that day, and it is yet to come
	Part    bool   // asked for by a page that tells nothing of the day itself
	Rows    []trial.Comparison
	Differ  int    // people with another answer
	Reasons int    // people with the same answer for other reasons
	Cut     string // why the draft could not be tried
	Told    []toldComplaint
	Otherly int    // fictional complaints that are handled otherwise
	CutTold string // why the draft could not be tried on complaints
	Real    *trial.Comparison
	NIK     string // as it was typed, when it was refused
	Purpose string
	Note    string
}

// ruleSets gives the draft that the address names and the rules in force, as bundles.
func (s *Server) ruleSets(c echo.Context) (d workbench.Draft, active policy.Bundle, err error) {
	if s.Trials == nil {
		return d, active, errNoPage
	}
	d, err = s.draft(c)
	if err != nil {
		return d, active, err
	}
	ctx := c.Request().Context()
	list, err := s.Policies.Revisions(ctx)
	if err != nil {
		return d, active, err
	}
	for _, rev := range list {
		if rev.Stage == policy.Active {
			active.Files, err = s.baseFiles(ctx, rev.Hash)
			return d, active, err
		}
	}
	return d, active, errNoPage
}

// trialDay reads the day of a trial; "" and nonsense are the day that counts for the draft: on the day before its
// values begin it would seem to change nothing. Begins tells whether such values begin on the day, yet to come.
func (s *Server) trialDay(c echo.Context, d workbench.Draft, active policy.Bundle) (day eligibility.Date, begins bool) {
	today := string(eligibility.DateOf(s.Clock().In(s.Zone)))
	apart := policy.DaysApart(active, d.Bundle())
	day, err := eligibility.ParseDate(c.FormValue("day"))
	if err != nil {
		day = eligibility.Date(policy.DayThatCounts(apart, today))
	}
	return day, string(day) > today && slices.Contains(apart, string(day))
}

// tryView runs the draft on the test people.
func (s *Server) tryView(c echo.Context) (*tryPeoplePage, policy.Bundle, error) {
	d, active, err := s.ruleSets(c)
	if err != nil {
		return nil, active, err
	}
	day, begins := s.trialDay(c, d, active)
	p := &tryPeoplePage{Draft: d, Day: string(day), Begins: begins}
	p.Title, p.Section = "trials.title", "rules"
	p.Rows, err = s.Trials.Run(c.Request().Context(), d.Bundle(), active, day)
	if f := fault.As(err); f != nil && f.Kind == fault.Invalid {
		p.Cut, err = f.Message, nil
	}
	for _, r := range p.Rows {
		switch r.Kind {
		case trial.OtherOutcome:
			p.Differ++
		case trial.OtherReason:
			p.Reasons++
		}
	}
	if err != nil {
		return p, active, err
	}
	return p, active, s.tellComplaints(c, p, active)
}

func (s *Server) tryPeople(c echo.Context) error {
	p, _, err := s.tryView(c)
	if err != nil {
		return err
	}
	if c.Request().Header.Get("HX-Request") != "" {
		p.Part = true
		return s.renderPart(c, http.StatusOK, "try_people", "trial_rows", p)
	}
	return s.render(c, http.StatusOK, "try_people", p)
}

// tryReal tries one real resident. The answer is shown once and kept nowhere.
func (s *Server) tryReal(c echo.Context) error {
	p, active, err := s.tryView(c)
	if err != nil {
		return err
	}
	p.NIK, p.Purpose = c.FormValue("nik"), strings.TrimSpace(c.FormValue("purpose"))
	nik, err := eligibility.ParseNIK(p.NIK)
	if f := fault.As(err); f != nil {
		err = f.At("nik", f.Message)
	}
	if err == nil {
		var one trial.Comparison
		one, err = s.Trials.Real(c.Request().Context(), trial.Tried{Draft: p.Draft.ID, Rules: p.Draft.Bundle(), Active: active, Day: eligibility.Date(p.Day)}, nik, p.Purpose)
		p.Real = &one
	}
	if err != nil {
		p.Real = nil
		return s.again(c, err, "try_people", p)
	}
	p.NIK, p.Purpose = "", ""
	return s.render(c, http.StatusOK, "try_people", p)
}

// tryPersonPage tells how both sets of rules come to their answer about one test person.
type tryPersonPage struct {
	Base
	Draft  workbench.Draft
	Person trial.Person
	Day    string
	Sides  []explained
}

// explained is one answer with its steps.
type explained struct {
	Title string // message key
	policy.Explanation
	Problem string
}

func (s *Server) explainPerson(c echo.Context) error {
	d, active, err := s.ruleSets(c)
	if err != nil {
		return err
	}
	day, _ := s.trialDay(c, d, active)
	p := &tryPersonPage{Draft: d, Day: string(day)}
	p.Section = "rules"
	for _, side := range []struct {
		title string
		rules policy.Bundle
	}{{"trials.by_draft", d.Bundle()}, {"trials.by_active", active}} {
		e := explained{Title: side.title}
		p.Person, e.Explanation, err = s.Trials.Explain(c.Request().Context(), side.rules, c.Param("person"), day)
		if f := fault.As(err); f != nil && f.Kind == fault.Invalid {
			e.Problem, err = f.Message, nil
		}
		if err != nil {
			return err
		}
		p.Sides = append(p.Sides, e)
	}
	p.Title = p.Person.Name
	return s.render(c, http.StatusOK, "try_person", p)
}

// testPeoplePage lists the people of the installation and the samples.
type testPeoplePage struct {
	Base
	Own     []trial.Person
	Samples []trial.Person
}

func (s *Server) testPeople(c echo.Context) error {
	if s.Trials == nil {
		return errNoPage
	}
	all, err := s.Trials.People(c.Request().Context())
	if err != nil {
		return err
	}
	p := &testPeoplePage{}
	p.Title, p.Section = "trials.people", "rules"
	for _, x := range all {
		if x.Sample {
			p.Samples = append(p.Samples, x)
		} else {
			p.Own = append(p.Own, x)
		}
	}
	return s.render(c, http.StatusOK, "test_people", p)
}

func (s *Server) removeTestPerson(c echo.Context) error {
	if s.Trials == nil {
		return errNoPage
	}
	err := s.Trials.Remove(c.Request().Context(), c.Param("person"))
	if err != nil {
		return err
	}
	s.flash(c, "trials.removed")
	return s.redirect(c, "/rules/people")
}
