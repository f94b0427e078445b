package web

import (
	"context"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/complaints/numbers"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Reports are the figures about complaints; *numbers.Service keeps it.
type Reports interface {
	// Report gives the figures that the actor may see.
	Report(ctx context.Context, f numbers.Filter) (numbers.Report, error)
	// Monthly gives the report of a month as a PDF.
	Monthly(ctx context.Context, month, unit string) ([]byte, error)
	// Export gives the rows of a shape, page by page, and leaves a trail.
	Export(ctx context.Context, shape numbers.Shape, f numbers.Filter) (*numbers.Export, error)
	// Public gives the counts that everybody may see.
	Public(ctx context.Context) (numbers.OpenData, error)
	// Load counts what waits, for the metrics.
	Load(ctx context.Context) (numbers.Load, error)
}

// reportRoutes are the addresses of numbers, exports and open data.
func (s *Server) reportRoutes() []Route {
	const get = http.MethodGet
	return []Route{
		{Method: get, Path: "/reports", Permission: auth.ReportRead, Handler: s.reports},
		{Method: get, Path: "/reports/monthly.pdf", Permission: auth.ReportRead, Handler: s.monthlyReport, Deadline: time.Minute},
		{Method: get, Path: "/reports/export/:shape", Permission: auth.ComplaintExport, Handler: s.exportShape, Deadline: 15 * time.Minute},
		{Method: get, Path: "/terbuka", Public: true, Handler: s.openData},
		{Method: get, Path: "/terbuka.csv", Public: true, Handler: s.openDataCSV},
		{Method: get, Path: "/terbuka.json", Public: true, Handler: s.openDataJSON},
	}
}

// reportPages are the page sets of numbers, exports and open data.
var reportPages = map[string][]string{
	"reports":  {"problems", "figures"},
	"opendata": {"figures"},
}

// reportsPage is the dashboard.
type reportsPage struct {
	Base
	Form      reportForm
	Units     []auth.Unit
	Districts []area.Area
	Own       string // name of the only unit that the reader sees
	Report    numbers.Report
	Figures   []figure
	Parts     []part
	Presets   []preset
	Month     string // of the monthly report offered
	Spelled   struct{ From, To string }
	Exports   string // query of the exports; "" when the reader may not
	Words     []string
}

// reportForm is the filter as the address carries it.
type reportForm struct{ From, To, Unit, Class, Channel, District string }

// figure is one number on top.
type figure struct {
	Label, Value, More string
	Spark              template.HTML
	Few                bool
}

// part answers one question with a chart and a table.
type part struct {
	ID    string
	Title string // the question
	Chart template.HTML
	Key   []string // what light and dark of the chart mean
	Head  []string
	Rows  [][]string
	Few   bool // so few cases that shares say little
	None  string
}

// preset is a period to choose by a click.
type preset struct {
	Label, Query string
	Current      bool
}

func (s *Server) reports(c echo.Context) error {
	if s.Reports == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	p := &reportsPage{Form: reportFormOf(c.QueryParams(), s.Clock().In(s.Zone))}
	p.Title, p.Section = "reports.title", "reports"
	actor := auth.From(ctx)
	var err error
	p.Units, err = s.units(ctx)
	if err != nil {
		return err
	}
	if !actor.All && p.Form.Unit == "" {
		p.Form.Unit = actor.Unit
	}
	p.Report, err = s.Reports.Report(ctx, p.Form.filter())
	if f := fault.As(err); f != nil && f.Kind == fault.Invalid {
		p.Form = reportFormOf(nil, s.Clock().In(s.Zone))
		s.dressReport(c, p, actor)
		return s.again(c, err, "reports", p)
	}
	if err != nil {
		return err
	}
	s.dressReport(c, p, actor)
	return s.render(c, http.StatusOK, "reports", p)
}

// dressReport puts words and drawings to the figures.
func (s *Server) dressReport(c echo.Context, p *reportsPage, actor auth.Actor) {
	w := reportWords{Printer: s.words.For(s.lang(c)), units: p.Units, zone: s.Zone}
	p.Districts = area.Children(s.Home)
	if !actor.All {
		p.Own = unitName(p.Units, actor.Unit)
	}
	p.Presets = presets(w.Printer, p.Form, s.Clock().In(s.Zone))
	p.Month = p.Form.To
	p.Spelled.From, p.Spelled.To = w.month(p.Form.From), w.month(p.Form.To)
	if actor.Can(auth.ComplaintExport) {
		p.Exports = p.Form.query()
	}
	p.Figures = w.figures(p.Report)
	p.Parts = w.parts(p.Report, actor.All && p.Form.Unit == "")
	p.Words = reportTerms
}

var monthShape = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])$`)

// reportFormOf reads the address; what is unknown is as if it were not there. The usual period is
// the twelve months up to now.
func reportFormOf(q url.Values, now time.Time) reportForm {
	f := reportForm{From: q.Get("from"), To: q.Get("to"), Unit: q.Get("unit"), District: q.Get("district")}
	if !monthShape.MatchString(f.To) {
		f.To = now.Format("2006-01")
	}
	if !monthShape.MatchString(f.From) {
		last, _ := time.Parse("2006-01", f.To)
		f.From = last.AddDate(0, -11, 0).Format("2006-01")
	}
	if !storable(f.Unit) {
		f.Unit = ""
	}
	if hasCode(complaints.Classes, q.Get("class")) {
		f.Class = q.Get("class")
	}
	if hasCode(complaints.Channels, q.Get("channel")) {
		f.Channel = q.Get("channel")
	}
	if _, ok := area.Lookup(area.Code(f.District)); !ok {
		f.District = ""
	}
	return f
}

func (f reportForm) filter() numbers.Filter {
	return numbers.Filter{From: f.From, To: f.To, Unit: f.Unit, Class: f.Class, Channel: f.Channel, District: area.Code(f.District)}
}

func (f reportForm) query() string {
	q := url.Values{"from": {f.From}, "to": {f.To}}
	for name, v := range map[string]string{"unit": f.Unit, "class": f.Class, "channel": f.Channel, "district": f.District} {
		if v != "" {
			q.Set(name, v)
		}
	}
	return "?" + q.Encode()
}

// monthlyReport sends the report of one month.
func (s *Server) monthlyReport(c echo.Context) error {
	if s.Reports == nil {
		return errNoPage
	}
	f := reportFormOf(url.Values{"to": {c.QueryParam("month")}, "unit": {c.QueryParam("unit")}}, s.Clock().In(s.Zone))
	file, err := s.Reports.Monthly(c.Request().Context(), f.To, f.Unit)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="laporan-aduan-`+f.To+`.pdf"`)
	return c.Blob(http.StatusOK, "application/pdf", file)
}
