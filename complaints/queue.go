package complaints

import (
	"context"
	"slices"
	"time"

	"layak/eligibility"
	"layak/internal/auth"
	"layak/internal/fault"
)

// ShelfKey names one part of a queue.
type ShelfKey string

// The shelves, in the order of the screen. A case with a deadline of today or before stands on one of
// the first two and not among Mine or Unit.
const (
	OverdueShelf   ShelfKey = "overdue"   // a deadline has passed
	TodayShelf     ShelfKey = "today"     // a deadline ends today
	NobodyShelf    ShelfKey = "nobody"    // no unit has it
	MineShelf      ShelfKey = "mine"      // assigned to the actor
	UnitShelf      ShelfKey = "unit"      // with the actor's unit, those that nobody took first
	TasksShelf     ShelfKey = "tasks"     // an act inside another unit's case
	EscalatedShelf ShelfKey = "escalated" // a rung of the ladder was climbed
	WaitingShelf   ShelfKey = "waiting"   // the citizen's turn
	ForwardedShelf ShelfKey = "forwarded" // with another office, whose number is not known yet
)

// ShelfKeys lists them in order.
var ShelfKeys = []ShelfKey{OverdueShelf, TodayShelf, NobodyShelf, MineShelf, UnitShelf, TasksShelf, EscalatedShelf, WaitingShelf, ForwardedShelf}

// Shelf is one part of the queue: the first lines, and how many there are in all.
type Shelf struct {
	Key   ShelfKey
	Lines []Line
	Total int
}

// atHand are the open states in which the office has the next word.
var atHand = []State{Received, Verified, InProgress, Answered}

// shelf is the filter of a shelf for the actor; false when the shelf is not theirs. What climbed the
// ladder stands before those whom the ladder reaches, besides whoever works for the whole regency:
// the first rung before the head of the unit, before its whole desk while nobody is named as head;
// the second before the unit above as well. A case of which no district is known lies in no area that
// a unit above may see: when it climbs it stands before the unit that filed it, besides the coordinator.
func (s *Service) shelf(ctx context.Context, key ShelfKey, a auth.Actor, now time.Time) (Filter, bool, error) {
	f, ok := key.filter(a, now)
	if !ok || key != EscalatedShelf || a.All || s.Leaders == nil {
		return f, ok, nil
	}
	own, err := s.leading(ctx, a.Unit)
	if err != nil {
		return f, false, err
	}
	below, err := s.Leaders.Below(ctx, a.Unit)
	if err != nil {
		return f, false, err
	}
	f.Unit, f.Escalated, f.Climbed = "", 0, map[string]int{}
	for _, unit := range below {
		f.Climbed[unit] = 2
	}
	if own.Head == "" || own.Head == a.User {
		f.Climbed[a.Unit] = 1
	}
	f.ClimbedFiled = a.Unit
	return f, true, nil
}

// withTasks are the states in which a unit still has its task to do: a case that went into another one
// takes none of them away.
var withTasks = append(slices.Clone(OpenStates), Merged)

// filter is the filter of a shelf for the actor; false when the shelf is not theirs. Whoever works
// for the whole regency sees its overdue, unassigned and escalated cases; a desk those of its unit.
func (k ShelfKey) filter(a auth.Actor, now time.Time) (Filter, bool) {
	tomorrow := endOfDay(now)
	mine := a.Unit != "" || a.All
	unit := a.Unit // "" is the whole regency
	switch k {
	case OverdueShelf:
		return Filter{Unit: unit, DueBefore: now, ByDue: true}, mine
	case TodayShelf:
		return Filter{Unit: unit, DueFrom: now, DueBefore: tomorrow, ByDue: true}, mine
	case NobodyShelf:
		return Filter{Unassigned: true, States: OpenStates, NotDueBefore: tomorrow, Queue: true}, true
	case MineShelf:
		return Filter{Staff: a.User, States: atHand, NotDueBefore: tomorrow, Queue: true}, a.User != ""
	case UnitShelf:
		return Filter{Unit: unit, NotStaff: a.User, States: atHand, NotDueBefore: tomorrow, Queue: true}, unit != ""
	case TasksShelf:
		return Filter{TaskUnit: unit, States: withTasks, Queue: true}, unit != ""
	case EscalatedShelf:
		return Filter{Unit: unit, Escalated: 1, ByDue: true}, mine
	case WaitingShelf:
		return Filter{Unit: unit, States: []State{WaitingReporter}, NotDueBefore: tomorrow, Queue: true}, mine
	case ForwardedShelf:
		return Filter{Unit: unit, States: []State{Forwarded}, DueKind: NumberClock, ByDue: true}, mine
	}
	return Filter{}, false
}

// endOfDay is midnight after the moment, where the office is.
func endOfDay(now time.Time) time.Time {
	y, m, d := now.In(eligibility.WIB).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, eligibility.WIB)
}

// Queue gives the shelves that hold something for the actor, at most rows lines of each.
func (s *Service) Queue(ctx context.Context, rows int) ([]Shelf, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintRead)
	if err != nil {
		return nil, err
	}
	now, scope := s.now(), ScopeOf(actor)
	var shelves []Shelf
	for _, key := range ShelfKeys {
		f, ok, err := s.shelf(ctx, key, actor, now)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		f.Limit = rows + 1
		lines, err := s.Store.Complaints(ctx, f, scope)
		if err != nil {
			return nil, err
		}
		if len(lines) == 0 {
			continue
		}
		shelf := Shelf{Key: key, Lines: masked(lines), Total: len(lines)}
		if len(lines) > rows {
			shelf.Lines = shelf.Lines[:rows]
			shelf.Total, err = s.Store.CountComplaints(ctx, f, scope)
			if err != nil {
				return nil, err
			}
		}
		shelves = append(shelves, shelf)
	}
	return shelves, nil
}

// Shelf gives one whole shelf of the actor's queue, page by page in its own order; fault.NotFound
// for a shelf that is not theirs.
func (s *Service) Shelf(ctx context.Context, key ShelfKey, after Ticket) (Page, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintRead)
	if err != nil {
		return Page{}, err
	}
	f, ok, err := s.shelf(ctx, key, actor, s.now())
	if err != nil {
		return Page{}, err
	}
	if !ok {
		return Page{}, fault.New(fault.NotFound, "shelf_unknown", "Antrean ini tidak ada untuk akun Anda.")
	}
	f.After, f.Limit = after, usualPage
	return s.page(ctx, f, ScopeOf(actor))
}
