package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"layak/internal/auth"
	"layak/internal/fault"
)

// staffPage lists the accounts, by unit, with a form for a new one.
type staffPage struct {
	Base
	Groups []unitStaff
	Form   staffForm
	Roles  []auth.Role
	Units  []auth.Unit
	Open   bool // the form for a new account
}

// unitStaff is the people of one unit; Name is "" for those without one.
type unitStaff struct {
	Code, Name string
	Staff      []auth.Staff
}

// staffForm is what was typed; a password is never shown again.
type staffForm struct{ User, Name, Role, Unit string }

// staffOnePage is one account and what may be done to it.
type staffOnePage struct {
	Base
	Staff auth.Staff
	Unit  string // name
	Form  staffForm
	Roles []auth.Role
	Units []auth.Unit
	Self  bool
}

var errNoStaffMember = fault.New(fault.NotFound, "staff_not_found", "Akun dengan nama pengguna itu tidak ada.")

func (s *Server) staffView(c echo.Context, f staffForm) (*staffPage, error) {
	if s.Staffing == nil {
		return nil, errNoPage
	}
	ctx := c.Request().Context()
	p := &staffPage{Form: f, Roles: auth.Roles}
	p.Title, p.Section = "staff.title", "staff"
	var err error
	p.Units, err = s.Staffing.Units(ctx)
	if err != nil {
		return nil, err
	}
	all, err := s.Staffing.Staff(ctx)
	p.Groups = groupStaff(all, p.Units)
	return p, err
}

// groupStaff puts people under their units in the order of the units; those without come first.
func groupStaff(all []auth.Staff, units []auth.Unit) []unitStaff {
	groups := []unitStaff{{}}
	at := map[string]int{"": 0}
	for _, u := range units {
		at[u.Code] = len(groups)
		groups = append(groups, unitStaff{Code: u.Code, Name: u.Name})
	}
	for _, m := range all {
		i := at[m.Unit]
		groups[i].Staff = append(groups[i].Staff, m)
	}
	var filled []unitStaff
	for _, g := range groups {
		if len(g.Staff) > 0 {
			filled = append(filled, g)
		}
	}
	return filled
}

func (s *Server) staff(c echo.Context) error {
	p, err := s.staffView(c, staffForm{})
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "staff", p)
}

func (s *Server) addStaff(c echo.Context) error {
	if s.Staffing == nil {
		return errNoPage
	}
	f := staffForm{User: c.FormValue("user"), Name: c.FormValue("name"), Role: c.FormValue("role"), Unit: c.FormValue("unit")}
	made, err := s.Staffing.AddStaff(c.Request().Context(), auth.NewStaff{User: f.User, Name: f.Name, Role: auth.Role(f.Role), Unit: f.Unit,
		Password: c.FormValue("password")})
	if err != nil {
		p, viewErr := s.staffView(c, f)
		if viewErr != nil {
			return viewErr
		}
		p.Open = true
		return s.conflictAgain(c, err, "staff", p)
	}
	s.flash(c, "staff.added")
	return s.redirect(c, "/staff/"+made.User)
}

// conflictAgain shows a form again also when what was typed is already taken.
func (s *Server) conflictAgain(c echo.Context, err error, name string, p page) error {
	f := fault.As(err)
	if f == nil || f.Kind != fault.Conflict {
		return s.again(c, err, name, p)
	}
	b := p.base()
	b.Problem, b.Errors = f.Message, Problems(f.Fields)
	return s.render(c, http.StatusConflict, name, p)
}

func (s *Server) staffOneView(c echo.Context) (*staffOnePage, error) {
	if s.Staffing == nil {
		return nil, errNoPage
	}
	ctx := c.Request().Context()
	p := &staffOnePage{Roles: auth.Roles}
	p.Section = "staff"
	all, err := s.Staffing.Staff(ctx)
	if err != nil {
		return nil, err
	}
	p.Units, err = s.Staffing.Units(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		if m.User != c.Param("user") {
			continue
		}
		p.Staff, p.Title, p.Self = m, m.Name, m.User == auth.From(ctx).User
		p.Form = staffForm{Role: string(m.Role), Unit: m.Unit}
		p.Unit = unitName(p.Units, m.Unit)
		return p, nil
	}
	return nil, errNoStaffMember
}

func (s *Server) staffOne(c echo.Context) error {
	p, err := s.staffOneView(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "staff_one", p)
}

// changeStaff does one thing to an account: role, password, disable or enable.
func (s *Server) changeStaff(c echo.Context) error {
	if s.Staffing == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	user, act := c.Param("user"), c.FormValue("act")
	var err error
	switch act {
	case "role":
		err = s.Staffing.ChangeRole(ctx, user, auth.Role(c.FormValue("role")), c.FormValue("unit"))
	case "password":
		err = s.Staffing.SetPassword(ctx, user, c.FormValue("password"))
	case "disable":
		err = s.Staffing.Disable(ctx, user)
	case "enable":
		err = s.Staffing.Enable(ctx, user)
	default:
		err = fault.New(fault.Invalid, "act_unknown", "Tindakan ini tidak dikenal. Muat ulang halaman, lalu pilih lagi.")
	}
	if err != nil {
		p, viewErr := s.staffOneView(c)
		if viewErr != nil {
			return viewErr
		}
		if act == "role" {
			p.Form = staffForm{Role: c.FormValue("role"), Unit: c.FormValue("unit")}
		}
		return s.conflictAgain(c, err, "staff_one", p)
	}
	s.flash(c, map[string]string{"role": "staff.role_done", "password": "staff.password_done", "disable": "staff.disabled_done", "enable": "staff.enabled_done"}[act])
	return s.redirect(c, "/staff/"+user)
}
