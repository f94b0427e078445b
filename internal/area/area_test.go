package area

import (
	"runtime"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

func TestTheTableHoldsTheWholeCountry(t *testing.T) {
	if got := Source(); got != "idn-area-data 4.0.1" {
		t.Errorf("source = %q", got)
	}
	var count [Village + 1]int
	for _, p := range Children("") {
		for _, a := range entries[p.Code].all() {
			count[a.Code.Level()]++
			if a.Name == "" || strings.TrimSpace(a.Name) != a.Name {
				t.Errorf("%s has the name %q", a.Code, a.Name)
			}
			if got, ok := Lookup(a.Code); !ok || got != a {
				t.Fatalf("Lookup(%s) = %v, %v", a.Code, got, ok)
			}
		}
		if e := entries[p.Code]; len(e.rows) != e.count || e.rows[0] != p {
			t.Errorf("%s: %d rows, directory says %d", p.Name, len(e.rows), e.count)
		}
	}
	want := [...]int{Province: 38, Regency: 514, District: 7285, Village: 83762}
	if count != want {
		t.Errorf("counts = %v, want %v", count, want)
	}
}

func TestJember(t *testing.T) {
	districts := Children("35.09")
	desa, kelurahan := 0, 0
	for _, d := range districts {
		for _, v := range Children(d.Code) {
			if v.Code.Kelurahan() {
				kelurahan++
			} else {
				desa++
			}
		}
	}
	if len(districts) != 31 || desa != 226 || kelurahan != 22 {
		t.Errorf("%d kecamatan, %d desa, %d kelurahan; want 31, 226, 22", len(districts), desa, kelurahan)
	}
	if first, last := districts[0], districts[30]; first.Name != "Jombang" || last.Name != "Sumberjambe" {
		t.Errorf("kecamatan run from %s to %s", first.Name, last.Name)
	}
}

func TestCode(t *testing.T) {
	for _, c := range []struct {
		code                                Code
		level                               Level
		parent, province, regency, district Code
	}{
		{"35", Province, "", "35", "", ""},
		{"35.09", Regency, "35", "35", "35.09", ""},
		{"35.09.19", District, "35.09", "35", "35.09", "35.09.19"},
		{"35.09.19.1001", Village, "35.09.19", "35", "35.09", "35.09.19"},
		{"", NoLevel, "", "", "", ""},
		{"3509", NoLevel, "", "", "", ""},
	} {
		if c.code.Level() != c.level || c.code.Parent() != c.parent || c.code.Province() != c.province ||
			c.code.Regency() != c.regency || c.code.District() != c.district {
			t.Errorf("%q: level %d, parent %q, province %q, regency %q, district %q", c.code, c.code.Level(),
				c.code.Parent(), c.code.Province(), c.code.Regency(), c.code.District())
		}
	}
	if !Code("35.09").Contains("35.09.19.1001") || Code("35.1").Contains("35.10") || Code("").Contains("35") {
		t.Error("Contains goes by whole groups of the code")
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]Code{
		"35":             "35",
		"3509":           "35.09",
		" 35.09 ":        "35.09",
		"350919":         "35.09.19",
		"35.09.19":       "35.09.19",
		"3509191001":     "35.09.19.1001",
		"35.09.19.1001":  "35.09.19.1001",
		"3509010":        "", // BPS kecamatan: seven digits
		"3509010001":     "", // BPS village: no such Kemendagri village
		"35.9":           "",
		"3.509":          "", // 3509 printed by a spreadsheet as a number
		"9999":           "",
		"00":             "",
		"":               "",
		"Jember":         "",
		"35.09.19.10010": "",
		"35,09":          "",
	} {
		if got, ok := Parse(text); ok != (want != "") || ok && got != want {
			t.Errorf("Parse(%q) = %q, %v; want %q", text, got, ok, want)
		}
	}
}

func TestFindForgivesSpelling(t *testing.T) {
	for _, c := range []struct {
		parent Code
		name   string
		want   Code // "" is not found
	}{
		{"35.09", "Kaliwates", "35.09.19"},
		{"35.09", "KEC. KALIWATES", "35.09.19"},
		{"35.09", "Kecamatan  kaliwates", "35.09.19"},
		{"35.09", "Sumber Baru", "35.09.03"},
		{"35.09", "GUMUK MAS", "35.09.04"},
		{"35.09", "Jombang", "35.09.01"},
		{"35", "Jombang", "35.17"},
		{"35", "Kab. Jombang", "35.17"},
		{"35", "KABUPATEN JEMBER", "35.09"},
		{"35", "Kab.Jember", "35.09"},
		{"35", "Kota Jember", ""},
		{"35", "Malang", ""},
		{"35", "Kab Malang", "35.07"},
		{"35", "Kodya Malang", "35.73"},
		{"63", "Kota Baru", "63.02"},
		{"31", "Jakarta Selatan", "31.74"},
		{"31", "Kota Adm. Jakarta Selatan", "31.74"},
		{"", "Prov. Jawa Timur", "35"},
		{"", "D.I. Yogyakarta", "34"},
		{"", "DKI JAKARTA", "31"},
		{"35.09.19", "Jember Kidul", "35.09.19.1005"},
		{"35.09.19", "KEL. MANGLI", "35.09.19.1001"},
		{"35.09.19", "Desa Mangli", "35.09.19.1001"},
		{"35.09.19", "DESA/KEL. MANGLI", "35.09.19.1001"},
		{"35.09.19", "kebon_agung", "35.09.19.1003"},
		{"35.09.20", "Patrang", "35.09.20.1007"},
		{"35.09.20", "Kec. Patrang", ""}, // names the kecamatan, not a village of it
		{"35.09", "Patrang", "35.09.20"},
		{"35.29", "Raas", "35.29.22"},
		{"35.29", "RA’AS", "35.29.22"},
		{"12.01.10", "Sorkam Kanan", ""}, // a desa and a kelurahan
		{"12.01.10", "Kel. Sorkam Kanan", "12.01.10.1001"},
		{"12.01.10", "DESA SORKAM KANAN", "12.01.10.2018"},
		{"35.09.19", "", ""},
		{"35.09.19", "Desa", ""},
		{"35.99", "Kaliwates", ""},
		{"35.09.19.1001", "Mangli", ""},
	} {
		a, ok := Find(c.parent, c.name)
		if ok != (c.want != "") || a.Code != c.want {
			t.Errorf("Find(%q, %q) = %q, %v; want %q", c.parent, c.name, a.Code, ok, c.want)
		}
	}
}

func TestFindLevelLooksDeeper(t *testing.T) {
	for _, c := range []struct {
		parent Code
		level  Level
		name   string
		want   Code
	}{
		{"35.09", Village, "Mangli", "35.09.19.1001"},
		{"35.09", Village, "Karangrejo", ""}, // in Gumukmas and in Sumbersari
		{"35.09", Village, "Patrang", "35.09.20.1007"},
		{"", Regency, "Kabupaten Jember", "35.09"},
		{"", Regency, "Malang", ""},
		{"", Village, "Mangli", ""}, // never over the whole country
		{"35.09", Regency, "Jember", ""},
	} {
		a, ok := FindLevel(c.parent, c.level, c.name)
		if ok != (c.want != "") || a.Code != c.want {
			t.Errorf("FindLevel(%q, %d, %q) = %q, %v; want %q", c.parent, c.level, c.name, a.Code, ok, c.want)
		}
	}
}

// Every area is found by its own name, unless a sibling bears the same one, however it is written.
func TestEveryUniqueNameIsFound(t *testing.T) {
	t.Run("as it stands", func(t *testing.T) {
		for _, p := range Children("") {
			for _, a := range entries[p.Code].all() {
				checkFound(t, a, a.Name)
			}
		}
	})
	t.Run("in wild spelling", rapid.MakeCheck(func(t *rapid.T) {
		rows := entries[rapid.SampledFrom(order).Draw(t, "province")].all()
		a := rapid.SampledFrom(rows).Draw(t, "area")
		name := strings.ToUpper(a.Name)
		if rapid.Bool().Draw(t, "joined") {
			name = strings.ReplaceAll(name, " ", "")
		}
		if rapid.Bool().Draw(t, "no apostrophe") {
			name = strings.ReplaceAll(name, "'", "")
		}
		checkFound(t, a, "  "+strings.ReplaceAll(name, "'", "`"))
	}))
}

func checkFound(t rapid.TB, a Area, name string) {
	t.Helper()
	joined := func(s string) string { return strings.Join(split(s), "") }
	twins := 0
	for _, s := range Children(a.Code.Parent()) {
		if joined(s.Name) == joined(a.Name) {
			twins++
		}
	}
	got, ok := Find(a.Code.Parent(), name)
	if ok && got != a && twins == 1 || !ok && twins == 1 {
		t.Errorf("Find(%q, %q) = %v, %v; want %s", a.Code.Parent(), name, got, ok, a.Code)
	}
	if ok && twins > 1 && joined(got.Name) != joined(a.Name) {
		t.Errorf("Find(%q, %q) = %v", a.Code.Parent(), name, got)
	}
}

func TestLabels(t *testing.T) {
	for code, want := range map[Code]string{
		"35.09.19.1001": "Kelurahan Mangli, Kecamatan Kaliwates",
		"35.09.01.2001": "Desa Padomasan, Kecamatan Jombang",
		"35.09.19":      "Kecamatan Kaliwates, Kabupaten Jember",
		"35.09":         "Kabupaten Jember, Provinsi Jawa Timur",
		"35.73":         "Kota Malang, Provinsi Jawa Timur",
		"34":            "Daerah Istimewa Yogyakarta",
	} {
		a, ok := Lookup(code)
		if !ok || a.Label() != want {
			t.Errorf("%s: %q, want %q", code, a.Label(), want)
		}
	}
	var names []string
	for _, a := range Path("35.09.19.1001") {
		names = append(names, a.Name)
	}
	if got := strings.Join(names, " > "); got != "Jawa Timur > Kabupaten Jember > Kaliwates > Mangli" {
		t.Errorf("path = %s", got)
	}
	if Path("35.09.19.9999") != nil {
		t.Error("an unknown area has no path")
	}
}

func TestManyAskAtOnce(t *testing.T) {
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for _, d := range Children("51.71") {
				for _, v := range Children(d.Code) {
					if got, ok := Find(d.Code, v.Title()); !ok || got != v {
						t.Errorf("Find(%s, %s) = %v, %v", d.Code, v.Title(), got, ok)
					}
				}
			}
		})
	}
	wg.Wait()
}

// A running office asks for its own province and a few others; the rest must stay packed.
func TestOneProvinceCostsLittleMemory(t *testing.T) {
	e := &entry{title: "Jawa Timur", count: entries["35"].count, plain: entries["35"].plain, packed: entries["35"].packed}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	e.all()
	runtime.GC()
	runtime.ReadMemStats(&after)
	if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 2<<20 {
		t.Errorf("Jawa Timur keeps %d bytes", kept)
	}
	runtime.KeepAlive(e)
}

func BenchmarkFind(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Find("35.09.19", "KEL. JEMBER KIDUL")
	}
}
