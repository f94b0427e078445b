package complaints

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"

	"pgregory.net/rapid"
)

// shelf keeps cases in memory by the promises of Store that acts rely on.
type shelfStore struct {
	Store
	mu    sync.Mutex
	cases map[Ticket]Complaint
}

func (s *shelfStore) Regency() area.Code { return "35.09" }

func (s *shelfStore) Person(context.Context, eligibility.NIK) (eligibility.Person, error) {
	return eligibility.Person{}, nil
}

func (s *shelfStore) Unit(_ context.Context, code string) (auth.Unit, error) {
	if !strings.HasPrefix(code, "KEL") {
		return auth.Unit{}, fault.New(fault.NotFound, "unit_not_found", "Tidak ada.")
	}
	return auth.Unit{Code: code, Name: code}, nil
}

func (s *shelfStore) Record(context.Context, audit.Entry) error { return nil }

func (s *shelfStore) CreateComplaint(_ context.Context, c Change, _ *Key) (Ticket, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cases[c.Complaint.Ticket] = c.Complaint
	return c.Complaint.Ticket, nil
}

func (s *shelfStore) Complaint(_ context.Context, t Ticket, _ Scope) (Complaint, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.cases[t]
	if !ok {
		return c, fault.New(fault.NotFound, "complaint_unknown", "Tidak ada.")
	}
	c.Joined = nil
	for _, o := range s.cases {
		if o.Into == t {
			c.Joined = append(c.Joined, Joined{Ticket: o.Ticket, Reporter: o.Reporter})
		}
	}
	return c, nil
}

func (s *shelfStore) Units(context.Context) ([]auth.Unit, error) {
	return []auth.Unit{{Code: "KEL-A"}, {Code: "KEL-B"}}, nil
}

func (s *shelfStore) ChangeComplaint(ctx context.Context, c Change) error {
	return s.ChangeComplaints(ctx, []Change{c})
}

func (s *shelfStore) ChangeComplaints(_ context.Context, all []Change) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range all {
		old := s.cases[c.Complaint.Ticket]
		switch {
		case old.Version != c.Complaint.Version-1:
			return errStale
		case len(old.Events) != c.Event.Seq-1:
			return ErrBehind
		}
	}
	for _, c := range all {
		s.cases[c.Complaint.Ticket] = c.Complaint
	}
	return nil
}

func walkService() (*Service, *shelfStore, context.Context) {
	store := &shelfStore{cases: map[Ticket]Complaint{}}
	now := time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC)
	s := &Service{Store: store, Clock: func() time.Time { now = now.Add(time.Minute); return now }}
	actor := auth.Actor{Name: "koko", User: "koko", Role: auth.Coordinator, All: true}
	return s, store, auth.With(context.Background(), actor)
}

// anyAction is an act that has what it needs, or sometimes not.
func anyAction(t *rapid.T, tickets []Ticket) Action {
	var kinds []EventType
	for _, m := range Moves {
		if m.Event != CheckEvent && m.Event != AttachEvent {
			kinds = append(kinds, m.Event)
		}
	}
	yes := true
	a := Action{
		Type: rapid.SampledFrom(kinds).Draw(t, "type"), Text: rapid.SampledFrom([]string{"", "Sudah dijelaskan di loket."}).Draw(t, "text"),
		Reason: rapid.SampledFrom([]string{"", "Sesuai hasil pemeriksaan berkas."}).Draw(t, "reason"),
		Unit:   rapid.SampledFrom([]string{"KEL-A", "KEL-B", "PKM"}).Draw(t, "unit"),
		Act:    "Temui keluarga", Task: rapid.IntRange(0, 3).Draw(t, "task"), Note: "Sudah ditemui di rumahnya.",
		Result:  rapid.SampledFrom([]string{"done", "refused", "active", "pending", ""}).Draw(t, "result"),
		Through: "e_dabu", Missing: []string{"KK"}, Decision: rapid.SampledFrom([]Decision{Granted, Apologised, Refunded}).Draw(t, "decision"),
		Office: "Dinas Sosial", Into: rapid.SampledFrom(tickets).Draw(t, "into"), Amount: rapid.Int64Range(0, 2).Draw(t, "amount"), Class: "oversight",
	}
	if a.Result == "active" {
		a.ActiveOn = "2026-11-21"
	}
	if rapid.Bool().Draw(t, "deceased") {
		a.Deceased = &yes
	}
	return a
}

