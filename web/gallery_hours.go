package web

import (
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/importers"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
)

// hoursStates are pages of working hours, holidays and the letterhead of units.
func (s *Server) hoursStates() []State {
	at := func(p *holidaysPage, b Base) *holidaysPage { p.Base = b; return p }
	years := sampleYears()
	listed := at(newHolidaysPage(years, 2026), office("holidays.title", "settings"))
	some := at(newHolidaysPage(years[1:], 2026), office("holidays.title", "settings"))
	some.Loaded, some.Bad = 24, []importers.BadHoliday{{Sheet: "SKB", Row: 7, Reason: "Tanggal \"31 Februari 2027\" tidak dapat dibaca. Tulis seperti 2026-12-25, 25/12/2026, atau 25 Desember 2026, satu hari per baris."}}
	none := "Isi tanggal libur, antara tahun 2000 dan 2200."
	bad := at(newHolidaysPage(nil, 2026), refused(office("holidays.title", "settings"), "Hari libur belum lengkap atau belum benar.", fault.Field{Name: "day", Message: none}))
	bad.Open = true
	file := "Pilih berkas Excel (.xlsx) daftar libur yang hendak dimuat."
	settings := &settingsPage{Base: office("settings.title", "settings")}
	settings.Links = s.settingsOf(settings.Actor)
	return append([]State{
		{"settings", "settings", settings},
		{"settings-empty", "settings", &settingsPage{Base: inside("settings.title", "settings")}},
		{"holidays", "holidays", listed},
		{"holidays-some-refused", "holidays", some},
		{"holidays-refused", "holidays", bad},
		{"holidays-no-file", "holidays", at(newHolidaysPage(years, 2026), refused(office("holidays.title", "settings"), file, fault.Field{Name: "file", Message: file}))},
	}, s.unitHoursStates()...)
}

func sampleYears() []complaints.Year {
	days := []complaints.DayOff{
		{Holiday: calendar.Holiday{Day: "2026-08-17", Name: "Proklamasi Kemerdekaan", Kind: calendar.National, Source: "SKB Menteri Agama, Menteri Ketenagakerjaan, dan Menteri PANRB Nomor 1497 Tahun 2025, Nomor 2 Tahun 2025, Nomor 5 Tahun 2025"}},
		{Holiday: calendar.Holiday{Day: "2026-11-27", Name: "Hari yang ditetapkan bupati", Kind: calendar.Local}},
		{Holiday: calendar.Holiday{Day: "2026-12-24", Name: "Natal", Kind: calendar.Leave, Source: "SKB"}},
	}
	return []complaints.Year{{Year: 2027}, {Year: 2026, Loaded: true, Days: days}, {Year: 2025, Loaded: true, Days: days[:0]}}
}

func (s *Server) unitHoursStates() []State {
	units := []auth.Unit{
		{Code: "KEL-MANGLI", Name: "Kelurahan Mangli", Kind: "kelurahan", Areas: []area.Code{"35.09.19.1001"}},
		{Code: "RSUD-DOKTER-SOEBANDI", Name: "Rumah Sakit Umum Daerah dr. Soebandi Kabupaten Jember, Kelas B Pendidikan", Kind: "hospital", Areas: []area.Code{"35.09"}},
	}
	rows := []hoursRow{
		newHoursRow(auth.Unit{}, complaints.UnitSettings{Own: true, Week: complaints.OfficeWeek}),
		newHoursRow(units[0], complaints.UnitSettings{Own: true, Week: complaints.DeskWeek}),
		newHoursRow(units[1], complaints.UnitSettings{Week: calendar.Always()}),
	}
	form := func(b Base, code string, set complaints.UnitSettings) *hoursUnitPage {
		p := &hoursUnitPage{Base: b, Code: code, All: code == theOffice, Kinds: calendar.Kinds, Units: units[1:],
			Staff: []auth.Staff{{User: "bagus", Name: "Bagus Hermawan"}, {User: "maria", Name: galleryLongName.Title}}}
		for _, z := range calendar.Zones {
			p.Zones = append(p.Zones, z.Name)
		}
		p.show(set)
		return p
	}
	full := complaints.UnitSettings{Unit: "KEL-MANGLI", Own: true, Zone: "Asia/Jakarta", Week: complaints.OfficeWeek, Works: calendar.Kinds[1:2], Head: "maria", Above: units[1].Code,
		Address: "Jalan Otto Iskandardinata, Mangli, Kaliwates, Jember", Phone: "0331 000000", Open: "Senin–Jumat 08.00–14.00", UpdatedAt: time.Time{}}
	wrong := "Selasa: isi jam buka dan jam tutup, misalnya 08.00 sampai 16.00, atau kosongkan keduanya."
	refusedPage := form(refused(office("Kelurahan Mangli", "settings"), "Pengaturan belum dapat disimpan.", fault.Field{Name: "day2", Message: wrong}, fault.Field{Name: "head", Message: "Pimpinan ini tidak punya akun yang aktif. Pilih dari daftar."}), "KEL-MANGLI", full)
	refusedPage.Days[1].Spans[0] = spanRow{No: 1, From: "16.00", To: "8 pagi"}
	return []State{
		{"hours", "hours", &hoursListPage{Base: office("hours.title", "settings"), Rows: rows}},
		{"hours-office", "hours_unit", form(office("hours.office", "settings"), theOffice, full)},
		{"hours-unit", "hours_unit", form(office("Kelurahan Mangli", "settings"), "KEL-MANGLI", complaints.UnitSettings{Zone: "Asia/Jakarta", Week: complaints.OfficeWeek})},
		{"hours-refused", "hours_unit", refusedPage},
	}
}
