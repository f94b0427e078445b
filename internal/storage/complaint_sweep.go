package storage

import (
	"context"
	"time"

	"layak/complaints"
)

// DueCases gives the tickets of cases that the sweep of the clocks has to look at: first those that
// no unit has, then those that have waited longest.
func (db *DB) DueCases(ctx context.Context, now time.Time, limit int) ([]complaints.Ticket, error) {
	var tickets []complaints.Ticket
	err := db.reads().list(ctx, &tickets, `SELECT ticket FROM complaint
		WHERE regency_code = ? AND look_at IS NOT NULL AND look_at <= ?
		ORDER BY CASE WHEN unit = '' THEN 0 ELSE 1 END, look_at, id LIMIT ?`, db.regency, at(now), limit)
	return tickets, err
}

// LookAgain notes when the case has to be looked at next. It is no act: the version stays, and a case
// that somebody changed meanwhile has its moment from that act.
func (db *DB) LookAgain(ctx context.Context, id string, version int, next *time.Time) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `UPDATE complaint SET look_at = ? WHERE regency_code = ? AND id = ? AND version = ?`,
			atOrNull(next), db.regency, id, version)
		return err
	})
}
