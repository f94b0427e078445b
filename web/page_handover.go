package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"layak/complaints/register"
	"layak/importers"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Registers takes the registers of other complaint systems over and hands cases back;
// *register.Desk keeps it.
type Registers interface {
	List(ctx context.Context, limit int) ([]register.Upload, error)
	Find(ctx context.Context, id string) (register.Upload, error)
	Rejects(ctx context.Context, id string, limit int) ([]register.Reject, error)
	Preview(ctx context.Context, u register.Upload, body io.ReaderAt, read register.Reader) (register.Upload, error)
	TakeOver(ctx context.Context, id string, read register.Reader) (register.Upload, error)
	Drop(ctx context.Context, id string) error
	Handover(ctx context.Context, source string) (register.Handover, error)
	Export(ctx context.Context, source string) (register.Handover, error)
}

// handoverRoutes are the addresses of registers of other systems, in and out.
func (s *Server) handoverRoutes() []Route {
	const get, post, may = http.MethodGet, http.MethodPost, auth.ComplaintImport
	return []Route{
		{Method: get, Path: "/handover", Permission: may, Handler: s.handover},
		{Method: post, Path: "/handover", Permission: may, Handler: s.previewRegister, MaxBody: register.MaxSize + 1<<20, Deadline: 5 * time.Minute},
		{Method: get, Path: "/handover.xlsx", Permission: may, Handler: s.exportHandover, Deadline: exportTime},
		{Method: get, Path: "/handover/:id", Permission: may, Handler: s.registerOne},
		{Method: post, Path: "/handover/:id/take", Permission: may, Handler: s.takeRegister, Deadline: 9 * time.Minute},
		{Method: post, Path: "/handover/:id/drop", Permission: may, Handler: s.dropRegister},
		{Method: get, Path: "/handover/:id/rejects.xlsx", Permission: may, Handler: s.registerRejects, Deadline: exportTime},
	}
}

// handoverPages are the page sets of registers of other systems, in and out.
var handoverPages = map[string][]string{
	"handover": {"problems"},
	"register": {"problems"},
}

// handoverPage is the form for a register, those that came before, and the files that go back.
type handoverPage struct {
	Base
	Form    registerForm
	Sources []string
	Uploads []register.Upload
	Back    []handoverBack
}

// registerForm is what was typed beside the file.
type registerForm struct{ Source, Category string }

// handoverBack is what can be handed back to one system.
type handoverBack struct {
	Source string
	Cases  int
	Differ []register.Line // the first of them
	All    int             // how many differ
}

// registerPage is one register that came through the pages.
type registerPage struct {
	Base
	Upload  register.Upload
	Rejects []register.Reject
}

const shownDifferences = 20

var errNoRegister = fault.New(fault.NotFound, "register_unknown", "Register ini tidak ada lagi. Unggah berkasnya sekali lagi.")

func readRegister(name string, body io.ReaderAt, size int64, columns map[string]string) register.Rows {
	return importers.RegisterRows(importers.File{Name: name, Reader: body, Size: size}, columns)
}

func (s *Server) handoverView(c echo.Context, f registerForm) (*handoverPage, error) {
	if s.Registers == nil {
		return nil, errNoPage
	}
	ctx := c.Request().Context()
	p := &handoverPage{Form: f, Sources: register.Sources}
	p.Title, p.Section = "handover.title", "handover"
	var err error
	p.Uploads, err = s.Registers.List(ctx, 20)
	if err != nil {
		return nil, err
	}
	for _, source := range register.Sources {
		h, err := s.Registers.Handover(ctx, source)
		if err != nil {
			return nil, err
		}
		differ := h.Differences()
		p.Back = append(p.Back, handoverBack{Source: source, Cases: len(h.Lines), All: len(differ), Differ: differ[:min(len(differ), shownDifferences)]})
	}
	return p, nil
}

func (s *Server) handover(c echo.Context) error {
	p, err := s.handoverView(c, registerForm{Source: "wadul"})
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "handover", p)
}

// previewRegister counts what a register would do.
func (s *Server) previewRegister(c echo.Context) error {
	if s.Registers == nil {
		return errNoPage
	}
	f := registerForm{Source: c.FormValue("source"), Category: strings.TrimSpace(c.FormValue("category"))}
	u, err := s.receiveRegister(c, f)
	if err != nil {
		p, viewErr := s.handoverView(c, f)
		if viewErr != nil {
			return viewErr
		}
		return s.again(c, err, "handover", p)
	}
	return s.redirect(c, "/handover/"+u.ID)
}

