package web

import (
	"context"
	"strconv"
	"strings"
	"time"

	"layak/eligibility/impact"
	"layak/internal/i18n"
	"layak/policy"
)

// impactRouting is what becomes of the open complaints.
type impactRouting struct {
	*impact.Rerouted
	Title  string
	Groups []impactRouted
	Stale  bool   // of another day than the one that counts
	Open   string // YYYY-MM-DD, when the complaints were open, when that is before the day of service; else ""
}

// impactRouted is one sort of change, with a few complaints by their number.
type impactRouted struct {
	Title   string
	Moves   []routedMove
	Samples []routedSample
}

type routedMove struct{ Text, Cases string }

type routedSample struct {
	Ticket string
	Moves  []string
}

// newImpactRouting lays a look at the open complaints out. Their numbers, of the whole regency, are for those who
// write or approve rules, as samples of residents are. Looked is the day on which it was made: of a later day of
// service nothing is said of clocks that run and desks that get a complaint now, for that was true of the day it was made.
func newImpactRouting(w *i18n.Printer, r *impact.Rerouted, mayName bool, looked string) *impactRouting {
	later := r.ServiceOn > looked
	text := func(m impact.RoutingMove) string {
		m.Now = m.Now && !later
		return moveText(w, m)
	}
	n := func(n int) string { return formatNumber(w.Lang, n) }
	p := &impactRouting{Rerouted: r, Title: w.T("impact.routing_same", "All", n(r.Cases))}
	if later {
		p.Open = looked
	}
	if r.Changed > 0 {
		p.Title = w.T("impact.routing_changed", "N", n(r.Changed), "All", n(r.Cases))
	}
	for _, g := range r.Groups {
		of := impactRouted{Title: w.T("impact.routing_"+g.Key, "N", n(g.Cases))}
		for _, m := range g.Moves {
			if m.What != "refused" {
				of.Moves = append(of.Moves, routedMove{text(m), n(m.Cases)})
			}
		}
		for _, s := range g.Samples {
			if !mayName {
				break
			}
			one := routedSample{Ticket: s.Ticket}
			for _, m := range s.Moves {
				if m.What != "refused" {
					one.Moves = append(one.Moves, text(m))
				}
			}
			of.Samples = append(of.Samples, one)
		}
		p.Groups = append(p.Groups, of)
	}
	return p
}

// moveText says in words what the rules say otherwise.
func moveText(w *i18n.Printer, m impact.RoutingMove) string {
	if kind, is := strings.CutPrefix(m.What, "clock:"); is {
		return clockMoveText(w, kind, m)
	}
	word := func(code string) string {
		switch {
		case code == "":
			return w.T("impact.move_none")
		case m.What == "class", m.What == "priority", m.What == "element":
			return w.T(m.What + "." + code)
		case m.What == "second_person", m.What == "attention":
			return w.T("impact.move_" + code)
		}
		return code
	}
	what := w.T("impact.move_what_" + m.What)
	if m.From == "" && m.To == "" {
		return what
	}
	said := what + ": " + word(m.From) + " → " + word(m.To)
	if m.What == "desk" && m.Now {
		said += " (" + w.T("impact.move_goes") + ")"
	}
	return said
}

func clockMoveText(w *i18n.Printer, kind string, m impact.RoutingMove) string {
	measure := func(amount string) string {
		if n, unit, both := strings.Cut(amount, " "); both { // two measures
			return n + " " + w.T("measure."+unit)
		}
		return amount + " " + w.T("measure."+m.Measure)
	}
	said := w.T("clock."+kind) + ": "
	switch {
	case m.From == "":
		said += w.T("impact.clock_new", "Limit", measure(m.To))
	case m.To == "":
		said += w.T("impact.clock_gone", "Limit", measure(m.From))
	case m.By > 0:
		said += m.From + " → " + measure(m.To) + ", " + w.T("impact.clock_later", "By", strconv.Itoa(m.By))
	case m.By < 0:
		said += m.From + " → " + measure(m.To) + ", " + w.T("impact.clock_sooner", "By", strconv.Itoa(-m.By))
	default:
		said += measure(m.From) + " → " + measure(m.To)
	}
	if m.Now {
		return said + " (" + w.T("impact.clock_runs") + ")"
	}
	return said
}

// impactDay is one day on which something of the rules begins.
type impactDay struct {
	Day    string
	Counts *impact.Counts // nil when nobody has looked yet
	Cost   *impact.Cost
}

// beside puts into the page what the change asks for beside the preview of the day that counts.
func (s *Server) beside(ctx context.Context, w *i18n.Printer, p *impactPage, runs []impact.Run, t tried) error {
	needs := s.Impacts.Needs(t.base, t.draft)
	p.Unseen, p.Routes = strings.Join(needs.Unseen, ", "), needs.Routing
	newest := func(kind impact.Kind, day string) (impact.Run, bool, error) {
		for _, r := range runs {
			if r.Kind == kind && r.Base == t.base.Hash() && (r.State == impact.Done || r.State == impact.Void) && (day == "" || r.ServiceOn == day) {
				found, err := s.Impacts.Find(ctx, r.ID)
				return found, true, err
			}
		}
		return impact.Run{}, false, nil
	}
	if needs.Routing {
		r, there, err := newest(impact.OfComplaints, "")
		if err != nil {
			return err
		}
		if there && r.Routing != nil {
			p.Routing = newImpactRouting(w, r.Routing, p.MayName, r.Routing.At.In(s.Zone).Format(time.DateOnly))
			p.Routing.Stale = r.ServiceOn != s.dayThatCounts(t)
		}
	}
	if len(needs.Days) < 2 {
		return nil
	}
	for _, day := range needs.Days {
		one := impactDay{Day: day}
		r, there, err := newest(impact.OfRegistry, day)
		if err != nil {
			return err
		}
		if there && r.Preview != nil && !r.Preview.Void() {
			one.Counts, one.Cost = &r.Preview.Counts, r.Preview.Cost
		}
		p.Days = append(p.Days, one)
	}
	return nil
}

func (s *Server) dayThatCounts(t tried) string {
	return policy.DayThatCounts(policy.DaysApart(t.base, t.draft), s.Clock().In(s.Zone).Format(time.DateOnly))
}
