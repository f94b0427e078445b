package complaints

import (
	"context"
	"fmt"
	"slices"
	"time"

	"layak/complaints/calendar"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// warnPercent is when a clock warns whose ladder has no rung.
const warnPercent = 75

// Office gives the calendar of a unit; Calendars.Calendar with a context is one.
type Office func(unit string) (*calendar.Calendar, error)

// ClocksAt computes all clocks of the case as they stood at a moment, out of the events up to then,
// the word of the routing rules of then and the calendars of today.
func (c Complaint) ClocksAt(office Office, now time.Time) ([]Clock, error) {
	l := c.ledgerAt(now)
	var all []Clock
	for _, o := range l.all {
		k, owed := l.clock(o)
		if !owed {
			continue
		}
		cal, err := office(k.Unit)
		if err != nil {
			return nil, err
		}
		err = k.reckon(cal, now)
		if err != nil {
			return nil, fmt.Errorf("clock %s of %s: %w", k.Kind, c.Ticket, err)
		}
		all = append(all, k)
	}
	return all, nil
}

// clock puts the limit on an obligation; false when the routing rules know none.
func (l *ledger) clock(o *obligation) (Clock, bool) {
	route, unit := l.route, l.unit
	if !o.stop.IsZero() {
		route, unit = o.route, o.unit
	}
	limit, owed := route.limit(o.kind)
	if !owed {
		return Clock{}, false
	}
	k := Clock{
		Kind: o.kind, Round: o.round, Unit: unit, Source: limit.Source, StartedAt: o.start,
		Limit:  calendar.Limit{Amount: limit.Amount, Measure: calendar.Measure(limit.Measure)},
		Pauses: limit.Pauses && o.kind != EmergencyClock && o.kind != WaitingClock && o.kind != NumberClock, ladder: route.Ladder,
	}
	if !o.stop.IsZero() {
		k.StoppedAt = &o.stop
	}
	if k.Pauses {
		k.pauses = append(k.pauses, o.waits...)
	}
	if o.kind != EmergencyClock {
		k.pauses = append(k.pauses, o.mergers...)
	}
	return k, true
}

// reckon computes when the clock is due and when it warns.
func (c *Clock) reckon(cal *calendar.Calendar, now time.Time) error {
	for _, p := range c.pauses {
		if p.Until.IsZero() && c.StoppedAt == nil {
			c.Paused = true
		}
	}
	now = c.until(now)
	count, err := cal.Due(c.StartedAt, c.Limit, c.pauses, now)
	if err != nil {
		return err
	}
	c.DueAt = moment(count.Due)
	c.WarnAt, err = cal.At(c.StartedAt, c.Limit, c.firstRung(), c.pauses, now)
	c.WarnAt = moment(c.WarnAt)
	return err
}

// until is the end of an open pause: now, or when the clock stopped.
func (c *Clock) until(now time.Time) time.Time {
	if c.StoppedAt != nil {
		return *c.StoppedAt
	}
	return now
}

func (c *Clock) firstRung() int {
	first := 0
	for _, r := range c.ladder {
		if r.Percent > 0 && (first == 0 || r.Percent < first) {
			first = r.Percent
		}
	}
	if first == 0 {
		return warnPercent
	}
	return first
}

// rungAt is a rung of the ladder of a running clock with the moment at which it is reached.
type rungAt struct {
	Clock Clock
	Rung  policy.Rung
	At    time.Time
}

// rungs lists the rungs of every running clock of the office; while a clock stands still it has
// none, and the time of others is nobody's to escalate. The clocks must be fresh from ClocksAt.
func rungs(clocks []Clock, office Office, now time.Time) ([]rungAt, error) {
	var all []rungAt
	for _, k := range clocks {
		if !k.runs() || k.Kind.OfOthers() {
			continue
		}
		cal, err := office(k.Unit)
		if err != nil {
			return nil, err
		}
		for _, r := range k.ladder {
			at, err := k.at(cal, r.Percent, now)
			if err != nil {
				return nil, fmt.Errorf("rung %d %% of clock %s: %w", r.Percent, k.Kind, err)
			}
			all = append(all, rungAt{Clock: k, Rung: r, At: moment(at)})
		}
	}
	return all, nil
}

// at is when a share of the time is gone. The two that everybody asks for are known already.
func (c *Clock) at(cal *calendar.Calendar, percent int, now time.Time) (time.Time, error) {
	switch percent {
	case 100:
		return c.DueAt, nil
	case c.firstRung():
		return c.WarnAt, nil
	}
	return cal.At(c.StartedAt, c.Limit, percent, c.pauses, now)
}

// hours is the calendars within a request.
func (s *Service) hours(ctx context.Context) Office {
	return func(unit string) (*calendar.Calendar, error) { return s.Calendars.Calendar(ctx, unit) }
}

// keepTime computes the clocks of the case out of its events, tasks and refund as they are after an
// act, and with them DueAt, DueKind and LookAt. The sweep empties LookAt before it calls: a look
// that is due already and was not taken stays due.
func (s *Service) keepTime(ctx context.Context, c *Complaint, now time.Time) error {
	if s.Calendars == nil {
		return nil
	}
	office := s.hours(ctx)
	clocks, err := c.ClocksAt(office, now)
	if err != nil {
		return err
	}
	before := c.Clocks
	c.Clocks = stored(clocks)
	c.earliest()
	var look look
	look.now = now
	if c.LookAt != nil && !c.LookAt.After(now) {
		look.add(*c.LookAt)
	}
	steps, err := rungs(clocks, office, now)
	if err != nil {
		return err
	}
	for _, r := range steps {
		look.ahead(r.At, moved(before, r.Clock))
	}
	for _, k := range clocks {
		if k.Kind.OfOthers() && k.runs() {
			look.ahead(k.DueAt, moved(before, k))
		}
	}
	for _, t := range c.Tasks {
		if t.Result == "" && t.DueAt != nil {
			look.ahead(*t.DueAt, false)
		}
	}
	silent, err := c.silentAt(office)
	if err != nil {
		return err
	}
	if !silent.IsZero() {
		look.ahead(silent, true)
	}
	c.LookAt = look.at
	return nil
}

// stored is the clocks as storage gives them back.
func stored(fresh []Clock) []Clock {
	all := slices.Clone(fresh)
	for i := range all {
		all[i].pauses, all[i].ladder = nil, nil
	}
	return all
}

// earliest puts the deadline that comes first into the case. The time of others is no duty of the
// office and so no deadline of the case; but a forwarded case that owes nothing else carries the day
// on which the other office is asked for its number, so that a list finds those without one.
func (c *Complaint) earliest() {
	c.DueAt, c.DueKind = nil, ""
	for _, k := range c.Clocks {
		if k.runs() && !k.Kind.OfOthers() && (c.DueAt == nil || k.DueAt.Before(*c.DueAt)) {
			due := k.DueAt
			c.DueAt, c.DueKind = &due, k.Kind
		}
	}
	for _, k := range c.Clocks {
		if k.runs() && k.Kind == NumberClock && c.DueAt == nil {
			due := k.DueAt
			c.DueAt, c.DueKind = &due, k.Kind
		}
	}
}

// look is the earliest moment at which the sweep has something to do.
type look struct {
	now time.Time
	at  *time.Time
}

func (l *look) add(t time.Time) {
	if l.at == nil || t.Before(*l.at) {
		l.at = &t
	}
}

// ahead adds a moment that lies before us; one that lies behind only when it is news, and then the
// sweep looks at once.
func (l *look) ahead(t time.Time, news bool) {
	switch {
	case t.After(l.now):
		l.add(t)
	case news:
		l.add(l.now)
	}
}

// moved tells whether the clock was not there before, or was due at another moment.
func moved(before []Clock, k Clock) bool {
	for _, b := range before {
		if b.Kind == k.Kind && b.Round == k.Round && b.StartedAt.Equal(k.StartedAt) {
			return !b.DueAt.Equal(k.DueAt)
		}
	}
	return true
}

// silentAt is when a colleague who did nothing loses the case to the queue; zero when nobody can.
func (c *Complaint) silentAt(office Office) (time.Time, error) {
	route, ok := c.Route()
	if !ok || route.SilentHours <= 0 || c.Staff == "" || c.ActedAt.IsZero() {
		return time.Time{}, nil
	}
	switch c.State {
	case Received, Verified, InProgress:
	default:
		return time.Time{}, nil
	}
	cal, err := office(c.Unit)
	if err != nil {
		return time.Time{}, err
	}
	count, err := cal.Due(c.ActedAt, calendar.Limit{Amount: route.SilentHours, Measure: calendar.WorkingHours}, nil, c.ActedAt)
	if err != nil {
		return time.Time{}, fmt.Errorf("silence of the assignee of %s: %w", c.Ticket, err)
	}
	return moment(count.Due), nil
}

// Reckoning says how the deadline of a clock came about.
type Reckoning struct {
	Ticket   Ticket            `json:"ticket"`
	Clock    Clock             `json:"clock"`
	Timeline calendar.Timeline `json:"timeline"`
	Zone     *time.Location    `json:"-"` // in which the office reads its clock
	// Left is the working time until the deadline, 0 behind it; of a clock that counts day and night
	// simply the time.
	Left time.Duration `json:"left"`
}

// Explain tells how the deadline of a clock of the case comes about, as it stands now; the last
// clock of the kind and round when there are several. fault.NotFound outside the actor's scope and
// for a clock that the case does not have.
func (s *Service) Explain(ctx context.Context, t Ticket, kind ClockKind, round int) (Reckoning, error) {
	r := Reckoning{Ticket: t}
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintRead)
	if err != nil {
		return r, err
	}
	c, err := s.Store.Complaint(ctx, t, ScopeOf(actor))
	if err != nil {
		return r, err
	}
	if s.Calendars == nil {
		return r, errNoClock
	}
	now, office := s.now(), s.hours(ctx)
	clocks, err := c.ClocksAt(office, now)
	if err != nil {
		return r, err
	}
	found := false
	for _, k := range clocks {
		if k.Kind == kind && k.Round == round {
			r.Clock, found = k, true
		}
	}
	if !found {
		return r, errNoClock
	}
	cal, err := office(r.Clock.Unit)
	if err != nil {
		return r, err
	}
	r.Zone = cal.Zone
	r.Timeline, err = cal.Explain(r.Clock.StartedAt, r.Clock.Limit, r.Clock.pauses, r.Clock.until(now))
	r.Left = left(cal, r.Clock, now)
	return r, err
}

var errNoClock = fault.New(fault.NotFound, "clock_not_found", "Aduan ini tidak mempunyai batas waktu itu.")

func left(cal *calendar.Calendar, k Clock, now time.Time) time.Duration {
	switch {
	case !k.DueAt.After(now):
		return 0
	case k.Limit.Measure == calendar.Hours:
		return k.DueAt.Sub(now)
	}
	return cal.Worked(now, k.DueAt, nil)
}
