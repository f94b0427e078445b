package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"layak/complaints/recheck"
	"layak/eligibility"
	"layak/internal/audit"
)

var _ recheck.Store = (*DB)(nil)

// recheckLock is the name of the lock of the one runner of a regency.
const recheckLock = "recheck"

// RecheckMark implements recheck.Store.
func (db *DB) RecheckMark(ctx context.Context) (recheck.Mark, error) {
	var mark recheck.Mark
	err := db.reads().get(ctx, &mark.Registry, `SELECT COALESCE(MAX(CASE WHEN visible_until < ? THEN visible_until ELSE visible_from END), 0)
		FROM registry_import WHERE regency_code = ? AND visible_from < ?`, forever, db.regency, forever)
	if err != nil {
		return mark, fmt.Errorf("read revision of the registry: %w", err)
	}
	err = db.reads().get(ctx, &mark.Revision, `SELECT hash FROM policy_revision WHERE regency_code = ? AND status = 'active'`, db.regency)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return mark, err
}

// ImportAt implements recheck.Store.
func (db *DB) ImportAt(ctx context.Context, revision int64) (recheck.Imported, bool, error) {
	var row struct {
		Kind  string `db:"kind"`
		AsOf  string `db:"as_of"`
		Until int64  `db:"visible_until"`
	}
	err := db.reads().get(ctx, &row, `SELECT kind, as_of, visible_until FROM registry_import
		WHERE regency_code = ? AND (visible_from = ? OR visible_until = ?) ORDER BY seq DESC LIMIT 1`, db.regency, revision, revision)
	if errors.Is(err, sql.ErrNoRows) {
		return recheck.Imported{}, false, nil
	}
	return recheck.Imported{Kind: eligibility.Kind(row.Kind), AsOf: eligibility.Date(row.AsOf), RolledBack: row.Until == revision}, err == nil, err
}

// LockRechecks implements recheck.Store.
func (db *DB) LockRechecks(ctx context.Context) (func(), bool, error) {
	return db.tryLock(ctx, recheckLock)
}

const runColumns = `id, reason, registry_rev, revision, started_at, beat_at, finished_at, superseded, position, total, checked, changed, failed`

type runRow struct {
	ID         string `db:"id"`
	Reason     string `db:"reason"`
	Registry   int64  `db:"registry_rev"`
	Revision   string `db:"revision"`
	StartedAt  stamp  `db:"started_at"`
	BeatAt     stamp  `db:"beat_at"`
	FinishedAt *stamp `db:"finished_at"`
	Superseded bool   `db:"superseded"`
	Position   string `db:"position"`
	Total      int    `db:"total"`
	Checked    int    `db:"checked"`
	Changed    int    `db:"changed"`
	Failed     int    `db:"failed"`
}

// positionText is the stage and the key with a colon between.
func positionText(p recheck.Position) string { return strconv.Itoa(p.Stage) + ":" + p.After }

func readPosition(text string) (recheck.Position, error) {
	stage, after, _ := strings.Cut(text, ":")
	n, err := strconv.Atoi(stage)
	return recheck.Position{Stage: n, After: after}, err
}

// LastRun implements recheck.Store.
func (db *DB) LastRun(ctx context.Context) (recheck.Run, bool, error) {
	var r runRow
	err := db.reads().get(ctx, &r, `SELECT `+runColumns+` FROM recheck_run WHERE regency_code = ? ORDER BY id DESC LIMIT 1`, db.regency)
	if errors.Is(err, sql.ErrNoRows) {
		return recheck.Run{}, false, nil
	}
	if err != nil {
		return recheck.Run{}, false, fmt.Errorf("read newest run: %w", err)
	}
	p, err := readPosition(r.Position)
	if err != nil {
		return recheck.Run{}, false, fmt.Errorf("read position of run %s: %w", r.ID, err)
	}
	return recheck.Run{
		ID: r.ID, Reason: r.Reason, Mark: recheck.Mark{Registry: r.Registry, Revision: r.Revision}, StartedAt: r.StartedAt.time(),
		BeatAt: r.BeatAt.time(), FinishedAt: r.FinishedAt.timeOrNil(), Superseded: r.Superseded, Position: p,
		Total: r.Total, Checked: r.Checked, Changed: r.Changed, Failed: r.Failed,
	}, true, nil
}

// StartRun implements recheck.Store.
func (db *DB) StartRun(ctx context.Context, r recheck.Run, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO recheck_run (regency_code, `+runColumns+`)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			db.regency, r.ID, r.Reason, r.Mark.Registry, r.Mark.Revision, at(r.StartedAt), at(r.BeatAt), atOrNull(r.FinishedAt),
			r.Superseded, positionText(r.Position), r.Total, r.Checked, r.Changed, r.Failed)
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

