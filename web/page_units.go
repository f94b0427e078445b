package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
)

// unitsPage lists the units with their areas.
type unitsPage struct {
	Base
	Units   []auth.Unit
	Missing []missingOffice // named by the rules, registered by nobody
	May     bool
}

// unitPage is the form of one unit, new or changed.
type unitPage struct {
	Base
	New    bool
	Form   unitForm
	Kinds  []auth.UnitKind
	Places []placeRow
}

// unitForm is what was typed.
type unitForm struct{ Code, Name, Kind string }

// placeRow is a district with its villages as boxes to tick.
type placeRow struct {
	District area.Area
	Villages []area.Area
	Whole    bool            // the district itself is ticked
	Ticked   map[string]bool // villages
	Open     bool
}

var errNoUnit = fault.New(fault.NotFound, "unit_not_found", "Unit kerja dengan kode itu belum ada.")

func (s *Server) unitsList(c echo.Context) error {
	if s.Staffing == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	p := &unitsPage{May: auth.From(ctx).Can(auth.UnitManage)}
	p.Title, p.Section = "units.title", "staff"
	var err error
	p.Units, err = s.Staffing.Units(ctx)
	if err != nil {
		return err
	}
	p.Missing = s.missingOffices(p.Units)
	return s.render(c, http.StatusOK, "units", p)
}

func newUnitPage(home area.Code, u auth.Unit, fresh bool) *unitPage {
	p := &unitPage{New: fresh, Form: unitForm{u.Code, u.Name, string(u.Kind)}, Kinds: auth.UnitKinds}
	p.Title, p.Section = "units.one", "staff"
	if fresh {
		p.Title = "units.new"
	}
	has := map[area.Code]bool{}
	for _, a := range u.Areas {
		has[a] = true
	}
	for _, g := range villageGroups(home) {
		row := placeRow{District: g.District, Villages: g.Villages, Whole: has[g.District.Code] || has[home], Ticked: map[string]bool{}}
		for _, v := range g.Villages {
			if has[v.Code] {
				row.Ticked[string(v.Code)], row.Open = true, true
			}
		}
		p.Places = append(p.Places, row)
	}
	return p
}

func (s *Server) unitNew(c echo.Context) error {
	if s.Staffing == nil {
		return errNoPage
	}
	return s.render(c, http.StatusOK, "unit", newUnitPage(s.Home, auth.Unit{Kind: "puskesmas"}, true))
}

func (s *Server) unitOne(c echo.Context) error {
	if s.Staffing == nil {
		return errNoPage
	}
	all, err := s.Staffing.Units(c.Request().Context())
	if err != nil {
		return err
	}
	for _, u := range all {
		if u.Code == c.Param("unit") {
			return s.render(c, http.StatusOK, "unit", newUnitPage(s.Home, u, false))
		}
	}
	return errNoUnit
}

func (s *Server) saveUnit(c echo.Context) error {
	if s.Staffing == nil {
		return errNoPage
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	fresh := c.Param("unit") == ""
	u := auth.Unit{Code: c.FormValue("code"), Name: c.FormValue("name"), Kind: auth.UnitKind(c.FormValue("kind"))}
	save := s.Staffing.AddUnit
	if !fresh {
		u.Code, save = c.Param("unit"), s.Staffing.ChangeUnit
	}
	for _, v := range form["area"] {
		u.Areas = append(u.Areas, area.Code(v))
	}
	u.Areas = fewestAreas(u.Areas, s.Home)
	err = save(c.Request().Context(), u)
	if err != nil {
		return s.conflictAgain(c, err, "unit", newUnitPage(s.Home, u, fresh))
	}
	s.flash(c, "units.saved")
	return s.redirect(c, "/units")
}

// fewestAreas leaves out villages of a district that is ticked as a whole, and says "the whole
// regency" for all districts.
func fewestAreas(in []area.Code, home area.Code) []area.Code {
	whole := map[area.Code]bool{}
	for _, a := range in {
		if a.Level() == area.District {
			whole[a] = true
		}
	}
	districts := area.Children(home)
	all := len(districts) > 0
	for _, d := range districts {
		all = all && whole[d.Code]
	}
	if all {
		return []area.Code{home}
	}
	var out []area.Code
	for _, a := range in {
		if a.Level() == area.District || !whole[a.Parent()] {
			out = append(out, area.Code(strings.TrimSpace(string(a))))
		}
	}
	return out
}
