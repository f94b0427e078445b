package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"layak/complaints"
	"layak/complaints/recheck"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/fault"
	"layak/policy"
)

const itemColumns = `i.id, i.run_id, i.person, i.nik, i.name, i.need, i.old_determination, i.new_determination, i.outcome_from,
	i.outcome_to, i.why, i.causes, i.complaint_id, i.patient, i.unit, i.asked_by, i.village, i.district, i.regency,
	i.old_decided_at, i.listed_at, i.status, i.done_at, i.done_by, i.note`

type itemRow struct {
	ID        string            `db:"id"`
	RunID     string            `db:"run_id"`
	Person    string            `db:"person"`
	NIK       string            `db:"nik"`
	Name      string            `db:"name"`
	Need      string            `db:"need"`
	Old       string            `db:"old_determination"`
	New       string            `db:"new_determination"`
	From      policy.Outcome    `db:"outcome_from"`
	To        policy.Outcome    `db:"outcome_to"`
	Why       string            `db:"why"`
	Causes    string            `db:"causes"`
	Complaint string            `db:"complaint_id"`
	Patient   int               `db:"patient"`
	Unit      string            `db:"unit"`
	AskedBy   string            `db:"asked_by"`
	Village   area.Code         `db:"village"`
	District  area.Code         `db:"district"`
	Regency   area.Code         `db:"regency"`
	OldAt     stamp             `db:"old_decided_at"`
	ListedAt  stamp             `db:"listed_at"`
	Status    recheck.Status    `db:"status"`
	DoneAt    *stamp            `db:"done_at"`
	DoneBy    string            `db:"done_by"`
	Note      string            `db:"note"`
	Ticket    complaints.Ticket `db:"ticket"`
	CaseState complaints.State  `db:"case_state"`
	Linked    bool              `db:"linked"`
}

func (r *itemRow) item() recheck.Item {
	return recheck.Item{
		ID: r.ID, RunID: r.RunID, Person: r.Person, NIK: eligibility.NIK(r.NIK), Name: r.Name, Need: r.Need, Old: r.Old, New: r.New,
		From: r.From, To: r.To, Why: r.Why, Causes: strings.Fields(r.Causes), Complaint: r.Complaint, Ticket: r.Ticket,
		CaseState: r.CaseState, Patient: r.Patient, Linked: r.Linked, Unit: r.Unit, AskedBy: r.AskedBy,
		Village: r.Village, District: r.District, Regency: r.Regency, OldAt: r.OldAt.time(), ListedAt: r.ListedAt.time(),
		Status: r.Status, DoneAt: r.DoneAt.timeOrNil(), DoneBy: r.DoneBy, Note: r.Note,
	}
}

// recheckScope limits a query on "recheck_item i" to what the scope sees: people of its areas, what
// its unit has or asked, and what the actor asked.
func recheckScope(s complaints.Scope) (clause string, args []any) {
	if s.All {
		return "", nil
	}
	var parts []string
	of := func(value string, columns ...string) {
		if value == "" {
			return
		}
		for _, c := range columns {
			parts = append(parts, `i.`+c+` = ?`)
			args = append(args, value)
		}
	}
	of(s.Actor, `asked_by`)
	of(s.Unit, `unit`)
	for _, a := range s.Areas {
		switch a.Level() {
		case area.Village:
			of(string(a), `village`)
		case area.District:
			of(string(a), `district`)
		case area.Regency:
			of(string(a), `regency`)
		default:
			parts = append(parts, `i.regency LIKE ?`)
			args = append(args, string(a)+`.%`)
		}
	}
	if len(parts) == 0 {
		return ` AND 1 = 0`, nil
	}
	return ` AND (` + strings.Join(parts, ` OR `) + `)`, args
}

// itemsSQL dresses the chosen items with their case: the one that knows the new determination, else
// the one of the old.
func itemsSQL(where string) string {
	return `SELECT ` + itemColumns + `, COALESCE(n.ticket, o.ticket, '') AS ticket, COALESCE(n.state, o.state, '') AS case_state,
			CASE WHEN n.id IS NULL THEN 0 ELSE 1 END AS linked
		FROM recheck_item i
		LEFT JOIN complaint o ON o.regency_code = i.regency_code AND o.id = i.complaint_id
		LEFT JOIN complaint n ON n.regency_code = i.regency_code AND n.id = (SELECT MAX(k.complaint_id) FROM complaint_check k
			WHERE k.regency_code = i.regency_code AND k.determination_id = i.new_determination)
		WHERE i.regency_code = ?` + where
}

