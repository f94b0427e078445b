package web

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Sizes of what the import pages list.
const (
	listedImports = 50
	listedRejects = 100
)

var errNoImport = fault.New(fault.NotFound, "import_not_found", "Impor dengan nomor itu tidak ada.")

// importsPage is the office's data: how old each kind is, a form for a new workbook, workbooks
// under way, and what was loaded before.
type importsPage struct {
	Base
	Data    []dataRow
	Form    uploadForm
	Kinds   []eligibility.Kind
	Pending []importers.Upload
	History []importers.Import
	May     bool // load, publish, roll back
}

// uploadForm is what was chosen; a browser never gives a file back.
type uploadForm struct{ Kind, AsOf string }

// importPage is one import.
type importPage struct {
	Base
	Import  importers.Import
	Rejects []rejectRow
	May     bool
	Typed   string
}

// rejectRow is one row that was not taken, with long numbers covered.
type rejectRow struct {
	importers.Reject
}

func (s *Server) importsView(c echo.Context, f uploadForm) (*importsPage, error) {
	if s.Imports == nil {
		return nil, errNoPage
	}
	ctx := c.Request().Context()
	p := &importsPage{Form: f, Kinds: eligibility.Kinds}
	p.Title, p.Section = "imports.title", "data"
	p.May = s.Intake != nil && auth.From(ctx).Can(auth.ImportRun)
	var err error
	p.Data, err = s.dataRows(c)
	if err != nil {
		return nil, err
	}
	p.History, err = s.Imports.Imports(ctx, listedImports)
	if err != nil {
		return nil, err
	}
	p.History = slices.DeleteFunc(p.History, func(i importers.Import) bool { return i.Status == importers.Previewed })
	if p.May {
		p.Pending, err = s.Intake.Pending(ctx)
	}
	return p, err
}

func (s *Server) imports(c echo.Context) error {
	today := eligibility.DateOf(s.Clock().In(s.Zone))
	p, err := s.importsView(c, uploadForm{Kind: string(eligibility.Residents), AsOf: string(today)})
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "imports", p)
}

func (s *Server) importView(c echo.Context) (*importPage, error) {
	if s.Imports == nil {
		return nil, errNoPage
	}
	id, err := uuid.Parse(c.Param("id"))
	if err != nil {
		return nil, errNoImport
	}
	ctx := c.Request().Context()
	p := &importPage{May: s.Intake != nil && auth.From(ctx).Can(auth.ImportRun)}
	p.Title, p.Section = "imports.one", "data"
	p.Import, err = s.Imports.Import(ctx, id.String())
	if err != nil {
		return nil, err
	}
	if p.May {
		p.Rejects, err = s.rejectRows(c, p.Import.ID)
	}
	return p, err
}

// rejectRows gives the first rejected rows, without anybody's number: the workbook has it, and the
// row number says where.
func (s *Server) rejectRows(c echo.Context, id string) ([]rejectRow, error) {
	rows, err := s.Imports.Rejects(c.Request().Context(), id, listedRejects)
	if err != nil {
		return nil, err
	}
	out := make([]rejectRow, len(rows))
	for i, r := range rows {
		r.Value, r.Reason = maskDigits(r.Value), maskDigits(r.Reason)
		out[i] = rejectRow{r}
	}
	return out, nil
}

func (s *Server) importOne(c echo.Context) error {
	p, err := s.importView(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "import", p)
}

// rejectsFile gives all rejected rows as a workbook, to be mended and loaded again.
func (s *Server) rejectsFile(c echo.Context) error {
	if s.Intake == nil || s.Imports == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	id, err := uuid.Parse(c.Param("id"))
	if err != nil {
		return errNoImport
	}
	imp, err := s.Imports.Import(ctx, id.String())
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	err = s.Intake.WriteRejects(ctx, imp.ID, auth.From(ctx).Name, &buf)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentDisposition, `attachment; filename="baris-ditolak-`+string(imp.Kind)+"-"+string(imp.AsOf)+`.xlsx"`)
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	return c.Blob(http.StatusOK, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", buf.Bytes())
}

// rollbackWord is typed by whoever takes published data back.
const rollbackWord = "BATALKAN"

func (s *Server) rollbackImport(c echo.Context) error {
	if s.Intake == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	typed := strings.TrimSpace(c.FormValue("word"))
	var err error
	if !strings.EqualFold(typed, rollbackWord) {
		bad := fault.New(fault.Invalid, "not_confirmed", "Ketik "+rollbackWord+" untuk memastikan bahwa impor ini memang hendak dibatalkan.")
		err = bad.At("word", bad.Message)
	} else {
		_, err = s.Intake.Rollback(ctx, c.Param("id"), auth.From(ctx).Name)
	}
	if f := fault.As(err); f != nil && (f.Kind == fault.Invalid || f.Kind == fault.Conflict) {
		p, viewErr := s.importView(c)
		if viewErr != nil {
			return viewErr
		}
		p.Typed, p.Problem, p.Errors = typed, f.Message, Problems(f.Fields)
		return s.render(c, statusOf[f.Kind], "import", p)
	}
	if err != nil {
		return err
	}
	s.flash(c, "imports.rolled_back")
	return s.redirect(c, "/imports/"+c.Param("id"))
}
