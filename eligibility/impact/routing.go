package impact

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"layak/policy"
)

// Case is an open complaint as the rules of routing would see it at its next act.
type Case struct {
	Ticket       string
	Input        policy.RoutingInput
	Running, Met []string                 // kinds of clocks: whose time goes by, and that came to their end
	Free         bool                     // no unit has it: it goes where the rules want it
	Desk         func(policy.Desk) string // name of the unit that rules mean, "" when there is none
}

// Cases are the open complaints. Package main reads them out of complaints.
type Cases interface {
	CountOpen(ctx context.Context) (int, error)
	// EachOpen calls yield with all of them, in parts, as they would be put before the rules at a moment.
	EachOpen(ctx context.Context, at time.Time, yield func([]Case) error) error
}

// Router asks rules on trial where complaints belong; a pool of rule workers is one.
type Router interface {
	Route(ctx context.Context, b policy.Bundle, in []policy.RoutingInput) ([]policy.Routing, error)
}

// Rerouted is what other rules of routing make of the open complaints.
type Rerouted struct {
	Base      string         `json:"base"`
	Draft     string         `json:"draft"`
	At        time.Time      `json:"at"`
	ServiceOn string         `json:"service_on"`
	Apart     []string       `json:"apart,omitempty"` // as in Result
	Begins    bool           `json:"begins,omitempty"`
	Cases     int            `json:"cases"`
	Classes   int            `json:"classes"` // of complaints that the rules are told the same of
	Changed   int            `json:"changed"`
	Groups    []RoutingGroup `json:"groups"`
	Check     Check          `json:"check"`
	Took      int64          `json:"ms"`
}

// Void tells whether the self-check found a difference: nothing of the result may be relied on.
func (r *Rerouted) Void() bool { return r.Check.Differences > 0 }

// Of is how many complaints are in a group.
func (r *Rerouted) Of(key string) int {
	for _, g := range r.Groups {
		if g.Key == key {
			return g.Cases
		}
	}
	return 0
}

// The groups of changes. A complaint may be in several.
const (
	RoutingRefused  = "refused"  // the tried rules fail on it
	RoutingClass    = "class"    // classed otherwise
	RoutingPriority = "priority" // of another priority
	RoutingDesk     = "desk"     // meant for another unit
	RoutingOutside  = "outside"  // meant for an office outside, or for another one
	RoutingSecond   = "second"   // closed by a second person, or no longer
	RoutingSooner   = "sooner"   // a deadline comes earlier
	RoutingLater    = "later"    // a deadline comes later
	RoutingOther    = "other"    // tasks, questions, ladder, reopening, reasons
)

// RoutingGroups lists them in the order in which they are shown.
var RoutingGroups = []string{RoutingRefused, RoutingLater, RoutingSooner, RoutingClass, RoutingPriority, RoutingDesk, RoutingOutside, RoutingSecond, RoutingOther}

// RoutingGroup are the complaints with one sort of change.
type RoutingGroup struct {
	Key     string          `json:"key"`
	Cases   int             `json:"cases"`
	Moves   []RoutingMove   `json:"moves"`   // the most frequent first
	Samples []RoutingSample `json:"samples"` // at most maxSamples, none that accuses somebody
}

// RoutingMove is one thing that the rules say otherwise. Codes stand for themselves; a deadline is told by
// its clock and amounts.
type RoutingMove struct {
	What    string `json:"what"` // class | priority | desk | outside | second_person | attention | element | reopen_days | silent_hours | ladder | tasks | missing | served | reasons | clock:KIND
	From    string `json:"from,omitempty"`
	To      string `json:"to,omitempty"`
	By      int    `json:"by,omitempty"`      // how much later, or sooner when negative; 0 when a clock begins or falls away
	Measure string `json:"measure,omitempty"` // of By and the amounts: working_days | working_hours | hours
	// Now tells that it is felt at the next act: the time of the clock goes by already, or nobody has the
	// complaint that would go to another unit. Elsewhere a clock may begin later, and rules only advise.
	Now   bool `json:"now,omitempty"`
	Cases int  `json:"cases"`
}

// RoutingSample is one complaint of a group, by its number; it names nobody.
type RoutingSample struct {
	Ticket string        `json:"ticket"`
	Moves  []RoutingMove `json:"moves"`
}

// RoutingApart lists what two answers say otherwise about one complaint, the weightiest first; nil where rules
// fail on it.
func RoutingApart(c Case, before, after *policy.Routing) []RoutingMove {
	var out []RoutingMove
	by := apart(c, before, after)
	for _, key := range RoutingGroups {
		out = append(out, by[key]...)
	}
	return out
}

