package importers

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"layak/complaints/numbers"
)

// TableWriter writes one long table row by row; what does not fit into memory waits in a temporary
// file. A table of more rows than a sheet of Excel holds goes on in the next sheet.
type TableWriter struct {
	w      *writer
	sheet  string
	header []string
	kinds  map[string]numbers.Kind
	styles map[numbers.Kind]int
	cells  []any
	sheets int
}

// sheetRows is how many rows a sheet of Excel holds.
const sheetRows = 1_048_576

// formats are how Excel shows the cells of each kind.
var formats = map[numbers.Kind]*excelize.Style{
	"": {NumFmt: 49}, numbers.Number: {NumFmt: 3}, numbers.Moment: {CustomNumFmt: &momentFormat},
}

var momentFormat = "dd/mm/yyyy hh:mm"

// NewTableWriter begins the table. kinds names the columns by header that hold something else than
// text. Close it when done.
func NewTableWriter(sheet string, header []string, kinds map[string]numbers.Kind) (*TableWriter, error) {
	t := &TableWriter{w: newWriter(), sheet: sheet, header: header, kinds: kinds, styles: map[numbers.Kind]int{}}
	err := t.next()
	if err != nil {
		t.Close()
		return nil, err
	}
	return t, nil
}

func (t *TableWriter) next() error {
	t.sheets++
	name := t.sheet
	if t.sheets > 1 {
		name += " " + strconv.Itoa(t.sheets)
	}
	err := t.w.sheet(name, t.header)
	if err != nil {
		return fmt.Errorf("begin sheet %d of table: %w", t.sheets, err)
	}
	for kind, format := range formats {
		t.styles[kind], err = t.w.x.NewStyle(format)
		if err != nil {
			return fmt.Errorf("begin sheet %d of table: %w", t.sheets, err)
		}
	}
	return nil
}

// cell makes what its column holds of a text; what cannot be read so stays text.
func (t *TableWriter) cell(column int, v string) excelize.Cell {
	kind := numbers.Kind("")
	if column < len(t.header) {
		kind = t.kinds[t.header[column]]
	}
	switch kind {
	case numbers.Number:
		n, err := strconv.ParseInt(v, 10, 64)
		if err == nil {
			return excelize.Cell{StyleID: t.styles[kind], Value: n}
		}
	case numbers.Moment:
		at, err := time.Parse(numbers.MomentForm, v)
		if err == nil {
			return excelize.Cell{StyleID: t.styles[kind], Value: at}
		}
	}
	return excelize.Cell{StyleID: t.styles[""], Value: plainText(v)}
}

// Write adds rows; a value is a text cell unless its column holds dates or numbers.
func (t *TableWriter) Write(rows [][]string) error {
	for _, row := range rows {
		if t.w.rows == sheetRows {
			err := t.next()
			if err != nil {
				return err
			}
		}
		t.cells = t.cells[:0]
		for i, v := range row {
			t.cells = append(t.cells, t.cell(i, v))
		}
		err := t.w.row(t.cells)
		if err != nil {
			return fmt.Errorf("write row of table: %w", err)
		}
	}
	return nil
}

// Send ends the table and sends the workbook. Nothing can be added afterwards.
func (t *TableWriter) Send(out io.Writer) error {
	err := t.w.writeTo(out)
	if err != nil {
		return fmt.Errorf("write table: %w", err)
	}
	return nil
}

// Close removes what waited in temporary files.
func (t *TableWriter) Close() { t.w.close() }
