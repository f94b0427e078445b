package complaints

import (
	"slices"

	"layak/internal/auth"
	"layak/internal/fault"
)

// EventType is the kind of one event in the life of a complaint.
type EventType string

// The events. File starts the life; Attach adds a photo or paper and is not chosen by an Action.
const (
	FileEvent     EventType = "file"
	AttachEvent   EventType = "attach"
	VerifyEvent   EventType = "verify"
	AssignEvent   EventType = "assign"
	TaskEvent     EventType = "task"
	TaskDoneEvent EventType = "task_done"
	ClassifyEvent EventType = "classify"
	CheckEvent    EventType = "check"
	NoteEvent     EventType = "note"
	AnswerEvent   EventType = "answer"
	RegisterEvent EventType = "registration"
	RefundEvent   EventType = "refund"
	WaitEvent     EventType = "wait"
	ReplyEvent    EventType = "reply"
	ResolveEvent  EventType = "resolve"
	CloseEvent    EventType = "close"
	RateEvent     EventType = "rate" // the citizen said later how content he is; data CloseData
	ReopenEvent   EventType = "reopen"
	ForwardEvent  EventType = "forward"
	NumberEvent   EventType = "number" // the other office's number came, or was wrong; data NumberData
	RejectEvent   EventType = "reject"
	WithdrawEvent EventType = "withdraw"
	MergeEvent    EventType = "merge"
	UnmergeEvent  EventType = "unmerge"
	// What the system does by itself, never by an Action.
	TasksDoneEvent EventType = "tasks_done" // no task of the case is open any more
	RouteEvent     EventType = "route"      // the routing rules spoke; data RouteData
	ClockEvent     EventType = "clock"      // a deadline moved because a calendar changed
	EscalateEvent  EventType = "escalate"   // a rung of the ladder was climbed, or a silent assignee lost the case
	SentEvent      EventType = "sent"       // a message left, or could not
	JoinEvent      EventType = "join"       // another case was merged into this one, or parted from it
)

// Move is one row of the transition table: what an event does from each state, who may do it and
// who may read of it.
type Move struct {
	Event EventType
	Label string          // Indonesian, as a button says it
	To    map[State]State // goal by the state it starts from; a state that is absent forbids it
	Who   auth.Permission
	// OwnUnit demands that the case lies with the actor's unit, with no unit yet, or that the
	// actor works for the whole regency.
	OwnUnit bool
	// Public events are shown to the citizen; the others are the office's own.
	Public bool
}

// Moves is the transition table, the only place that says where an event leads.
var Moves = []Move{
	{VerifyEvent, "Verifikasi", to(Verified, Received), auth.ComplaintVerify, true, true},
	{AssignEvent, "Tugaskan", working(), auth.ComplaintAssign, false, false},
	{TaskEvent, "Beri tugas", working(), auth.ComplaintAssign, false, false},
	{TaskDoneEvent, "Tugas selesai", stay(Received, Verified, InProgress, WaitingReporter, Answered, Closed, Forwarded, Merged), auth.ComplaintWork, false, false},
	{ClassifyEvent, "Golongkan", stay(Received, Verified, InProgress, WaitingReporter, Answered, Forwarded), auth.ComplaintAssign, false, false},
	{CheckEvent, "Cek kelayakan", atWork(), auth.ComplaintWork, false, false},
	{NoteEvent, "Catatan internal", atWork(), auth.ComplaintDecide, false, false},
	{AnswerEvent, "Jawab warga", atWork(), auth.ComplaintDecide, false, true},
	{RegisterEvent, "Catat pendaftaran", atWork(), auth.RegistrationWrite, false, true},
	{RefundEvent, "Catat uang kembali", atWork(), auth.ComplaintWork, false, true},
	{AttachEvent, "Tambah berkas", stay(Received, Verified, InProgress, WaitingReporter, Answered, Closed, Forwarded, Rejected), auth.ComplaintWork, false, false},
	{WaitEvent, "Tunggu pelapor", to(WaitingReporter, Received, Verified, InProgress), auth.ComplaintWork, false, true},
	{ReplyEvent, "Catat balasan pelapor", to(Before, WaitingReporter), auth.ComplaintWork, false, true},
	{ResolveEvent, "Putuskan", to(Answered, Verified, InProgress, WaitingReporter), auth.ComplaintDecide, false, true},
	{CloseEvent, "Tutup aduan", to(Closed, Answered), auth.ComplaintClose, false, true},
	{RateEvent, "Catat penilaian warga", stay(Closed), auth.ComplaintClose, false, true},
	{ReopenEvent, "Buka kembali", to(InProgress, Answered, Closed, Rejected, Forwarded, Withdrawn), auth.ComplaintClose, false, true},
	{ForwardEvent, "Teruskan", to(Forwarded, Received, Verified, InProgress), auth.ComplaintForward, false, true},
	{NumberEvent, "Catat nomor penerimaan", stay(Forwarded), auth.ComplaintForward, false, true},
	{RejectEvent, "Tolak aduan", to(Rejected, Received, Verified), auth.ComplaintReject, false, true},
	{WithdrawEvent, "Batalkan aduan", to(Withdrawn, OpenStates...), auth.ComplaintClose, false, true},
	{MergeEvent, "Gabungkan", to(Merged, OpenStates...), auth.ComplaintMerge, false, true},
	{UnmergeEvent, "Pisahkan lagi", to(Before, Merged), auth.ComplaintMerge, false, true},
}

