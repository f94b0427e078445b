package numbers

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"sync"
	"time"
)

// What everybody may see: counts by complete month and one dimension, never two. A count of 1 to 4
// is hidden, and with it so much more that it cannot be found by taking the rest from the total.
// There are no sums over months, so that two publications cannot be taken from each other, and no
// figures that change after a month is over but for late registers.
const (
	fewest     = 5  // smallest count that is shown, besides none
	openMonths = 12 // complete months that are shown
	Few        = "<5"
	Hidden     = "*"
)

// OpenDimensions are the tables of the open data.
var OpenDimensions = []Dimension{ByChannel, ByDistrict, ByMatter, ByClass}

// OpenData is what is published.
type OpenData struct {
	CountedAt time.Time
	Months    []string // newest first
	Tables    []OpenTable
}

// OpenTable is one dimension: a row for each value with a figure per month. The row with the value ""
// of dimension Total is the whole.
type OpenTable struct {
	Dimension Dimension
	Rows      []OpenRow
}

// OpenRow is one value. Figures are numbers, Few or Hidden, in the order of the months.
type OpenRow struct {
	Value   string
	Figures []string
}

// kept remembers the newest publication, so that the page of everybody costs nothing.
type kept struct {
	mu    sync.Mutex
	data  OpenData
	until time.Time
}

// publicFor is how long a publication stands.
const publicFor = 10 * time.Minute

// Public gives what everybody may see.
func (s *Service) Public(ctx context.Context) (OpenData, error) {
	s.public.mu.Lock()
	defer s.public.mu.Unlock()
	now := s.Counter.now()
	if now.Before(s.public.until) {
		return s.public.data, nil
	}
	data, err := s.Counter.openData(ctx, now)
	if err != nil {
		return OpenData{}, err
	}
	s.public.data, s.public.until = data, now.Add(publicFor)
	return data, nil
}

func (c *Counter) openData(ctx context.Context, now time.Time) (OpenData, error) {
	at, err := c.Store.CountedAt(ctx)
	data := OpenData{CountedAt: at}
	if err != nil || at.IsZero() {
		return data, err
	}
	local := now.In(c.Zone)
	this := time.Date(local.Year(), local.Month(), 1, 0, 0, 0, 0, time.UTC)
	for back := 1; back <= openMonths; back++ {
		data.Months = append(data.Months, this.AddDate(0, -back, 0).Format("2006-01"))
	}
	counts := map[Dimension]map[string]map[string]int{} // by dimension, month, value
	err = c.Store.Cells(ctx, "", "", data.Months[len(data.Months)-1], data.Months[0], func(k Key, text string) error {
		n, err := ParseCounts(text)
		if err != nil || n[Received] == 0 {
			return err
		}
		if counts[k.Dimension] == nil {
			counts[k.Dimension] = map[string]map[string]int{}
		}
		if counts[k.Dimension][k.Month] == nil {
			counts[k.Dimension][k.Month] = map[string]int{}
		}
		counts[k.Dimension][k.Month][k.Value] = n[Received]
		return nil
	})
	if err != nil {
		return data, err
	}
	data.Tables = append(data.Tables, openTable(Total, data.Months, counts[Total]))
	for _, d := range OpenDimensions {
		data.Tables = append(data.Tables, openTable(d, data.Months, counts[d]))
	}
	return data, nil
}

func openTable(d Dimension, months []string, counts map[string]map[string]int) OpenTable {
	t := OpenTable{Dimension: d}
	var values []string
	sums := map[string]int{}
	for _, byValue := range counts {
		for v, n := range byValue {
			if sums[v] == 0 {
				values = append(values, v)
			}
			sums[v] += n
		}
	}
	slices.SortFunc(values, func(a, b string) int { return cmp.Compare(a, b) })
	shown := make(map[string]map[string]string, len(months))
	for _, m := range months {
		shown[m] = protect(counts[m], values)
	}
	for _, v := range values {
		row := OpenRow{Value: v}
		for _, m := range months {
			row.Figures = append(row.Figures, shown[m][v])
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// protect writes the counts of one month so that none of 1 to 4 can be found, though the total is
// known: it hides the small ones, and the smallest others until the hidden ones leave a choice for
// each. Where that does not help, everything but a total is hidden.
func protect(counts map[string]int, values []string) map[string]string {
	out := make(map[string]string, len(values))
	small, sum := 0, 0
	var large []string
	for _, v := range values {
		n := counts[v]
		out[v] = strconv.Itoa(n)
		switch {
		case n == 0:
		case n < fewest:
			out[v] = Few
			small++
			sum += n
		default:
			large = append(large, v)
		}
	}
	if small == 0 || len(values) == 1 {
		return out
	}
	slices.SortFunc(large, func(a, b string) int { return cmp.Or(cmp.Compare(counts[a], counts[b]), cmp.Compare(a, b)) })
	stars := 0
	for !ambiguous(small, stars, sum) {
		if len(large) == 0 {
			return hideAll(values)
		}
		out[large[0]] = Hidden
		sum += counts[large[0]]
		large = large[1:]
		stars++
	}
	return out
}

// ambiguous tells whether a hidden sum of so many counts of 1 to 4 and so many of 5 and more leaves
// at least two values for each of the small ones.
func ambiguous(small, stars, sum int) bool {
	least := small + fewest*stars
	if stars > 0 {
		return sum > least
	}
	return small > 1 && sum > least && sum < (fewest-1)*small
}

func hideAll(values []string) map[string]string {
	out := make(map[string]string, len(values))
	for _, v := range values {
		out[v] = Hidden
	}
	return out
}
