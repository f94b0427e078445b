package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"layak/internal/fault"
	"layak/policy/workbench"
)

// casePage makes a stored determination a test of a draft.
type casePage struct {
	Base
	Check  string // id of the determination
	Name   string
	Draft  string // chosen
	Drafts []workbench.Draft
}

func (s *Server) caseView(c echo.Context) (*casePage, error) {
	if s.Trials == nil || s.Drafting == nil {
		return nil, errNoPage
	}
	p := &casePage{Check: c.FormValue("check"), Name: c.FormValue("name"), Draft: c.FormValue("draft")}
	p.Title, p.Section = "cases.title", "rules"
	var err error
	p.Drafts, err = s.Drafting.Drafts(c.Request().Context(), true)
	return p, err
}

func (s *Server) newCase(c echo.Context) error {
	p, err := s.caseView(c)
	if err != nil {
		return err
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
	file, text, err := s.Trials.Case(ctx, p.Check, p.Name)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Conflict) {
		err = fault.New(fault.Invalid, "case_check", fault.As(err).Message).At("check", fault.As(err).Message)
	}
	if _, there := d.Files[file]; err == nil && there {
		const message = "Sudah ada kasus dengan nama ini di konsep itu. Pakai nama lain."
		err = fault.New(fault.Invalid, "case_twice", message).At("name", message)
	}
	if err == nil {
		_, err = s.Drafting.SaveDraft(ctx, d.ID, d.Version, workbench.Change{Put: map[string][]byte{file: text}})
	}
	if err != nil {
		return s.again(c, err, "case_new", p)
	}
	s.flash(c, "cases.done")
	return s.redirect(c, editorAddress(d.ID, file, 0))
}
