package numbers

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
)

// Store keeps facts and cells. All of it belongs to the home regency.
type Store interface {
	// Uncounted gives ids of cases that were changed at or after since and are not counted as they
	// are now, and of cases of which a deadline ran out by now; at most limit.
	Uncounted(ctx context.Context, since, now time.Time, limit int) ([]string, error)
	// Missed looks at the next cases with ids above after, at most limit, and gives the ids of those
	// that are not counted as they are now, however long ago they changed. last is the id up to
	// which it looked, "" when no case is left above.
	Missed(ctx context.Context, after string, limit int) (ids []string, last string, err error)
	// NumberSources reads the cases with the ids.
	NumberSources(ctx context.Context, ids []string) ([]Source, error)
	// SaveFacts replaces the facts and moves the cells along, in one transaction. It fails when
	// another process counted meanwhile.
	SaveFacts(ctx context.Context, facts []Fact) error
	// AddFacts replaces the facts and leaves the cells alone; CountMonth then adds up the cells of a
	// month anew, and CountedMonths lists the months that have facts.
	AddFacts(ctx context.Context, facts []Fact) error
	CountMonth(ctx context.Context, month string) error
	CountedMonths(ctx context.Context) ([]string, error)
	// CountedAt is up to when everything is counted; zero when nothing ever was.
	CountedAt(ctx context.Context) (time.Time, error)
	SetCountedAt(ctx context.Context, at time.Time) error
	// ForgetNumbers drops all facts and cells.
	ForgetNumbers(ctx context.Context) error
	// Cells calls yield for the cells of a unit and slice in the months.
	Cells(ctx context.Context, unit, slice, from, to string, yield func(Key, string) error) error
	// Facts calls yield for the facts that lie in the filter; of a fact only Place and Counts are set.
	Facts(ctx context.Context, f Filter, yield func(Place, string) error) error
	// LockNumbers lets one process count at a time; ok is false when another one does.
	LockNumbers(ctx context.Context) (release func(), ok bool, err error)
}

// Counter keeps the counts up with the cases.
type Counter struct {
	Store Store
	// Calendars gives the working time of units; without it no times are counted.
	Calendars complaints.Calendars
	Zone      *time.Location
	Clock     func() time.Time
	Log       *slog.Logger // nil logs nothing
}

const (
	// batch is how many cases are counted in one transaction: small, so that desks never wait.
	batch = 100
	// firstBatch is how many are read at once when everything is counted for the first time, and how
	// many are looked at together when what was missed is sought.
	firstBatch = 2_000
	// rest is how long a count of much pauses after each batch, as a share of the time that the
	// batch took: desks need the processor and the disk at the same moment. A search, which mostly
	// finds nothing, is in less of a hurry.
	rest, restOfSearch = 0.5, 9.0
	// overlap is how far back a look for changes begins before the last one ended: a change may
	// commit later than the moment it carries.
	overlap = 5 * time.Minute
)

// Refresh counts what has changed, all of it, and tells how many cases that were. It does nothing
// when another process is counting.
func (c *Counter) Refresh(ctx context.Context) (int, error) { return c.refresh(ctx, 1<<30) }

// CatchUp counts what has changed when that is little, so that a page shows what was done a moment
// ago; what is more than little is left to Refresh.
func (c *Counter) CatchUp(ctx context.Context) error {
	_, err := c.refresh(ctx, batch)
	return err
}

func (c *Counter) refresh(ctx context.Context, most int) (int, error) {
	release, ok, err := c.Store.LockNumbers(ctx)
	if err != nil || !ok {
		return 0, err
	}
	defer release()
	last, err := c.Store.CountedAt(ctx)
	if err != nil {
		return 0, err
	}
	if last.IsZero() {
		return c.begin(ctx, most)
	}
	done := 0
	for {
		now := c.now()
		ids, err := c.Store.Uncounted(ctx, last.Add(-overlap), now, min(batch, most))
		if err != nil {
			return done, err
		}
		if len(ids) == 0 {
			return done, c.Store.SetCountedAt(ctx, now)
		}
		err = c.count(ctx, ids, c.Store.SaveFacts, now)
		if err != nil {
			return done, err
		}
		done += len(ids)
		if done >= most {
			return done, nil
		}
	}
}

