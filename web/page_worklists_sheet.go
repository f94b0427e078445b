package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/complaints/worklist"
	"layak/eligibility"
	"layak/importers"
	"layak/internal/auth"
	"layak/internal/fault"
)

// usualThrough is the way by which most registrations go.
const usualThrough = "e_dabu"

// sheetPage is the list of patients to be sent to another office, with the forms around it.
type sheetPage struct {
	Base
	Through   string
	Throughs  []complaints.Word
	People    []sheetRow
	Reference string
	ActiveOn  string
	May       bool // write registrations
	MayShape  bool // change the columns
}

// sheetRow is one patient of the list.
type sheetRow struct {
	complaints.WaitingRegistration
	Place string
	Unit  string
	Age   string
	Mark  string // what the form sends: ticket/patient
}

func throughOf(code string) string {
	if hasCode(complaints.Throughs, code) {
		return code
	}
	return usualThrough
}

func (s *Server) sheetView(c echo.Context, through string) (*sheetPage, error) {
	if s.Worklists == nil {
		return nil, errNoPage
	}
	ctx := c.Request().Context()
	sheet, err := s.Worklists.Waiting(ctx, through)
	if err != nil {
		return nil, err
	}
	units, err := s.units(ctx)
	if err != nil {
		return nil, err
	}
	actor := auth.From(ctx)
	p := &sheetPage{Through: through, Throughs: complaints.Throughs, May: actor.Can(auth.RegistrationWrite), MayShape: actor.Can(auth.WorklistRead)}
	p.Title, p.Section = "worklists.registrations", "worklists"
	p.ActiveOn = string(eligibility.DateOf(s.Clock().In(s.Zone)))
	w := s.words.For(s.lang(c))
	for _, r := range sheet.People {
		row := sheetRow{WaitingRegistration: r, Place: areaLabel(r.Village), Unit: unitName(units, r.Unit), Age: waitText(w, s.Clock().Sub(r.Since)),
			Mark: string(r.Ticket) + "/" + strconv.Itoa(r.Patient)}
		if row.Name == "" {
			row.Name = w.T("complaint.patient_unknown", "N", r.Patient)
		}
		p.People = append(p.People, row)
	}
	return p, nil
}

func (s *Server) sheetList(c echo.Context) error {
	p, err := s.sheetView(c, throughOf(c.QueryParam("through")))
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "worklist_sheet", p)
}

// sheetFile is the workbook, with numbers in full.
func (s *Server) sheetFile(c echo.Context) error {
	if s.Worklists == nil {
		return errNoPage
	}
	sheet, err := s.Worklists.Fill(c.Request().Context(), throughOf(c.QueryParam("through")))
	if err != nil {
		return err
	}
	header := make([]string, len(sheet.Columns))
	for i, col := range sheet.Columns {
		header[i] = col.Header
	}
	return s.sendTable(c, "pendaftaran-"+strings.ReplaceAll(sheet.Through, "_", "-"), "Pendaftaran", header, sheet.Rows)
}

