package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
)

// checkPage is where a check begins: a NIK, or one of the three ways without one.
type checkPage struct {
	Base
	Form      checkForm
	Villages  []villageGroup
	Places    []villageGroup // where this person may list names: districts and villages in scope
	Searched  bool
	Matches   []matchRow
	Needs     []string
	Purposes  []string
	HasSearch bool
}

// checkForm is what was typed. Way says which of the four forms it was.
type checkForm struct {
	Way         string // nik | person | newborn | unknown | search
	NIK         string
	Name        string
	BirthDate   string
	Village     string
	MotherNIK   string
	Description string
	Place       string
	Need        string
	Purpose     string
	ServiceOn   string
}

// villageGroup is a district with its villages, for a select.
type villageGroup struct {
	District area.Area
	Villages []area.Area
}

// matchRow is one person of a search by name. Ref stands for the NIK, which is not on the page.
type matchRow struct {
	Ref     string
	Name    string
	Born    eligibility.Date
	Village string
	Masked  string
}

// needs are offered in the order in which a desk meets them.
var needs = []string{"emergency", "inpatient", "outpatient", "delivery", "routine", "accident"}

// purposes are why somebody is looked up; the words go into the trail as they are.
var purposes = []string{"Melayani warga di loket", "Menangani aduan", "Mendaftarkan kepesertaan", "Memeriksa kebenaran data"}

func readCheckForm(c echo.Context) checkForm {
	v := func(name string) string { return strings.TrimSpace(c.FormValue(name)) }
	f := checkForm{Way: v("way"), NIK: v("nik"), Name: v("name"), BirthDate: v("birth_date"), Village: v("village"),
		MotherNIK: v("mother_nik"), Description: v("description"), Place: v("place"), Need: v("need"),
		Purpose: v("purpose"), ServiceOn: v("service_on")}
	if f.Way == "" {
		f.Way = "nik"
	}
	if f.Purpose == "" {
		f.Purpose = purposes[0]
	}
	return f
}

// request turns the form into a request of one way; what the others hold is left out.
func (f checkForm) request() eligibility.Request {
	req := eligibility.Request{Need: f.Need, Purpose: f.Purpose, ServiceOn: eligibility.Date(f.ServiceOn)}
	switch f.Way {
	case "person":
		req.Subject = eligibility.Subject{Name: f.Name, BirthDate: eligibility.Date(f.BirthDate), Village: area.Code(f.Village)}
	case "newborn":
		req.Subject = eligibility.Subject{MotherNIK: eligibility.NIK(f.MotherNIK), BirthDate: eligibility.Date(f.BirthDate)}
	case "unknown":
		req.Subject = eligibility.Subject{Unknown: true, Description: f.Description}
	default:
		req.Subject = eligibility.Subject{NIK: eligibility.NIK(f.NIK)}
	}
	return req
}

func (s *Server) newCheckPage(c echo.Context, f checkForm) *checkPage {
	actor := auth.From(c.Request().Context())
	p := &checkPage{Form: f, Needs: needs, Purposes: purposes, HasSearch: actor.Can(auth.PersonSearch)}
	p.Title, p.Section = "check.title", "checks"
	p.Villages = villageGroups(s.Home)
	if p.HasSearch {
		p.Places = placesOf(s.Home, actor)
	}
	return p
}

func (s *Server) checkForm(c echo.Context) error {
	return s.render(c, http.StatusOK, "check", s.newCheckPage(c, checkForm{Way: "nik"}))
}

// check decides and goes on to the result under its id: a NIK never stands in an address.
func (s *Server) check(c echo.Context) error {
	if s.Checks == nil {
		return errNoPage
	}
	f := readCheckForm(c)
	if ref := c.FormValue("ref"); ref != "" {
		nik, err := s.openRef(c, ref)
		if err != nil {
			return err
		}
		f.Way, f.NIK = "nik", nik
	}
	d, err := s.Checks.Check(c.Request().Context(), f.request())
	if err != nil {
		p := s.newCheckPage(c, f)
		return s.again(c, prefixFields(err, f.Way), "check", p)
	}
	return s.redirect(c, "/checks/"+d.ID)
}

// prefixFields names the fields of a fault after the form they stand in, since the page has four.
func prefixFields(err error, way string) error {
	f := fault.As(err)
	if f == nil || f.Kind != fault.Invalid {
		return err
	}
	own := *f
	own.Fields = slices.Clone(f.Fields)
	for i := range own.Fields {
		own.Fields[i].Name = way + "-" + own.Fields[i].Name
	}
	return &own
}

// searchPeople lists people with a similar name inside the caller's areas.
func (s *Server) searchPeople(c echo.Context) error {
	if s.Checks == nil {
		return errNoPage
	}
	f := readCheckForm(c)
	f.Way = "search"
	p := s.newCheckPage(c, f)
	q := eligibility.Query{Name: f.Name, Area: area.Code(f.Place), BirthDate: eligibility.Date(f.BirthDate)}
	if f.Place == "" {
		err := fault.New(fault.Invalid, "place_missing", "Pilih desa/kelurahan atau kecamatan tempat mencari.")
		return s.again(c, err.At("search-place", err.Message), "check", p)
	}
	found, err := s.Checks.Search(c.Request().Context(), q)
	if err != nil {
		return s.again(c, prefixFields(err, "search"), "check", p)
	}
	p.Searched = true
	for _, m := range found {
		p.Matches = append(p.Matches, matchRow{Ref: s.sealRef(c, string(m.NIK)), Name: m.Name, Born: m.BirthDate,
			Village: areaLabel(m.Village), Masked: m.NIK.Masked()})
	}
	return s.render(c, http.StatusOK, "check", p)
}

// villageGroups lists the villages of a regency by district.
func villageGroups(regency area.Code) []villageGroup {
	var groups []villageGroup
	for _, d := range area.Children(regency) {
		groups = append(groups, villageGroup{District: d, Villages: area.Children(d.Code)})
	}
	return groups
}

// placesOf lists the districts and villages of the regency that the actor may list names in.
func placesOf(regency area.Code, a auth.Actor) []villageGroup {
	var groups []villageGroup
	for _, g := range villageGroups(regency) {
		if a.Sees(g.District.Code) {
			groups = append(groups, g)
			continue
		}
		own := villageGroup{District: area.Area{Name: g.District.Name}}
		for _, v := range g.Villages {
			if a.Sees(v.Code) {
				own.Villages = append(own.Villages, v)
			}
		}
		if len(own.Villages) > 0 {
			groups = append(groups, own)
		}
	}
	return groups
}
