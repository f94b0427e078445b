package storage

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"layak/internal/jobs"
)

var _ jobs.Queue = (*DB)(nil)

const jobColumns = `id, kind, job_key, payload, run_at, attempts, last_error, created_at`

type jobRow struct {
	ID        string `db:"id"`
	Kind      string `db:"kind"`
	Key       string `db:"job_key"`
	Payload   []byte `db:"payload"`
	RunAt     stamp  `db:"run_at"`
	Attempts  int    `db:"attempts"`
	LastError string `db:"last_error"`
	CreatedAt stamp  `db:"created_at"`
}

func (r jobRow) job() jobs.Job {
	return jobs.Job{
		ID: r.ID, Kind: r.Kind, Key: r.Key, Payload: r.Payload, RunAt: r.RunAt.time(), Attempts: r.Attempts,
		LastError: r.LastError, CreatedAt: r.CreatedAt.time(),
	}
}

// AddJob implements jobs.Queue.
func (db *DB) AddJob(ctx context.Context, j jobs.Job) error {
	return db.write(ctx, func(t *tx) error { return t.addJob(ctx, j) })
}

// addJob adds a job in the transaction of what asks for it, so that neither is there without the other.
func (t *tx) addJob(ctx context.Context, j jobs.Job) error {
	if j.ID == "" {
		j.ID = newID()
	}
	if j.CreatedAt.IsZero() {
		j.CreatedAt = t.now
	}
	if j.RunAt.IsZero() {
		j.RunAt = t.now
	}
	if j.Payload == nil {
		j.Payload = []byte{}
	}
	_, err := t.exec(ctx, `INSERT INTO job (regency_code, `+jobColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (regency_code, kind, job_key) WHERE lease_until IS NULL AND buried_at IS NULL DO UPDATE
		SET run_at = CASE WHEN excluded.run_at < job.run_at THEN excluded.run_at ELSE job.run_at END`,
		t.db.regency, j.ID, j.Kind, j.Key, j.Payload, at(j.RunAt), j.Attempts, j.LastError, at(j.CreatedAt))
	return err
}

// dueJob finds the job that is due longest.
const dueJob = `SELECT id FROM job WHERE regency_code = ? AND buried_at IS NULL AND run_at <= ?
	AND (lease_until IS NULL OR lease_until < ?) AND kind IN (?) ORDER BY run_at, id LIMIT 1`

// ClaimJob implements jobs.Queue. An empty queue is seen without a write.
func (db *DB) ClaimJob(ctx context.Context, kinds []string, now, until time.Time) (jobs.Job, bool, error) {
	if len(kinds) == 0 {
		return jobs.Job{}, false, nil
	}
	due, args, err := inList(dueJob, db.regency, at(now), at(now), kinds)
	if err != nil {
		return jobs.Job{}, false, err
	}
	var id string
	err = db.reads().get(ctx, &id, due, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return jobs.Job{}, false, nil
	}
	if err != nil {
		return jobs.Job{}, false, err
	}
	var row jobRow
	err = db.write(ctx, func(t *tx) error {
		return t.get(ctx, &row, `UPDATE job SET lease_until = ?, attempts = attempts + 1
			WHERE regency_code = ? AND id = (`+due+db.dialect.skipLocked()+`) RETURNING `+jobColumns,
			append([]any{at(until), db.regency}, args...)...)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return jobs.Job{}, false, nil // another was faster
	}
	return row.job(), err == nil, err
}

// mine names the claim of a job; somebody who claimed it later has another number of attempts.
const mine = ` WHERE regency_code = ? AND id = ? AND attempts = ? AND lease_until IS NOT NULL`

// ExtendJob implements jobs.Queue.
func (db *DB) ExtendJob(ctx context.Context, j jobs.Job, until time.Time) (bool, error) {
	var n int64
	err := db.write(ctx, func(t *tx) (err error) {
		n, err = t.exec(ctx, `UPDATE job SET lease_until = ?`+mine, at(until), db.regency, j.ID, j.Attempts)
		return err
	})
	return n > 0, err
}

// FinishJob implements jobs.Queue.
func (db *DB) FinishJob(ctx context.Context, j jobs.Job) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM job`+mine, db.regency, j.ID, j.Attempts)
		return err
	})
}

// RetryJob implements jobs.Queue.
func (db *DB) RetryJob(ctx context.Context, j jobs.Job, lastError string, runAt time.Time) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `DELETE FROM job`+mine, db.regency, j.ID, j.Attempts)
		if err != nil || n == 0 {
			return err
		}
		j.LastError, j.RunAt = lastError, runAt
		return t.addJob(ctx, j)
	})
}

// BuryJob implements jobs.Queue.
func (db *DB) BuryJob(ctx context.Context, j jobs.Job, lastError string, buried time.Time) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `UPDATE job SET lease_until = NULL, buried_at = ?, last_error = ?`+mine,
			at(buried), lastError, db.regency, j.ID, j.Attempts)
		return err
	})
}

// JobCounts tells how much stands in the queue.
func (db *DB) JobCounts(ctx context.Context) (jobs.Counts, error) {
	var row struct {
		Waiting int    `db:"waiting"`
		Running int    `db:"running"`
		Buried  int    `db:"buried"`
		Oldest  *stamp `db:"oldest"`
	}
	now := at(db.now())
	err := db.reads().get(ctx, &row, `SELECT
			COUNT(CASE WHEN buried_at IS NULL AND (lease_until IS NULL OR lease_until < ?) THEN 1 END) AS waiting,
			COUNT(CASE WHEN buried_at IS NULL AND lease_until >= ? THEN 1 END) AS running,
			COUNT(buried_at) AS buried,
			MIN(CASE WHEN buried_at IS NULL AND lease_until IS NULL AND run_at <= ? THEN run_at END) AS oldest
		FROM job WHERE regency_code = ?`, now, now, now, db.regency)
	c := jobs.Counts{Waiting: row.Waiting, Running: row.Running, Buried: row.Buried}
	if t := row.Oldest.timeOrNil(); t != nil {
		c.Oldest = *t
	}
	return c, err
}
