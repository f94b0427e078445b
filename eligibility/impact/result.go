package impact

import (
	"time"

	"layak/policy"
)

// Group says what changes for a resident. Every resident is in exactly one.
type Group string

// The groups.
const (
	Same    Group = "same"
	Gained  Group = "gained"  // newly eligible
	Lost    Group = "lost"    // eligible no more, and that is certain
	Unclear Group = "unclear" // cannot be told any more: something has to be asked that was not asked before
	Reason  Group = "reason"  // another reason, advice or other outcome
	Failed  Group = "failed"  // one of the rule sets cannot decide on the facts as they stand in the registry
)

// Groups lists them, the changes in the order in which they are shown.
var Groups = []Group{Gained, Lost, Unclear, Reason, Failed, Same}

// groupOf compares two answers.
func groupOf(before, after *policy.Brief) Group {
	switch {
	case before == nil || after == nil:
		return Failed
	case before.Equal(*after):
		return Same
	case after.Outcome == policy.Eligible && before.Outcome != policy.Eligible:
		return Gained
	case after.Outcome == policy.NeedsInformation && before.Outcome != policy.NeedsInformation:
		return Unclear
	case before.Outcome == policy.Eligible && after.Outcome != policy.Eligible:
		return Lost
	}
	return Reason
}

// Counts are residents by what changes for them.
type Counts struct {
	People  int `json:"people"`
	Gained  int `json:"gained"`
	Lost    int `json:"lost"`
	Unclear int `json:"unclear"`
	Reason  int `json:"reason"`
	Failed  int `json:"failed"`
	Same    int `json:"same"`
	Before  int `json:"eligible_before"`
	After   int `json:"eligible_after"`
}

// Changed is how many get another answer.
func (c Counts) Changed() int { return c.People - c.Same }

func (c *Counts) add(g Group, before, after *policy.Brief, n int) {
	c.People += n
	switch g {
	case Gained:
		c.Gained += n
	case Lost:
		c.Lost += n
	case Unclear:
		c.Unclear += n
	case Reason:
		c.Reason += n
	case Failed:
		c.Failed += n
	case Same:
		c.Same += n
	}
	if before != nil && before.Outcome == policy.Eligible {
		c.Before += n
	}
	if after != nil && after.Outcome == policy.Eligible {
		c.After += n
	}
}

// Row is one value of a dimension.
type Row struct {
	Value string `json:"value"` // "" when it is unknown
	Name  string `json:"name"`  // Indonesian
	Counts
}

// Dimension cuts the counts by one fact.
type Dimension struct {
	Key   string `json:"key"`   // district | village | desil | sex | age | segment
	Title string `json:"title"` // Indonesian
	Rows  []Row  `json:"rows"`
}

// Move counts those who come from one outcome to another; only changes.
type Move struct {
	From   policy.Outcome `json:"from"`
	To     policy.Outcome `json:"to"`
	People int            `json:"people"`
}

// Difference is one way in which the rule sets differ, and on whom: what falls away and what is new
// among the reasons, and what those people have in common that others do not.
type Difference struct {
	Group   Group           `json:"group"`
	From    policy.Outcome  `json:"from"`
	To      policy.Outcome  `json:"to"`
	Gone    []policy.Reason `json:"gone"`
	New     []policy.Reason `json:"new"`
	People  int             `json:"people"`
	Classes int             `json:"classes"`
	Where   []Where         `json:"where"`
}

// Where is what the people of a difference have in one column.
type Where struct {
	Column string   `json:"column"`
	Label  string   `json:"label"`            // Indonesian
	Values []string `json:"values,omitempty"` // when they are few; "" is unknown
	From   string   `json:"from,omitempty"`   // else the first and the last
	To     string   `json:"to,omitempty"`
	Empty  bool     `json:"empty,omitempty"` // whether some have none
	Text   string   `json:"text"`            // Indonesian: "Desil DTSEN 6 atau 7"
}

