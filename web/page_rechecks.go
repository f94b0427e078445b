package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/complaints/recheck"
	"layak/eligibility"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/i18n"
	"layak/policy"
)

// Rechecks lists the people whose answer changed since it was given; *recheck.Service keeps it.
type Rechecks interface {
	List(ctx context.Context, f recheck.Filter) (recheck.Page, error)
	Counts(ctx context.Context) (recheck.Counts, error)
	Progress(ctx context.Context) (recheck.Run, bool, error)
	Item(ctx context.Context, id string) (it recheck.Item, old, made eligibility.Determination, err error)
	Answered(ctx context.Context, id, note string) error
	Dismiss(ctx context.Context, id, reason string) error
}

// recheckRoutes are the addresses of cases whose answer changed since it was given.
func (s *Server) recheckRoutes() []Route {
	const get, post = http.MethodGet, http.MethodPost
	return []Route{
		{Method: get, Path: "/rechecks", Permission: auth.ComplaintRead, Handler: s.rechecks},
		{Method: get, Path: "/rechecks/progress", Permission: auth.ComplaintRead, Handler: s.recheckProgress},
		{Method: get, Path: "/rechecks/:id", Permission: auth.ComplaintRead, Handler: s.recheckOne},
		{Method: post, Path: "/rechecks/:id/use", Permission: auth.ComplaintWork, Handler: s.useRecheck},
		{Method: post, Path: "/rechecks/:id/answered", Permission: auth.ComplaintWork, Handler: s.answeredRecheck},
		{Method: post, Path: "/rechecks/:id/dismiss", Permission: auth.ComplaintWork, Handler: s.dismissRecheck},
	}
}

// recheckPages are the page sets of cases whose answer changed since it was given.
var recheckPages = map[string][]string{
	"rechecks": {"recheck_progress"},
	"recheck":  {"problems", "recheck_act"},
}

// rechecksPage is the work list: who is to be told another answer than before, good news first.
type rechecksPage struct {
	Base
	Counts recheck.Counts
	Good   int // who may be told a yes
	Tabs   []recheckTab
	To     policy.Outcome // direction that is shown, "" is all
	Rows   []recheckRow
	Next   string // address of the next page
	Run    *recheckRun
}

// recheckTab is one direction with how many there are.
type recheckTab struct {
	To policy.Outcome
	N  int
}

// recheckRow is one person of the list.
type recheckRow struct {
	recheck.Item
	Place string
	Unit  string // name
	Age   string // for how long the person has been waiting
	Fresh bool   // for less than a minute
}

// recheckRun is how far the newest run came.
type recheckRun struct {
	recheck.Run
	Percent int
}

func (s *Server) rechecks(c echo.Context) error {
	if s.Rechecks == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	p := &rechecksPage{To: policy.Outcome(c.QueryParam("to"))}
	p.Title, p.Section = "rechecks.title", "rechecks"
	if !recheck.Direction(p.To) {
		p.To = ""
	}
	var err error
	p.Counts, err = s.Rechecks.Counts(ctx)
	if err != nil {
		return err
	}
	p.Tabs, p.Good = recheckTabs(p.Counts), p.Counts.To[policy.Eligible]
	f := recheck.Filter{To: p.To}
	if after := c.QueryParam("after"); storable(after) {
		f.After = after
	}
	page, err := s.Rechecks.List(ctx, f)
	if err != nil {
		return err
	}
	units, err := s.units(ctx)
	if err != nil {
		return err
	}
	for _, it := range page.Items {
		p.Rows = append(p.Rows, s.newRecheckRow(s.words.For(s.lang(c)), it, units))
	}
	if page.Next != "" {
		p.Next = "/rechecks?" + url.Values{"to": {string(p.To)}, "after": {page.Next}}.Encode()
	}
	p.Run, err = s.recheckRun(ctx)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "rechecks", p)
}

func recheckTabs(n recheck.Counts) []recheckTab {
	var tabs []recheckTab
	for _, to := range recheck.Directions {
		if n.To[to] > 0 {
			tabs = append(tabs, recheckTab{to, n.To[to]})
		}
	}
	return tabs
}

func (s *Server) newRecheckRow(w *i18n.Printer, it recheck.Item, units []auth.Unit) recheckRow {
	waits := s.Clock().Sub(it.ListedAt)
	row := recheckRow{Item: it, Place: areaLabel(it.Village), Unit: unitName(units, it.Unit), Age: waitText(w, waits), Fresh: waits < time.Minute}
	if row.Name == "" {
		row.Name = w.T("rechecks.unnamed")
	}
	return row
}

// recheckRun is the newest run, nil before the first.
func (s *Server) recheckRun(ctx context.Context) (*recheckRun, error) {
	run, ok, err := s.Rechecks.Progress(ctx)
	if err != nil || !ok {
		return nil, err
	}
	return newRecheckRun(run), nil
}

