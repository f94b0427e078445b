package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"layak/eligibility"
	"layak/eligibility/impact"
	"layak/internal/audit"
	"layak/internal/fault"
)

var _ impact.Store = (*DB)(nil)

const impactColumns = `id, kind, base, draft, state, stage, done, total, started_at, started_by, beat_at, finished_at, message, service_on`

type impactRow struct {
	ID         string `db:"id"`
	Kind       string `db:"kind"`
	Base       string `db:"base"`
	Draft      string `db:"draft"`
	State      string `db:"state"`
	Stage      string `db:"stage"`
	Done       int    `db:"done"`
	Total      int    `db:"total"`
	StartedAt  stamp  `db:"started_at"`
	StartedBy  string `db:"started_by"`
	BeatAt     stamp  `db:"beat_at"`
	FinishedAt *stamp `db:"finished_at"`
	Message    string `db:"message"`
	ServiceOn  string `db:"service_on"`
	Result     string `db:"result"`
}

// run reads the row; the result of a kind is what its runs store.
func (r *impactRow) run() (impact.Run, error) {
	out := impact.Run{ID: r.ID, Kind: impact.Kind(r.Kind), Base: r.Base, Draft: r.Draft, State: impact.State(r.State),
		Progress:  impact.Progress{Stage: r.Stage, Done: r.Done, Total: r.Total},
		StartedAt: r.StartedAt.time(), StartedBy: r.StartedBy, BeatAt: r.BeatAt.time(), FinishedAt: r.FinishedAt.timeOrNil(),
		Message: r.Message, ServiceOn: r.ServiceOn}
	if r.Result == "" {
		return out, nil
	}
	into := any(&out.Preview)
	switch out.Kind {
	case impact.OfAnswers:
		into = &out.Replay
	case impact.OfComplaints:
		into = &out.Routing
	}
	err := json.Unmarshal([]byte(r.Result), into)
	if err != nil {
		return out, fmt.Errorf("read result of run %s: %w", r.ID, err)
	}
	return out, nil
}

// StartImpact implements impact.Store.
func (db *DB) StartImpact(ctx context.Context, r impact.Run, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO rule_impact (regency_code, `+impactColumns+`, stop, result)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			db.regency, r.ID, string(r.Kind), r.Base, r.Draft, string(r.State), r.Progress.Stage, r.Progress.Done, r.Progress.Total,
			at(r.StartedAt), r.StartedBy, at(r.BeatAt), atOrNull(r.FinishedAt), r.Message, r.ServiceOn, false, "")
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("start run %s: %w", r.ID, err)
	}
	return nil
}

// BeatImpact implements impact.Store.
func (db *DB) BeatImpact(ctx context.Context, id string, p impact.Progress, now time.Time) (bool, error) {
	err := db.writeLightly(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `UPDATE rule_impact SET stage = ?, done = ?, total = ?, beat_at = ?
			WHERE regency_code = ? AND id = ? AND state = ?`,
			p.Stage, p.Done, p.Total, at(now), db.regency, id, string(impact.Running))
		return err
	})
	if err != nil {
		return false, fmt.Errorf("beat of run %s: %w", id, err)
	}
	var stop bool
	err = db.reads().get(ctx, &stop, `SELECT stop FROM rule_impact WHERE regency_code = ? AND id = ?`, db.regency, id)
	if err != nil {
		return false, fmt.Errorf("beat of run %s: %w", id, err)
	}
	return stop, nil
}

