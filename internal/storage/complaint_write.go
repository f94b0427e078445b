package storage

import (
	"context"
	"slices"
	"strings"

	"layak/complaints"
	"layak/internal/area"
	"layak/internal/audit"
)

// CreateComplaint stores a new case with its first events, its key and its trail.
func (db *DB) CreateComplaint(ctx context.Context, change complaints.Change, key *complaints.Key) (complaints.Ticket, error) {
	var ticket complaints.Ticket
	err := db.writeAtOnce(ctx, func(tx *tx) error {
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
		err := tx.insertComplaint(ctx, change.Complaint, 1+len(change.More))
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
		err = tx.saveParts(ctx, change, 1)
		if err != nil {
			return err
		}
		return tx.insertEvents(ctx, change, 1)
	})
	if err == nil && ticket == change.Complaint.Ticket {
		db.kept.written(change.Complaint)
	}
	return ticket, err
}

// caseColumns are the columns that acts change, in the order of caseValues.
var caseColumns = []string{
	"state", "states_before", "version", "matter", "need", "unit", "staff", "updated_at", "class", "priority", "element",
	"attention", "deceased", "accused", "source", "source_number", "title", "rating", "clocks", "refund",
	"due_at", "due_kind", "look_at", "acted_at", "escalated",
}

func caseValues(c complaints.Complaint) []any {
	var refund any = ""
	if c.Refund != nil {
		refund = asJSON(c.Refund)
	}
	acted := c.ActedAt
	if acted.IsZero() {
		acted = c.UpdatedAt
	}
	priority := c.Priority
	if priority == "" {
		priority = "normal"
	}
	return []any{
		c.State, asJSON(c.Before), c.Version, c.Matter, c.Need, c.Unit, c.Staff, at(c.UpdatedAt), c.Class, priority, c.Element,
		c.Attention, c.Deceased, c.Accused, c.Source, c.SourceNumber, c.Title, c.Rating, asJSON(notNone(c.Clocks)), refund,
		atOrNull(c.DueAt), c.DueKind, atOrNull(c.LookAt), at(acted), c.Escalated,
	}
}

var insertComplaintSQL = `INSERT INTO complaint (regency_code, id, ticket, last_seq, channel, body, reporter_name,
		reporter_phone, reporter_email, reporter_handle, reporter_relation, village, filed_by, filed_unit, filed_at, ` +
	strings.Join(caseColumns, ", ") + `)
	VALUES (` + marks(15+len(caseColumns)) + `)
	ON CONFLICT (regency_code, ticket) DO NOTHING`

func (t *tx) insertComplaint(ctx context.Context, c complaints.Complaint, seq int) error {
	args := []any{
		t.db.regency, c.ID, c.Ticket, seq, c.Channel, c.Text, c.Reporter.Name, c.Reporter.Phone, c.Reporter.Email,
		c.Reporter.Handle, c.Reporter.Relation, c.Village, c.FiledBy, c.FiledUnit, at(c.FiledAt),
	}
	n, err := t.must(ctx, insertComplaintSQL, append(args, caseValues(c)...)...)
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
	if len(areas) == 0 {
		return nil
	}
	var args []any
	for _, a := range areas {
		args = append(args, t.db.regency, id, a)
	}
	_, err := t.exec(ctx, `INSERT INTO complaint_area (regency_code, complaint_id, area)
		VALUES (?, ?, ?)`+strings.Repeat(`, (?, ?, ?)`, len(areas)-1), args...)
	return err
}

// insertEvent adds the one event of a change and the trail of it.
func (t *tx) insertEvent(ctx context.Context, change complaints.Change, seq int) error {
	change.More = nil
	return t.insertEvents(ctx, change, seq)
}

// insertEvents adds the events of a change, numbered from seq, and the trail of them.
func (t *tx) insertEvents(ctx context.Context, change complaints.Change, seq int) error {
	const row = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	var args []any
	for i, e := range append([]complaints.Event{change.Event}, change.More...) {
		args = append(args, t.db.regency, e.ID, change.Complaint.ID, seq+i, e.Type, at(e.At), e.Actor, e.Title, e.Unit,
			e.From, e.To, e.Public, e.Note, string(e.Data))
	}
	_, err := t.exec(ctx, `INSERT INTO complaint_event (regency_code, id, complaint_id, seq, type, at, actor, title, unit,
			from_state, to_state, public, note, data)
		VALUES `+row+strings.Repeat(`, `+row, len(change.More)), args...)
	if err != nil {
		return err
	}
	return t.recordAll(ctx, change.Entries)
}

