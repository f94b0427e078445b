package complaints

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"layak/complaints/calendar"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

// UnitSettings is what an office says of itself: when it works, who leads it, which unit stands
// above it, and what its letterhead reads. Unit "" is the office that owns the records; its working
// time holds for every unit that has none of its own.
type UnitSettings struct {
	Unit  string                 `json:"unit"`
	Own   bool                   `json:"own"`  // has working time of its own; else Zone, Week and Works are those that hold
	Zone  string                 `json:"zone"` // name in calendar.Zones
	Week  calendar.Week          `json:"week"`
	Works []calendar.HolidayKind `json:"works"` // holidays on which it works all the same
	Head  string                 `json:"head"`  // user name of whoever leads the unit
	Above string                 `json:"above"` // code of the unit above: the kecamatan of a kelurahan
	// The letterhead: address and telephone number in one line each, and the opening hours in words.
	Address   string    `json:"address"`
	Phone     string    `json:"phone"`
	Open      string    `json:"open"`
	UpdatedAt time.Time `json:"updated_at"`
	UpdatedBy string    `json:"updated_by"`
}

// DayOff is a holiday as it was stored.
type DayOff struct {
	calendar.Holiday
	LoadedAt time.Time `json:"loaded_at"`
	LoadedBy string    `json:"loaded_by"`
}

// HoursStore keeps working time and holidays of the home regency. Every write makes TimeVersion
// greater.
type HoursStore interface {
	Units(ctx context.Context) ([]auth.Unit, error)
	Account(ctx context.Context, user string) (auth.Account, error)
	AllUnitSettings(ctx context.Context) ([]UnitSettings, error)
	SaveUnitSettings(ctx context.Context, u UnitSettings, e audit.Entry) error
	// DaysOff gives all days in order, LoadedYears the years of which a whole list was loaded.
	DaysOff(ctx context.Context) ([]DayOff, error)
	LoadedYears(ctx context.Context) ([]int, error)
	// SaveDaysOff adds days or replaces those of the same date, and notes the years as loaded.
	// With onlyNew it leaves out days of years that were loaded before.
	SaveDaysOff(ctx context.Context, days []DayOff, years []int, onlyNew bool, e audit.Entry) error
	// RemoveDayOff is fault.NotFound when the day is no holiday.
	RemoveDayOff(ctx context.Context, day string, e audit.Entry) error
	TimeVersion(ctx context.Context) (int64, error)
	// TimedCases lists cases whose clocks may run, by id, behind the given one.
	TimedCases(ctx context.Context, afterID string, limit int) ([]TimedCase, error)
}

// TimedCase names a case whose clocks may run.
type TimedCase struct {
	ID     string
	Ticket Ticket
}

// The working weeks that are offered to start from.
var (
	OfficeWeek = calendar.Week{1: day(8, 16), 2: day(8, 16), 3: day(8, 16), 4: day(8, 16),
		5: {{From: 8 * 60, To: 11*60 + 30}, {From: 13 * 60, To: 16 * 60}}}
	DeskWeek = calendar.Week{1: day(8, 16), 2: day(8, 16), 3: day(8, 16), 4: day(8, 16), 5: day(8, 13), 6: day(8, 13)}
)

func day(from, to calendar.Minute) []calendar.Span {
	return []calendar.Span{{From: from * 60, To: to * 60}}
}

// defaultZone is where the first user lives; every office can say another.
const defaultZone = "Asia/Jakarta"

// usualSettings are those of a unit that stored none: a hospital never closes, everybody else works
// like the office.
func usualSettings(u auth.Unit, office UnitSettings) UnitSettings {
	s := UnitSettings{Unit: u.Code, Zone: office.Zone, Week: office.Week, Works: office.Works}
	if u.Kind == "hospital" {
		s.Week, s.Works = calendar.Always(), slices.Clone(calendar.Kinds)
	}
	return s
}

func firstSettings() UnitSettings {
	return UnitSettings{Zone: defaultZone, Week: OfficeWeek, Works: []calendar.HolidayKind{}}
}

// clean tidies the settings and says everything that is wrong with them, field by field.
func (u *UnitSettings) clean() error {
	bad := fault.New(fault.Invalid, "hours_invalid", "Pengaturan belum dapat disimpan. Perbaiki isian yang ditandai.")
	u.Head, u.Above = strings.TrimSpace(u.Head), strings.TrimSpace(u.Above)
	for field, text := range map[string]*string{"address": &u.Address, "phone": &u.Phone, "open": &u.Open} {
		*text = line(*text)
		if utf8.RuneCountInString(*text) > 200 {
			bad = bad.At(field, "Isian ini paling panjang 200 huruf.")
		}
	}
	if u.Unit == "" {
		u.Own = true
	}
	if u.Own {
		err := u.Week.Validate()
		if f := fault.As(err); f != nil {
			for _, p := range f.Fields {
				bad = bad.At(p.Name, p.Message)
			}
		}
	}
	_, known := calendar.ZoneOf(u.Zone)
	if u.Own && !known {
		bad = bad.At("zone", "Pilih zona waktu: WIB, WITA, atau WIT.")
	}
	works := []calendar.HolidayKind{}
	for _, k := range calendar.Kinds {
		if slices.Contains(u.Works, k) {
			works = append(works, k)
		}
	}
	u.Works = works
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// checkLadder makes sure that the case finds somebody to climb to: a head who exists, a unit above
// that exists, and no ring of units.
func (h *Hours) checkLadder(ctx context.Context, u UnitSettings, units []auth.Unit, all map[string]UnitSettings) error {
	if u.Head != "" {
		account, err := h.Store.Account(ctx, u.Head)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err != nil || account.Disabled {
			return Invalid("head_unknown", "head", "Pimpinan ini tidak punya akun yang aktif. Pilih dari daftar.")
		}
	}
	if u.Above == "" {
		return nil
	}
	if !slices.ContainsFunc(units, func(o auth.Unit) bool { return o.Code == u.Above }) {
		return Invalid("unit_unknown", "above", "Unit kerja ini tidak terdaftar. Pilih dari daftar.")
	}
	for next, n := u.Above, 0; next != ""; next, n = all[next].Above, n+1 {
		if next == u.Unit || n > len(units) {
			return Invalid("above_ring", "above", "Unit atasan tidak boleh berputar kembali ke unit ini.")
		}
	}
	return nil
}
