package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"layak/eligibility/trial"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// testPersonPage is the form of one test person.
type testPersonPage struct {
	Base
	ID       string // "" for a new one
	Sample   bool
	ReadOnly bool
	Name     string
	Note     string
	Form     map[string]string // the usual facts by name
	Papers   map[string]bool   // kinds of papers that were seen
	Facts    string            // everything, JSON
	Villages []villageGroup
	Desils   []string
}

// paperKinds are the papers that the form offers to tick.
func (p *testPersonPage) PaperKinds() []string { return policy.Codes("evidence_kind") }

func (s *Server) newTestPerson(c echo.Context) error {
	if s.Trials == nil {
		return errNoPage
	}
	from := c.QueryParam("from")
	if from == "" {
		from = trial.Samples()[0].ID
	}
	x, err := s.Trials.Person(c.Request().Context(), from)
	if err != nil {
		return err
	}
	p, err := s.testPersonView(c, x)
	if err != nil {
		return err
	}
	p.ID, p.Sample, p.ReadOnly, p.Title = "", false, false, "trials.new"
	if c.QueryParam("from") == "" {
		p.Name, p.Note = "", ""
	}
	return s.render(c, http.StatusOK, "test_person", p)
}

func (s *Server) testPerson(c echo.Context) error {
	if s.Trials == nil {
		return errNoPage
	}
	x, err := s.Trials.Person(c.Request().Context(), c.Param("person"))
	if err != nil {
		return err
	}
	p, err := s.testPersonView(c, x)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "test_person", p)
}

func (s *Server) testPersonView(c echo.Context, x trial.Person) (*testPersonPage, error) {
	p := &testPersonPage{ID: x.ID, Sample: x.Sample, Name: x.Name, Note: x.Note, Villages: villageGroups(s.Home)}
	p.ReadOnly = x.Sample || !auth.From(c.Request().Context()).Can(auth.PolicyEdit)
	p.Title, p.Section = x.Name, "rules"
	for n := range 10 {
		p.Desils = append(p.Desils, strconv.Itoa(n+1))
	}
	p.show(x.Facts)
	raw, err := json.MarshalIndent(x.Facts, "", "  ")
	p.Facts = string(raw)
	return p, err
}

// show fills the usual fields of the form.
func (p *testPersonPage) show(in policy.Input) {
	p.Form, p.Papers = map[string]string{"need": in.Need}, map[string]bool{}
	if st := in.Statements; st != nil {
		p.Form["class3"], p.Form["employed"] = triState(st.AcceptsClass3), triState(st.StillEmployed)
	}
	if r := in.Resident; r != nil {
		for name, v := range map[string]string{"sex": r.Sex, "birth_date": r.BirthDate, "village": r.Village, "life_status": r.LifeStatus, "moved_in_on": r.MovedInOn} {
			p.Form[name] = v
		}
	}
	if w := in.Welfare; w != nil && w.Desil != nil {
		p.Form["desil"] = strconv.Itoa(*w.Desil)
	}
	if m := in.Membership; m != nil {
		for name, v := range map[string]string{"segment": m.Segment, "member_status": m.Status, "member_reason": m.Reason, "inactive_since": m.InactiveSince, "class": m.Class} {
			p.Form[name] = v
		}
	}
	for _, e := range in.Evidence {
		p.Papers[e.Kind] = true
	}
}

func triState(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return "yes"
	}
	return "no"
}

// readTestPerson takes the facts as JSON and puts the fields of the form over them.
func (s *Server) readTestPerson(form url.Values) (policy.Input, error) {
	var in policy.Input
	dec := json.NewDecoder(strings.NewReader(form.Get("facts")))
	dec.DisallowUnknownFields()
	err := dec.Decode(&in)
	if err != nil {
		const message = "Fakta lengkap tidak dapat dibaca sebagai JSON dengan nama isian yang dikenal."
		return in, fault.New(fault.Invalid, "test_person_facts", message).At("facts", message).Because(err)
	}
	if in.Evidence == nil {
		in.Evidence = []policy.Evidence{}
	}
	in.Need = form.Get("need")
	in.Statements = nil
	if a, b := readTriState(form.Get("class3")), readTriState(form.Get("employed")); a != nil || b != nil {
		in.Statements = &policy.Statements{AcceptsClass3: a, StillEmployed: b}
	}
	s.putResident(&in, form)
	putWelfare(&in, form.Get("desil"))
	putMembership(&in, form)
	putPapers(&in, form["paper"])
	return in, nil
}

