package web

import (
	"github.com/labstack/echo/v4"

	"layak/eligibility"
	"layak/eligibility/impact"
	"layak/eligibility/trial"
	"layak/internal/fault"
	"layak/internal/i18n"
	"layak/policy"
)

// toldComplaint is one fictional complaint as the page of test people tells it.
type toldComplaint struct {
	Name    string
	Note    string
	Refused bool
	Moves   []string // what the draft says otherwise; none when nothing
	Says    string   // what the draft makes of it: class, priority, unit
}

// tellComplaints runs the draft on the fictional complaints.
func (s *Server) tellComplaints(c echo.Context, p *tryPeoplePage, active policy.Bundle) error {
	rows, err := s.Trials.Route(c.Request().Context(), p.Draft.Bundle(), active, eligibility.Date(p.Day))
	if f := fault.As(err); f != nil && f.Kind == fault.Invalid {
		p.CutTold = f.Message
		return nil
	}
	if err != nil {
		return err
	}
	p.complaints(s.words.For(s.lang(c)), rows)
	return nil
}

// complaints lays fictional complaints out.
func (p *tryPeoplePage) complaints(w *i18n.Printer, rows []trial.Routed) {
	for _, r := range rows {
		one := toldComplaint{Name: r.Name, Note: r.Note, Refused: r.Refused}
		for _, m := range r.Moves {
			if m.What != "refused" {
				one.Moves = append(one.Moves, moveText(w, withoutNow(m)))
			}
		}
		if !r.Refused {
			one.Says = w.T("class."+r.After.Class) + " · " + w.T("priority."+r.After.Priority)
		}
		if r.Refused || len(one.Moves) > 0 {
			p.Otherly++
		}
		p.Told = append(p.Told, one)
	}
}

// withoutNow leaves out what is true of complaints that somebody holds: these are held by nobody.
func withoutNow(m impact.RoutingMove) impact.RoutingMove {
	m.Now = false
	return m
}
