package complaints

import (
	"encoding/json"
	"slices"
	"time"

	"layak/complaints/calendar"
	"layak/policy"
)

// obligation is one duty in time as the events tell it, before any limit is put on it. Which limit
// counts is known only at its end: while it runs the newest word of the routing rules holds, once it
// was met the word of then.
type obligation struct {
	kind    ClockKind
	round   int
	start   time.Time
	stop    time.Time // zero while it runs
	merged  bool      // stopped only because the case went into another one
	waits   []calendar.Pause
	mergers []calendar.Pause
	route   *RouteData // of the stop; nil while it runs
	unit    string     // of the stop
}

// ledger is what a walk through the events of a case finds out about its obligations.
type ledger struct {
	all      []*obligation
	state    State
	round    int
	verified bool // in this round
	towards  bool // something went to the citizen in this round
	papers   bool // asked for in this round
	filed    time.Time
	unit     string
	route    *RouteData
	treat    map[string]bool // determinations whose advice is to treat now
	waiting  bool
	merged   bool
	deferred time.Time // since when the answer stands that a going back to work takes away
}

// Why a clock stands still.
const (
	whyWaiting  = "Menunggu pelapor"
	whyMerged   = "Digabung dengan aduan lain"
	whyAnswered = "Sudah dijawab"
)

// ledgerAt walks through the events up to a moment.
func (c Complaint) ledgerAt(now time.Time) *ledger {
	l := &ledger{round: 1, filed: c.FiledAt, unit: c.FiledUnit, treat: map[string]bool{}}
	for _, k := range c.Checks {
		if k.Advice == policy.TreatNow {
			l.treat[k.Determination] = true
		}
	}
	last := true
	for i := range c.Events {
		e := &c.Events[i]
		if e.At.After(now) {
			last = false
			continue // a register may have told of earlier things later
		}
		l.step(e)
	}
	if last {
		l.unit = c.Unit
	}
	l.refund(c.Refund, now)
	return l
}

// step takes one event into account. What the system does by itself changes no obligation, but for
// the word of the routing rules.
func (l *ledger) step(e *Event) {
	l.moved(e)
	if e.Type == RouteEvent {
		l.routed(e)
		return
	}
	from := l.state
	if e.To != "" && e.To != Before {
		l.state = e.To
	}
	switch e.Type {
	case FileEvent:
		l.filed = e.At
		if l.state == Received {
			l.open(VerifyClock, e.At)
		}
	case ReopenEvent:
		l.reopened(e.At)
	}
	l.still(e.At)
	l.towork(from, e.At)
	l.acted(e)
	l.forwarded(e)
	l.ended(from, e.At)
}

// moved follows the unit that has the case.
func (l *ledger) moved(e *Event) {
	var to struct {
		Unit string `json:"unit"`
	}
	switch e.Type {
	case AssignEvent, RouteEvent:
		err := json.Unmarshal(e.Data, &to)
		if err == nil && to.Unit != "" {
			l.unit = to.Unit
		}
	}
}

func (l *ledger) routed(e *Event) {
	var r RouteData
	err := json.Unmarshal(e.Data, &r)
	if err != nil {
		return
	}
	first := l.route == nil
	l.route = &r
	if _, is := r.limit(EmergencyClock); !is || !l.owes() || l.find(EmergencyClock, l.round) != nil {
		return
	}
	at := e.At
	if first {
		at = l.filed
	}
	l.open(EmergencyClock, at)
}

// owes tells whether the office still has to decide.
func (l *ledger) owes() bool {
	switch l.state {
	case Received, Verified, InProgress, WaitingReporter:
		return true
	}
	return false
}

// reopened begins a new round: the citizen is owed a first answer and a decision once more.
func (l *ledger) reopened(at time.Time) {
	l.round++
	l.verified, l.towards, l.papers = true, false, false
	l.deferred = time.Time{}
	l.open(FirstClock, at)
	l.open(ResolveClock, at)
	if l.route == nil {
		return
	}
	if _, is := l.route.limit(EmergencyClock); is {
		l.open(EmergencyClock, at)
	}
}

// still notes when the case begins and ends to wait, for the citizen or inside another case.
func (l *ledger) still(at time.Time) {
	merged := l.state == Merged
	waiting := l.state == WaitingReporter || merged && l.waiting
	for _, o := range l.all {
		if merged != l.merged && o.kind == EmergencyClock {
			l.handOver(o, merged, at)
		}
		if !o.stop.IsZero() {
			continue
		}
		if waiting != l.waiting {
			o.waits = mark(o.waits, waiting, at, whyWaiting)
		}
		if merged != l.merged {
			o.mergers = mark(o.mergers, merged, at, whyMerged)
		}
	}
	began, over := waiting && !l.waiting, !waiting && l.waiting
	l.waiting, l.merged = waiting, merged
	if began {
		l.open(WaitingClock, at)
	}
	if over {
		l.end(WaitingClock, at)
	}
}

// handOver gives the emergency of a merged case to the other one, and takes it back as if it had
// never been away: this clock never stands still.
func (l *ledger) handOver(o *obligation, merged bool, at time.Time) {
	switch {
	case merged && o.stop.IsZero():
		l.stop(o, at)
		o.merged = true
	case !merged && o.merged:
		o.stop, o.route, o.merged = time.Time{}, nil, false
	}
}

