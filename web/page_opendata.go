package web

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"layak/complaints/numbers"
	"layak/importers"
	"layak/internal/i18n"
)

// openDataPage is what everybody may see without signing in.
type openDataPage struct {
	Base
	CountedAt time.Time
	Tables    []openTable
}

type openTable struct {
	ID, Title string
	Head      []string
	Rows      [][]string
}

// openFor is how long browsers and caches between may keep the open data.
const openFor = "public, max-age=600"

func (s *Server) openData(c echo.Context) error {
	data, err := s.public(c)
	if err != nil {
		return err
	}
	w := reportWords{Printer: s.words.For(s.lang(c)), zone: s.Zone}
	p := newOpenDataPage(w, data)
	return s.render(c, http.StatusOK, "opendata", p)
}

func (s *Server) public(c echo.Context) (numbers.OpenData, error) {
	if s.Reports == nil {
		return numbers.OpenData{}, errNoPage
	}
	return s.Reports.Public(c.Request().Context())
}

func newOpenDataPage(w reportWords, data numbers.OpenData) *openDataPage {
	p := &openDataPage{CountedAt: data.CountedAt}
	p.Title = "opendata.title"
	for _, t := range data.Tables {
		if len(t.Rows) == 0 {
			continue
		}
		name := string(t.Dimension)
		if t.Dimension == numbers.Total {
			name = "received"
		}
		one := openTable{ID: name, Title: "reports.h_" + name, Head: []string{w.T("reports.h_" + name)}}
		for _, m := range data.Months {
			one.Head = append(one.Head, w.month(m))
		}
		for _, r := range t.Rows {
			one.Rows = append(one.Rows, append([]string{openValue(w, t.Dimension, r.Value)}, r.Figures...))
		}
		p.Tables = append(p.Tables, one)
	}
	return p
}

func openValue(w reportWords, d numbers.Dimension, value string) string {
	if d == numbers.Total {
		return w.T("reports.received")
	}
	return w.value(d, value)
}

// openDataCSV is one line per month and value, for machines.
func (s *Server) openDataCSV(c echo.Context) error {
	data, err := s.public(c)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	_ = out.Write([]string{"dimensi", "kode", "nama", "bulan", "aduan"}) // a buffer takes everything
	w := reportWords{Printer: s.words.For(i18n.Indonesian), zone: s.Zone}
	for _, t := range data.Tables {
		for _, r := range t.Rows {
			for i, m := range data.Months {
				_ = out.Write([]string{string(t.Dimension), r.Value, openValue(w, t.Dimension, r.Value), m, r.Figures[i]})
			}
		}
	}
	out.Flush()
	c.Response().Header().Set(echo.HeaderCacheControl, openFor)
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="aduan-terbuka.csv"`)
	return c.Blob(http.StatusOK, "text/csv; charset=utf-8", b.Bytes())
}

type openFigure struct {
	Dimension string `json:"dimension"`
	Value     string `json:"value"`
	Month     string `json:"month"`
	Count     string `json:"count"` // a number, "<5", or "*" when it is hidden to protect another one
}

func (s *Server) openDataJSON(c echo.Context) error {
	data, err := s.public(c)
	if err != nil {
		return err
	}
	figures := []openFigure{}
	for _, t := range data.Tables {
		for _, r := range t.Rows {
			for i, m := range data.Months {
				figures = append(figures, openFigure{string(t.Dimension), r.Value, m, r.Figures[i]})
			}
		}
	}
	c.Response().Header().Set(echo.HeaderCacheControl, openFor)
	return c.JSON(http.StatusOK, map[string]any{"counted_at": data.CountedAt, "regency": s.Home, "figures": figures})
}

// exportShape streams a workbook: rows go to the file as they are read.
func (s *Server) exportShape(c echo.Context) error {
	if s.Reports == nil {
		return errNoPage
	}
	ctx := c.Request().Context()
	f := reportFormOf(c.QueryParams(), s.Clock().In(s.Zone))
	export, err := s.Reports.Export(ctx, numbers.Shape(c.Param("shape")), f.filter())
	if err != nil {
		return err
	}
	book, err := importers.NewTableWriter(export.Sheet, export.Header, export.Kinds)
	if err != nil {
		return err
	}
	defer book.Close()
	for {
		rows, err := export.Next(ctx)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
		err = book.Write(rows)
		if err != nil {
			return err
		}
	}
	name := export.Name + "-" + f.From + "-" + f.To + ".xlsx"
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	c.Response().Header().Set(echo.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	c.Response().WriteHeader(http.StatusOK)
	return book.Send(c.Response())
}
