package storage

import (
	"context"
	"slices"

	"layak/complaints"
	"layak/complaints/numbers"
	"layak/internal/area"
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

type sourceRow struct {
	ID       string                       `db:"id"`
	Ticket   complaints.Ticket            `db:"ticket"`
	LastSeq  int                          `db:"last_seq"`
	State    complaints.State             `db:"state"`
	Channel  string                       `db:"channel"`
	Matter   string                       `db:"matter"`
	Unit     string                       `db:"unit"`
	Village  area.Code                    `db:"village"`
	Class    string                       `db:"class"`
	Priority string                       `db:"priority"`
	Element  string                       `db:"element"`
	Rating   int                          `db:"rating"`
	FiledAt  stamp                        `db:"filed_at"`
	Clocks   jsonText[[]complaints.Clock] `db:"clocks"`
}

func (t *tx) numberSources(ctx context.Context, ids []string) ([]numbers.Source, error) {
	args := t.db.withIDs(ids)
	in := ` IN (` + marks(idsPerQuery) + `)`
	var rows []sourceRow
	// The first patient says where a case plays, when he does.
	err := t.list(ctx, &rows, `SELECT c.id, c.ticket, c.last_seq, c.state, c.channel, c.matter, c.unit,
			COALESCE(NULLIF(p.village, ''), c.village) AS village, c.class, c.priority, c.element, c.rating, c.filed_at, c.clocks
		FROM complaint c
		LEFT JOIN complaint_patient p ON p.regency_code = c.regency_code AND p.complaint_id = c.id AND p.no = 1
		WHERE c.regency_code = ? AND c.id`+in, args...)
	if err != nil {
		return nil, err
	}
	sources := make([]numbers.Source, len(rows))
	byID := make(map[string]*numbers.Source, len(rows))
	for i, r := range rows {
		sources[i] = numbers.Source{LastSeq: r.LastSeq, Failing: map[string][]string{}, Complaint: complaints.Complaint{
			ID: r.ID, Ticket: r.Ticket, State: r.State, Channel: r.Channel, Matter: r.Matter, Unit: r.Unit, Village: r.Village,
			Class: r.Class, Priority: r.Priority, Element: r.Element, Rating: r.Rating, FiledAt: r.FiledAt.time(), Clocks: r.Clocks.V}}
		byID[r.ID] = &sources[i]
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

func (t *tx) numberEvents(ctx context.Context, in string, args []any, byID map[string]*numbers.Source) error {
	var rows []struct {
		Case string               `db:"complaint_id"`
		Type complaints.EventType `db:"type"`
		At   stamp                `db:"at"`
		To   complaints.State     `db:"to_state"`
	}
	err := t.list(ctx, &rows, `SELECT complaint_id, type, at, to_state FROM complaint_event
		WHERE regency_code = ? AND complaint_id`+in+` ORDER BY complaint_id, seq`, args...)
	for _, r := range rows {
		if s := byID[r.Case]; s != nil {
			s.Complaint.Events = append(s.Complaint.Events, complaints.Event{Type: r.Type, At: r.At.time(), To: r.To})
		}
	}
	return err
}

func (t *tx) numberChecks(ctx context.Context, in string, args []any, byID map[string]*numbers.Source) error {
	var rows []struct {
		Case          string                     `db:"complaint_id"`
		Determination string                     `db:"determination_id"`
		Patient       int                        `db:"patient"`
		Outcome       policy.Outcome             `db:"outcome"`
		Decision      *jsonText[policy.Decision] `db:"decision"`
	}
	err := t.list(ctx, &rows, `SELECT k.complaint_id, k.determination_id, k.patient, k.outcome, d.decision FROM complaint_check k
		LEFT JOIN determination d ON d.regency_code = k.regency_code AND d.id = k.determination_id
		WHERE k.regency_code = ? AND k.complaint_id`+in+` ORDER BY k.complaint_id, k.event_seq`, args...)
	for _, r := range rows {
		s := byID[r.Case]
		if s == nil {
			continue
		}
		s.Complaint.Checks = append(s.Complaint.Checks, complaints.Check{Determination: r.Determination, Patient: r.Patient, Outcome: r.Outcome})
		if r.Decision == nil {
			continue
		}
		for _, f := range r.Decision.V.Findings {
			if f.Verdict == policy.NotMet && !slices.Contains(s.Failing[r.Determination], f.Code) {
				s.Failing[r.Determination] = append(s.Failing[r.Determination], f.Code)
			}
		}
	}
	return err
}

func (t *tx) numberDecisions(ctx context.Context, in string, args []any, byID map[string]*numbers.Source) error {
	var rows []struct {
		Case     string              `db:"complaint_id"`
		Decision complaints.Decision `db:"decision"`
	}
	err := t.list(ctx, &rows, `SELECT complaint_id, decision FROM complaint_resolution
		WHERE regency_code = ? AND complaint_id`+in+` ORDER BY complaint_id, decided_at, id`, args...)
	for _, r := range rows {
		if s := byID[r.Case]; s != nil {
			s.Complaint.Resolutions = append(s.Complaint.Resolutions, complaints.Resolution{Decision: r.Decision})
		}
	}
	return err
}
