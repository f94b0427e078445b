package storage

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"layak/complaints"
	"layak/complaints/numbers"
	"layak/policy"
)

// NumberSources keeps numbers.Store. It reads of each case only what is counted, all of one part as
// of one moment, so that the number of the last event belongs to the events that were read.
func (db *DB) NumberSources(ctx context.Context, ids []string) ([]numbers.Source, error) {
	var all []numbers.Source
	for part := range slices.Chunk(ids, idsPerQuery) {
		err := db.read(ctx, func(t *tx) error {
			sources, err := t.numberSources(ctx, part)
			all = append(all, sources...)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// clockRow is what counting reads of a stored clock.
type clockRow struct {
	Kind      complaints.ClockKind `json:"kind"`
	DueAt     time.Time            `json:"due_at"`
	WarnAt    time.Time            `json:"warn_at"`
	Paused    bool                 `json:"paused"`
	StoppedAt *time.Time           `json:"stopped_at"`
}

func (t *tx) numberSources(ctx context.Context, ids []string) ([]numbers.Source, error) {
	args := t.db.withIDs(ids)
	in := ` IN (` + marks(idsPerQuery) + `)`
	sources := make([]numbers.Source, 0, len(ids))
	// The first patient says where a case plays, when he does.
	err := t.each(ctx, func(rows *sqlx.Rows) error {
		var s numbers.Source
		var filed stamp
		var clocks jsonText[[]clockRow]
		c := &s.Complaint
		err := rows.Scan(&c.ID, &c.Ticket, &s.LastSeq, &c.State, &c.Channel, &c.Matter, &c.Unit, &c.Village, &c.Class, &c.Priority,
			&c.Element, &c.Rating, &filed, &clocks)
		c.FiledAt = filed.time()
		c.Clocks = make([]complaints.Clock, len(clocks.V))
		for i, k := range clocks.V {
			c.Clocks[i] = complaints.Clock{Kind: k.Kind, DueAt: k.DueAt, WarnAt: k.WarnAt, Paused: k.Paused, StoppedAt: k.StoppedAt}
		}
		sources = append(sources, s)
		return err
	}, `SELECT c.id, c.ticket, c.last_seq, c.state, c.channel, c.matter, c.unit,
			COALESCE(NULLIF(p.village, ''), c.village) AS village, c.class, c.priority, c.element, c.rating, c.filed_at, c.clocks
		FROM complaint c
		LEFT JOIN complaint_patient p ON p.regency_code = c.regency_code AND p.complaint_id = c.id AND p.no = 1
		WHERE c.regency_code = ? AND c.id`+in, args...)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*numbers.Source, len(sources))
	for i := range sources {
		byID[sources[i].Complaint.ID] = &sources[i]
	}
	for _, read := range []func(context.Context, string, []any, map[string]*numbers.Source) error{
		t.numberEvents, t.numberChecks, t.numberDecisions,
	} {
		err = read(ctx, in, args, byID)
		if err != nil {
			return nil, err
		}
	}
	return sources, nil
}

// numberEvents reads the events that move a case, and those by which the citizen hears from the
// office: most of the others count for nothing.
func (t *tx) numberEvents(ctx context.Context, in string, args []any, byID map[string]*numbers.Source) error {
	return t.each(ctx, func(rows *sqlx.Rows) error {
		var id string
		var e complaints.Event
		var moment stamp
		err := rows.Scan(&id, &e.Type, &moment, &e.To)
		if s := byID[id]; s != nil {
			e.At = moment.time()
			s.Complaint.Events = append(s.Complaint.Events, e)
		}
		return err
	}, `SELECT complaint_id, type, at, to_state FROM complaint_event
		WHERE regency_code = ? AND complaint_id`+in+` AND (from_state <> to_state OR type IN ('`+strings.Join(numbers.EventTypes(), `', '`)+`'))
		ORDER BY complaint_id, seq`, args...)
}

// numberChecks reads the checks, and of each what was not met. A decision is long, and few hold
// something that was not met.
func (t *tx) numberChecks(ctx context.Context, in string, args []any, byID map[string]*numbers.Source) error {
	return t.each(ctx, func(rows *sqlx.Rows) error {
		var id string
		var k complaints.Check
		var decision sql.RawBytes
		err := rows.Scan(&id, &k.Determination, &k.Patient, &k.Outcome, &decision)
		s := byID[id]
		if err != nil || s == nil {
			return err
		}
		s.Complaint.Checks = append(s.Complaint.Checks, k)
		if !bytes.Contains(decision, []byte(policy.NotMet)) {
			return nil
		}
		var d struct {
			Findings []struct {
				Code    string         `json:"code"`
				Verdict policy.Verdict `json:"verdict"`
			} `json:"findings"`
		}
		err = json.Unmarshal(decision, &d)
		for _, f := range d.Findings {
			if f.Verdict == policy.NotMet && !slices.Contains(s.Failing[k.Determination], f.Code) {
				if s.Failing == nil {
					s.Failing = map[string][]string{}
				}
				s.Failing[k.Determination] = append(s.Failing[k.Determination], f.Code)
			}
		}
		return err
	}, `SELECT k.complaint_id, k.determination_id, k.patient, k.outcome, d.decision FROM complaint_check k
		LEFT JOIN determination d ON d.regency_code = k.regency_code AND d.id = k.determination_id
		WHERE k.regency_code = ? AND k.complaint_id`+in+` ORDER BY k.complaint_id, k.event_seq`, args...)
}

func (t *tx) numberDecisions(ctx context.Context, in string, args []any, byID map[string]*numbers.Source) error {
	return t.each(ctx, func(rows *sqlx.Rows) error {
		var id string
		var r complaints.Resolution
		err := rows.Scan(&id, &r.Decision)
		if s := byID[id]; s != nil {
			s.Complaint.Resolutions = append(s.Complaint.Resolutions, r)
		}
		return err
	}, `SELECT complaint_id, decision FROM complaint_resolution
		WHERE regency_code = ? AND complaint_id`+in+` ORDER BY complaint_id, decided_at, id`, args...)
}
