package web

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/policy"
)

// homePage is the desk's start: a check in one step, what waits for this person, how old the data is.
type homePage struct {
	Base
	Shelves []shelf
	Total   int
	Data    []dataRow
}

// shelf is one part of the queue: mine, my unit's, nobody's.
type shelf struct {
	Key   string // message key "home." + Key
	Rows  []lineRow
	Total int
	All   string // address of the whole list
}

// queueRows are shown of each shelf; the list page has the rest.
const queueRows = 12

// dataRow says how old one kind of registry data is.
type dataRow struct {
	Kind string
	AsOf eligibility.Date
}

func (s *Server) home(c echo.Context) error {
	actor := auth.From(c.Request().Context())
	if to := s.homePath(actor); to != "/" {
		return s.redirect(c, to)
	}
	p := &homePage{}
	p.Title, p.Section = "home.title", "queue"
	var err error
	err = s.fillQueue(c, p)
	if err != nil {
		return err
	}
	p.Data, err = s.dataRows(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "home", p)
}

// fillQueue puts the cases that wait for the reader onto the page.
func (s *Server) fillQueue(c echo.Context, p *homePage) error {
	if s.Complaints == nil {
		return nil
	}
	q, err := s.Complaints.Queue(c.Request().Context())
	if err != nil {
		return err
	}
	p.Waits = true
	for _, shelf := range []struct {
		key string
		complaints.Shelf
	}{{"mine", q.Mine}, {"unit", q.Unit}, {"unassigned", q.Unassigned}} {
		if shelf.Total == 0 {
			continue
		}
		row := queueShelf{Key: shelf.key, Total: shelf.Total}
		for _, l := range shelf.Lines {
			row.Rows = append(row.Rows, s.queueRowOf(l))
		}
		p.Shelves = append(p.Shelves, row)
	}
	return nil
}

func (s *Server) queueRowOf(l complaints.Line) queueRow {
	row := queueRow{Title: complaints.Label(complaints.Matters, l.Matter), Since: l.FiledAt, Urgent: l.Need == "emergency"}
	if l.Name != "" {
		row.Title += ": " + l.Name
	}
	row.Detail = string(l.Ticket) + " · " + complaints.Label(complaints.Channels, l.Channel)
	if l.Village != "" {
		row.Detail += " · " + areaLabel(l.Village)
	}
	if s.offers("/complaints/:ticket") {
		row.Path = "/complaints/" + string(l.Ticket)
	}
	return row
}

func (s *Server) dataRows(c echo.Context) ([]dataRow, error) {
	if s.People == nil {
		return nil, nil
	}
	state, err := s.People.State(c.Request().Context())
	if err != nil {
		return nil, err
	}
	var rows []dataRow
	for _, k := range eligibility.Kinds {
		rows = append(rows, dataRow{Kind: string(k), AsOf: state[k].AsOf})
	}
	return rows, nil
}

// more is the phone's menu.
func (s *Server) more(c echo.Context) error {
	p := &struct{ Base }{}
	p.Title, p.Section = "nav.more", "more"
	return s.render(c, http.StatusOK, "more", p)
}

// aboutPage names the sources and licences; the area data asks for it (ODbL).
type aboutPage struct {
	Base
	Version    string
	Engine     string
	AreaSource string
}

func (s *Server) about(c echo.Context) error {
	p := &aboutPage{Version: s.Version, Engine: policy.EngineVersion(), AreaSource: area.Source()}
	p.Title = "about.title"
	return s.render(c, http.StatusOK, "about", p)
}
