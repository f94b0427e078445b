package complaints

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
)

// SourceEvent tells what the register of another system says of the case. It moves the state only
// forward: what was done here is never undone by an older list of somebody else.
const SourceEvent EventType = "source"

// Registered is one complaint as the register of another system has it, after normalising.
type Registered struct {
	Source   string // "lapor", "wadul": a code of Channels
	Number   string // theirs; with Source the key of the case
	Title    string
	Text     string
	Channel  string // code of Channels through which the citizen came; "" is Source
	Class    string // code of Classes as an official there set it; "" leaves it to the routing rules
	Category string // their word
	Reporter Reporter
	// NIK that the register gives. It is the reporter's; he is taken for the patient until a clerk
	// says otherwise.
	NIK     eligibility.NIK
	Village area.Code
	Unit    string // code of the unit that they dispatched it to; "" when it is none of ours
	State   State  // what Word means here
	Word    string // their status
	FiledAt time.Time
	MovedAt *time.Time // when it came into that status; nil when the register does not tell
	DueAt   *time.Time // their deadline, for the record
	Answer  string
}

// SourceData goes with source: what the register said, and a fingerprint of the row, so that a row
// that did not change adds nothing.
type SourceData struct {
	Source   string     `json:"source"`
	Number   string     `json:"number"`
	Word     string     `json:"word"`
	Category string     `json:"category,omitempty"`
	DueAt    *time.Time `json:"due_at,omitempty"`
	Row      string     `json:"row"`
	// Assumed: the register did not tell when the status was reached; the event carries the moment
	// of the import.
	Assumed bool `json:"assumed,omitempty"`
}

// Taken says what became of a row of a register.
type Taken string

// What can become of it.
const (
	TakenNew     Taken = "new"
	TakenChanged Taken = "changed"
	TakenSame    Taken = "same"
)

// Fingerprint tells whether a row says something else than the one before.
func (r Registered) Fingerprint() (string, error) {
	r.Unit = "" // which of the offices are ours is our matter, not theirs
	b, err := json.Marshal(r)
	if err != nil {
		return "", fmt.Errorf("fingerprint of %s %s: %w", r.Source, r.Number, err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:]), nil
}

// Register takes a row of another system's register over. known is the ticket under which its
// source and number are kept already, "" when there is none: then a case is made that keeps the
// date of filing of the register. A known case gets an event when the row says something new, and
// moves when the register is ahead of it.
func (s *Service) Register(ctx context.Context, r Registered, known Ticket) (Ticket, Taken, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintImport)
	if err != nil {
		return "", "", err
	}
	sum, err := r.Fingerprint()
	if err != nil {
		return "", "", err
	}
	if known != "" {
		taken, err := s.renew(ctx, r, sum, known, actor)
		return known, taken, err
	}
	for range 5 {
		change, err := s.adopt(ctx, r, sum, actor)
		if err != nil {
			return "", "", err
		}
		ticket, err := s.Store.CreateComplaint(ctx, change, nil)
		if errors.Is(err, ErrTicketTaken) {
			continue
		}
		return ticket, TakenNew, err
	}
	return "", "", errTakeFew
}

// adopt is the change that begins the life of a case which another system has had before.
func (s *Service) adopt(ctx context.Context, r Registered, sum string, actor auth.Actor) (Change, error) {
	now := s.now()
	filed := moment(r.FiledAt)
	r.Reporter.Name, r.Reporter.Handle = line(r.Reporter.Name), line(r.Reporter.Handle)
	p := Patient{No: 1, NIK: r.NIK, Village: r.Village}
	err := s.locate(ctx, &p)
	if err != nil {
		return Change{}, err
	}
	c := Complaint{
		ID: idAt(filed), Ticket: NewTicket(s.Store.Regency()), State: r.State, Version: 1, Channel: r.Channel,
		Text: readable(r.Text), Title: line(r.Title), Unit: r.Unit, FiledBy: actor.Name, Village: r.Village, FiledAt: filed,
		UpdatedAt: now, ActedAt: now, Class: r.Class, Priority: "normal", Source: r.Source, SourceNumber: r.Number,
		Reporter: r.Reporter, Patients: []Patient{p},
	}
	if c.Channel == "" {
		c.Channel = r.Source
	}
	begin := newEvent(FileEvent, actor, filed)
	begin.To, begin.Public = Received, true
	begin.Note = "Dari register " + Label(Channels, r.Source) + ", nomor " + r.Number + "."
	change := Change{Complaint: c, Areas: c.areas(), Event: begin}
	err = change.with(FileData{Channel: c.Channel, Patients: 1})
	if err != nil {
		return change, err
	}
	said, err := r.event(actor, sum, Received, r.State, now)
	if err != nil {
		return change, err
	}
	change, err = s.settle(ctx, change, said, now, actor)
	if err != nil {
		return change, err
	}
	change.Marks, err = s.marks(ctx, change.Complaint)
	return change, err
}

