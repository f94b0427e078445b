package web

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/eligibility/impact"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/i18n"
	"layak/policy"
)

// Impacts tries rules on everybody of the registry and on answers that were given; *impact.Service
// keeps it.
type Impacts interface {
	// StartAll begins all that a proposal needs: a preview for each day on which something begins, the open
	// complaints when routing changes, and answers of before when what changed shows in no registry.
	StartAll(ctx context.Context, req impact.Request) (impact.Run, error)
	// Needs tells which of these that is.
	Needs(base, draft policy.Bundle) impact.Needs
	StartReplay(ctx context.Context, req impact.ReplayRequest) (impact.Run, error)
	Stop(ctx context.Context, id string) error
	Find(ctx context.Context, id string) (impact.Run, error)
	List(ctx context.Context, draft string, limit int) ([]impact.Run, error)
	// Newest is fault.NotFound, with a sentence that says why, when the registry went on since, or when it
	// was of another day than the one that counts.
	Newest(ctx context.Context, draft, base string) (impact.Run, error)
}

// impactRoutes are the addresses of previews, of a draft and of a revision.
func (s *Server) impactRoutes() []Route {
	const get, post = http.MethodGet, http.MethodPost
	var out []Route
	for _, of := range []string{"/rules/drafts/:id/impact", "/rules/revisions/:revision/impact"} {
		out = append(out,
			Route{Method: get, Path: of, Permission: auth.PolicyRead, Handler: s.impact},
			Route{Method: get, Path: of + "/progress", Permission: auth.PolicyRead, Handler: s.impactProgress},
			Route{Method: post, Path: of, Permission: auth.PolicyTry, Handler: s.startImpact},
			Route{Method: post, Path: of + "/replay", Permission: auth.PolicyTry, Handler: s.startReplay},
			Route{Method: post, Path: of + "/cancel", Permission: auth.PolicyTry, Handler: s.cancelImpact},
		)
	}
	return out
}

// tried is the rule set of the address, and the one in force beside it.
type tried struct {
	name, back, self string
	draft, base      policy.Bundle
	number           int // of the rules in force
}

// replayMonths are the choices of how far a replay goes back.
var replayMonths = []int{3, 6, 12}

// onTrial finds the rule sets that the address is about.
func (s *Server) onTrial(c echo.Context) (tried, error) {
	ctx := c.Request().Context()
	if s.Impacts == nil || s.Drafting == nil {
		return tried{}, errNoPage
	}
	var t tried
	if id := c.Param("id"); id != "" {
		d, err := s.Drafting.Draft(ctx, id)
		if err != nil {
			return t, err
		}
		t.name, t.back, t.draft = d.Name, "/rules/drafts/"+d.ID, d.Bundle()
	} else {
		r, err := s.Policies.Revision(ctx, c.Param("revision"))
		if err != nil {
			return t, err
		}
		t.draft, err = policy.ReadTarGz(bytes.NewReader(r.Bundle))
		if err != nil {
			return t, err
		}
		t.name, t.back = s.words.For(s.lang(c)).T("impact.revision", "N", r.Number), "/rules/proposals/"+r.Hash
	}
	t.self = c.Request().URL.Path
	list, err := s.Policies.Revisions(ctx)
	if err != nil {
		return t, err
	}
	for _, r := range list {
		if r.Stage != policy.Active {
			continue
		}
		r, err = s.Policies.Revision(ctx, r.Hash)
		if err != nil {
			return t, err
		}
		t.number = r.Number
		t.base, err = policy.ReadTarGz(bytes.NewReader(r.Bundle))
		return t, err
	}
	return t, fault.New(fault.NotFound, "no_rules", "Belum ada aturan yang berlaku.")
}

func (s *Server) impact(c echo.Context) error {
	t, err := s.onTrial(c)
	if err != nil {
		return err
	}
	p, err := s.impactView(c, t, t.self)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "impact", p)
}

// impactView shows the newest preview, or how far it is.
func (s *Server) impactView(c echo.Context, t tried, self string) (*impactPage, error) {
	ctx := c.Request().Context()
	w := s.words.For(s.lang(c))
	p := &impactPage{Back: t.back, Draft: t.name, Self: self, Against: w.T("impact.against", "N", t.number), Months: replayMonths}
	p.Title, p.Section = "impact.title", "rules"
	s.offerDay(c, w, p, t)
	p.OnlyRouting = onlyRouting(t.base.Files, t.draft.Files)
	actor := auth.From(ctx)
	p.MayName = actor.Can(auth.PolicyTry)
	p.MayRun, p.MayOpen, p.MaySee = p.MayName, actor.Can(auth.CheckRead), actor.Can(auth.ComplaintRead)
	runs, err := s.Impacts.List(ctx, t.draft.Hash(), manyRuns)
	if err != nil {
		return nil, err
	}
	for _, kind := range []impact.Kind{impact.OfRegistry, impact.OfAnswers, impact.OfComplaints} {
		err = s.newestRun(ctx, w, p, runs, kind, t)
		if err != nil {
			return nil, err
		}
	}
	return p, s.beside(ctx, w, p, runs, t)
}

