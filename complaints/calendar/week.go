package calendar

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"layak/internal/fault"
)

// MostSpans bounds the spans of one weekday.
const MostSpans = 6

// dayNames are the weekdays as screens say them, Sunday first.
var dayNames = [7]string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}

// DayName is the Indonesian name of a weekday.
func DayName(d time.Weekday) string { return dayNames[d] }

// String writes the minute as clocks show it, "07.30"; the end of the day is "24.00".
func (m Minute) String() string { return fmt.Sprintf("%02d.%02d", int(m)/60, int(m)%60) }

// String writes the span as "08.00–16.00".
func (s Span) String() string { return s.From.String() + "–" + s.To.String() }

// Length is the working time of the span.
func (s Span) Length() time.Duration { return time.Duration(s.To-s.From) * time.Minute }

// Validate says what is wrong with the week, day by day (field "day1" is Monday): a span that ends
// before it begins, spans out of order or on top of each other, a week without any working time.
// Spans that touch must be written as one, so that a week is written in one way only.
func (w Week) Validate() error {
	bad := fault.New(fault.Invalid, "week_invalid", "Jam kerja belum benar. Perbaiki hari yang ditandai.")
	spans := 0
	for day, list := range w {
		spans += len(list)
		if wrong := wrongSpans(list); wrong != "" {
			bad = bad.At("day"+strconv.Itoa(day), dayNames[day]+": "+wrong)
		}
	}
	if spans == 0 {
		bad = bad.At("week", "Isi paling sedikit satu hari kerja. Tanpa hari kerja, tenggat tidak pernah tiba.")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

func wrongSpans(list []Span) string {
	if len(list) > MostSpans {
		return "paling banyak " + strconv.Itoa(MostSpans) + " rentang jam."
	}
	var last Minute = -1
	for _, s := range list {
		switch {
		case s.From < 0 || s.To > 1440:
			return "jam berada di antara 00.00 dan 24.00."
		case s.To <= s.From:
			return "jam tutup harus sesudah jam buka. Jaga malam ditulis sebagai dua rentang: sampai 24.00, lalu mulai 00.00 pada hari berikutnya."
		case s.From == last:
			return "dua rentang yang bersambung ditulis sebagai satu."
		case s.From < last:
			return "rentang jam bertumpuk atau tidak berurutan."
		}
		last = s.To
	}
	return ""
}

// Always is a week of a desk that never closes.
func Always() Week {
	var w Week
	for i := range w {
		w[i] = []Span{{0, 1440}}
	}
	return w
}

// Equal tells whether two weeks hold the same spans.
func (w Week) Equal(other Week) bool {
	for i := range w {
		if !slices.Equal(w[i], other[i]) {
			return false
		}
	}
	return true
}

// The three zones of Indonesia. None has ever had summer time since 1964, so they are fixed here and
// need no table of the machine.
var (
	Jakarta  = time.FixedZone("WIB", 7*60*60)
	Makassar = time.FixedZone("WITA", 8*60*60)
	Jayapura = time.FixedZone("WIT", 9*60*60)
)

// Zones lists them by the name under which they are stored.
var Zones = []struct {
	Name string
	Zone *time.Location
}{{"Asia/Jakarta", Jakarta}, {"Asia/Makassar", Makassar}, {"Asia/Jayapura", Jayapura}}

// ZoneOf finds a zone by name; false for any other name.
func ZoneOf(name string) (*time.Location, bool) {
	for _, z := range Zones {
		if z.Name == name {
			return z.Zone, true
		}
	}
	return nil, false
}
