package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"
)

// State is one page in one state worth looking at: empty, long names, an error beside a field. The
// list is shown in development and rendered, checked and run through axe by the tests; none needs
// a database.
type State struct {
	Name     string // "signin-wrong"
	Template string // key of pageSets
	Page     page
}

type galleryIndexPage struct {
	Base
	States []State
}

func (s *Server) galleryIndex(c echo.Context) error {
	p := &galleryIndexPage{States: s.gallery()}
	p.Title = "Galeri"
	return s.render(c, http.StatusOK, "gallery", p)
}

func (s *Server) galleryPage(c echo.Context) error {
	for _, st := range s.gallery() {
		if st.Name == c.Param("name") {
			return s.renderState(c, st)
		}
	}
	return errNoPage
}

// stillGallery leaves what an invented page asks for by itself unanswered, so that it stays as it is.
func stillGallery(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		at, err := url.Parse(c.Request().Header.Get("HX-Current-URL"))
		if err == nil && strings.HasPrefix(at.Path, "/gallery/") {
			return c.NoContent(http.StatusNoContent)
		}
		return next(c)
	}
}

// renderState draws a state as the person named in its Base would see it.
func (s *Server) renderState(c echo.Context, st State) error {
	b := st.Page.base()
	actor, flash, path, now, demo := b.Actor, b.Flash, b.Path, b.Now, b.Demo
	s.fill(c, b)
	b.Actor, b.SignedIn, b.Flash, b.Path, b.Demo = actor, actor.Name != "", flash, path, demo || s.Demo
	if !now.IsZero() {
		b.Now = now
	}
	s.fillNav(b)
	body, err := s.pages.write(b.Lang, st.Template, layoutFile, st.Page)
	if err != nil {
		return err
	}
	if p, ok := st.Page.(interface{ styleNonce() string }); ok {
		c.Response().Header().Set("Content-Security-Policy", withStyleNonce(contentPolicy, p.styleNonce()))
	}
	return c.HTMLBlob(http.StatusOK, body)
}
