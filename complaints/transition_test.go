package complaints

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"layak/internal/auth"
	"layak/internal/fault"
)

// wholeTable is every event from every state, in the order of States: "." forbids, "=" stays,
// "<" leads back to the state before, and letters are the goals below.
const wholeTable = `
             rec ver inp wai ans clo for rej wit mer
verify       V   .   .   .   .   .   .   .   .   .
assign       =   P   =   .   P   .   .   .   .   .
task         =   P   =   .   P   .   .   .   .   .
task_done    =   =   =   =   =   =   =   .   .   =
classify     =   =   =   =   =   .   =   .   .   .
check        =   P   =   =   =   =   =   =   .   .
note         =   P   =   =   =   =   =   =   .   .
answer       =   P   =   =   =   =   =   =   .   .
registration =   P   =   =   =   =   =   =   .   .
refund       =   P   =   =   =   =   =   =   .   .
attach       =   =   =   =   =   =   =   =   .   .
wait         W   W   W   .   .   .   .   .   .   .
reply        .   .   .   <   .   .   .   .   .   .
resolve      .   A   A   A   .   .   .   .   .   .
close        .   .   .   .   C   .   .   .   .   .
rate         .   .   .   .   .   =   .   .   .   .
reopen       .   .   .   .   P   P   P   P   P   .
forward      F   F   F   .   .   .   .   .   .   .
number       .   .   .   .   .   .   =   .   .   .
reject       R   R   .   .   .   .   .   .   .   .
withdraw     X   X   X   X   X   .   .   .   .   .
merge        M   M   M   M   M   .   .   .   .   .
unmerge      .   .   .   .   .   .   .   .   .   <
`

func TestWholeTable(t *testing.T) {
	goals := map[string]State{
		"V": Verified, "P": InProgress, "W": WaitingReporter, "A": Answered, "C": Closed,
		"F": Forwarded, "R": Rejected, "X": Withdrawn, "M": Merged, "<": Before,
	}
	lines := strings.Split(strings.TrimSpace(wholeTable), "\n")[1:]
	if len(lines) != len(Moves) {
		t.Fatalf("the test knows %d events, the table %d", len(lines), len(Moves))
	}
	for i, l := range lines {
		cells := strings.Fields(l)
		if string(Moves[i].Event) != cells[0] {
			t.Fatalf("row %d is %s, want %s", i, Moves[i].Event, cells[0])
		}
		for j, from := range States {
			t.Run(cells[0]+" from "+string(from), func(t *testing.T) {
				want, allowed := goals[cells[j+1]], cells[j+1] != "."
				if cells[j+1] == "=" {
					want = from
				}
				got, ok := Moves[i].To[from]
				if ok != allowed || ok && got != want {
					t.Errorf("leads to %q (%v), want %q (%v)", got, ok, want, allowed)
				}
			})
		}
	}
}

func TestEveryMoveIsDescribed(t *testing.T) {
	for _, m := range Moves {
		if m.Label == "" || !slices.Contains(auth.Permissions(), m.Who) || len(m.To) == 0 {
			t.Errorf("%s lacks its words, its permission or its goals", m.Event)
		}
		for from, goal := range m.To {
			if !slices.Contains(States, from) || goal != Before && !slices.Contains(States, goal) {
				t.Errorf("%s leads from %q to %q, which is no state", m.Event, from, goal)
			}
		}
	}
	for _, m := range Moves {
		if (steps[m.Event] == nil) != (m.Event == AttachEvent) {
			t.Errorf("%s can be asked for and does nothing", m.Event)
		}
	}
	if len(steps) != len(Moves)-1 {
		t.Errorf("%d steps for %d moves", len(steps), len(Moves))
	}
	for _, s := range States {
		if s.Label() == "" || s.Lapor() == "" || s.Wadul() == "" {
			t.Errorf("state %s has no word", s)
		}
	}
}

func TestGoingBack(t *testing.T) {
	move := func(e EventType, s State, before ...State) string {
		m, _ := MoveOf(e)
		next, pile, err := m.goal(Complaint{State: s, Before: before})
		if err != nil {
			return fault.As(err).Code
		}
		return fmt.Sprintf("%s %v", next, pile)
	}
	cases := []struct{ name, got, want string }{
		{"waiting remembers", move(WaitEvent, Verified), "waiting_reporter [verified]"},
		{"a reply goes back", move(ReplyEvent, WaitingReporter, Verified), "verified []"},
		{"merging while waiting remembers both", move(MergeEvent, WaitingReporter, Verified), "merged [verified waiting_reporter]"},
		{"unmerging goes back to waiting", move(UnmergeEvent, Merged, Verified, WaitingReporter), "waiting_reporter [verified]"},
		{"a note while waiting forgets nothing", move(NoteEvent, WaitingReporter, Received), "waiting_reporter [received]"},
		{"a decision forgets", move(ResolveEvent, WaitingReporter, Received), "answered []"},
		{"a forbidden move", move(CloseEvent, Received), "move_forbidden"},
	}
	for _, c := range cases {
		if c.got != c.want {
			t.Errorf("%s: %s, want %s", c.name, c.got, c.want)
		}
	}
}

// Going back after a merge must not write into the pile of the case it came from.
func TestMergeDoesNotShareThePile(t *testing.T) {
	pile := make([]State, 1, 4)
	pile[0] = Received
	c := Complaint{State: WaitingReporter, Before: pile}
	m, _ := MoveOf(MergeEvent)
	_, one, _ := m.goal(c)
	c.State = Answered
	_, two, _ := m.goal(c)
	if one[1] != WaitingReporter || two[1] != Answered {
		t.Errorf("piles overwrite each other: %v %v", one, two)
	}
}

func TestWhoMay(t *testing.T) {
	desk := func(unit string) auth.Actor { return auth.Actor{Name: "a", Role: auth.Puskesmas, Unit: unit} }
	c := Complaint{State: Received, Unit: "PKM-SILO"}
	cases := []struct {
		name  string
		actor auth.Actor
		event EventType
		want  bool
	}{
		{"the unit's desk verifies", desk("PKM-SILO"), VerifyEvent, true},
		{"another desk does not", desk("PKM-BALUNG"), VerifyEvent, false},
		{"the coordinator does", auth.Actor{Name: "k", Role: auth.Coordinator, All: true}, VerifyEvent, true},
		{"a desk does not reject", desk("PKM-SILO"), RejectEvent, false},
		{"a supervisor rejects", auth.Actor{Name: "s", Role: auth.Supervisor, All: true}, RejectEvent, true},
		{"a supervisor writes a note", auth.Actor{Name: "s", Role: auth.Supervisor, All: true}, NoteEvent, true},
		{"a supervisor checks nobody", auth.Actor{Name: "s", Role: auth.Supervisor, All: true}, CheckEvent, false},
		{"the coordinator keeps the refund", auth.Actor{Name: "k", Role: auth.Coordinator, All: true}, RefundEvent, true},
		{"an auditor writes no note", auth.Actor{Name: "u", Role: auth.Auditor, All: true}, NoteEvent, false},
		{"nobody", auth.Actor{}, NoteEvent, false},
		{"not from this state", desk("PKM-SILO"), CloseEvent, false},
		{"a desk merges", desk("PKM-SILO"), MergeEvent, true},
		{"a supervisor answers", auth.Actor{Name: "s", Role: auth.Supervisor, All: true}, AnswerEvent, true},
	}
	for _, k := range cases {
		if got := slices.Contains(c.May(k.actor), k.event); got != k.want {
			t.Errorf("%s: %v", k.name, got)
		}
	}
}
