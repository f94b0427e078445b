package web

import (
	"fmt"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
)

// What a form with photos may weigh and take: five of the largest files on a weak line.
const (
	filesBody = 5*complaints.MaxAttachment + 1<<20
	filesTime = 10 * time.Minute
)

// filingPage is the form of a new complaint. It begins empty, or with the person, need and result
// of a check.
type filingPage struct {
	Base
	Form     filingForm
	Villages []villageGroup
	Check    *checkedPerson
	Open     []complaints.Line // cases of the person that are still open
	Hints    hintsPage         // cases that share something with what was typed
	Units    []auth.Unit       // whom a complaint can be about
	MayCheck bool              // may say that nothing is missing
}

// checkedPerson is the result that the case begins with.
type checkedPerson struct {
	D   eligibility.Determination
	Who personView
}

// filingForm is what was typed.
type filingForm struct {
	Check string // id of a determination
	Do    string // "register": the desk wants to register the person at once
	Key   string // makes pressing the button twice harmless

	Channel, Matter, Need, Text string
	Reporter                    complaints.Reporter
	NIK, Name, BirthDate        string
	MotherNIK, Village          string
	More                        string // further patients, one NIK a line
	Accused, SourceNumber       string
	Verified                    bool // "sudah lengkap"
}

func readFilingForm(c echo.Context) filingForm {
	v := func(name string) string { return strings.TrimSpace(c.FormValue(name)) }
	return filingForm{Check: v("check"), Do: v("do"), Key: v("key"),
		Channel: v("channel"), Matter: v("matter"), Need: v("need"), Text: v("text"),
		Reporter: complaints.Reporter{Name: v("reporter_name"), Phone: v("reporter_phone"), Relation: v("reporter_relation"), Email: v("reporter_email"), Handle: v("reporter_handle")},
		Accused:  v("accused"), SourceNumber: v("source_number"), Verified: v("verified") != "",
		NIK: v("nik"), Name: v("name"), BirthDate: v("birth_date"), MotherNIK: v("mother_nik"), Village: v("village"), More: v("more")}
}

// patient is the first patient as the form names him: empty when he is not known yet.
func (f filingForm) patient() complaints.FilingPatient {
	switch {
	case f.NIK != "":
		return complaints.FilingPatient{NIK: eligibility.NIK(f.NIK)}
	case f.MotherNIK != "":
		return complaints.FilingPatient{Subject: &eligibility.Subject{MotherNIK: eligibility.NIK(f.MotherNIK), BirthDate: eligibility.Date(f.BirthDate)}}
	case f.Name != "" || f.BirthDate != "":
		return complaints.FilingPatient{Subject: &eligibility.Subject{Name: f.Name, BirthDate: eligibility.Date(f.BirthDate), Village: area.Code(f.Village)}}
	}
	return complaints.FilingPatient{}
}

// patientOf is the person of a determination as a patient.
func patientOf(d eligibility.Determination) complaints.FilingPatient {
	if d.NIK != "" && d.Subject.MotherNIK == "" && !d.Subject.Unknown {
		return complaints.FilingPatient{NIK: d.NIK}
	}
	subject := d.Subject
	return complaints.FilingPatient{Subject: &subject}
}

func (f filingForm) filing(d *eligibility.Determination) complaints.Filing {
	filing := complaints.Filing{Channel: f.Channel, Matter: f.Matter, Need: f.Need, Reporter: f.Reporter, Text: f.Text,
		Village: area.Code(f.Village), Accused: f.Accused, SourceNumber: f.SourceNumber, Verified: f.Verified, IdempotencyKey: f.Key}
	first := f.patient()
	if d != nil {
		first = patientOf(*d)
	}
	filing.Patients = []complaints.FilingPatient{first}
	for nik := range strings.Lines(f.More) {
		if nik = strings.TrimSpace(nik); nik != "" {
			filing.Patients = append(filing.Patients, complaints.FilingPatient{NIK: eligibility.NIK(nik)})
		}
	}
	return filing
}

// besideFields names the problems of a filing after the fields of the form.
func (f filingForm) besideFields(err error) error {
	problem := fault.As(err)
	if problem == nil || problem.Kind != fault.Invalid {
		return err
	}
	own := *problem
	own.Fields = slices.Clone(own.Fields)
	first := "nik"
	if f.NIK == "" && f.MotherNIK != "" {
		first = "mother_nik"
	} else if f.NIK == "" && f.Name+f.BirthDate != "" {
		first = "name"
	}
	for i, field := range own.Fields {
		if field.Name == "patients.1" {
			own.Fields[i].Name = first
		} else if strings.HasPrefix(field.Name, "patients") {
			own.Fields[i].Name = "more"
		} else {
			own.Fields[i].Name = strings.ReplaceAll(field.Name, ".", "_")
		}
	}
	return &own
}

