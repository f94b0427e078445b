package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"layak/internal/auth"
	"layak/internal/fault"
)

var (
	errNoPage   = fault.New(fault.NotFound, "page_not_found", "Halaman ini tidak ada atau bukan untuk unit Anda.")
	errTooLarge = fault.New(fault.Invalid, "body_too_large", "Kiriman terlalu besar.")
	errOrigin   = fault.New(fault.Forbidden, "origin_refused", "Permintaan ini tidak datang dari halaman Layak. Buka halamannya lagi, lalu ulangi.")
	errForm     = fault.New(fault.Forbidden, "form_expired", "Halaman ini sudah terlalu lama terbuka. Muat ulang halaman, lalu kirim lagi.")
	errBearer   = fault.New(fault.Forbidden, "token_missing", "Kirim token API pada kepala Authorization: Bearer.")
)

// guard is what stands before every handler: size limit, deadline, who is it, may they, and for a
// write whether it is their own.
func (s *Server) guard(r Route) echo.HandlerFunc {
	if r.Handler == nil || r.Public == (r.Permission != "") {
		panic("web: route " + r.Method + " " + r.Path + " is neither public nor bound to a permission")
	}
	if r.MaxBody == 0 {
		r.MaxBody = 256 << 10
	}
	if r.Deadline == 0 {
		r.Deadline = 20 * time.Second
	}
	return func(c echo.Context) error {
		req := c.Request()
		if req.ContentLength > r.MaxBody {
			return errTooLarge
		}
		req.Body = http.MaxBytesReader(c.Response(), req.Body, r.MaxBody)
		// Nobody acts until this request has proved who it is, whoever started the process.
		ctx, cancel := context.WithTimeout(auth.With(req.Context(), auth.Actor{}), r.Deadline)
		defer cancel()
		c.SetRequest(req.WithContext(ctx))
		defer dropForm(c)
		if r.api() {
			return s.guardAPI(c, r)
		}
		if strings.HasPrefix(r.Path, "/static/") || r.Path == "/healthz" || r.Path == "/readyz" || r.Path == "/metrics" {
			return r.Handler(c)
		}
		return s.guardPage(c, r)
	}
}

// dropForm deletes what a large form left on disk: workbooks of people and photos of patients. The
// HTTP server does so only for the request that it made itself, and handlers work on copies.
func dropForm(c echo.Context) {
	if form := c.Request().MultipartForm; form != nil {
		_ = form.RemoveAll()
	}
}

func (s *Server) guardAPI(c echo.Context, r Route) error {
	if r.Public {
		return r.Handler(c)
	}
	if s.Accounts == nil {
		return errNoPage
	}
	scheme, bearer, _ := strings.Cut(c.Request().Header.Get(echo.HeaderAuthorization), " ")
	if !strings.EqualFold(scheme, "Bearer") || bearer == "" {
		return unauthorized{errBearer}
	}
	actor, err := s.bearerOf(c, strings.TrimSpace(bearer))
	if err != nil {
		return err
	}
	err = actor.Require(r.Permission)
	if err != nil {
		return err
	}
	c.SetRequest(c.Request().WithContext(auth.With(c.Request().Context(), actor)))
	return r.Handler(c)
}

// guardPage asks who it is and whether they may before it reads a form: only people who may upload
// can make the server take in a large one.
func (s *Server) guardPage(c echo.Context, r Route) error {
	err := s.loadSession(c)
	if err != nil {
		return err
	}
	if !r.Public {
		actor := auth.From(c.Request().Context())
		if actor.Name == "" {
			return s.askSignIn(c)
		}
		if actor.MustChange && r.Permission != auth.AccountOwn || actor.MustChange && r.Path == "/" {
			return s.redirect(c, "/account")
		}
		err = actor.Require(r.Permission)
		if err != nil {
			return err
		}
	}
	if unsafe(c.Request().Method) {
		err = s.checkWrite(c)
		if err != nil {
			return err
		}
	}
	return r.Handler(c)
}

func unsafe(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}

// checkWrite demands both locks: the browser says that the request comes from our own pages, and
// the form carries the token of the session.
func (s *Server) checkWrite(c echo.Context) error {
	err := s.origin.Check(c.Request())
	if err != nil {
		return errOrigin.Because(err)
	}
	token := c.Request().Header.Get("X-CSRF-Token")
	if token == "" {
		token = c.FormValue("csrf")
	}
	if !sameToken(token, s.formSecret(c)) {
		return errForm
	}
	return nil
}

// askSignIn sends a person without a session to the sign-in page and back afterwards. What was
// typed into a form waits in the browser (layak.js).
func (s *Server) askSignIn(c echo.Context) error {
	back := c.Request().URL.EscapedPath()
	if unsafe(c.Request().Method) || c.Request().Header.Get("HX-Request") != "" {
		back = pageBefore(c.Request())
	}
	to := "/sign-in"
	if back != "" && back != "/" {
		to += "?next=" + back
	}
	return s.redirect(c, to)
}

// pageBefore is the path of our own page that a form was sent from, "" when the browser does not
// tell.
func pageBefore(r *http.Request) string {
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host {
		return ""
	}
	return localPath(from.EscapedPath())
}

// redirect goes to a path of our own, also from htmx.
func (s *Server) redirect(c echo.Context, path string) error {
	if c.Request().Header.Get("HX-Request") != "" {
		c.Response().Header().Set("HX-Redirect", path)
		return c.NoContent(http.StatusOK)
	}
	return c.Redirect(http.StatusSeeOther, path)
}
