package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/fault"
	"layak/policy"
)

// paperRow is one paper to tick: seen by the officer or still wanted.
type paperRow struct {
	Kind     string
	Seen     bool
	Wanted   bool
	Dated    bool // its day of issue counts
	IssuedOn eligibility.Date
}

// datedPapers are those whose day of issue the rules read.
var datedPapers = []string{"sktm", "termination", "inpatient_letter", "birth_letter", "moving_letter"}

// papersOf lists what to tick: the papers asked for first, then KTP and KK, those that suit the
// need, and whatever was already seen.
func papersOf(d eligibility.Determination) []paperRow {
	ask := wanted(d)
	kinds := slices.Clone(ask)
	for _, f := range d.Findings {
		if f.Document != "" && (f.Verdict == policy.NotMet || f.Verdict == policy.Unknown) {
			kinds = append(kinds, f.Document)
		}
	}
	kinds = append(kinds, "ktp", "kk")
	switch d.Facts.Need {
	case "inpatient", "emergency":
		kinds = append(kinds, "inpatient_letter")
	case "delivery":
		kinds = append(kinds, "facility_letter")
	case "accident":
		kinds = append(kinds, "police_report")
	}
	if d.Facts.Subject == "newborn" {
		kinds = append(kinds, "birth_letter")
	}
	kinds = append(kinds, "sktm", "bpjs_screen")
	seen := map[string]policy.Evidence{}
	for _, e := range d.Facts.Evidence {
		seen[e.Kind] = e
		kinds = append(kinds, e.Kind)
	}
	var rows []paperRow
	for i, k := range kinds {
		if k == "other" || slices.Contains(kinds[:i], k) {
			continue
		}
		e, ok := seen[k]
		rows = append(rows, paperRow{Kind: k, Seen: ok, Wanted: !ok && slices.Contains(ask, k),
			Dated: slices.Contains(datedPapers, k), IssuedOn: eligibility.Date(e.IssuedOn)})
	}
	return rows
}

// factForm is "Isi dari berkas": what stands on the papers and the live screen of BPJS, and what
// was said at the desk.
type factForm struct {
	Values    map[string]string // by field name of the closed list
	Elsewhere string            // regency as typed, when the KK is not of the home regency
	Class3    string            // "yes", "no", ""
	Employed  string
	Need      string
	ServiceOn string
	Villages  []villageGroup
}

// any tells whether something of the fold is filled in.
func (f factForm) any() bool { return len(f.Values) > 0 || f.Elsewhere != "" }

// factFields are the fields of the fold in the order of the form.
var factFields = []eligibility.Field{
	eligibility.FieldNIK, eligibility.FieldKK, eligibility.FieldBirthDate, eligibility.FieldSex, eligibility.FieldVillage,
	eligibility.FieldMovedInOn, eligibility.FieldRelation,
	eligibility.FieldSegment, eligibility.FieldMemberStatus, eligibility.FieldMemberReason, eligibility.FieldInactiveSince, eligibility.FieldClass,
}

// factFormOf reads the form back from a stored determination, so that it survives every reload.
func factFormOf(d eligibility.Determination) factForm {
	f := factForm{Values: map[string]string{}, Need: d.Facts.Need, ServiceOn: d.Facts.ServiceOn, Villages: villageGroups(area.Code(d.Facts.Office.Regency))}
	if f.ServiceOn == string(eligibility.DateOf(d.Facts.At)) {
		f.ServiceOn = ""
	}
	for _, e := range d.Facts.Evidence {
		for name, v := range e.Facts {
			f.Values[name] = fmt.Sprint(v)
		}
	}
	if code := f.Values["regency"]; code != "" && code != d.Facts.Office.Regency {
		f.Elsewhere = code
		if a, ok := area.Lookup(area.Code(code)); ok {
			f.Elsewhere = a.Title()
		}
	}
	if st := d.Facts.Statements; st != nil {
		f.Class3, f.Employed = yesNo(st.AcceptsClass3), yesNo(st.StillEmployed)
	}
	return f
}

func yesNo(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return "yes"
	}
	return "no"
}

func readYesNo(s string) *bool {
	yes := s == "yes"
	if s != "yes" && s != "no" {
		return nil
	}
	return &yes
}

// requestOf asks the same question again.
func requestOf(d eligibility.Determination) eligibility.Request {
	req := eligibility.Request{Subject: d.Subject, Need: d.Facts.Need, Purpose: d.Purpose}
	if st := d.Facts.Statements; st != nil {
		req.AcceptsClass3, req.StillEmployed = st.AcceptsClass3, st.StillEmployed
	}
	if d.Facts.ServiceOn != string(eligibility.DateOf(d.Facts.At)) {
		req.ServiceOn = eligibility.Date(d.Facts.ServiceOn)
	}
	for _, e := range d.Facts.Evidence {
		paper := eligibility.Evidence{Kind: e.Kind, Issuer: e.Issuer, Number: e.Number, IssuedOn: eligibility.Date(e.IssuedOn), Facts: map[eligibility.Field]string{}}
		for name, v := range e.Facts {
			if f, ok := eligibility.FieldNamed(name); ok {
				paper.Facts[f] = fmt.Sprint(v)
			}
		}
		req.Evidence = append(req.Evidence, paper)
	}
	return req
}

