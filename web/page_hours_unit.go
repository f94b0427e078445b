package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/internal/auth"
	"layak/internal/fault"
)

// fewestSpans is how many spans of a day the form offers at least.
const fewestSpans = 3

// hoursUnitPage is the form of the office or of one unit.
type hoursUnitPage struct {
	Base
	Code  string // as it stands in the address
	All   bool   // the office itself, whose hours the units share
	Form  hoursForm
	Days  []dayRow
	Zones []string
	Kinds []calendar.HolidayKind
	Staff []auth.Staff
	Units []auth.Unit
}

// hoursForm is what was typed beside the days.
type hoursForm struct {
	Own                      bool
	Seen                     string // when the settings were last saved that the form shows
	Zone, Head, Above        string
	Address, Phone, OpenText string
	Works                    map[string]bool
}

// dayRow is one weekday of the form.
type dayRow struct {
	Key   string // "day1" is Monday
	Name  string
	Spans []spanRow
}

type spanRow struct {
	No       int
	From, To string // "08.00"; the end of the day is "24.00"
}

// weekPresets are the weeks that the form can be filled with.
var weekPresets = map[string]calendar.Week{"office": complaints.OfficeWeek, "desk": complaints.DeskWeek, "always": calendar.Always()}

func (s *Server) hoursOne(c echo.Context) error {
	p, set, err := s.hoursView(c)
	if err != nil {
		return err
	}
	p.show(set)
	return s.render(c, http.StatusOK, "hours_unit", p)
}

// hoursView reads what the form needs and the settings as they are stored.
func (s *Server) hoursView(c echo.Context) (*hoursUnitPage, complaints.UnitSettings, error) {
	var set complaints.UnitSettings
	if s.Hours == nil {
		return nil, set, errNoPage
	}
	ctx, code := c.Request().Context(), c.Param("unit")
	p := &hoursUnitPage{Code: code, All: code == theOffice, Kinds: calendar.Kinds}
	p.Title, p.Section = "hours.office", "settings"
	if p.All {
		code = ""
	}
	set, err := s.Hours.Edit(ctx, code)
	if err != nil {
		return nil, set, err
	}
	units, err := s.Offices.Units(ctx)
	if err != nil {
		return nil, set, err
	}
	for _, u := range units {
		if u.Code != code {
			p.Units = append(p.Units, u)
			continue
		}
		p.Title = u.Name
	}
	all, err := s.Offices.Staff(ctx)
	for _, m := range all {
		if !m.Disabled && (m.Unit == "" || m.Unit == code) {
			p.Staff = append(p.Staff, m)
		}
	}
	for _, z := range calendar.Zones {
		p.Zones = append(p.Zones, z.Name)
	}
	return p, set, err
}

// show fills the form with settings.
func (p *hoursUnitPage) show(u complaints.UnitSettings) {
	p.Form = hoursForm{Own: u.Own || p.All, Seen: u.UpdatedAt.Format(time.RFC3339Nano), Zone: u.Zone, Head: u.Head, Above: u.Above,
		Address: u.Address, Phone: u.Phone, OpenText: u.Open, Works: map[string]bool{}}
	for _, k := range u.Works {
		p.Form.Works[string(k)] = true
	}
	p.fill(u.Week)
}

// fill writes a week into the days of the form.
func (p *hoursUnitPage) fill(w calendar.Week) {
	p.Days = nil
	for _, d := range weekOrder {
		row := dayRow{Key: "day" + strconv.Itoa(int(d)), Name: calendar.DayName(d)}
		for i := range max(fewestSpans, len(w[d])) {
			span := spanRow{No: i + 1}
			if i < len(w[d]) {
				span.From, span.To = w[d][i].From.String(), w[d][i].To.String()
			}
			row.Spans = append(row.Spans, span)
		}
		p.Days = append(p.Days, row)
	}
}

