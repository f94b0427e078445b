package storage

import (
	"context"

	"layak/complaints"
	"layak/internal/area"
	"layak/internal/audit"
)

// CreateComplaint stores a new case with its first event, its key and its trail.
func (db *DB) CreateComplaint(ctx context.Context, change complaints.Change, key *complaints.Key) (complaints.Ticket, error) {
	var ticket complaints.Ticket
	err := db.write(ctx, func(tx *tx) error {
		ticket = change.Complaint.Ticket
		if key != nil {
			first, err := tx.claimKey(ctx, *key, ticket)
			if err != nil {
				return err
			}
			if first != "" {
				ticket = first
				return nil
			}
		}
		err := tx.insertComplaint(ctx, change.Complaint)
		if err != nil {
			return err
		}
		for _, p := range change.Complaint.Patients {
			err = tx.savePatient(ctx, change.Complaint.ID, p)
			if err != nil {
				return err
			}
		}
		err = tx.insertAreas(ctx, change.Complaint.ID, change.Areas)
		if err != nil {
			return err
		}
		return tx.insertEvent(ctx, change, 1)
	})
	return ticket, err
}

func (t *tx) insertComplaint(ctx context.Context, c complaints.Complaint) error {
	n, err := t.exec(ctx, `INSERT INTO complaint (regency_code, id, ticket, state, states_before, version, last_seq,
			channel, matter, need, body, reporter_name, reporter_phone, reporter_relation, unit, staff, village,
			filed_by, filed_unit, filed_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (regency_code, ticket) DO NOTHING`,
		t.db.regency, c.ID, c.Ticket, c.State, asJSON(c.Before), c.Version,
		c.Channel, c.Matter, c.Need, c.Text, c.Reporter.Name, c.Reporter.Phone, c.Reporter.Relation, c.Unit, c.Staff,
		c.Village, c.FiledBy, c.FiledUnit, at(c.FiledAt), at(c.UpdatedAt))
	if err == nil && n == 0 {
		return complaints.ErrTicketTaken
	}
	return err
}

func (t *tx) savePatient(ctx context.Context, id string, p complaints.Patient) error {
	var subject any
	if p.Subject != nil {
		subject = asJSON(*p.Subject)
	}
	_, err := t.exec(ctx, `INSERT INTO complaint_patient (regency_code, complaint_id, no, nik, subject, name, village)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (regency_code, complaint_id, no) DO UPDATE
		SET nik = excluded.nik, subject = excluded.subject, name = excluded.name, village = excluded.village`,
		t.db.regency, id, p.No, p.NIK, subject, p.Name, p.Village)
	return err
}

func (t *tx) insertAreas(ctx context.Context, id string, areas []area.Code) error {
	for _, a := range areas {
		_, err := t.exec(ctx, `INSERT INTO complaint_area (regency_code, complaint_id, area) VALUES (?, ?, ?)`,
			t.db.regency, id, a)
		if err != nil {
			return err
		}
	}
	return nil
}

// insertEvent adds the event of a change and the trail of it.
func (t *tx) insertEvent(ctx context.Context, change complaints.Change, seq int) error {
	e := change.Event
	_, err := t.exec(ctx, `INSERT INTO complaint_event (regency_code, id, complaint_id, seq, type, at, actor, title, unit,
			from_state, to_state, public, note, data)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.db.regency, e.ID, change.Complaint.ID, seq, e.Type, at(e.At), e.Actor, e.Title, e.Unit,
		e.From, e.To, e.Public, e.Note, string(e.Data))
	if err != nil {
		return err
	}
	return t.recordAll(ctx, change.Entries)
}

func (t *tx) recordAll(ctx context.Context, entries []audit.Entry) error {
	for _, e := range entries {
		err := t.record(ctx, e)
		if err != nil {
			return err
		}
	}
	return nil
}

// ChangeComplaint writes an act whole or not at all. The first statement locks the case and fails
// when its version is not the one that the act was built on.
func (db *DB) ChangeComplaint(ctx context.Context, change complaints.Change) error {
	return db.write(ctx, func(tx *tx) error {
		c := change.Complaint
		err := stale(tx.exec(ctx, `UPDATE complaint SET state = ?, states_before = ?, version = ?, last_seq = last_seq + 1,
				need = ?, unit = ?, staff = ?, updated_at = ?
			WHERE regency_code = ? AND id = ? AND version = ?`,
			c.State, asJSON(c.Before), c.Version, c.Need, c.Unit, c.Staff, at(c.UpdatedAt),
			db.regency, c.ID, c.Version-1))
		if err != nil {
			return err
		}
		seq, err := tx.lastSeq(ctx, c.ID)
		if err != nil {
			return err
		}
		err = tx.saveParts(ctx, change, seq)
		if err != nil {
			return err
		}
		return tx.insertEvent(ctx, change, seq)
	})
}

func (t *tx) lastSeq(ctx context.Context, id string) (int, error) {
	var seq int
	err := t.get(ctx, &seq, `SELECT last_seq FROM complaint WHERE regency_code = ? AND id = ?`, t.db.regency, id)
	return seq, err
}

// saveParts writes what the act adds to the case besides its event.
func (t *tx) saveParts(ctx context.Context, change complaints.Change, seq int) error {
	id := change.Complaint.ID
	if p := change.Patient; p != nil {
		err := t.savePatient(ctx, id, *p)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `DELETE FROM complaint_area WHERE regency_code = ? AND complaint_id = ?`, t.db.regency, id)
		if err != nil {
			return err
		}
		err = t.insertAreas(ctx, id, change.Areas)
		if err != nil {
			return err
		}
	}
	if k := change.Check; k != nil {
		_, err := t.exec(ctx, `INSERT INTO complaint_check (regency_code, complaint_id, determination_id, patient, nik,
				outcome, service_advice, summary, decided_at, event_seq)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			t.db.regency, id, k.Determination, k.Patient, k.NIK, k.Outcome, k.Advice, k.Summary, at(k.DecidedAt), seq)
		if err != nil {
			return err
		}
	}
	if r := change.Registration; r != nil {
		err := t.saveRegistration(ctx, id, *r)
		if err != nil {
			return err
		}
	}
	if r := change.Resolution; r != nil {
		_, err := t.exec(ctx, `INSERT INTO complaint_resolution (regency_code, id, complaint_id, event_id, decision, reason,
				advice, unregistered, checks, evidence, decided_by, decided_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			t.db.regency, r.ID, id, r.EventID, r.Decision, r.Reason, r.Advice, r.Unregistered,
			asJSON(r.Checks), asJSON(r.Evidence), r.DecidedBy, at(r.DecidedAt))
		if err != nil {
			return err
		}
	}
	return nil
}
