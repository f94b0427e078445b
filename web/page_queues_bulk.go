package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/internal/auth"
	"layak/internal/fault"
)

// bulkPage asks for what one act needs and then says, case by case, what became of it.
type bulkPage struct {
	Base
	Act   string
	Back  string
	Rows  []bulkRow
	Form  bulkForm
	Units []auth.Unit
	Staff []staffGroup
	Done  int
	Ended bool // the act was taken; each row has its result
}

// bulkRow is one of the chosen cases.
type bulkRow struct {
	lineRow
	Chosen string // "TICKET@VERSION" as the list showed it
	Result string // what stood in the way; "" when it is done
}

// bulkForm is what was typed.
type bulkForm struct {
	Text, Unit, Staff, Office, Number string
	Into                              string // case that the others are merged into
}

// bulk shows the form of an act for the ticked cases.
func (s *Server) bulk(c echo.Context) error {
	p, err := s.newBulkPage(c)
	if err != nil {
		return err
	}
	if len(p.Rows) == 0 {
		s.flash(c, "bulk.none")
		return s.redirect(c, p.Back)
	}
	return s.render(c, http.StatusOK, "bulk", p)
}

// newBulkPage gathers the ticked cases that the reader may see.
func (s *Server) newBulkPage(c echo.Context) (*bulkPage, error) {
	if s.Complaints == nil {
		return nil, errNoPage
	}
	ctx := c.Request().Context()
	v := func(name string) string { return strings.TrimSpace(c.FormValue(name)) }
	p := &bulkPage{Act: v("act"), Back: bulkBack(v("back")),
		Form: bulkForm{Text: v("text"), Unit: v("unit"), Staff: v("staff"), Office: v("office"), Number: v("number"), Into: v("into")}}
	if !slices.Contains(bulkActs, complaints.EventType(p.Act)) {
		return nil, errNoPage
	}
	p.Title, p.Section = "bulk."+p.Act, "queue"
	tickets, versions := ticked(c)
	var err error
	p.Units, err = s.units(ctx)
	if err != nil || len(tickets) == 0 {
		return p, err
	}
	page, err := s.Complaints.List(ctx, complaints.Filter{Tickets: tickets, Limit: mostTicked})
	if err != nil {
		return nil, err
	}
	for _, row := range s.lineRows(c, page.Items, p.Units) {
		p.Rows = append(p.Rows, bulkRow{lineRow: row, Chosen: string(row.Ticket) + "@" + versions[row.Ticket]})
	}
	// The oldest case is the one that the others most likely repeat.
	if p.Form.Into == "" && len(p.Rows) > 0 {
		p.Form.Into = string(p.Rows[len(p.Rows)-1].Ticket) // the list is newest first
	}
	if s.Offices != nil && p.Act == string(complaints.AssignEvent) {
		staff, err := s.Offices.Staff(ctx)
		if err != nil {
			return nil, err
		}
		p.Staff = staffGroups(p.Units, staff)
	}
	return p, nil
}

// bulkBack keeps the way back on the lists.
func bulkBack(path string) string {
	if path == "/complaints" || strings.HasPrefix(path, "/queues/") && localPath(path) != "" {
		return path
	}
	return "/"
}

// bulkDo takes the act on each case by itself: what one refuses does not hold up the others.
func (s *Server) bulkDo(c echo.Context) error {
	p, err := s.newBulkPage(c)
	if err != nil {
		return err
	}
	if problem := p.missing(); problem != nil {
		return s.again(c, problem, "bulk", p)
	}
	ctx := c.Request().Context()
	p.Ended = true
	for i := range p.Rows {
		row := &p.Rows[i]
		if p.Act == string(complaints.MergeEvent) && string(row.Ticket) == p.Form.Into {
			continue
		}
		_, err = s.Complaints.Act(ctx, row.Ticket, p.action(*row))
		problem := fault.As(err)
		switch {
		case err == nil:
			p.Done++
		case problem == nil || problem.Kind == fault.Internal || problem.Kind == fault.Unavailable:
			return err
		default:
			row.Result = problem.Message
		}
	}
	return s.render(c, http.StatusOK, "bulk", p)
}

func (p *bulkPage) action(row bulkRow) complaints.Action {
	_, version, _ := strings.Cut(row.Chosen, "@")
	n, err := strconv.Atoi(version)
	if err != nil {
		n = 0 // which the service refuses
	}
	return complaints.Action{Type: complaints.EventType(p.Act), Version: n, Text: p.Form.Text, Unit: p.Form.Unit, Staff: p.Form.Staff,
		Office: p.Form.Office, Number: p.Form.Number, Into: complaints.Ticket(p.Form.Into)}
}

// missing says what the act still needs, once for all cases.
func (p *bulkPage) missing() error {
	bad := func(field, message string) error {
		return fault.New(fault.Invalid, "bulk_incomplete", message).At(field, message)
	}
	f := p.Form
	switch complaints.EventType(p.Act) {
	case complaints.AssignEvent:
		if f.Unit == "" && f.Staff == "" {
			return bad("unit", "Pilih unit atau petugas yang menerima aduan ini.")
		}
	case complaints.NoteEvent:
		if f.Text == "" {
			return bad("text", "Tulis dulu catatannya.")
		}
	case complaints.ForwardEvent:
		if f.Office == "" {
			return bad("office", "Tulis instansi yang menerima aduan ini.")
		}
	case complaints.MergeEvent:
		in := slices.ContainsFunc(p.Rows, func(r bulkRow) bool { return string(r.Ticket) == f.Into })
		if !in || len(p.Rows) < 2 {
			return bad("into", "Pilih paling sedikit dua aduan, lalu tentukan satu yang dilanjutkan.")
		}
	}
	return nil
}