// EndImpact implements impact.Store.
func (db *DB) EndImpact(ctx context.Context, r impact.Run, e audit.Entry) error {
	result := ""
	if r.Preview != nil || r.Replay != nil || r.Routing != nil {
		b, err := json.Marshal(r.Preview)
		switch {
		case r.Replay != nil:
			b, err = json.Marshal(r.Replay)
		case r.Routing != nil:
			b, err = json.Marshal(r.Routing)
		}
		if err != nil {
			return fmt.Errorf("encode result of run %s: %w", r.ID, err)
		}
		result = string(b)
	}
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE rule_impact SET state = ?, finished_at = ?, message = ?, result = ?
			WHERE regency_code = ? AND id = ? AND state = ?`,
			string(r.State), atOrNull(r.FinishedAt), r.Message, result, db.regency, r.ID, string(impact.Running))
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Conflict, "impact_ended", "Hitungan ini sudah berakhir.")
		}
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("end run %s: %w", r.ID, err)
	}
	return nil
}

// StopImpact implements impact.Store.
func (db *DB) StopImpact(ctx context.Context, id string, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE rule_impact SET stop = ? WHERE regency_code = ? AND id = ? AND state = ?`,
			true, db.regency, id, string(impact.Running))
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Conflict, "impact_ended", "Hitungan ini sudah berakhir.")
		}
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("stop run %s: %w", id, err)
	}
	return nil
}

var errNoImpact = "Hitungan dampak itu tidak ada."

// Impact implements impact.Store.
func (db *DB) Impact(ctx context.Context, id string) (impact.Run, error) {
	var row impactRow
	err := db.reads().get(ctx, &row, `SELECT `+impactColumns+`, result FROM rule_impact WHERE regency_code = ? AND id = ?`,
		db.regency, id)
	if err != nil {
		return impact.Run{}, missing(err, "impact_not_found", errNoImpact)
	}
	return row.run()
}

// Impacts implements impact.Store.
func (db *DB) Impacts(ctx context.Context, draft string, limit int) ([]impact.Run, error) {
	var rows []impactRow
	err := db.reads().list(ctx, &rows, `SELECT `+impactColumns+`, '' AS result FROM rule_impact
		WHERE regency_code = ? AND (? = '' OR draft = ?) ORDER BY id DESC LIMIT ?`, db.regency, draft, draft, limit)
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	out := make([]impact.Run, len(rows))
	for i := range rows {
		out[i], err = rows[i].run()
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// NewestImpact implements impact.Store.
func (db *DB) NewestImpact(ctx context.Context, kind impact.Kind, draft, base string, days impact.Days) (impact.Run, error) {
	var row impactRow
	err := db.reads().get(ctx, &row, `SELECT `+impactColumns+`, result FROM rule_impact
		WHERE regency_code = ? AND draft = ? AND kind = ? AND (? = '' OR base = ?) AND state IN (?, ?)
		AND service_on >= ? AND (? = '' OR service_on <= ?) ORDER BY id DESC LIMIT 1`,
		db.regency, draft, string(kind), base, base, string(impact.Done), string(impact.Void),
		days.From, days.Until, days.Until)
	if err != nil {
		return impact.Run{}, missing(err, "impact_not_found", errNoImpact)
	}
	return row.run()
}

// answersAtOnce is how many determinations EachDetermination reads with one query.
const answersAtOnce = 500

// EachDetermination implements impact.Store. Ids begin with the time of their making, so that is the
// order of the key.
func (db *DB) EachDetermination(ctx context.Context, since time.Time, yield func([]eligibility.Determination) error) error {
	after := ""
	for {
		var rows []determinationRow
		err := db.reads().list(ctx, &rows, `SELECT `+determinationColumns+` FROM determination
			WHERE regency_code = ? AND id > ? AND decided_at >= ? ORDER BY id LIMIT ?`,
			db.regency, after, at(since), answersAtOnce)
		if err != nil {
			return fmt.Errorf("read determinations since %s: %w", since.Format(time.DateOnly), err)
		}
		if len(rows) == 0 {
			return nil
		}
		part := make([]eligibility.Determination, len(rows))
		for i := range rows {
			part[i] = rows[i].determination()
		}
		err = yield(part)
		if err != nil {
			return err
		}
		after = rows[len(rows)-1].ID
	}
}
