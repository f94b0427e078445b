package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Finder finds cases by their words and keeps saved views; *complaints.Finder keeps it.
type Finder interface {
	Search(ctx context.Context, typed string, f complaints.Filter) (complaints.Page, error)
	Views(ctx context.Context) ([]complaints.View, error)
	SaveView(ctx context.Context, name, query string) (complaints.View, error)
	DropView(ctx context.Context, id string) error
	Readings(ctx context.Context) ([]complaints.Reading, error)
	MarkRead(ctx context.Context, patients int) error
}

// queueRoutes are the addresses of search, saved views and bulk work.
func (s *Server) queueRoutes() []Route {
	const get, post = http.MethodGet, http.MethodPost
	return []Route{
		{Method: post, Path: "/registrations", Permission: auth.RegistrationWrite, Handler: s.readRegistrations},
		{Method: post, Path: "/find", Permission: auth.AccountOwn, Handler: s.find},
		{Method: get, Path: "/queues/:shelf", Permission: auth.ComplaintRead, Handler: s.shelf},
		{Method: get, Path: "/queues/move/:ticket", Permission: auth.ComplaintAssign, Handler: s.moveForm},
		{Method: get, Path: "/complaints/:ticket/clocks/:kind", Permission: auth.ComplaintRead, Handler: s.explain},
		{Method: post, Path: "/complaints/hints", Permission: auth.ComplaintFile, Handler: s.hints},
		{Method: post, Path: "/queues/bulk", Permission: auth.ComplaintRead, Handler: s.bulk},
		// Each act asks for a permission of its own, which package complaints knows.
		{Method: post, Path: "/queues/bulk/do", Permission: auth.ComplaintRead, Handler: s.bulkDo, Deadline: exportTime},
		{Method: post, Path: "/views", Permission: auth.ComplaintRead, Handler: s.saveView},
		{Method: post, Path: "/views/drop", Permission: auth.ComplaintRead, Handler: s.dropView},
	}
}

// queuePages are the page sets of search, saved views and bulk work.
var queuePages = map[string][]string{
	"clock": nil,
	"queue": {"lines", "tick"},
	"bulk":  {"problems", "inputs", "lines"},
}

// shelfPage is one whole shelf of the queue.
type shelfPage struct {
	Base
	Key  string
	Rows []lineRow
	Next string // address of the next page
	Tick tickPart
	Move bool // each row offers to give the case to somebody else
	// Opened is the row that shows the form already.
	Opened *movePage
}

// tickPart is what the bar below ticked rows offers.
type tickPart struct {
	Acts []string // acts the reader may take on several cases at once
	Back string   // where to go afterwards
}

// bulkActs are the acts that can be taken on several cases at once.
var bulkActs = []complaints.EventType{complaints.AssignEvent, complaints.NoteEvent, complaints.ForwardEvent, complaints.MergeEvent}

func tickPartFor(a auth.Actor, back string) tickPart {
	p := tickPart{Back: back}
	for _, t := range bulkActs {
		if m, ok := complaints.MoveOf(t); ok && a.Can(m.Who) {
			p.Acts = append(p.Acts, string(t))
		}
	}
	return p
}

func (s *Server) shelf(c echo.Context) error {
	if s.Complaints == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	actor := auth.From(ctx)
	after, err := complaints.ParseTicket(c.QueryParam("after"))
	if err != nil {
		after = ""
	}
	key := complaints.ShelfKey(c.Param("shelf"))
	page, err := s.Complaints.Shelf(ctx, key, after)
	if err != nil {
		return err
	}
	units, err := s.units(ctx)
	if err != nil {
		return err
	}
	back := "/queues/" + string(key)
	p := &shelfPage{Key: string(key), Rows: s.lineRows(c, page.Items, units), Tick: tickPartFor(actor, back),
		Move: key == complaints.OverdueShelf && actor.Can(auth.ComplaintAssign)}
	p.Title, p.Section = "shelf."+string(key), "queue"
	if page.Next != "" {
		p.Next = back + "?after=" + string(page.Next)
	}
	return s.render(c, http.StatusOK, "queue", p)
}

// movePage is the form that gives one case to somebody else, put into its row of the list.
type movePage struct {
	Base
	Ticket  complaints.Ticket
	Version string
	Units   []auth.Unit
	Staff   []staffGroup
	Back    string
}

func (s *Server) moveForm(c echo.Context) error {
	ticket, err := ticketOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	units, err := s.units(ctx)
	if err != nil {
		return err
	}
	p := &movePage{Ticket: ticket, Version: c.QueryParam("version"), Units: units, Back: "/queues/" + string(complaints.OverdueShelf)}
	if s.Offices != nil {
		staff, err := s.Offices.Staff(ctx)
		if err != nil {
			return err
		}
		p.Staff = staffGroups(units, staff)
	}
	p.Title = "do.assign"
	return s.renderPart(c, http.StatusOK, "queue", "move", p)
}

// find is the one field of the frame: a number of a case leads to the case, 16 digits to a check,
// words to the cases that hold them. It is a POST because nothing of it may stand in an address.
func (s *Server) find(c echo.Context) error {
	actor := auth.From(c.Request().Context())
	typed := strings.TrimSpace(c.FormValue("nik"))
	digits := strings.IndexFunc(typed, func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' }) < 0
	_, err := complaints.ParseTicket(typed)
	switch {
	case actor.Can(auth.ComplaintRead) && s.Complaints != nil && (err == nil && !looksLikeNIK.MatchString(typed) || !digits):
		return s.findComplaint(c)
	case actor.Can(auth.CheckPerson):
		return s.check(c)
	case actor.Can(auth.ComplaintRead):
		return s.findComplaint(c)
	}
	return errNoPage
}

// saveView keeps the filter of the list under a name.
func (s *Server) saveView(c echo.Context) error {
	if s.Finder == nil {
		return errNoPage
	}
	query := c.FormValue("query")
	_, err := s.Finder.SaveView(c.Request().Context(), c.FormValue("view"), query)
	if f := fault.As(err); f != nil && f.Kind == fault.Invalid {
		p, pageErr := s.newComplaintsPage(c, listFormOf(queryOf(query)))
		if pageErr != nil {
			return pageErr
		}
		filter := p.Form.filter(auth.From(c.Request().Context()), s.Clock())
		listErr := s.listInto(c, p, filter)
		if listErr != nil {
			return listErr
		}
		p.ViewName = c.FormValue("view")
		return s.again(c, err, "complaints", p)
	}
	if err != nil {
		return err
	}
	s.flash(c, "view.saved")
	return s.redirect(c, "/complaints"+listFormOf(queryOf(query)).query())
}

func (s *Server) dropView(c echo.Context) error {
	if s.Finder == nil {
		return errNoPage
	}
	err := s.Finder.DropView(c.Request().Context(), c.FormValue("id"))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	s.flash(c, "view.dropped")
	return s.redirect(c, "/complaints")
}

// ticked reads "TICKET@VERSION" of the ticked rows, each once.
func ticked(c echo.Context) (tickets []complaints.Ticket, versions map[complaints.Ticket]string) {
	versions = map[complaints.Ticket]string{}
	form, err := c.FormParams()
	if err != nil {
		return nil, versions
	}
	for _, v := range form["t"] {
		number, version, _ := strings.Cut(v, "@")
		t, err := complaints.ParseTicket(number)
		if err != nil || slices.Contains(tickets, t) || len(tickets) == mostTicked {
			continue
		}
		tickets, versions[t] = append(tickets, t), version
	}
	return tickets, versions
}

// mostTicked is how many cases one act may take at once.
const mostTicked = 200
