package numbers

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"layak/internal/auth"
	"layak/internal/fault"
)

// Row is one line of a table of figures.
type Row struct {
	Value  string // code of the dimension; "" is not known
	Counts Counts
}

// Report is what a dashboard shows.
type Report struct {
	Filter    Filter
	Total     Counts
	Months    []Row               // every month of the period, also empty ones, oldest first
	By        map[Dimension][]Row // largest first
	CountedAt time.Time           // zero: nothing was counted yet
	Day       int                 // minutes of a usual working day of the office
}

// Service answers who may see which figures.
type Service struct {
	Counter *Counter
	Cases   CaseStore
	Staff   StaffStore
	Live    LoadStore
	Office  string // "Kabupaten Jember", on the monthly report

	public kept
}

// Report gives the figures that the filter asks for, as far as the actor may see them: who works
// for one unit sees that unit.
func (s *Service) Report(ctx context.Context, f Filter) (Report, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ReportRead)
	if err != nil {
		return Report{}, err
	}
	f, err = scoped(actor, f)
	if err != nil {
		return Report{}, err
	}
	err = s.Counter.CatchUp(ctx)
	if err != nil {
		return Report{}, err
	}
	return s.Counter.Report(ctx, f)
}

// scoped narrows the filter to what the actor may see.
func scoped(a auth.Actor, f Filter) (Filter, error) {
	if a.All {
		return f, nil
	}
	if a.Unit == "" || f.Unit != "" && f.Unit != a.Unit {
		return f, fault.New(fault.NotFound, "report_not_found", "Laporan ini milik unit lain. Buka laporan unit Anda sendiri.")
	}
	f.Unit = a.Unit
	return f, nil
}

// Report adds up what is counted, for whoever has asked who may see it. From and To must be set.
func (c *Counter) Report(ctx context.Context, f Filter) (Report, error) {
	months, err := Months(f.From, f.To)
	if err != nil {
		return Report{}, err
	}
	at, err := c.Store.CountedAt(ctx)
	if err != nil {
		return Report{}, err
	}
	if at.IsZero() { // half a count would be no truth
		return Report{Filter: f, Total: Counts{}, By: map[Dimension][]Row{}, Day: usualDay}, nil
	}
	sums := map[Dimension]map[string]Counts{}
	byMonth := map[string]Counts{}
	add := func(k Key, text string) error {
		if k.Dimension == Total {
			err := into(byMonth, k.Month, text)
			if err != nil {
				return err
			}
		}
		if sums[k.Dimension] == nil {
			sums[k.Dimension] = map[string]Counts{}
		}
		return into(sums[k.Dimension], k.Value, text)
	}
	if f.kept() {
		err = c.Store.Cells(ctx, f.Unit, f.slice(), f.From, f.To, add)
	} else {
		err = c.Store.Facts(ctx, f, func(p Place, text string) error {
			for _, d := range Dimensions {
				err := add(Key{Month: p.Month, Dimension: d, Value: p.value(d)}, text)
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return Report{}, fmt.Errorf("add up figures: %w", err)
	}
	r := Report{Filter: f, Total: Counts{}, By: map[Dimension][]Row{}, Day: c.day(ctx, f.Unit), CountedAt: at}
	for _, m := range months {
		counts := byMonth[m]
		if counts == nil {
			counts = Counts{}
		}
		r.Months = append(r.Months, Row{Value: m, Counts: counts})
		r.Total.Add(counts, 1)
	}
	for d, values := range sums {
		if d != Total {
			r.By[d] = rowsOf(values)
		}
	}
	return r, nil
}

// usualDay is a working day where no calendar says otherwise, in minutes.
const usualDay = 8 * 60

// day is the mean length of a working day of the unit, so that hours can be told as days.
func (c *Counter) day(ctx context.Context, unit string) int {
	if c.Calendars == nil {
		return usualDay
	}
	cal, err := c.Calendars.Calendar(ctx, unit)
	if err != nil {
		return usualDay
	}
	sum, days := 0, 0
	for _, spans := range cal.Week {
		if len(spans) == 0 {
			continue
		}
		days++
		for _, s := range spans {
			sum += int(s.To - s.From)
		}
	}
	if days == 0 || sum < days*60 {
		return usualDay
	}
	return sum / days
}

func into(sums map[string]Counts, value, text string) error {
	if sums[value] == nil {
		sums[value] = Counts{}
	}
	return sums[value].AddText(text)
}

// rowsOf sorts by what was received, then by code; cells that were emptied again are left out.
func rowsOf(values map[string]Counts) []Row {
	var rows []Row
	for _, v := range slices.Sorted(maps.Keys(values)) {
		if values[v][Received] > 0 {
			rows = append(rows, Row{Value: v, Counts: values[v]})
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Compare(b.Counts[Received], a.Counts[Received]) })
	return rows
}

// mostMonths bounds a period.
const mostMonths = 120

// Months lists the months from one to another, both included.
func Months(from, to string) ([]string, error) {
	first, err := time.Parse("2006-01", from)
	if err != nil {
		return nil, errPeriod
	}
	last, err := time.Parse("2006-01", to)
	if err != nil || last.Before(first) {
		return nil, errPeriod
	}
	var list []string
	for m := first; !m.After(last); m = m.AddDate(0, 1, 0) {
		list = append(list, m.Format("2006-01"))
		if len(list) > mostMonths {
			return nil, errPeriod
		}
	}
	return list, nil
}

var errPeriod = fault.New(fault.Invalid, "period_invalid", "Pilih bulan awal dan bulan akhir, paling panjang sepuluh tahun.").
	At("from", "Bulan awal harus sama dengan atau sebelum bulan akhir.")
