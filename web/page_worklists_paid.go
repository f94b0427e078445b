package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/complaints/worklist"
	"layak/eligibility"
	"layak/internal/area"
)

// paidPage lists people whom the regency pays and perhaps should not.
type paidPage struct {
	Base
	Scan     worklist.Scan
	Premium  worklist.Price
	Rupiah   int // of one person and month
	People   int
	PerMonth int
	PerYear  int
	Reasons  []paidReason
	Places   []paidPlace
	Rows     []paidRow
	Chosen   worklist.Reason
	Place    area.Code
	Query    string // of the workbook
	Next     string // address of the next page
	InRules  int    // rupiah that the rules name, when the office is billed another figure
	Form     premiumForm
}

type premiumForm struct{ ValidFrom, Rupiah, Source string }

type paidReason struct {
	Reason worklist.Reason
	People int
	Money  int
}

type paidPlace struct {
	Code   area.Code
	Name   string
	People int
	Money  int
}

// paidRow is one person of the list.
type paidRow struct {
	worklist.PaidLine
	PlaceName string
	Went      string // regency where the person lives now
	Ref       string // the number, sealed for this session
}

func (s *Server) paidView(c echo.Context, f worklist.PaidFilter) (*paidPage, error) {
	if s.Worklists == nil {
		return nil, errNoPage
	}
	found, err := s.Worklists.Paid(c.Request().Context(), f)
	if err != nil {
		return nil, err
	}
	p := newPaidPage(found, f)
	for _, l := range found.Lines {
		row := newPaidRow(l)
		row.Ref = s.sealRef(c, l.NIK)
		p.Rows = append(p.Rows, row)
	}
	if found.Next != "" {
		p.Next = "/worklists/paid" + p.Query + "&after=" + s.sealRef(c, found.Next)
	}
	p.Form = premiumForm{ValidFrom: string(eligibility.DateOf(s.Clock().In(s.Zone)))}
	return p, nil
}

func newPaidRow(l worklist.PaidLine) paidRow {
	row := paidRow{PaidLine: l, PlaceName: areaLabel(l.Place)}
	if l.Reason == worklist.MovedOut {
		row.Went = areaLabel(l.Regency)
	}
	return row
}

func newPaidPage(found worklist.Paid, f worklist.PaidFilter) *paidPage {
	price := int(found.Premium.Rupiah)
	p := &paidPage{Scan: found.Scan, Premium: found.Premium, Rupiah: price, People: found.People, PerMonth: int(found.PerMonth),
		PerYear: int(found.PerMonth) * 12, Chosen: f.Reason, Place: f.Place}
	if found.Premium.Billed {
		p.InRules = int(found.Premium.Rules.Rupiah)
	}
	p.Title, p.Section = "worklists.paid", "worklists"
	p.Query = "?" + url.Values{"reason": {string(f.Reason)}, "place": {string(f.Place)}}.Encode()
	byReason, byPlace := map[worklist.Reason]int{}, map[area.Code]int{}
	var places []area.Code
	for _, t := range found.Totals {
		byReason[t.Reason] += t.People
		if byPlace[t.District] == 0 {
			places = append(places, t.District)
		}
		byPlace[t.District] += t.People
	}
	for _, r := range worklist.Reasons {
		p.Reasons = append(p.Reasons, paidReason{r, byReason[r], byReason[r] * price})
	}
	for _, code := range places {
		p.Places = append(p.Places, paidPlace{code, areaLabel(code), byPlace[code], byPlace[code] * price})
	}
	return p
}

// paidFilterOf reads the address; anything unknown is as if it were not there.
func (s *Server) paidFilterOf(c echo.Context) worklist.PaidFilter {
	f := worklist.PaidFilter{}
	for _, r := range worklist.Reasons {
		if c.QueryParam("reason") == string(r) {
			f.Reason = r
		}
	}
	if a, ok := area.Lookup(area.Code(c.QueryParam("place"))); ok {
		f.Place = a.Code
	}
	if sealed := c.QueryParam("after"); sealed != "" {
		after, err := s.openRef(c, sealed)
		if err == nil && strings.Contains(after, "|") {
			f.After = after
		}
	}
	return f
}

func (s *Server) paid(c echo.Context) error {
	p, err := s.paidView(c, s.paidFilterOf(c))
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "worklist_paid", p)
}

func (s *Server) paidFile(c echo.Context) error {
	if s.Worklists == nil {
		return errNoPage
	}
	tables, err := s.Worklists.PaidTable(c.Request().Context(), s.paidFilterOf(c))
	if err != nil {
		return err
	}
	return s.sendLists(c, "dibayar-pemda", tables)
}

// paidAside takes a person off the list until the data change.
func (s *Server) paidAside(c echo.Context) error {
	if s.Worklists == nil {
		return errNoPage
	}
	nik, err := s.openRef(c, c.FormValue("person"))
	if err != nil {
		return err
	}
	err = s.Worklists.SetAside(c.Request().Context(), nik, c.FormValue("note"))
	if err != nil {
		p, viewErr := s.paidView(c, s.paidFilterOf(c))
		if viewErr != nil {
			return viewErr
		}
		return s.again(c, err, "worklist_paid", p)
	}
	s.flash(c, "worklists.aside_done")
	return s.redirect(c, "/worklists/paid")
}

// savePremium enters what the office pays for one person from a day on.
func (s *Server) savePremium(c echo.Context) error {
	if s.Worklists == nil {
		return errNoPage
	}
	f := premiumForm{c.FormValue("valid_from"), strings.TrimSpace(c.FormValue("rupiah")), c.FormValue("source")}
	rupiah, _ := strconv.ParseInt(strings.NewReplacer(".", "", "Rp", "", " ", "").Replace(f.Rupiah), 10, 64)
	err := s.Worklists.SavePremium(c.Request().Context(), worklist.Premium{ValidFrom: eligibility.Date(f.ValidFrom), Rupiah: rupiah, Source: f.Source})
	if err != nil {
		p, viewErr := s.paidView(c, worklist.PaidFilter{})
		if viewErr != nil {
			return viewErr
		}
		p.Form = f
		return s.again(c, err, "worklist_paid", p)
	}
	s.flash(c, "worklists.premium_saved")
	return s.redirect(c, "/worklists/paid")
}