// renew notes on a known case what the register says now.
func (s *Service) renew(ctx context.Context, r Registered, sum string, known Ticket, actor auth.Actor) (Taken, error) {
	for try := range 5 {
		was, err := s.Store.Complaint(ctx, known, ScopeOf(actor))
		if err != nil {
			return "", err
		}
		if was.LastSource().Row == sum {
			return TakenSame, nil
		}
		now := s.now()
		next := ahead(was.State, r.State)
		if !next.Open() && was.owing() { // the two then stand in the list of differences
			next = was.State
		}
		said, err := r.event(actor, sum, was.State, next, now)
		if err != nil {
			return "", err
		}
		// What happened before the last import keeps its own day: a follow-up made in time is not late
		// because we heard of it late.
		if said.At.Before(was.UpdatedAt) {
			said.Note += " Baru diketahui " + now.In(eligibility.WIB).Format("02/01/2006") + "."
		}
		after := was
		after.State, after.Version, after.UpdatedAt = next, was.Version+1, now
		if next != was.State {
			after.Before = nil
		}
		if after.Unit == "" {
			after.Unit = r.Unit
		}
		change := Change{Complaint: after, Areas: after.areas(), Event: said}
		change, err = s.settle(ctx, change, Event{}, now, actor)
		if err != nil {
			return "", err
		}
		err = s.Store.ChangeComplaint(ctx, change)
		if try < 4 && (errors.Is(err, ErrBehind) || errors.Is(err, errStale)) {
			continue
		}
		return TakenChanged, err
	}
	return "", errStale
}

// settle routes and times the case as it is after the events and writes the trail.
func (s *Service) settle(ctx context.Context, change Change, more Event, now time.Time, actor auth.Actor) (Change, error) {
	c := &change.Complaint
	c.Events = append(c.Events[:len(c.Events):len(c.Events)], change.Event)
	if more.ID != "" {
		change.More = append(change.More, more)
		c.Events = append(c.Events, more)
	}
	for i := range c.Events {
		c.Events[i].Seq = i + 1
	}
	if change.Event.Type == SourceEvent { // of a known case: refused when it has events that we did not read
		change.Event.Seq = len(c.Events)
	}
	if c.State.Open() {
		routed, err := s.routed(ctx, c, now)
		if err != nil {
			return change, err
		}
		if routed != nil {
			routed.Seq = len(c.Events) + 1
			change.More = append(change.More, *routed)
			c.Events = append(c.Events, *routed)
		}
	}
	err := s.keepTime(ctx, c, now)
	if err != nil {
		return change, err
	}
	err = change.trail(actor, c.Patients)
	for i := range change.Entries {
		change.Entries[i].At = now // the trail tells when it was written, the event when it happened
		change.Entries[i].Purpose = "Register " + Label(Channels, c.Source)
	}
	if change.Entries == nil {
		change.Entries = []audit.Entry{}
	}
	return change, err
}

// event is what the register says as an event of the case.
func (r Registered) event(actor auth.Actor, sum string, from, to State, now time.Time) (Event, error) {
	data := SourceData{Source: r.Source, Number: r.Number, Word: r.Word, Category: r.Category, DueAt: r.DueAt, Row: sum, Assumed: r.MovedAt == nil}
	b, err := json.Marshal(data)
	if err != nil {
		return Event{}, fmt.Errorf("encode data of event source: %w", err)
	}
	e := newEvent(SourceEvent, actor, now)
	if r.MovedAt != nil && r.MovedAt.Before(now) {
		e.At = moment(*r.MovedAt)
	}
	if e.At.Before(r.FiledAt) {
		e.At = moment(r.FiledAt)
	}
	e.From, e.To, e.Data = from, to, b
	e.Note = "Register " + Label(Channels, r.Source) + ": status “" + r.Word + "”."
	if r.NIK != "" && from == Received {
		e.Note += " NIK dari register adalah NIK pelapor; pastikan pasiennya."
	}
	if answer := readable(r.Answer); answer != "" {
		e.Note += " Tanggapan: " + answer
	}
	return e, nil
}

// LastSource is the newest word of the other system's register about the case; zero without one.
func (c Complaint) LastSource() SourceData {
	for i := len(c.Events) - 1; i >= 0; i-- {
		if c.Events[i].Type != SourceEvent {
			continue
		}
		var d SourceData
		err := json.Unmarshal(c.Events[i].Data, &d)
		if err != nil {
			return SourceData{}
		}
		return d
	}
	return SourceData{}
}

// progress orders the states by how far a case has come.
var progress = map[State]int{
	Received: 0, Verified: 1, WaitingReporter: 2, InProgress: 2, Answered: 3,
	Closed: 4, Forwarded: 4, Rejected: 4, Withdrawn: 4, Merged: 4,
}

// ahead is the state of the one that is further: ours stays when the register is behind or beside it.
func ahead(ours, theirs State) State {
	if progress[theirs] > progress[ours] {
		return theirs
	}
	return ours
}

// owing tells whether a unit still has a task in the case, or the citizen waits for money. Then no
// register may end it.
func (c Complaint) owing() bool {
	return len(c.OpenTasks()) > 0 || c.Refund != nil && c.Refund.ReceivedAt == nil
}

// idAt makes a UUIDv7 of a past moment: the ids of cases sort by the time of filing.
func idAt(t time.Time) string {
	id := uuid.Must(uuid.NewV7())
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(max(t.UnixMilli(), 0))) // not negative
	copy(id[:6], ms[2:])
	return id.String()
}
