package numbers

import (
	"math"
	"slices"
	"strconv"
)

// Working time is kept in buckets, so that medians of a million cases come out of a few hundred
// numbers and sums of cells stay sums. Up to 20 minutes every minute has its own bucket; above,
// each bucket is a tenth wider than the one below, and stands for its geometric middle. What is
// read from the buckets is therefore at most 5 % away from the true value.
const (
	exactMinutes = 20
	growth       = 1.1
)

// bucketOf is the bucket of a time in whole minutes.
func bucketOf(minutes int) int {
	if minutes <= exactMinutes {
		return max(minutes, 0)
	}
	return exactMinutes + 1 + int(math.Log(float64(minutes)/float64(exactMinutes+1))/math.Log(growth)+1e-9)
}

// middle is the time that a bucket stands for, in minutes.
func middle(bucket int) float64 {
	if bucket <= exactMinutes {
		return float64(bucket)
	}
	low := float64(exactMinutes+1) * math.Pow(growth, float64(bucket-exactMinutes-1))
	return low * math.Sqrt(growth)
}

// Spread says how a time is spread over cases. Minutes are working time.
type Spread struct {
	N      int
	Median int
	P90    int
	Mean   int
}

// spread reads the buckets of a family and the sum that belongs to them.
func (c Counts) spread(family, sum string) Spread {
	buckets := map[int]int{}
	var s Spread
	for code, n := range c.Family(family) {
		b, err := strconv.Atoi(code)
		if err != nil || n <= 0 {
			continue
		}
		buckets[b] += n
		s.N += n
	}
	if s.N == 0 {
		return s
	}
	s.Median, s.P90 = percentile(buckets, s.N, 50), percentile(buckets, s.N, 90)
	s.Mean = c[sum] / s.N
	return s
}

// percentile is the smallest time that at least percent of the cases did not exceed.
func percentile(buckets map[int]int, n, percent int) int {
	rank := (n*percent + 99) / 100
	var order []int
	for b := range buckets {
		order = append(order, b)
	}
	slices.Sort(order)
	seen := 0
	for _, b := range order {
		seen += buckets[b]
		if seen >= rank {
			return int(math.Round(middle(b)))
		}
	}
	return 0
}

// First is the working time from filing to the first follow-up.
func (c Counts) First() Spread { return c.spread(FirstOf, FirstSum) }

// Decision is the working time from filing to the first decision, without the time in which the
// office waited for the reporter.
func (c Counts) Decision() Spread { return c.spread(DecisionIn, DecisionSum) }

// Share is a part of a whole in percent, rounded; ok is false when the whole is nothing.
func Share(part, whole int) (percent int, ok bool) {
	if whole <= 0 {
		return 0, false
	}
	return int(math.Round(100 * float64(part) / float64(whole))), true
}

// OnTime is how many clocks of a kind were kept, of how many that could be judged.
func (c Counts) OnTime(kind string) (kept, judged int) {
	return c[KeptOf+kind], c[KeptOf+kind] + c[LateOf+kind]
}

// Rating is the mean of what citizens gave in tenths (42 is 4.2), and how many gave it.
func (c Counts) Rating() (tenths, n int) {
	sum := 0
	for stars := 1; stars <= 5; stars++ {
		k := c[RatedOf+strconv.Itoa(stars)]
		n += k
		sum += k * stars
	}
	if n == 0 {
		return 0, 0
	}
	return int(math.Round(10 * float64(sum) / float64(n))), n
}
