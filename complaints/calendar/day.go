package calendar

import (
	"errors"
	"slices"
	"time"
)

// Errors of a count that cannot end.
var (
	ErrEmptyWeek = errors.New("count working time: the calendar has no working time at all")
	ErrAmount    = errors.New("count working time: the amount is not between 1 and 10 years, or of an unknown measure")
	ErrTooFar    = errors.New("count working time: the end lies more than 60 years away")
)

const (
	mostDays  = 3650
	mostHours = mostDays * 24
	horizon   = 60 * 366 // days that a count looks at before it gives up
)

// date is one day in the zone of a calendar.
type date struct {
	year    int
	month   time.Month
	day     int
	weekday time.Weekday
}

func (c *Calendar) dateOf(t time.Time) date {
	t = t.In(c.Zone)
	y, m, d := t.Date()
	return date{y, m, d, t.Weekday()}
}

// next is the following day. The 28th is the last day of which it is sure without asking the
// calendar of the months.
func (d date) next() date {
	d.weekday = (d.weekday + 1) % 7
	if d.day < 28 {
		d.day++
		return d
	}
	t := time.Date(d.year, d.month, d.day+1, 0, 0, 0, 0, time.UTC)
	d.year, d.month, d.day = t.Date()
	return d
}

// key writes the day as the key of Holidays, without an allocation when used for a look-up.
func (d date) key(b *[10]byte) []byte {
	y, m := d.year, int(d.month)
	*b = [10]byte{
		'0' + byte(y/1000%10), '0' + byte(y/100%10), '0' + byte(y/10%10), '0' + byte(y%10), '-',
		'0' + byte(m/10), '0' + byte(m%10), '-', '0' + byte(d.day/10), '0' + byte(d.day%10),
	}
	return b[:]
}

// at is a minute of the day as a moment.
func (c *Calendar) at(d date, m Minute) time.Time {
	return time.Date(d.year, d.month, d.day, 0, int(m), 0, 0, c.Zone)
}

// off gives the holiday that closes the office on the day.
func (c *Calendar) off(d date) (Holiday, bool) {
	if len(c.Holidays) == 0 {
		return Holiday{}, false
	}
	var b [10]byte
	h, ok := c.Holidays[string(d.key(&b))]
	if !ok || slices.Contains(c.Works, h.Kind) {
		return Holiday{}, false
	}
	return h, true
}

// spans are the working times of the day; none on a holiday.
func (c *Calendar) spans(d date) []Span {
	list := c.Week[d.weekday]
	if len(list) == 0 {
		return nil
	}
	if _, off := c.off(d); off {
		return nil
	}
	return list
}

// asks tells whether a list of holidays matters to the calendar: an office that works on national
// holidays and on cuti bersama does not care which days they are.
func (c *Calendar) asks() bool {
	return !slices.Contains(c.Works, National) || !slices.Contains(c.Works, Leave)
}

// IsWorking tells whether the office works at the moment.
func (c *Calendar) IsWorking(t time.Time) bool {
	d := c.dateOf(t)
	for _, s := range c.spans(d) {
		if !t.Before(c.at(d, s.From)) && t.Before(c.at(d, s.To)) {
			return true
		}
	}
	return false
}

// Opens is the first moment from t on at which the office works.
func (c *Calendar) Opens(t time.Time) (time.Time, error) {
	d := c.dateOf(t)
	for range horizon {
		for _, s := range c.spans(d) {
			if to := c.at(d, s.To); t.Before(to) {
				return latest(t, c.at(d, s.From)), nil
			}
		}
		d = d.next()
	}
	return time.Time{}, ErrTooFar
}

// Worked is the working time between two moments without the pauses; 0 when to is not after from.
func (c *Calendar) Worked(from, to time.Time, pauses []Pause) time.Duration {
	if !from.Before(to) {
		return 0
	}
	still := settle(pauses, to)
	var sum time.Duration
	d := c.dateOf(from)
	for range horizon {
		if !c.at(d, 0).Before(to) {
			break
		}
		for _, s := range c.spans(d) {
			a, b := latest(from, c.at(d, s.From)), earliest(to, c.at(d, s.To))
			sum += still.running(a, b)
		}
		d = d.next()
	}
	return sum
}

// standstill is pauses in order that do not overlap, all with an end.
type standstill []Pause

// settle puts pauses in order, lets open ones end at now and cuts away what another one covers.
func settle(pauses []Pause, now time.Time) standstill {
	if len(pauses) == 0 {
		return nil
	}
	all := make(standstill, 0, len(pauses))
	for _, p := range pauses {
		if p.Until.IsZero() {
			p.Until = now
		}
		if p.Why == "" {
			p.Why = whyPaused
		}
		all = append(all, p)
	}
	slices.SortStableFunc(all, func(a, b Pause) int { return a.From.Compare(b.From) })
	apart := all[:0]
	for _, p := range all {
		if last := len(apart) - 1; last >= 0 {
			p.From = latest(p.From, apart[last].Until)
		}
		if p.From.Before(p.Until) {
			apart = append(apart, p)
		}
	}
	return apart
}

// running is the time between a and b that lies in no pause.
func (s standstill) running(a, b time.Time) time.Duration {
	if !a.Before(b) {
		return 0
	}
	sum := b.Sub(a)
	for _, p := range s {
		if from, to := latest(a, p.From), earliest(b, p.Until); from.Before(to) {
			sum -= to.Sub(from)
		}
	}
	return sum
}

// touches tells whether a pause lies between a and b.
func (s standstill) touches(a, b time.Time) bool {
	for _, p := range s {
		if p.From.Before(b) && a.Before(p.Until) {
			return true
		}
	}
	return false
}

// pieces calls fn for every stretch between a and b in order: running ones with a nil pause. It
// stops when fn returns false.
func (s standstill) pieces(a, b time.Time, fn func(from, to time.Time, p *Pause) bool) bool {
	for i := range s {
		p := &s[i]
		if !p.Until.After(a) || !p.From.Before(b) {
			continue
		}
		if a.Before(p.From) {
			if !fn(a, p.From, nil) {
				return false
			}
			a = p.From
		}
		end := earliest(b, p.Until)
		if !fn(a, end, p) {
			return false
		}
		a = end
	}
	if a.Before(b) {
		return fn(a, b, nil)
	}
	return true
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
