package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"layak/complaints"
	"layak/complaints/worklist"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/audit"
)

var _ worklist.Store = (*DB)(nil)

// RecordAll implements worklist.Store.
func (db *DB) RecordAll(ctx context.Context, entries []audit.Entry) error {
	return db.write(ctx, func(t *tx) error { return t.recordAll(ctx, entries) })
}

// RegistrationsOf implements worklist.Store.
func (db *DB) RegistrationsOf(ctx context.Context, niks []string, s complaints.Scope) ([]worklist.Registered, error) {
	where, args := db.scopeClause(s)
	query, first, err := inList(`SELECT p.nik, c.ticket, r.patient, r.through, r.reference, r.result, r.active_on, r.sent_at
		FROM complaint_patient p
		JOIN complaint_registration r ON r.regency_code = p.regency_code AND r.complaint_id = p.complaint_id AND r.patient = p.no
		JOIN complaint c ON c.regency_code = p.regency_code AND c.id = p.complaint_id
		WHERE p.regency_code = ? AND p.nik IN (?) AND c.state NOT IN ('withdrawn', 'merged')`, db.regency, niks)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		NIK       string            `db:"nik"`
		Ticket    complaints.Ticket `db:"ticket"`
		Patient   int               `db:"patient"`
		Through   string            `db:"through"`
		Reference string            `db:"reference"`
		Result    string            `db:"result"`
		ActiveOn  eligibility.Date  `db:"active_on"`
		SentAt    stamp             `db:"sent_at"`
	}
	err = db.reads().list(ctx, &rows, query+where+` ORDER BY r.sent_at DESC, r.id DESC`, append(first, args...)...)
	list := make([]worklist.Registered, len(rows))
	for i, r := range rows {
		list[i] = worklist.Registered{NIK: r.NIK, Ticket: r.Ticket, Patient: r.Patient, Through: r.Through,
			Reference: r.Reference, Result: r.Result, ActiveOn: r.ActiveOn, SentAt: r.SentAt.time()}
	}
	return list, err
}

// Layout implements worklist.Store.
func (db *DB) Layout(ctx context.Context, through string) ([]worklist.Column, error) {
	var columns jsonText[[]worklist.Column]
	err := db.reads().get(ctx, &columns, `SELECT columns_json FROM worklist_layout WHERE regency_code = ? AND through = ?`, db.regency, through)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return columns.V, err
}

// SaveLayout implements worklist.Store; no columns forgets the layout.
func (db *DB) SaveLayout(ctx context.Context, through string, columns []worklist.Column, by string, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM worklist_layout WHERE regency_code = ? AND through = ?`, db.regency, through)
		if err != nil {
			return err
		}
		if len(columns) > 0 {
			_, err = t.exec(ctx, `INSERT INTO worklist_layout (regency_code, through, columns_json, saved_at, saved_by) VALUES (?, ?, ?, ?, ?)`,
				db.regency, through, asJSON(columns), at(t.now), by)
			if err != nil {
				return err
			}
		}
		return t.record(ctx, e)
	})
}

// Premiums implements worklist.Store.
func (db *DB) Premiums(ctx context.Context) ([]worklist.Premium, error) {
	var rows []struct {
		ValidFrom eligibility.Date `db:"valid_from"`
		Rupiah    int64            `db:"rupiah"`
		Source    string           `db:"source"`
	}
	err := db.reads().list(ctx, &rows, `SELECT valid_from, rupiah, source FROM worklist_premium WHERE regency_code = ? ORDER BY valid_from DESC`, db.regency)
	list := make([]worklist.Premium, len(rows))
	for i, r := range rows {
		list[i] = worklist.Premium(r)
	}
	return list, err
}

// SavePremium implements worklist.Store.
func (db *DB) SavePremium(ctx context.Context, p worklist.Premium, by string, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO worklist_premium (regency_code, valid_from, rupiah, source, saved_at, saved_by) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (regency_code, valid_from) DO UPDATE SET rupiah = excluded.rupiah, source = excluded.source,
				saved_at = excluded.saved_at, saved_by = excluded.saved_by`,
			db.regency, string(p.ValidFrom), p.Rupiah, p.Source, at(t.now), by)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
}

