package storage

import (
	"context"
	"time"

	"layak/complaints"
)

// claimKey takes an idempotency key for a ticket. When the key is taken it gives the ticket of
// then, or refuses because the content was another. A second request with the same key waits in
// the INSERT until the first one is committed or gone. A key that expired is free.
func (t *tx) claimKey(ctx context.Context, k complaints.Key, ticket complaints.Ticket) (first complaints.Ticket, err error) {
	n, err := t.must(ctx, `INSERT INTO idempotency (regency_code, actor, key, body_hash, ticket, created_at)
		VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (regency_code, actor, key) DO UPDATE
		SET body_hash = excluded.body_hash, ticket = excluded.ticket, created_at = excluded.created_at
		WHERE idempotency.created_at < ?`,
		t.db.regency, k.Actor, k.Key, k.Fingerprint, ticket, at(k.At), at(k.Expired))
	if err != nil || n == 1 {
		return "", err
	}
	var kept struct {
		Body   string            `db:"body_hash"`
		Ticket complaints.Ticket `db:"ticket"`
	}
	err = t.get(ctx, &kept, `SELECT body_hash, ticket FROM idempotency WHERE regency_code = ? AND actor = ? AND key = ?`,
		t.db.regency, k.Actor, k.Key)
	if err != nil {
		return "", err
	}
	if kept.Body != k.Fingerprint {
		return "", errOtherBody
	}
	return kept.Ticket, nil
}

// ForgetKeys drops keys kept before the moment and says how many.
func (db *DB) ForgetKeys(ctx context.Context, before time.Time) (int, error) {
	var n int64
	err := db.write(ctx, func(tx *tx) error {
		var err error
		n, err = tx.exec(ctx, `DELETE FROM idempotency WHERE regency_code = ? AND created_at < ?`, db.regency, at(before))
		return err
	})
	return int(n), err
}