// mark begins a pause or ends the open one.
func mark(all []calendar.Pause, begin bool, at time.Time, why string) []calendar.Pause {
	if begin {
		return append(all, calendar.Pause{From: at, Why: why})
	}
	if n := len(all) - 1; n >= 0 && all[n].Until.IsZero() {
		all[n].Until = latest(at, all[n].From)
	}
	return all
}

// towork starts what a verified case owes, and takes the end of a decision back when the case was
// answered and goes to work again without being reopened.
func (l *ledger) towork(from State, at time.Time) {
	if l.state != Verified && l.state != InProgress {
		return
	}
	if !l.verified {
		l.verified = true
		l.end(VerifyClock, at)
		l.open(FirstClock, at)
		if l.towards {
			l.end(FirstClock, at)
		}
		l.open(ResolveClock, at)
	}
	o := l.find(ResolveClock, l.round)
	if from == Answered && !l.deferred.IsZero() && o != nil && !o.stop.IsZero() {
		o.waits = mark(o.waits, false, l.deferred, "")
		o.mergers = append(o.mergers, calendar.Pause{From: l.deferred, Until: at, Why: whyAnswered})
		o.stop, o.route = time.Time{}, nil
	}
	l.deferred = time.Time{}
}

// acted ends what single acts meet.
func (l *ledger) acted(e *Event) {
	switch e.Type {
	case AnswerEvent, RegisterEvent, ResolveEvent, WaitEvent:
		l.towards = true
		l.end(FirstClock, e.At)
	}
	switch e.Type {
	case AnswerEvent, RegisterEvent, ResolveEvent, ForwardEvent:
		l.end(EmergencyClock, e.At)
	}
	switch e.Type {
	case RegisterEvent, AttachEvent, ResolveEvent:
		l.end(PapersClock, e.At)
	case CheckEvent:
		var k CheckData
		err := json.Unmarshal(e.Data, &k)
		if err == nil && l.treat[k.Determination] && !l.papers && l.owes() {
			l.papers = true
			l.open(PapersClock, e.At)
		}
	}
	l.owed(e)
}

// forwarded begins the wait for the number under which another office keeps the case, and ends it.
func (l *ledger) forwarded(e *Event) {
	switch {
	case e.Type == ForwardEvent:
		var f ForwardData
		err := json.Unmarshal(e.Data, &f)
		if err == nil && f.Number == "" {
			l.open(NumberClock, e.At)
		}
	case e.Type == NumberEvent || l.state != Forwarded:
		l.end(NumberClock, e.At)
	}
}

// owed begins the duty to give money back: when it was put on record, or when an official decided so.
func (l *ledger) owed(e *Event) {
	switch e.Type {
	case RefundEvent:
		if l.find(RefundClock, l.round) == nil {
			l.open(RefundClock, e.At)
		}
	case ResolveEvent:
		var r Resolution
		err := json.Unmarshal(e.Data, &r)
		if err == nil && r.Decision == Refunded && l.running(RefundClock) == nil {
			l.open(RefundClock, e.At)
		}
	}
}

// ended closes what a case that left the work no longer owes, and starts the citizen's silence.
func (l *ledger) ended(from State, at time.Time) {
	if l.state != Answered && l.state != Merged {
		l.end(SilenceClock, at)
	}
	if l.owes() || l.state == Merged || l.state == "" {
		return
	}
	if l.state == Answered && from != Answered && from != Merged {
		l.deferred = at
		l.open(SilenceClock, at)
	}
	for _, kind := range []ClockKind{VerifyClock, FirstClock, ResolveClock, EmergencyClock, PapersClock} {
		l.end(kind, at)
	}
}

// refund is the one duty that goes on behind the end of the case: until the citizen has the money.
func (l *ledger) refund(r *Refund, now time.Time) {
	o := l.running(RefundClock)
	if o == nil || r == nil || r.ReceivedAt == nil || r.ReceivedAt.After(now) {
		return
	}
	l.stop(o, latest(*r.ReceivedAt, o.start))
}

func (l *ledger) open(kind ClockKind, at time.Time) {
	o := &obligation{kind: kind, round: l.round, start: at}
	if l.waiting {
		o.waits = mark(nil, true, at, whyWaiting)
	}
	l.all = append(l.all, o)
}

// end meets the obligation of the kind that runs, if there is one.
func (l *ledger) end(kind ClockKind, at time.Time) {
	o := l.running(kind)
	if o != nil {
		l.stop(o, at)
	}
}

func (l *ledger) stop(o *obligation, at time.Time) {
	o.stop, o.route, o.unit = latest(at, o.start), l.route, l.unit
}

func (l *ledger) running(kind ClockKind) *obligation {
	for _, o := range slices.Backward(l.all) {
		if o.kind == kind && o.stop.IsZero() {
			return o
		}
	}
	return nil
}

func (l *ledger) find(kind ClockKind, round int) *obligation {
	for _, o := range l.all {
		if o.kind == kind && o.round == round {
			return o
		}
	}
	return nil
}

// limit finds what the routing rules say about a clock.
func (r *RouteData) limit(kind ClockKind) (policy.ClockLimit, bool) {
	if r == nil {
		return policy.ClockLimit{}, false
	}
	i := slices.IndexFunc(r.Clocks, func(l policy.ClockLimit) bool { return l.Kind == string(kind) })
	if i < 0 {
		return policy.ClockLimit{}, false
	}
	return r.Clocks[i], true
}

func latest(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