// apart lists what two answers say otherwise about a complaint, by the group that it belongs to. after is nil
// when the tried rules fail on it.
func apart(c Case, before, after *policy.Routing) map[string][]RoutingMove {
	out := map[string][]RoutingMove{}
	switch {
	case before == nil && after == nil:
		return out
	case after == nil:
		out[RoutingRefused] = []RoutingMove{{What: "refused"}}
		return out
	case before == nil:
		out[RoutingOther] = []RoutingMove{{What: "served"}} // the change mends rules that fail today
		return out
	}
	tell := func(group, what, from, to string) {
		if from != to {
			out[group] = append(out[group], RoutingMove{What: what, From: from, To: to})
		}
	}
	tell(RoutingClass, "class", before.Class, after.Class)
	tell(RoutingPriority, "priority", before.Priority, after.Priority)
	if from, to := deskName(c, before.Desk), deskName(c, after.Desk); from != to {
		out[RoutingDesk] = []RoutingMove{{What: "desk", From: from, To: to, Now: c.Free}}
	}
	tell(RoutingOutside, "outside", officeName(before.Outside), officeName(after.Outside))
	tell(RoutingSecond, "second_person", yes(before.SecondPerson), yes(after.SecondPerson))
	for _, kind := range clocksOf(before, after) {
		group, m, moved := deadline(c, kind, limitOf(before, kind), limitOf(after, kind))
		if moved {
			out[group] = append(out[group], m)
		}
	}
	tell(RoutingOther, "attention", yes(before.Attention), yes(after.Attention))
	tell(RoutingOther, "element", before.Element, after.Element)
	tell(RoutingOther, "reopen_days", strconv.Itoa(before.ReopenDays), strconv.Itoa(after.ReopenDays))
	tell(RoutingOther, "silent_hours", strconv.Itoa(before.SilentHours), strconv.Itoa(after.SilentHours))
	tell(RoutingOther, "ladder", ladderText(before.Ladder), ladderText(after.Ladder))
	if !reflect.DeepEqual(before.Tasks, after.Tasks) {
		out[RoutingOther] = append(out[RoutingOther], RoutingMove{What: "tasks"})
	}
	if !reflect.DeepEqual(before.Missing, after.Missing) {
		out[RoutingOther] = append(out[RoutingOther], RoutingMove{What: "missing"})
	}
	if len(out) == 0 && !reflect.DeepEqual(without(before, c.Met), without(after, c.Met)) { // words, sources, whether a clock pauses
		out[RoutingOther] = []RoutingMove{{What: "reasons"}}
	}
	return out
}

// without leaves out clocks of which nothing is to come.
func without(r *policy.Routing, met []string) policy.Routing {
	out := *r
	out.Clocks = slices.DeleteFunc(slices.Clone(r.Clocks), func(l policy.ClockLimit) bool { return slices.Contains(met, l.Kind) })
	return out
}

// deadline tells how a limit moves; a clock that came to its end has none any more.
func deadline(c Case, kind string, before, after *policy.ClockLimit) (group string, m RoutingMove, moved bool) {
	if slices.Contains(c.Met, kind) {
		return "", m, false
	}
	m = RoutingMove{What: "clock:" + kind, Now: slices.Contains(c.Running, kind)}
	switch {
	case before == nil:
		m.To, m.Measure = strconv.Itoa(after.Amount), after.Measure
		return RoutingSooner, m, true
	case after == nil:
		m.From, m.Measure = strconv.Itoa(before.Amount), before.Measure
		return RoutingLater, m, true
	case before.Amount == after.Amount && before.Measure == after.Measure:
		return "", m, false
	case before.Measure != after.Measure:
		m.From, m.To = amountText(before), amountText(after)
		if hoursOf(after) > hoursOf(before) {
			return RoutingLater, m, true
		}
		return RoutingSooner, m, true
	}
	m.From, m.To, m.By, m.Measure = strconv.Itoa(before.Amount), strconv.Itoa(after.Amount), after.Amount-before.Amount, after.Measure
	if m.By > 0 {
		return RoutingLater, m, true
	}
	return RoutingSooner, m, true
}

func amountText(l *policy.ClockLimit) string { return fmt.Sprint(l.Amount, " ", l.Measure) }

// hoursOf brings limits of different measures into an order: a working day has eight hours, five days and
// forty hours are a week of 168.
func hoursOf(l *policy.ClockLimit) int {
	switch l.Measure {
	case "working_days":
		return l.Amount * 8 * 168 / 40
	case "working_hours":
		return l.Amount * 168 / 40
	}
	return l.Amount
}

func clocksOf(a, b *policy.Routing) []string {
	var kinds []string
	for _, l := range append(slices.Clip(a.Clocks), b.Clocks...) {
		if !slices.Contains(kinds, l.Kind) {
			kinds = append(kinds, l.Kind)
		}
	}
	return kinds
}

func limitOf(r *policy.Routing, kind string) *policy.ClockLimit {
	for i := range r.Clocks {
		if r.Clocks[i].Kind == kind {
			return &r.Clocks[i]
		}
	}
	return nil
}

// deskName is the unit that rules mean; what they mean in words when no such unit is registered.
func deskName(c Case, d *policy.Desk) string {
	if d == nil {
		return ""
	}
	if c.Desk != nil {
		if name := c.Desk(*d); name != "" {
			return name
		}
	}
	return strings.TrimSpace(d.Code + " " + strings.Join(d.Kinds, " "))
}

func officeName(o *policy.Outside) string {
	if o == nil {
		return ""
	}
	return o.Office
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func ladderText(rungs []policy.Rung) string {
	var all []string
	for _, r := range rungs {
		all = append(all, fmt.Sprint(r.Percent, " ", r.To))
	}
	return strings.Join(all, ", ")
}
