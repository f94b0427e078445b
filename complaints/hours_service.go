package complaints

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"layak/complaints/calendar"
	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/jobs"
)

// Hours is everything people do with working time and holidays, and the calendars by which cases
// are timed. The actor comes from the context (auth.With).
type Hours struct {
	Store HoursStore
	Clock eligibility.Clock
	Cases *Service // whose clocks a change moves
	// Queue takes the computing anew of all open cases; without it that is done within the change.
	Queue jobs.Queue

	lately lately
}

// RecomputeJob is the kind of the job that computes the clocks of all open cases anew; its payload
// is the reason in words.
const RecomputeJob = "clocks.recompute"

// Year is the list of holidays of a year.
type Year struct {
	Year   int      `json:"year"`
	Loaded bool     `json:"loaded"` // a whole list was loaded; else deadlines in it may change
	Days   []DayOff `json:"days"`
}

// Seed stores the lists of holidays that come with the program for years that have none.
func (h *Hours) Seed(ctx context.Context) error {
	loaded, err := h.Store.LoadedYears(ctx)
	if err != nil {
		return err
	}
	shipped, err := calendar.Shipped()
	if err != nil {
		return err
	}
	for _, year := range slices.Sorted(maps.Keys(shipped)) {
		if slices.Contains(loaded, year) {
			continue
		}
		days := make([]DayOff, 0, len(shipped[year]))
		for _, d := range shipped[year] {
			days = append(days, DayOff{Holiday: d, LoadedAt: h.now(), LoadedBy: "system"})
		}
		e := audit.Entry{At: h.now(), Actor: "system", Act: "holidays.load", Object: "holidays", ObjectID: strconv.Itoa(year)}
		err = h.Store.SaveDaysOff(ctx, days, []int{year}, true, e)
		if err != nil {
			return fmt.Errorf("store shipped holidays of %d: %w", year, err)
		}
	}
	h.forget()
	return nil
}

// Edit gives the settings of a unit to somebody who may change them; fault.NotFound for an unknown
// unit.
func (h *Hours) Edit(ctx context.Context, unit string) (UnitSettings, error) {
	err := auth.From(ctx).Require(auth.HoursManage)
	if err != nil {
		return UnitSettings{}, err
	}
	h.forget()
	return h.UnitSettings(ctx, unit)
}

// Overview gives the settings of the office ("") and of all its units by code, as they hold.
func (h *Hours) Overview(ctx context.Context) (map[string]UnitSettings, error) {
	err := auth.From(ctx).Require(auth.HoursManage)
	if err != nil {
		return nil, err
	}
	h.forget()
	w, err := h.fresh(ctx)
	if err != nil {
		return nil, err
	}
	return maps.Clone(w.effective), nil
}

// Save stores the settings of a unit; its UpdatedAt is that of the settings the caller saw, and
// fault.Conflict "stale_settings" says that somebody changed them since. When its working time
// changed, the clocks of all open cases are computed anew.
func (h *Hours) Save(ctx context.Context, u UnitSettings) error {
	actor := auth.From(ctx)
	err := actor.Require(auth.HoursManage)
	if err != nil {
		return err
	}
	was, err := h.Edit(ctx, u.Unit)
	if err != nil {
		return err
	}
	err = u.clean()
	if err != nil {
		return err
	}
	if !u.UpdatedAt.Equal(was.UpdatedAt) {
		return errStaleSettings
	}
	now, err := h.fresh(ctx)
	if err != nil {
		return err
	}
	err = h.checkLadder(ctx, u, now.units, now.stored)
	if err != nil {
		return err
	}
	if !u.Own {
		u.Zone, u.Week, u.Works = "", calendar.Week{}, nil
	}
	u.UpdatedAt, u.UpdatedBy = h.now(), actor.Name
	e, err := h.entry(actor, "hours.save", "unit", u.Unit, u)
	if err != nil {
		return err
	}
	err = h.Store.SaveUnitSettings(ctx, u, e)
	if err != nil {
		return err
	}
	h.forget()
	after, err := h.UnitSettings(ctx, u.Unit)
	if err != nil || after.sameTime(was) {
		return err
	}
	return h.changed(ctx, "Jam kerja berubah")
}