// newFilingPage gathers what stands around the form. Opening the determination is on record.
func (s *Server) newFilingPage(c echo.Context, f filingForm) (*filingPage, error) {
	p := &filingPage{Form: f, Villages: villageGroups(s.Home), MayCheck: auth.From(c.Request().Context()).Can(auth.ComplaintVerify)}
	p.Title, p.Section = "filing.title", "new"
	units, err := s.units(c.Request().Context())
	if err != nil {
		return nil, err
	}
	p.Units = units
	if f.Check == "" {
		return p, nil
	}
	if s.Checks == nil {
		return nil, errNoPage
	}
	ctx := c.Request().Context()
	d, err := s.Checks.View(ctx, f.Check)
	if err != nil {
		return nil, err
	}
	var person eligibility.Person
	if d.NIK != "" && s.People != nil {
		person, err = s.People.Person(ctx, d.NIK)
		if err != nil {
			return nil, err
		}
	}
	p.Check = &checkedPerson{D: d, Who: whoOf(s.words.For(s.lang(c)), d, person)}
	return p, nil
}

// addOpen lists the cases of the person that are still open, so that none is filed twice. The look
// is on record.
func (s *Server) addOpen(c echo.Context, p *filingPage) error {
	ctx := c.Request().Context()
	if p.Check == nil || p.Check.D.NIK == "" || !auth.From(ctx).Can(auth.ComplaintRead) {
		return nil
	}
	page, err := s.Complaints.List(ctx, complaints.Filter{NIK: p.Check.D.NIK, States: complaints.OpenStates, Limit: 5})
	p.Open = page.Items
	return err
}

func (s *Server) complaintForm(c echo.Context) error {
	if s.Complaints == nil {
		return errNoPage
	}
	f := filingForm{Check: c.QueryParam("check"), Do: c.QueryParam("do"), Key: uuid.NewString(), Channel: "counter"}
	p, err := s.newFilingPage(c, f)
	if err != nil {
		return err
	}
	err = s.addOpen(c, p)
	if err != nil {
		return err
	}
	if p.Check != nil {
		p.begin(s.words.For(s.lang(c)).T("filing.register_text", "Program", s.Programme))
	}
	return s.render(c, http.StatusOK, "complaint_new", p)
}

// begin fills in what the check already knows.
func (p *filingPage) begin(registerText string) {
	f := &p.Form
	f.Need, f.Matter = p.Check.D.Facts.Need, "eligibility"
	if f.Do == "register" {
		f.Matter, f.Text = "activation", registerText
		f.Reporter = complaints.Reporter{Name: p.Check.Who.Name, Relation: "self"}
	}
}

// fileComplaint stores the case, links the check it came from, then adds the photos.
func (s *Server) fileComplaint(c echo.Context) error {
	if s.Complaints == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	f := readFilingForm(c)
	p, err := s.newFilingPage(c, f)
	if err != nil {
		return err
	}
	var d *eligibility.Determination
	if p.Check != nil {
		d = &p.Check.D
	}
	made, err := s.Complaints.File(ctx, f.filing(d))
	if err != nil {
		return s.again(c, f.besideFields(err), "complaint_new", p)
	}
	to := "/complaints/" + string(made.Ticket)
	if made.Version > 1 { // the button was pressed twice; the routing of a new case is part of its first version
		return s.redirect(c, to)
	}
	made, err = s.begun(c, made, d, f.Do == "register")
	if err != nil {
		return err
	}
	err = s.attachAll(c, made.Ticket, "files")
	if err != nil {
		return s.showAfter(c, made.Ticket, err, "filing.files_left")
	}
	s.flash(c, "filing.done")
	if f.Do == "register" {
		to += "?do=registration"
	}
	return s.redirect(c, to)
}

// begun links the check to the new case. A desk that wants to register the person it has just
// checked has verified the case by that.
func (s *Server) begun(c echo.Context, made complaints.Complaint, d *eligibility.Determination, register bool) (complaints.Complaint, error) {
	ctx := c.Request().Context()
	var err error
	may := made.May(auth.From(ctx))
	if d != nil && slices.Contains(may, complaints.CheckEvent) {
		made, err = s.Complaints.Act(ctx, made.Ticket, complaints.Action{Type: complaints.CheckEvent, Version: made.Version, Patient: 1, Made: d})
		if err != nil {
			return made, fmt.Errorf("link check to new complaint: %w", err)
		}
	}
	if register && made.State == complaints.Received && slices.Contains(may, complaints.VerifyEvent) {
		made, err = s.Complaints.Act(ctx, made.Ticket, complaints.Action{Type: complaints.VerifyEvent, Version: made.Version})
	}
	return made, err
}

// attachAll adds the files of one form field to the case. It stops at the first that is refused.
func (s *Server) attachAll(c echo.Context, t complaints.Ticket, field string) error {
	form := c.Request().MultipartForm
	if form == nil {
		return nil
	}
	for _, head := range form.File[field] {
		if head.Filename == "" || head.Size == 0 {
			continue
		}
		_, err := s.attachOne(c, t, head)
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) attachOne(c echo.Context, t complaints.Ticket, head *multipart.FileHeader) (complaints.Attachment, error) {
	file, err := head.Open()
	if err != nil {
		return complaints.Attachment{}, fmt.Errorf("open upload: %w", err)
	}
	a, err := s.Complaints.Attach(c.Request().Context(), t, head.Filename, file)
	closeErr := file.Close()
	if err != nil {
		return a, err
	}
	return a, closeErr
}
