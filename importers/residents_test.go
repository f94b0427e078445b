package importers

import (
	"testing"

	"github.com/xuri/excelize/v2"

	"layak/eligibility"
)

var plainHeader = []any{"NIK", "No. KK", "Nama Lengkap", "L/P", "Tgl Lahir", "Kecamatan", "Desa/Kelurahan"}

func person(nik any) []any {
	return []any{nik, kkA, "SITI AMINAH", "P", "05-08-1990", "Kaliwates", "Mangli"}
}

func TestHeaderIsFoundByItself(t *testing.T) {
	cases := []struct {
		name string
		rows [][]any
		edit func(*excelize.File)
	}{
		{"first row", [][]any{plainHeader, person(nikA)}, nil},
		{"title rows above", [][]any{{"DATA PENDUDUK"}, {"KECAMATAN", "KALIWATES"}, nil, {"Bulan: November 2026"}, plainHeader, person(nikA)}, nil},
		{"hidden rows above", [][]any{{"KABUPATEN:", "JEMBER"}, {"PUSKESMAS:"}, plainHeader, person(nikA)}, func(x *excelize.File) {
			_ = x.SetRowVisible("Sheet1", 1, false)
			_ = x.SetRowVisible("Sheet1", 2, false)
		}},
		{"row of column numbers below", [][]any{plainHeader, {1, 2, 3, 4, 5, 6, 7}, person(nikA)}, nil},
		{"two rows with merged cells", [][]any{
			{"NOMOR", nil, "Nama", "Jenis Kelamin", "Tanggal", "ALAMAT", nil},
			{"NIK", "KK", nil, nil, "Lahir", "Kecamatan", "Desa"},
			person(nikA)}, func(x *excelize.File) {
			_ = x.MergeCell("Sheet1", "A1", "B1")
			_ = x.MergeCell("Sheet1", "C1", "C2")
			_ = x.MergeCell("Sheet1", "F1", "G1")
		}},
		{"header repeated per page", [][]any{plainHeader, person(nikA), plainHeader}, nil},
		{"total and signature below", [][]any{plainHeader, person(nikA), {nil, nil, "JUMLAH", 1}, nil, {nil, nil, "Kepala Desa Mangli"}, {nil, nil, "H. SUPARMAN"}}, nil},
		{"total in the NIK column", [][]any{plainHeader, person(nikA), {"GRAND TOTAL", nil, "1 orang"}}, nil},
		{"total before a count in the NIK column", [][]any{append([]any{"No"}, plainHeader...), append([]any{"1"}, person(nikA)...), {"Jumlah", "1", "1", "1"}, {"2"}, {"3"}}, nil},
		{"underscores and capitals", [][]any{{"nomor_induk_kependudukan", "NO_KK", "NAMA_LGKP", "JENIS_KLMIN", "TGL_LHR", "KEC_NAME", "KEL_NAME"}, person(nikA)}, nil},
		{"spaces and brackets", [][]any{{" N I K (16 digit) ", "NOKK*", "NAMA  LENGKAP", "J.K.", "TGL.LAHIR", "KEC.", "DESA / KEL"}, person(nikA)}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newMemStore()
			res := importOf(t, s, options(eligibility.Residents, workbookOf(t, c.edit, grid{"", c.rows})))
			if res.New != 1 || res.Rejected != 0 {
				t.Fatalf("%+v %+v", res.Counts, res.Rejects)
			}
			r := stored(t, s, eligibility.Residents, nikA)
			for f, want := range map[eligibility.Field]string{eligibility.FieldKK: kkA, eligibility.FieldName: "SITI AMINAH", eligibility.FieldSex: "P",
				eligibility.FieldBirthDate: "1990-08-05", eligibility.FieldVillage: "35.09.19.1001", eligibility.FieldRegency: "35.09"} {
				if r.Values[f] != want {
					t.Errorf("%s = %q, want %q", f, r.Values[f], want)
				}
			}
		})
	}
}

