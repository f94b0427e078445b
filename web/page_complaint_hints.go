package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/internal/auth"
	"layak/internal/i18n"
)

// hintsPage are open cases of the same person, family, telephone or account as in the form that is
// being filled in.
type hintsPage struct {
	Base
	Alike     []aliasRow
	Elsewhere []complaints.Elsewhere
}

// hints looks for open cases while a new one is typed. It is a POST, because what was typed must not
// stand in an address.
func (s *Server) hints(c echo.Context) error {
	p := &hintsPage{}
	p.Title = "filing.title"
	if s.Cases == nil {
		return s.renderPart(c, http.StatusOK, "complaint_new", "hints", p)
	}
	ctx := c.Request().Context()
	alike, err := s.Cases.Similar(ctx, readFilingForm(c).filing(nil))
	if err != nil {
		return err
	}
	units, err := s.units(ctx)
	if err != nil {
		return err
	}
	p.take(s.leftTeller(ctx, s.words.For(s.lang(c))), alike, units)
	return s.renderPart(c, http.StatusOK, "complaint_new", "hints", p)
}

func (p *hintsPage) take(left leftTeller, alike complaints.Alike, units []auth.Unit) {
	p.Elsewhere = alike.Elsewhere
	for _, a := range alike.Cases {
		p.Alike = append(p.Alike, aliasOf(left, a, units))
	}
}

// hintsOf are the hints of a state of the gallery.
func hintsOf(w *i18n.Printer, alike complaints.Alike) hintsPage {
	p := hintsPage{}
	p.take(plainTeller(w, galleryNow), alike, galleryUnits)
	return p
}
