package importers

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"layak/eligibility"
	"layak/internal/fault"
)

func TestMembershipWords(t *testing.T) {
	header := []any{"NOKA", "NIK", "SEGMEN PESERTA", "STATUS", "KELAS RAWAT", "TMT", "TAT", "FKTP"}
	cases := []struct {
		segment, status, class           string
		wantSegment, wantStatus, wantWhy string
		code                             string
	}{
		{"PBI (APBN)", "AKTIF", "3", "pbi_jk", "active", "", ""},
		{"PBI", "Non Aktif", "Kelas III", "pbi_jk", "inactive", "", ""},
		{"PBI APBD", "NONAKTIF", "III", "pemda", "inactive", "", ""},
		{"PBPU dan BP Pemda", "TIDAK AKTIF", "3", "pemda", "inactive", "", ""},
		{"JAMKESDA", "MENINGGAL", "", "pemda", "inactive", "deceased", ""},
		{"PPU BU", "PENANGGUHAN PEMBAYARAN", "2", "ppu", "suspended", "", ""},
		{"PERANGKAT DESA", "AKTIF", "2", "ppu", "active", "", ""},
		{"PEKERJA MANDIRI", "NON AKTIF KARENA PREMI", "I", "mandiri", "inactive", "premium", ""},
		{"PBPU", "MENUNGGAK", "1", "mandiri", "inactive", "premium", ""},
		{"PENSIUNAN", "NON AKTIF DI AKHIR BULAN", "1", "bp", "inactive", "month_end", ""},
		{"BUKAN PEKERJA", "NON AKTIF (PHK)", "1", "bp", "inactive", "employer", ""},
		{"ENTAH", "AKTIF", "1", "", "", "", "segment_unknown"},
		{"PPU", "SEMBUH", "9", "", "", "", "member_status_unknown class_unknown"},
	}
	for _, c := range cases {
		t.Run(c.segment+" "+c.status, func(t *testing.T) {
			s := newMemStore()
			rows := [][]any{header}
			for i, w := range []string{"AKTIF", "NON AKTIF", "AKTIF"} { // what makes STATUS known
				rows = append(rows, []any{"1", strings.Replace(nikB, "0002", "100"+string(rune('0'+i)), 1), "PPU", w, "1", "01/01/2020", "", "PUSKESMAS A"})
			}
			rows = append(rows, []any{"1234567890", nikA, c.segment, c.status, c.class, "1 Januari 2020", "31-12-2025", "PUSKESMAS MANGLI"})
			res := importOf(t, s, options(eligibility.Membership, workbookOf(t, nil, grid{"", rows})))
			if got := codesOf(res.Rejects); got != c.code {
				t.Fatalf("rejected for %q, want %q", got, c.code)
			}
			if c.code != "" {
				return
			}
			r := stored(t, s, eligibility.Membership, nikA)
			if r.Values[eligibility.FieldSegment] != c.wantSegment || r.Values[eligibility.FieldMemberStatus] != c.wantStatus || r.Values[eligibility.FieldMemberReason] != c.wantWhy {
				t.Errorf("got %s %s %s", r.Values[eligibility.FieldSegment], r.Values[eligibility.FieldMemberStatus], r.Values[eligibility.FieldMemberReason])
			}
			if r.Values[eligibility.FieldJKNNumber] != "0001234567890" {
				t.Errorf("card number %s", r.Values[eligibility.FieldJKNNumber])
			}
			if since := r.Values[eligibility.FieldInactiveSince]; (since == "2025-12-31") == (c.wantStatus == "active") {
				t.Errorf("inactive since %q while %s", since, c.wantStatus)
			}
		})
	}
}

func TestBecomingActiveDropsTheReason(t *testing.T) {
	s := newMemStore()
	one := func(status, since string) File {
		return workbookOf(t, nil, grid{"", [][]any{{"NIK", "SEGMEN", "STATUS PESERTA", "TGL NONAKTIF"}, {nikA, "PBPU", status, since}}})
	}
	importOf(t, s, options(eligibility.Membership, one("NON AKTIF KARENA PREMI", "01-05-2026")))
	importOf(t, s, later(options(eligibility.Membership, one("AKTIF", "")), "2026-11-20"))
	r := stored(t, s, eligibility.Membership, nikA)
	if r.Values[eligibility.FieldMemberReason] != "" || r.Values[eligibility.FieldInactiveSince] != "" {
		t.Errorf("still %q since %q", r.Values[eligibility.FieldMemberReason], r.Values[eligibility.FieldInactiveSince])
	}
}