// hopesSQL finds patients whose newest check says eligible and for whom no registration is active.
// Whoever was decided against is not waiting; nor is a case that went elsewhere.
const hopesSQL = `SELECT c.ticket, c.state, k.patient, p.name, p.nik, p.village, c.reporter_phone, c.reporter_name,
		k.determination_id, k.decided_at,
		COALESCE((SELECT d.decision FROM complaint_resolution d
			WHERE d.regency_code = c.regency_code AND d.complaint_id = c.id ORDER BY d.id DESC LIMIT 1), '') AS decision,
		CASE WHEN EXISTS (SELECT 1 FROM complaint_registration q WHERE q.regency_code = k.regency_code
			AND q.complaint_id = k.complaint_id AND q.patient = k.patient AND q.result = 'pending') THEN 1 ELSE 0 END AS sent
	FROM complaint c
	JOIN complaint_check k ON k.regency_code = c.regency_code AND k.complaint_id = c.id
	JOIN complaint_patient p ON p.regency_code = c.regency_code AND p.complaint_id = c.id AND p.no = k.patient
	WHERE c.regency_code = ? AND c.state NOT IN ('withdrawn', 'merged', 'rejected', 'forwarded') AND k.outcome = 'eligible'
	AND k.event_seq = (SELECT MAX(l.event_seq) FROM complaint_check l
		WHERE l.regency_code = k.regency_code AND l.complaint_id = k.complaint_id AND l.patient = k.patient)
	AND NOT EXISTS (SELECT 1 FROM complaint_registration r WHERE r.regency_code = k.regency_code
		AND r.complaint_id = k.complaint_id AND r.patient = k.patient AND r.result = 'active')
	AND (c.state <> 'closed' OR 'granted' = (SELECT d.decision FROM complaint_resolution d
		WHERE d.regency_code = c.regency_code AND d.complaint_id = c.id ORDER BY d.id DESC LIMIT 1))
	AND (c.state <> 'answered' OR 'granted' = (SELECT d.decision FROM complaint_resolution d
		WHERE d.regency_code = c.regency_code AND d.complaint_id = c.id ORDER BY d.id DESC LIMIT 1))`

// Hopes implements worklist.Store.
func (db *DB) Hopes(ctx context.Context, s complaints.Scope, limit int) ([]worklist.Hope, error) {
	where, args := db.scopeClause(s)
	var rows []struct {
		Ticket        complaints.Ticket `db:"ticket"`
		State         complaints.State  `db:"state"`
		Patient       int               `db:"patient"`
		Name          string            `db:"name"`
		NIK           string            `db:"nik"`
		Village       area.Code         `db:"village"`
		Phone         string            `db:"reporter_phone"`
		Reporter      string            `db:"reporter_name"`
		Determination string            `db:"determination_id"`
		DecidedAt     stamp             `db:"decided_at"`
		Decision      string            `db:"decision"`
		Sent          bool              `db:"sent"`
	}
	err := db.reads().list(ctx, &rows, hopesSQL+where+` ORDER BY k.decided_at, c.id LIMIT ?`, append(append([]any{db.regency}, args...), limit)...)
	list := make([]worklist.Hope, len(rows))
	for i, r := range rows {
		list[i] = worklist.Hope{
			Ticket: r.Ticket, State: r.State, Patient: r.Patient, Name: r.Name, NIK: r.NIK, Village: r.Village, Phone: r.Phone, Reporter: r.Reporter,
			Determination: r.Determination, DecidedAt: r.DecidedAt.time(), Granted: r.Decision == string(complaints.Granted), Sent: r.Sent,
		}
	}
	return list, err
}

// ActsOf implements worklist.Store.
func (db *DB) ActsOf(ctx context.Context, actor string, from, to time.Time, limit int) ([]worklist.Deed, error) {
	var rows []struct {
		At     stamp                `db:"at"`
		Type   complaints.EventType `db:"type"`
		Ticket complaints.Ticket    `db:"ticket"`
		Matter string               `db:"matter"`
		To     complaints.State     `db:"to_state"`
		Note   string               `db:"note"`
	}
	err := db.reads().list(ctx, &rows, `SELECT e.at, e.type, c.ticket, c.matter, e.to_state, e.note FROM complaint_event e
		JOIN complaint c ON c.regency_code = e.regency_code AND c.id = e.complaint_id
		WHERE e.regency_code = ? AND e.actor = ? AND e.at >= ? AND e.at < ? ORDER BY e.at DESC, e.id DESC LIMIT ?`,
		db.regency, actor, at(from), at(to), limit)
	list := make([]worklist.Deed, len(rows))
	for i, r := range rows {
		list[i] = worklist.Deed{At: r.At.time(), Type: r.Type, Ticket: r.Ticket, Matter: r.Matter, State: r.To, Note: r.Note}
	}
	return list, err
}

