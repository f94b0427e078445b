package web

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/eligibility"
	"layak/importers"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/i18n"
)

// complaintsPage lists the complaints in the reader's scope, newest first.
type complaintsPage struct {
	Base
	Rows     []lineRow
	Next     string // address of the next page
	Found    string // masked NIK when the list is about one person
	Form     listForm
	Query    string // what was typed into the search field
	Searched bool   // the list is what a search found
	After    string // the next page of a search begins behind this ticket
	Views    []complaints.View
	ViewName string // typed name of a view
	Keep     string // the filter as a view keeps it
	Tick     tickPart
	Units    []auth.Unit
	Export   string // address of the workbook
	MayFile  bool
}

// listForm is the filter of the list as the address carries it.
type listForm struct {
	Show            string // open | closed | all
	Unit            string
	Matter          string
	Channel         string
	Mine            bool
	Nobody          bool // no unit has it
	Class, Priority string
	Overdue         bool
}

// lineRow is one complaint of a list.
type lineRow struct {
	complaints.Line
	Title string // what it is about and whom
	Place string
	Unit  string // name of the unit
	Age   string // "3 hari"
	Open  bool
	Due   string // "sisa 1 jam 12 menit", "lewat 2 hari kerja"; "" without a deadline of the office
	Late  bool
	// Waits says for how long the citizen has been waited for; Remind that it is time to ask again.
	Waits  string
	Remind bool
}

// exportTime is what a workbook of many rows may take.
const exportTime = 2 * time.Minute

var closedStates = slices.DeleteFunc(slices.Clone(complaints.States), complaints.State.Open)

// listFormOf reads the address; anything unknown is as if it were not there.
func listFormOf(q url.Values) listForm {
	f := listForm{Show: q.Get("show"), Unit: q.Get("unit"), Mine: q.Get("mine") != "", Nobody: q.Get("nobody") != ""}
	if !slices.Contains([]string{"open", "closed", "all"}, f.Show) {
		f.Show = "open"
	}
	if hasCode(complaints.Matters, q.Get("matter")) {
		f.Matter = q.Get("matter")
	}
	if hasCode(complaints.Channels, q.Get("channel")) {
		f.Channel = q.Get("channel")
	}
	if hasCode(complaints.Classes, q.Get("class")) {
		f.Class = q.Get("class")
	}
	if hasCode(complaints.Priorities, q.Get("priority")) {
		f.Priority = q.Get("priority")
	}
	f.Overdue = q.Get("overdue") != ""
	if !storable(f.Unit) {
		f.Unit = ""
	}
	return f
}

func hasCode(list []complaints.Word, code string) bool {
	return slices.ContainsFunc(list, func(w complaints.Word) bool { return w.Code == code })
}

// filter turns the form into what the service asks for.
func (f listForm) filter(a auth.Actor, now time.Time) complaints.Filter {
	filter := complaints.Filter{Unit: f.Unit, Unassigned: f.Nobody, Matter: f.Matter, Channel: f.Channel, Class: f.Class, Priority: f.Priority}
	if f.Overdue {
		filter.DueBefore, filter.ByDue = now, true
	}
	switch f.Show {
	case "open":
		filter.States = complaints.OpenStates
	case "closed":
		filter.States = closedStates
	}
	if f.Mine {
		filter.Staff = a.User
	}
	return filter
}

// query is the form as an address writes it.
func (f listForm) query(more ...string) string {
	q := url.Values{"show": {f.Show}}
	set := func(name, v string) {
		if v != "" {
			q.Set(name, v)
		}
	}
	set("unit", f.Unit)
	set("matter", f.Matter)
	set("channel", f.Channel)
	set("class", f.Class)
	set("priority", f.Priority)
	if f.Overdue {
		q.Set("overdue", "1")
	}
	if f.Mine {
		q.Set("mine", "1")
	}
	if f.Nobody {
		q.Set("nobody", "1")
	}
	for i := 0; i+1 < len(more); i += 2 {
		set(more[i], more[i+1])
	}
	return "?" + q.Encode()
}

func (s *Server) complaints(c echo.Context) error {
	if s.Complaints == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	p, err := s.newComplaintsPage(c, listFormOf(c.QueryParams()))
	if err != nil {
		return err
	}
	filter := p.Form.filter(auth.From(ctx), s.Clock())
	if after, err := complaints.ParseTicket(c.QueryParam("after")); err == nil {
		filter.After = after
	}
	err = s.listInto(c, p, filter)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "complaints", p)
}

func (s *Server) newComplaintsPage(c echo.Context, f listForm) (*complaintsPage, error) {
	ctx := c.Request().Context()
	actor := auth.From(ctx)
	p := &complaintsPage{Form: f, MayFile: actor.Can(auth.ComplaintFile)}
	p.Title, p.Section = "complaints.title", "complaints"
	if actor.Can(auth.ComplaintExport) {
		p.Export = "/complaints.xlsx" + f.query()
	}
	p.Keep = strings.TrimPrefix(f.query(), "?")
	p.Tick = tickPartFor(actor, "/complaints")
	var err error
	if s.Finder != nil {
		p.Views, err = s.Finder.Views(ctx)
		if err != nil {
			return nil, err
		}
	}
	p.Units, err = s.units(ctx)
	return p, err
}

func (s *Server) listInto(c echo.Context, p *complaintsPage, f complaints.Filter) error {
	page, err := s.Complaints.List(c.Request().Context(), f)
	if err != nil {
		return err
	}
	p.Rows = s.lineRows(c, page.Items, p.Units)
	if page.Next != "" {
		p.Next = "/complaints" + p.Form.query("after", string(page.Next))
	}
	return nil
}