func TestWelfareByPersonAndByFamily(t *testing.T) {
	s := newMemStore()
	res := importOf(t, s, options(eligibility.Welfares, workbookOf(t, nil,
		grid{"orang", [][]any{{"nomor_induk_kependudukan", "nomor_kartu_keluarga", "desil_nasional", "desil_provinsi"}, {nikA, kkA, 3, 5}, {nikB, kkA, "11", 1}}},
		grid{"keluarga", [][]any{{"NO KK", "DESIL"}, {kkA, "Desil 2"}, {"3509190101200002", "-"}}})))
	if res.New != 3 || codesOf(res.Rejects) != "desil_invalid" {
		t.Fatalf("%+v %+v", res.Counts, res.Rejects)
	}
	if d := stored(t, s, eligibility.Welfares, nikA).Values[eligibility.FieldDesil]; d != "3" {
		t.Errorf("person: desil %s", d)
	}
	if d := stored(t, s, eligibility.Welfares, "kk:"+kkA).Values[eligibility.FieldDesil]; d != "2" {
		t.Errorf("family: desil %s", d)
	}
}

func TestDesil(t *testing.T) {
	for v, want := range map[string]int{
		"3": 3, "03": 3, "10": 10, "3.0": 3, "1,0": 1, "Desil 4": 4, "DESIL-5": 5, "desil: 6": 6,
		"0": 0, "11": 0, ">5": 0, "> 5": 0, "<5": 0, "5+": 0, "-3": 0, "6-10": 0, "1-5": 0, "3.5": 0, "1 0": 0, "desil": 0, "D3": 0, "desil >5": 0,
	} {
		if got, ok := desilOf(v); ok != (want > 0) || ok && got != want {
			t.Errorf("%q: %d %v", v, got, ok)
		}
	}
}

func TestDoubtfulWordsAreNotTaken(t *testing.T) {
	for _, v := range []string{"AKTIF?", "!AKTIF", "≠AKTIF", "<> NON AKTIF"} {
		if s, ok := statusOf(v); ok {
			t.Errorf("%q became %s", v, s.status)
		}
	}
	for f, v := range map[eligibility.Field]string{
		eligibility.FieldClass: ">3", eligibility.FieldSegment: "MANDIRI?", eligibility.FieldSex: "!L", eligibility.FieldLifeStatus: "MENINGGAL?",
	} {
		if code, ok := codeOf(f, v); ok {
			t.Errorf("%s %q became %s", f, v, code)
		}
	}
}

