package complaints

import (
	"context"
	"errors"
	"time"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
)

// ErrTicketTaken is returned by Store.CreateComplaint when the drawn ticket exists already.
var ErrTicketTaken = errors.New("ticket is taken")

// ErrBehind is returned by Store.ChangeComplaint when a paper was added to the case, which leaves
// its version alone, since the caller read it. Reading again and trying once more helps.
var ErrBehind = errors.New("case has events that the change does not know")

// Scope says which complaints the caller sees: all; or those of the unit, those that touch one of
// the areas, and those that the actor or the unit filed. It is part of the query.
type Scope struct {
	All   bool
	Actor string
	Unit  string
	Areas []area.Code
}

// ScopeOf is the scope of an actor.
func ScopeOf(a auth.Actor) Scope {
	return Scope{All: a.All, Actor: a.Name, Unit: a.Unit, Areas: a.Areas}
}

// Filter narrows a list; empty fields do not.
type Filter struct {
	States     []State
	Unit       string
	Staff      string
	Unassigned bool // no unit has it
	Channel    string
	Matter     string
	Need       string
	NIK        eligibility.NIK // a patient of the case
	Tickets    []Ticket        // only these
	After      Ticket          // continue behind this one
	Limit      int             // 0 is 50; at most 500
	// Queue orders emergencies first, then what no colleague has, then by deadline, then the longest
	// waiting; otherwise the newest come first.
	Queue    bool
	NotStaff string // leaves out those of one colleague

	Priority  string
	Class     string
	Escalated int // at least this rung of the ladder was climbed
	// Climbed, when not nil, keeps the cases of the units that climbed at least so far: 1 or 2.
	Climbed map[string]int
	// ClimbedFiled adds to Climbed what this unit filed and nobody has placed in a district: no unit
	// above finds it in its area.
	ClimbedFiled string
	TaskUnit     string // a unit with an open task in the case
	// The earliest running deadline, the citizen's silence aside: at DueFrom or later, before
	// DueBefore; not before NotDueBefore, which also keeps cases without a deadline.
	DueFrom, DueBefore, NotDueBefore time.Time
	DueKind                          ClockKind // whose deadline it is
	// ByDue orders by that deadline, the earliest first, and leaves out cases without one.
	ByDue bool
}

// Line is one complaint in a list. The Service masks name and NIK of the first patient.
type Line struct {
	Ticket    Ticket    `json:"ticket"`
	State     State     `json:"state"`
	Version   int       `json:"version"`
	Channel   string    `json:"channel"`
	Matter    string    `json:"matter,omitempty"`
	Need      string    `json:"need,omitempty"`
	Unit      string    `json:"unit,omitempty"`
	Staff     string    `json:"staff,omitempty"`
	Village   area.Code `json:"village,omitempty"` // of the first patient, else of the case
	Name      string    `json:"name,omitempty"`    // "Siti A•••••"
	NIK       string    `json:"nik,omitempty"`     // "350919••••••0001"
	Patients  int       `json:"patients"`
	FiledAt   time.Time `json:"filed_at"`
	UpdatedAt time.Time `json:"updated_at"`

	Title     string     `json:"title,omitempty"`
	Class     string     `json:"class,omitempty"`
	Priority  string     `json:"priority,omitempty"`
	DueAt     *time.Time `json:"due_at,omitempty"` // earliest deadline that runs
	DueKind   ClockKind  `json:"due_kind,omitempty"`
	Escalated int        `json:"escalated,omitempty"`
	Attention bool       `json:"attention,omitempty"`
	// WaitsSince is when the citizen was asked who has the next word, RemindAt when the desk should
	// ask again; nil in other states.
	WaitsSince *time.Time `json:"waits_since,omitempty"`
	RemindAt   *time.Time `json:"remind_at,omitempty"`
}

// WaitsFor fills in since when a line waits for the citizen, out of the clocks of the case.
func (l *Line) WaitsFor(clocks []Clock) {
	for _, k := range clocks {
		if k.Kind == WaitingClock && k.StoppedAt == nil {
			since, due := k.StartedAt, k.DueAt
			l.WaitsSince, l.RemindAt = &since, &due
		}
	}
}

// Key is an idempotency key with the fingerprint of what it was used for.
type Key struct {
	Actor, Key  string
	Fingerprint string
	At          time.Time
	Expired     time.Time // a key that was kept before this moment counts as never used
}