// Rechecks implements recheck.Store.
func (db *DB) Rechecks(ctx context.Context, f recheck.Filter, s complaints.Scope) ([]recheck.Item, error) {
	where, args := ` AND i.status = ?`, []any{db.regency, string(f.Status)}
	if f.To != "" {
		where, args = where+` AND i.outcome_to = ?`, append(args, string(f.To))
	}
	if f.Cause != "" {
		where, args = where+` AND ' ' || i.causes || ' ' LIKE ?`, append(args, "% "+f.Cause+" %")
	}
	if f.After != "" {
		where, args = where+` AND i.id > ?`, append(args, f.After)
	}
	scope, more := recheckScope(s)
	args = append(append(args, more...), f.Limit)
	var rows []itemRow
	err := db.reads().list(ctx, &rows, itemsSQL(where+scope)+` ORDER BY i.id LIMIT ?`, args...)
	if err != nil {
		return nil, fmt.Errorf("list changed answers: %w", err)
	}
	items := make([]recheck.Item, len(rows))
	for i := range rows {
		items[i] = rows[i].item()
	}
	return items, nil
}

// Recheck implements recheck.Store.
func (db *DB) Recheck(ctx context.Context, id string, s complaints.Scope) (recheck.Item, error) {
	scope, args := recheckScope(s)
	var row itemRow
	err := db.reads().get(ctx, &row, itemsSQL(` AND i.id = ?`+scope), append([]any{db.regency, id}, args...)...)
	if err != nil {
		return recheck.Item{}, missing(err, "recheck_not_found", "Warga itu tidak ada di daftar cek ulang Anda.")
	}
	return row.item(), nil
}

// CountRechecks implements recheck.Store.
func (db *DB) CountRechecks(ctx context.Context, s complaints.Scope) (recheck.Counts, error) {
	scope, args := recheckScope(s)
	var rows []struct {
		To policy.Outcome `db:"outcome_to"`
		N  int            `db:"n"`
	}
	err := db.reads().list(ctx, &rows, `SELECT i.outcome_to, COUNT(*) AS n FROM recheck_item i
		WHERE i.regency_code = ? AND i.status = 'open'`+scope+` GROUP BY i.outcome_to`, append([]any{db.regency}, args...)...)
	counts := recheck.Counts{To: map[policy.Outcome]int{}}
	for _, r := range rows {
		counts.To[r.To] = r.N
		counts.Total += r.N
	}
	if err != nil {
		return counts, fmt.Errorf("count changed answers: %w", err)
	}
	return counts, nil
}

// EndRecheck implements recheck.Store.
func (db *DB) EndRecheck(ctx context.Context, it recheck.Item, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE recheck_item SET status = ?, done_at = ?, done_by = ?, note = ?
			WHERE regency_code = ? AND id = ? AND status = 'open'`,
			string(it.Status), atOrNull(it.DoneAt), it.DoneBy, it.Note, db.regency, it.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Conflict, "recheck_ended", "Orang lain sudah menyelesaikan warga ini. Muat ulang daftarnya.")
		}
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("end changed answer %s: %w", it.ID, err)
	}
	return nil
}

// settleSQL finds open items whose case was answered or decided after it got to know the new
// determination.
const settleSQL = `SELECT i.id, MAX(v.actor) AS actor FROM recheck_item i
	JOIN complaint_check k ON k.regency_code = i.regency_code AND k.determination_id = i.new_determination
	JOIN complaint_event v ON v.regency_code = k.regency_code AND v.complaint_id = k.complaint_id AND v.seq > k.event_seq
		AND v.type IN ('answer', 'resolve', 'close')
	WHERE i.regency_code = ? AND i.status = 'open' GROUP BY i.id`

// SettleRechecks implements recheck.Store.
func (db *DB) SettleRechecks(ctx context.Context) (int, error) {
	var rows []struct {
		ID    string `db:"id"`
		Actor string `db:"actor"`
	}
	err := db.reads().list(ctx, &rows, settleSQL, db.regency)
	if err != nil {
		return 0, fmt.Errorf("find answered people: %w", err)
	}
	settled := 0
	for _, r := range rows {
		now := db.now()
		it := recheck.Item{ID: r.ID, Status: recheck.Answered, DoneAt: &now, DoneBy: r.Actor}
		err = db.EndRecheck(ctx, it, audit.Entry{Actor: "system", Act: "recheck.answer", Object: "recheck", ObjectID: r.ID})
		if fault.Is(err, fault.Conflict) || errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return settled, err
		}
		settled++
	}
	return settled, nil
}