func TestStatusIsDecidedByItsValues(t *testing.T) {
	sheet := func(values ...string) File {
		rows := [][]any{{"NIK", "Nama", "Kecamatan", "Desa", "Status"}}
		for i, v := range values {
			rows = append(rows, []any{strings.Replace(nikA, "0001", "001"+string(rune('0'+i)), 1), "SITI", "Kaliwates", "Mangli", v})
		}
		return workbookOf(t, nil, grid{"", rows})
	}
	cases := []struct {
		name  string
		file  File
		field eligibility.Field
		want  string
		code  string
	}{
		{"marital", sheet("KAWIN", "BELUM KAWIN", "CERAI MATI"), eligibility.FieldMarital, "married", ""},
		{"life", sheet("MENINGGAL", "HIDUP", "PINDAH"), eligibility.FieldLifeStatus, "deceased", ""},
		{"another kind's", sheet("AKTIF", "NON AKTIF"), eligibility.FieldLifeStatus, "", ""},
		{"free notes", sheet("GURU", "PETANI"), eligibility.FieldMarital, "", ""},
		{"mixed", sheet("KAWIN", "HIDUP", "MENINGGAL"), 0, "", "status_ambiguous"},
		{"numbers", sheet("1", "2"), 0, "", "status_ambiguous"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newMemStore()
			_, err := Run(context.Background(), s, options(eligibility.Residents, c.file))
			if e := fault.As(err); c.code != "" {
				if e == nil || e.Code != c.code {
					t.Fatalf("got %v", err)
				}
				o := options(eligibility.Residents, c.file)
				o.Map = map[string]eligibility.Field{"STATUS": eligibility.FieldMarital}
				if _, err := Run(context.Background(), s, o); err != nil {
					t.Errorf("named by hand: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := stored(t, s, eligibility.Residents, "3509194508900010").Values[c.field]; got != c.want {
				t.Errorf("%s = %q, want %q", c.field, got, c.want)
			}
		})
	}
}

func TestMappingByHandIsRemembered(t *testing.T) {
	sheet := func(nik string) File {
		return workbookOf(t, nil, grid{"", [][]any{{"Nomor Kependudukan Warga", "Nama", "Kecamatan", "Desa", "Catatan"}, {nik, "SITI", "Kaliwates", "Mangli", "x"}}})
	}
	s := newMemStore()
	_, err := Run(context.Background(), s, options(eligibility.Residents, sheet(nikA)))
	if e := fault.As(err); e == nil || e.Code != "nik_column_missing" {
		t.Fatalf("got %v", err)
	}
	o := options(eligibility.Residents, sheet(nikA))
	o.Map = map[string]eligibility.Field{"NOMOR KEPENDUDUKAN WARGA": eligibility.FieldNIK}
	importOf(t, s, o)
	if res := importOf(t, s, options(eligibility.Residents, sheet("3509191708850002"))); res.New != 1 {
		t.Errorf("%+v", res.Counts)
	}
}

func TestColumnsForTheMappingPage(t *testing.T) {
	f := workbookOf(t, nil, grid{"Data", [][]any{{"NIK", "Nama", "Desil", "Status", "Entah"}, {nikA, "SITI AMINAH", "3", "KAWIN", "y"}}})
	cols, err := Columns(context.Background(), f, eligibility.Residents, map[string]eligibility.Field{"Entah": eligibility.FieldAddress})
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		known bool
		field eligibility.Field
		guess Guess
		value string
	}{{true, eligibility.FieldNIK, BySpelling, "350919••••••••••"}, {true, eligibility.FieldName, BySpelling, "SITI A•••••"},
		{false, 0, BySpelling, "3"}, {true, eligibility.FieldMarital, ByValues, "KAWIN"}, {true, eligibility.FieldAddress, ByHand, "y"}}
	for i, w := range want {
		c := cols[i]
		if c.Known != w.known || c.Field != w.field || c.Guess != w.guess || len(c.Samples) != 1 || c.Samples[0] != w.value {
			t.Errorf("%+v, want %+v", c, w)
		}
	}
}

func TestExportsHoldTextOnly(t *testing.T) {
	values := []string{"=1+1", "+62", "-5", "@x", "3509194508900001", "\x01a\x0b", "", "baris\nbaru"}
	var b bytes.Buffer
	if err := WriteTable(&b, "Daftar: [uji]/*?", []string{"a", "b", "c", "d", "e", "f", "g", "h"}, [][]string{values}); err != nil {
		t.Fatal(err)
	}
	x, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	name := x.GetSheetList()[0]
	for i, want := range []string{"=1+1", "+62", "-5", "@x", "3509194508900001", "a", "", "baris\nbaru"} {
		at, _ := excelize.CoordinatesToCellName(i+1, 2)
		got, _ := x.GetCellValue(name, at)
		formula, _ := x.GetCellFormula(name, at)
		kind, _ := x.GetCellType(name, at)
		if got != want || formula != "" || kind == excelize.CellTypeNumber || kind == excelize.CellTypeFormula {
			t.Errorf("%s: %q formula %q type %v, want %q", at, got, formula, kind, want)
		}
	}
}

func TestRejectsGoOutMendedAndComeBack(t *testing.T) {
	s := newMemStore()
	res := importOf(t, s, options(eligibility.Residents, workbookOf(t, nil, grid{"", [][]any{plainHeader, person("12"), {"=cmd", "34", "X", "X", "x", "x", "x"}}})))
	var b bytes.Buffer
	if err := WriteRejects(&b, res.Rejects); err != nil {
		t.Fatal(err)
	}
	x, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	rows, err := x.GetRows(x.GetSheetList()[0])
	if err != nil || len(rows) != len(res.Rejects)+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if rows[1][2] != "2" || rows[1][4] != "12" || !strings.Contains(rows[1][5], "16 angka") {
		t.Errorf("%q", rows[1])
	}
}

func TestRejectCodesSayHowToMend(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range RejectCodes() {
		if seen[c.Code] || len(c.Reason) < 20 || !strings.HasSuffix(c.Reason, ".") || fold(c.Code) == c.Code {
			t.Errorf("code %q: %q", c.Code, c.Reason)
		}
		seen[c.Code] = true
	}
	for _, code := range unknownCode {
		if !seen[code] {
			t.Errorf("%s has no sentence", code)
		}
	}
}