// Change is everything that one act writes. Storage writes it whole or not at all.
type Change struct {
	// Complaint carries the new state, unit, staff and patients; its Version is the new one and
	// must follow the stored one directly.
	Complaint Complaint
	Areas     []area.Code // all areas the case touches, each with those around it
	// Event is numbered by storage. When its Seq is set already, the change was computed out of all
	// events before that number, and is refused with ErrBehind when there are others by now.
	Event   Event
	More    []Event  // what else happened in the same moment, numbered behind Event: routing, tasks
	Patient *Patient // changed
	Check   *Check   // added
	// Registration is added, or replaces the pending one with the same ID.
	Registration *Registration
	Resolution   *Resolution // added
	Tasks        []Task      // added, or replace those with the same number
	Marks        []Mark      // replace those of the case; nil keeps them
	Messages     []Message   // added to the outbox
	Entries      []audit.Entry
	// Key is taken together with the act; ErrRepeated when the same act took it before.
	Key *Key
}

// Store keeps the complaints of the home regency. A complaint outside the scope is fault.NotFound,
// exactly like one that does not exist.
type Store interface {
	Sweepable
	// Regency is the office that owns the records ("35.09"); tickets begin with it.
	Regency() area.Code
	// Resident gives name, village and family card that the registry knows of a NIK; nil nothing.
	Resident(ctx context.Context, nik eligibility.NIK) (*eligibility.Resident, error)
	// Unit and Account find whom a case is assigned to; fault.NotFound.
	Unit(ctx context.Context, code string) (auth.Unit, error)
	Account(ctx context.Context, user string) (auth.Account, error)
	// CreateComplaint stores a new complaint with its first event. With a key that was used before
	// it stores nothing and returns the ticket of then (fault.Invalid "idempotency_mismatch" when
	// the fingerprint differs). ErrTicketTaken asks for another ticket.
	CreateComplaint(ctx context.Context, c Change, key *Key) (Ticket, error)
	// Complaint gives the whole case.
	Complaint(ctx context.Context, t Ticket, s Scope) (Complaint, error)
	// ChangeComplaint writes an act; StaleVersion when somebody was faster.
	ChangeComplaint(ctx context.Context, c Change) error
	// ChangeComplaints writes an act on several cases, all of it or nothing.
	ChangeComplaints(ctx context.Context, all []Change) error
	// SeeTasks notes on the open tasks of the unit in the case (by its id) that they were seen, with
	// the entries of the view, which it writes in any case.
	SeeTasks(ctx context.Context, id, unit string, seen time.Time, entries []audit.Entry) error
	// Complaints lists; CountComplaints counts what the filter finds without its After and Limit.
	Complaints(ctx context.Context, f Filter, s Scope) ([]Line, error)
	CountComplaints(ctx context.Context, f Filter, s Scope) (int, error)
	// AlikeComplaints finds open cases with one of the marks, the newest first, at most limit, and
	// counts those outside the scope by unit. The case with the ticket is left out.
	AlikeComplaints(ctx context.Context, marks []Mark, not Ticket, s Scope, limit int) ([]Likeness, []Elsewhere, error)
	// WaitingRegistrations lists patients who were found eligible and for whom nothing was sent,
	// and registrations without an answer, the longest waiting first, at most limit.
	WaitingRegistrations(ctx context.Context, s Scope, limit int) ([]WaitingRegistration, error)
	// AddAttachment stores the content in chunks with its event; it does not touch the version.
	AddAttachment(ctx context.Context, c Change, a Attachment, content []byte) error
	// Attachment finds one with the ticket of its case and the NIKs of the patients.
	Attachment(ctx context.Context, id string, s Scope) (Attachment, error)
	// AttachmentChunk reads the part with the number (from 0); nil behind the last one.
	AttachmentChunk(ctx context.Context, id string, no int) ([]byte, error)
	// Record writes the trail of a view, which changes nothing else.
	Record(ctx context.Context, e audit.Entry) error
	// UsedKey finds what the key of an actor was used for; false when it was not, or expired.
	UsedKey(ctx context.Context, k Key) (fingerprint string, t Ticket, used bool, err error)
	// ForgetKeys drops idempotency keys kept before the moment and says how many.
	ForgetKeys(ctx context.Context, before time.Time) (int, error)
}
