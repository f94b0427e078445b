package storage

import (
	"context"
	"encoding/json"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/fault"
	"layak/policy"
)

const complaintColumns = `c.id, c.ticket, c.state, c.states_before, c.version, c.channel, c.matter, c.need, c.body,
	c.reporter_name, c.reporter_phone, c.reporter_relation, c.unit, c.staff, c.village, c.filed_by, c.filed_unit,
	c.filed_at, c.updated_at`

type complaintRow struct {
	ID               string                       `db:"id"`
	Ticket           complaints.Ticket            `db:"ticket"`
	State            complaints.State             `db:"state"`
	Before           jsonText[[]complaints.State] `db:"states_before"`
	Version          int                          `db:"version"`
	Channel          string                       `db:"channel"`
	Matter           string                       `db:"matter"`
	Need             string                       `db:"need"`
	Body             string                       `db:"body"`
	ReporterName     string                       `db:"reporter_name"`
	ReporterPhone    string                       `db:"reporter_phone"`
	ReporterRelation string                       `db:"reporter_relation"`
	Unit             string                       `db:"unit"`
	Staff            string                       `db:"staff"`
	Village          area.Code                    `db:"village"`
	FiledBy          string                       `db:"filed_by"`
	FiledUnit        string                       `db:"filed_unit"`
	FiledAt          stamp                        `db:"filed_at"`
	UpdatedAt        stamp                        `db:"updated_at"`
}

func (r complaintRow) complaint() complaints.Complaint {
	return complaints.Complaint{
		ID: r.ID, Ticket: r.Ticket, State: r.State, Before: r.Before.V, Version: r.Version,
		Channel: r.Channel, Matter: r.Matter, Need: r.Need, Text: r.Body, Unit: r.Unit, Staff: r.Staff,
		Village: r.Village, FiledBy: r.FiledBy, FiledUnit: r.FiledUnit,
		FiledAt: r.FiledAt.time(), UpdatedAt: r.UpdatedAt.time(),
		Reporter: complaints.Reporter{Name: r.ReporterName, Phone: r.ReporterPhone, Relation: r.ReporterRelation},
	}
}

