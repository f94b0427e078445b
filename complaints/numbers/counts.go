package numbers

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Counts is how often each thing was met, by the name of what is counted. Things that were never
// met are absent.
type Counts map[string]int

// What is counted once for a case. The names are stored, so they never change.
const (
	Received  = "n"
	Open      = "open"    // the office still owes something (complaints.OpenStates)
	Overdue   = "overdue" // open, and a clock other than the citizen's silence is past due
	Decided   = "dec"     // an official decided, and the case was not opened again since
	Followed  = "fu"      // the citizen got a first answer, question, registration or decision
	Reopened  = "re"      // was opened again at least once
	Returned  = "ret"     // was waiting for the reporter to complete it at least once
	Emergency = "emg"
)

// Families of counts; the rest of the name is a code.
const (
	StateOf    = "s."  // state: one of complaints.States
	KeptOf     = "k."  // clocks of a kind that stopped in time
	LateOf     = "l."  // clocks of a kind that stopped late or are past due
	RatedOf    = "r."  // 1 to 5
	OutcomeOf  = "o."  // newest check of each patient
	FailingOf  = "x."  // criteria that were not met in those checks
	DecisionOf = "d."  // decision that stands
	FirstOf    = "tf." // bucket of the working minutes from filing to the first follow-up
	DecisionIn = "td." // bucket of the working minutes from filing to the first decision
)

// Sums of working minutes, for averages.
const (
	FirstSum    = "tfs"
	DecisionSum = "tds"
)

// Add adds other to c, times by (−1 takes away). What reaches nothing disappears.
func (c Counts) Add(other Counts, by int) {
	for name, n := range other {
		c[name] += n * by
		if c[name] == 0 {
			delete(c, name)
		}
	}
}

// Equal tells whether both count the same.
func (c Counts) Equal(other Counts) bool { return maps.Equal(c, other) }

// Family gives the counts whose name begins with the prefix, by the rest of the name.
func (c Counts) Family(prefix string) Counts {
	out := Counts{}
	for name, n := range c {
		if code, ok := strings.CutPrefix(name, prefix); ok {
			out[code] = n
		}
	}
	return out
}

// Sum is all counts of a family together.
func (c Counts) Sum(prefix string) int {
	sum := 0
	for name, n := range c {
		if strings.HasPrefix(name, prefix) {
			sum += n
		}
	}
	return sum
}

// String writes the counts for storing: "n=3 open=1", sorted by name.
func (c Counts) String() string {
	var b strings.Builder
	for i, name := range slices.Sorted(maps.Keys(c)) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(name)
		b.WriteByte('=')
		b.WriteString(strconv.Itoa(c[name]))
	}
	return b.String()
}

// AddText adds what String wrote to c.
func (c Counts) AddText(text string) error {
	return eachCount(text, func(name string, n int) {
		c[name] += n
		if c[name] == 0 {
			delete(c, name)
		}
	})
}

// eachCount calls yield for each count that String wrote.
func eachCount(text string, yield func(name string, n int)) error {
	for text != "" {
		var part string
		part, text, _ = strings.Cut(text, " ")
		if part == "" {
			continue
		}
		name, number, ok := strings.Cut(part, "=")
		n, err := strconv.Atoi(number)
		if !ok || err != nil {
			return fmt.Errorf("read counts: %q is no count", part)
		}
		yield(name, n)
	}
	return nil
}

// ParseCounts reads what String wrote.
func ParseCounts(text string) (Counts, error) {
	c := Counts{}
	return c, c.AddText(text)
}
