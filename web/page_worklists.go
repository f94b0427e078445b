package web

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/complaints/register"
	"layak/complaints/worklist"
	"layak/eligibility"
	"layak/importers"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Worklists makes the lists that pay for the program; *worklist.Desk keeps it.
type Worklists interface {
	Waiting(ctx context.Context, through string) (worklist.Sheet, error)
	Fill(ctx context.Context, through string) (worklist.Sheet, error)
	Sent(ctx context.Context, through, reference string, list []worklist.Sending) (sent int, missed []complaints.Ticket, err error)
	ReadBack(ctx context.Context, replies worklist.Replies, o worklist.ReadOptions) (worklist.Reading, error)
	Layout(ctx context.Context, through string) ([]worklist.Column, error)
	SaveLayout(ctx context.Context, through string, columns []worklist.Column) error
	Paid(ctx context.Context, f worklist.PaidFilter) (worklist.Paid, error)
	PaidSummary(ctx context.Context) (worklist.Paid, error)
	PaidTable(ctx context.Context, f worklist.PaidFilter) ([]worklist.Table, error)
	SetAside(ctx context.Context, nik, note string) error
	SavePremium(ctx context.Context, p worklist.Premium) error
	Promises(ctx context.Context) (worklist.Promises, error)
	Friday(ctx context.Context, day time.Time) (worklist.Week, error)
	Recap(ctx context.Context, source string, from, to time.Time) (worklist.Recap, error)
	Mine(ctx context.Context, from, to time.Time) (worklist.Log, error)
}

// worklistRoutes are the addresses of lists of work that pays for the program. Each list asks for a
// permission of its own, which package worklist knows.
func (s *Server) worklistRoutes() []Route {
	const get, post = http.MethodGet, http.MethodPost
	const read, all, write = auth.ComplaintRead, auth.WorklistRead, auth.RegistrationWrite
	return []Route{
		{Method: get, Path: "/worklists", Permission: read, Handler: s.worklists},
		{Method: get, Path: "/worklists/registrations", Permission: read, Handler: s.sheetList},
		{Method: get, Path: "/worklists/registrations.xlsx", Permission: write, Handler: s.sheetFile, Deadline: exportTime},
		{Method: post, Path: "/worklists/registrations/sent", Permission: write, Handler: s.sheetSent, Deadline: exportTime},
		{Method: post, Path: "/worklists/registrations/answers", Permission: write, Handler: s.sheetAnswers, MaxBody: register.MaxSize + 1<<20, Deadline: 5 * time.Minute},
		{Method: get, Path: "/worklists/registrations/layout", Permission: all, Handler: s.sheetLayout},
		{Method: post, Path: "/worklists/registrations/layout", Permission: all, Handler: s.saveSheetLayout},
		{Method: get, Path: "/worklists/paid", Permission: all, Handler: s.paid},
		{Method: get, Path: "/worklists/paid.xlsx", Permission: all, Handler: s.paidFile, Deadline: exportTime},
		{Method: post, Path: "/worklists/paid/aside", Permission: all, Handler: s.paidAside},
		{Method: post, Path: "/worklists/paid/premium", Permission: all, Handler: s.savePremium},
		{Method: get, Path: "/worklists/promises", Permission: read, Handler: s.promises},
		{Method: get, Path: "/worklists/promises.xlsx", Permission: read, Handler: s.promisesFile, Deadline: exportTime},
		{Method: get, Path: "/worklists/week", Permission: all, Handler: s.week},
		{Method: get, Path: "/worklists/week.xlsx", Permission: all, Handler: s.weekFile, Deadline: exportTime},
		{Method: get, Path: "/worklists/week.pdf", Permission: all, Handler: s.weekPaper, Deadline: exportTime},
		{Method: get, Path: "/worklists/recap", Permission: all, Handler: s.recap},
		{Method: get, Path: "/worklists/recap.xlsx", Permission: all, Handler: s.recapFile, Deadline: exportTime},
		{Method: get, Path: "/worklists/recap.pdf", Permission: all, Handler: s.recapPaper, Deadline: exportTime},
		{Method: get, Path: "/worklists/mine", Permission: read, Handler: s.myLog},
		{Method: get, Path: "/worklists/mine.xlsx", Permission: read, Handler: s.myLogFile, Deadline: exportTime},
	}
}

// worklistPages are the page sets of lists of work that pays for the program.
var worklistPages = map[string][]string{
	"worklists":         nil,
	"worklist_sheet":    {"problems", "worklist"},
	"worklist_layout":   {"problems", "worklist"},
	"worklist_answers":  nil,
	"worklist_paid":     {"problems"},
	"worklist_promises": nil,
	"worklist_week":     {"counts"},
	"worklist_recap":    {"problems", "counts"},
	"worklist_mine":     {"problems"},
}

