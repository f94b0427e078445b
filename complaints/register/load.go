package register

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"layak/complaints"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Sizes of what is worked on at once and of what a result carries.
const (
	batchRows = 500
	mostWarns = 100
)

// Load reads a register twice: first to find the numbers that stand in it more than once, then to
// take the rows over, or only to count them. It may be stopped and run again: what was taken is
// the same the second time.
func (d *Desk) Load(ctx context.Context, rows Rows, o Options) (Result, error) {
	res := Result{Source: o.Source, DryRun: o.DryRun, Rejects: []Reject{}, Warned: []Reject{}, Strayed: []string{}}
	err := auth.From(ctx).Require(auth.ComplaintImport)
	if err != nil {
		return res, err
	}
	if !slices.Contains(Sources, o.Source) {
		return res, errSource
	}
	start := d.Clock()
	units, err := d.Store.Units(ctx)
	if err != nil {
		return res, err
	}
	l := &load{desk: d, o: o, res: &res, r: newReading(o.Source, start, d.Home, units), met: map[string]*meeting{}}
	err = rows(ctx, l.survey)
	if err != nil {
		return res, err
	}
	err = rows(ctx, func(row Row) error {
		l.add(row)
		if len(l.waiting) < batchRows {
			return nil
		}
		return l.flush(ctx)
	})
	if err == nil {
		err = l.flush(ctx)
	}
	for name := range l.r.stray {
		res.Strayed = append(res.Strayed, name)
	}
	slices.Sort(res.Strayed)
	res.Seconds = d.Clock().Sub(start).Seconds()
	return res, err
}

// meeting is what the first reading saw of a number.
type meeting struct {
	print  uint64
	differ bool
	taken  bool
}

type load struct {
	desk    *Desk
	o       Options
	res     *Result
	r       *reading
	met     map[string]*meeting
	waiting []waiting
}

type waiting struct {
	row Row
	c   complaints.Registered
}

// survey notes the number of a row and a short print of it.
func (l *load) survey(row Row) error {
	n := row.Texts[Number]
	if n == "" {
		return nil
	}
	p := printOf(row)
	m, again := l.met[n]
	if !again {
		l.met[n] = &meeting{print: p}
		return nil
	}
	m.differ = m.differ || m.print != p
	return nil
}

func printOf(row Row) uint64 {
	h := fnv.New64a()
	for _, f := range Fields {
		fmt.Fprintf(h, "%s\x00%d\x01", row.Texts[f], row.Times[f].Unix())
	}
	return h.Sum64()
}

// add reads a row for the second time and lets it wait for its batch.
func (l *load) add(row Row) {
	l.res.Read++
	if !l.wanted(row.Texts[Category]) {
		l.res.Skipped++
		return
	}
	c, bad, warned := l.r.read(row)
	m := l.met[c.Number]
	if m != nil && m.differ {
		bad = []Reject{row.reject(Number, numberTwice)}
	}
	switch {
	case len(bad) > 0:
		l.res.Rejected++
		l.res.Rejects = append(l.res.Rejects, bad...)
		return
	case m.taken:
		l.res.Duplicates++
		return
	}
	m.taken = true
	l.res.Warnings += len(warned)
	l.res.Warned = append(l.res.Warned, warned[:min(len(warned), max(0, mostWarns-len(l.res.Warned)))]...)
	l.waiting = append(l.waiting, waiting{row, c})
}

// wanted tells whether rows of the category are asked for.
func (l *load) wanted(category string) bool {
	if len(l.o.Categories) == 0 {
		return true
	}
	for _, w := range l.o.Categories {
		if w = fold(w); w != "" && strings.Contains(fold(category), w) {
			return true
		}
	}
	return false
}

// flush takes over, or counts, the rows that wait.
func (l *load) flush(ctx context.Context) error {
	if len(l.waiting) == 0 {
		return nil
	}
	numbers := make([]string, len(l.waiting))
	for i, w := range l.waiting {
		numbers[i] = w.c.Number
	}
	known, err := l.desk.Store.Sourced(ctx, l.o.Source, numbers)
	if err != nil {
		return fmt.Errorf("find cases of %s: %w", l.o.Source, err)
	}
	for _, w := range l.waiting {
		err = l.take(ctx, w, known[w.c.Number])
		if err != nil {
			return err
		}
	}
	l.waiting = l.waiting[:0]
	return nil
}

func (l *load) take(ctx context.Context, w waiting, known Sourced) error {
	taken, err := l.outcome(ctx, w.c, known)
	if f := fault.As(err); f != nil && (f.Kind == fault.Invalid || f.Kind == fault.Conflict || f.Kind == fault.NotFound) {
		rej := w.row.reject(Number, notTaken)
		rej.Reason += f.Message
		l.res.Rejected++
		l.res.Rejects = append(l.res.Rejects, rej)
		return nil
	}
	if err != nil {
		return errors.Join(fmt.Errorf("row %d of sheet %s", w.row.N, w.row.Sheet), err)
	}
	switch taken {
	case complaints.TakenNew:
		l.res.New++
	case complaints.TakenChanged:
		l.res.Changed++
	case complaints.TakenSame:
		l.res.Same++
	}
	return nil
}

// outcome takes one row over; a dry run only says what would become of it.
func (l *load) outcome(ctx context.Context, c complaints.Registered, known Sourced) (complaints.Taken, error) {
	sum, err := c.Fingerprint()
	if err != nil {
		return "", err
	}
	switch {
	case known.Ticket != "" && known.Row == sum:
		return complaints.TakenSame, nil
	case l.o.DryRun && known.Ticket != "":
		return complaints.TakenChanged, nil
	case l.o.DryRun:
		return complaints.TakenNew, nil
	}
	_, taken, err := l.desk.Cases.Register(ctx, c, known.Ticket)
	return taken, err
}