// Recap implements worklist.Store. Their own word for the category goes before our matter.
func (db *DB) Recap(ctx context.Context, source string, from, to time.Time, s complaints.Scope) ([]worklist.RecapCase, error) {
	where, args := db.scopeClause(s)
	var rows []struct {
		State    complaints.State `db:"state"`
		Channel  string           `db:"channel"`
		Village  area.Code        `db:"village"`
		Patients area.Code        `db:"patient_village"`
		Matter   string           `db:"matter"`
		Unit     string           `db:"unit"`
		Data     string           `db:"data"`
	}
	err := db.reads().list(ctx, &rows, `SELECT c.state, c.channel, c.village, COALESCE(p.village, '') AS patient_village, c.matter, c.unit,
			COALESCE(w.data, '') AS data
		FROM complaint c
		LEFT JOIN complaint_patient p ON p.regency_code = c.regency_code AND p.complaint_id = c.id AND p.no = 1
		LEFT JOIN complaint_event w ON w.regency_code = c.regency_code AND w.complaint_id = c.id AND w.seq = `+lastWordSQL+`
		WHERE c.regency_code = ? AND c.filed_at >= ? AND c.filed_at < ? AND (c.source = ? OR c.channel = ?)`+where,
		append([]any{db.regency, at(from), at(to), source, source}, args...)...)
	if err != nil {
		return nil, err
	}
	list := make([]worklist.RecapCase, len(rows))
	for i, r := range rows {
		said, err := sourceData(r.Data)
		if err != nil {
			return nil, err
		}
		list[i] = worklist.RecapCase{State: r.State, Channel: r.Channel, Village: r.Village, Category: said.Category, Unit: r.Unit}
		if r.Patients != "" {
			list[i].Village = r.Patients
		}
		if list[i].Category == "" {
			list[i].Category = r.Matter
		}
	}
	return list, nil
}

// openSQL are the states in which the office owes something.
const openSQL = `c.state IN ('received', 'verified', 'in_progress', 'waiting_reporter', 'answered')`

// Week implements worklist.Store.
func (db *DB) Week(ctx context.Context, from, to, now time.Time, s complaints.Scope) (worklist.Week, error) {
	var w worklist.Week
	where, scope := db.scopeClause(s)
	err := db.read(ctx, func(t *tx) error {
		counts := []struct {
			into  *int
			query string
			args  []any
		}{
			{&w.Received, `c.filed_at >= ? AND c.filed_at < ?`, []any{at(from), at(to)}},
			{&w.ReceivedWeek, `c.filed_at >= ? AND c.filed_at < ?`, []any{at(from.AddDate(0, 0, -7)), at(from)}},
			{&w.Emergencies, `c.filed_at >= ? AND c.filed_at < ? AND c.need = 'emergency'`, []any{at(from), at(to)}},
			{&w.EmergencyOpen, `c.filed_at >= ? AND c.filed_at < ? AND c.need = 'emergency' AND c.state IN ('received', 'verified', 'in_progress')`, []any{at(from), at(to)}},
			{&w.Open, openSQL, nil},
			{&w.Unassigned, `c.unit = '' AND ` + openSQL, nil},
			{&w.Overdue, `c.due_at < ? AND ` + openSQL, []any{at(now)}},
			{&w.Resolved, `c.updated_at >= ? AND EXISTS (SELECT 1 FROM complaint_event e WHERE e.regency_code = c.regency_code
				AND e.complaint_id = c.id AND e.type = 'resolve' AND e.at >= ? AND e.at < ?)`, []any{at(from), at(from), at(to)}},
			{&w.Closed, `c.updated_at >= ? AND c.state IN ('closed', 'forwarded', 'rejected', 'withdrawn') AND EXISTS (SELECT 1 FROM complaint_event e
				WHERE e.regency_code = c.regency_code AND e.complaint_id = c.id AND e.to_state = c.state AND e.from_state <> e.to_state
				AND e.at >= ? AND e.at < ?)`, []any{at(from), at(from), at(to)}},
			{&w.Activated, `c.updated_at >= ? AND EXISTS (SELECT 1 FROM complaint_registration r WHERE r.regency_code = c.regency_code
				AND r.complaint_id = c.id AND r.result = 'active' AND r.updated_at >= ? AND r.updated_at < ?)`, []any{at(from), at(from), at(to)}},
		}
		for _, c := range counts {
			args := append(append([]any{db.regency}, c.args...), scope...)
			err := t.get(ctx, c.into, `SELECT COUNT(*) FROM complaint c WHERE c.regency_code = ? AND `+c.query+where, args...)
			if err != nil {
				return fmt.Errorf("count the week: %w", err)
			}
		}
		err := t.weekLists(ctx, &w, from, to, now, where, scope)
		if err != nil {
			return err
		}
		return t.weekMoney(ctx, &w, from, to, where, scope)
	})
	if err != nil {
		return w, err
	}
	waiting, err := db.WaitingRegistrations(ctx, s, 100_000)
	w.WaitingCard = len(waiting)
	return w, err
}