func (s *Server) saveHours(c echo.Context) error {
	p, set, err := s.hoursView(c)
	if err != nil {
		return err
	}
	form, err := c.FormParams()
	if err != nil {
		return err
	}
	if week, ok := weekPresets[form.Get("preset")]; ok {
		p.typed(form)
		p.fill(week)
		p.Form.Own = true
		return s.render(c, http.StatusOK, "hours_unit", p)
	}
	next, err := readHours(form, set.Unit)
	if err == nil {
		err = s.Hours.Save(c.Request().Context(), next)
	}
	if err != nil {
		p.typed(form)
		return s.conflictAgain(c, err, "hours_unit", p)
	}
	s.flash(c, "hours.saved")
	return s.redirect(c, "/settings/hours")
}

// typed fills the form with what was typed, right or wrong.
func (p *hoursUnitPage) typed(form url.Values) {
	p.Form = hoursForm{Own: p.All || form.Get("own") == "yes", Seen: form.Get("seen"), Zone: form.Get("zone"), Head: form.Get("head"), Above: form.Get("above"),
		Address: form.Get("address"), Phone: form.Get("phone"), OpenText: form.Get("open"), Works: map[string]bool{}}
	for _, k := range form["works"] {
		p.Form.Works[k] = true
	}
	p.Days = nil
	for _, d := range weekOrder {
		row := dayRow{Key: "day" + strconv.Itoa(int(d)), Name: calendar.DayName(d)}
		for i := range max(fewestSpans, min(len(form[row.Key+"_from"]), calendar.MostSpans)) {
			row.Spans = append(row.Spans, spanRow{No: i + 1, From: nth(form[row.Key+"_from"], i), To: nth(form[row.Key+"_to"], i)})
		}
		p.Days = append(p.Days, row)
	}
}

func nth(list []string, i int) string {
	if i >= len(list) {
		return ""
	}
	return strings.TrimSpace(list[i])
}

// readHours builds the settings out of the form; a time that is none is told beside its day.
func readHours(form url.Values, unit string) (complaints.UnitSettings, error) {
	u := complaints.UnitSettings{Unit: unit, Own: unit == "" || form.Get("own") == "yes", Zone: form.Get("zone"), Head: form.Get("head"),
		Above: form.Get("above"), Address: form.Get("address"), Phone: form.Get("phone"), Open: form.Get("open")}
	if seen, err := time.Parse(time.RFC3339Nano, form.Get("seen")); err == nil {
		u.UpdatedAt = seen
	}
	for _, k := range form["works"] {
		u.Works = append(u.Works, calendar.HolidayKind(k))
	}
	bad := fault.New(fault.Invalid, "hours_invalid", "Pengaturan belum dapat disimpan. Perbaiki isian yang ditandai.")
	for _, d := range weekOrder {
		key := "day" + strconv.Itoa(int(d))
		for i := range min(len(form[key+"_from"]), calendar.MostSpans) {
			span, filled, ok := readSpan(nth(form[key+"_from"], i), nth(form[key+"_to"], i))
			switch {
			case !ok && u.Own:
				bad = bad.At(key, calendar.DayName(d)+": isi jam buka dan jam tutup, misalnya 08.00 sampai 16.00, atau kosongkan keduanya.")
			case ok && filled:
				u.Week[d] = append(u.Week[d], span)
			}
		}
	}
	if len(bad.Fields) > 0 {
		return u, bad
	}
	return u, nil
}

// readSpan reads two times.
func readSpan(from, to string) (span calendar.Span, filled, ok bool) {
	if from == "" && to == "" {
		return span, false, true
	}
	var well, good bool
	span.From, well = readMinute(from)
	span.To, good = readMinute(to)
	return span, true, well && good
}

// readMinute reads a time of the day as people write it: 8, 08.00, 8:00, 0800, 24.00.
func readMinute(text string) (calendar.Minute, bool) {
	hour, minute, parted := strings.Cut(strings.NewReplacer(":", ".", ",", ".", " ", "").Replace(text), ".")
	if !parted && len(hour) > 2 {
		hour, minute = hour[:len(hour)-2], hour[len(hour)-2:]
	}
	if minute == "" {
		minute = "00"
	}
	h, err := strconv.Atoi(hour)
	if err != nil || len(hour) > 2 || h < 0 || h > 24 {
		return 0, false
	}
	m, err := strconv.Atoi(minute)
	if err != nil || len(minute) != 2 || m < 0 || m > 59 || h == 24 && m > 0 {
		return 0, false
	}
	return calendar.Minute(h*60 + m), true
}
