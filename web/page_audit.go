package web

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

// auditPage is the trail: entries by filter, who saw one person, and whether the chain is whole.
type auditPage struct {
	Base
	Form    auditForm
	Nouns   []string
	Entries []audit.Record
	Next    string // address of the older entries, "" on the last page
	Person  string // masked NIK when the list is about one person
	More    string // sealed reference for older entries about that person
	Cursor  string
	Report  *audit.Report
	Counted auditCounts // of the report
	Narrow  bool        // some filter is set
	Reasons []string
	Places  map[string]trailPlace // by id of the entry: what it is about, in words
}

// Place is what an entry is about; the zero value when only its id is known.
func (p *auditPage) Place(id string) trailPlace { return p.Places[id] }

// auditCounts are the figures of a report.
type auditCounts struct{ Blocks, Entries, Unsealed, Late int }

// auditForm is what was asked for. The NIK is not part of an address.
type auditForm struct{ Actor, Act, From, To, Object, Reason string }

// auditNouns are what acts are about, in the order of the choice.
var auditNouns = []string{
	"person", "determination", "complaint", "message", "registration", "recheck", "worklist", "register", "registry", "import", "upload",
	"staff", "session", "token", "unit", "hours", "holidays", "reply", "revision", "audit",
}

// auditReasons are why somebody asks who saw a person.
var auditReasons = []string{"Permintaan warga sendiri", "Pengawasan rutin", "Dugaan penyalahgunaan"}

func readAuditForm(c echo.Context) auditForm {
	v := func(name string) string { return strings.TrimSpace(c.FormValue(name)) }
	return auditForm{Actor: v("actor"), Act: v("act"), From: v("from"), To: v("to"), Object: v("object_id"), Reason: v("reason")}
}

// filter turns the form into what the trail understands; days are those of the office.
func (f auditForm) filter(zone *time.Location) (audit.Filter, error) {
	out := audit.Filter{Actor: f.Actor, ObjectID: f.Object}
	switch f.Act {
	case "":
	case ruleNoun:
		out.Acts = ruleActs
	default:
		out.Act = f.Act + "."
	}
	bad := fault.New(fault.Invalid, "audit_filter", "Tanggal belum benar.")
	day := func(field, text string) time.Time {
		if text == "" {
			return time.Time{}
		}
		t, err := time.ParseInLocation(time.DateOnly, text, zone)
		if err != nil {
			bad = bad.At(field, "Tulis tanggal dengan bentuk TTTT-BB-HH, misalnya 2026-11-21.")
		}
		return t
	}
	out.From, out.To = day("from", f.From), day("to", f.To)
	if !out.To.IsZero() {
		out.To = out.To.AddDate(0, 0, 1) // the day itself is meant
	}
	if len(bad.Fields) > 0 {
		return out, bad
	}
	return out, nil
}

// query writes the form as an address, without the reason.
func (f auditForm) query(before string) string {
	q := url.Values{}
	for name, v := range map[string]string{"actor": f.Actor, "act": f.Act, "from": f.From, "to": f.To, "object_id": f.Object, "before": before} {
		if v != "" {
			q.Set(name, v)
		}
	}
	return "/audit?" + q.Encode()
}

func newAuditPage(f auditForm) *auditPage {
	p := &auditPage{Form: f, Nouns: auditNouns, Reasons: auditReasons}
	p.Title, p.Section = "audit.title", "audit"
	p.Narrow = f.Actor+f.Act+f.From+f.To+f.Object != ""
	return p
}

func (s *Server) auditList(c echo.Context) error {
	if s.Trail == nil {
		return errNoPage
	}
	p := newAuditPage(readAuditForm(c))
	err := s.auditInto(c, p)
	if err != nil {
		return s.again(c, err, "audit", p)
	}
	return s.render(c, http.StatusOK, "audit", p)
}

func (s *Server) auditInto(c echo.Context, p *auditPage) error {
	filter, err := p.Form.filter(s.Zone)
	if err != nil {
		return err
	}
	filter.Before = c.QueryParam("before")
	ctx := c.Request().Context()
	found, err := s.Trail.Entries(ctx, filter, auth.From(ctx).Name, "")
	if err != nil {
		return err
	}
	p.Entries = found.Entries
	if found.Next != "" {
		p.Next = p.Form.query(found.Next)
	}
	p.Places, err = s.trailPlaces(c, p.Entries)
	return err
}

// auditPerson lists who saw one person. It comes by POST, so that no address carries the NIK, and
// the look itself goes on record with its reason.
func (s *Server) auditPerson(c echo.Context) error {
	if s.Trail == nil {
		return errNoPage
	}
	p := newAuditPage(readAuditForm(c))
	nik, err := s.auditedPerson(c, p.Form)
	if err != nil {
		fillErr := s.auditInto(c, p)
		if fillErr != nil {
			return fillErr
		}
		return s.again(c, err, "audit", p)
	}
	ctx := c.Request().Context()
	found, err := s.Trail.Entries(ctx, audit.Filter{Person: string(nik), Before: c.FormValue("before")}, auth.From(ctx).Name, p.Form.Reason)
	if err != nil {
		return err
	}
	p.Person, p.Entries = nik.Masked(), found.Entries
	p.Places, err = s.trailPlaces(c, p.Entries)
	if err != nil {
		return err
	}
	if found.Next != "" {
		p.Cursor, p.More = found.Next, s.sealRef(c, string(nik))
	}
	return s.render(c, http.StatusOK, "audit", p)
}

func (s *Server) auditedPerson(c echo.Context, f auditForm) (eligibility.NIK, error) {
	if ref := c.FormValue("ref"); ref != "" {
		nik, err := s.openRef(c, ref)
		return eligibility.NIK(nik), err
	}
	bad := fault.New(fault.Invalid, "audit_person", "Isian belum lengkap.")
	nik, err := eligibility.ParseNIK(c.FormValue("nik"))
	if err != nil {
		message := "NIK terdiri dari 16 angka."
		if found := fault.As(err); found != nil {
			message = found.Message
		}
		bad = bad.At("nik", message)
	}
	if f.Reason == "" {
		bad = bad.At("reason", "Pilih alasan melihat jejak orang ini.")
	}
	if len(bad.Fields) > 0 {
		return "", bad
	}
	return nik, nil
}

// show puts a report on the page.
func (p *auditPage) show(r audit.Report) {
	p.Report = &r
	p.Counted = auditCounts{int(r.Blocks), int(r.Entries), int(r.Unsealed), int(r.Late)}
}

// auditVerify walks the whole chain and shows what came out.
func (s *Server) auditVerify(c echo.Context) error {
	if s.Trail == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	report, err := s.Trail.Verify(ctx, auth.From(ctx).Name)
	if err != nil {
		return err
	}
	p := newAuditPage(auditForm{})
	p.show(report)
	err = s.auditInto(c, p)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "audit", p)
}
