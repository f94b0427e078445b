package web

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/i18n"
)

// What a session holds.
const (
	keyUser   = "user"
	keySecret = "secret" // of the form token
	keySeen   = "seen"   // unix seconds of the last request, kept to the minute
	keyFlash  = "flash"
)

// Cookies. The first is also the mark of a request whose session has been loaded.
const (
	cookieSession  = "layak_session"
	cookieLanguage = "layak_lang"
	cookieVisitor  = "layak_visitor" // form secret of people who have not signed in
)

func newSessions(config Config) *scs.SessionManager {
	m := scs.New()
	m.Store = config.Sessions
	m.Lifetime = config.Absolute
	m.Cookie.Name = cookieSession
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Secure = config.secure()
	m.Cookie.Persist = false
	return m
}

// loadSession reads the session of the cookie, and the account that it belongs to as it is now: a
// disabled account or a changed role counts from the next request on.
func (s *Server) loadSession(c echo.Context) error {
	token := ""
	cookie, err := c.Cookie(s.sessions.Cookie.Name)
	if err == nil {
		token = cookie.Value
	}
	ctx, err := s.sessions.Load(c.Request().Context(), token)
	if err != nil {
		return err
	}
	ctx = auth.WithClient(ctx, auth.Client{Address: c.RealIP(), Agent: c.Request().UserAgent(), Session: auth.SessionID(token)})
	c.SetRequest(c.Request().WithContext(ctx))
	c.Set(cookieSession, true)
	c.Response().Before(func() { s.saveSession(c) })
	user := s.sessions.GetString(ctx, keyUser)
	if user == "" || s.Accounts == nil {
		return nil
	}
	now := s.Clock()
	seen := time.Unix(s.sessions.GetInt64(ctx, keySeen), 0)
	if now.Sub(seen) > s.Idle {
		return s.sessions.Destroy(ctx)
	}
	actor, err := s.Accounts.Actor(ctx, user)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
		return s.sessions.Destroy(ctx)
	}
	if err != nil {
		return err
	}
	if now.Sub(seen) > time.Minute {
		s.sessions.Put(ctx, keySeen, now.Unix())
	}
	c.SetRequest(c.Request().WithContext(auth.With(ctx, actor)))
	return nil
}

// saveSession stores a changed session just before the answer begins.
func (s *Server) saveSession(c echo.Context) {
	ctx := c.Request().Context()
	switch s.sessions.Status(ctx) {
	case scs.Modified:
		token, expires, err := s.sessions.Commit(ctx)
		if err != nil {
			s.Log.ErrorContext(ctx, "save session", "error", err, "id", requestIDOf(c))
			return
		}
		s.sessions.WriteSessionCookie(ctx, c.Response(), token, expires)
	case scs.Destroyed:
		s.sessions.WriteSessionCookie(ctx, c.Response(), "", time.Time{})
	case scs.Unmodified:
	}
}

// beginSession makes a fresh session for a person who has just proved who they are.
func (s *Server) beginSession(c echo.Context, actor auth.Actor) error {
	ctx := auth.With(c.Request().Context(), actor)
	c.SetRequest(c.Request().WithContext(ctx))
	err := s.sessions.RenewToken(ctx)
	if err != nil {
		return err
	}
	s.sessions.Put(ctx, keyUser, actor.User)
	s.sessions.Put(ctx, keySecret, newSecret())
	s.sessions.Put(ctx, keySeen, s.Clock().Unix())
	return nil
}

// flash keeps one sentence for the next page.
func (s *Server) flash(c echo.Context, key string) {
	s.sessions.Put(c.Request().Context(), keyFlash, key)
}

func newSecret() string {
	b := make([]byte, 24)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b)
}

// formSecret is what form tokens are made from: the session's, or a visitor's cookie before
// sign-in, so that a look at the sign-in page leaves no row behind.
func (s *Server) formSecret(c echo.Context) string {
	if c.Get(cookieSession) != nil {
		if secret := s.sessions.GetString(c.Request().Context(), keySecret); secret != "" {
			return secret
		}
	}
	if secret, ok := c.Get(cookieVisitor).(string); ok {
		return secret
	}
	if cookie, err := c.Cookie(cookieVisitor); err == nil && len(cookie.Value) == 32 {
		return cookie.Value
	}
	return ""
}

// formToken is what a form of this page carries; a visitor without a secret is given one.
func (s *Server) formToken(c echo.Context) string {
	secret := s.formSecret(c)
	if secret == "" {
		secret = newSecret()
		c.Set(cookieVisitor, secret)
		c.SetCookie(&http.Cookie{Name: cookieVisitor, Value: secret, Path: "/", HttpOnly: true,
			Secure: s.secure(), SameSite: http.SameSiteStrictMode})
	}
	return maskToken(secret)
}

// maskToken hides the secret under a one-time pad, because pages are compressed and a token that
// never changes could be guessed from their length.
func maskToken(secret string) string {
	pad := make([]byte, len(secret))
	_, _ = rand.Read(pad)
	out := append(pad, make([]byte, len(secret))...)
	subtle.XORBytes(out[len(secret):], []byte(secret), pad)
	return base64.RawURLEncoding.EncodeToString(out)
}

func sameToken(token, secret string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || secret == "" || len(raw) != 2*len(secret) {
		return false
	}
	plain := make([]byte, len(secret))
	subtle.XORBytes(plain, raw[:len(secret)], raw[len(secret):])
	return subtle.ConstantTimeCompare(plain, []byte(secret)) == 1
}

// lang is the language of the reader.
func (s *Server) lang(c echo.Context) string {
	cookie, err := c.Cookie(cookieLanguage)
	if err == nil && cookie.Value == i18n.English {
		return i18n.English
	}
	return i18n.Indonesian
}
