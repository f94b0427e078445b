package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/internal/auth"
)

// Hours is working time, holidays and what stands on letterheads; *complaints.Hours keeps it.
type Hours interface {
	Overview(ctx context.Context) (map[string]complaints.UnitSettings, error)
	Edit(ctx context.Context, unit string) (complaints.UnitSettings, error)
	Save(ctx context.Context, u complaints.UnitSettings) error
	Holidays(ctx context.Context) ([]complaints.Year, error)
	AddHolidays(ctx context.Context, list []calendar.Holiday, whole bool) error
	RemoveHoliday(ctx context.Context, day string) error
}

// hoursRoutes are the addresses of working hours, holidays and the letterhead of units.
func (s *Server) hoursRoutes() []Route {
	const get, post = http.MethodGet, http.MethodPost
	return []Route{
		{Method: get, Path: "/settings", Permission: auth.AccountOwn, Handler: s.settings},
		{Method: get, Path: "/settings/hours", Permission: auth.HoursManage, Handler: s.hoursList},
		{Method: get, Path: "/settings/hours/:unit", Permission: auth.HoursManage, Handler: s.hoursOne},
		{Method: post, Path: "/settings/hours/:unit", Permission: auth.HoursManage, Handler: s.saveHours},
		{Method: get, Path: "/settings/holidays", Permission: auth.HoursManage, Handler: s.holidays},
		{Method: post, Path: "/settings/holidays", Permission: auth.HoursManage, Handler: s.addHoliday},
		{Method: post, Path: "/settings/holidays/remove", Permission: auth.HoursManage, Handler: s.removeHoliday},
		{Method: post, Path: "/settings/holidays/import", Permission: auth.HoursManage, Handler: s.importHolidays, MaxBody: holidaysBody, Deadline: time.Minute},
	}
}

// hoursPages are the page sets of working hours, holidays and the letterhead of units.
var hoursPages = map[string][]string{
	"settings":   nil,
	"hours":      nil,
	"hours_unit": {"problems"},
	"holidays":   {"problems"},
}

// holidaysBody bounds a workbook of holidays; a real one has thirty rows.
const holidaysBody = 2 << 20

// theOffice stands for the office itself in addresses, where no unit code can: those begin with a
// letter or a digit.
const theOffice = "-"

// settingLinks are the pages behind "Pengaturan", each for those who may open it.
var settingLinks = []NavItem{
	{Key: "hours", Path: "/settings/hours", Icon: "clock", Needs: auth.HoursManage},
	{Key: "holidays", Path: "/settings/holidays", Icon: "calendar", Needs: auth.HoursManage},
	{Key: "replies", Path: "/settings/replies", Icon: "file-text", Needs: auth.ReplyManage},
	{Key: "units", Path: "/units", Icon: "home", Needs: auth.UnitManage},
	{Key: "staff", Path: "/staff", Icon: "users", Needs: auth.StaffManage},
	{Key: "rules", Path: "/rules", Icon: "scale", Needs: auth.PolicyRead},
	{Key: "tokens", Path: "/tokens", Icon: "lock", Needs: auth.TokenOwn},
}

type settingsPage struct {
	Base
	Links []NavItem
}

func (s *Server) settings(c echo.Context) error {
	p := &settingsPage{Links: s.settingsOf(auth.From(c.Request().Context()))}
	p.Title, p.Section = "settings.title", "settings"
	return s.render(c, http.StatusOK, "settings", p)
}

func (s *Server) settingsOf(a auth.Actor) []NavItem {
	var links []NavItem
	for _, l := range settingLinks {
		if a.Can(l.Needs) && s.offers(l.Path) {
			links = append(links, l)
		}
	}
	return links
}

// hoursListPage lists the office and its units with their working time.
type hoursListPage struct {
	Base
	Rows []hoursRow
}

type hoursRow struct {
	Code, Name string // Code as it stands in the address
	Kind       string
	Own        bool
	Days       []dayLine
}

// dayLine is days of a week that have the same spans: "Senin–Kamis", "08.00–16.00".
type dayLine struct{ Days, Spans string }

func (s *Server) hoursList(c echo.Context) error {
	if s.Hours == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	units, err := s.Offices.Units(ctx)
	if err != nil {
		return err
	}
	p := &hoursListPage{}
	p.Title, p.Section = "hours.title", "settings"
	all, err := s.Hours.Overview(ctx)
	if err != nil {
		return err
	}
	for _, u := range append([]auth.Unit{{}}, units...) {
		if set, ok := all[u.Code]; ok {
			p.Rows = append(p.Rows, newHoursRow(u, set))
		}
	}
	return s.render(c, http.StatusOK, "hours", p)
}

func newHoursRow(u auth.Unit, set complaints.UnitSettings) hoursRow {
	row := hoursRow{Code: u.Code, Name: u.Name, Kind: string(u.Kind), Own: set.Own, Days: weekLines(set.Week)}
	if u.Code == "" {
		row.Code = theOffice
	}
	return row
}

// weekOrder is Monday to Sunday.
var weekOrder = []time.Weekday{1, 2, 3, 4, 5, 6, 0}

// weekLines says a week in few words: days that follow each other and are alike stand together.
func weekLines(w calendar.Week) []dayLine {
	var all []dayLine
	for i := 0; i < len(weekOrder); {
		d, j := weekOrder[i], i
		for j+1 < len(weekOrder) && spansText(w[weekOrder[j+1]]) == spansText(w[d]) {
			j++
		}
		if text := spansText(w[d]); text != "" {
			days := calendar.DayName(d)
			if j > i {
				days += "–" + calendar.DayName(weekOrder[j])
			}
			all = append(all, dayLine{days, text})
		}
		i = j + 1
	}
	return all
}

func spansText(list []calendar.Span) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = s.String()
	}
	return strings.Join(words, ", ")
}
