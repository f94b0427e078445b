package importers

import (
	"slices"
	"strings"
	"testing"
	"time"

	"layak/internal/fault"
)

func TestReadHolidays(t *testing.T) {
	f := registerBook(t, "libur 2027.xlsx", "SKB", [][]any{
		{"DAFTAR HARI LIBUR NASIONAL DAN CUTI BERSAMA TAHUN 2027"},
		{},
		{"NO", "TANGGAL", "HARI", "KETERANGAN", "JENIS LIBUR", "DASAR HUKUM"},
		{1, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), "Jumat", "Tahun Baru 2027 Masehi", "Libur Nasional", "SKB 1"},
		{2, "Senin, 8 Februari 2027", "Senin", "Cuti bersama contoh", "CUTI BERSAMA", "SKB 1"},
		{3, "17/08/2027", "Selasa", "Proklamasi Kemerdekaan", "", ""},
		{4, "31 Februari 2027", "Rabu", "Hari yang tidak ada", "Libur Nasional", ""},
		{5, "18/08/2027", "Rabu", "Hari jadi", "libur sekolah", ""},
		{6, "17/08/2027", "Selasa", "Proklamasi sekali lagi", "", ""},
		{7, "1/1/2028", "Sabtu", "Hari jadi kabupaten", "Libur daerah", ""},
		{"Ditetapkan di Jakarta"},
	})
	list, bad, err := ReadHolidays(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, h := range list {
		got = append(got, h.Day+" "+string(h.Kind)+" "+h.Name+" "+h.Source)
	}
	want := []string{"2027-01-01 national Tahun Baru 2027 Masehi SKB 1", "2027-02-08 leave Cuti bersama contoh SKB 1",
		"2027-08-17 national Proklamasi Kemerdekaan ", "2028-01-01 local Hari jadi kabupaten "}
	if !slices.Equal(got, want) {
		t.Errorf("read\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	var rows []int
	for _, b := range bad {
		rows = append(rows, b.Row)
		if b.Reason == "" || b.Sheet != "SKB" {
			t.Errorf("row %d is refused without a word: %+v", b.Row, b)
		}
	}
	if !slices.Equal(rows, []int{7, 8, 9}) {
		t.Errorf("rows refused: %v, want 7, 8, 9: %+v", rows, bad)
	}
}

func TestHolidaysThatCannotBeRead(t *testing.T) {
	for _, c := range []struct {
		name string
		rows [][]any
		code string
	}{
		{"another list", [][]any{{"NIK", "NAMA LENGKAP"}, {"x", "y"}}, "header_not_found"},
		{"no names", [][]any{{"TANGGAL", "JENIS"}, {"2027-01-01", "libur nasional"}}, "name_column_missing"},
		{"nothing usable", [][]any{{"TANGGAL", "NAMA"}, {"kapan-kapan", "Libur"}}, "holidays_none"},
	} {
		_, _, err := ReadHolidays(t.Context(), registerBook(t, "x.xlsx", "Lembar", c.rows))
		if f := fault.As(err); f == nil || f.Code != c.code {
			t.Errorf("%s: %v, want %s", c.name, err, c.code)
		}
	}
}