func readTriState(v string) *bool {
	switch v {
	case "yes":
		return new(true)
	case "no":
		return new(false)
	}
	return nil
}

// today's data: what the form says counts as read from the registry on the day of the facts.
func originOf(in policy.Input) policy.Origin {
	return policy.Origin{Source: "registry", AsOf: in.ServiceOn}
}

func (s *Server) putResident(in *policy.Input, form url.Values) {
	fields := []string{"sex", "birth_date", "village", "life_status", "moved_in_on"}
	if in.Resident == nil {
		if !slices.ContainsFunc(fields, func(f string) bool { return form.Get(f) != "" }) {
			return
		}
		in.Resident = &policy.Resident{Origin: originOf(*in), NIK: string(s.Home[:2]) + string(s.Home[3:]) + "194101800001", InLatest: new(true)}
	}
	r := in.Resident
	r.Sex, r.BirthDate, r.LifeStatus, r.MovedInOn = form.Get("sex"), form.Get("birth_date"), form.Get("life_status"), form.Get("moved_in_on")
	if v := form.Get("village"); v != "" && v != r.Village {
		code := area.Code(v)
		r.Village, r.District = v, string(code.Parent())
		r.Regency = string(code.Parent().Parent())
		r.Province = string(code.Parent().Parent().Parent())
	}
}

func putWelfare(in *policy.Input, desil string) {
	n, err := strconv.Atoi(desil)
	if err != nil {
		in.Welfare = nil
		return
	}
	if in.Welfare == nil {
		in.Welfare = &policy.Welfare{Origin: originOf(*in)}
	}
	in.Welfare.Desil = &n
}

func putMembership(in *policy.Input, form url.Values) {
	if form.Get("segment") == "" {
		in.Membership = nil
		return
	}
	if in.Membership == nil {
		in.Membership = &policy.Membership{Origin: originOf(*in)}
	}
	m := in.Membership
	m.Segment, m.Status, m.Reason = form.Get("segment"), form.Get("member_status"), form.Get("member_reason")
	m.InactiveSince, m.Class = form.Get("inactive_since"), form.Get("class")
}

// putPapers keeps papers as they are written in the facts, adds those newly ticked as seen and dated
// on the day of the facts, and drops the others.
func putPapers(in *policy.Input, ticked []string) {
	in.Evidence = slices.DeleteFunc(in.Evidence, func(e policy.Evidence) bool { return !slices.Contains(ticked, e.Kind) })
	for _, kind := range ticked {
		if !slices.ContainsFunc(in.Evidence, func(e policy.Evidence) bool { return e.Kind == kind }) {
			in.Evidence = append(in.Evidence, policy.Evidence{Kind: kind, IssuedOn: in.ServiceOn, SeenAt: in.At.Format(time.RFC3339)})
		}
	}
}

func (s *Server) saveTestPerson(c echo.Context) error {
	if s.Trials == nil {
		return errNoPage
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	x := trial.Person{ID: form.Get("id"), Name: form.Get("name"), Note: form.Get("note")}
	x.Facts, err = s.readTestPerson(form)
	if err == nil {
		_, err = s.Trials.Save(c.Request().Context(), x)
	}
	if err != nil {
		p, viewed := s.testPersonView(c, x)
		if viewed != nil {
			return viewed
		}
		p.Title, p.Facts = "trials.new", form.Get("facts")
		return s.again(c, err, "test_person", p)
	}
	s.flash(c, "trials.saved")
	return s.redirect(c, "/rules/people")
}
