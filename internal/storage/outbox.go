package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"layak/complaints"
	"layak/complaints/reply"
	"layak/internal/audit"
	"layak/internal/fault"
	"layak/internal/jobs"
)

var _ reply.Store = (*DB)(nil)

// insertMessages puts the messages of a change into the outbox, with the jobs that send them. What
// was told by word of mouth has arrived.
func (t *tx) insertMessages(ctx context.Context, change complaints.Change) error {
	for _, m := range change.Messages {
		state, sent := reply.Queued, (*stamp)(nil)
		if m.Through == "spoken" {
			told := at(m.At)
			state, sent = reply.Copied, &told
		}
		_, err := t.exec(ctx, `INSERT INTO outbox_message (regency_code, id, complaint_id, event_id, through, recipient, name,
				subject, body, state, attempts, last_error, next_at, created_at, created_by, updated_at, sent_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', NULL, ?, ?, ?, ?)`,
			t.db.regency, m.ID, change.Complaint.ID, m.EventID, m.Through, m.To, m.Name, m.Subject, m.Body,
			string(state), at(m.At), change.Event.Actor, at(m.At), sent)
		if err != nil {
			return err
		}
		if m.Through == "email" {
			err = t.addJob(ctx, jobs.Job{Kind: reply.SendJob, Key: m.ID})
			if err != nil {
				return err
			}
		}
		err = t.recordMessage(ctx, change, m)
		if err != nil {
			return err
		}
	}
	return nil
}

// recordMessage puts the hash of what is to be said, and to whom, into the trail.
func (t *tx) recordMessage(ctx context.Context, change complaints.Change, m complaints.Message) error {
	payload, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode message %s: %w", m.ID, err)
	}
	return t.record(ctx, audit.Entry{
		At: m.At, Actor: change.Event.Actor, Act: "message.create", Object: "complaint", ObjectID: string(change.Complaint.Ticket), Payload: payload,
	})
}

const messageColumns = `m.id, m.event_id, m.through, m.recipient, m.name, m.subject, m.body, m.state, m.attempts, m.last_error,
	m.next_at, m.created_at, m.created_by, m.updated_at, m.sent_at, c.ticket`

type messageRow struct {
	ID        string `db:"id"`
	EventID   string `db:"event_id"`
	Through   string `db:"through"`
	To        string `db:"recipient"`
	Name      string `db:"name"`
	Subject   string `db:"subject"`
	Body      string `db:"body"`
	State     string `db:"state"`
	Attempts  int    `db:"attempts"`
	LastError string `db:"last_error"`
	NextAt    *stamp `db:"next_at"`
	CreatedAt stamp  `db:"created_at"`
	CreatedBy string `db:"created_by"`
	UpdatedAt stamp  `db:"updated_at"`
	SentAt    *stamp `db:"sent_at"`
	Ticket    string `db:"ticket"`
}

func (r messageRow) item() reply.Item {
	return reply.Item{
		Message: complaints.Message{
			ID: r.ID, EventID: r.EventID, Through: r.Through, To: r.To, Name: r.Name, Subject: r.Subject, Body: r.Body, At: r.CreatedAt.time(),
		},
		Ticket: complaints.Ticket(r.Ticket), State: reply.State(r.State), Attempts: r.Attempts, LastError: r.LastError,
		NextAt: r.NextAt.timeOrNil(), CreatedBy: r.CreatedBy, UpdatedAt: r.UpdatedAt.time(), SentAt: r.SentAt.timeOrNil(),
	}
}

// fromMessages joins each message with its case, so that the scope of a case is that of its messages.
const fromMessages = ` FROM outbox_message m JOIN complaint c ON c.regency_code = m.regency_code AND c.id = m.complaint_id
	WHERE m.regency_code = ?`

