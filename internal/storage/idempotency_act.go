package storage

import (
	"context"
	"database/sql"
	"errors"

	"layak/complaints"
)

// claimAct takes the key of an act; complaints.ErrRepeated when the same act took it before.
func (t *tx) claimAct(ctx context.Context, change complaints.Change) error {
	if change.Key == nil {
		return nil
	}
	first, err := t.claimKey(ctx, *change.Key, change.Complaint.Ticket)
	if err == nil && first != "" {
		return complaints.ErrRepeated
	}
	return err
}

// UsedKey finds what the key of an actor was used for.
func (db *DB) UsedKey(ctx context.Context, k complaints.Key) (fingerprint string, ticket complaints.Ticket, used bool, err error) {
	var kept struct {
		Body   string            `db:"body_hash"`
		Ticket complaints.Ticket `db:"ticket"`
	}
	err = db.reads().get(ctx, &kept, `SELECT body_hash, ticket FROM idempotency WHERE regency_code = ? AND actor = ? AND key = ? AND created_at >= ?`,
		db.regency, k.Actor, k.Key, at(k.Expired))
	if errors.Is(err, sql.ErrNoRows) {
		return "", "", false, nil
	}
	return kept.Body, kept.Ticket, err == nil, err
}
