package reply

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/jobs"
)

// SendJob is the kind of the job that sends one message; its Key is the id of the message.
const SendJob = "message.send"

// State is where a message stands.
type State string

// The states. Queued waits: e-mail for the program, the other ways for a person. Sending is under
// way. Sent left by the program, Copied was brought or told by a person. Failed needs a person,
// Cancelled will not be sent.
const (
	Queued    State = "queued"
	Sending   State = "sending"
	Sent      State = "sent"
	Copied    State = "copied"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// States lists them with their words for screens.
var States = []complaints.Word{
	{Code: string(Queued), Label: "Menunggu dikirim"}, {Code: string(Sending), Label: "Sedang dikirim"}, {Code: string(Sent), Label: "Terkirim"},
	{Code: string(Copied), Label: "Disampaikan petugas"}, {Code: string(Failed), Label: "Gagal terkirim"}, {Code: string(Cancelled), Label: "Tidak jadi dikirim"},
}

// Item is one message with where it stands.
type Item struct {
	complaints.Message
	Ticket    complaints.Ticket `json:"ticket"`
	State     State             `json:"state"`
	Attempts  int               `json:"attempts"`
	LastError string            `json:"last_error,omitempty"` // without personal data
	NextAt    *time.Time        `json:"next_at,omitempty"`    // next attempt of the program
	CreatedBy string            `json:"created_by"`
	UpdatedAt time.Time         `json:"updated_at"`
	SentAt    *time.Time        `json:"sent_at,omitempty"`
}

// ByHand tells whether a person brings the message to the reporter.
func (i Item) ByHand() bool { return i.Through != "email" }

// Filter narrows the outbox; empty fields do not.
type Filter struct {
	States []State
	Ticket complaints.Ticket
	ByHand *bool  // messages that a person brings, or that the program sends
	After  string // id: continue behind it, towards older ones
	Limit  int    // 0 is 50; at most 200
}

// Step moves one message to another state, with everything that belongs to it, whole or not at all.
type Step struct {
	ID        string
	From      []State // states in which it may be; otherwise fault.Conflict "message_moved"
	To        State
	Attempts  int // new number
	LastError string
	NextAt    *time.Time
	At        time.Time
	// Event is added to the case, its Seq and states given by storage; nil when the citizen notices nothing.
	Event   *complaints.Event
	Job     *jobs.Job
	Entries []audit.Entry
}

// Store keeps the outbox. A message of a case outside the scope is fault.NotFound.
type Store interface {
	Messages(ctx context.Context, f Filter, s complaints.Scope) ([]Item, error)
	Message(ctx context.Context, id string, s complaints.Scope) (Item, error)
	MoveMessage(ctx context.Context, s Step) error
	// CountMessages counts by state those that are queued, being sent or failed.
	CountMessages(ctx context.Context, s complaints.Scope) (map[State]int, error)
	// Record writes the trail of a view.
	Record(ctx context.Context, e audit.Entry) error
}

// Sender brings an e-mail to the mail server. An error that has Final() == true means that another
// attempt is useless; its text is shown to staff and holds no personal data.
type Sender interface {
	Send(ctx context.Context, i Item) error
}

// Outbox sends messages and shows what waits. The actor comes from the context (auth.With).
type Outbox struct {
	Store  Store
	Sender Sender // nil: no mail server is set, e-mail waits
	Clock  eligibility.Clock
}

// mostAttempts bounds how often the program tries by itself: with the pauses of jobs.Backoff about
// three days. Then a person is asked.
const mostAttempts = 150

// SentData goes with the event sent.
type SentData struct {
	Message string `json:"message"`
	Through string `json:"through"`
	State   State  `json:"state"`
}

// Ready tells whether e-mail can be sent.
func (o *Outbox) Ready() bool { return o != nil && o.Sender != nil }

var everything = complaints.Scope{All: true}

// Send is the handler of SendJob. It may be stopped at any point: the message is then still in a
// state from which the next run sends it, with the same Message-ID.
func (o *Outbox) Send(ctx context.Context, j jobs.Job) error {
	i, err := o.Store.Message(ctx, j.Key, everything)
	if fault.Is(err, fault.NotFound) {
		return nil // destroyed by retention
	}
	if err != nil {
		return err
	}
	if i.State != Queued && i.State != Sending || i.ByHand() {
		return nil
	}
	if o.Sender == nil {
		return o.wait(ctx, i, errors.New("server surel belum diatur pada program ini"), o.now().Add(10*time.Minute))
	}
	i.Attempts++
	err = o.Store.MoveMessage(ctx, Step{ID: i.ID, From: []State{Queued, Sending}, To: Sending, Attempts: i.Attempts, LastError: i.LastError, At: o.now()})
	if fault.Is(err, fault.Conflict) {
		return nil // cancelled in this moment
	}
	if err != nil {
		return err
	}
	i.State = Sending
	failed := o.Sender.Send(ctx, i)
	if failed == nil {
		return o.ended(ctx, i, Sent, "")
	}
	var final interface{ Final() bool }
	if errors.As(failed, &final) && final.Final() || i.Attempts >= mostAttempts {
		return o.ended(ctx, i, Failed, jobs.Plain(failed))
	}
	return o.wait(ctx, i, failed, o.now().Add(jobs.Backoff(i.Attempts)))
}

// wait leaves the message in the queue with why, and gives the job back for the moment.
func (o *Outbox) wait(ctx context.Context, i Item, why error, next time.Time) error {
	ctx = context.WithoutCancel(ctx)
	err := o.Store.MoveMessage(ctx, Step{
		ID: i.ID, From: []State{i.State}, To: Queued, Attempts: i.Attempts, LastError: jobs.Plain(why), NextAt: &next, At: o.now(),
	})
	if err != nil {
		return err
	}
	return jobs.After(why, next)
}

// ended writes that a message left, or that it will not leave by itself, into the case. It is
// written also when the program is being stopped: the message is gone.
func (o *Outbox) ended(ctx context.Context, i Item, to State, lastError string) error {
	step, err := o.step(auth.System(), i, to)
	if err != nil {
		return err
	}
	step.From, step.LastError = []State{Sending}, lastError
	return o.Store.MoveMessage(context.WithoutCancel(ctx), step)
}

// step is a move that the case remembers.
func (o *Outbox) step(actor auth.Actor, i Item, to State) (Step, error) {
	now := o.now()
	data, err := json.Marshal(SentData{Message: i.ID, Through: i.Through, State: to})
	if err != nil {
		return Step{}, fmt.Errorf("encode state of message %s: %w", i.ID, err)
	}
	event := complaints.Event{
		ID: uuid.Must(uuid.NewV7()).String(), Type: complaints.SentEvent, At: now, Actor: actor.Name, Title: actor.Title, Unit: actor.Unit,
		Note: complaints.Label(complaints.Ways, i.Through) + ": " + complaints.Label(States, string(to)), Data: data,
	}
	return Step{ID: i.ID, To: to, Attempts: i.Attempts, At: now, Event: &event, Entries: []audit.Entry{o.entry(actor, i, to, now)}}, nil
}

func (o *Outbox) entry(actor auth.Actor, i Item, to State, now time.Time) audit.Entry {
	return audit.Entry{
		At: now, Actor: actor.Name, Act: "message." + string(to), Object: "complaint", ObjectID: string(i.Ticket), Payload: []byte(i.ID + " " + string(to)),
	}
}

// Messages lists what the actor may see, the newest first.
func (o *Outbox) Messages(ctx context.Context, f Filter) ([]Item, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintRead)
	if err != nil {
		return nil, err
	}
	return o.Store.Messages(ctx, f, complaints.ScopeOf(actor))
}