func (s *Server) receiveRegister(c echo.Context, f registerForm) (register.Upload, error) {
	header, err := c.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		const none = "Pilih berkas Excel (.xlsx) register yang hendak dimuat."
		return register.Upload{}, fault.New(fault.Invalid, "file_missing", none).At("file", none)
	}
	if err != nil {
		return register.Upload{}, err
	}
	file, err := header.Open()
	if err != nil {
		return register.Upload{}, err
	}
	defer file.Close()
	u := register.Upload{Name: baseOf(header.Filename), Size: header.Size, Options: register.Options{Source: f.Source}}
	if f.Category != "" {
		u.Options.Categories = strings.Split(f.Category, ",")
	}
	u, err = s.Registers.Preview(c.Request().Context(), u, file, readRegister)
	if e := fault.As(err); e != nil && e.Kind == fault.Invalid && len(e.Fields) == 0 {
		return u, e.At("file", e.Message)
	}
	return u, err
}

// baseOf is the name of a file without the folders that some browsers send along.
func baseOf(name string) string {
	return name[strings.LastIndexAny(name, `/\`)+1:]
}

func (s *Server) registerView(c echo.Context) (*registerPage, error) {
	if s.Registers == nil {
		return nil, errNoPage
	}
	id, err := uuid.Parse(c.Param("id"))
	if err != nil {
		return nil, errNoRegister
	}
	ctx := c.Request().Context()
	p := &registerPage{}
	p.Title, p.Section = "handover.one", "handover"
	p.Upload, err = s.Registers.Find(ctx, id.String())
	if err != nil {
		return nil, err
	}
	p.Rejects, err = s.Registers.Rejects(ctx, p.Upload.ID, listedRejects)
	return p, err
}

func (s *Server) registerOne(c echo.Context) error {
	p, err := s.registerView(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "register", p)
}

// takeRegister takes the rows over. Sent twice, the second finds that nothing is left to do.
func (s *Server) takeRegister(c echo.Context) error {
	p, err := s.registerView(c)
	if err != nil {
		return err
	}
	_, err = s.Registers.TakeOver(c.Request().Context(), p.Upload.ID, readRegister)
	if fault.Is(err, fault.Conflict) {
		return s.redirect(c, "/handover/"+p.Upload.ID)
	}
	if err != nil {
		return s.again(c, err, "register", p)
	}
	s.flash(c, "handover.taken")
	return s.redirect(c, "/handover/"+p.Upload.ID)
}

func (s *Server) dropRegister(c echo.Context) error {
	p, err := s.registerView(c)
	if err != nil {
		return err
	}
	err = s.Registers.Drop(c.Request().Context(), p.Upload.ID)
	if err != nil {
		return err
	}
	s.flash(c, "handover.dropped")
	return s.redirect(c, "/handover")
}

func (s *Server) registerRejects(c echo.Context) error {
	p, err := s.registerView(c)
	if err != nil {
		return err
	}
	all, err := s.Registers.Rejects(c.Request().Context(), p.Upload.ID, 0)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	err = importers.WriteRejects(&b, importers.RegisterRejects(all))
	if err != nil {
		return err
	}
	return s.sendBook(c, "register-ditolak", b.Bytes())
}

// exportHandover is the file that goes back, with the list of differences on its second sheet.
func (s *Server) exportHandover(c echo.Context) error {
	if s.Registers == nil {
		return errNoPage
	}
	source := c.QueryParam("source")
	if !slices.Contains(register.Sources, source) {
		return errNoPage
	}
	h, err := s.Registers.Export(c.Request().Context(), source)
	if err != nil {
		return err
	}
	var tables []importers.Table
	for _, t := range h.Tables() {
		tables = append(tables, importers.Table(t))
	}
	return s.sendTables(c, "serah-terima-"+source, tables)
}

// sendTables sends several sheets as one workbook named after the day.
func (s *Server) sendTables(c echo.Context, name string, tables []importers.Table) error {
	var b bytes.Buffer
	err := importers.WriteTables(&b, tables)
	if err != nil {
		return err
	}
	return s.sendBook(c, name, b.Bytes())
}

func (s *Server) sendBook(c echo.Context, name string, book []byte) error {
	name += "-" + s.Clock().In(s.Zone).Format(time.DateOnly) + ".xlsx"
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return c.Blob(http.StatusOK, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", book)
}
