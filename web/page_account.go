package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"layak/internal/auth"
)

// accountPage is one's own account: who I am, my password, where I am signed in.
type accountPage struct {
	Base
	Sessions []auth.Session
}

func (s *Server) accountView(c echo.Context) (*accountPage, error) {
	p := &accountPage{}
	p.Title, p.Section = "account.title", "account"
	var err error
	p.Sessions, err = s.Accounts.Sessions(c.Request().Context())
	return p, err
}

func (s *Server) account(c echo.Context) error {
	p, err := s.accountView(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "account", p)
}

func (s *Server) changePassword(c echo.Context) error {
	ctx := c.Request().Context()
	err := s.Accounts.ChangePassword(ctx, c.FormValue("old"), c.FormValue("new"))
	if err != nil {
		p, viewErr := s.accountView(c)
		if viewErr != nil {
			return viewErr
		}
		return s.again(c, err, "account", p)
	}
	actor, err := s.Accounts.Actor(ctx, auth.From(ctx).User)
	if err != nil {
		return err
	}
	err = s.beginSession(c, actor)
	if err != nil {
		return err
	}
	s.flash(c, "password.done")
	return s.redirect(c, "/account")
}

func (s *Server) endSession(c echo.Context) error {
	err := s.Accounts.EndSession(c.Request().Context(), c.FormValue("id"))
	if err != nil {
		return err
	}
	s.flash(c, "account.ended")
	return s.redirect(c, "/account")
}
