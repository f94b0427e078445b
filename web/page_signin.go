package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/i18n"
)

type signInPage struct {
	Base
	User       string
	Next       string // path to go to afterwards
	NeedsSetup bool   // no account exists yet
	Ended      bool   // a session has just run out
}

func (s *Server) signInForm(c echo.Context) error {
	if a := auth.From(c.Request().Context()); a.Name != "" {
		return s.redirect(c, s.homePath(a))
	}
	p := &signInPage{Next: localPath(c.QueryParam("next"))}
	p.Title = "signin.title"
	p.Ended = p.Next != ""
	if s.Accounts != nil {
		var err error
		p.NeedsSetup, err = s.Accounts.NeedsSetup(c.Request().Context())
		if err != nil {
			return err
		}
	}
	return s.render(c, http.StatusOK, "signin", p)
}

// signIn gives every wrong name or password the same answer. Throttling is auth's affair; here it
// is shown as "wait".
func (s *Server) signIn(c echo.Context) error {
	if s.Accounts == nil {
		return errNoPage
	}
	p := &signInPage{User: c.FormValue("user"), Next: localPath(c.FormValue("next"))}
	p.Title = "signin.title"
	actor, err := s.Accounts.SignIn(c.Request().Context(), p.User, c.FormValue("password"), c.RealIP())
	if f := fault.As(err); f != nil && f.Kind != fault.Internal {
		p.Problem, p.Errors = f.Message, f.Fields
		status := http.StatusUnprocessableEntity
		if f.Kind == fault.Unavailable {
			status = http.StatusTooManyRequests
		}
		return s.render(c, status, "signin", p)
	}
	if err != nil {
		return err
	}
	err = s.beginSession(c, actor)
	if err != nil {
		return err
	}
	switch {
	case actor.MustChange:
		return s.redirect(c, "/account")
	case p.Next != "":
		return s.redirect(c, p.Next)
	}
	return s.redirect(c, s.homePath(actor))
}

func (s *Server) signOut(c echo.Context) error {
	ctx := c.Request().Context()
	err := s.Accounts.SignedOut(ctx)
	if err != nil {
		return err
	}
	err = s.sessions.Destroy(ctx)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return s.redirect(c, "/sign-in")
}

// language keeps the choice in a cookie, so that it also holds before sign-in.
func (s *Server) language(c echo.Context) error {
	lang := i18n.Indonesian
	if c.FormValue("lang") == i18n.English {
		lang = i18n.English
	}
	c.SetCookie(&http.Cookie{Name: cookieLanguage, Value: lang, Path: "/", MaxAge: 365 * 24 * 3600,
		HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode})
	back := localPath(c.FormValue("back"))
	if back == "" {
		back = "/"
	}
	return s.redirect(c, back)
}

type setupPage struct {
	Base
	Token, Name, User string
}

// setupForm is opened with the one-time link. The token stands behind a # so that it never reaches
// a server's or proxy's log; layak.js moves it into the form. Behind a ? it is taken, too.
func (s *Server) setupForm(c echo.Context) error {
	if s.Accounts == nil {
		return errNoPage
	}
	needed, err := s.Accounts.NeedsSetup(c.Request().Context())
	if err != nil {
		return err
	}
	if !needed {
		return fault.New(fault.NotFound, "setup_done", "Layak sudah disiapkan. Silakan masuk dengan akun Anda.")
	}
	p := &setupPage{Token: c.QueryParam("token")}
	p.Title = "setup.title"
	return s.render(c, http.StatusOK, "setup", p)
}

func (s *Server) setup(c echo.Context) error {
	if s.Accounts == nil {
		return errNoPage
	}
	p := &setupPage{Token: c.FormValue("token"), Name: c.FormValue("name"), User: c.FormValue("user")}
	p.Title = "setup.title"
	actor, err := s.Accounts.SetUp(c.Request().Context(), p.Token, p.User, p.Name, c.FormValue("password"))
	if f := fault.As(err); f != nil && f.Kind == fault.Forbidden {
		err = fault.New(fault.Invalid, f.Code, f.Message).At("token", f.Message)
	}
	if err != nil {
		return s.again(c, err, "setup", p)
	}
	err = s.beginSession(c, actor)
	if err != nil {
		return err
	}
	s.flash(c, "setup.done")
	return s.redirect(c, s.homePath(actor))
}
