package storage

import (
	"context"
	"strings"
	"time"

	"layak/complaints"
	"layak/internal/audit"
)

type taskRow struct {
	No      int    `db:"no"`
	Unit    string `db:"unit"`
	Act     string `db:"act"`
	Role    string `db:"role"`
	GivenAt stamp  `db:"given_at"`
	GivenBy string `db:"given_by"`
	DueAt   *stamp `db:"due_at"`
	SeenAt  *stamp `db:"seen_at"`
	Result  string `db:"result"`
	Note    string `db:"note"`
	Proof   string `db:"proof"`
	DoneAt  *stamp `db:"done_at"`
	DoneBy  string `db:"done_by"`
}

func (t *tx) readTasks(ctx context.Context, c *complaints.Complaint) error {
	var rows []taskRow
	err := t.list(ctx, &rows, `SELECT no, unit, act, role, given_at, given_by, due_at, seen_at, result, note, proof, done_at, done_by
		FROM complaint_task WHERE regency_code = ? AND complaint_id = ? ORDER BY no`, t.db.regency, c.ID)
	if err != nil {
		return err
	}
	c.Tasks = make([]complaints.Task, len(rows))
	for i, r := range rows {
		c.Tasks[i] = complaints.Task{
			No: r.No, Unit: r.Unit, Act: r.Act, Role: r.Role, GivenAt: r.GivenAt.time(), GivenBy: r.GivenBy,
			DueAt: r.DueAt.timeOrNil(), SeenAt: r.SeenAt.timeOrNil(), Result: r.Result, Note: r.Note, Proof: r.Proof,
			DoneAt: r.DoneAt.timeOrNil(), DoneBy: r.DoneBy,
		}
	}
	return nil
}

// saveTask adds a task or writes how it ended. That somebody saw it is never taken back.
func (t *tx) saveTask(ctx context.Context, complaint string, k complaints.Task) error {
	_, err := t.exec(ctx, `INSERT INTO complaint_task (regency_code, complaint_id, no, unit, act, role, given_at, given_by, due_at,
			seen_at, result, note, proof, done_at, done_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (regency_code, complaint_id, no) DO UPDATE
		SET seen_at = COALESCE(complaint_task.seen_at, excluded.seen_at), due_at = excluded.due_at,
			result = excluded.result, note = excluded.note, proof = excluded.proof,
			done_at = excluded.done_at, done_by = excluded.done_by`,
		t.db.regency, complaint, k.No, k.Unit, k.Act, k.Role, at(k.GivenAt), k.GivenBy, atOrNull(k.DueAt),
		atOrNull(k.SeenAt), k.Result, k.Note, k.Proof, atOrNull(k.DoneAt), k.DoneBy)
	return err
}

// SeeTasks notes that somebody of the unit opened the case, on those of its open tasks that nobody
// there had seen, with the entries of the view.
func (db *DB) SeeTasks(ctx context.Context, complaint, unit string, seen time.Time, entries []audit.Entry) error {
	return db.write(ctx, func(tx *tx) error {
		_, err := tx.exec(ctx, `UPDATE complaint_task SET seen_at = ?
			WHERE regency_code = ? AND complaint_id = ? AND unit = ? AND result = '' AND seen_at IS NULL`,
			at(seen), db.regency, complaint, unit)
		if err != nil {
			return err
		}
		return tx.recordAll(ctx, entries)
	})
}

type joinedRow struct {
	Ticket   complaints.Ticket `db:"ticket"`
	Name     string            `db:"reporter_name"`
	Phone    string            `db:"reporter_phone"`
	Email    string            `db:"reporter_email"`
	Handle   string            `db:"reporter_handle"`
	Relation string            `db:"reporter_relation"`
	Body     string            `db:"body"`
	FiledAt  stamp             `db:"filed_at"`
}

// readJoined finds the cases that were merged into this one, and those that were merged into them.
func (t *tx) readJoined(ctx context.Context, c *complaints.Complaint) error {
	var rows []joinedRow
	err := t.list(ctx, &rows, `WITH RECURSIVE came(id) AS (
			SELECT id FROM complaint WHERE regency_code = ? AND merged_into = ? AND merged_into <> ''
			UNION SELECT n.id FROM complaint n JOIN came ON n.merged_into = came.id WHERE n.regency_code = ? AND n.merged_into <> '')
		SELECT c.ticket, c.reporter_name, c.reporter_phone, c.reporter_email, c.reporter_handle, c.reporter_relation,
			c.body, c.filed_at
		FROM complaint c JOIN came ON came.id = c.id WHERE c.regency_code = ? ORDER BY c.id`,
		t.db.regency, c.ID, t.db.regency, t.db.regency)
	if err != nil {
		return err
	}
	c.Joined = make([]complaints.Joined, len(rows))
	for i, r := range rows {
		c.Joined[i] = complaints.Joined{
			Ticket: r.Ticket, Text: r.Body, FiledAt: r.FiledAt.time(),
			Reporter: complaints.Reporter{Name: r.Name, Phone: r.Phone, Email: r.Email, Handle: r.Handle, Relation: r.Relation},
		}
	}
	return nil
}

// replaceMarks writes the marks of a case anew; nil keeps those that are there. A case that is just
// begun has none yet.
func (t *tx) replaceMarks(ctx context.Context, complaint string, all []complaints.Mark, begun bool) error {
	if all == nil {
		return nil
	}
	if !begun {
		err := t.replace(ctx, `DELETE FROM complaint_mark WHERE regency_code = ? AND complaint_id = ?`, t.db.regency, complaint)
		if err != nil {
			return err
		}
	}
	if len(all) == 0 {
		return nil
	}
	var args []any
	for _, m := range all {
		args = append(args, t.db.regency, m.Hash, complaint, m.Kind)
	}
	_, err := t.exec(ctx, `INSERT INTO complaint_mark (regency_code, hash, complaint_id, kind) VALUES (?, ?, ?, ?)`+
		strings.Repeat(`, (?, ?, ?, ?)`, len(all)-1)+` ON CONFLICT DO NOTHING`, args...)
	return err
}