// worklistsPage is the index: each list that the reader may open, with what waits on it.
type worklistsPage struct {
	Base
	Lists []worklistEntry
}

type worklistEntry struct {
	Key   string // message keys begin with it
	Path  string
	Count int  // that wait; -1 is not counted
	Money int  // rupiah per month; 0 is none
	Good  bool // nothing waits
}

func (s *Server) worklists(c echo.Context) error {
	if s.Worklists == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	actor := auth.From(ctx)
	p := &worklistsPage{}
	p.Title, p.Section = "worklists.title", "worklists"
	add := func(e worklistEntry) {
		e.Good = e.Count == 0
		p.Lists = append(p.Lists, e)
	}
	if actor.Can(auth.RegistrationWrite) || actor.Can(auth.WorklistRead) {
		sheet, err := s.Worklists.Waiting(ctx, usualThrough)
		if err != nil {
			return err
		}
		add(worklistEntry{Key: "registrations", Path: "/worklists/registrations", Count: len(sheet.People)})
		promises, err := s.Worklists.Promises(ctx)
		if err != nil {
			return err
		}
		add(worklistEntry{Key: "promises", Path: "/worklists/promises", Count: len(promises.Broken)})
	}
	if actor.Can(auth.WorklistRead) {
		paid, err := s.Worklists.PaidSummary(ctx)
		if err != nil {
			return err
		}
		add(worklistEntry{Key: "paid", Path: "/worklists/paid", Count: paid.People, Money: int(paid.PerMonth)})
		add(worklistEntry{Key: "week", Path: "/worklists/week", Count: -1})
		add(worklistEntry{Key: "recap", Path: "/worklists/recap", Count: -1})
	}
	add(worklistEntry{Key: "mine", Path: "/worklists/mine", Count: -1})
	return s.render(c, http.StatusOK, "worklists", p)
}

// sendLists sends the sheets of a list as a workbook.
func (s *Server) sendLists(c echo.Context, name string, list []worklist.Table) error {
	tables := make([]importers.Table, len(list))
	for i, t := range list {
		tables[i] = importers.Table(t)
	}
	return s.sendTables(c, name, tables)
}

// promisesPage is whom the office told "active today" and who has to be called.
type promisesPage struct {
	Base
	worklist.Promises
}

func (s *Server) promises(c echo.Context) error {
	if s.Worklists == nil {
		return errNoPage
	}
	found, err := s.Worklists.Promises(c.Request().Context())
	if err != nil {
		return err
	}
	p := &promisesPage{Promises: found}
	p.Title, p.Section = "worklists.promises", "worklists"
	return s.render(c, http.StatusOK, "worklist_promises", p)
}

func (s *Server) promisesFile(c echo.Context) error {
	if s.Worklists == nil {
		return errNoPage
	}
	found, err := s.Worklists.Promises(c.Request().Context())
	if err != nil {
		return err
	}
	return s.sendLists(c, "janji-aktif", found.Table(s.Zone))
}

// weekPage is the report for the regent.
type weekPage struct {
	Base
	worklist.Week
	Last time.Time // the Friday
	// rupiah as pages write them
	OpenRupiah, BackRupiah, WrongRupiah int

	Before string // day of the week before, for the link
	After  string
}

// dayOf reads a day of the address; now when there is none or it cannot be one.
func (s *Server) dayOf(c echo.Context, name string) time.Time {
	d, err := eligibility.ParseDate(c.QueryParam(name))
	if err != nil {
		return s.Clock().In(s.Zone)
	}
	t := d.Time()
	return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, s.Zone)
}

func newWeekPage(w worklist.Week, now time.Time) *weekPage {
	p := &weekPage{Week: w, Last: w.To.AddDate(0, 0, -1), Before: w.From.AddDate(0, 0, -1).Format(time.DateOnly),
		OpenRupiah: int(w.RefundRupiah), BackRupiah: int(w.PaidRupiah), WrongRupiah: int(w.PaidPerMonth)}
	if next := w.To.AddDate(0, 0, 6); !next.After(now) {
		p.After = next.Format(time.DateOnly)
	}
	p.Title, p.Section = "worklists.week", "worklists"
	return p
}

func (s *Server) week(c echo.Context) error {
	if s.Worklists == nil {
		return errNoPage
	}
	w, err := s.Worklists.Friday(c.Request().Context(), s.dayOf(c, "day"))
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "worklist_week", newWeekPage(w, s.Clock()))
}