var errStaleSettings = fault.New(fault.Conflict, "stale_settings",
	"Pengaturan ini baru saja diubah orang lain. Buka lagi halamannya, lihat perubahannya, lalu ulangi.")

func (u UnitSettings) sameTime(o UnitSettings) bool {
	return u.Zone == o.Zone && u.Week.Equal(o.Week) && slices.Equal(u.Works, o.Works)
}

// Holidays lists all holidays by year, the newest first, with the present and the next year in any
// case.
func (h *Hours) Holidays(ctx context.Context) ([]Year, error) {
	err := auth.From(ctx).Require(auth.HoursManage)
	if err != nil {
		return nil, err
	}
	days, err := h.Store.DaysOff(ctx)
	if err != nil {
		return nil, err
	}
	loaded, err := h.Store.LoadedYears(ctx)
	if err != nil {
		return nil, err
	}
	office, err := h.UnitSettings(ctx, "")
	if err != nil {
		return nil, err
	}
	zone, _ := calendar.ZoneOf(office.Zone)
	this := h.now().In(zone).Year()
	byYear := map[int][]DayOff{this: nil, this + 1: nil}
	for _, y := range loaded {
		byYear[y] = nil
	}
	for _, d := range days {
		byYear[d.Year()] = append(byYear[d.Year()], d)
	}
	var all []Year
	for _, y := range slices.Backward(slices.Sorted(maps.Keys(byYear))) {
		all = append(all, Year{Year: y, Loaded: slices.Contains(loaded, y), Days: byYear[y]})
	}
	return all, nil
}

// AddHolidays stores days; a day that is there already gets the new words. With whole the years of
// the national holidays among them count as loaded: nobody is warned any more when a deadline falls
// into them. The clocks of all open cases are computed anew.
func (h *Hours) AddHolidays(ctx context.Context, list []calendar.Holiday, whole bool) error {
	actor := auth.From(ctx)
	err := actor.Require(auth.HoursManage)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return fault.New(fault.Invalid, "holidays_none", "Tidak ada hari libur yang dapat dimuat.")
	}
	days := make([]DayOff, 0, len(list))
	years := map[int]bool{}
	for _, d := range list {
		err = d.Validate()
		if err != nil {
			return err
		}
		if whole && d.Kind == calendar.National {
			years[d.Year()] = true
		}
		days = append(days, DayOff{Holiday: d, LoadedAt: h.now(), LoadedBy: actor.Name})
	}
	e, err := h.entry(actor, "holidays.load", "holidays", days[0].Day, list)
	if err != nil {
		return err
	}
	err = h.Store.SaveDaysOff(ctx, days, slices.Sorted(maps.Keys(years)), false, e)
	if err != nil {
		return err
	}
	return h.changed(ctx, "Daftar libur "+yearsOf(list)+" berubah")
}

func yearsOf(list []calendar.Holiday) string {
	var all []string
	for _, d := range list {
		if y := strconv.Itoa(d.Year()); !slices.Contains(all, y) {
			all = append(all, y)
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// RemoveHoliday takes a day off the list.
func (h *Hours) RemoveHoliday(ctx context.Context, day string) error {
	actor := auth.From(ctx)
	err := actor.Require(auth.HoursManage)
	if err != nil {
		return err
	}
	e, err := h.entry(actor, "holidays.remove", "holidays", day, map[string]string{"day": day})
	if err != nil {
		return err
	}
	err = h.Store.RemoveDayOff(ctx, day, e)
	if err != nil {
		return err
	}
	return h.changed(ctx, "Daftar libur "+yearsOf([]calendar.Holiday{{Day: day}})+" berubah")
}

func (h *Hours) entry(a auth.Actor, act, object, id string, payload any) (audit.Entry, error) {
	b, err := json.Marshal(payload)
	if err != nil {
		return audit.Entry{}, fmt.Errorf("encode %s: %w", act, err)
	}
	return audit.Entry{At: h.now(), Actor: a.Name, Act: act, Object: object, ObjectID: id, Payload: b}, nil
}
