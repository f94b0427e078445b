package storage

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// limits is a router with one clock of three working days.
type limits struct{}

func (limits) Route(context.Context, policy.RoutingInput) (policy.Routing, string, error) {
	verify := policy.ClockLimit{Kind: "verify", Amount: 3, Measure: "working_days", Pauses: true}
	return policy.Routing{Class: "complaint", Priority: "normal", Clocks: []policy.ClockLimit{verify}}, "r1", nil
}

func newHours(t *testing.T, o *office) *complaints.Hours {
	t.Helper()
	h := &complaints.Hours{Store: o.db, Clock: func() time.Time { return o.clock }, Cases: o.Service}
	must(t, h.Seed(t.Context()))
	o.Calendars, o.Router = h, limits{}
	return h
}

func TestShippedHolidaysAreStoredOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		h := newHours(t, newOffice(t, db))
		days, err := db.DaysOff(t.Context())
		must(t, err)
		years, err := db.LoadedYears(t.Context())
		must(t, err)
		if len(days) < 50 || !slices.Equal(years, []int{2025, 2026}) {
			t.Fatalf("%d days of the years %v", len(days), years)
		}
		version, err := db.TimeVersion(t.Context())
		must(t, err)
		// What an office changed in a year stays, whatever the program ships.
		must(t, db.RemoveDayOff(t.Context(), "2026-12-24", entry("holidays.remove")))
		must(t, h.Seed(t.Context()))
		after, err := db.TimeVersion(t.Context())
		must(t, err)
		again, err := db.DaysOff(t.Context())
		must(t, err)
		if len(again) != len(days)-1 || after != version+1 {
			t.Errorf("%d days in version %d, want %d in %d", len(again), after, len(days)-1, version+1)
		}
		wantKind(t, db.RemoveDayOff(t.Context(), "2026-12-24", entry("holidays.remove")), fault.NotFound, "holiday_not_found")
	})
}

func TestSettingsOfAnOffice(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		h := newHours(t, o)
		must(t, db.AddUnit(t.Context(), auth.Unit{Code: "RSD", Name: "RSD", Kind: "hospital", Areas: []area.Code{"35.09"}}, entry("unit.create")))
		must(t, db.AddUnit(t.Context(), auth.Unit{Code: "KEC", Name: "Kecamatan", Kind: "kecamatan", Areas: []area.Code{"35.09.19"}}, entry("unit.create")))
		_, err := h.Edit(o.mangli, "KEL-MANGLI")
		wantKind(t, err, fault.Forbidden, "not_allowed")
		_, err = h.Edit(o.head, "NOWHERE")
		wantKind(t, err, fault.NotFound, "unit_not_found")

		hospital, err := h.Edit(o.head, "RSD")
		must(t, err)
		if hospital.Own || !hospital.Week.Equal(calendar.Always()) || len(hospital.Works) != 3 {
			t.Errorf("a hospital that stored nothing has %+v", hospital)
		}
		desk, err := h.Edit(o.head, "KEL-MANGLI")
		must(t, err)
		if desk.Own || !desk.Week.Equal(complaints.OfficeWeek) || desk.Zone != "Asia/Jakarta" {
			t.Errorf("a kelurahan that stored nothing has %+v", desk)
		}

		desk.Own, desk.Week, desk.Head, desk.Above, desk.Phone = true, complaints.DeskWeek, "budi", "KEC", " 0331  123 "
		must(t, h.Save(o.head, desk))
		got, err := h.UnitSettings(t.Context(), "KEL-MANGLI")
		must(t, err)
		if !got.Own || !got.Week.Equal(complaints.DeskWeek) || got.Head != "budi" || got.Above != "KEC" || got.Phone != "0331 123" || got.UpdatedBy != "sari" {
			t.Errorf("came back as %+v", got)
		}
		cal, err := h.Calendar(t.Context(), "KEL-MANGLI")
		must(t, err)
		saturday := time.Date(2026, 11, 21, 10, 0, 0, 0, calendar.Jakarta)
		if !cal.IsWorking(saturday) {
			t.Error("the desk does not work on Saturday morning")
		}

		old := desk // as somebody saw it before the change
		old.Phone = "0331 9"
		wantKind(t, h.Save(o.head, old), fault.Conflict, "stale_settings")

		// A new week of the office holds for those that have none of their own.
		office, err := h.Edit(o.head, "")
		must(t, err)
		office.Week, office.Zone = complaints.DeskWeek, "Asia/Jayapura"
		must(t, h.Save(o.head, office))
		silo, err := h.UnitSettings(t.Context(), "PKM-SILO")
		must(t, err)
		if !silo.Week.Equal(complaints.DeskWeek) || silo.Zone != "Asia/Jayapura" {
			t.Errorf("PKM-SILO has %+v", silo)
		}
		for field, change := range map[string]func(*complaints.UnitSettings){
			"day2":  func(u *complaints.UnitSettings) { u.Week[2] = []calendar.Span{{From: 900, To: 800}} },
			"week":  func(u *complaints.UnitSettings) { u.Week = calendar.Week{} },
			"zone":  func(u *complaints.UnitSettings) { u.Zone = "Mars" },
			"head":  func(u *complaints.UnitSettings) { u.Head = "nobody" },
			"above": func(u *complaints.UnitSettings) { u.Above = "KEL-MANGLI" },
			"phone": func(u *complaints.UnitSettings) { u.Phone = strings.Repeat("0", 300) },
		} {
			bad := got
			change(&bad)
			err := h.Save(o.head, bad)
			if f := fault.As(err); f == nil || !slices.ContainsFunc(f.Fields, func(x fault.Field) bool { return x.Name == field }) {
				t.Errorf("%s: %v", field, err)
			}
		}
		above, err := h.Edit(o.head, "KEC")
		must(t, err)
		above.Above = "KEL-MANGLI"
		wantKind(t, h.Save(o.head, above), fault.Invalid, "above_ring")
	})
}

