package storage

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"layak/complaints"
	"layak/complaints/numbers"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/auth"
)

var (
	_ numbers.CaseStore  = (*DB)(nil)
	_ numbers.StaffStore = (*DB)(nil)
	_ numbers.LoadStore  = (*DB)(nil)
)

// ExportPage keeps numbers.CaseStore.
func (db *DB) ExportPage(ctx context.Context, f numbers.Filter, zone *time.Location, s complaints.Scope, after string, limit int) ([]complaints.Complaint, error) {
	where, args := ` WHERE c.regency_code = ? AND c.id > ?`, []any{db.regency, after}
	narrow := func(condition string, value any, is bool) {
		if is {
			where += " AND " + condition
			args = append(args, value)
		}
	}
	if from, err := time.ParseInLocation("2006-01", f.From, zone); err == nil {
		narrow(`c.filed_at >= ?`, at(from), true)
	}
	if to, err := time.ParseInLocation("2006-01", f.To, zone); err == nil {
		narrow(`c.filed_at < ?`, at(to.AddDate(0, 1, 0)), true)
	}
	narrow(`c.unit = ?`, f.Unit, f.Unit != "")
	narrow(`c.class = ?`, f.Class, f.Class != "")
	narrow(`c.channel = ?`, f.Channel, f.Channel != "")
	if f.District != "" {
		where += ` AND c.id IN (SELECT complaint_id FROM complaint_area WHERE regency_code = ? AND area = ?)`
		args = append(args, db.regency, string(f.District))
	}
	scope, more := db.scopeClause(s)
	var page []complaints.Complaint
	err := db.read(ctx, func(t *tx) error {
		var rows []complaintRow
		err := t.list(ctx, &rows, `SELECT `+complaintColumns+` FROM complaint c`+where+scope+` ORDER BY c.id LIMIT ?`, slices.Concat(args, more, []any{limit})...)
		if err != nil {
			return err
		}
		page = make([]complaints.Complaint, len(rows))
		byID := make(map[string]*complaints.Complaint, len(rows))
		ids := make([]string, len(rows))
		for i, r := range rows {
			page[i], err = r.complaint()
			if err != nil {
				return err
			}
			byID[r.ID], ids[i] = &page[i], r.ID
		}
		for part := range slices.Chunk(ids, idsPerQuery) {
			err = t.exportParts(ctx, part, byID)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return page, err
}

// exportParts reads patients and events of some cases.
func (t *tx) exportParts(ctx context.Context, ids []string, byID map[string]*complaints.Complaint) error {
	in := ` IN (` + marks(idsPerQuery) + `)`
	var patients []struct {
		Case    string          `db:"complaint_id"`
		No      int             `db:"no"`
		NIK     eligibility.NIK `db:"nik"`
		Name    string          `db:"name"`
		Village area.Code       `db:"village"`
	}
	err := t.list(ctx, &patients, `SELECT complaint_id, no, nik, name, village FROM complaint_patient
		WHERE regency_code = ? AND complaint_id`+in+` ORDER BY complaint_id, no`, t.db.withIDs(ids)...)
	if err != nil {
		return err
	}
	for _, p := range patients {
		c := byID[p.Case]
		c.Patients = append(c.Patients, complaints.Patient{No: p.No, NIK: p.NIK, Name: p.Name, Village: p.Village})
	}
	var events []struct {
		Case string `db:"complaint_id"`
		eventRow
	}
	err = t.list(ctx, &events, `SELECT complaint_id, id, seq, type, at, actor, title, unit, from_state, to_state, public, note, data
		FROM complaint_event WHERE regency_code = ? AND complaint_id`+in+` ORDER BY complaint_id, seq`, t.db.withIDs(ids)...)
	for _, e := range events {
		c := byID[e.Case]
		var data json.RawMessage // what was decided, checked, or where it went
		if e.Data != "" {
			data = json.RawMessage(e.Data)
		}
		c.Events = append(c.Events, complaints.Event{Data: data, ID: e.ID, Seq: e.Seq, Type: e.Type, At: e.At.time(), Actor: e.Actor, Title: e.Title,
			Unit: e.Unit, From: e.From, To: e.To, Public: e.Public, Note: e.Note})
	}
	return err
}

// ActiveStaff keeps numbers.StaffStore.
func (db *DB) ActiveStaff(ctx context.Context, unit string, from, to time.Time) (active, all int, err error) {
	args := []any{at(from), at(to), db.regency}
	roles := 0
	for _, r := range auth.Roles {
		if r.May(auth.ComplaintDecide) {
			args = append(args, string(r))
			roles++
		}
	}
	where := ``
	if unit != "" {
		where, args = ` AND s.unit = ?`, append(args, unit)
	}
	var counted struct {
		Active int `db:"active"`
		Total  int `db:"total"`
	}
	err = db.reads().get(ctx, &counted, `SELECT COUNT(*) AS total, COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM audit_entry a
			WHERE a.regency_code = s.regency_code AND a.actor = s.user_name AND a.at >= ? AND a.at < ? AND a.act = 'session.start')
			THEN 1 ELSE 0 END), 0) AS active
		FROM staff s WHERE s.regency_code = ? AND NOT s.disabled AND s.role IN (`+marks(roles)+`)`+where, args...)
	return counted.Active, counted.Total, err
}

// ComplaintLoad keeps numbers.LoadStore.
func (db *DB) ComplaintLoad(ctx context.Context) (numbers.Load, error) {
	var l numbers.Load
	for _, q := range []struct {
		into  *int
		query string
		args  []any
	}{
		{&l.Open, `SELECT COUNT(*) FROM complaint WHERE regency_code = ? AND state IN (` + marks(len(complaints.OpenStates)) + `)`, openStateArgs(db.regency)},
		{&l.Overdue, `SELECT COUNT(*) FROM complaint WHERE regency_code = ? AND due_at < ? AND due_kind NOT IN ('silence', 'number')`, []any{db.regency, at(db.now())}},
		{&l.Outbox, `SELECT COUNT(*) FROM outbox_message WHERE regency_code = ? AND state IN ('queued', 'sending', 'failed')`, []any{db.regency}},
	} {
		err := db.reads().get(ctx, q.into, q.query, q.args...)
		if err != nil {
			return numbers.Load{}, err
		}
	}
	return l, nil
}

func openStateArgs(regency string) []any {
	args := []any{regency}
	for _, s := range complaints.OpenStates {
		args = append(args, string(s))
	}
	return args
}