func (s *Server) weekFile(c echo.Context) error {
	if s.Worklists == nil {
		return errNoPage
	}
	w, err := s.Worklists.Friday(c.Request().Context(), s.dayOf(c, "day"))
	if err != nil {
		return err
	}
	return s.sendLists(c, "laporan-mingguan", w.Tables())
}

// spanForm is a span of days in the address.
type spanForm struct{ From, To string }

// spanOf reads a span; without one it is the days given.
func (s *Server) spanOf(c echo.Context, from, to time.Time) (spanForm, time.Time, time.Time, error) {
	f := spanForm{From: c.QueryParam("from"), To: c.QueryParam("to")}
	if f.From == "" {
		f.From = from.Format(time.DateOnly)
	}
	if f.To == "" {
		f.To = to.Format(time.DateOnly)
	}
	first, err := eligibility.ParseDate(f.From)
	if err != nil {
		return f, from, to, fault.New(fault.Invalid, "day", "Tanggal awal tidak terbaca.").At("from", "Isi tanggal awal.")
	}
	last, err := eligibility.ParseDate(f.To)
	if err != nil {
		return f, from, to, fault.New(fault.Invalid, "day", "Tanggal akhir tidak terbaca.").At("to", "Isi tanggal akhir.")
	}
	day := func(d eligibility.Date, more int) time.Time {
		t := d.Time()
		return time.Date(t.Year(), t.Month(), t.Day()+more, 0, 0, 0, 0, s.Zone)
	}
	return f, day(first, 0), day(last, 1), nil
}

// recapPage counts what came in through another system, in its own words.
type recapPage struct {
	Base
	worklist.Recap
	Form    spanForm
	Choice  string
	Sources []string
	Query   string
}

func (s *Server) recapView(c echo.Context) (*recapPage, error) {
	if s.Worklists == nil {
		return nil, errNoPage
	}
	p := &recapPage{Choice: "wadul", Sources: register.Sources}
	if c.QueryParam("source") == "lapor" {
		p.Choice = "lapor"
	}
	p.Title, p.Section = "worklists.recap", "worklists"
	now := s.Clock().In(s.Zone)
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, s.Zone)
	f, from, to, err := s.spanOf(c, first, now)
	p.Form = f
	if err == nil {
		p.Recap, err = s.Worklists.Recap(c.Request().Context(), p.Choice, from, to)
	}
	p.Query = "?source=" + p.Choice + "&from=" + f.From + "&to=" + f.To
	return p, err
}

func (s *Server) recap(c echo.Context) error {
	p, err := s.recapView(c)
	if err != nil {
		return s.againOrFail(c, err, "worklist_recap", p)
	}
	return s.render(c, http.StatusOK, "worklist_recap", p)
}

// againOrFail shows the page again when there is one and err is about its form.
func (s *Server) againOrFail(c echo.Context, err error, name string, p page) error {
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	return s.again(c, err, name, p)
}

func (s *Server) recapFile(c echo.Context) error {
	p, err := s.recapView(c)
	if err != nil {
		return err
	}
	return s.sendLists(c, "rekap-"+p.Choice, p.Tables())
}

// myLogPage is what the reader did.
type myLogPage struct {
	Base
	worklist.Log
	Form  spanForm
	Query string
}

func (s *Server) myLogView(c echo.Context) (*myLogPage, error) {
	if s.Worklists == nil {
		return nil, errNoPage
	}
	p := &myLogPage{}
	p.Title, p.Section = "worklists.mine", "worklists"
	now := s.Clock().In(s.Zone)
	monday := now.AddDate(0, 0, -(int(now.Weekday())+6)%7)
	f, from, to, err := s.spanOf(c, monday, now)
	p.Form = f
	if err == nil {
		p.Log, err = s.Worklists.Mine(c.Request().Context(), from, to)
	}
	p.Query = "?from=" + f.From + "&to=" + f.To
	return p, err
}

func (s *Server) myLog(c echo.Context) error {
	p, err := s.myLogView(c)
	if err != nil {
		return s.againOrFail(c, err, "worklist_mine", p)
	}
	return s.render(c, http.StatusOK, "worklist_mine", p)
}

func (s *Server) myLogFile(c echo.Context) error {
	p, err := s.myLogView(c)
	if err != nil {
		return err
	}
	w := s.words.For(s.lang(c))
	return s.sendLists(c, "catatan-kerja", p.Table(s.Zone, func(code string) string { return label(w, "event", code) }))
}