// manyRuns is how many runs of a draft the page looks through.
const manyRuns = 60

// offerDay offers the day of service that counts, or the one that was typed, and says when numbers begin.
func (s *Server) offerDay(c echo.Context, w *i18n.Printer, p *impactPage, t tried) {
	apart := policy.DaysApart(t.base, t.draft)
	p.Day = orText(c.FormValue("service_on"), s.dayThatCounts(t))
	words := make([]string, len(apart))
	for i, day := range apart {
		words[i] = formatDate(w.Lang, s.Zone, day)
	}
	p.Begins = strings.Join(words, ", ")
}

// newestRun puts the newest run of a kind into the page.
func (s *Server) newestRun(ctx context.Context, w *i18n.Printer, p *impactPage, runs []impact.Run, kind impact.Kind, t tried) error {
	for _, r := range runs {
		if r.Kind != kind || r.Base != t.base.Hash() || r.State == impact.Cancelled {
			continue
		}
		if r.State == impact.Running || r.State == impact.Broken {
			if p.Run == nil {
				p.Run = runLine(w, r)
				p.MayRun = p.MayRun && r.State != impact.Running
			}
			if r.State == impact.Running {
				continue // what was computed before stays in sight
			}
			return nil
		}
		r, err := s.Impacts.Find(ctx, r.ID)
		if err != nil {
			return err
		}
		if r.Replay != nil {
			p.Replay = r.Replay
		}
		if r.Preview != nil {
			p.Codes = codeWords(t.draft, r.Preview.ServiceOn)
			newImpactResult(p, w, r.Preview, causeTitles(t.base, t.draft))
			_, err = s.Impacts.Newest(ctx, r.Draft, r.Base)
			if f := fault.As(err); f != nil && f.Kind == fault.NotFound {
				p.Outdated, p.Stale = true, f.Message
			}
		}
		return nil
	}
	return nil
}

func runLine(w *i18n.Printer, r impact.Run) *impactRun {
	line := &impactRun{ID: r.ID, Running: r.State == impact.Running, Failed: r.Message, Done: r.Progress.Done, Total: r.Progress.Total}
	if r.Progress.Stage != "" {
		line.Stage = w.T("impact.stage_" + r.Progress.Stage)
	}
	if r.Progress.Total > 0 {
		line.Percent = 100 * r.Progress.Done / r.Progress.Total
	}
	return line
}

func (s *Server) impactProgress(c echo.Context) error {
	t, err := s.onTrial(c)
	if err != nil {
		return err
	}
	self := t.self[:len(t.self)-len("/progress")]
	p, err := s.impactView(c, t, self)
	if err != nil {
		return err
	}
	if p.Run == nil || !p.Run.Running {
		c.Response().Header().Set("HX-Redirect", self) // the whole page has changed
	}
	return s.renderPart(c, http.StatusOK, "impact", "impact_run", p)
}

func (s *Server) startImpact(c echo.Context) error {
	t, err := s.onTrial(c)
	if err != nil {
		return err
	}
	return s.began(c, t, t.self, func(ctx context.Context) error {
		_, err := s.Impacts.StartAll(ctx, impact.Request{Base: t.base, Draft: t.draft, ServiceOn: c.FormValue("service_on"), Full: true})
		return err
	})
}

func (s *Server) startReplay(c echo.Context) error {
	t, err := s.onTrial(c)
	if err != nil {
		return err
	}
	months, err := strconv.Atoi(c.FormValue("months"))
	if err != nil || months < 1 || months > 24 {
		months = replayMonths[1]
	}
	return s.began(c, t, t.self[:len(t.self)-len("/replay")], func(ctx context.Context) error {
		_, err := s.Impacts.StartReplay(ctx, impact.ReplayRequest{Base: t.base, Draft: t.draft, Months: months})
		return err
	})
}

// began starts a run and shows how far it is; what refuses it is shown on the page.
func (s *Server) began(c echo.Context, t tried, self string, start func(context.Context) error) error {
	err := start(c.Request().Context())
	if err == nil {
		return c.Redirect(http.StatusSeeOther, self)
	}
	p, viewErr := s.impactView(c, t, self)
	if viewErr != nil || !p.refuse(err) {
		return err
	}
	return s.render(c, http.StatusUnprocessableEntity, "impact", p)
}

func (s *Server) cancelImpact(c echo.Context) error {
	t, err := s.onTrial(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	self := t.self[:len(t.self)-len("/cancel")]
	runs, err := s.Impacts.List(ctx, t.draft.Hash(), 20)
	if err != nil {
		return err
	}
	for _, r := range runs {
		if r.State != impact.Running {
			continue
		}
		err = s.Impacts.Stop(ctx, r.ID)
		if err != nil && !fault.Is(err, fault.Conflict) { // it ended by itself
			return err
		}
		s.flash(c, "impact.cancelled")
	}
	return c.Redirect(http.StatusSeeOther, self)
}

// causeTitles names the causes of both rule sets, as the later one does.
func causeTitles(bundles ...policy.Bundle) map[string]string {
	titles := map[string]string{}
	for _, b := range bundles {
		maps.Copy(titles, policy.Titles(b))
	}
	return titles
}