// recheck asks again with the papers that are ticked and what was filled in from them. htmx puts
// the new answer in place of the old one; without it the browser goes on to the new page.
func (s *Server) recheck(c echo.Context) error {
	if s.Checks == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	old, err := s.Checks.View(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	req, err := readPapers(c, requestOf(old))
	var d eligibility.Determination
	if err == nil {
		d, err = s.Checks.Check(ctx, req)
	}
	htmx := c.Request().Header.Get("HX-Request") != ""
	if err != nil {
		return s.recheckRefused(c, old, err, htmx)
	}
	if !htmx {
		return s.redirect(c, "/checks/"+d.ID)
	}
	p, err := s.resultOf(c, d)
	if err != nil {
		return err
	}
	c.Response().Header().Set("HX-Push-Url", "/checks/"+d.ID)
	return s.renderPart(c, http.StatusOK, "result", "answer", p)
}

// recheckRefused shows the old answer with what was typed and what is wrong with it.
func (s *Server) recheckRefused(c echo.Context, old eligibility.Determination, refusal error, htmx bool) error {
	p, err := s.resultOf(c, old)
	if err != nil {
		return err
	}
	p.Fields = true
	for _, f := range factFields {
		if v := strings.TrimSpace(c.FormValue(f.String())); v != "" {
			p.Facts.Values[f.String()] = v
		}
	}
	p.Facts.Elsewhere = c.FormValue("elsewhere")
	if !p.refuse(refusal) {
		return refusal
	}
	if htmx {
		return s.renderPart(c, http.StatusUnprocessableEntity, "result", "answer", p)
	}
	return s.render(c, http.StatusUnprocessableEntity, "result", p)
}

// readPapers puts the ticks, dates, statements and fields of the form into the request. What an
// earlier check knew about a paper that stays ticked (issuer, number) is kept.
func readPapers(c echo.Context, req eligibility.Request) (eligibility.Request, error) {
	form, err := c.FormParams()
	if err != nil {
		return req, errForm.Because(err)
	}
	var papers []eligibility.Evidence
	for _, kind := range form["paper"] {
		paper := eligibility.Evidence{Kind: kind}
		for _, old := range req.Evidence {
			if old.Kind == kind {
				paper = old
			}
		}
		paper.Facts = nil
		if form.Has("issued-" + kind) {
			paper.IssuedOn = eligibility.Date(strings.TrimSpace(form.Get("issued-" + kind)))
		}
		papers = append(papers, paper)
	}
	facts, err := readFacts(c)
	if err != nil {
		return req, err
	}
	if slices.ContainsFunc(factFields, func(f eligibility.Field) bool {
		return facts[f] != "" && eligibility.Specs[f].Kind == eligibility.Residents
	}) && !slices.ContainsFunc(papers, func(e eligibility.Evidence) bool { return e.Kind == "ktp" || e.Kind == "kk" }) {
		return req, fault.New(fault.Invalid, "paper_not_ticked", "Centang dulu KTP atau KK yang Anda lihat.").
			At("paper-ktp", "Centang dulu KTP atau KK yang Anda lihat; isian di bawah diambil dari sana.")
	}
	req.Evidence = eligibility.AttachFacts(papers, facts)
	req.AcceptsClass3, req.StillEmployed = readYesNo(form.Get("class3")), readYesNo(form.Get("employed"))
	req.Need, req.ServiceOn = form.Get("need"), eligibility.Date(form.Get("service_on"))
	return req, nil
}

// readFacts reads the fields of the fold. A village says its regency; a regency elsewhere is found
// by its name.
func readFacts(c echo.Context) (map[eligibility.Field]string, error) {
	facts := map[eligibility.Field]string{}
	bad := fault.New(fault.Invalid, "facts_invalid", "Isian dari berkas belum benar.")
	for _, f := range factFields {
		v, err := f.Parse(c.FormValue(f.String()))
		if err != nil {
			bad = bad.At(f.String(), fault.As(err).Message)
			continue
		}
		if v != "" {
			facts[f] = v
		}
	}
	elsewhere := strings.TrimSpace(c.FormValue("elsewhere"))
	switch village := facts[eligibility.FieldVillage]; {
	case elsewhere != "" && village != "":
		bad = bad.At("elsewhere", "Pilih salah satu: desa/kelurahan di sini, atau kabupaten/kota lain.")
	case elsewhere != "":
		a, ok := area.FindLevel("", area.Regency, elsewhere)
		if !ok {
			bad = bad.At("elsewhere", "Kabupaten/kota itu tidak dikenal. Tulis lengkap, misalnya Kota Malang atau Kabupaten Malang.")
			break
		}
		facts[eligibility.FieldRegency] = string(a.Code)
	case village != "":
		facts[eligibility.FieldRegency] = string(area.Code(village).Regency())
	}
	if len(bad.Fields) > 0 {
		return nil, bad
	}
	return facts, nil
}
