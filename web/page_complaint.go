package web

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/complaints/reply"
	"layak/eligibility"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/i18n"
	"layak/policy"
)

// complaintPage is one case: the story on the left with the composer below, the facts on the right.
type complaintPage struct {
	Base
	factsPart
	C        complaints.Complaint
	Subject  string
	Story    []storyRow
	Patients []patientRow
	Regs     []registrationRow
	Unit     string // name of the unit that has the case
	Holder   string // name of the colleague who has it
	Filed    string // name of the unit that filed it

	Next    nextAct
	Do      string   // act whose form is open, "" when the reader may do nothing
	Tabs    []string // acts that stand above the composer
	More    []string // the other acts the reader may take now
	Form    actForm
	Units   []auth.Unit
	Staff   []staffGroup
	MayTake bool // may take the case for oneself
	MayFile bool // may add photos and papers
	MayRead bool // may open results of checks
	Advice  advicePart
	Changes []storyRow // what others did since the reader opened the page
	Stuck   bool       // what was asked for cannot be done any more
}

// patientRow is one person of the case with the newest check.
type patientRow struct {
	complaints.Patient
	Masked string
	Check  *complaints.Check
}

// registrationRow is what was sent for a patient.
type registrationRow struct {
	complaints.Registration
	Who   string // the patient, when the case has several
	Waits bool   // for an answer
}

// nextAct is the next sensible act: one sentence and one button.
type nextAct struct {
	Key     string // message key "next." + Key; "" when nothing is to be done
	Do      string // act whose form it opens
	Patient int
	At      bool // it is done at once, without a form
}

// staffGroup are the colleagues of one unit, for a select.
type staffGroup struct {
	Unit  string
	Staff []auth.Staff
}

// advicePart is what the checks advise, said above the decision.
type advicePart struct {
	Outcomes     []policy.Outcome // of the newest check of each patient
	Unchecked    bool             // somebody was not checked yet
	Unregistered bool             // nothing was sent to any office
}

// tabActs stand above the composer in this order; the other acts fold out below it.
var tabActs = []complaints.EventType{complaints.AnswerEvent, complaints.NoteEvent, complaints.ResolveEvent, complaints.RegisterEvent}

func (s *Server) complaint(c echo.Context) error {
	if s.Complaints == nil {
		return errNoPage
	}
	ticket, err := ticketOf(c)
	if err != nil {
		return err
	}
	p, err := s.newComplaintPage(c, ticket)
	if err != nil {
		return err
	}
	p.open(c.QueryParam("do"))
	p.Form = p.beginForm(c.QueryParam("patient"), s.Clock().In(s.Zone))
	p.Form.Task = c.QueryParam("task")
	err = s.draftInto(c, p)
	if err != nil {
		return err
	}
	err = s.askForMissing(c, p)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "complaint", p)
}

// askForMissing writes what the newest checks still ask for into the form that waits for the
// reporter. What a reader may not see of a check is left out.
func (s *Server) askForMissing(c echo.Context, p *complaintPage) error {
	if p.Do != string(complaints.WaitEvent) || !p.MayRead || s.People == nil {
		return nil
	}
	var asks []string
	for _, row := range p.Patients {
		if row.Check == nil || row.Check.Outcome != policy.NeedsInformation {
			continue
		}
		d, err := s.determinationOf(c, row)
		if err != nil {
			return err
		}
		for _, q := range d.Questions {
			ask := q.Text
			if q.Document != "" {
				ask = label(s.words.For(s.lang(c)), "paper", q.Document)
			}
			if !slices.Contains(asks, ask) {
				asks = append(asks, ask)
			}
		}
	}
	for _, m := range p.Missing {
		if !slices.Contains(asks, m) {
			asks = append(asks, m)
		}
	}
	p.Missing = asks
	return nil
}

// draftInto offers the texts that fit the case and writes the one that was chosen into the form, for
// the officer to change.
func (s *Server) draftInto(c echo.Context, p *complaintPage) error {
	if s.Replies == nil || p.Do != string(complaints.AnswerEvent) {
		return nil
	}
	p.offerDrafts(c.QueryParam("kind"))
	if p.Draft == "" {
		return nil
	}
	d, err := s.Replies.Compose(c.Request().Context(), p.C.Ticket, p.Draft)
	if err != nil {
		return err
	}
	p.Form.Text, p.DraftWarnings = d.Body, d.Warnings
	return nil
}

