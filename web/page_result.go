package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/skip2/go-qrcode"

	"layak/eligibility"
	"layak/internal/auth"
	"layak/internal/i18n"
	"layak/policy"
)

// resultPage shows one stored determination: the answer first, then why, what is missing, and what
// to do now.
type resultPage struct {
	Base
	D        eligibility.Determination
	Version  int // number of the rule revision, 0 when it is not known
	Findings []findingRow
	Met      int
	Who      personView
	Papers   []paperRow
	Facts    factForm
	Family   []memberRow
	KK       string // masked
	History  []historyRow
	Share    string   // text for a group, free of personal data
	Bring    []string // papers that would still change the answer
	Offers   offers
	Fields   bool   // "Isi dari berkas" is open
	Purpose  string // of a proof, as it was typed when it was refused
}

// offers are the acts the reader may take from here.
type offers struct{ Register, Complain, Recheck, Family, Unmask, Proof bool }

type findingRow struct {
	policy.Finding
	Icon  string
	Bound string // the limit, where the value seen does not say it already
}

func newFindingRow(f policy.Finding) findingRow {
	row := findingRow{Finding: f, Icon: findingIcons[f.Verdict], Bound: f.Limit}
	if strings.Contains(strings.ToLower(f.Seen), strings.ToLower(f.Limit)) {
		row.Bound = ""
	}
	return row
}

// personView is the person being checked, by name, because the clerk compares it with the KTP.
type personView struct {
	Kind    string // "nik", "person", "newborn", "unknown"
	Name    string
	Masked  string
	NIK     string // only after it was asked for with a reason
	Born    eligibility.Date
	Place   string
	Age     string
	Sex     string
	Address string
	Village string
	Source  eligibility.Date // as-of date of the resident row
	Known   bool             // a resident row exists
}

type memberRow struct {
	Ref      string
	ID       string // of the newest determination, on the family page
	Name     string
	Relation string
	Age      string
	Segment  string
	Status   string
	Self     bool
	Outcome  policy.Outcome
	Summary  string
}

type historyRow struct {
	ID      string
	At      time.Time
	By      string
	Outcome policy.Outcome
	Self    bool
}

var findingIcons = map[policy.Verdict]string{policy.Met: "check", policy.NotMet: "x", policy.Unknown: "question-mark", policy.Note: "exclamation-mark"}

func (s *Server) result(c echo.Context) error {
	p, err := s.resultView(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "result", p)
}

// resultView opens the determination, which is recorded, and gathers what stands beside it.
func (s *Server) resultView(c echo.Context) (*resultPage, error) {
	if s.Checks == nil {
		return nil, errNoPage
	}
	d, err := s.Checks.View(c.Request().Context(), c.Param("id"))
	if err != nil {
		return nil, err
	}
	return s.resultOf(c, d)
}

// resultOf builds the page of a determination.
func (s *Server) resultOf(c echo.Context, d eligibility.Determination) (*resultPage, error) {
	ctx := c.Request().Context()
	words := s.words.For(s.lang(c))
	p := &resultPage{D: d}
	p.Title, p.Section = "check.title", "checks"
	for _, f := range d.Findings {
		p.Findings = append(p.Findings, newFindingRow(f))
		if f.Verdict == policy.Met {
			p.Met++
		}
	}
	var person eligibility.Person
	var err error
	if d.NIK != "" && s.People != nil {
		person, err = s.People.Person(ctx, d.NIK)
		if err != nil {
			return nil, err
		}
	}
	p.Who = whoOf(words, d, person)
	family, err := s.Checks.Family(ctx, d)
	if err != nil {
		return nil, err
	}
	for _, m := range family {
		p.Family = append(p.Family, s.memberOf(c, words, d, m))
	}
	if d.Facts.Household != nil {
		p.KK = eligibility.KK(d.Facts.Household.KK).Masked()
	}
	p.Facts = factFormOf(d)
	p.Papers = papersOf(d)
	p.Fields = p.Facts.any()
	p.Bring = wanted(d)
	p.Share = s.shareText(words, d)
	p.Version, err = s.versionOf(ctx, d.Revision)
	if err != nil {
		return nil, err
	}
	p.Offers = s.offersTo(auth.From(ctx))
	p.History, err = s.historyOf(ctx, d)
	return p, err
}

