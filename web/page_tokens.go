package web

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"layak/internal/auth"
)

// tokensPage is one's own API tokens. Secret is shown once, right after it was made.
type tokensPage struct {
	Base
	Tokens      []tokenRow
	Permissions []auth.Permission // that the role holds
	Form        tokenForm
	Secret      string
	Made        auth.Token
}

type tokenRow struct {
	auth.Token
	State string // "live", "expired", "revoked"
}

// tokenForm is what was typed. Only is empty for the whole role.
type tokenForm struct {
	Label, Days string
	Only        map[string]bool
}

func (s *Server) tokensView(c echo.Context, f tokenForm) (*tokensPage, error) {
	if s.Staffing == nil {
		return nil, errNoPage
	}
	ctx := c.Request().Context()
	list, err := s.Staffing.Tokens(ctx)
	if err != nil {
		return nil, err
	}
	return newTokensPage(list, auth.From(ctx).Role, f, s.Clock()), nil
}

func newTokensPage(list []auth.Token, role auth.Role, f tokenForm, now time.Time) *tokensPage {
	p := &tokensPage{Form: f}
	p.Title, p.Section = "tokens.title", "account"
	for _, perm := range role.Permissions() {
		if perm != auth.AccountOwn && perm != auth.TokenOwn {
			p.Permissions = append(p.Permissions, perm)
		}
	}
	for _, t := range list {
		row := tokenRow{t, "live"}
		switch {
		case t.RevokedAt != nil:
			row.State = "revoked"
		case !now.Before(t.ExpiresAt):
			row.State = "expired"
		}
		p.Tokens = append(p.Tokens, row)
	}
	return p
}

func (s *Server) tokens(c echo.Context) error {
	p, err := s.tokensView(c, tokenForm{Days: "30"})
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "tokens", p)
}

// issueToken answers with the page itself, because the secret must not wait in the session.
func (s *Server) issueToken(c echo.Context) error {
	if s.Staffing == nil {
		return errNoPage
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	f := tokenForm{Label: c.FormValue("label"), Days: strings.TrimSpace(c.FormValue("days")), Only: map[string]bool{}}
	n := auth.NewToken{Label: f.Label}
	n.Days, err = strconv.Atoi(f.Days)
	if err != nil || n.Days == 0 {
		n.Days = -1 // refused with the limits named
	}
	for _, v := range form["only"] {
		f.Only[v] = true
		n.Only = append(n.Only, auth.Permission(v))
	}
	secret, made, err := s.Staffing.IssueToken(c.Request().Context(), n)
	if err != nil {
		p, viewErr := s.tokensView(c, f)
		if viewErr != nil {
			return viewErr
		}
		return s.again(c, err, "tokens", p)
	}
	p, err := s.tokensView(c, tokenForm{Days: "30"})
	if err != nil {
		return err
	}
	p.Secret, p.Made = secret, made
	return s.render(c, http.StatusOK, "tokens", p)
}

func (s *Server) revokeToken(c echo.Context) error {
	if s.Staffing == nil {
		return errNoPage
	}
	err := s.Staffing.RevokeToken(c.Request().Context(), c.FormValue("id"))
	if err != nil {
		return err
	}
	s.flash(c, "tokens.revoked")
	return s.redirect(c, "/tokens")
}
