package web

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/importers"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
)

// hoursOffice is an office with one kelurahan and real working time.
func hoursOffice(t *testing.T) (*desk, *complaints.Hours) {
	t.Helper()
	d, db := newOffice(t)
	h := &complaints.Hours{Store: db, Clock: func() time.Time { return d.now }}
	err := h.Seed(context.Background())
	if err == nil {
		err = db.AddUnit(context.Background(), auth.Unit{Code: "KEL-MANGLI", Name: "Kelurahan Mangli", Kind: "kelurahan", Areas: []area.Code{"35.09.19.1001"}},
			audit.Entry{Actor: "uji", Act: "unit.create", Object: "unit"})
	}
	if err != nil {
		t.Fatal(err)
	}
	d.Server.Hours = h
	return d, h
}

// weekForm is Monday to Friday 08 to 16 as the form sends it.
func weekForm() url.Values {
	form := url.Values{"own": {"yes"}, "zone": {"Asia/Makassar"}, "phone": {"0331 000000"}, "open": {"Senin–Jumat"}}
	for _, day := range []string{"day1", "day2", "day3", "day4", "day5"} {
		form[day+"_from"], form[day+"_to"] = []string{"08.00", "", ""}, []string{"16:00", "", ""}
	}
	return form
}

func TestHoursOfAUnit(t *testing.T) {
	d, h := hoursOffice(t)
	const path = "/settings/hours/KEL-MANGLI"
	page := d.get(path)
	if page.StatusCode != http.StatusOK || !strings.Contains(page.body, `value="08.00"`) || strings.Contains(page.body, "Isi paling sedikit") {
		t.Fatalf("form of a unit that stored nothing: %d", page.StatusCode)
	}
	got := d.post(path, path, weekForm())
	if got.StatusCode != http.StatusSeeOther {
		t.Fatalf("saving: %d %s", got.StatusCode, got.body)
	}
	set, err := h.UnitSettings(context.Background(), "KEL-MANGLI")
	if err != nil || !set.Own || set.Zone != "Asia/Makassar" || set.Phone != "0331 000000" || len(set.Week[5]) != 1 || len(set.Week[6]) != 0 {
		t.Errorf("stored %+v, %v", set, err)
	}
	if list := d.get("/settings/hours"); !strings.Contains(list.body, "Senin–Jumat 08.00–16.00") {
		t.Error("the list does not show the week of the kelurahan")
	}

	late := d.post(path, path, weekForm()) // as somebody sends it who opened the form before
	if late.StatusCode != http.StatusConflict || !strings.Contains(late.body, "baru saja diubah orang lain") {
		t.Errorf("an older form: %d", late.StatusCode)
	}

	bad := weekForm()
	bad["day2_to"] = []string{"sore", "", ""}
	bad.Set("address", "Jalan Rekaan 1")
	got = d.post(path, path, bad)
	if got.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(got.body, `value="sore"`) || !strings.Contains(got.body, "Jalan Rekaan 1") || !strings.Contains(got.body, "Selasa: isi jam buka") {
		t.Errorf("a wrong time: %d, what was typed is kept: %v", got.StatusCode, strings.Contains(got.body, `value="sore"`))
	}
	preset := weekForm()
	preset.Set("preset", "always")
	got = d.post(path, path, preset)
	if got.StatusCode != http.StatusOK || strings.Count(got.body, `value="24.00"`) != 7 {
		t.Errorf("the preset fills %d days", strings.Count(got.body, `value="24.00"`))
	}
	if set, _ := h.UnitSettings(context.Background(), "KEL-MANGLI"); set.Week.Equal(calendar.Always()) {
		t.Error("a preset was stored before anybody pressed save")
	}
	if got := d.get("/settings/hours/NOWHERE"); got.StatusCode != http.StatusNotFound {
		t.Errorf("an unknown unit: %d", got.StatusCode)
	}
}

func TestReadMinute(t *testing.T) {
	for text, want := range map[string]calendar.Minute{"8": 480, "08.00": 480, "8:30": 510, "0830": 510, "830": 510, "24.00": 1440, "00.00": 0, " 7,15 ": 435} {
		if got, ok := readMinute(text); !ok || got != want {
			t.Errorf("%q is %d, %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "sore", "25.00", "24.01", "8.60", "8.5", "08.00.00", "-1", "123456"} {
		if got, ok := readMinute(text); ok {
			t.Errorf("%q was read as %d", text, got)
		}
	}
}

func TestHolidaysPage(t *testing.T) {
	d, h := hoursOffice(t)
	const path = "/settings/holidays"
	page := d.get(path)
	if !strings.Contains(page.body, "Daftar libur 2027 belum dimuat") || !strings.Contains(page.body, "17 Agu 2026") {
		t.Fatalf("page: %d", page.StatusCode)
	}
	var book bytes.Buffer
	err := importers.WriteTable(&book, "SKB", []string{"Tanggal", "Nama", "Jenis", "Sumber"}, [][]string{
		{"1 Januari 2027", "Tahun Baru", "Libur nasional", "SKB"}, {"kapan-kapan", "Cuti", "Cuti bersama", ""},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := d.upload(path, path+"/import", url.Values{"whole": {"yes"}}, "file", "libur.xlsx", book.Bytes())
	if got.StatusCode != http.StatusOK || !strings.Contains(got.body, "1 hari dimuat, 1 baris tidak") || !strings.Contains(got.body, "SKB, baris 3") || strings.Contains(got.body, "Daftar libur 2027 belum dimuat") {
		t.Errorf("import: %d", got.StatusCode)
	}
	got = d.upload(path, path+"/import", nil, "file", "libur.xlsx", []byte("bukan buku kerja"))
	if got.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(got.body, "bukan buku kerja Excel") {
		t.Errorf("no workbook: %d", got.StatusCode)
	}
	got = d.post(path, path, url.Values{"day": {"2027-02-31"}, "name": {"Hari jadi"}, "kind": {"local"}})
	if got.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(got.body, `value="Hari jadi"`) {
		t.Errorf("a day that is none: %d", got.StatusCode)
	}
	for _, step := range []struct {
		path string
		form url.Values
		want int
	}{
		{path, url.Values{"day": {"2027-02-26"}, "name": {"Hari jadi"}, "kind": {"local"}}, 2},
		{path + "/remove", url.Values{"day": {"2027-01-01"}}, 1},
		{path + "/remove", url.Values{"day": {"2027-01-01"}}, 1},
	} {
		got = d.post(path, step.path, step.form)
		years, err := h.Holidays(auth.With(context.Background(), auth.System()))
		i := slices.IndexFunc(years, func(y complaints.Year) bool { return y.Year == 2027 })
		if got.StatusCode != http.StatusSeeOther || err != nil || len(years[i].Days) != step.want {
			t.Errorf("%s %v: %d, %d days, %v", step.path, step.form, got.StatusCode, len(years[i].Days), err)
		}
	}
}
