package web

import (
	"context"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/eligibility"
	"layak/internal/i18n"
)

// leftTeller says in words how much time is left until a deadline, in the working time of the unit
// that has the case.
type leftTeller struct {
	w    *i18n.Printer
	now  time.Time
	zone *time.Location
	// calendar gives the working time of a unit, nil when it is not known.
	calendar func(unit string) *calendar.Calendar
}

// leftTeller reads each calendar once for a page.
func (s *Server) leftTeller(ctx context.Context, w *i18n.Printer) leftTeller {
	known := map[string]*calendar.Calendar{}
	return leftTeller{w: w, now: s.Clock(), zone: s.Zone, calendar: func(unit string) *calendar.Calendar {
		c, ok := known[unit]
		if !ok && s.Calendars != nil {
			// Without a calendar days are counted as they come; the page is worth more than the word.
			c, _ = s.Calendars.Calendar(ctx, unit)
			known[unit] = c
		}
		return c
	}}
}

// plainTeller counts without calendars; for states of the gallery.
func plainTeller(w *i18n.Printer, now time.Time) leftTeller {
	return leftTeller{w: w, now: now, zone: eligibility.WIB, calendar: func(string) *calendar.Calendar { return nil }}
}

// mostDaysCounted is as far as days are counted one by one.
const mostDaysCounted = 90

// text says "sisa 1 jam 12 menit" for what ends within the day, "sisa 3 hari kerja" for what ends
// later, and "lewat …" for what is over. The emergency clock runs day and night: it is told in hours.
func (l leftTeller) text(unit string, kind complaints.ClockKind, due time.Time) string {
	from, to, key := l.now, due, "left."
	if l.now.After(due) {
		from, to, key = due, l.now, "late."
	}
	if kind == complaints.EmergencyClock || sameDay(from, to, l.zone) {
		return l.hours(key, to.Sub(from))
	}
	days, working := l.days(unit, from, to)
	if working {
		key += "working_"
	}
	if days == 0 {
		return l.w.T(key + "none")
	}
	return l.w.T(key+"days", "N", days)
}

func (l leftTeller) hours(key string, d time.Duration) string {
	h, m := int(d.Hours()), int(d.Minutes())%60
	switch {
	case h >= 48:
		return l.w.T(key+"days", "N", h/24)
	case h == 0:
		return l.w.T(key+"minutes", "M", m)
	case m == 0:
		return l.w.T(key+"hours", "H", h)
	}
	return l.w.T(key+"hours_minutes", "H", h, "M", m)
}

// days counts the days after the first moment up to the day of the second one; only working days
// when the calendar of the unit is known.
func (l leftTeller) days(unit string, from, to time.Time) (n int, working bool) {
	c := l.calendar(unit)
	y, m, d := from.In(l.zone).Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, l.zone)
	last := to.In(l.zone)
	if c == nil || to.Sub(from) > mostDaysCounted*24*time.Hour {
		return int(to.Sub(from).Hours()/24 + 0.5), false
	}
	for day = day.AddDate(0, 0, 1); !day.After(last); day = day.AddDate(0, 0, 1) {
		if c.Worked(day, day.AddDate(0, 0, 1), nil) > 0 {
			n++
		}
	}
	return n, true
}

// waits says for how many days the citizen has been waited for.
func (l leftTeller) waits(since time.Time) string {
	return l.w.T("waits.days", "N", int(l.now.Sub(since).Hours()/24))
}

func sameDay(a, b time.Time, zone *time.Location) bool {
	return a.In(zone).Format(time.DateOnly) == b.In(zone).Format(time.DateOnly)
}
