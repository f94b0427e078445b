package importers

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"layak/eligibility"
)

// num is a cell that is written as a number.
type num float64

// grid is a sheet to be: rows of string, num or nil.
type grid struct {
	name string
	rows [][]any
}

// workbookOf writes sheets through excelize; edit may change the file before it is saved.
func workbookOf(t testing.TB, edit func(*excelize.File), grids ...grid) File {
	t.Helper()
	x := excelize.NewFile()
	defer x.Close()
	for i, g := range grids {
		if g.name == "" {
			g.name = "Sheet1"
		}
		if i == 0 {
			_ = x.SetSheetName("Sheet1", g.name)
		} else if _, err := x.NewSheet(g.name); err != nil {
			t.Fatal(err)
		}
		for r, row := range g.rows {
			for c, v := range row {
				at, _ := excelize.CoordinatesToCellName(c+1, r+1)
				var err error
				switch v := v.(type) {
				case string:
					err = x.SetCellStr(g.name, at, v)
				case num:
					err = x.SetCellFloat(g.name, at, float64(v), -1, 64)
				case int:
					err = x.SetCellInt(g.name, at, int64(v))
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if edit != nil {
		edit(x)
	}
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	return bytesFile("uji.xlsx", b.Bytes())
}

func bytesFile(name string, b []byte) File {
	return File{Name: name, Reader: bytes.NewReader(b), Size: int64(len(b))}
}

func contentOf(t testing.TB, f File) []byte {
	t.Helper()
	b, err := io.ReadAll(io.NewSectionReader(f.Reader, 0, f.Size))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// rawWorkbook packs a workbook whose one sheet is given as XML.
func rawWorkbook(t testing.TB, sheetXML io.Reader, extra map[string]string) File {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	parts := map[string]string{
		"[Content_Types].xml":        `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"_rels/.rels":                `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
	}
	for name, text := range extra {
		parts[name] = text
	}
	for name, text := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, text)
	}
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(w, sheetXML); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return bytesFile("mentah.xlsx", b.Bytes())
}

// importOf runs an import that must not fail.
func importOf(t testing.TB, s Store, o Options) Result {
	t.Helper()
	res, err := Run(context.Background(), s, o)
	if err != nil {
		t.Fatal(err)
	}
	c := res.Counts
	if c.Read != c.Accepted+c.Rejected+c.Duplicates+c.Older || c.Accepted != c.New+c.Changed+c.Unchanged {
		t.Errorf("the figures do not add up: %+v", c)
	}
	return res
}

// stored is the visible row of a key.
func stored(t testing.TB, s *memStore, kind eligibility.Kind, key string) *eligibility.Record {
	t.Helper()
	st, ok := s.visible(kind, eligibility.NIK(key))
	if !ok {
		t.Fatalf("%s is not stored", key)
	}
	return &st.Record
}

func codesOf(rejects []Reject) string {
	var codes []string
	for _, r := range rejects {
		codes = append(codes, r.Code)
	}
	return strings.Join(codes, " ")
}

const (
	nikA = "3509194508900001" // a woman born on 5 August 1990
	nikB = "3509191708850002" // a man born on 17 August 1985
	nikC = "3509190101700003"
	kkA  = "3509190101200001"
)

// rawZip is an archive with one empty part.
func rawZip(t testing.TB, part string) File {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if _, err := z.Create(part); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return bytesFile("lain.zip", b.Bytes())
}