// Sample is one resident of a group.
type Sample struct {
	Group   Group           `json:"group"`
	NIK     string          `json:"nik"` // masked
	Sex     string          `json:"sex,omitempty"`
	Age     string          `json:"age,omitempty"` // band
	Village string          `json:"village,omitempty"`
	Desil   string          `json:"desil,omitempty"`
	Segment string          `json:"segment,omitempty"`
	From    policy.Outcome  `json:"from"`
	To      policy.Outcome  `json:"to"`
	Gone    []policy.Reason `json:"gone"`
	New     []policy.Reason `json:"new"`
}

// Profile tells of a column that the rules read how full it is.
type Profile struct {
	Columns    []string `json:"columns"` // more than one when they are only read together
	Label      string   `json:"label"`
	Codes      []string `json:"codes"` // of the causes that rest on it
	Conditions []string `json:"conditions,omitempty"`
	Whole      bool     `json:"whole"` // each value counts by itself
	Empty      int      `json:"empty"`
	Distinct   int      `json:"distinct"`
	Classes    int      `json:"classes"`
	Text       string   `json:"text"` // "need_met membaca Desil DTSEN: 4,9 % kosong"
}

// Cost is what the regency would pay more, or less, each month.
type Cost struct {
	Premium   int64  `json:"premium"`    // rupiah for a person and month
	ValidFrom string `json:"valid_from"` // of that amount
	Source    string `json:"source"`
	Gained    int64  `json:"gained"` // rupiah a month for those newly eligible
	Lost      int64  `json:"lost"`   // for those eligible no more, certain or not
	Net       int64  `json:"net"`    // all of it together
	// Before is the premium of that day under the rules in force. Where it is another one Paid people, whom
	// the regency pays already, cost Dearer more.
	Before int64 `json:"premium_before,omitempty"`
	Paid   int   `json:"paid,omitempty"`
	Dearer int64 `json:"dearer,omitempty"`
}

// Check is the self-check: residents decided one by one from the registry itself.
type Check struct {
	Compared    int    `json:"compared"`
	Differences int    `json:"differences"`
	Took        int64  `json:"ms"`   // milliseconds that the single decisions took, facts read included
	Full        bool   `json:"full"` // one in a hundred of all, as a proposal needs it
	Seed        uint64 `json:"seed"`
}

// Timing says where the time went, in milliseconds.
type Timing struct {
	Snapshot int64 `json:"snapshot"`
	Open     int64 `json:"open"`  // compiling the rules and taking them apart
	Rules    int64 `json:"rules"` // asking them about all values
	Scan     int64 `json:"scan"`
	Decide   int64 `json:"decide"`
	Count    int64 `json:"count"`
	Check    int64 `json:"check"` // waiting for single decisions, which run beside the rest
	Total    int64 `json:"total"`
}

// Result is a finished preview.
type Result struct {
	Base       string       `json:"base"`
	Draft      string       `json:"draft"`
	Registry   int64        `json:"registry"` // revision
	At         time.Time    `json:"at"`
	ServiceOn  string       `json:"service_on"`
	Apart      []string     `json:"apart,omitempty"` // days from which the numbers of the two differ, in order
	Path       string       `json:"path"`            // conditions | values | each
	Why        string       `json:"why,omitempty"`
	Memory     int64        `json:"snapshot_bytes"`
	Unlisted   int          `json:"unlisted"` // people of whom no list of residents knows, counted too
	Classes    int          `json:"classes"`
	Counts     Counts       `json:"counts"`
	Unknown    int          `json:"needs_information"` // under the other rules, whatever was before
	Covered    int          `json:"already_covered"`   // under the rules in force
	Refusals   []Refusal    `json:"refusals"`
	Assessable Assessable   `json:"assessable"`
	Moves      []Move       `json:"moves"`
	Dimensions []Dimension  `json:"dimensions"`
	Where      []Difference `json:"differences"`
	Samples    []Sample     `json:"samples"`
	Profile    []Profile    `json:"profile"`
	Cost       *Cost        `json:"cost,omitempty"`
	Check      Check        `json:"check"`
	Timing     Timing       `json:"timing_ms"`
}

// Void tells whether the self-check found a difference: nothing of the result may be relied on.
func (r *Result) Void() bool { return r.Check.Differences > 0 }

// Others is what other people cost, the premium apart: Net without Dearer.
func (c *Cost) Others() int64 { return c.Net - c.Dearer }
