package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"layak/eligibility"
	"layak/internal/auth"
	"layak/policy"

	"layak/internal/area"
)

// homePage is the desk's start: a check in one step, what waits for this person, how old the data is.
type homePage struct {
	Base
	Queue []queueRow
	Data  []dataRow
}

// queueRow is one thing that waits for the reader, the most urgent first.
type queueRow struct {
	Path       string
	Title      string
	Detail     string
	Due        string // "sisa 1 jam 12 menit"
	Late       bool
	Unassigned bool
}

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
	p.Data, err = s.dataRows(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "home", p)
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
