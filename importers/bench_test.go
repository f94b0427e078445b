package importers

import (
	"bytes"
	"context"
	"hash/maphash"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/xuri/excelize/v2"

	"layak/eligibility"
)

const benchRows = 20_000

// benchFile writes the workbook once per run of the tests.
func benchFile(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "penduduk.xlsx")
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if err := Generate(eligibility.Residents, benchRows, 7, "35.09", testDay, f); err != nil {
		b.Fatal(err)
	}
	return path
}

// BenchmarkFloor is what excelize alone needs to read the same file.
func BenchmarkFloor(b *testing.B) {
	path := benchFile(b)
	b.ResetTimer()
	for b.Loop() {
		x, err := excelize.OpenFile(path, excelize.Options{RawCellValue: true})
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for _, sheet := range x.GetSheetList() {
			rows, err := x.Rows(sheet)
			if err != nil {
				b.Fatal(err)
			}
			for rows.Next() {
				if _, err := rows.Columns(); err != nil {
					b.Fatal(err)
				}
				n++
			}
			_ = rows.Close()
		}
		_ = x.Close()
		if n != benchRows+1 {
			b.Fatalf("read %d rows", n)
		}
	}
	b.ReportMetric(benchRows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkRun is the whole import into a store in memory.
func BenchmarkRun(b *testing.B) {
	path := benchFile(b)
	b.ResetTimer()
	for b.Loop() {
		res, err := Run(context.Background(), newMemStore(), options(eligibility.Residents, File{Path: path}))
		if err != nil || res.New != benchRows {
			b.Fatalf("%+v %v", res.Counts, err)
		}
	}
	b.ReportMetric(benchRows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkDryRun leaves the store out: what the importer itself adds to the floor.
func BenchmarkDryRun(b *testing.B) {
	path := benchFile(b)
	b.ResetTimer()
	for b.Loop() {
		o := options(eligibility.Residents, File{Path: path})
		o.DryRun = true
		res, err := Run(context.Background(), newMemStore(), o)
		if err != nil || res.New != benchRows {
			b.Fatalf("%+v %v", res.Counts, err)
		}
	}
	b.ReportMetric(benchRows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

// BenchmarkParse is one row after excelize.
func BenchmarkParse(b *testing.B) {
	var buf bytes.Buffer
	if err := Generate(eligibility.Residents, 2000, 7, "35.09", testDay, &buf); err != nil {
		b.Fatal(err)
	}
	w, err := openWorkbook(File{Name: "x.xlsx", Reader: bytes.NewReader(buf.Bytes()), Size: int64(buf.Len())})
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	rows, err := w.sample(context.Background(), w.sheets[0])
	if err != nil {
		b.Fatal(err)
	}
	h, _ := findHeader(rows, nil)
	l := newLayout(eligibility.Residents, "x", "y", h, rows, nil)
	p := &parser{kind: eligibility.Residents, asOf: testDay, l: l, scan: w.sheets[0].scan, places: newPlacer("35.09"), seed: maphash.MakeSeed()}
	b.ReportAllocs()
	b.ResetTimer()
	i := 0
	for b.Loop() {
		var out parsed
		p.parse(rows[1+i%(len(rows)-1)], &out)
		i++
	}
	runtime.KeepAlive(rows)
}