// Whatever is asked for in whatever order: acts follow the table, each adds its events and one
// version, the state is what the events say, and what is refused changes nothing.
func TestWalksStayOnTheTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, store, ctx := walkService()
		var tickets []Ticket
		for i := range 3 {
			c, err := s.File(ctx, Filing{Channel: "counter", Matter: rapid.SampledFrom([]string{"charge", "other"}).Draw(t, "matter"),
				Reporter: Reporter{Name: fmt.Sprint("Pelapor ", i)}, Text: "Mohon dibantu.", Verified: rapid.Bool().Draw(t, "verified")})
			if err != nil {
				t.Fatal(err)
			}
			tickets = append(tickets, c.Ticket)
		}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			ticket := rapid.SampledFrom(tickets).Draw(t, "ticket")
			was := store.cases[ticket]
			a := anyAction(t, tickets)
			a.Version = was.Version
			move, _ := MoveOf(a.Type)
			goal, allowed := move.To[was.State]
			after, err := s.Act(ctx, ticket, a)
			now := store.cases[ticket]
			switch {
			case err != nil:
				if fault.As(err) == nil || now.Version != was.Version || len(now.Events) != len(was.Events) {
					t.Fatalf("%s in %s: %v, and the case changed", a.Type, was.State, err)
				}
				continue
			case !allowed:
				t.Fatalf("%s was allowed in %s", a.Type, was.State)
			case goal != Before && now.State != goal:
				t.Fatalf("%s leads from %s to %s, want %s", a.Type, was.State, now.State, goal)
			}
			if now.Version != was.Version+1 || after.Version != now.Version || now.State != StateOf(now.Events) {
				t.Fatalf("%s: version %d after %d, state %s, events say %s", a.Type, now.Version, was.Version, now.State, StateOf(now.Events))
			}
			for i, e := range now.Events {
				if e.Seq != i+1 || i < len(was.Events) && e.ID != was.Events[i].ID {
					t.Fatalf("%s: event %d is %+v", a.Type, i, e)
				}
			}
			if (now.State == Merged) != (now.Into != "") {
				t.Fatalf("%s: %s into %q", a.Type, now.State, now.Into)
			}
			noCycle(t, store, ticket)
		}
	})
}

func noCycle(t *rapid.T, store *shelfStore, ticket Ticket) {
	seen := []Ticket{ticket}
	for into := store.cases[ticket].Into; into != ""; into = store.cases[into].Into {
		if slices.Contains(seen, into) {
			t.Fatalf("merged in a ring: %v", append(seen, into))
		}
		seen = append(seen, into)
	}
}

// Merging and parting again leads back: state, what the state before was, and every part.
func TestMergeAndUnmergeIsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, store, ctx := walkService()
		var tickets []Ticket
		for range 2 {
			c, err := s.File(ctx, Filing{Channel: "counter", Reporter: Reporter{Name: "Ani"}, Text: "Mohon dibantu."})
			if err != nil {
				t.Fatal(err)
			}
			tickets = append(tickets, c.Ticket)
		}
		for range rapid.IntRange(0, 8).Draw(t, "steps") {
			a := anyAction(t, tickets)
			a.Version = store.cases[tickets[0]].Version
			if a.Type != MergeEvent && a.Type != UnmergeEvent {
				_, _ = s.Act(ctx, tickets[0], a) // refusals are part of the walk
			}
		}
		was := store.cases[tickets[0]]
		merged, err := s.Act(ctx, was.Ticket, Action{Type: MergeEvent, Version: was.Version, Into: tickets[1]})
		if !was.State.Open() {
			if err == nil {
				t.Fatalf("a case was merged that is %s", was.State)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		back, err := s.Act(ctx, was.Ticket, Action{Type: UnmergeEvent, Version: merged.Version})
		if err != nil {
			t.Fatal(err)
		}
		if back.State != was.State || !slices.Equal(back.Before, was.Before) || back.Into != "" || len(back.Tasks) != len(was.Tasks) || len(back.Events) != len(was.Events)+2 {
			t.Fatalf("was %s %v, came back %s %v", was.State, was.Before, back.State, back.Before)
		}
	})
}

// Several actors press at the same moment: one is first, the others are told, nothing is lost.
func TestRacingActors(t *testing.T) {
	s, store, ctx := walkService()
	clock := time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC)
	s.Clock = func() time.Time { return clock }
	c, err := s.File(ctx, Filing{Channel: "counter", Reporter: Reporter{Name: "Ani"}, Text: "Mohon dibantu."})
	if err != nil {
		t.Fatal(err)
	}
	for version := 1; version <= 10; version++ {
		errs := make([]error, 6)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() {
				_, errs[i] = s.Act(ctx, c.Ticket, Action{Type: NoteEvent, Version: version, Text: "Bersamaan."})
			})
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !fault.Is(err, fault.Conflict) {
				t.Fatal(err)
			}
		}
		if now := store.cases[c.Ticket]; won != 1 || now.Version != version+1 || len(now.Events) != version+1 {
			t.Fatalf("%d won; version %d with %d events", won, now.Version, len(now.Events))
		}
	}
}
