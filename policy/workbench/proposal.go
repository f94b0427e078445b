package workbench

import (
	"fmt"
	"time"

	"layak/policy"
)

// Proposal is a draft whose bytes were frozen: a revision with what was known when it was proposed
// and what was decided about it since.
type Proposal struct {
	policy.Revision
	Draft      string     `json:"draft"`
	Base       string     `json:"base"`    // hash of the revision in force when it was proposed
	Editors    []string   `json:"editors"` // none of them may approve it
	Report     Report     `json:"report"`
	ProposedAt time.Time  `json:"proposed_at"`
	ProposedBy string     `json:"proposed_by"`
	RejectedAt *time.Time `json:"rejected_at,omitempty"`
	RejectedBy string     `json:"rejected_by,omitempty"`
	Reason     string     `json:"reason,omitempty"` // of the rejection
	// ActivateAt is when it is to take effect; nil when nobody has said.
	ActivateAt  *time.Time `json:"activate_at,omitempty"`
	ScheduledBy string     `json:"scheduled_by,omitempty"`
}

// Report is what was known about a set of rules when it was proposed. It is never changed.
type Report struct {
	Problems []policy.Problem  `json:"problems"` // remarks of the lint that do not refuse
	Tests    policy.TestReport `json:"tests"`
	Impact   *Impact           `json:"impact,omitempty"`
	Replay   *Replay           `json:"replay,omitempty"`
	// Routing is there when the change touches the handling of complaints, Days when something of it begins
	// on several days: a preview of each, in order.
	Routing *Routing `json:"routing,omitempty"`
	Days    []Impact `json:"days,omitempty"`
	// Confirmed is the number of people that the proposer typed, when the change was large.
	Confirmed int64 `json:"confirmed,omitempty"`
}

// Impact sums up one preview over the whole registry; the preview itself is kept under its ID.
type Impact struct {
	ID         string    `json:"id"`
	Revision   string    `json:"revision"`             // hash of the rules that were tried
	Base       string    `json:"base"`                 // hash of the rules they were held against
	Registry   int64     `json:"registry"`             // revision of the registry
	ServiceOn  string    `json:"service_on,omitempty"` // YYYY-MM-DD, the day as on which everybody was decided; "" in reports of before
	FinishedAt time.Time `json:"finished_at"`

	People   int64 `json:"people"`   // in the registry
	Eligible int64 `json:"eligible"` // of them under the tried rules
	// Before is how many are eligible under the rules in force; 0 also in reports of before it was kept.
	Before  int64 `json:"eligible_before,omitempty"`
	Gained  int64 `json:"gained"`  // newly eligible
	Lost    int64 `json:"lost"`    // no longer eligible
	Unclear int64 `json:"unclear"` // something has to be asked that was not asked before
	Other   int64 `json:"other"`   // another reason, or another answer than those above
	Unknown int64 `json:"unknown"` // cannot be told under the tried rules
	Rupiah  int64 `json:"rupiah"`  // more (or less) premium per month

	// Uncovered people have no cover under the rules in force; 0 in reports of before. Of those of them who
	// are alive and of the regency, so many are refused now and under the tried rules.
	Uncovered     int64    `json:"uncovered,omitempty"`
	RefusedBefore int64    `json:"refused_before,omitempty"`
	RefusedAfter  int64    `json:"refused_after,omitempty"`
	Opened        []Opened `json:"opened,omitempty"` // causes that refuse nobody any more

	// Compared people were decided one by one as well; Differences of them did not agree.
	Compared    int64 `json:"compared"`
	Differences int64 `json:"differences"`
	// Path is how it was computed: conditions, or values or each where the conditions could not be taken
	// apart; "" of an empty registry, and in reports of before. Classes are how many kinds of people that told.
	Path    string `json:"path,omitempty"`
	Classes int64  `json:"classes,omitempty"`
}

// Changed is how many people get another answer.
func (i Impact) Changed() int64 { return i.Gained + i.Lost + i.Unclear + i.Other }

// Sound tells whether the self-check agrees and covered one in a hundred people.
func (i Impact) Sound() bool { return i.Differences == 0 && i.Compared*100 >= i.People }

// Replay sums up one replay of stored determinations under the rules.
type Replay struct {
	ID       string `json:"id"`
	Revision string `json:"revision"`
	Months   int    `json:"months"`
	Checked  int64  `json:"checked"`
	Changed  int64  `json:"changed"`
}

// Comment is a remark on a line of a proposal.
type Comment struct {
	ID   string    `json:"id"` // UUIDv7
	Hash string    `json:"revision"`
	Path string    `json:"path"` // "" for the proposal as a whole
	Line int       `json:"line"` // from 1; 0 for the whole file
	Text string    `json:"text"`
	At   time.Time `json:"at"`
	By   string    `json:"by"`
}

// SwitchKind is the way in which a revision came into force.
type SwitchKind string

// The kinds of switches.
const (
	Activation SwitchKind = "activate"
	Scheduled  SwitchKind = "schedule" // by the clock
	Rollback   SwitchKind = "rollback"
	Emergency  SwitchKind = "stop"
)

// Switch is one change of the rules in force.
type Switch struct {
	ID       string     `json:"id"` // UUIDv7
	Hash     string     `json:"revision"`
	Previous string     `json:"previous"` // in force before
	Kind     SwitchKind `json:"kind"`
	Reason   string     `json:"reason"`
	Impact   string     `json:"impact"` // id of the preview that a rollback rests on
	At       time.Time  `json:"at"`
	By       string     `json:"by"`
	Seen     string     `json:"-"` // mark of the proposal when somebody chose to bring it into force; "" when that does not matter
}

// Freeze is a time in which no other rules come into force, such as an election.
type Freeze struct {
	ID     string    `json:"id"`
	From   string    `json:"from"`  // YYYY-MM-DD, first day
	Until  string    `json:"until"` // YYYY-MM-DD, last day
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	By     string    `json:"by"`
}

// Payload is what the trail keeps the hash of, so that a reader can tell that the words are those of the entry.
func (c Comment) Payload() string { return fmt.Sprintf("%s:%d\n%s", c.Path, c.Line, c.Text) }

// Payload is what the trail keeps the hash of.
func (w Switch) Payload() string { return w.Previous + "\n" + w.Reason }

// Payload is what the trail keeps the hash of.
func (f Freeze) Payload() string { return f.From + " " + f.Until + "\n" + f.Reason }