// EndRun implements recheck.Store.
func (db *DB) EndRun(ctx context.Context, r recheck.Run, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		err := t.updateRun(ctx, r)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("end run %s: %w", r.ID, err)
	}
	return nil
}

func (t *tx) updateRun(ctx context.Context, r recheck.Run) error {
	_, err := t.exec(ctx, `UPDATE recheck_run SET beat_at = ?, finished_at = ?, superseded = ?, position = ?, checked = ?, changed = ?, failed = ?
		WHERE regency_code = ? AND id = ?`,
		at(r.BeatAt), atOrNull(r.FinishedAt), r.Superseded, positionText(r.Position), r.Checked, r.Changed, r.Failed, t.db.regency, r.ID)
	return err
}

// SaveBatch implements recheck.Store.
func (db *DB) SaveBatch(ctx context.Context, r recheck.Run, found []recheck.Found) error {
	err := db.write(ctx, func(t *tx) error {
		err := t.saveFound(ctx, found)
		if err != nil {
			return err
		}
		return t.updateRun(ctx, r)
	})
	if err != nil {
		return fmt.Errorf("save batch of run %s: %w", r.ID, err)
	}
	return nil
}

// saveFound stores the new determinations with their entries and items, each kind in few statements.
func (t *tx) saveFound(ctx context.Context, found []recheck.Found) error {
	var made, entries, items [][]any
	for _, f := range found {
		made = append(made, t.db.determinationValues(f.Determination))
		entry, err := t.db.entryInsert(f.Entry, t.now)
		if err != nil {
			return err
		}
		entries = append(entries, entry.args)
		items = append(items, t.itemValues(f.Item))
	}
	if len(found) == 0 {
		return nil
	}
	err := t.db.dialect.bulk(ctx, t, "determination", determinationInserted, made)
	if err != nil {
		return err
	}
	err = t.db.dialect.bulk(ctx, t, "audit_entry", entryColumns, entries)
	if err != nil {
		return err
	}
	t.db.trail.unsealed.Store(true)
	for len(items) > 0 {
		n := differentPeople(items[:min(len(items), rowsPerInsert)])
		_, err = t.exec(ctx, itemsUpsert(n), slices.Concat(items[:n]...)...)
		if err != nil {
			return err
		}
		items = items[n:]
	}
	return nil
}

// columns of an item as they are inserted, and where person and need stand among them.
const (
	itemInserted = `regency_code, id, run_id, person, nik, name, need, old_determination, new_determination,
		outcome_from, outcome_to, why, causes, complaint_id, patient, unit, asked_by, village, district, regency,
		old_decided_at, listed_at, status, done_at, done_by, note`
	itemPerson, itemNeed = 3, 6
)

func (t *tx) itemValues(it recheck.Item) []any {
	return []any{t.db.regency, it.ID, it.RunID, it.Person, string(it.NIK), it.Name, it.Need, it.Old, it.New,
		string(it.From), string(it.To), it.Why, strings.Join(it.Causes, " "), it.Complaint, it.Patient, it.Unit, it.AskedBy,
		string(it.Village), string(it.District), string(it.Regency), at(it.OldAt), at(it.ListedAt)}
}

// differentPeople is how many items from the first on are of different people or needs: one statement
// cannot put the same item on the list and change it.
func differentPeople(items [][]any) int {
	seen := map[[2]any]bool{}
	for i, it := range items {
		key := [2]any{it[itemPerson], it[itemNeed]}
		if seen[key] {
			return i
		}
		seen[key] = true
	}
	return len(items)
}

// itemsUpsert puts n people on the list. Whoever is on it already keeps his item.
func itemsUpsert(n int) string {
	const one = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', NULL, '', '')`
	return `INSERT INTO recheck_item (` + itemInserted + `) VALUES ` + one + strings.Repeat(`, `+one, n-1) + `
		ON CONFLICT (regency_code, person, need) WHERE status = 'open' DO UPDATE
		SET run_id = excluded.run_id, name = excluded.name, new_determination = excluded.new_determination,
			outcome_to = excluded.outcome_to, why = excluded.why, causes = excluded.causes,
			village = excluded.village, district = excluded.district, regency = excluded.regency,
			status = CASE WHEN recheck_item.outcome_from = excluded.outcome_to THEN 'void' ELSE 'open' END,
			done_at = CASE WHEN recheck_item.outcome_from = excluded.outcome_to THEN excluded.listed_at ELSE NULL END,
			done_by = CASE WHEN recheck_item.outcome_from = excluded.outcome_to THEN 'system' ELSE '' END`
}
