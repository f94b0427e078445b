package calendar

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"layak/internal/fault"
)

//go:embed holidays/*.json
var shipped embed.FS

// Shipped gives the lists of holidays that come with the program, by year, each day with the decree
// it comes from.
func Shipped() (map[int][]Holiday, error) {
	files, err := shipped.ReadDir("holidays")
	if err != nil {
		return nil, fmt.Errorf("list shipped holidays: %w", err)
	}
	years := map[int][]Holiday{}
	for _, f := range files {
		raw, err := shipped.ReadFile("holidays/" + f.Name())
		if err != nil {
			return nil, fmt.Errorf("read shipped holidays %s: %w", f.Name(), err)
		}
		var list []Holiday
		err = json.Unmarshal(raw, &list)
		if err != nil {
			return nil, fmt.Errorf("read shipped holidays %s: %w", f.Name(), err)
		}
		for _, h := range list {
			err = h.Validate()
			if err != nil {
				return nil, fmt.Errorf("read shipped holidays %s: day %s: %w", f.Name(), h.Day, err)
			}
			years[h.Year()] = append(years[h.Year()], h)
		}
	}
	return years, nil
}

// Year is the year of the day, 0 when it cannot be read.
func (h Holiday) Year() int {
	t, err := time.Parse(time.DateOnly, h.Day)
	if err != nil {
		return 0
	}
	return t.Year()
}

// Kinds lists the kinds of holidays in the order of screens.
var Kinds = []HolidayKind{National, Leave, Local}

const longestName = 200

// Validate tidies the holiday and says everything that is wrong with it, field by field.
func (h *Holiday) Validate() error {
	bad := fault.New(fault.Invalid, "holiday_invalid", "Hari libur belum lengkap atau belum benar.")
	h.Name, h.Source = strings.Join(strings.Fields(h.Name), " "), strings.Join(strings.Fields(h.Source), " ")
	if y := h.Year(); y < 2000 || y > 2200 {
		bad = bad.At("day", "Isi tanggal libur, antara tahun 2000 dan 2200.")
	}
	if h.Name == "" || len(h.Name) > longestName {
		bad = bad.At("name", "Isi nama hari libur, paling panjang 200 huruf.")
	}
	if !slices.Contains(Kinds, h.Kind) {
		bad = bad.At("kind", "Pilih jenis libur: libur nasional, cuti bersama, atau libur daerah.")
	}
	if len(h.Source) > 2*longestName {
		bad = bad.At("source", "Sumber paling panjang 400 huruf.")
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}
