package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
)

// uploadPage is one workbook on its way: its columns, the count under way, the preview.
type uploadPage struct {
	Base
	Upload  importers.Upload
	Step    int // 2 columns, 3 preview, 4 publish
	Columns []columnRow
	Fields  []eligibility.Field
	Places  []villageGroup
	Home    area.Code

	Preview *importers.Import
	Rejects []rejectRow
	Before  *importers.Import // the same file, published before
	Percent int               // of the rows read; 0 while unknown
}

// columnRow is one column of the workbook beside ours.
type columnRow struct {
	importers.Column
	No     int
	Chosen string // name of the field, "" when it is left
}

// upload takes a workbook and goes on to its columns.
func (s *Server) upload(c echo.Context) error {
	if s.Intake == nil {
		return errNoPage
	}
	f := uploadForm{Kind: c.FormValue("kind"), AsOf: c.FormValue("as_of")}
	u, err := s.receive(c, f)
	if err != nil {
		p, viewErr := s.importsView(c, f)
		if viewErr != nil {
			return viewErr
		}
		return s.again(c, err, "imports", p)
	}
	return s.redirect(c, "/imports/uploads/"+u.ID)
}

func (s *Server) receive(c echo.Context, f uploadForm) (importers.Upload, error) {
	header, err := c.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		bad := fault.New(fault.Invalid, "file_missing", "Pilih berkas Excel (.xlsx) yang hendak dimuat.")
		return importers.Upload{}, bad.At("file", bad.Message)
	}
	if err != nil {
		return importers.Upload{}, err
	}
	file, err := header.Open()
	if err != nil {
		return importers.Upload{}, err
	}
	defer file.Close()
	ctx := c.Request().Context()
	return s.Intake.Add(ctx, importers.NewUpload{Name: header.Filename, Size: header.Size, Kind: eligibility.Kind(f.Kind),
		AsOf: eligibility.Date(f.AsOf), Body: file}, auth.From(ctx).Name)
}

func (s *Server) uploadView(c echo.Context) (*uploadPage, error) {
	if s.Intake == nil {
		return nil, errNoPage
	}
	ctx := c.Request().Context()
	u, err := s.Intake.Find(ctx, c.Param("id"))
	if err != nil {
		return nil, err
	}
	p := newUploadPage(u, s.Home)
	if u.Stage != importers.StagePreviewed {
		return p, nil
	}
	imp, err := s.Imports.Import(ctx, u.Summary.ImportID)
	if err != nil {
		return nil, err
	}
	p.Preview = &imp
	p.Before, err = s.Intake.Before(ctx, u)
	if err != nil {
		return nil, err
	}
	p.Rejects, err = s.rejectRows(c, imp.ID)
	return p, err
}

// newUploadPage shows the upload; the preview is put in by whoever has it.
func newUploadPage(u importers.Upload, home area.Code) *uploadPage {
	p := &uploadPage{Upload: u, Step: 2, Fields: eligibility.FieldsOf(u.Kind), Home: home, Places: villageGroups(home)}
	p.Title, p.Section = "upload.title", "data"
	switch u.Stage {
	case importers.StagePreviewOrdered, importers.StagePreviewing, importers.StagePreviewed:
		p.Step = 3
	case importers.StagePublishOrdered, importers.StagePublishing, importers.StagePublished:
		p.Step = 4
	}
	if u.Progress.Total > 0 {
		p.Percent = min(100, u.Progress.Rows*100/u.Progress.Total)
	}
	seen := map[string]bool{}
	for _, col := range u.Summary.Columns {
		key := strings.ToLower(col.Header)
		if seen[key] {
			continue // the same header on another sheet means the same
		}
		seen[key] = true
		row := columnRow{Column: col, No: len(p.Columns)}
		if col.Known {
			row.Chosen = col.Field.String()
		}
		p.Columns = append(p.Columns, row)
	}
	return p
}

func (s *Server) uploadOne(c echo.Context) error {
	p, err := s.uploadView(c)
	if err != nil {
		return err
	}
	if p.Upload.Stage == importers.StagePublished {
		s.flash(c, "imports.published")
		return s.redirect(c, "/imports/"+p.Upload.Summary.ImportID)
	}
	if c.Request().Header.Get("HX-Request") == "" {
		return s.render(c, http.StatusOK, "upload", p)
	}
	if !p.Upload.Running() {
		return s.redirect(c, "/imports/uploads/"+p.Upload.ID)
	}
	return s.renderPart(c, http.StatusOK, "upload", "progress", p)
}

// settingsOf reads the form of columns. What the program recognised by itself is not repeated.
func settingsOf(c echo.Context, u importers.Upload) importers.UploadSettings {
	set := importers.UploadSettings{
		AsOf: eligibility.Date(c.FormValue("as_of")), Mode: importers.Mode(c.FormValue("mode")),
		Area: area.Code(c.FormValue("area")), Map: map[string]eligibility.Field{},
	}
	if set.Mode != importers.Snapshot {
		set.Mode = importers.Update
	}
	for _, row := range newUploadPage(u, "").Columns {
		f, ok := eligibility.FieldNamed(c.FormValue("col-" + strconv.Itoa(row.No)))
		if !ok || row.Known && row.Guess != importers.ByHand && row.Field == f {
			continue
		}
		set.Map[row.Header] = f
	}
	return set
}

func (s *Server) previewUpload(c echo.Context) error {
	if s.Intake == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	u, err := s.Intake.Find(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	set := settingsOf(c, u)
	err = s.Intake.Preview(ctx, u.ID, set, auth.From(ctx).Name)
	if err != nil {
		u.Settings = set
		return s.again(c, err, "upload", newUploadPage(u, s.Home))
	}
	return s.redirect(c, "/imports/uploads/"+u.ID)
}

func (s *Server) publishUpload(c echo.Context) error {
	if s.Intake == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	err := s.Intake.Publish(ctx, c.Param("id"), c.FormValue("again") == "yes", c.FormValue("confirm_gone") == "yes", auth.From(ctx).Name)
	if err != nil {
		return err
	}
	return s.redirect(c, "/imports/uploads/"+c.Param("id"))
}

func (s *Server) dropUpload(c echo.Context) error {
	if s.Intake == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	err := s.Intake.Drop(ctx, c.Param("id"), auth.From(ctx).Name)
	if err != nil {
		return err
	}
	s.flash(c, "upload.dropped")
	return s.redirect(c, "/imports")
}