// offerDrafts names the kinds of reply, the one that fits the case first.
func (p *complaintPage) offerDrafts(chosen string) {
	p.Drafts, p.Draft, p.Fitting = reply.Kinds, chosen, reply.Suggest(p.C)
}

// determinationOf reads the newest check of a patient. The look at the case is on record already, so
// this one writes nothing; a patient without a NIK gives an empty one.
func (s *Server) determinationOf(c echo.Context, row patientRow) (eligibility.Determination, error) {
	if row.Person() == "" {
		return eligibility.Determination{}, nil
	}
	const recent = 20
	all, err := s.People.DeterminationsOf(c.Request().Context(), row.Person(), recent)
	for _, d := range all {
		if d.ID == row.Check.Determination {
			return d, err
		}
	}
	return eligibility.Determination{}, err
}

// newComplaintPage opens the case, which is recorded, and gathers what stands beside it.
func (s *Server) newComplaintPage(c echo.Context, t complaints.Ticket) (*complaintPage, error) {
	ctx := c.Request().Context()
	actor := auth.From(ctx)
	found, err := s.Complaints.Complaint(ctx, t)
	if err != nil {
		return nil, err
	}
	units, err := s.units(ctx)
	if err != nil {
		return nil, err
	}
	var staff []auth.Staff
	if s.Offices != nil && actor.Can(auth.UnitRead) {
		staff, err = s.Offices.Staff(ctx)
		if err != nil {
			return nil, err
		}
	}
	w := s.words.For(s.lang(c))
	p := s.complaintPageOf(w, found, units, staff, actor)
	return p, s.addFacts(ctx, p, w, found)
}

// complaintPageOf puts words to a case for a reader.
func (s *Server) complaintPageOf(w *i18n.Printer, found complaints.Complaint, units []auth.Unit, staff []auth.Staff, actor auth.Actor) *complaintPage {
	may := found.May(actor)
	next := nextOf(found, may, actor)
	if !actor.Can(auth.PersonUnmask) {
		found = maskComplaint(found)
	}
	subject := found.Title
	if subject == "" {
		subject = subjectLine(w, found.Matter)
	}
	p := &complaintPage{C: found, Subject: subject, Units: units, Next: next,
		Unit: unitName(units, found.Unit), Holder: staffName(staff, found.Staff), Filed: unitName(units, found.FiledUnit),
		MayFile: slices.Contains(may, complaints.AttachEvent), MayRead: actor.Can(auth.CheckRead)}
	p.Title, p.Section = p.Subject+" · "+string(found.Ticket), "complaints"
	p.Story = storyOf(w, found, units, staff)
	p.addPatients()
	for _, t := range tabActs {
		if slices.Contains(may, t) {
			p.Tabs = append(p.Tabs, string(t))
		}
	}
	for _, t := range may {
		if !slices.Contains(tabActs, t) && t != complaints.AttachEvent {
			p.More = append(p.More, string(t))
		}
	}
	p.Staff = staffGroups(units, staff)
	p.MayTake = found.State.Open() && actor.Unit != "" && found.Staff != actor.User && found.MayReassign(actor) && slices.Contains(may, complaints.AssignEvent)
	return p
}

// addPatients fills in the people of the case, their newest checks and what was sent for them.
func (p *complaintPage) addPatients() {
	newest := p.C.Newest()
	p.Advice.Unregistered = !slices.ContainsFunc(p.C.Registrations, func(r complaints.Registration) bool {
		return r.Result != complaints.RegistrationRefused
	})
	names := map[int]string{}
	for _, patient := range p.C.Patients {
		row := patientRow{Patient: patient, Masked: maskedOnce(patient.Person())}
		if k, ok := newest[patient.No]; ok {
			row.Check = &k
			p.Advice.Outcomes = append(p.Advice.Outcomes, k.Outcome)
		} else {
			p.Advice.Unchecked = true
		}
		names[patient.No] = patient.Name
		p.Patients = append(p.Patients, row)
	}
	for _, r := range p.C.Registrations {
		row := registrationRow{Registration: r, Waits: r.Result == complaints.RegistrationPending}
		if len(p.C.Patients) > 1 {
			row.Who = names[r.Patient]
		}
		p.Regs = append(p.Regs, row)
	}
}

