package complaints

import (
	"context"
	"time"

	"layak/complaints/calendar"
	"layak/policy"
)

// ClockKind names an obligation in time.
type ClockKind string

// The clocks. Their amounts come from the routing rules.
const (
	VerifyClock    ClockKind = "verify"    // from filing to verification (LAPOR!: 3 working days)
	FirstClock     ClockKind = "first"     // from verification to the first act towards the citizen (5 working days)
	ResolveClock   ClockKind = "resolve"   // from verification to the decision, by class (5/14/60 working days)
	EmergencyClock ClockKind = "emergency" // 4 hours, day and night; never pauses
	PapersClock    ClockKind = "papers"    // papers after an admission (3 working days)
	SilenceClock   ClockKind = "silence"   // the citizen's silence after an answer (10 working days); then the case closes
	WaitingClock   ClockKind = "waiting"   // the citizen's turn, until he replies (10 working days); then the desk is reminded
	NumberClock    ClockKind = "number"    // a forwarded case, until the other office's number is known (5 working days); then the desk is reminded
	RefundClock    ClockKind = "refund"    // from the decision to refund to the money being received
)

// OfOthers tells whether somebody else's time goes by and not the office's, the citizen's or that of
// the office to which a case was forwarded: such a clock is no deadline of the office, is never
// overdue and climbs no ladder.
func (k ClockKind) OfOthers() bool { return k == SilenceClock || k == WaitingClock || k == NumberClock }

// Clock is one obligation of a case with where it stands. Clocks are computed from the events; what
// is stored is that result, so that lists can ask for it.
type Clock struct {
	Kind      ClockKind      `json:"kind"`
	Round     int            `json:"round"` // 1, and one more after each reopening
	Limit     calendar.Limit `json:"limit"`
	Pauses    bool           `json:"pauses"` // may stand still while the office waits for the citizen
	Source    string         `json:"source"`
	Unit      string         `json:"unit,omitempty"` // whose calendar counts
	StartedAt time.Time      `json:"started_at"`
	DueAt     time.Time      `json:"due_at"`  // while paused: as if it went on now
	WarnAt    time.Time      `json:"warn_at"` // when the first rung of the ladder is reached
	Paused    bool           `json:"paused"`
	StoppedAt *time.Time     `json:"stopped_at,omitempty"` // obligation met (or ended) then

	pauses []calendar.Pause // in which it stood still; only while it is fresh from ClocksAt
	ladder []policy.Rung
}

// runs tells whether time goes by for the clock.
func (c Clock) runs() bool { return c.StoppedAt == nil && !c.Paused }

// Standing is how a clock stands at a moment.
type Standing string

// The standings.
const (
	Running Standing = "running"
	Warned  Standing = "warned"
	Overdue Standing = "overdue"
	Paused  Standing = "paused"
	Kept    Standing = "kept" // stopped in time
	Late    Standing = "late" // stopped after it was due
)

// Standing tells how the clock stands.
func (c Clock) Standing(now time.Time) Standing {
	switch {
	case c.StoppedAt != nil && c.StoppedAt.After(c.DueAt):
		return Late
	case c.StoppedAt != nil:
		return Kept
	case c.Paused:
		return Paused
	case now.After(c.DueAt):
		return Overdue
	case !now.Before(c.WarnAt):
		return Warned
	}
	return Running
}

// RouteData goes with the event route: the word of the routing rules as far as the life of the case
// follows it. What the rules say beside it (questions, proposed tasks) is asked again when shown.
type RouteData struct {
	Revision     string              `json:"revision"`
	Class        string              `json:"class"`
	Priority     string              `json:"priority"`
	Element      string              `json:"element,omitempty"`
	Attention    bool                `json:"attention,omitempty"`
	SecondPerson bool                `json:"second_person,omitempty"`
	ReopenDays   int                 `json:"reopen_days"`
	SilentHours  int                 `json:"silent_hours,omitempty"`
	Unit         string              `json:"unit,omitempty"` // where the rules want the case; "" as it is
	Outside      *policy.Outside     `json:"outside,omitempty"`
	Clocks       []policy.ClockLimit `json:"clocks"`
	Ladder       []policy.Rung       `json:"ladder"`
}

// Calendars gives the working time of units; "" is the office's own.
type Calendars interface {
	Calendar(ctx context.Context, unit string) (*calendar.Calendar, error)
}

// Router classes a case and says where it belongs; revision names the rules that did.
type Router interface {
	Route(ctx context.Context, in policy.RoutingInput) (r policy.Routing, revision string, err error)
}
