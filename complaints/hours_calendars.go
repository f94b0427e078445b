package complaints

import (
	"context"
	"slices"
	"sync"
	"time"

	"layak/complaints/calendar"
	"layak/internal/auth"
	"layak/internal/fault"
)

// pollEvery is how old the knowledge about calendars may be. A change in this process is known at
// once, one in another process so much later.
const pollEvery = 2 * time.Second

// lately is what Hours read last.
type lately struct {
	sync.Mutex
	at   time.Time
	last *workingTime
}

// workingTime is one version of all calendars. It is not changed any more once it was made.
type workingTime struct {
	version   int64
	units     []auth.Unit
	stored    map[string]UnitSettings
	effective map[string]UnitSettings // of every unit and of "", with the week that holds
	calendars map[string]*calendar.Calendar
}

// Calendar keeps Calendars: the working time of a unit, and that of the office for a unit that is not
// known any more.
func (h *Hours) Calendar(ctx context.Context, unit string) (*calendar.Calendar, error) {
	w, err := h.fresh(ctx)
	if err != nil {
		return nil, err
	}
	if c := w.calendars[unit]; c != nil {
		return c, nil
	}
	return w.calendars[""], nil
}

// UnitSettings gives what holds for a unit: its own settings, or what it has from the office and its
// kind. It asks for no permission: letters and the ladder need it. fault.NotFound for an unknown
// unit.
func (h *Hours) UnitSettings(ctx context.Context, unit string) (UnitSettings, error) {
	w, err := h.fresh(ctx)
	if err != nil {
		return UnitSettings{}, err
	}
	s, ok := w.effective[unit]
	if !ok {
		return s, fault.New(fault.NotFound, "unit_not_found", "Unit kerja dengan kode itu tidak ada.")
	}
	return s, nil
}

// Below lists the units that stand directly below a unit, by code.
func (h *Hours) Below(ctx context.Context, unit string) ([]string, error) {
	w, err := h.fresh(ctx)
	if err != nil {
		return nil, err
	}
	var below []string
	for _, u := range w.units {
		if unit != "" && w.effective[u.Code].Above == unit {
			below = append(below, u.Code)
		}
	}
	slices.Sort(below)
	return below, nil
}

// forget makes the next question read anew.
func (h *Hours) forget() {
	h.lately.Lock()
	defer h.lately.Unlock()
	h.lately.at = time.Time{}
}

// fresh is the working time as it was at most pollEvery ago. Whoever finds it too old asks for the
// version; the others go on with what they have.
func (h *Hours) fresh(ctx context.Context) (*workingTime, error) {
	h.lately.Lock()
	defer h.lately.Unlock()
	now := time.Now()
	if h.lately.last != nil && now.Sub(h.lately.at) < pollEvery {
		return h.lately.last, nil
	}
	version, err := h.Store.TimeVersion(ctx)
	if err != nil {
		return nil, err
	}
	units, err := h.Store.Units(ctx)
	if err != nil {
		return nil, err
	}
	if last := h.lately.last; last == nil || last.version != version || !sameUnits(last.units, units) {
		h.lately.last, err = h.read(ctx, version, units)
		if err != nil {
			h.lately.last = nil
			return nil, err
		}
	}
	h.lately.at = now
	return h.lately.last, nil
}

func sameUnits(a, b []auth.Unit) bool {
	return slices.EqualFunc(a, b, func(x, y auth.Unit) bool { return x.Code == y.Code && x.Kind == y.Kind })
}

func (h *Hours) read(ctx context.Context, version int64, units []auth.Unit) (*workingTime, error) {
	w := &workingTime{
		version: version, units: units, stored: map[string]UnitSettings{},
		effective: map[string]UnitSettings{}, calendars: map[string]*calendar.Calendar{},
	}
	stored, err := h.Store.AllUnitSettings(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range stored {
		w.stored[s.Unit] = s
	}
	days, err := h.Store.DaysOff(ctx)
	if err != nil {
		return nil, err
	}
	loaded, err := h.Store.LoadedYears(ctx)
	if err != nil {
		return nil, err
	}
	holidays, years := map[string]calendar.Holiday{}, map[int]bool{}
	for _, d := range days {
		holidays[d.Day] = d.Holiday
	}
	for _, y := range loaded {
		years[y] = true
	}
	office := firstSettings()
	if s, ok := w.stored[""]; ok {
		office = s
	}
	w.effective[""] = office
	for _, u := range units {
		usual := usualSettings(u, office)
		if s, ok := w.stored[u.Code]; ok {
			if !s.Own {
				s.Zone, s.Week, s.Works = usual.Zone, usual.Week, usual.Works
			}
			usual = s
		}
		w.effective[u.Code] = usual
	}
	for code, s := range w.effective {
		zone, ok := calendar.ZoneOf(s.Zone)
		if !ok {
			zone = calendar.Jakarta
		}
		w.calendars[code] = &calendar.Calendar{Zone: zone, Week: s.Week, Works: s.Works, Holidays: holidays, Years: years}
	}
	return w, nil
}

func (h *Hours) now() time.Time { return moment(h.Clock()) }