// open chooses the act whose form stands open: the one asked for when it may be taken, else the
// next sensible one, else the first; none by itself on a case that has ended.
func (p *complaintPage) open(asked string) {
	all := append(slices.Clone(p.Tabs), p.More...)
	switch {
	case slices.Contains(all, asked):
		p.Do = asked
	case !p.Next.At && slices.Contains(all, p.Next.Do):
		p.Do = p.Next.Do
	case len(all) > 0 && p.C.State.Open():
		p.Do = all[0]
	}
}

// maskedOnce masks a number that may be masked already.
func maskedOnce(n eligibility.NIK) string {
	if strings.Contains(string(n), "•") {
		return string(n)
	}
	return n.Masked()
}

func staffName(staff []auth.Staff, user string) string {
	for _, a := range staff {
		if a.User == user {
			return a.Name
		}
	}
	return user
}

// staffGroups lists who can be given a case, by unit.
func staffGroups(units []auth.Unit, staff []auth.Staff) []staffGroup {
	var groups []staffGroup
	add := func(code, name string) {
		g := staffGroup{Unit: name}
		for _, a := range staff {
			if a.Unit == code && !a.Disabled && a.Role.May(auth.ComplaintWork) {
				g.Staff = append(g.Staff, a)
			}
		}
		if len(g.Staff) > 0 {
			groups = append(groups, g)
		}
	}
	for _, u := range units {
		add(u.Code, u.Name)
	}
	add("", "")
	return groups
}

// showAfter shows the case with a problem above it: something that came after a part of the work
// was already stored.
func (s *Server) showAfter(c echo.Context, t complaints.Ticket, err error, lead string) error {
	f := fault.As(err)
	if f == nil || f.Kind == fault.Internal {
		return err
	}
	p, viewErr := s.newComplaintPage(c, t)
	if viewErr != nil {
		return viewErr
	}
	p.open("")
	p.Form = p.beginForm("", s.Clock().In(s.Zone))
	p.Problem = f.Message
	if lead != "" {
		p.Problem = s.words.For(s.lang(c)).T(lead) + " " + f.Message
	}
	p.Errors = Problems{{Name: "files", Message: p.Problem}}
	return s.render(c, http.StatusUnprocessableEntity, "complaint", p)
}

// beginForm is the form before anything was typed.
func (p *complaintPage) beginForm(patient string, now time.Time) actForm {
	f := actForm{Class: p.C.Class, Priority: p.C.Priority, Matter: p.C.Matter, Element: p.C.Element, Title: p.C.Title,
		Accused: p.C.Accused, Attention: p.C.Attention, Deceased: p.C.Deceased, Measure: string(calendar.Hours), Amount: "4",
		Patient: patient, Version: p.C.Version, Need: p.C.Need, SentAt: now.Format(localMinute), Result: complaints.RegistrationPending,
		Unit: p.C.Unit, Staff: p.C.Staff}
	if f.Patient == "" && p.Next.Patient > 0 {
		f.Patient = numberText(p.Next.Patient)
	}
	if len(p.C.Patients) == 1 {
		f.Patient = numberText(p.C.Patients[0].No)
	}
	for _, r := range p.C.Registrations { // the answer of the one that waits
		if r.Result == complaints.RegistrationPending && (f.Patient == "" || f.Patient == numberText(r.Patient)) {
			f.Through, f.Reference, f.Proof = r.Through, r.Reference, r.Proof
			f.SentAt = r.SentAt.In(now.Location()).Format(localMinute)
			f.Answers = true
		}
	}
	p.beginMoney(&f, now)
	if p.Do == string(complaints.ForwardEvent) {
		f.Amount, f.Office = "", p.Outside
		office := p.Outside
		if office == "" {
			office = "…"
		}
		f.Text = p.C.HandOver(office)
	}
	if p.Do == string(complaints.NumberEvent) {
		f.Office, f.Number, _ = p.C.HandedTo()
	}
	if f.Through == "" {
		f.Through = complaints.Throughs[0].Code
	}
	return f
}

// beginMoney fills in what is known of a refund already.
func (p *complaintPage) beginMoney(f *actForm, now time.Time) {
	if p.Do != string(complaints.RefundEvent) && p.Do != string(complaints.ResolveEvent) {
		return
	}
	f.Amount = ""
	r := p.C.Refund
	if r == nil {
		return
	}
	f.Amount, f.Facility, f.Receipt = numberText(int(r.Amount)), r.Facility, r.Receipt
	if r.DueAt != nil {
		f.Due = r.DueAt.In(now.Location()).Format(time.DateOnly)
	}
}
