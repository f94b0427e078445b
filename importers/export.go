package importers

import (
	"archive/zip"
	"compress/flate"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// writer streams rows into a workbook. Every text becomes a text cell, also one that begins with
// = + - or @: excelize writes strings as strings and never as formulas.
type writer struct {
	x      *excelize.File
	stream *excelize.StreamWriter
	sheets int
	rows   int
}

func newWriter() *writer {
	w := &writer{x: excelize.NewFile()}
	w.x.SetZipWriter(func(out io.Writer) excelize.ZipWriter {
		z := zip.NewWriter(out)
		z.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestSpeed) })
		return z
	})
	return w
}

// sheet begins a new sheet with a header that stays in view.
func (w *writer) sheet(name string, header []string) error {
	if err := w.flush(); err != nil {
		return err
	}
	name = sheetName(name)
	var err error
	if w.sheets == 0 {
		err = w.x.SetSheetName("Sheet1", name)
	} else {
		_, err = w.x.NewSheet(name)
	}
	if err != nil {
		return err
	}
	w.sheets++
	w.stream, err = w.x.NewStreamWriter(name)
	if err != nil {
		return err
	}
	bold, err := w.x.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 49})
	if err != nil {
		return err
	}
	err = w.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	if err != nil {
		return err
	}
	w.rows = 0
	cells := make([]any, len(header))
	for i, h := range header {
		cells[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	return w.row(cells)
}

func (w *writer) row(cells []any) error {
	w.rows++
	return w.stream.SetRow("A"+strconv.Itoa(w.rows), cells)
}

func (w *writer) flush() error {
	if w.stream == nil {
		return nil
	}
	err := w.stream.Flush()
	w.stream = nil
	return err
}

func (w *writer) writeTo(out io.Writer) error {
	if err := w.flush(); err != nil {
		return err
	}
	return w.x.Write(out)
}

func (w *writer) close() { _ = w.x.Close() }

// sheetName keeps to what Excel allows: 31 characters without : \ / ? * [ ].
func sheetName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) || r < ' ' {
			return ' '
		}
		return r
	}, name)
	name = strings.TrimSpace(name)
	if r := []rune(name); len(r) > 31 {
		name = string(r[:31])
	}
	if name == "" {
		return "Data"
	}
	return name
}

// WriteTable writes one sheet with a header row; every value is a text cell.
func WriteTable(out io.Writer, sheet string, header []string, rows [][]string) error {
	return WriteTables(out, []Table{{sheet, header, rows}})
}

// plainText keeps to what a cell can hold: 32,767 characters without control characters.
func plainText(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
	return cut(s, excelize.TotalCellChars)
}

// WriteRejects writes rejected rows with their reasons beside, for a clerk to mend.
func WriteRejects(out io.Writer, rejects []Reject) error {
	rows := make([][]string, len(rejects))
	for i, r := range rejects {
		rows[i] = []string{r.File, r.Sheet, strconv.Itoa(r.Row), r.Column, r.Value, r.Reason, r.Code}
	}
	return WriteTable(out, "Baris ditolak", []string{"Berkas", "Lembar", "Baris", "Kolom", "Isi sel", "Sebab dan cara memperbaiki", "Kode"}, rows)
}

// Table is one sheet of a workbook with a header row.
type Table struct {
	Name   string
	Header []string
	Rows   [][]string
}

// WriteTables writes several sheets into one workbook; every value is a text cell.
func WriteTables(out io.Writer, tables []Table) error {
	w := newWriter()
	defer w.close()
	text, err := w.x.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return fmt.Errorf("write tables: %w", err)
	}
	for _, t := range tables {
		err = w.table(t, text)
		if err != nil {
			return fmt.Errorf("write table %s: %w", t.Name, err)
		}
	}
	err = w.writeTo(out)
	if err != nil {
		return fmt.Errorf("write tables: %w", err)
	}
	return nil
}

func (w *writer) table(t Table, style int) error {
	err := w.sheet(t.Name, t.Header)
	if err != nil {
		return err
	}
	cells := make([]any, 0, len(t.Header))
	for _, row := range t.Rows {
		cells = cells[:0]
		for _, v := range row {
			cells = append(cells, excelize.Cell{StyleID: style, Value: plainText(v)})
		}
		err = w.row(cells)
		if err != nil {
			return err
		}
	}
	return nil
}
