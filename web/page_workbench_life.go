package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/internal/fault"
	"layak/policy/workbench"
)

// choiceField begins the name of the field that settles one conflict; its key follows.
const choiceField = "choice:"

// chosen are the settled conflicts of a form.
func chosen(c echo.Context) map[string]workbench.Choice {
	out := map[string]workbench.Choice{}
	form, err := c.FormParams()
	if err != nil {
		return out
	}
	for name := range form {
		if key, is := strings.CutPrefix(name, choiceField); is {
			out[key] = workbench.Choice(form.Get(name))
		}
	}
	return out
}

// bringUp takes over what changed in the rules in force since the draft began.
func (s *Server) bringUp(c echo.Context) error {
	return s.onDraft(c, func(id string, version int) (string, string, error) {
		_, err := s.Workbench.BringUp(c.Request().Context(), id, version, workbench.Settled{Active: c.FormValue("active"), Choices: chosen(c)})
		return "workbench.up", "/rules/drafts/" + id, err
	})
}

func (s *Server) withdrawDraft(c echo.Context) error {
	return s.onDraft(c, func(id string, version int) (string, string, error) {
		return "workbench.withdrawn", "/rules/drafts", s.Workbench.WithdrawDraft(c.Request().Context(), id, version)
	})
}

// propose freezes the draft as the person saw it.
func (s *Server) propose(c echo.Context) error {
	return s.onDraft(c, func(id string, version int) (string, string, error) {
		p, err := s.Workbench.Propose(c.Request().Context(), id, version, workbench.Ask{Note: c.FormValue("note"), Confirm: c.FormValue("confirm")})
		return "workbench.proposed", "/rules/proposals/" + p.Hash, err
	})
}

// onDraft does one act on a draft at the version that was seen; a form that was not accepted comes back
// with what was typed.
func (s *Server) onDraft(c echo.Context, act func(id string, version int) (said, to string, err error)) error {
	if s.Workbench == nil {
		return errNoPage
	}
	version, err := draftVersion(c)
	var said, to string
	if err == nil {
		said, to, err = act(c.Param("id"), version)
	}
	if err == nil {
		s.flash(c, said)
		return s.redirect(c, to)
	}
	p, viewErr := s.draftView(c)
	if viewErr != nil {
		return viewErr
	}
	if form, err := c.FormParams(); err == nil && form.Has("note") {
		p.Note, p.Confirm = form.Get("note"), form.Get("confirm")
	}
	f := fault.As(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict {
		return err
	}
	p.Chosen = chosen(c)
	p.Problem, p.Errors = f.Message, Problems(f.Fields)
	return s.render(c, http.StatusUnprocessableEntity, "draft", p)
}
