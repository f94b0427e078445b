package web

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/complaints/worklist"
	"layak/internal/area"
	"layak/internal/pdf"
)

// weekPaper is the Friday report on paper, for the regent: numbers alone.
func (s *Server) weekPaper(c echo.Context) error {
	if s.Worklists == nil {
		return errNoPage
	}
	w, err := s.Worklists.Friday(c.Request().Context(), s.dayOf(c, "day"))
	if err != nil {
		return err
	}
	return s.sendPaper(c, "laporan-mingguan", "Laporan mingguan aduan jaminan kesehatan", w.From, w.To, w.Tables())
}

// recapPaper is the recap of another system on paper.
func (s *Server) recapPaper(c echo.Context) error {
	p, err := s.recapView(c)
	if err != nil {
		return err
	}
	return s.sendPaper(c, "rekap-"+p.Choice, "Rekap aduan "+complaints.Label(complaints.Channels, p.Choice), p.Recap.From, p.Recap.To, p.Tables())
}

// sendPaper sends the tables that hold something, below a title and the days [from, to).
func (s *Server) sendPaper(c echo.Context, name, title string, from, to time.Time, list []worklist.Table) error {
	office, _ := area.Lookup(s.Home)
	day := func(t time.Time) string { return t.In(s.Zone).Format("02/01/2006") }
	now := s.Clock().In(s.Zone)
	d := pdf.New(pdf.Info{Title: title, Author: office.Title(), At: now,
		Footer: "Dihitung per " + now.Format("02/01/2006 pukul 15.04") + ". Hanya jumlah, tanpa data pribadi."})
	d.Title(title, office.Title()+" · "+day(from)+" sampai "+day(to.AddDate(0, 0, -1)), pdf.Left)
	for _, t := range list {
		if len(t.Rows) == 0 {
			continue
		}
		columns := make([]pdf.Column, len(t.Header))
		for i, h := range t.Header {
			columns[i] = pdf.Column{Title: h, Share: 3, Right: i > 0}
			if i > 0 {
				columns[i].Share = 1
			}
		}
		d.Table(pdf.Table{Columns: columns, Rows: onPaper(t.Rows)})
	}
	file, err := d.Bytes()
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+name+"-"+from.In(s.Zone).Format(time.DateOnly)+`.pdf"`)
	return c.Blob(http.StatusOK, "application/pdf", file)
}

// onPaper are the rows of a workbook as people read them: days in their order, thousands apart. The
// first column is words.
func onPaper(rows [][]string) [][]string {
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = slices.Clone(row)
		for j := 1; j < len(row); j++ {
			n, err := strconv.Atoi(row[j])
			if err == nil {
				out[i][j] = formatNumber("id", n)
				continue
			}
			day, err := time.Parse(time.DateOnly, row[j])
			if err == nil {
				out[i][j] = day.Format("02/01/2006")
			}
		}
	}
	return out
}