// Complaint gives the whole case, all its parts as of one moment.
func (db *DB) Complaint(ctx context.Context, t complaints.Ticket, s complaints.Scope) (complaints.Complaint, error) {
	var c complaints.Complaint
	err := db.read(ctx, func(tx *tx) error {
		where, args := tx.db.scopeClause(s)
		var row complaintRow
		err := tx.get(ctx, &row, `SELECT `+complaintColumns+` FROM complaint c
			WHERE c.regency_code = ? AND c.ticket = ?`+where, append([]any{db.regency, t}, args...)...)
		if err != nil {
			return missing(err, "complaint_unknown", "Aduan tidak ditemukan. Periksa lagi nomornya, atau mungkin aduan ini milik unit lain.")
		}
		c = row.complaint()
		for _, part := range []func(context.Context, *complaints.Complaint) error{
			tx.readPatients, tx.readEvents, tx.readChecks, tx.readRegistrations, tx.readResolutions, tx.readAttachments,
		} {
			err = part(ctx, &c)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return c, err
}

type patientRow struct {
	No      int                            `db:"no"`
	NIK     eligibility.NIK                `db:"nik"`
	Subject *jsonText[eligibility.Subject] `db:"subject"`
	Name    string                         `db:"name"`
	Village area.Code                      `db:"village"`
}

func (t *tx) readPatients(ctx context.Context, c *complaints.Complaint) error {
	var rows []patientRow
	err := t.list(ctx, &rows, `SELECT no, nik, subject, name, village FROM complaint_patient
		WHERE regency_code = ? AND complaint_id = ? ORDER BY no`, t.db.regency, c.ID)
	if err != nil {
		return err
	}
	c.Patients = make([]complaints.Patient, len(rows))
	for i, r := range rows {
		c.Patients[i] = complaints.Patient{No: r.No, NIK: r.NIK, Name: r.Name, Village: r.Village}
		if r.Subject != nil {
			c.Patients[i].Subject = &r.Subject.V
		}
	}
	return nil
}

type eventRow struct {
	ID     string               `db:"id"`
	Seq    int                  `db:"seq"`
	Type   complaints.EventType `db:"type"`
	At     stamp                `db:"at"`
	Actor  string               `db:"actor"`
	Title  string               `db:"title"`
	Unit   string               `db:"unit"`
	From   complaints.State     `db:"from_state"`
	To     complaints.State     `db:"to_state"`
	Public bool                 `db:"public"`
	Note   string               `db:"note"`
	Data   string               `db:"data"`
}

func (t *tx) readEvents(ctx context.Context, c *complaints.Complaint) error {
	var rows []eventRow
	err := t.list(ctx, &rows, `SELECT id, seq, type, at, actor, title, unit, from_state, to_state, public, note, data
		FROM complaint_event WHERE regency_code = ? AND complaint_id = ? ORDER BY seq`, t.db.regency, c.ID)
	if err != nil {
		return err
	}
	c.Events = make([]complaints.Event, len(rows))
	for i, r := range rows {
		c.Events[i] = complaints.Event{
			ID: r.ID, Seq: r.Seq, Type: r.Type, At: r.At.time(), Actor: r.Actor, Title: r.Title, Unit: r.Unit,
			From: r.From, To: r.To, Public: r.Public, Note: r.Note,
		}
		if r.Data != "" {
			c.Events[i].Data = json.RawMessage(r.Data)
		}
	}
	return nil
}

type checkRow struct {
	Determination string          `db:"determination_id"`
	Patient       int             `db:"patient"`
	NIK           eligibility.NIK `db:"nik"`
	Outcome       policy.Outcome  `db:"outcome"`
	Advice        policy.Advice   `db:"service_advice"`
	Summary       string          `db:"summary"`
	DecidedAt     stamp           `db:"decided_at"`
}

func (t *tx) readChecks(ctx context.Context, c *complaints.Complaint) error {
	var rows []checkRow
	err := t.list(ctx, &rows, `SELECT determination_id, patient, nik, outcome, service_advice, summary, decided_at
		FROM complaint_check WHERE regency_code = ? AND complaint_id = ? ORDER BY event_seq`, t.db.regency, c.ID)
	if err != nil {
		return err
	}
	c.Checks = make([]complaints.Check, len(rows))
	for i, r := range rows {
		c.Checks[i] = complaints.Check{
			Determination: r.Determination, Patient: r.Patient, NIK: r.NIK, Outcome: r.Outcome,
			Advice: r.Advice, Summary: r.Summary, DecidedAt: r.DecidedAt.time(),
		}
	}
	return nil
}

type resolutionRow struct {
	ID           string                           `db:"id"`
	EventID      string                           `db:"event_id"`
	Decision     complaints.Decision              `db:"decision"`
	Reason       string                           `db:"reason"`
	Advice       complaints.Agreement             `db:"advice"`
	Unregistered bool                             `db:"unregistered"`
	Checks       jsonText[[]string]               `db:"checks"`
	Evidence     jsonText[[]eligibility.Evidence] `db:"evidence"`
	DecidedBy    string                           `db:"decided_by"`
	DecidedAt    stamp                            `db:"decided_at"`
}

func (t *tx) readResolutions(ctx context.Context, c *complaints.Complaint) error {
	var rows []resolutionRow
	err := t.list(ctx, &rows, `SELECT id, event_id, decision, reason, advice, unregistered, checks, evidence, decided_by, decided_at
		FROM complaint_resolution WHERE regency_code = ? AND complaint_id = ? ORDER BY id`, t.db.regency, c.ID)
	if err != nil {
		return err
	}
	c.Resolutions = make([]complaints.Resolution, len(rows))
	for i, r := range rows {
		c.Resolutions[i] = complaints.Resolution{
			ID: r.ID, EventID: r.EventID, Decision: r.Decision, Reason: r.Reason, Advice: r.Advice,
			Unregistered: r.Unregistered, Checks: r.Checks.V, Evidence: r.Evidence.V,
			DecidedBy: r.DecidedBy, DecidedAt: r.DecidedAt.time(),
		}
	}
	return nil
}

// stale is the answer to a change of a case that somebody else changed since.
func stale(n int64, err error) error {
	if err == nil && n == 0 {
		return complaints.StaleVersion()
	}
	return err
}

var errOtherBody = fault.New(fault.Invalid, "idempotency_mismatch",
	"Kunci pengiriman ini sudah dipakai untuk aduan dengan isi lain. Pakai kunci baru untuk aduan baru.")