// Messages implements reply.Store.
func (db *DB) Messages(ctx context.Context, f reply.Filter, s complaints.Scope) ([]reply.Item, error) {
	limit := min(max(f.Limit, 0), 200)
	if limit == 0 {
		limit = 50
	}
	where, args := db.messageFilter(f, s)
	query, args, err := inList(`SELECT `+messageColumns+fromMessages+where+` ORDER BY m.id DESC LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list messages: %w", err)
	}
	var rows []messageRow
	err = db.reads().list(ctx, &rows, query, args...)
	items := make([]reply.Item, len(rows))
	for i, r := range rows {
		items[i] = r.item()
	}
	return items, err
}

// pending are the states of messages that somebody still has to do something about; few of many.
var pending = []reply.State{reply.Queued, reply.Sending, reply.Failed}

func (db *DB) messageFilter(f reply.Filter, s complaints.Scope) (string, []any) {
	var where strings.Builder
	args := []any{db.regency}
	add := func(clause string, arg ...any) {
		where.WriteString(" AND " + clause)
		args = append(args, arg...)
	}
	if len(f.States) > 0 {
		add(`m.state IN (?)`, f.States)
		if !slices.ContainsFunc(f.States, func(s reply.State) bool { return !slices.Contains(pending, s) }) {
			add(`m.state IN ('queued', 'sending', 'failed')`) // as the partial index says it
		}
	}
	if f.Ticket != "" {
		add(`c.ticket = ?`, f.Ticket)
	}
	switch {
	case f.ByHand == nil:
	case *f.ByHand:
		add(`m.through <> 'email'`)
	default:
		add(`m.through = 'email'`)
	}
	if f.After != "" {
		add(`m.id < ?`, f.After)
	}
	scope, scopeArgs := db.scopeClause(s)
	where.WriteString(scope)
	return where.String(), append(args, scopeArgs...)
}

// Message implements reply.Store.
func (db *DB) Message(ctx context.Context, id string, s complaints.Scope) (reply.Item, error) {
	where, args := db.scopeClause(s)
	var r messageRow
	query, args, err := inList(`SELECT `+messageColumns+fromMessages+` AND m.id = ?`+where, append([]any{db.regency, id}, args...)...)
	if err != nil {
		return reply.Item{}, fmt.Errorf("find message: %w", err)
	}
	err = db.reads().get(ctx, &r, query, args...)
	if err != nil {
		return reply.Item{}, missing(err, "message_not_found", "Pesan itu tidak ada.")
	}
	return r.item(), nil
}

// CountMessages implements reply.Store.
func (db *DB) CountMessages(ctx context.Context, s complaints.Scope) (map[reply.State]int, error) {
	where, args := db.messageFilter(reply.Filter{States: pending}, s)
	query, args, err := inList(`SELECT m.state, COUNT(*) AS n`+fromMessages+where+` GROUP BY m.state`, args...)
	if err != nil {
		return nil, fmt.Errorf("count messages: %w", err)
	}
	var rows []struct {
		State string `db:"state"`
		N     int    `db:"n"`
	}
	err = db.reads().list(ctx, &rows, query, args...)
	counts := map[reply.State]int{}
	for _, r := range rows {
		counts[reply.State(r.State)] = r.N
	}
	return counts, err
}

var errMessageMoved = fault.New(fault.Conflict, "message_moved",
	"Pesan ini sudah berubah: mungkin sudah terkirim atau ditangani rekan. Muat ulang halaman.")

// MoveMessage implements reply.Store.
func (db *DB) MoveMessage(ctx context.Context, s reply.Step) error {
	return db.write(ctx, func(t *tx) error {
		sent := (*stamp)(nil)
		if s.To == reply.Sent || s.To == reply.Copied {
			now := at(s.At)
			sent = &now
		}
		args := []any{string(s.To), s.Attempts, s.LastError, atOrNull(s.NextAt), at(s.At), sent, db.regency, s.ID}
		for _, from := range s.From {
			args = append(args, string(from))
		}
		var complaint string
		err := t.get(ctx, &complaint, `UPDATE outbox_message SET state = ?, attempts = ?, last_error = ?, next_at = ?, updated_at = ?, sent_at = ?
			WHERE regency_code = ? AND id = ? AND state IN (`+marks(len(s.From))+`) RETURNING complaint_id`, args...)
		if errors.Is(err, sql.ErrNoRows) {
			return errMessageMoved
		}
		if err != nil {
			return err
		}
		if s.Event != nil {
			err = t.appendEvent(ctx, complaint, *s.Event)
			if err != nil {
				return err
			}
		}
		if s.Job != nil {
			err = t.addJob(ctx, *s.Job)
			if err != nil {
				return err
			}
		}
		return t.recordAll(ctx, s.Entries)
	})
}

// appendEvent adds what the system did to a case, without a new version: nobody's act becomes stale
// because a message left.
func (t *tx) appendEvent(ctx context.Context, complaint string, e complaints.Event) error {
	var row struct {
		Seq   int    `db:"last_seq"`
		State string `db:"state"`
	}
	err := t.get(ctx, &row, `UPDATE complaint SET last_seq = last_seq + 1, updated_at = ? WHERE regency_code = ? AND id = ?
		RETURNING last_seq, state`, at(e.At), t.db.regency, complaint)
	if err != nil {
		return err
	}
	e.From, e.To = complaints.State(row.State), complaints.State(row.State)
	return t.insertEvent(ctx, complaints.Change{Complaint: complaints.Complaint{ID: complaint}, Event: e}, row.Seq)
}
