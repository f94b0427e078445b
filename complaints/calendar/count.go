package calendar

import (
	"math/big"
	"slices"
	"time"
)

// Count is when an amount of time is over.
type Count struct {
	Due time.Time
	// Unlisted are years that were counted through without a list of their holidays.
	Unlisted []int
}

// Due is when the limit that starts at a moment is over. A pause without an end counts as if it
// ended now, so the answer is then the earliest possible one. It is exact to the microsecond, never
// early. ErrEmptyWeek, ErrAmount or ErrTooFar when there is no such moment.
func (c *Calendar) Due(start time.Time, l Limit, pauses []Pause, now time.Time) (Count, error) {
	return c.end(start, l, 100, pauses, now, nil)
}

// At is when percent of the limit is gone; more than 100 lies behind the deadline.
func (c *Calendar) At(start time.Time, l Limit, percent int, pauses []Pause, now time.Time) (time.Time, error) {
	if percent <= 0 {
		return start, nil
	}
	n, err := c.end(start, l, percent, pauses, now, nil)
	return n.Due, err
}

func (c *Calendar) end(start time.Time, l Limit, percent int, pauses []Pause, now time.Time, note func(Stretch)) (Count, error) {
	err := c.admits(start, l, percent)
	if err != nil {
		return Count{}, err
	}
	w := walk{c: c, start: start, still: settle(pauses, now), note: note}
	switch l.Measure {
	case Hours:
		return Count{Due: w.clock(time.Duration(l.Amount*percent) * (time.Hour / 100))}, nil
	case WorkingHours:
		w.left = left{time: time.Duration(l.Amount*percent) * (time.Hour / 100)}
		err = w.days(c.dateOf(start))
	default:
		w.left = newDays(int64(l.Amount) * int64(percent))
		first := c.dateOf(start)
		w.obligation(first)
		err = w.days(first.next())
	}
	return Count{Due: w.due, Unlisted: w.unlisted}, err
}

// admits refuses what has no end, or none within reason.
func (c *Calendar) admits(start time.Time, l Limit, percent int) error {
	most := mostDays
	switch l.Measure {
	case WorkingDays:
	case Hours, WorkingHours:
		most = mostHours
	default:
		return ErrAmount
	}
	if l.Amount <= 0 || l.Amount > most || percent > 1000 {
		return ErrAmount
	}
	if y := start.Year(); y < 1 || y > 9000 {
		return ErrTooFar
	}
	if l.Measure == Hours {
		return nil
	}
	for _, list := range c.Week {
		if len(list) > 0 {
			return nil
		}
	}
	return ErrEmptyWeek
}

// left is what remains of an amount: working time, or working days as a whole number and an exact
// fraction of one more.
type left struct {
	time time.Duration
	days bool
	n    int64
	part big.Rat // at least 0, less than 1
}

func newDays(hundredths int64) left {
	l := left{days: true, n: hundredths / 100}
	if rest := hundredths % 100; rest > 0 {
		l.part.SetFrac64(rest, 100)
	}
	return l
}

// whole takes one full day away and says true, when more than that is left.
func (l *left) whole() bool {
	if !l.days || l.n < 1 || l.n == 1 && l.part.Sign() == 0 {
		return false
	}
	l.n--
	return true
}

// take uses up the running time of a day that is length long; done tells that the amount ends
// within it, after need.
func (l *left) take(running, length time.Duration) (need time.Duration, done bool) {
	switch {
	case !l.days && l.time <= running:
		return l.time, true
	case !l.days:
		l.time -= running
		return 0, false
	case running == length && l.n == 1 && l.part.Sign() == 0:
		return length, true
	}
	all := new(big.Rat).SetInt64(l.n)
	all.Add(all, &l.part)
	share := big.NewRat(int64(running), int64(length))
	if all.Cmp(share) > 0 {
		all.Sub(all, share)
		l.n = new(big.Int).Quo(all.Num(), all.Denom()).Int64()
		l.part.Sub(all, share.SetInt64(l.n))
		return 0, false
	}
	all.Mul(all, share.SetInt64(int64(length)))
	n, rest := new(big.Int).QuoRem(all.Num(), all.Denom(), new(big.Int))
	need = time.Duration(n.Int64())
	if rest.Sign() > 0 {
		need++
	}
	if cut := need % time.Microsecond; cut > 0 {
		need += time.Microsecond - cut
	}
	return min(need, running), true
}

