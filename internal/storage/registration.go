package storage

import (
	"context"
	"slices"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/area"
)

type registrationRow struct {
	ID         string           `db:"id"`
	Patient    int              `db:"patient"`
	Through    string           `db:"through"`
	Reference  string           `db:"reference"`
	SentAt     stamp            `db:"sent_at"`
	SentBy     string           `db:"sent_by"`
	Result     string           `db:"result"`
	ActiveOn   eligibility.Date `db:"active_on"`
	RefusedWhy string           `db:"refused_why"`
	Proof      string           `db:"proof"`
	UpdatedAt  stamp            `db:"updated_at"`
}

func (t *tx) readRegistrations(ctx context.Context, c *complaints.Complaint) error {
	var rows []registrationRow
	err := t.list(ctx, &rows, `SELECT id, patient, through, reference, sent_at, sent_by, result, active_on, refused_why, proof, updated_at
		FROM complaint_registration WHERE regency_code = ? AND complaint_id = ? ORDER BY id`, t.db.regency, c.ID)
	if err != nil {
		return err
	}
	c.Registrations = make([]complaints.Registration, len(rows))
	for i, r := range rows {
		c.Registrations[i] = complaints.Registration{
			ID: r.ID, Patient: r.Patient, Through: r.Through, Reference: r.Reference, SentAt: r.SentAt.time(),
			SentBy: r.SentBy, Result: r.Result, ActiveOn: r.ActiveOn, RefusedWhy: r.RefusedWhy, Proof: r.Proof,
			UpdatedAt: r.UpdatedAt.time(),
		}
	}
	return nil
}

// saveRegistration adds a registration or writes the answer into the one with the same id.
func (t *tx) saveRegistration(ctx context.Context, complaint string, r complaints.Registration) error {
	_, err := t.exec(ctx, `INSERT INTO complaint_registration (regency_code, id, complaint_id, patient, through, reference,
			sent_at, sent_by, result, active_on, refused_why, proof, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (regency_code, id) DO UPDATE
		SET reference = excluded.reference, sent_at = excluded.sent_at, result = excluded.result,
			active_on = excluded.active_on, refused_why = excluded.refused_why, proof = excluded.proof,
			updated_at = excluded.updated_at`,
		t.db.regency, r.ID, complaint, r.Patient, r.Through, r.Reference, at(r.SentAt), r.SentBy, r.Result,
		string(r.ActiveOn), r.RefusedWhy, r.Proof, at(r.UpdatedAt))
	return err
}

type waitingRow struct {
	Ticket    complaints.Ticket `db:"ticket"`
	Patient   int               `db:"patient"`
	Name      string            `db:"name"`
	NIK       string            `db:"nik"`
	Village   area.Code         `db:"village"`
	Need      string            `db:"need"`
	Unit      string            `db:"unit"`
	Staff     string            `db:"staff"`
	Through   string            `db:"through"`
	Reference string            `db:"reference"`
	Since     stamp             `db:"since"`
}

// pendingSQL finds registrations without an answer, also of closed cases: a card that never became
// active is no end.
const pendingSQL = `SELECT c.ticket, r.patient, p.name, p.nik, p.village, c.need, c.unit, c.staff,
		r.through, r.reference, r.sent_at AS since
	FROM complaint_registration r
	JOIN complaint c ON c.regency_code = r.regency_code AND c.id = r.complaint_id
	JOIN complaint_patient p ON p.regency_code = r.regency_code AND p.complaint_id = r.complaint_id AND p.no = r.patient
	WHERE r.regency_code = ? AND r.result = 'pending' AND c.state NOT IN ('withdrawn', 'merged')`

// unsentSQL finds patients whose newest check says eligible and for whom nothing was sent, or what
// was sent was refused before that check. A case that was decided against is not waiting.
const unsentSQL = `SELECT c.ticket, k.patient, p.name, p.nik, p.village, c.need, c.unit, c.staff,
		'' AS through, '' AS reference, k.decided_at AS since
	FROM complaint c
	JOIN complaint_check k ON k.regency_code = c.regency_code AND k.complaint_id = c.id
	JOIN complaint_patient p ON p.regency_code = c.regency_code AND p.complaint_id = c.id AND p.no = k.patient
	WHERE c.regency_code = ? AND c.state IN ('received', 'verified', 'in_progress', 'waiting_reporter', 'answered')
	AND k.outcome = 'eligible'
	AND k.event_seq = (SELECT MAX(l.event_seq) FROM complaint_check l
		WHERE l.regency_code = k.regency_code AND l.complaint_id = k.complaint_id AND l.patient = k.patient)
	AND NOT EXISTS (SELECT 1 FROM complaint_registration r
		WHERE r.regency_code = k.regency_code AND r.complaint_id = k.complaint_id AND r.patient = k.patient
		AND (r.result <> 'refused' OR r.updated_at >= k.decided_at))
	AND (c.state <> 'answered' OR 'granted' = (SELECT d.decision FROM complaint_resolution d
		WHERE d.regency_code = c.regency_code AND d.complaint_id = c.id ORDER BY d.id DESC LIMIT 1))`

// WaitingRegistrations lists who is to be registered and not yet active, the longest waiting first.
func (db *DB) WaitingRegistrations(ctx context.Context, s complaints.Scope, limit int) ([]complaints.WaitingRegistration, error) {
	where, args := db.scopeClause(s)
	args = append(append([]any{db.regency}, args...), limit)
	var all []complaints.WaitingRegistration
	for _, part := range []struct {
		query string
		sent  bool
	}{{unsentSQL, false}, {pendingSQL, true}} {
		var rows []waitingRow
		err := db.reads().list(ctx, &rows, part.query+where+` ORDER BY since LIMIT ?`, args...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			all = append(all, complaints.WaitingRegistration{
				Ticket: r.Ticket, Patient: r.Patient, Name: r.Name, NIK: r.NIK, Village: r.Village, Need: r.Need,
				Unit: r.Unit, Staff: r.Staff, Sent: part.sent, Through: r.Through, Reference: r.Reference,
				Since: r.Since.time(),
			})
		}
	}
	slices.SortStableFunc(all, func(a, b complaints.WaitingRegistration) int { return a.Since.Compare(b.Since) })
	return all[:min(len(all), limit)], nil
}