// to leads to one goal from each of the states.
func to(goal State, from ...State) map[State]State {
	m := make(map[State]State, len(from))
	for _, s := range from {
		m[s] = goal
	}
	return m
}

// stay changes no state.
func stay(from ...State) map[State]State {
	m := make(map[State]State, len(from))
	for _, s := range from {
		m[s] = s
	}
	return m
}

// working begins the work; what was not verified stays received until somebody verifies it.
func working() map[State]State {
	m := to(InProgress, Verified, InProgress, Answered)
	m[Received] = Received
	return m
}

// atWork is allowed always but after the citizen withdrew or the case went into another one. The
// first such act on a verified case begins the work.
func atWork() map[State]State {
	m := stay(Received, InProgress, WaitingReporter, Answered, Closed, Forwarded, Rejected)
	m[Verified] = InProgress
	return m
}

// MoveOf finds the row of an event.
func MoveOf(t EventType) (Move, bool) {
	for _, m := range Moves {
		if m.Event == t {
			return m, true
		}
	}
	return Move{}, false
}

// May lists what the actor can do with the complaint now, in the order of the table. Screens offer
// exactly these.
func (c Complaint) May(a auth.Actor) []EventType {
	var can []EventType
	for _, m := range Moves {
		if _, ok := m.To[c.State]; !ok || !c.holds(m.Event) || m.permit(a, c) != nil {
			continue
		}
		can = append(can, m.Event)
	}
	return can
}

// holds tells whether the case holds what the event is about: a task that is not done, a rating that
// may still be given. Each act asks again with its own words.
func (c Complaint) holds(t EventType) bool {
	switch t {
	case TaskDoneEvent:
		return len(c.OpenTasks()) > 0
	case RateEvent:
		return c.Rating == 0 && !c.Deceased
	}
	return true
}

// ofAccused are the moves that are left to the unit whose conduct a complaint is about: what it says
// of itself and what it gives away. Nothing that ends the case, stops its clocks or speaks to the
// citizen.
var ofAccused = []EventType{
	AssignEvent, TaskEvent, TaskDoneEvent, CheckEvent, NoteEvent, RegisterEvent, RefundEvent, AttachEvent, ReplyEvent, ReopenEvent,
}

// permit tells whether the actor may make the move on the complaint.
func (m Move) permit(a auth.Actor, c Complaint) error {
	err := a.Require(m.Who)
	if err != nil {
		return err
	}
	if c.against(a.Unit) && !slices.Contains(ofAccused, m.Event) {
		return fault.New(fault.Forbidden, "unit_accused",
			"Aduan tentang sikap petugas tidak ditangani oleh unit yang diadukan. Unit lain atau koordinator yang melanjutkannya.")
	}
	if m.OwnUnit && !a.All && c.Unit != "" && c.Unit != a.Unit {
		return fault.New(fault.Forbidden, "other_unit",
			"Aduan ini dipegang unit lain. Unit itu atau koordinator yang dapat memverifikasinya.")
	}
	return nil
}

// goal applies the move to the complaint's state and to the pile of states that a reply or an
// unmerging leads back to.
func (m Move) goal(c Complaint) (State, []State, error) {
	next, ok := m.To[c.State]
	if !ok {
		return "", nil, fault.New(fault.Conflict, "move_forbidden",
			"Aduan berstatus “"+c.State.Label()+"”, jadi tindakan “"+m.Label+"” tidak dapat dilakukan. Muat ulang aduan ini.")
	}
	switch {
	case next == Before && len(c.Before) == 0:
		return InProgress, nil, nil
	case next == Before:
		last := len(c.Before) - 1
		return c.Before[last], c.Before[:last:last], nil
	case m.Event == WaitEvent:
		return next, []State{c.State}, nil
	case m.Event == MergeEvent:
		return next, append(c.Before[:len(c.Before):len(c.Before)], c.State), nil
	case next == c.State:
		return next, c.Before, nil
	}
	return next, nil, nil
}
