package storage

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"layak/internal/audit"
)

// trail is what a process remembers of its own entries.
type trail struct {
	unsealed atomic.Bool // this process has written an entry since it last sealed
}

// record writes the trail entry of what the transaction does, unsealed. If it cannot be written,
// the act does not happen.
func (t *tx) record(ctx context.Context, e audit.Entry) error {
	insert, err := t.db.entryInsert(e, t.now)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, insert.query, insert.args...)
	if err == nil {
		t.db.trail.unsealed.Store(true)
	}
	return err
}

// entryInserted are the columns of entryInsert, entryColumns each of them.
const entryInserted = `regency_code, id, at, actor, act, object, object_id, person_hash, purpose, payload_hash`

var entryColumns = strings.Split(entryInserted, ", ")

// entryInsert is the statement that writes an entry; now is its time unless it carries one.
func (db *DB) entryInsert(e audit.Entry, now time.Time) (statement, error) {
	if e.ID == "" {
		e.ID = newID()
	}
	if e.At.IsZero() {
		e.At = now
	}
	r, err := db.keys.Record(e)
	return statement{`INSERT INTO audit_entry
		(` + entryInserted + `)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, []any{
		db.regency, r.ID, at(r.At), r.Actor, r.Act, r.Object, r.ObjectID, r.PersonHash, r.Purpose, r.PayloadHash}}, err
}

// Record writes an entry for an act that writes nothing else: a view, a refused sign-in.
func (db *DB) Record(ctx context.Context, e audit.Entry) error {
	return db.writeAtOnce(ctx, func(t *tx) error { return t.record(ctx, e) })
}

// auditColumns of audit_entry in the order of auditRow.
const auditColumns = `id, at, actor, act, object, object_id, person_hash, purpose, payload_hash, COALESCE(block, 0) AS block`

type auditRow struct {
	ID          string   `db:"id"`
	At          anyStamp `db:"at"`
	Actor       string   `db:"actor"`
	Act         string   `db:"act"`
	Object      string   `db:"object"`
	ObjectID    string   `db:"object_id"`
	PersonHash  string   `db:"person_hash"`
	Purpose     string   `db:"purpose"`
	PayloadHash string   `db:"payload_hash"`
	Block       int64    `db:"block"`
}

// anyStamp is a stamp that may have been tampered with: what is no time reads as the zero time, so
// that verification can name the entry instead of stopping at it.
type anyStamp struct{ stamp }

// Scan reads what is there.
func (s *anyStamp) Scan(v any) error {
	if s.stamp.Scan(v) != nil {
		s.stamp = stamp{}
	}
	return nil
}

func (r auditRow) record() audit.Record {
	return audit.Record{
		ID: r.ID, At: r.At.time(), Actor: r.Actor, Act: r.Act, Object: r.Object, ObjectID: r.ObjectID,
		PersonHash: r.PersonHash, Purpose: r.Purpose, PayloadHash: r.PayloadHash, Block: r.Block,
	}
}

func auditRecords(rows []auditRow) []audit.Record {
	out := make([]audit.Record, len(rows))
	for i, r := range rows {
		out[i] = r.record()
	}
	return out
}

// AuditFilter chooses entries; see audit.Filter.
type AuditFilter = audit.Filter

// AuditPage is one page of entries; see audit.Page.
type AuditPage = audit.Page

// AuditEntries lists entries. It does not record that somebody looked: audit.Desk does.
func (db *DB) AuditEntries(ctx context.Context, f AuditFilter) (AuditPage, error) {
	limit := min(max(f.Limit, 0), 500)
	if limit == 0 {
		limit = 50
	}
	where, args := []string{"regency_code = ?"}, []any{db.regency}
	add := func(condition string, values ...any) {
		where = append(where, condition)
		args = append(args, values...)
	}
	if f.Person != "" {
		hashes := db.keys.Persons(f.Person)
		add("person_hash <> '' AND person_hash IN (?"+strings.Repeat(", ?", len(hashes)-1)+")", anys(hashes)...)
	}
	if f.Act != "" {
		condition, values := actIs(f.Act)
		add(condition, values...)
	}
	var either []string
	var eitherArgs []any
	for _, act := range f.Acts {
		condition, values := actIs(act)
		either, eitherArgs = append(either, condition), append(eitherArgs, values...)
	}
	if len(either) > 0 {
		add("("+strings.Join(either, " OR ")+")", eitherArgs...)
	}
	for column, value := range map[string]string{"actor": f.Actor, "object": f.Object, "object_id": f.ObjectID} {
		if value != "" {
			add(column+" = ?", value)
		}
	}
	if !f.From.IsZero() {
		add("at >= ?", at(f.From))
	}
	if !f.To.IsZero() {
		add("at < ?", at(f.To))
	}
	if when, id, ok := parseCursor(f.Before); ok {
		add("(at < ? OR at = ? AND id < ?)", at(when), at(when), id)
	}
	var rows []auditRow
	err := db.reads().list(ctx, &rows, `SELECT `+auditColumns+` FROM audit_entry WHERE `+
		strings.Join(where, " AND ")+` ORDER BY at DESC, id DESC LIMIT ?`, append(args, limit+1)...)
	if err != nil {
		return AuditPage{}, err
	}
	page := AuditPage{}
	if len(rows) > limit {
		rows = rows[:limit]
		last := rows[limit-1]
		page.Next = last.At.time().Format(stampLayout) + "_" + last.ID
	}
	page.Entries = auditRecords(rows)
	return page, nil
}

// actIs asks for one act, or for all of a noun when it ends in a dot.
func actIs(act string) (condition string, values []any) {
	if noun, ok := strings.CutSuffix(act, "."); ok {
		return "act >= ? AND act < ?", []any{noun + ".", noun + "/"} // the slash follows the dot
	}
	return "act = ?", []any{act}
}

func parseCursor(s string) (when time.Time, id string, ok bool) {
	first, id, _ := strings.Cut(s, "_")
	when, err := time.Parse(stampLayout, first)
	return when, id, err == nil && id != ""
}

func anys[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}
