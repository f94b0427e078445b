package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/fault"
	"layak/policy"
)

const complaintColumns = `c.id, c.ticket, c.state, c.states_before, c.version, c.last_seq, c.channel, c.matter, c.need, c.body,
	c.reporter_name, c.reporter_phone, c.reporter_email, c.reporter_handle, c.reporter_relation, c.unit, c.staff,
	c.village, c.filed_by, c.filed_unit, c.filed_at, c.updated_at, c.class, c.priority, c.element, c.attention,
	c.deceased, c.accused, c.source, c.source_number, c.title, c.merged_into, c.rating, c.clocks, c.refund,
	c.due_at, c.due_kind, c.look_at, c.acted_at, c.escalated`

type complaintRow struct {
	ID               string                       `db:"id"`
	Ticket           complaints.Ticket            `db:"ticket"`
	State            complaints.State             `db:"state"`
	Before           jsonText[[]complaints.State] `db:"states_before"`
	Version          int                          `db:"version"`
	LastSeq          int                          `db:"last_seq"`
	Channel          string                       `db:"channel"`
	Matter           string                       `db:"matter"`
	Need             string                       `db:"need"`
	Body             string                       `db:"body"`
	ReporterName     string                       `db:"reporter_name"`
	ReporterPhone    string                       `db:"reporter_phone"`
	ReporterEmail    string                       `db:"reporter_email"`
	ReporterHandle   string                       `db:"reporter_handle"`
	ReporterRelation string                       `db:"reporter_relation"`
	Unit             string                       `db:"unit"`
	Staff            string                       `db:"staff"`
	Village          area.Code                    `db:"village"`
	FiledBy          string                       `db:"filed_by"`
	FiledUnit        string                       `db:"filed_unit"`
	FiledAt          stamp                        `db:"filed_at"`
	UpdatedAt        stamp                        `db:"updated_at"`
	Class            string                       `db:"class"`
	Priority         string                       `db:"priority"`
	Element          string                       `db:"element"`
	Attention        bool                         `db:"attention"`
	Deceased         bool                         `db:"deceased"`
	Accused          string                       `db:"accused"`
	Source           string                       `db:"source"`
	SourceNumber     string                       `db:"source_number"`
	Title            string                       `db:"title"`
	MergedInto       string                       `db:"merged_into"`
	Rating           int                          `db:"rating"`
	Clocks           jsonText[[]complaints.Clock] `db:"clocks"`
	Refund           string                       `db:"refund"`
	DueAt            *stamp                       `db:"due_at"`
	DueKind          complaints.ClockKind         `db:"due_kind"`
	LookAt           *stamp                       `db:"look_at"`
	ActedAt          *stamp                       `db:"acted_at"`
	Escalated        int                          `db:"escalated"`
}

func (r complaintRow) complaint() (complaints.Complaint, error) {
	c := complaints.Complaint{
		ID: r.ID, Ticket: r.Ticket, State: r.State, Before: r.Before.V, Version: r.Version,
		Channel: r.Channel, Matter: r.Matter, Need: r.Need, Text: r.Body, Unit: r.Unit, Staff: r.Staff,
		Village: r.Village, FiledBy: r.FiledBy, FiledUnit: r.FiledUnit,
		FiledAt: r.FiledAt.time(), UpdatedAt: r.UpdatedAt.time(), ActedAt: r.UpdatedAt.time(),
		Class: r.Class, Priority: r.Priority, Element: r.Element, Attention: r.Attention, Deceased: r.Deceased,
		Accused: r.Accused, Source: r.Source, SourceNumber: r.SourceNumber, Title: r.Title, Rating: r.Rating,
		DueAt: r.DueAt.timeOrNil(), DueKind: r.DueKind, LookAt: r.LookAt.timeOrNil(), Escalated: r.Escalated,
		Reporter: complaints.Reporter{
			Name: r.ReporterName, Phone: r.ReporterPhone, Email: r.ReporterEmail, Handle: r.ReporterHandle,
			Relation: r.ReporterRelation,
		},
		Clocks: notNone(r.Clocks.V),
	}
	if r.ActedAt != nil {
		c.ActedAt = r.ActedAt.time()
	}
	if r.Refund == "" {
		return c, nil
	}
	c.Refund = &complaints.Refund{}
	err := json.Unmarshal([]byte(r.Refund), c.Refund)
	if err != nil {
		return c, fmt.Errorf("read refund of %s: %w", r.Ticket, err)
	}
	return c, nil
}

