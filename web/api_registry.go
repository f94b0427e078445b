package web

import (
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"layak/importers"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Sizes of answers about imports.
const (
	apiImportList = 200
	apiRejects    = 1_000
)

// importBody is one import. ID repeats import_id under the name that lists use.
type importBody struct {
	ID string `json:"id"`
	importers.Import
	// Rejects are given to those who load files, and only by the address of one import.
	Rejects []importers.Reject `json:"rejects,omitempty"`
}

type importsBody struct {
	Imports []importBody `json:"imports"`
}

func (s *Server) apiImports(c echo.Context) error {
	if s.Imports == nil {
		return errNoPage
	}
	err := onlyQuery(c)
	if err != nil {
		return err
	}
	list, err := s.Imports.Imports(c.Request().Context(), apiImportList)
	if err != nil {
		return err
	}
	out := importsBody{Imports: make([]importBody, len(list))}
	for i, imp := range list {
		out.Imports[i] = importAnswer(imp)
	}
	return sendJSON(c, http.StatusOK, out)
}

func importAnswer(imp importers.Import) importBody {
	imp.Files = notNil(imp.Files)
	return importBody{ID: imp.ID, Import: imp}
}

func (s *Server) apiImport(c echo.Context) error {
	if s.Imports == nil {
		return errNoPage
	}
	err := onlyQuery(c)
	if err != nil {
		return err
	}
	id, err := uuid.Parse(c.Param("id"))
	if err != nil {
		return fault.New(fault.NotFound, "import_not_found", "Impor dengan nomor itu tidak ada.")
	}
	ctx := c.Request().Context()
	imp, err := s.Imports.Import(ctx, id.String())
	if err != nil {
		return err
	}
	out := importAnswer(imp)
	if auth.From(ctx).Can(auth.ImportRun) {
		rows, err := s.Imports.Rejects(ctx, imp.ID, apiRejects)
		if err != nil {
			return err
		}
		for i := range rows {
			rows[i].Value = maskDigits(rows[i].Value)
		}
		out.Rejects = rows
	}
	return sendJSON(c, http.StatusOK, out)
}

// areaBody is one area with what is around and inside it.
type areaBody struct {
	area.Area
	Label    string      `json:"label"`
	Level    string      `json:"level"`
	Parent   area.Code   `json:"parent,omitempty"`
	Path     []area.Area `json:"path"`     // from the province to the area itself
	Children []area.Area `json:"children"` // by code; empty for a village
}

var levelNames = [...]string{area.Province: "province", area.Regency: "regency", area.District: "district", area.Village: "village"}

func (s *Server) apiArea(c echo.Context) error {
	err := onlyQuery(c)
	if err != nil {
		return err
	}
	code, ok := area.Parse(c.Param("code"))
	a, found := area.Lookup(code)
	if !ok || !found {
		return fault.New(fault.NotFound, "area_not_found", "Wilayah dengan kode itu tidak ada dalam daftar Kemendagri.")
	}
	return sendJSON(c, http.StatusOK, areaBody{
		Area: a, Label: a.Label(), Level: levelNames[code.Level()], Parent: code.Parent(),
		Path: notNil(area.Path(code)), Children: notNil(area.Children(code)),
	})
}
