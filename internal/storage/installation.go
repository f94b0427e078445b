package storage

import (
	"context"
	"database/sql"
	"errors"
)

// The installation is what is known about the database as a whole: when it was made, and whether
// it holds training data.

// setInstallation stores a value unless one is stored already.
func (t *tx) setInstallation(ctx context.Context, name, value string) error {
	_, err := t.exec(ctx, `INSERT INTO installation (regency_code, name, value) VALUES (?, ?, ?)
		ON CONFLICT (regency_code, name) DO NOTHING`, t.db.regency, name, value)
	return err
}

// Stamp marks the database as training data for good.
func (db *DB) Stamp(ctx context.Context) error {
	return db.write(ctx, func(t *tx) error { return t.setInstallation(ctx, "demo", "yes") })
}

// Stamped tells whether the database holds training data.
func (db *DB) Stamped(ctx context.Context) (bool, error) {
	var v string
	err := db.reads().get(ctx, &v, `SELECT value FROM installation WHERE regency_code = ? AND name = ?`, db.regency, "demo")
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return v == "yes", err
}

// Filled tells whether anybody ever did anything in the database: every write leaves a trail.
func (db *DB) Filled(ctx context.Context) (bool, error) {
	var n int
	err := db.reads().get(ctx, &n, `SELECT COUNT(*) FROM
		(SELECT 1 AS one FROM audit_entry WHERE regency_code = ? LIMIT 1) AS any_entry`, db.regency)
	return n > 0, err
}