// notNone makes an empty list of none.
func notNone[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// Complaint gives the whole case, all its parts as of one moment. It is read without a transaction,
// which would cost as many round trips as the parts: every change of a case raises the number of its
// last event, so that a reading during which that number stayed the same saw nothing half, and parts
// remembered with that number are still those of the case (keptCases).
func (db *DB) Complaint(ctx context.Context, t complaints.Ticket, s complaints.Scope) (complaints.Complaint, error) {
	for range maxAttempts {
		c, whole, err := (&tx{executor: db.reads(), db: db}).readComplaint(ctx, t, s)
		if err != nil || whole {
			return c, err
		}
	}
	var c complaints.Complaint
	err := db.read(ctx, func(tx *tx) error {
		var err error
		c, _, err = tx.readComplaint(ctx, t, s)
		return err
	})
	return c, err
}

func (t *tx) readComplaint(ctx context.Context, ticket complaints.Ticket, s complaints.Scope) (c complaints.Complaint, whole bool, err error) {
	where, args := caseClause(s)
	var row complaintRow
	err = t.get(ctx, &row, `SELECT `+complaintColumns+` FROM complaint c
		WHERE c.regency_code = ? AND c.ticket = ?`+where, append([]any{t.db.regency, ticket}, args...)...)
	if err != nil {
		return c, false, missing(err, "complaint_unknown", "Aduan tidak ditemukan. Periksa lagi nomornya, atau mungkin aduan ini milik unit lain.")
	}
	c, err = row.complaint()
	if err != nil {
		return c, false, err
	}
	kept := t.db.kept.fill(&c, row.LastSeq)
	if !kept {
		err = t.readParts(ctx, &c)
		if err != nil {
			return c, false, err
		}
	}
	more, err := t.readOthers(ctx, &c, row.MergedInto)
	if err != nil || kept && !more {
		return c, true, err
	}
	last, err := t.lastSeq(ctx, c.ID)
	whole = last == row.LastSeq
	if err == nil && whole && !kept {
		t.db.kept.put(c, last)
	}
	return c, whole, err
}

// readParts fills in what belongs to the case alone. Its events tell which parts there are, so that
// most of the questions need not be asked.
func (t *tx) readParts(ctx context.Context, c *complaints.Complaint) error {
	for _, always := range []func(context.Context, *complaints.Complaint) error{t.readPatients, t.readEvents} {
		err := always(ctx, c)
		if err != nil {
			return err
		}
	}
	c.Checks, c.Registrations, c.Resolutions = []complaints.Check{}, []complaints.Registration{}, []complaints.Resolution{}
	c.Attachments = []complaints.Attachment{}
	return readHappened(ctx, c, map[complaints.EventType]partReader{
		complaints.CheckEvent: t.readChecks, complaints.RegisterEvent: t.readRegistrations,
		complaints.ResolveEvent: t.readResolutions, complaints.AttachEvent: t.readAttachments,
	})
}

// readOthers fills in what others may change without an event of the case; more tells whether there
// was anything to read.
func (t *tx) readOthers(ctx context.Context, c *complaints.Complaint, into string) (more bool, err error) {
	c.Tasks, c.Joined = []complaints.Task{}, []complaints.Joined{}
	for _, e := range c.Events {
		more = more || e.Type == complaints.TaskEvent || e.Type == complaints.JoinEvent
	}
	if more {
		err = readHappened(ctx, c, map[complaints.EventType]partReader{
			complaints.TaskEvent: t.readTasks, complaints.JoinEvent: t.readJoined,
		})
	}
	if err != nil || into == "" {
		return more, err
	}
	return true, t.get(ctx, &c.Into, `SELECT ticket FROM complaint WHERE regency_code = ? AND id = ?`, t.db.regency, into)
}

type partReader func(context.Context, *complaints.Complaint) error

// readHappened reads the parts of those events that the case has.
func readHappened(ctx context.Context, c *complaints.Complaint, readers map[complaints.EventType]partReader) error {
	for _, e := range c.Events {
		read := readers[e.Type]
		if read == nil {
			continue
		}
		delete(readers, e.Type)
		err := read(ctx, c)
		if err != nil {
			return err
		}
	}
	return nil
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