// sheetSent writes into the cases that the sheet went out.
func (s *Server) sheetSent(c echo.Context) error {
	if s.Worklists == nil {
		return errNoPage
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	through, reference := throughOf(c.FormValue("through")), strings.TrimSpace(c.FormValue("reference"))
	var list []worklist.Sending
	for _, mark := range form["person"] {
		number, no, _ := strings.Cut(mark, "/")
		ticket, err := complaints.ParseTicket(number)
		patient, bad := strconv.Atoi(no)
		if err == nil && bad == nil {
			list = append(list, worklist.Sending{Ticket: ticket, Patient: patient})
		}
	}
	_, missed, err := s.Worklists.Sent(c.Request().Context(), through, reference, list)
	if err == nil && len(missed) > 0 {
		const changed = "Sebagian aduan baru saja berubah dan belum dicatat. Yang tersisa ada di daftar."
		err = fault.New(fault.Invalid, "some_missed", changed).At("person", changed)
	}
	if err != nil {
		p, viewErr := s.sheetView(c, through)
		if viewErr != nil {
			return viewErr
		}
		p.Reference = reference
		return s.again(c, err, "worklist_sheet", p)
	}
	s.flash(c, "worklists.sent")
	return s.redirect(c, "/worklists/registrations")
}

// answersPage is what a read-back did.
type answersPage struct {
	Base
	worklist.Reading
	DryRun bool
}

func (s *Server) sheetAnswers(c echo.Context) error {
	if s.Worklists == nil {
		return errNoPage
	}
	through := c.FormValue("through")
	if !hasCode(complaints.Throughs, through) {
		through = ""
	}
	o := worklist.ReadOptions{Through: through, ActiveOn: eligibility.Date(c.FormValue("active_on")), DryRun: c.FormValue("dry_run") == "yes"}
	got, err := s.readAnswers(c, o)
	if err != nil {
		p, viewErr := s.sheetView(c, throughOf(through))
		if viewErr != nil {
			return viewErr
		}
		p.ActiveOn = string(o.ActiveOn)
		return s.again(c, err, "worklist_sheet", p)
	}
	p := &answersPage{Reading: got, DryRun: o.DryRun}
	p.Title, p.Section = "worklists.answers", "worklists"
	return s.render(c, http.StatusOK, "worklist_answers", p)
}

func (s *Server) readAnswers(c echo.Context, o worklist.ReadOptions) (worklist.Reading, error) {
	header, err := c.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		const none = "Pilih berkas jawaban (.xlsx) dari kantor tujuan."
		return worklist.Reading{}, fault.New(fault.Invalid, "file_missing", none).At("file", none)
	}
	if err != nil {
		return worklist.Reading{}, err
	}
	file, err := header.Open()
	if err != nil {
		return worklist.Reading{}, err
	}
	defer file.Close()
	book := importers.File{Name: baseOf(header.Filename), Reader: file, Size: header.Size}
	got, err := s.Worklists.ReadBack(c.Request().Context(), importers.RegistrationReplies(book, nil), o)
	if f := fault.As(err); f != nil && f.Kind == fault.Invalid && len(f.Fields) == 0 {
		return got, f.At("file", f.Message)
	}
	return got, err
}

// layoutPage shapes the sheet of one way of sending.
type layoutPage struct {
	Base
	Through  string
	Throughs []complaints.Word
	Columns  []layoutColumn
	Fields   []complaints.Word
}

type layoutColumn struct {
	No int
	worklist.Column
}

// spareColumns are empty rows below the columns, for more.
const spareColumns = 4

func newLayoutPage(through string, columns []worklist.Column) *layoutPage {
	p := &layoutPage{Through: through, Throughs: complaints.Throughs, Fields: worklist.SheetFields}
	p.Title, p.Section = "worklists.layout", "worklists"
	for i, col := range append(slices.Clone(columns), make([]worklist.Column, spareColumns)...) {
		p.Columns = append(p.Columns, layoutColumn{i + 1, col})
	}
	return p
}

func (s *Server) sheetLayout(c echo.Context) error {
	if s.Worklists == nil {
		return errNoPage
	}
	through := throughOf(c.QueryParam("through"))
	columns, err := s.Worklists.Layout(c.Request().Context(), through)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "worklist_layout", newLayoutPage(through, columns))
}

func (s *Server) saveSheetLayout(c echo.Context) error {
	if s.Worklists == nil {
		return errNoPage
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	through := throughOf(c.FormValue("through"))
	var columns []worklist.Column
	if c.FormValue("reset") != "yes" {
		for i, header := range form["header"] {
			col := worklist.Column{Header: strings.TrimSpace(header)}
			if i < len(form["field"]) {
				col.Field = form["field"][i]
			}
			if col != (worklist.Column{}) {
				columns = append(columns, col)
			}
		}
	}
	err = s.Worklists.SaveLayout(c.Request().Context(), through, columns)
	if err != nil {
		return s.again(c, err, "worklist_layout", newLayoutPage(through, columns))
	}
	s.flash(c, "worklists.layout_saved")
	return s.redirect(c, "/worklists/registrations/layout?through="+through)
}
