package calendar

import (
	"strconv"
	"time"
)

// Stretch is a piece of a timeline: counted when Why is empty, else skipped for that reason.
type Stretch struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	Why   string    `json:"why,omitempty"`
	// Amount is what a counted stretch brought, in the days or hours of the limit. It is for reading;
	// the count itself is exact.
	Amount float64 `json:"amount,omitempty"`
}

// Counted tells whether the stretch counts.
func (s Stretch) Counted() bool { return s.Why == "" }

// Timeline says how a deadline came about.
type Timeline struct {
	Start     time.Time `json:"start"`
	Due       time.Time `json:"due"`
	Limit     Limit     `json:"limit"`
	Stretches []Stretch `json:"stretches"` // without gaps from Start to Due
	Warnings  []string  `json:"warnings"`  // Indonesian sentences
}

// What a stretch is skipped for, beside holidays and pauses.
const (
	whyFirst   = "Hari mulainya tidak dihitung"
	whyClosed  = "Di luar jam kerja"
	whyWeekend = "Akhir pekan"
	whyDayOff  = "Bukan hari kerja"
	whyPaused  = "Batas waktu ditunda"
)

var kindWords = map[HolidayKind]string{National: "Libur nasional", Leave: "Cuti bersama", Local: "Libur daerah"}

// Label is the Indonesian word of the kind.
func (k HolidayKind) Label() string { return kindWords[k] }

// Explain counts like Due and writes down every stretch.
func (c *Calendar) Explain(start time.Time, l Limit, pauses []Pause, now time.Time) (Timeline, error) {
	t := Timeline{Start: start, Limit: l, Stretches: []Stretch{}, Warnings: []string{}}
	n, err := c.end(start, l, 100, pauses, now, t.add)
	if err != nil {
		return t, err
	}
	t.Due, t.Warnings = n.Due, n.Warnings()
	return t, nil
}

// add puts a stretch behind the others; what goes on for the same reason is one stretch.
func (t *Timeline) add(s Stretch) {
	if last := len(t.Stretches) - 1; last >= 0 {
		before := &t.Stretches[last]
		if before.Why == s.Why && before.Until.Equal(s.From) {
			before.Until = s.Until
			before.Amount += s.Amount
			return
		}
	}
	t.Stretches = append(t.Stretches, s)
}

// Warnings says in words what the count could not know.
func (n Count) Warnings() []string {
	all := []string{}
	for _, y := range n.Unlisted {
		all = append(all, "Daftar libur "+strconv.Itoa(y)+" belum dimuat, tenggat dapat berubah.")
	}
	return all
}

// closed says why the office does not work on the day, outside the spans.
func (c *Calendar) closed(d date, spans []Span) string {
	if len(spans) > 0 {
		return whyClosed
	}
	h, off := c.off(d)
	switch {
	case off && len(c.Week[d.weekday]) > 0:
		return h.Kind.Label() + ": " + h.Name
	case d.weekday == time.Saturday || d.weekday == time.Sunday:
		return whyWeekend
	}
	return whyDayOff
}

// tell writes a stretch down; worked of a day that is length long, or of hours when length is 0.
func (w *walk) tell(from, until time.Time, why string, worked, length time.Duration) {
	if w.note == nil || !from.Before(until) {
		return
	}
	s := Stretch{From: from, Until: until, Why: why}
	switch {
	case worked > 0 && w.left.days:
		s.Amount = float64(worked) / float64(length)
	case worked > 0:
		s.Amount = worked.Hours()
	}
	w.note(s)
}

// skip writes down time that does not count anyhow; within a pause that is the better reason.
func (w *walk) skip(from, until time.Time, why string) {
	if w.note == nil || !from.Before(until) {
		return
	}
	w.still.pieces(from, until, func(a, b time.Time, p *Pause) bool {
		if p != nil && p.Why != "" {
			w.tell(a, b, p.Why, 0, 0)
			return true
		}
		w.tell(a, b, why, 0, 0)
		return true
	})
}

// obligation passes over the day of the obligation, which does not count.
func (w *walk) obligation(d date) { w.skip(w.start, w.c.at(d, 1440), whyFirst) }
