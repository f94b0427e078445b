package importers

import (
	"bytes"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"layak/eligibility"
	"layak/policy"
)

func TestSpellingsMapIntoTheClosedLists(t *testing.T) {
	check := func(f eligibility.Field, code string) {
		if list := policy.Codes(eligibility.Specs[f].Codes); !slices.Contains(list, code) {
			t.Errorf("%s: %q is not in %v", f, code, list)
		}
	}
	for f, words := range codeSpellings {
		for _, code := range words {
			check(f, code)
		}
		for _, code := range policy.Codes(eligibility.Specs[f].Codes) {
			if got, ok := codeOf(f, code); !ok || got != code {
				t.Errorf("%s: the code %q itself is read as %q", f, code, got)
			}
		}
	}
	for word, s := range memberStates {
		check(eligibility.FieldMemberStatus, s.status)
		if s.reason != "" {
			check(eligibility.FieldMemberReason, s.reason)
		}
		if fold(word) != word {
			t.Errorf("%q can never match", word)
		}
	}
}

func TestSpellingsAreFoldedAndSingle(t *testing.T) {
	seen := map[string]eligibility.Field{}
	for _, s := range spellings {
		for _, w := range strings.Fields(s.words) {
			if fold(w) != w {
				t.Errorf("%q can never match", w)
			}
			if f, twice := seen[w]; twice {
				t.Errorf("%q means %s and %s", w, f, s.field)
			}
			seen[w] = s.field
		}
	}
	for f := eligibility.Field(0); f < eligibility.NumFields; f++ {
		m, ok := meaning(eligibility.Specs[f].Name)
		if !ok || m.field != f {
			t.Errorf("the field name %q is not understood as a header", eligibility.Specs[f].Name)
		}
	}
}

func TestDates(t *testing.T) {
	cases := []struct {
		in     string
		date04 bool
		want   eligibility.Date
	}{
		{"17-08-1990", false, "1990-08-17"}, {"17/8/1990", false, "1990-08-17"}, {"17.08.1990", false, "1990-08-17"},
		{"1990-08-17", false, "1990-08-17"}, {"1990/08/17", false, "1990-08-17"}, {"1990-08-17 00:00:00", false, "1990-08-17"},
		{"1990-08-17T00:00:00Z", false, "1990-08-17"}, {"17 Agustus 1990", false, "1990-08-17"}, {"17-AGU-1990", false, "1990-08-17"},
		{"17 Agt 1990", false, "1990-08-17"}, {"1 Nopember 2001", false, "2001-11-01"}, {"05 Peb 2000", false, "2000-02-05"},
		{"17081990", false, "1990-08-17"}, {"19900817", false, "1990-08-17"}, {"33102", false, "1990-08-17"}, {"33102.0", false, "1990-08-17"},
		{"33102.5", false, "1990-08-17"}, {"31640", true, "1990-08-17"}, {"29-02-2000", false, "2000-02-29"}, {"61", false, ""}, {"8000", false, "1921-11-25"},
		{"29-02-1900", false, ""}, {"60", false, ""}, {"31/04/1990", false, ""}, {"08/17/1990", false, ""}, {"17-08-90", false, ""},
		{"1990", false, ""}, {"17 Augusto 1990", false, ""}, {"kemarin", false, ""}, {"17-08-19900", false, ""}, {"-", false, ""}, {"", false, ""},
	}
	for _, c := range cases {
		got, ok := parseDate(c.in, c.date04)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%q (1904 %v) = %q %v, want %q", c.in, c.date04, got, ok, c.want)
		}
	}
}

func TestPadRT(t *testing.T) {
	for in, want := range map[string]string{"1": "001", "01": "001", "001": "001", "RT 2": "002", "RW.03": "003", "4.0": "004", "1234": "1234", "A": "A"} {
		if got := padRT(in); got != want {
			t.Errorf("%q = %q, want %q", in, got, want)
		}
	}
}

func TestEveryDateReadIsADay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := time.Unix(rapid.Int64Range(-4_000_000_000, 4_000_000_000).Draw(t, "day"), 0).UTC()
		layout := rapid.SampledFrom([]string{"02-01-2006", "2/1/2006", "2006-01-02", "02012006", "20060102", "2 January 2006"}).Draw(t, "layout")
		got, ok := parseDate(day.Format(layout), false)
		if !ok || got != eligibility.DateOf(day) {
			t.Fatalf("%s is read as %q", day.Format(layout), got)
		}
	})
}

func TestBirthInAgreesWithTheDomain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nik := eligibility.NIK("350919" + rapid.StringMatching(`[0-7][0-9][01][0-9][0-9]{2}`).Draw(t, "date") + "0001")
		wantDMY, wantSex, wantOK := nik.Birth()
		dmy, sex, ok := birthIn(nik)
		if ok != wantOK || ok && (dmy != wantDMY || string(sex) != wantSex) {
			t.Fatalf("%s: %s %c %v, domain says %s %s %v", nik, dmy, sex, ok, wantDMY, wantSex, wantOK)
		}
	})
}