func TestBadRowsAreRejectedWithTheirReasons(t *testing.T) {
	cases := []struct {
		name string
		row  []any
		want string // reject codes; "" accepted
		warn string
	}{
		{"good", person(nikA), "", ""},
		{"NIK as a number cell", person(num(3509194508900001)), "nik_number_cell", ""},
		{"NIK as scientific text", person("3,50919E+15"), "nik_number_cell", ""},
		{"NIK with apostrophe and no-break space", person("'3509194508900001\u00a0"), "", ""},
		{"NIK with invisible characters", person("\u200b3509\u00ad194508900001\ufeff"), "", ""},
		{"NIK with .0", person("3509194508900001.0"), "", ""},
		{"NIK with dots", person("350919.450890.0001"), "", ""},
		{"NIK of fifteen digits", person("350919450890001"), "nik_length", ""},
		{"NIK with a letter", person("35091945O8900001"), "nik_length", ""},
		{"NIK of no province", person("0009194508900001"), "nik_province", ""},
		{"NIK empty", person("-"), "nik_missing", ""},
		{"NIK of zeros", person("0000000000000000"), "nik_missing", ""},
		{"NIK with impossible date", person("3509199913900001"), "", "nik_date_impossible"},
		{"birth date differs from NIK", []any{nikA, kkA, "SITI", "P", "6/8/1990", "Kaliwates", "Mangli"}, "", "nik_differs"},
		{"sex differs from NIK", []any{nikA, kkA, "SITI", "L", "5/8/1990", "Kaliwates", "Mangli"}, "", "nik_differs"},
		{"KK as a number cell", []any{nikA, num(3509190101200001), "SITI", "P", "5/8/1990", "Kaliwates", "Mangli"}, "kk_number_cell", ""},
		{"KK too short", []any{nikA, "35091901", "SITI", "P", "5/8/1990", "Kaliwates", "Mangli"}, "kk_length", ""},
		{"KK empty", []any{nikA, "-", "SITI", "P", "5/8/1990", "Kaliwates", "Mangli"}, "", ""},
		{"date as serial", []any{nikA, kkA, "SITI", "P", 33090, "Kaliwates", "Mangli"}, "", ""},
		{"date with month name", []any{nikA, kkA, "SITI", "P", "5 Agustus 1990", "Kaliwates", "Mangli"}, "", ""},
		{"date impossible", []any{nikA, kkA, "SITI", "P", "31-02-1990", "Kaliwates", "Mangli"}, "birth_date_invalid", ""},
		{"year of two digits", []any{nikA, kkA, "SITI", "P", "05-08-90", "Kaliwates", "Mangli"}, "birth_date_invalid", ""},
		{"born after the as-of day", []any{nikA, kkA, "SITI", "P", "05-08-2027", "Kaliwates", "Mangli"}, "birth_date_future", ""},
		{"sex unknown", []any{nikA, kkA, "SITI", "X", "05-08-1990", "Kaliwates", "Mangli"}, "sex_unknown", ""},
		{"name missing", []any{nikA, kkA, "", "P", "05-08-1990", "Kaliwates", "Mangli"}, "name_missing", ""},
		{"village unknown", []any{nikA, kkA, "SITI", "P", "05-08-1990", "Kaliwates", "Entah"}, "area_unknown", ""},
		{"district unknown", []any{nikA, kkA, "SITI", "P", "05-08-1990", "Entah", "Mangli"}, "area_unknown", ""},
		{"place missing", []any{nikA, kkA, "SITI", "P", "05-08-1990", "", ""}, "area_missing", ""},
		{"split spelling of a village", []any{nikA, kkA, "SITI", "P", "05-08-1990", "KEC. KALIWATES", "Jember Kidul"}, "", ""},
		{"broken formula", []any{nikA, kkA, "#REF!", "P", "05-08-1990", "Kaliwates", "Mangli"}, "cell_error", ""},
		{"three problems at once", []any{"12", "34", "SITI", "X", "05-08-1990", "Kaliwates", "Mangli"}, "nik_length kk_length sex_unknown", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newMemStore()
			res := importOf(t, s, options(eligibility.Residents, workbookOf(t, nil, grid{"", [][]any{plainHeader, c.row}})))
			if got := codesOf(res.Rejects); got != c.want {
				t.Fatalf("rejected for %q, want %q", got, c.want)
			}
			if got := codesOf(res.WarningsList); got != c.warn {
				t.Errorf("warned of %q, want %q", got, c.warn)
			}
			for _, r := range res.Rejects {
				if r.Row != 2 || r.Sheet != "Sheet1" || r.File != "uji.xlsx" || r.Reason == "" {
					t.Errorf("reject does not say where and why: %+v", r)
				}
			}
		})
	}
}

func TestSerialsFrom1904(t *testing.T) {
	s := newMemStore()
	from1904 := true
	f := workbookOf(t, func(x *excelize.File) {
		_ = x.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &from1904})
	}, grid{"", [][]any{plainHeader, {nikA, kkA, "SITI", "P", 31628, "Kaliwates", "Mangli"}}})
	importOf(t, s, options(eligibility.Residents, f))
	if born := stored(t, s, eligibility.Residents, nikA).Values[eligibility.FieldBirthDate]; born != "1990-08-05" {
		t.Errorf("born on %s", born)
	}
}