// versionOf is the number under which people know a revision.
func (s *Server) versionOf(ctx context.Context, hash string) (int, error) {
	if s.Policies == nil {
		return 0, nil
	}
	list, err := s.Policies.Revisions(ctx)
	for _, rev := range list {
		if rev.Hash == hash {
			return rev.Number, nil
		}
	}
	return 0, err
}

func (s *Server) offersTo(a auth.Actor) offers {
	files := s.offers("/complaints/new") && a.Can(auth.ComplaintFile)
	return offers{Register: files && a.Can(auth.RegistrationWrite), Complain: files, Recheck: a.Can(auth.CheckPerson),
		Family: a.Can(auth.CheckFamily), Unmask: a.Can(auth.PersonUnmask), Proof: s.Bundles != nil && a.Can(auth.PersonUnmask)}
}

// whoOf shows the resident row, or what the subject of the check said where there is none.
func whoOf(w *i18n.Printer, d eligibility.Determination, person eligibility.Person) personView {
	v := personView{Kind: d.Facts.Subject, Masked: d.NIK.Masked(), Name: d.Subject.Name, Born: d.Subject.BirthDate}
	if d.Subject.MotherNIK != "" {
		v.Masked = d.Subject.MotherNIK.Masked()
	}
	if v.Born == "" && d.Facts.Resident != nil {
		v.Born = eligibility.Date(d.Facts.Resident.BirthDate)
	}
	if d.Facts.Resident != nil {
		v.Sex = d.Facts.Resident.Sex
		v.Village = areaLabel(d.Facts.Resident.Village)
	}
	if r := person.Resident; r != nil {
		v.Known, v.Name, v.Born, v.Sex, v.Place, v.Source = true, r.Name, r.BirthDate, r.Sex, r.BirthPlace, r.AsOf
		v.Village = areaLabel(r.Village)
		v.Address = strings.TrimSpace(r.Address)
		if r.RT != "" || r.RW != "" {
			v.Address = strings.Trim(v.Address+", RT "+r.RT+"/RW "+r.RW, ", ")
		}
	}
	v.Age = ageText(w, v.Born, eligibility.DateOf(d.DecidedAt))
	return v
}

// ageText is the age in years, for a baby in months or days.
func ageText(w *i18n.Printer, born, on eligibility.Date) string {
	years := born.AgeOn(on)
	if years < 0 {
		return ""
	}
	if years > 0 {
		return w.T("age.years", "N", years)
	}
	days := int(on.Time().Sub(born.Time()).Hours() / 24)
	if days < 60 {
		return w.T("age.days", "N", days)
	}
	return w.T("age.months", "N", days*12/365)
}

// memberOf masks everybody but the person at the desk.
func (s *Server) memberOf(c echo.Context, w *i18n.Printer, d eligibility.Determination, m eligibility.Person) memberRow {
	row := memberRow{Self: m.NIK == d.NIK}
	if !row.Self {
		row.Ref = s.sealRef(c, string(m.NIK))
	}
	if r := m.Resident; r != nil {
		row.Name, row.Relation = r.Name, r.Relation
		row.Age = ageText(w, r.BirthDate, eligibility.DateOf(d.DecidedAt))
		if !row.Self {
			row.Name = eligibility.MaskName(r.Name)
		}
	}
	if m.Membership != nil {
		row.Segment, row.Status = m.Membership.Segment, m.Membership.Status
	}
	return row
}

func (s *Server) historyOf(ctx context.Context, d eligibility.Determination) ([]historyRow, error) {
	if d.NIK == "" || s.People == nil {
		return nil, nil
	}
	const shown = 6
	list, err := s.People.DeterminationsOf(ctx, d.NIK, shown)
	if err != nil {
		return nil, err
	}
	var rows []historyRow
	for _, old := range list {
		rows = append(rows, historyRow{ID: old.ID, At: old.DecidedAt, By: old.DecidedBy, Outcome: old.Outcome, Self: old.ID == d.ID})
	}
	return rows, nil
}

