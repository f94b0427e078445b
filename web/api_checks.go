package web

import (
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
)

// checkBody is what POST /api/v1/checks takes. The subject is one of: nik; subject; mother_nik with
// birth_date; unknown with a description.
type checkBody struct {
	NIK         eligibility.NIK        `json:"nik"`
	Subject     *eligibility.Subject   `json:"subject"`
	MotherNIK   eligibility.NIK        `json:"mother_nik"`
	BirthDate   eligibility.Date       `json:"birth_date"`
	Unknown     bool                   `json:"unknown"`
	Description string                 `json:"description"`
	Need        string                 `json:"need"`
	ServiceOn   eligibility.Date       `json:"service_on"`
	Purpose     string                 `json:"purpose"`
	Statements  statementsBody         `json:"statements"`
	Evidence    []eligibility.Evidence `json:"evidence"`
}

// statementsBody is what the patient or family declared.
type statementsBody struct {
	AcceptsClass3 *bool `json:"accepts_class_3"`
	StillEmployed *bool `json:"still_employed"`
}

// request turns the body into what package eligibility asks for.
func (b checkBody) request(home area.Code) (eligibility.Request, error) {
	subject := eligibility.Subject{
		NIK: b.NIK, MotherNIK: b.MotherNIK, BirthDate: b.BirthDate, Unknown: b.Unknown, Description: b.Description,
	}
	if b.Subject != nil {
		if subject != (eligibility.Subject{}) {
			const twice = "Isi keterangan tentang warga di satu tempat saja: di “subject” atau di luarnya."
			return eligibility.Request{}, fault.New(fault.Invalid, "subject_twice", twice).At("subject", twice)
		}
		subject = *b.Subject
	}
	err := placeSubject(&subject, home, "subject.village")
	return eligibility.Request{
		Subject: subject, Need: b.Need, ServiceOn: b.ServiceOn, Purpose: b.Purpose,
		AcceptsClass3: b.Statements.AcceptsClass3, StillEmployed: b.Statements.StillEmployed, Evidence: b.Evidence,
	}, err
}

// placeSubject turns the village of a subject into its code: a code with or without dots, or a
// name that only one village of the home regency has.
func placeSubject(s *eligibility.Subject, home area.Code, path string) error {
	if s.Village == "" {
		return nil
	}
	code, ok := area.Parse(string(s.Village))
	if !ok {
		var a area.Area
		a, ok = area.FindLevel(home, area.Village, string(s.Village))
		code = a.Code
	}
	if !ok || code.Level() != area.Village {
		const unknown = "Desa atau kelurahan tidak dikenal, atau namanya dipakai lebih dari satu desa. Tulis kode wilayahnya, misalnya 35.09.19.1001."
		return fault.New(fault.Invalid, "village_unknown", unknown).At(path, unknown)
	}
	s.Village = code
	return nil
}

func (s *Server) apiCheck(c echo.Context) error {
	if s.Checks == nil {
		return errNoPage
	}
	err := onlyQuery(c)
	if err != nil {
		return err
	}
	var body checkBody
	err = readJSON(c, &body)
	if err != nil {
		return err
	}
	req, err := body.request(s.Home)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	d, err := s.Checks.Check(ctx, req)
	if err != nil {
		return err
	}
	return sendJSON(c, http.StatusOK, checkAnswer(d, auth.From(ctx)))
}

func (s *Server) apiShowCheck(c echo.Context) error {
	if s.Checks == nil {
		return errNoPage
	}
	err := onlyQuery(c)
	if err != nil {
		return err
	}
	id, err := uuid.Parse(c.Param("id"))
	if err != nil {
		return fault.New(fault.NotFound, "determination_not_found", "Hasil cek dengan nomor itu tidak ada.")
	}
	ctx := c.Request().Context()
	d, err := s.Checks.View(ctx, id.String())
	if err != nil {
		return err
	}
	return sendJSON(c, http.StatusOK, checkAnswer(d, auth.From(ctx)))
}

// checkAnswer is a determination as the actor may see it: with numbers in full for those who work
// with the person, masked for those who only look over their shoulders.
func checkAnswer(d eligibility.Determination, actor auth.Actor) eligibility.Determination {
	if !actor.Can(auth.PersonUnmask) {
		d = maskDetermination(d)
	}
	d.Findings, d.Questions, d.NextSteps = notNil(d.Findings), notNil(d.Questions), notNil(d.NextSteps)
	d.Facts.Evidence = notNil(d.Facts.Evidence)
	d.DecidedAt = d.DecidedAt.UTC() // as it is stored, so that both answers are the same
	if d.Registry == nil {
		d.Registry = eligibility.State{}
	}
	return d
}

// notNil makes the list that JSON writes as [] and not as null.
func notNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