// Open gives one message whole, with the address of the reporter, and records the view.
func (o *Outbox) Open(ctx context.Context, id string) (Item, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintRead)
	if err != nil {
		return Item{}, err
	}
	i, err := o.Store.Message(ctx, id, complaints.ScopeOf(actor))
	if err != nil {
		return i, err
	}
	return i, o.Store.Record(ctx, audit.Entry{At: o.now(), Actor: actor.Name, Act: "message.view", Object: "complaint", ObjectID: string(i.Ticket)})
}

// Counts counts what waits or failed, for the head of the page and the navigation.
func (o *Outbox) Counts(ctx context.Context) (map[State]int, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintRead)
	if err != nil {
		return nil, err
	}
	return o.Store.CountMessages(ctx, complaints.ScopeOf(actor))
}

// Retry lets the program try again, at once and with a fresh number of attempts.
func (o *Outbox) Retry(ctx context.Context, id string) error {
	actor, i, err := o.mine(ctx, id)
	if err != nil {
		return err
	}
	if i.ByHand() {
		return fault.New(fault.Conflict, "message_by_hand", "Pesan ini disampaikan oleh petugas, bukan dikirim program.")
	}
	now := o.now()
	return o.Store.MoveMessage(ctx, Step{
		ID: id, From: []State{Queued, Failed}, To: Queued, LastError: i.LastError, NextAt: &now, At: now,
		Job: &jobs.Job{Kind: SendJob, Key: id, RunAt: now}, Entries: []audit.Entry{o.entry(actor, i, Queued, now)},
	})
}

// Cancel takes a message out of the queue.
func (o *Outbox) Cancel(ctx context.Context, id string) error {
	return o.close(ctx, id, Cancelled, Queued, Failed)
}

// Delivered records that a person brought the message to the reporter: WhatsApp sent by hand, the
// letter handed over, or an e-mail that would not leave told on the telephone.
func (o *Outbox) Delivered(ctx context.Context, id string) error {
	return o.close(ctx, id, Copied, Queued, Failed)
}

func (o *Outbox) close(ctx context.Context, id string, to State, from ...State) error {
	actor, i, err := o.mine(ctx, id)
	if err != nil {
		return err
	}
	step, err := o.step(actor, i, to)
	if err != nil {
		return err
	}
	step.From, step.LastError = from, i.LastError
	return o.Store.MoveMessage(ctx, step)
}

// mine finds a message that the actor may act on.
func (o *Outbox) mine(ctx context.Context, id string) (auth.Actor, Item, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintDecide)
	if err != nil {
		return actor, Item{}, err
	}
	i, err := o.Store.Message(ctx, id, complaints.ScopeOf(actor))
	return actor, i, err
}

func (o *Outbox) now() time.Time { return o.Clock().UTC().Truncate(time.Microsecond) }