func newRecheckRun(run recheck.Run) *recheckRun {
	r := &recheckRun{Run: run}
	if run.Total > 0 {
		r.Percent = min(99, run.Checked*100/run.Total)
	}
	return r
}

// recheckProgress is the bar alone, which asks again until the run has ended.
func (s *Server) recheckProgress(c echo.Context) error {
	if s.Rechecks == nil {
		return errNoPage
	}
	p := &rechecksPage{}
	p.Title, p.Section = "rechecks.title", "rechecks"
	var err error
	p.Run, err = s.recheckRun(c.Request().Context())
	if err != nil {
		return err
	}
	if p.Run == nil || c.Request().Header.Get("HX-Request") == "" {
		return s.redirect(c, "/rechecks")
	}
	return s.renderPart(c, http.StatusOK, "rechecks", "recheck_progress", p)
}

// recheckPage shows the old and the new answer side by side, and what can be done now.
type recheckPage struct {
	Base
	Row       recheckRow
	Old, New  recheckSide
	MayWork   bool
	MayFile   bool
	Note      string // what was typed
	Dismissed bool   // the form of dismissing was sent
}

// recheckSide is one of the two determinations.
type recheckSide struct {
	D        eligibility.Determination
	Stands   []policy.Finding // what stood, or stands, in the way
	Resolved []policy.Finding // what stood in the way on the other side and does not here
}

func (s *Server) recheckOne(c echo.Context) error {
	p, err := s.newRecheckPage(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "recheck", p)
}

func (s *Server) newRecheckPage(c echo.Context) (*recheckPage, error) {
	if s.Rechecks == nil {
		return nil, errNoPage
	}
	ctx := c.Request().Context()
	it, old, made, err := s.Rechecks.Item(ctx, c.Param("id"))
	if err != nil {
		return nil, err
	}
	units, err := s.units(ctx)
	if err != nil {
		return nil, err
	}
	actor := auth.From(ctx)
	p := newRecheckPage(s.newRecheckRow(s.words.For(s.lang(c)), it, units), old, made)
	p.MayWork = actor.Can(auth.ComplaintWork) && it.Status == recheck.Open && s.Complaints != nil
	p.MayFile = actor.Can(auth.ComplaintFile) && it.Status == recheck.Open && s.Complaints != nil
	return p, nil
}

func newRecheckPage(row recheckRow, old, made eligibility.Determination) *recheckPage {
	p := &recheckPage{Row: row, Old: recheckSide{D: old, Stands: standing(old)}, New: recheckSide{D: made, Stands: standing(made)}}
	p.Title, p.Section = "recheck.title", "rechecks"
	for _, f := range p.Old.Stands {
		if !slices.ContainsFunc(p.New.Stands, func(n policy.Finding) bool { return n.Code == f.Code }) {
			p.New.Resolved = append(p.New.Resolved, f)
		}
	}
	return p
}

func standing(d eligibility.Determination) []policy.Finding {
	var out []policy.Finding
	for _, f := range d.Findings {
		if f.Verdict == policy.NotMet || f.Verdict == policy.Unknown {
			out = append(out, f)
		}
	}
	return out
}

// useRecheck puts the new determination into the case, so that the answer is given from it, and
// goes there.
func (s *Server) useRecheck(c echo.Context) error {
	if s.Rechecks == nil || s.Complaints == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	it, _, made, err := s.Rechecks.Item(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	if it.Ticket == "" {
		return fault.New(fault.Conflict, "recheck_no_case", "Hasil cek ini belum punya aduan. Catat dulu sebagai aduan.")
	}
	if !it.Linked {
		one, err := s.Complaints.Complaint(ctx, it.Ticket)
		if err != nil {
			return err
		}
		_, err = s.Complaints.Act(ctx, it.Ticket, complaints.Action{Type: complaints.CheckEvent, Version: one.Version, Patient: it.Patient, Made: &made})
		if err != nil {
			return err
		}
		s.flash(c, "recheck.used")
	}
	return s.redirect(c, "/complaints/"+string(it.Ticket)+"?do=answer")
}

func (s *Server) answeredRecheck(c echo.Context) error {
	return s.endRecheck(c, false, "recheck.answered")
}

func (s *Server) dismissRecheck(c echo.Context) error {
	return s.endRecheck(c, true, "recheck.dismissed")
}

// endRecheck takes the person off the list; a form that was not accepted comes back as it was.
func (s *Server) endRecheck(c echo.Context, dismiss bool, flash string) error {
	if s.Rechecks == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	note := strings.TrimSpace(c.FormValue("note"))
	end := s.Rechecks.Answered
	if dismiss {
		end = s.Rechecks.Dismiss
	}
	err := end(ctx, c.Param("id"), note)
	if err != nil {
		if !fault.Is(err, fault.Invalid) {
			return err
		}
		p, view := s.newRecheckPage(c)
		if view != nil {
			return view
		}
		p.Note, p.Dismissed = note, dismiss
		return s.again(c, err, "recheck", p)
	}
	s.flash(c, flash)
	return s.redirect(c, "/rechecks")
}
