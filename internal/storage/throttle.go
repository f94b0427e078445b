package storage

import (
	"context"
	"slices"
	"time"

	"layak/internal/audit"
	"layak/internal/auth"
)

type throttleRow struct {
	Name     string `db:"name"`
	Failures int    `db:"failures"`
	LastAt   stamp  `db:"last_at"`
	UntilAt  stamp  `db:"until_at"`
}

// How long a counter is kept at most: longer than it is looked at. A guesser leaves one per name
// he tried, so those go soon; where somebody has signed in from is remembered for weeks.
const (
	throttleKept = 24 * time.Hour
	knownKept    = 60 * 24 * time.Hour
)

// Throttle keeps auth.Store. Every key is first written, which locks its row, in one order for all
// callers, so that two on the same keys wait for each other and never block each other.
func (db *DB) Throttle(ctx context.Context, keys []string, fn func(map[string]auth.Attempts) map[string]auth.Attempts, entries ...audit.Entry) error {
	keys = slices.Sorted(slices.Values(keys))
	return db.write(ctx, func(t *tx) error {
		now := map[string]auth.Attempts{}
		for _, k := range keys {
			var r throttleRow
			err := t.get(ctx, &r, `INSERT INTO throttle (regency_code, name, failures, last_at, until_at) VALUES (?, ?, 0, ?, ?)
				ON CONFLICT (regency_code, name) DO UPDATE SET name = excluded.name
				RETURNING name, failures, last_at, until_at`, db.regency, k, stamp{}, stamp{})
			if err != nil {
				return err
			}
			now[k] = auth.Attempts{Failures: r.Failures, LastAt: zeroTime(r.LastAt), Until: zeroTime(r.UntilAt)}
		}
		err := t.storeAttempts(ctx, keys, now, fn(now))
		if err != nil {
			return err
		}
		for _, e := range entries {
			err = t.record(ctx, e)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// storeAttempts writes the counters that fn returned and takes away those that nobody needs.
func (t *tx) storeAttempts(ctx context.Context, keys []string, was, next map[string]auth.Attempts) error {
	for _, k := range keys {
		a, changed := next[k]
		if !changed {
			a = was[k]
		}
		var err error
		switch {
		case a == (auth.Attempts{}):
			_, err = t.exec(ctx, `DELETE FROM throttle WHERE regency_code = ? AND name = ?`, t.db.regency, k)
		case changed:
			_, err = t.exec(ctx, `UPDATE throttle SET failures = ?, last_at = ?, until_at = ? WHERE regency_code = ? AND name = ?`,
				a.Failures, at(a.LastAt), at(a.Until), t.db.regency, k)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// zeroTime reads back the zero time as the zero value, whatever zone the engine names it in.
func zeroTime(s stamp) time.Time {
	t := s.time()
	if t.Year() <= 1 {
		return time.Time{}
	}
	return t
}

// SweepAccounts deletes expired sessions and counters that are no longer looked at, and tells how
// many rows that were. Neither is a record of anything.
func (db *DB) SweepAccounts(ctx context.Context) (int64, error) {
	var swept int64
	err := db.write(ctx, func(t *tx) error {
		sessions, err := t.exec(ctx, `DELETE FROM session WHERE regency_code = ? AND expires_at <= ?`, db.regency, at(t.now))
		if err != nil {
			return err
		}
		counters, err := t.exec(ctx, `DELETE FROM throttle WHERE regency_code = ? AND last_at < ?
			AND (name < 'known:' OR name > 'known;' OR last_at < ?)`, // the semicolon follows the colon
			db.regency, at(t.now.Add(-throttleKept)), at(t.now.Add(-knownKept)))
		swept = sessions + counters
		return err
	})
	return swept, err
}