// recordAll writes several entries of the trail in one statement.
func (t *tx) recordAll(ctx context.Context, entries []audit.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	var all statement
	for _, e := range entries {
		one, err := t.db.entryInsert(e, t.now)
		if err != nil {
			return err
		}
		if all.query == "" {
			all.query = one.query
		} else {
			all.query += `, (` + marks(len(one.args)) + `)`
		}
		all.args = append(all.args, one.args...)
	}
	_, err := t.exec(ctx, all.query, all.args...)
	if err == nil {
		t.db.trail.unsealed.Store(true)
	}
	return err
}

// ChangeComplaint writes an act whole or not at all. The first statement locks the case and fails
// when its version is not the one that the act was built on.
func (db *DB) ChangeComplaint(ctx context.Context, change complaints.Change) error {
	err := db.writeAtOnce(ctx, func(tx *tx) error { return tx.change(ctx, change) })
	if err == nil {
		db.kept.written(change.Complaint)
	}
	return err
}

// ChangeComplaints writes an act on several cases, all of it or nothing. Cases are locked in the
// order of their ids, so that two such acts never wait for each other.
func (db *DB) ChangeComplaints(ctx context.Context, changes []complaints.Change) error {
	ordered := slices.Clone(changes)
	slices.SortFunc(ordered, func(a, b complaints.Change) int { return strings.Compare(a.Complaint.ID, b.Complaint.ID) })
	err := db.writeAtOnce(ctx, func(tx *tx) error {
		for _, change := range ordered {
			err := tx.change(ctx, change)
			if err != nil {
				return err
			}
		}
		return nil
	})
	for _, change := range ordered {
		if err == nil {
			db.kept.written(change.Complaint)
		}
	}
	return err
}

var changeComplaintSQL = `UPDATE complaint SET ` + strings.Join(caseColumns, " = ?, ") + ` = ?, last_seq = last_seq + ?,
		merged_into = CASE WHEN ? = '' THEN '' ELSE (SELECT i.id FROM complaint i WHERE i.regency_code = ? AND i.ticket = ?) END
	WHERE regency_code = ? AND id = ? AND version = ?`

func (t *tx) change(ctx context.Context, change complaints.Change) error {
	err := t.claimAct(ctx, change)
	if err != nil {
		return err
	}
	c, events := change.Complaint, 1+len(change.More)
	query, args := changeComplaintSQL, append(caseValues(c), events, c.Into, t.db.regency, c.Into, t.db.regency, c.ID, c.Version-1)
	seq := change.Event.Seq
	if seq > 0 {
		query, args = query+` AND last_seq = ?`, append(args, seq-1)
	}
	n, err := t.must(ctx, query, args...)
	if err != nil {
		return err
	}
	if n == 0 {
		return t.behind(ctx, c)
	}
	if seq == 0 {
		last, err := t.lastSeq(ctx, c.ID)
		if err != nil {
			return err
		}
		seq = last - events + 1
	}
	err = t.saveParts(ctx, change, seq)
	if err != nil {
		return err
	}
	return t.insertEvents(ctx, change, seq)
}

// behind tells why a change did not find the case as it expected it.
func (t *tx) behind(ctx context.Context, c complaints.Complaint) error {
	var version int
	err := t.get(ctx, &version, `SELECT version FROM complaint WHERE regency_code = ? AND id = ?`, t.db.regency, c.ID)
	if err == nil && version == c.Version-1 {
		return complaints.ErrBehind
	}
	return stale(0, err)
}

func (t *tx) lastSeq(ctx context.Context, id string) (int, error) {
	var seq int
	err := t.get(ctx, &seq, `SELECT last_seq FROM complaint WHERE regency_code = ? AND id = ?`, t.db.regency, id)
	return seq, err
}

// saveParts writes what the act adds to the case besides its event.
func (t *tx) saveParts(ctx context.Context, change complaints.Change, seq int) error {
	id := change.Complaint.ID
	if change.Patient != nil || seq == 1 || change.Event.Type == complaints.ClassifyEvent { // which may give a title
		err := t.saveWords(ctx, change.Complaint)
		if err != nil {
			return err
		}
	}
	if p := change.Patient; p != nil {
		err := t.savePatient(ctx, id, *p)
		if err != nil {
			return err
		}
		err = t.replace(ctx, `DELETE FROM complaint_area WHERE regency_code = ? AND complaint_id = ?`, t.db.regency, id)
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
	for _, task := range change.Tasks {
		err := t.saveTask(ctx, id, task)
		if err != nil {
			return err
		}
	}
	err := t.replaceMarks(ctx, id, change.Marks, seq == 1)
	if err != nil || len(change.Messages) == 0 {
		return err
	}
	return t.insertMessages(ctx, change)
}
