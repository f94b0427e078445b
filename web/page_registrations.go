package web

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/internal/auth"
	"layak/internal/i18n"
)

// waitingPage is the hand-over list of a shift ("Daftar piket"): patients who should be registered
// and are not active yet. Names are written out, because the next shift has to find the patient.
type waitingPage struct {
	Base
	Unsent []waitingRow // found eligible, nothing sent
	Sent   []waitingRow // sent, no answer

	MayTell  bool // may say that the list was read
	Patients int
	Readings []complaints.Reading
}

// readRegistrations stores that the colleague who takes over read the list.
func (s *Server) readRegistrations(c echo.Context) error {
	if s.Finder == nil {
		return errNoPage
	}
	err := s.Finder.MarkRead(c.Request().Context(), formNumber(c, "patients"))
	if err != nil {
		return err
	}
	s.flash(c, "waiting.read_done")
	return s.redirect(c, "/registrations")
}

// waitingRow is one patient of the list.
type waitingRow struct {
	complaints.WaitingRegistration
	Place string
	Unit  string // name
	Age   string // how long it has been waiting
	Path  string // of the form that records the registration or its answer
}

func (s *Server) registrations(c echo.Context) error {
	if s.Complaints == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	list, err := s.Complaints.WaitingRegistrations(ctx)
	if err != nil {
		return err
	}
	units, err := s.units(ctx)
	if err != nil {
		return err
	}
	p := newWaitingPage(s.words.For(s.lang(c)), list, units, s.Clock())
	if s.Finder != nil {
		p.MayTell, p.Patients = true, len(list)
		p.Readings, err = s.Finder.Readings(ctx)
		if err != nil {
			return err
		}
	}
	return s.render(c, http.StatusOK, "registrations", p)
}

func newWaitingPage(w *i18n.Printer, list []complaints.WaitingRegistration, units []auth.Unit, now time.Time) *waitingPage {
	p := &waitingPage{}
	p.Title, p.Section = "waiting.title", "waiting"
	for _, r := range list {
		row := waitingRow{WaitingRegistration: r, Place: areaLabel(r.Village), Unit: unitName(units, r.Unit), Age: waitText(w, now.Sub(r.Since)),
			Path: "/complaints/" + string(r.Ticket) + "?do=registration&patient=" + numberText(r.Patient) + "#compose"}
		if row.Name == "" {
			row.Name = w.T("complaint.patient_unknown", "N", r.Patient)
		}
		if r.Sent {
			p.Sent = append(p.Sent, row)
		} else {
			p.Unsent = append(p.Unsent, row)
		}
	}
	return p
}

// exportRegistrations is the same list as a workbook.
func (s *Server) exportRegistrations(c echo.Context) error {
	if s.Complaints == nil {
		return errNoPage
	}
	list, err := s.Complaints.WaitingRegistrations(c.Request().Context())
	if err != nil {
		return err
	}
	header, rows := complaints.WaitingRows(list)
	return s.sendTable(c, "daftar-piket", "Daftar piket", header, rows)
}
