package importers

import (
	"context"
	"fmt"
	"strings"

	"layak/complaints/calendar"
	"layak/internal/fault"
)

// holidaySpellings are the headers of a list of holidays.
var holidaySpellings = map[string]string{
	"day":    "tanggal tgl harilibur tanggallibur date waktu",
	"name":   "nama keterangan namalibur namaharilibur namahari uraian peringatan deskripsi",
	"kind":   "jenis jenislibur jenisharilibur kategori status tipe",
	"source": "sumber dasar dasarhukum skb nomorskb keputusan",
}

// holidayKinds reads the kind of a holiday, folded. No kind at all is a national holiday.
var holidayKinds = map[string]calendar.HolidayKind{
	"": calendar.National, "liburnasional": calendar.National, "harilibur": calendar.National,
	"hariliburnasional": calendar.National, "nasional": calendar.National, "libur": calendar.National, "national": calendar.National,
	"cutibersama": calendar.Leave, "cuti": calendar.Leave, "cb": calendar.Leave, "leave": calendar.Leave,
	"liburdaerah": calendar.Local, "daerah": calendar.Local, "lokal": calendar.Local, "liburlokal": calendar.Local, "fakultatif": calendar.Local, "local": calendar.Local,
}

// BadHoliday is a row of a list of holidays that was not taken, with a sentence that says why.
type BadHoliday struct {
	Sheet  string `json:"sheet"`
	Row    int    `json:"row"`
	Reason string `json:"reason"`
}

// mostHolidays bounds a list: a hundred years of them are a mistake.
const mostHolidays = 5000

// ReadHolidays reads a workbook with the columns Tanggal, Nama or Keterangan, Jenis (libur nasional,
// cuti bersama, libur daerah) and Sumber. Rows that cannot be taken are given with their number; a
// list of nothing else is fault.Invalid. Nothing is stored.
func ReadHolidays(ctx context.Context, f File) ([]calendar.Holiday, []BadHoliday, error) {
	p := newColumnPlan("daftar hari libur (Tanggal, Nama, Jenis, Sumber)", holidaySpellings, []string{"day", "name"}, nil)
	var list []calendar.Holiday
	var bad []BadHoliday
	seen := map[string]int{}
	err := readList(ctx, f, p, func(w *workbook, r listRow) error {
		if len(list)+len(bad) >= mostHolidays {
			return fault.New(fault.Invalid, "holidays_many", fmt.Sprintf("Daftar libur memuat lebih dari %d baris.", mostHolidays))
		}
		h, why := holidayRow(w, r)
		switch at, twice := seen[h.Day]; {
		case why == "" && twice:
			why = fmt.Sprintf("Tanggal %s sudah ada di baris %d.", h.Day, at)
		case why == "":
			seen[h.Day] = r.n
			list = append(list, h)
		}
		if why != "" && !foot(r) {
			bad = append(bad, BadHoliday{Sheet: r.sheet.sheet.name, Row: r.n, Reason: why})
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	if len(list) == 0 {
		why := "Daftar libur tidak memuat satu baris pun yang dapat dibaca."
		if len(bad) > 0 {
			why += fmt.Sprintf(" Baris %d: %s", bad[0].Row, bad[0].Reason)
		}
		return nil, bad, fault.New(fault.Invalid, "holidays_none", why)
	}
	return list, bad, nil
}

// foot tells a signature or a note under the list from a row of it: one single text.
func foot(r listRow) bool {
	filled := 0
	for _, c := range r.cells {
		if clean(c) != "" {
			filled++
		}
	}
	return filled < 2
}

// holidayRow reads one row; why is a sentence when it cannot be taken.
func holidayRow(w *workbook, r listRow) (h calendar.Holiday, why string) {
	text := r.text("day")
	if text == "" {
		return h, "Tanggal kosong."
	}
	// "Kamis, 1 Januari 2026": the name of the day says nothing new.
	if day, rest, ok := strings.Cut(text, ","); ok && weekdays[fold(day)] {
		text = rest
	}
	day, ok := parseDate(text, w.date04)
	if !ok {
		return h, fmt.Sprintf("Tanggal %q tidak dapat dibaca. Tulis seperti 2026-12-25, 25/12/2026, atau 25 Desember 2026, satu hari per baris.", cut(text, 40))
	}
	kind, known := holidayKinds[fold(r.text("kind"))]
	if !known {
		return h, fmt.Sprintf("Jenis %q tidak dikenal. Pakai libur nasional, cuti bersama, atau libur daerah.", cut(r.text("kind"), 40))
	}
	h = calendar.Holiday{Day: string(day), Name: r.text("name"), Kind: kind, Source: r.text("source")}
	err := h.Validate()
	if f := fault.As(err); f != nil {
		return h, f.Fields[0].Message
	}
	return h, ""
}

var weekdays = map[string]bool{"minggu": true, "ahad": true, "senin": true, "selasa": true, "rabu": true, "kamis": true, "jumat": true, "sabtu": true}