// begin counts for the first time, unless that is more than most. A count that was cut off goes on
// where it was: the facts are there, and all cells are added up anew.
func (c *Counter) begin(ctx context.Context, most int) (int, error) {
	if most < firstBatch {
		_, more, err := c.Store.Missed(ctx, "", most)
		if err != nil || more != "" {
			return 0, err
		}
	}
	began := c.now()
	done, err := c.missed(ctx, firstBatch, c.Store.AddFacts, began)
	if err != nil {
		return done, err
	}
	months, err := c.Store.CountedMonths(ctx)
	for _, m := range months {
		if err == nil {
			err = c.Store.CountMonth(ctx, m)
		}
	}
	if err != nil {
		return done, fmt.Errorf("add up months: %w", err)
	}
	return done, c.Store.SetCountedAt(ctx, began)
}

// Sweep counts every case that is not counted as it is, however long ago it changed: at the start,
// and now and then after that, because a register that is taken over brings old dates.
func (c *Counter) Sweep(ctx context.Context) (int, error) {
	release, ok, err := c.Store.LockNumbers(ctx)
	if err != nil || !ok {
		return 0, err
	}
	defer release()
	last, err := c.Store.CountedAt(ctx)
	if err != nil {
		return 0, err
	}
	if last.IsZero() {
		return c.begin(ctx, 1<<30)
	}
	began := c.now()
	done, err := c.missed(ctx, batch, c.Store.SaveFacts, began)
	if err != nil {
		return done, err
	}
	return done, c.Store.SetCountedAt(ctx, began)
}

// missed counts what is not counted as it is, size cases at a time.
func (c *Counter) missed(ctx context.Context, size int, save func(context.Context, []Fact) error, now time.Time) (int, error) {
	done, after := 0, ""
	for {
		began := time.Now()
		ids, last, err := c.Store.Missed(ctx, after, firstBatch)
		if err != nil {
			return done, err
		}
		looked := time.Since(began)
		for some := range slices.Chunk(ids, size) {
			began = time.Now()
			err = c.count(ctx, some, save, now)
			if err != nil {
				return done, err
			}
			done += len(some)
			err = pause(ctx, time.Duration(rest*float64(time.Since(began))))
			if err != nil {
				return done, err
			}
		}
		if last == "" {
			return done, nil
		}
		after = last
		err = pause(ctx, time.Duration(restOfSearch*float64(looked)))
		if err != nil {
			return done, err
		}
	}
}

// pause waits, unless ctx ends first.
func pause(ctx context.Context, length time.Duration) error {
	t := time.NewTimer(length)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Rebuild counts everything anew, for instance after working hours of the past were corrected.
func (c *Counter) Rebuild(ctx context.Context) (int, error) {
	release, ok, err := c.Store.LockNumbers(ctx)
	if err != nil || !ok {
		return 0, err
	}
	defer release()
	err = c.Store.ForgetNumbers(ctx)
	if err != nil {
		return 0, err
	}
	return c.begin(ctx, 1<<30)
}

func (c *Counter) count(ctx context.Context, ids []string, save func(context.Context, []Fact) error, now time.Time) error {
	sources, err := c.Store.NumberSources(ctx, ids)
	if err != nil {
		return err
	}
	facts := make([]Fact, len(sources))
	for i, s := range sources {
		facts[i], err = FactOf(s, c.Zone, c.worker(ctx), now)
		if err != nil && c.Log != nil {
			c.Log.WarnContext(ctx, "working time of a case not counted", "ticket", s.Complaint.Ticket, "error", err)
		}
	}
	err = save(ctx, facts)
	if err != nil {
		return fmt.Errorf("save counts of %d cases: %w", len(facts), err)
	}
	return nil
}

func (c *Counter) now() time.Time { return c.Clock().UTC().Truncate(time.Microsecond) }

// worker measures with the working hours of the office for every unit, so that a desk that is open day
// and night can be compared with the others; nil when there are no calendars. Whether a deadline was
// kept is judged by the unit's own.
func (c *Counter) worker(ctx context.Context) Worker {
	if c.Calendars == nil {
		return nil
	}
	return func(from, to time.Time, pauses []calendar.Pause) (time.Duration, error) {
		cal, err := c.Calendars.Calendar(ctx, "")
		if err != nil {
			return 0, err
		}
		return cal.Worked(from, to, pauses), nil
	}
}
