package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"layak/eligibility/trial"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy/workbench"
)

// Casing makes tests of the rules out of stored determinations; *trial.Desk keeps it. Who writes rules gives an id
// and sees an outcome and codes, never a person.
type Casing interface {
	Case(ctx context.Context, id, name string) (trial.Made, error)
	Outline(ctx context.Context, id string) (trial.Wish, error)
	Wish(ctx context.Context, check, note string) error
	Wishes(ctx context.Context) ([]trial.Wish, error)
	CloseWish(ctx context.Context, check string) error
}

// caseRoutes are the addresses of cases and of what desks propose as such.
func (s *Server) caseRoutes() []Route {
	const get, post = http.MethodGet, http.MethodPost
	return []Route{
		{Method: get, Path: "/rules/cases/new", Permission: auth.PolicyEdit, Handler: s.newCase},
		{Method: post, Path: "/rules/cases", Permission: auth.PolicyEdit, Handler: s.addCase},
		{Method: get, Path: "/rules/wishes/new", Permission: auth.CheckPerson, Handler: s.newWish},
		{Method: post, Path: "/rules/wishes", Permission: auth.CheckPerson, Handler: s.addWish},
		{Method: post, Path: "/rules/wishes/close", Permission: auth.PolicyEdit, Handler: s.closeWish},
	}
}

// casePage makes a stored determination a test of a draft.
type casePage struct {
	Base
	Check  string // id of the determination
	Name   string
	Draft  string // chosen
	Drafts []workbench.Draft
	Shows  *trial.Wish // outcome and codes; nil while no determination is named
	Wished bool        // a desk proposed it
}

func (s *Server) caseView(c echo.Context) (*casePage, error) {
	if s.Trials == nil || s.Drafting == nil {
		return nil, errNoPage
	}
	ctx := c.Request().Context()
	p := &casePage{Check: c.FormValue("check"), Name: c.FormValue("name"), Draft: c.FormValue("draft")}
	p.Title, p.Section = "cases.title", "rules"
	var err error
	p.Drafts, err = s.Drafting.Drafts(ctx, true)
	if err != nil {
		return nil, err
	}
	wishes, err := s.Trials.Wishes(ctx)
	if i := slices.IndexFunc(wishes, func(w trial.Wish) bool { return w.Check == p.Check }); i >= 0 {
		p.Shows, p.Wished = &wishes[i], true
		if p.Name == "" {
			p.Name = wishes[i].Note
		}
	}
	return p, err
}

func (s *Server) newCase(c echo.Context) error {
	p, err := s.caseView(c)
	if err != nil {
		return err
	}
	if p.Check != "" && p.Shows == nil {
		shows, err := s.Trials.Outline(c.Request().Context(), p.Check)
		switch {
		case err == nil:
			p.Shows = &shows
		case fault.Is(err, fault.NotFound):
			p.Errors = Problems{{Name: "check", Message: fault.As(err).Message}}
		default:
			return err
		}
	}
	return s.render(c, http.StatusOK, "case_new", p)
}

func (s *Server) addCase(c echo.Context) error {
	p, err := s.caseView(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	d, err := s.Drafting.Draft(ctx, p.Draft)
	if err != nil {
		return err
	}
	made, err := s.Trials.Case(ctx, p.Check, p.Name)
	if f := fault.As(err); f != nil && (f.Kind == fault.NotFound || f.Kind == fault.Conflict) {
		err = fault.New(fault.Invalid, "case_check", f.Message).At("check", f.Message)
	}
	if _, there := d.Files[made.File]; err == nil && there {
		const message = "Sudah ada kasus dengan nama ini di konsep itu. Pakai nama lain."
		err = fault.New(fault.Invalid, "case_twice", message).At("name", message)
	}
	if err == nil {
		_, err = s.Drafting.SaveDraft(ctx, d.ID, d.Version, workbench.Change{Put: map[string][]byte{made.File: []byte(made.Text)}})
	}
	if err == nil && p.Wished {
		err = s.Trials.CloseWish(ctx, p.Check)
	}
	if err != nil {
		return s.again(c, err, "case_new", p)
	}
	said := "cases.done"
	if made.RealDays {
		said = "cases.done_real"
	}
	s.flash(c, said)
	return s.redirect(c, editorAddress(d.ID, made.File, 0))
}

// wishPage proposes a check as a case.
type wishPage struct {
	Base
	Check string
	Note  string
}

func (s *Server) wishView(c echo.Context) (*wishPage, error) {
	if s.Trials == nil {
		return nil, errNoPage
	}
	p := &wishPage{Check: c.FormValue("check"), Note: c.FormValue("note")}
	if p.Check == "" {
		return nil, errNoPage
	}
	p.Title, p.Section = "wishes.title", "checks"
	return p, nil
}

func (s *Server) newWish(c echo.Context) error {
	p, err := s.wishView(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "wish_new", p)
}

func (s *Server) addWish(c echo.Context) error {
	p, err := s.wishView(c)
	if err != nil {
		return err
	}
	err = s.Trials.Wish(c.Request().Context(), p.Check, p.Note)
	if fault.Is(err, fault.Conflict) {
		err = fault.New(fault.Invalid, "wish_known", fault.As(err).Message)
	}
	if err != nil {
		return s.again(c, err, "wish_new", p)
	}
	s.flash(c, "wishes.done")
	return s.redirect(c, "/checks/"+url.PathEscape(p.Check))
}

func (s *Server) closeWish(c echo.Context) error {
	if s.Trials == nil {
		return errNoPage
	}
	err := s.Trials.CloseWish(c.Request().Context(), c.FormValue("check"))
	if err != nil {
		return err
	}
	s.flash(c, "wishes.closed")
	return s.redirect(c, "/rules/drafts")
}