// walk goes through the days of a count.
type walk struct {
	c        *Calendar
	start    time.Time
	still    standstill
	left     left
	note     func(Stretch) // nil when nobody asks for the timeline
	due      time.Time
	unlisted []int
}

// days counts from the beginning of a day on, or from the start when that lies within it.
func (w *walk) days(d date) error {
	asks, year := w.c.asks(), 0
	for range horizon {
		if asks && d.year != year {
			year = d.year
			if !w.c.Years[year] && !slices.Contains(w.unlisted, year) {
				w.unlisted = append(w.unlisted, year)
			}
		}
		spans := w.c.spans(d)
		if w.note == nil && w.plain(d, spans) {
			d = d.next()
			continue
		}
		if w.day(d, spans) {
			return nil
		}
		d = d.next()
	}
	return ErrTooFar
}

// plain passes over a day of which the single minutes do not matter: one without working time, or a
// whole one that no pause touches.
func (w *walk) plain(d date, spans []Span) bool {
	if len(spans) == 0 {
		return true
	}
	if len(w.still) > 0 && w.still.touches(w.c.at(d, 0), w.c.at(d, 1440)) {
		return false
	}
	return w.left.whole()
}

// day counts one day; true when the amount ends in it.
func (w *walk) day(d date, spans []Span) bool {
	var running, length time.Duration
	for _, s := range spans {
		from, to := w.c.at(d, s.From), w.c.at(d, s.To)
		length += to.Sub(from)
		running += w.still.running(latest(w.start, from), to)
	}
	need, done := time.Duration(0), false
	if running > 0 {
		need, done = w.left.take(running, length)
	}
	if !done {
		need = running
	}
	cursor := latest(w.start, w.c.at(d, 0))
	why := w.c.closed(d, spans)
	for _, s := range spans {
		from, to := latest(w.start, w.c.at(d, s.From)), w.c.at(d, s.To)
		w.skip(cursor, from, why)
		w.still.pieces(from, to, func(a, b time.Time, p *Pause) bool {
			if p != nil {
				w.tell(a, b, p.Why, 0, 0)
				return true
			}
			if done && need <= b.Sub(a) {
				w.due = a.Add(need)
				w.tell(a, w.due, "", need, length)
				return false
			}
			need -= b.Sub(a)
			w.tell(a, b, "", b.Sub(a), length)
			return true
		})
		if done && !w.due.IsZero() {
			return true
		}
		cursor = latest(cursor, to)
	}
	w.skip(cursor, w.c.at(d, 1440), why)
	return false
}

// clock counts day and night.
func (w *walk) clock(amount time.Duration) time.Time {
	cursor := w.start
	for _, p := range w.still {
		if !p.Until.After(cursor) {
			continue
		}
		if p.From.After(cursor) {
			if gap := p.From.Sub(cursor); amount <= gap {
				break
			}
			w.tell(cursor, p.From, "", p.From.Sub(cursor), 0)
			amount -= p.From.Sub(cursor)
			cursor = p.From
		}
		w.tell(cursor, p.Until, p.Why, 0, 0)
		cursor = p.Until
	}
	w.tell(cursor, cursor.Add(amount), "", amount, 0)
	return cursor.Add(amount)
}

// Spent is how much of the measure lies between the start and a moment: days or hours, exact.
func (c *Calendar) Spent(start time.Time, m Measure, pauses []Pause, until time.Time) *big.Rat {
	sum := new(big.Rat)
	if !start.Before(until) {
		return sum
	}
	still := settle(pauses, until)
	switch m {
	case Hours:
		return sum.SetFrac64(int64(still.running(start, until)), int64(time.Hour))
	case WorkingHours:
		return sum.SetFrac64(int64(c.Worked(start, until, pauses)), int64(time.Hour))
	}
	d := c.dateOf(start).next()
	whole := int64(0)
	for range horizon {
		if !c.at(d, 0).Before(until) {
			break
		}
		var running, length time.Duration
		for _, s := range c.spans(d) {
			from, to := c.at(d, s.From), c.at(d, s.To)
			length += to.Sub(from)
			running += still.running(from, earliest(to, until))
		}
		switch {
		case running == length && length > 0:
			whole++
		case running > 0:
			sum.Add(sum, big.NewRat(int64(running), int64(length)))
		}
		d = d.next()
	}
	return sum.Add(sum, new(big.Rat).SetInt64(whole))
}