func TestPersonWithoutNIKInTheMiddleIsNotASignature(t *testing.T) {
	s := newMemStore()
	rows := [][]any{plainHeader, person(nikA), {nil, nil, "BUDI"}, {nikB, kkA, "JUMLAHWATI", "L", "17-08-1985", "Kaliwates", "Mangli"}, {nil, nil, "H. SUPARMAN"}}
	res := importOf(t, s, options(eligibility.Residents, workbookOf(t, nil, grid{"", rows})))
	if res.New != 2 || res.Skipped != 1 || codesOf(res.Rejects) != "nik_missing" {
		t.Errorf("%+v %+v", res.Counts, res.Rejects)
	}
}

func TestSignatureBelowTheNIK(t *testing.T) {
	foot := [][]any{{"Jember, 1 November 2026"}, {"Kepala Dinas"}}
	people := [][]any{plainHeader, person(nikA)}
	more := []any{nikB, kkA, "BUDI", "L", "17-08-1985", "Kaliwates", "Mangli"}
	cases := []struct {
		name     string
		rows     [][]any
		skipped  int
		rejected string
	}{
		{"at the end", append(people[:2:2], foot...), 2, ""},
		{"persons follow", append(append(people[:2:2], foot...), more), 0, "nik_length nik_length"},
		{"digits alone are a NIK that was cut", append(people[:2:2], []any{"35091945"}), 0, "nik_length"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			res := importOf(t, newMemStore(), options(eligibility.Residents, workbookOf(t, nil, grid{"", c.rows})))
			if res.Skipped != c.skipped || codesOf(res.Rejects) != c.rejected {
				t.Errorf("%d skipped, rejected for %q", res.Skipped, codesOf(res.Rejects))
			}
		})
	}
}

func TestPlaces(t *testing.T) {
	header := []any{"NIK", "NAMA", "NO_PROP", "PROP_NAME", "NO_KAB", "KAB_NAME", "NO_KEC", "KEC_NAME", "NO_KEL", "KEL_NAME"}
	cases := []struct {
		name string
		row  []any // without NIK and name
		want string
		code string
	}{
		{"codes counting inside", []any{"35", "", "9", "", "19", "", "1001", ""}, "35.09.19.1001", ""},
		{"whole code without dots", []any{"", "", "", "", "", "", "3509191001", ""}, "35.09.19.1001", ""},
		{"whole code with dots", []any{"", "", "", "", "", "", "35.09.19.1001", ""}, "35.09.19.1001", ""},
		{"names only", []any{"", "JAWA TIMUR", "", "KAB. JEMBER", "", "KEC KALIWATES", "", "KEL. MANGLI"}, "35.09.19.1001", ""},
		{"district of the same name as another regency", []any{"", "", "", "JEMBER", "", "JOMBANG", "", "JOMBANG"}, "35.09.01.", ""},
		{"BPS code with names", []any{"", "", "", "", "3509710", "KALIWATES", "3509710001", "MANGLI"}, "35.09.19.1001", ""},
		{"BPS code without names", []any{"", "", "", "", "3509710", "", "3509710001", ""}, "", "area_bps_code"},
		{"BPS village code that is another village's, with its name", []any{"", "", "", "", "", "KALIWATES", "3509201001", "MANGLI"}, "35.09.19.1001", ""},
		{"another regency, named", []any{"", "JAWA TIMUR", "", "LUMAJANG", "", "", "", ""}, "35.08", ""},
		{"another regency, village spelled wrongly", []any{"", "JAWA TIMUR", "", "LUMAJANG", "", "ENTAH", "", "ENTAH"}, "35.08", ""},
		{"another province without regency", []any{"", "BALI", "", "", "", "", "", ""}, "", "area_missing"},
		{"unknown regency", []any{"", "JAWA TIMUR", "", "ENTAH", "", "", "", ""}, "", "area_unknown"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newMemStore()
			row := append([]any{nikA, "SITI"}, c.row...)
			res := importOf(t, s, options(eligibility.Residents, workbookOf(t, nil, grid{"", [][]any{header, row}})))
			if got := codesOf(res.Rejects); got != c.code {
				t.Fatalf("rejected for %q, want %q", got, c.code)
			}
			if c.want == "" {
				return
			}
			got := string(deepest(stored(t, s, eligibility.Residents, nikA)))
			if got != c.want && (c.want[len(c.want)-1] != '.' || got[:len(c.want)] != c.want) {
				t.Errorf("lives in %s, want %s", got, c.want)
			}
		})
	}
}