func FuzzCell(f *testing.F) {
	for _, s := range []string{"'3509194508900001", "  a  b ", "-", "\u200b\u00a0x", "#N/A", "3,50919E+15", "1.0", "\xff\xfe"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c := clean(s)
		if clean(c) != c {
			t.Errorf("%q is cleaned to %q and then to %q", s, c, clean(c))
		}
		if strings.TrimSpace(c) != c || strings.Contains(c, "  ") || utf8.ValidString(s) && !utf8.ValidString(c) {
			t.Errorf("%q is cleaned to %q", s, c)
		}
		for _, r := range c {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				t.Errorf("%q keeps %U", c, r)
			}
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"17-08-1990", "33102", "1 Mei 2000", "1990-08-17T00:00:00Z", "//", "99999999"} {
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, date04 bool) {
		d, ok := parseDate(s, date04)
		if !ok {
			return
		}
		if _, err := eligibility.ParseDate(string(d)); err != nil {
			t.Errorf("%q is read as %q", s, d)
		}
	})
}

func FuzzRow(f *testing.F) {
	f.Add("3509194508900001", "3509190101200001", "SITI", "P", "17-08-1990", "Kaliwates", "Mangli")
	f.Add("3,5E+15", "'-", "\x00", "9", "1", "35", "3509191001")
	header := []string{"NIK", "KK", "NAMA", "JK", "TGL LAHIR", "KEC", "DESA"}
	h := header2layout(header)
	f.Fuzz(func(t *testing.T, a, b, c, d, e, g, i string) {
		p := &parser{kind: eligibility.Residents, asOf: testDay, l: h, scan: &sheetScan{}, places: newPlacer("35.09"), seed: maphash.MakeSeed()}
		var out parsed
		p.parse(sheetRow{2, []string{a, b, c, d, e, g, i}}, &out)
		if out.class != personRow || len(out.problems) > 0 {
			return
		}
		nik := out.rec.Values[eligibility.FieldNIK]
		if _, err := eligibility.ParseNIK(nik); err != nil || out.key == 0 || nikOf(out.key) != eligibility.NIK(nik) {
			t.Errorf("took the NIK %q from %q", nik, a)
		}
		for f, v := range out.rec.Values {
			spec := eligibility.Specs[f]
			if v != "" && spec.Type == eligibility.TypeCode && !slices.Contains(policy.Codes(spec.Codes), v) {
				t.Errorf("%s = %q", spec.Name, v)
			}
		}
	})
}

func header2layout(texts []string) *layout {
	return newLayout(eligibility.Residents, "f", "s", header{last: 1, texts: texts}, []sheetRow{{1, texts}}, nil)
}

func FuzzSheetXML(f *testing.F) {
	f.Add([]byte(sheetHead + `<row r="1"><c r="A1"><v>3509194508900001</v></c></row>` + sheetFoot))
	f.Add([]byte(`<x:sheetData><!-- <c> --><row><c t='s'><v><![CDATA[>]]></v></c></row></x:sheetData>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := scanSheet(bytes.NewReader(b))
		if err == nil && (s.lastRow > 0) != (s.filled > 0) && s.filled == 0 {
			t.Errorf("%+v", s)
		}
		if err == nil && !slices.IsSorted(s.numbers) {
			t.Errorf("numbers are not in order: %v", s.numbers)
		}
	})
}

func TestCountsAddUpWhateverTheRows(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rows := [][]any{plainHeader}
		for range rapid.IntRange(1, 25).Draw(rt, "rows") {
			nik := fmt.Sprintf("35091945089000%02d", rapid.IntRange(1, 8).Draw(rt, "nik"))
			name := rapid.SampledFrom([]string{"SITI", "AMINAH", "", "JUMLAH"}).Draw(rt, "name")
			sex := rapid.SampledFrom([]string{"P", "2", "X"}).Draw(rt, "sex")
			if rapid.IntRange(0, 9).Draw(rt, "bad") == 0 {
				nik = rapid.SampledFrom([]string{"", "12", "3,5E+15"}).Draw(rt, "nik2")
			}
			rows = append(rows, []any{nik, kkA, name, sex, "05-08-1990", "Kaliwates", "Mangli"})
		}
		s := newMemStore()
		res := importOf(t, s, options(eligibility.Residents, workbookOf(t, nil, grid{"", rows})))
		visible := 0
		for nik := range s.versions[eligibility.Residents] {
			if _, ok := s.visible(eligibility.Residents, nik); ok {
				visible++
			}
		}
		if visible != res.Accepted || res.Read+res.Skipped != len(rows)-1 {
			rt.Fatalf("%d visible of %+v in %d rows", visible, res.Counts, len(rows)-1)
		}
	})
}
