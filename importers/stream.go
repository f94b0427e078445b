package importers

import (
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// TableWriter writes one long table row by row; what does not fit into memory waits in a temporary
// file. A table of more rows than a sheet of Excel holds goes on in the next sheet.
type TableWriter struct {
	w      *writer
	sheet  string
	header []string
	text   int // style of a text cell
	cells  []any
	sheets int
}

// sheetRows is how many rows a sheet of Excel holds.
const sheetRows = 1_048_576

// NewTableWriter begins the table. Close it when done.
func NewTableWriter(sheet string, header []string) (*TableWriter, error) {
	t := &TableWriter{w: newWriter(), sheet: sheet, header: header}
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
	t.text, err = t.w.x.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return fmt.Errorf("begin sheet %d of table: %w", t.sheets, err)
	}
	return nil
}

// Write adds rows; every value is a text cell.
func (t *TableWriter) Write(rows [][]string) error {
	for _, row := range rows {
		if t.w.rows == sheetRows {
			err := t.next()
			if err != nil {
				return err
			}
		}
		t.cells = t.cells[:0]
		for _, v := range row {
			t.cells = append(t.cells, excelize.Cell{StyleID: t.text, Value: plainText(v)})
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