// looksLikeNIK are 16 digits with whatever people put between them.
var looksLikeNIK = regexp.MustCompile(`^\D*(?:\d\D*){16}$`)

// findComplaint takes a ticket to its case, a NIK to the cases of that person and words to the cases
// that hold them. It is a POST because neither a NIK nor a name may stand in an address.
func (s *Server) findComplaint(c echo.Context) error {
	if s.Complaints == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	typed := strings.TrimSpace(c.FormValue("q") + c.FormValue("nik")) // "nik" is the field of the frame
	if ticket, err := complaints.ParseTicket(typed); err == nil && !looksLikeNIK.MatchString(typed) {
		return s.redirect(c, "/complaints/"+string(ticket))
	}
	p, err := s.newComplaintsPage(c, listForm{Show: "all"})
	if err != nil {
		return err
	}
	p.Query = typed
	if s.Finder == nil || looksLikeNIK.MatchString(typed) {
		return s.findByNIK(c, p, typed)
	}
	p.Searched = true
	filter := complaints.Filter{}
	if after, err := complaints.ParseTicket(c.FormValue("after")); err == nil {
		filter.After = after
	}
	page, err := s.Finder.Search(ctx, typed, filter)
	if err != nil {
		return s.again(c, err, "complaints", p)
	}
	p.Rows, p.After = s.lineRows(c, page.Items, p.Units), string(page.Next)
	return s.render(c, http.StatusOK, "complaints", p)
}

// findByNIK lists the cases of one person.
func (s *Server) findByNIK(c echo.Context, p *complaintsPage, typed string) error {
	nik, err := eligibility.ParseNIK(typed)
	if err != nil {
		const unread = "Tulis nomor aduan seperti 3509-7K2M-QX9D-R, 16 angka NIK, atau kata dari isi aduan."
		return s.again(c, fault.New(fault.Invalid, "query_unread", unread).At("q", unread), "complaints", p)
	}
	p.Query, p.Found = "", nik.Masked()
	err = s.listInto(c, p, complaints.Filter{NIK: nik, Limit: 200})
	if err != nil {
		return err
	}
	p.Next = ""
	return s.render(c, http.StatusOK, "complaints", p)
}

// exportComplaints sends what the filter finds as a workbook, masked.
func (s *Server) exportComplaints(c echo.Context) error {
	if s.Complaints == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	header, rows, err := s.Complaints.Export(ctx, listFormOf(c.QueryParams()).filter(auth.From(ctx), s.Clock()))
	if err != nil {
		return err
	}
	return s.sendTable(c, "aduan", "Aduan", header, rows)
}

// sendTable sends one sheet as a workbook named after the day.
func (s *Server) sendTable(c echo.Context, name, sheet string, header []string, rows [][]string) error {
	var b bytes.Buffer
	err := importers.WriteTable(&b, sheet, header, rows)
	if err != nil {
		return err
	}
	name += "-" + s.Clock().In(s.Zone).Format(time.DateOnly) + ".xlsx"
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return c.Blob(http.StatusOK, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b.Bytes())
}

// units lists the units for names and choices; none for those who may not read them.
func (s *Server) units(ctx context.Context) ([]auth.Unit, error) {
	if s.Offices == nil || !auth.From(ctx).Can(auth.UnitRead) {
		return nil, nil
	}
	return s.Offices.Units(ctx)
}

func unitName(units []auth.Unit, code string) string {
	for _, u := range units {
		if u.Code == code {
			return u.Name
		}
	}
	return code
}

// queryOf reads a stored filter; one that cannot be read filters nothing.
func queryOf(query string) url.Values {
	v, err := url.ParseQuery(query)
	if err != nil {
		return url.Values{}
	}
	return v
}

// lineRows puts words to the lines of a list.
func (s *Server) lineRows(c echo.Context, lines []complaints.Line, units []auth.Unit) []lineRow {
	w := s.words.For(s.lang(c))
	left := s.leftTeller(c.Request().Context(), w)
	var rows []lineRow
	for _, l := range lines {
		rows = append(rows, newLineRow(left, l, units))
	}
	return rows
}

func newLineRow(left leftTeller, l complaints.Line, units []auth.Unit) lineRow {
	w := left.w
	row := lineRow{Line: l, Place: areaLabel(l.Village), Unit: unitName(units, l.Unit), Open: l.State.Open(),
		Title: subjectLine(w, l.Matter), Age: waitText(w, left.now.Sub(l.FiledAt))}
	if l.Title != "" {
		row.Title = l.Title
	}
	if l.Name != "" {
		row.Title += " · " + l.Name
	}
	if l.Patients > 1 {
		row.Title += " " + w.T("complaints.and_more", "N", l.Patients-1)
	}
	if l.DueAt != nil && row.Open && !l.DueKind.OfOthers() {
		row.Due, row.Late = left.text(l.Unit, l.DueKind, *l.DueAt), left.now.After(*l.DueAt)
	}
	if l.WaitsSince != nil {
		row.Waits = left.waits(*l.WaitsSince)
		row.Remind = l.RemindAt != nil && left.now.After(*l.RemindAt)
	}
	return row
}

// subjectLine is the heading of a complaint: its matter in words.
func subjectLine(w *i18n.Printer, matter string) string {
	if matter == "" {
		return w.T("complaint.untitled")
	}
	return label(w, "matter", matter)
}

// waitText says how long something has been waiting, in the largest unit that fits.
func waitText(w *i18n.Printer, d time.Duration) string {
	switch {
	case d < time.Minute:
		return w.T("wait.now")
	case d < time.Hour:
		return w.T("wait.minutes", "N", int(d.Minutes()))
	case d < 48*time.Hour:
		return w.T("wait.hours", "N", int(d.Hours()))
	}
	return w.T("wait.days", "N", int(d.Hours()/24))
}
