package importers

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"layak/complaints/numbers"
)

// Dates and amounts leave as dates and numbers, everything else as text: also a NIK, a number with a
// sign, and what stands in a column of dates without being one.
func TestDatesAndNumbersInAWorkbook(t *testing.T) {
	kinds := map[string]numbers.Kind{"Masuk": numbers.Moment, "Rupiah": numbers.Number}
	w, err := NewTableWriter("Aduan", []string{"NIK", "Masuk", "Rupiah"}, kinds)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	err = w.Write([][]string{{"3509190101900001", "2026-11-21 13:30", "1250000"}, {"=1+1", "", ""}, {"+62", "kemarin", "12 juta"}})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	err = w.Send(&b)
	if err != nil {
		t.Fatal(err)
	}
	x, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	for _, c := range []struct {
		cell, shown, raw string
		kind             excelize.CellType
	}{
		{"A2", "3509190101900001", "3509190101900001", excelize.CellTypeInlineString},
		{"B2", "21/11/2026 13:30", "46347.5625", excelize.CellTypeUnset},
		{"C2", "1,250,000", "1250000", excelize.CellTypeUnset},
		{"A3", "=1+1", "=1+1", excelize.CellTypeInlineString},
		{"B3", "", "", excelize.CellTypeInlineString},
		{"B4", "kemarin", "kemarin", excelize.CellTypeInlineString},
		{"C4", "12 juta", "12 juta", excelize.CellTypeInlineString},
	} {
		shown, err := x.GetCellValue("Aduan", c.cell)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := x.GetCellValue("Aduan", c.cell, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		kind, err := x.GetCellType("Aduan", c.cell)
		if err != nil {
			t.Fatal(err)
		}
		if shown != c.shown || raw != c.raw || kind != c.kind {
			t.Errorf("%s shows %q (%q, kind %d), want %q (%q, kind %d)", c.cell, shown, raw, kind, c.shown, c.raw, c.kind)
		}
	}
}
