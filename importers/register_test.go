package importers

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"layak/complaints/register"
	"layak/eligibility"
	"layak/internal/fault"
)

// registerBook writes one sheet of cells; numbers become number cells, "=…" formulas.
func registerBook(t *testing.T, name, sheet string, rows [][]any, more ...func(*excelize.File)) File {
	t.Helper()
	x := excelize.NewFile()
	defer x.Close()
	if err := x.SetSheetName("Sheet1", sheet); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		for j, v := range row {
			at, _ := excelize.CoordinatesToCellName(j+1, i+1)
			var err error
			if text, ok := v.(string); ok && strings.HasPrefix(text, "=") {
				err = x.SetCellFormula(sheet, at, text[1:])
			} else {
				err = x.SetCellValue(sheet, at, v)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, f := range more {
		f(x)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := x.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return File{Path: path}
}

func readRegister(t *testing.T, f File, columns map[string]string) ([]register.Row, error) {
	t.Helper()
	var rows []register.Row
	err := RegisterRows(f, columns)(context.Background(), func(r register.Row) error {
		rows = append(rows, r)
		return nil
	})
	return rows, err
}

func wib(y int, m time.Month, d, h, min int) time.Time {
	return time.Date(y, m, d, h, min, 0, 0, eligibility.WIB)
}

func TestRegisterOfLaporBelowMergedTitles(t *testing.T) {
	f := registerBook(t, "rekap.xlsx", "Maret", [][]any{
		{"REKAPITULASI LAPORAN SP4N-LAPOR! KABUPATEN JEMBER"},
		{"Bulan Maret 2026"},
		{},
		{"No", "Tracking ID", "Judul Laporan", "Isi Laporan", "Klasifikasi", "Kategori", "Disposisi (SKPD)", "Tanggal Masuk", "Tgl Disposisi", "Tanggal Tindak Lanjut", "Batas Tindak Lanjut", "Berkas"},
		{1, 7654321, "Kartu mati", "Kartu BPJS ibu saya mati.", "Pengaduan", "Kesehatan", "Dinas Kesehatan", "2026-03-02 09:30:00", 46084, "", "16/03/2026", "a.jpg"},
		{2, "7654322", "Biaya", "Ditagih di IGD.", "Permintaan Informasi", "Kesehatan", "RSD Balung", "Senin, 2 Maret 2026 pukul 08.15 WIB", "03-03-2026", "4 Maret 2026", "", ""},
		{},
		{"", "Mengetahui,", "", "", "", "", "", "", "", "", "", ""},
	}, func(x *excelize.File) {
		_ = x.MergeCell("Maret", "A1", "L1")
		_ = x.MergeCell("Maret", "A2", "L2")
	})
	rows, err := readRegister(t, f, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 3 { // the signature has a text in the column of numbers, so it is shown to a clerk
		t.Fatalf("read %d rows: %+v", len(rows), rows)
	}
	one, two := rows[0], rows[1]
	if one.Texts[register.Number] != "7654321" || one.Texts[register.Text] != "Kartu BPJS ibu saya mati." || one.Texts[register.Unit] != "Dinas Kesehatan" {
		t.Errorf("first row: %+v", one.Texts)
	}
	if one.N != 5 || one.Sheet != "Maret" || one.Headers[register.Unit] != "Disposisi (SKPD)" {
		t.Errorf("first row stands at %s %d, headers %+v", one.Sheet, one.N, one.Headers)
	}
	for _, c := range []struct {
		row  register.Row
		f    register.Field
		want time.Time
	}{
		{one, register.Filed, wib(2026, 3, 2, 9, 30)},
		{one, register.Sent, wib(2026, 3, 3, 8, 0)}, // a serial number
		{one, register.Due, wib(2026, 3, 16, 8, 0)},
		{two, register.Filed, wib(2026, 3, 2, 8, 15)},
		{two, register.Sent, wib(2026, 3, 3, 8, 0)},
		{two, register.Followed, wib(2026, 3, 4, 8, 0)},
	} {
		if !c.row.Times[c.f].Equal(c.want) {
			t.Errorf("row %d %s: %v, want %v", c.row.N, c.f, c.row.Times[c.f], c.want)
		}
	}
}

func TestRegisterOfWadul(t *testing.T) {
	f := registerBook(t, "Wadul Guse November.xlsx", "data", [][]any{
		{"nik", "nomor_tiket", "nama_lengkap", "nomor_pengadu", "email", "judul", "detail", "sumber_pengaduan", "kategori", "status", "alamat_lengkap", "tanggapan", "waktu_dibuat", "unit tujuan"},
		{"3509190101900001", "WG-0001", "Siti Rekaan", "0812-3456-7890", "siti@contoh.id", "Kartu", "Kartu belum aktif.", "WhatsApp", "Kesehatan", "Tindak Lanjut", "Mangli", "Sedang dicek.", "14/11/2026 07:05", "Puskesmas Kaliwates"},
		{3509190101900001.0, "WG-0002", "", "", "", "", "Tanya syarat.", "Instagram", "", "=1/0", "", "", "14/11/2026", ""},
	})
	rows, err := readRegister(t, f, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 {
		t.Fatalf("read %d rows", len(rows))
	}
	if got := rows[0].Texts[register.Phone]; got != "0812-3456-7890" {
		t.Errorf("phone %q", got)
	}
	if len(rows[1].Problems) != 1 || rows[1].Problems[0].Code != "nik_number_cell" {
		t.Errorf("a NIK in a number cell has lost a digit: %+v", rows[1].Problems)
	}
	source, err := RegisterSource(context.Background(), f)
	if err != nil || source != "wadul" {
		t.Errorf("source %q, %v", source, err)
	}
}

func TestRegisterThatCannotBeRead(t *testing.T) {
	for _, c := range []struct {
		name string
		rows [][]any
		hand map[string]string
		code string
		says string
	}{
		{"another sheet", [][]any{{"Kode barang", "Harga"}, {"A1", 12000}}, nil, "header_not_found", "register aduan"},
		{"no number", [][]any{{"No", "Judul", "Isi Laporan", "Tanggal Masuk", "Status"}, {1, "a", "b", "01/03/2026", "Proses"}}, nil, "number_column_missing", "nomor laporan"},
		{"no date", [][]any{{"Nomor tiket", "Isi Laporan", "Status"}, {"1", "b", "Proses"}}, nil, "filed_column_missing", "tanggal masuk"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readRegister(t, registerBook(t, "x.xlsx", "Lembar", c.rows), c.hand)
			f := fault.As(err)
			if f == nil || f.Code != c.code || !strings.Contains(f.Message, c.says) {
				t.Fatalf("got %v", err)
			}
		})
	}
}

func TestRegisterColumnsNamedByHand(t *testing.T) {
	f := registerBook(t, "x.xlsx", "Lembar", [][]any{{"No", "Kode Unik", "Isi Laporan", "Tanggal Masuk"}, {1, "K-9", "b", "01/03/2026"}})
	rows, err := readRegister(t, f, map[string]string{"KODE UNIK": "number"})
	if err != nil || len(rows) != 1 || rows[0].Texts[register.Number] != "K-9" {
		t.Fatalf("got %+v, %v", rows, err)
	}
}

func TestFormulaWithAnErrorInARegister(t *testing.T) {
	f := registerBook(t, "x.xlsx", "Lembar", [][]any{
		{"Nomor tiket", "Isi Laporan", "Tanggal Masuk", "Status"},
		{"1", "#REF!", "01/03/2026", "Proses"},
		{"1234567890123456789", "teks", "Proses", "31/02/2026"},
	})
	rows, err := readRegister(t, f, nil)
	if err != nil {
		t.Fatal(err)
	}
	if p := rows[0].Problems; len(p) != 1 || p[0].Field != register.Text || p[0].Code != "cell_error" {
		t.Errorf("problems of the broken formula: %+v", p)
	}
	if p := rows[1].Problems; len(p) != 1 || p[0].Field != register.Filed || p[0].Code != "date_invalid" {
		t.Errorf("problems of the word for a date: %+v", p)
	}
}

func TestMoments(t *testing.T) {
	for _, c := range []struct {
		text string
		want time.Time
	}{
		{"46084", wib(2026, 3, 3, 8, 0)},
		{"46084.5", wib(2026, 3, 3, 12, 0)},
		{"03/03/2026 14:05", wib(2026, 3, 3, 14, 5)},
		{"2026-03-03T14:05:00", wib(2026, 3, 3, 14, 5)},
		{"3 Maret 2026", wib(2026, 3, 3, 8, 0)},
		{"Selasa, 3 Maret 2026 14.05 WIB", wib(2026, 3, 3, 14, 5)},
		{"03-03-2026, jam 23:59", wib(2026, 3, 3, 23, 59)},
		{"03.03.2026", wib(2026, 3, 3, 8, 0)},
	} {
		got, ok := parseMoment(c.text, false)
		if !ok || !got.Equal(c.want) {
			t.Errorf("%q: %v %v, want %v", c.text, got, ok, c.want)
		}
	}
	for _, bad := range []string{"", "kemarin", "03/03/26", "31/02/2026", "2026"} {
		if got, ok := parseMoment(bad, false); ok {
			t.Errorf("%q reads as %v", bad, got)
		}
	}
}

func TestEveryFieldOfARegisterHasAHeader(t *testing.T) {
	seen := map[string]register.Field{}
	for _, f := range register.Fields {
		words := registerSpellings[f]
		if words == "" {
			t.Errorf("field %s has no header", f)
		}
		for w := range strings.FieldsSeq(words) {
			if other, twice := seen[w]; twice {
				t.Errorf("header %q means %s and %s", w, other, f)
			}
			seen[w] = f
			if fold(w) != w {
				t.Errorf("header %q is not folded", w)
			}
		}
	}
}

func TestSeveralSheetsInOneWorkbook(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.xlsx")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	err = WriteTables(out, []Table{{"Satu", []string{"NIK"}, [][]string{{"3509190101900001"}}}, {"Dua", []string{"B"}, nil}})
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	x, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if got := strings.Join(x.GetSheetList(), ","); got != "Satu,Dua" {
		t.Errorf("sheets %s", got)
	}
	kind, err := x.GetCellType("Satu", "A2")
	if err != nil || kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
		t.Errorf("a NIK is written as cell type %v, %v", kind, err)
	}
}