// shareText says the outcome and the next steps without a word about the person: for the chat
// groups in which puskesmas and kelurahan hand cases to each other.
func (s *Server) shareText(w *i18n.Printer, d eligibility.Determination) string {
	lines := []string{
		w.T("share.head", "Program", s.Programme, "At", formatTime(w.Lang, s.Zone, d.DecidedAt)),
		w.T("outcome."+string(d.Outcome), "Program", s.Programme),
	}
	if d.Advice == policy.TreatNow {
		lines = append(lines, w.T("advice.treat_now"))
	}
	for i, step := range d.NextSteps {
		lines = append(lines, strconv.Itoa(i+1)+". "+step)
	}
	if papers := wanted(d); len(papers) > 0 {
		for i := range papers {
			papers[i] = label(w, "paper", papers[i])
		}
		lines = append(lines, w.T("share.bring", "Papers", strings.Join(papers, ", ")))
	}
	if s.BaseURL != "" {
		lines = append(lines, w.T("share.more", "URL", s.BaseURL+"/checks/"+d.ID))
	}
	return strings.Join(append(lines, w.T("check.only_advice")), "\n")
}

// wanted lists the papers that would still change the answer.
func wanted(d eligibility.Determination) []string {
	var out []string
	for _, q := range d.Questions {
		if q.Document != "" && !slices.Contains(out, q.Document) {
			out = append(out, q.Document)
		}
	}
	return out
}

// reveal shows the whole NIK once, with the reason on record.
func (s *Server) reveal(c echo.Context) error {
	if s.Checks == nil {
		return errNoPage
	}
	nik, err := s.Checks.Reveal(c.Request().Context(), c.Param("id"), strings.TrimSpace(c.FormValue("reason")))
	refusal := err
	p, err := s.resultView(c)
	if err != nil {
		return err
	}
	if refusal != nil {
		return s.again(c, refusal, "result", p)
	}
	p.Who.NIK = string(nik)
	if c.Request().Header.Get("HX-Request") != "" {
		return s.renderPart(c, http.StatusOK, "result", "person", p)
	}
	return s.render(c, http.StatusOK, "result", p)
}

// printResult is half a sheet of A4 that the next desk accepts.
func (s *Server) printResult(c echo.Context) error {
	p, err := s.resultView(c)
	if err != nil {
		return err
	}
	p.Title = "print.title"
	return s.render(c, http.StatusOK, "result_print", p)
}

// qr is the address of the result as a picture; it holds the id alone.
func (s *Server) qr(c echo.Context) error {
	if s.Checks == nil {
		return errNoPage
	}
	base := s.BaseURL
	if base == "" {
		base = c.Scheme() + "://" + c.Request().Host
	}
	png, err := qrcode.Encode(base+"/checks/"+c.Param("id"), qrcode.Medium, 240)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "private, max-age=3600")
	return c.Blob(http.StatusOK, "image/png", png)
}

// familyPage shows the newest result of everybody on the card.
type familyPage struct {
	Base
	ID      string
	Members []memberRow
}

// checkFamily checks the whole card in one act and shows the results.
func (s *Server) checkFamily(c echo.Context) error {
	if s.Checks == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	d, err := s.Checks.View(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	_, err = s.Checks.CheckFamily(ctx, requestOf(d))
	if err != nil {
		return err
	}
	return s.redirect(c, "/checks/"+d.ID+"/family")
}

func (s *Server) family(c echo.Context) error {
	if s.Checks == nil || s.People == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	d, err := s.Checks.View(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	members, err := s.Checks.Family(ctx, d)
	if err != nil {
		return err
	}
	p := &familyPage{ID: d.ID}
	p.Title, p.Section = "family.title", "checks"
	words := s.words.For(s.lang(c))
	for _, m := range members {
		row := s.memberOf(c, words, d, m)
		newest, err := s.People.DeterminationsOf(ctx, m.NIK, 1)
		if err != nil {
			return err
		}
		if len(newest) > 0 {
			row.ID, row.Outcome, row.Summary = newest[0].ID, newest[0].Outcome, newest[0].Summary
		}
		p.Members = append(p.Members, row)
	}
	return s.render(c, http.StatusOK, "family", p)
}