// A holiday that is declared late moves the deadlines of open cases and says so in each.
func TestLateHolidayMovesDeadlines(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		h := newHours(t, o)
		o.clock = time.Date(2026, 11, 23, 9, 0, 0, 0, calendar.Jakarta)
		c, other := o.file(t, o.mangli, ""), o.file(t, o.mangli, "")
		if c.DueAt == nil || !c.DueAt.Equal(time.Date(2026, 11, 26, 16, 0, 0, 0, calendar.Jakarta)) {
			t.Fatalf("due %v", c.DueAt)
		}
		other = o.act(t, o.mangli, other, complaints.Action{Type: complaints.WithdrawEvent, Reason: "Pelapor membatalkan"})

		must(t, h.AddHolidays(o.head, []calendar.Holiday{{Day: "2026-11-25", Name: "Hari jadi", Kind: calendar.Local}}, false))
		got, err := o.Complaint(o.mangli, c.Ticket)
		must(t, err)
		last := got.Events[len(got.Events)-1]
		if last.Type != complaints.ClockEvent || last.Actor != "system" || !got.DueAt.Equal(time.Date(2026, 11, 27, 16, 0, 0, 0, calendar.Jakarta)) {
			t.Fatalf("due %v after %+v", got.DueAt, last)
		}
		if !strings.Contains(string(last.Data), "Daftar libur 2026 berubah") || got.Version != c.Version+1 {
			t.Errorf("event %s, version %d", last.Data, got.Version)
		}
		ended, err := o.Complaint(o.mangli, other.Ticket)
		must(t, err)
		if len(ended.Events) != len(other.Events) {
			t.Error("a case that is over was touched")
		}
		n, err := h.Recompute(t.Context(), "sekali lagi")
		must(t, err)
		if n != 0 {
			t.Errorf("%d cases moved though nothing changed", n)
		}
		must(t, h.RemoveHoliday(o.head, "2026-11-25"))
		got, err = o.Complaint(o.mangli, c.Ticket)
		must(t, err)
		if !got.DueAt.Equal(*c.DueAt) {
			t.Errorf("due %v after the day was taken off again", got.DueAt)
		}
		why, err := o.Explain(o.mangli, c.Ticket, complaints.VerifyClock, 1)
		must(t, err)
		if !why.Timeline.Due.Equal(*c.DueAt) || len(why.Timeline.Stretches) < 5 || why.Left != 31*time.Hour {
			t.Errorf("explained as %+v, left %s", why.Timeline, why.Left)
		}
		_, err = o.Explain(o.silo, c.Ticket, complaints.VerifyClock, 1)
		wantKind(t, err, fault.NotFound, "complaint_unknown")
		_, err = o.Explain(o.mangli, c.Ticket, complaints.RefundClock, 1)
		wantKind(t, err, fault.NotFound, "clock_not_found")
	})
}

// A year counts as loaded only with a whole list.
func TestYearsOfHolidays(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		h := newHours(t, o)
		one := []calendar.Holiday{{Day: "2027-01-01", Name: "Tahun Baru", Kind: calendar.National, Source: "SKB"}}
		must(t, h.AddHolidays(o.head, one, false))
		state := func() (loaded bool, days int) {
			years, err := h.Holidays(o.head)
			must(t, err)
			if years[0].Year != 2027 {
				t.Fatalf("newest year is %d", years[0].Year)
			}
			return years[0].Loaded, len(years[0].Days)
		}
		if loaded, days := state(); loaded || days != 1 {
			t.Errorf("one day by hand: loaded %v, %d days", loaded, days)
		}
		must(t, h.AddHolidays(o.head, one, true))
		if loaded, days := state(); !loaded || days != 1 {
			t.Errorf("a whole list: loaded %v, %d days", loaded, days)
		}
		wantKind(t, h.AddHolidays(o.head, []calendar.Holiday{{Day: "2027-02-30", Name: "X", Kind: "national"}}, true), fault.Invalid, "holiday_invalid")
		wantKind(t, h.AddHolidays(o.mangli, one, true), fault.Forbidden, "not_allowed")
	})
}

// No write of working time without its entry in the trail.
func TestHoursLeaveTheirTrail(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		taken := entry("hours.save")
		taken.ID = newID()
		must(t, db.SaveUnitSettings(t.Context(), complaints.UnitSettings{Unit: "X", UpdatedAt: noon}, taken))
		before, err := db.TimeVersion(t.Context())
		must(t, err)
		days := []complaints.DayOff{{Holiday: calendar.Holiday{Day: "2026-11-25", Name: "X", Kind: calendar.Local}, LoadedAt: noon}}
		for name, write := range map[string]func(audit.Entry) error{
			"settings": func(e audit.Entry) error {
				return db.SaveUnitSettings(t.Context(), complaints.UnitSettings{Unit: "X", Own: true, UpdatedAt: noon}, e)
			},
			"days": func(e audit.Entry) error { return db.SaveDaysOff(t.Context(), days, []int{2031}, false, e) },
		} {
			err = write(taken) // an entry of this id is there already
			if err == nil {
				t.Errorf("%s were written without their entry", name)
			}
		}
		after, err := db.TimeVersion(t.Context())
		must(t, err)
		years, err := db.LoadedYears(t.Context())
		must(t, err)
		if after != before || len(years) > 0 {
			t.Error("something was written all the same")
		}
	})
}
