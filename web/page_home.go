package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

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
	Units   []auth.Unit
	Tick    tickPart
	// Rechecks is how many answers would be different today.
	Rechecks int
	Data     []dataRow
	RuleDesk *ruleShelves // nil for who has nothing to do with them
	Cases    bool         // the reader works on complaints
}

// shelf is one part of the queue: mine, my unit's, nobody's.
type shelf struct {
	Key   string // message key "shelf." + Key; the whole shelf is at /queues/KEY
	Rows  []lineRow
	Total int
}

// queueRows are shown of each shelf; the list page has the rest.
const queueRows = 8

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
	p.Cases = actor.Can(auth.ComplaintRead)
	err := s.queueInto(c, p)
	if err != nil {
		return err
	}
	p.RuleDesk, err = s.rulesInto(c)
	if err != nil {
		return err
	}
	p.Data, err = s.dataRows(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "home", p)
}

// queueInto fills in what waits for the reader, emergencies first, then the longest waiting.
func (s *Server) queueInto(c echo.Context, p *homePage) error {
	ctx := c.Request().Context()
	if s.Complaints == nil || !auth.From(ctx).Can(auth.ComplaintRead) {
		return nil
	}
	p.Tick = tickPartFor(auth.From(ctx), "/")
	if s.Rechecks != nil {
		counts, err := s.Rechecks.Counts(ctx)
		if err != nil {
			return err
		}
		p.Rechecks = counts.Total
	}
	shelves, err := s.Complaints.Queue(ctx, queueRows)
	if err != nil {
		return err
	}
	p.Units, err = s.units(ctx)
	if err != nil {
		return err
	}
	for _, part := range shelves {
		p.Shelves = append(p.Shelves, shelf{Key: string(part.Key), Rows: s.lineRows(c, part.Lines, p.Units), Total: part.Total})
		p.Total += part.Total
	}
	return nil
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