// topOfWeek is how many lines a list of the report has.
const topOfWeek = 8

func (t *tx) weekLists(ctx context.Context, w *worklist.Week, from, to, now time.Time, where string, scope []any) error {
	type row struct {
		Code string `db:"code"`
		N    int    `db:"n"`
	}
	for _, l := range []struct {
		into  *[]worklist.Count
		query string
		args  []any
	}{
		{&w.Matters, `SELECT c.matter AS code, COUNT(*) AS n FROM complaint c WHERE c.regency_code = ? AND c.filed_at >= ? AND c.filed_at < ?`, []any{at(from), at(to)}},
		{&w.Districts, `SELECT COALESCE(SUBSTR(COALESCE(NULLIF(p.village, ''), c.village), 1, 8), '') AS code, COUNT(*) AS n FROM complaint c
			LEFT JOIN complaint_patient p ON p.regency_code = c.regency_code AND p.complaint_id = c.id AND p.no = 1
			WHERE c.regency_code = ? AND c.filed_at >= ? AND c.filed_at < ?`, []any{at(from), at(to)}},
		{&w.Units, `SELECT c.unit AS code, COUNT(*) AS n FROM complaint c WHERE c.regency_code = ? AND c.due_at < ? AND ` + openSQL, []any{at(now)}},
	} {
		var rows []row
		args := append(append([]any{t.db.regency}, l.args...), scope...)
		err := t.list(ctx, &rows, l.query+where+` GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT `+strconv.Itoa(topOfWeek), args...)
		if err != nil {
			return fmt.Errorf("list the week: %w", err)
		}
		for _, r := range rows {
			*l.into = append(*l.into, worklist.Count{Code: r.Code, N: r.N})
		}
	}
	return nil
}

// weekMoney adds up refunds: those that citizens wait for, and those that came in the week.
func (t *tx) weekMoney(ctx context.Context, w *worklist.Week, from, to time.Time, where string, scope []any) error {
	var texts []string
	err := t.list(ctx, &texts, `SELECT c.refund FROM complaint c WHERE c.regency_code = ? AND c.refund <> '' AND c.state NOT IN ('withdrawn', 'merged')`+where,
		append([]any{t.db.regency}, scope...)...)
	if err != nil {
		return fmt.Errorf("list refunds: %w", err)
	}
	for _, text := range texts {
		var r complaints.Refund
		err = json.Unmarshal([]byte(text), &r)
		if err != nil {
			return fmt.Errorf("read refund: %w", err)
		}
		switch {
		case r.ReceivedAt == nil:
			w.RefundOpen++
			w.RefundRupiah += r.Amount
		case !r.ReceivedAt.Before(from) && r.ReceivedAt.Before(to):
			w.RefundPaid++
			w.PaidRupiah += r.Amount
		}
	}
	return nil
}
