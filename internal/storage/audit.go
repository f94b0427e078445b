package storage

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"layak/internal/audit"
)

// record writes the trail entry of what the transaction does, unsealed. If it cannot be written,
// the act does not happen.
func (t *tx) record(ctx context.Context, e audit.Entry) error {
	if e.ID == "" {
		e.ID = newID()
	}
	if e.At.IsZero() {
		e.At = t.now
	}
	sum := sha256.Sum256(e.Payload)
	_, err := t.exec(ctx, `INSERT INTO audit_entry
		(regency_code, id, at, actor, act, object, object_id, person_hash, purpose, payload_hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.db.regency, e.ID, at(e.At), e.Actor, e.Act, e.Object, e.ObjectID, t.db.personHash(e.Person),
		e.Purpose, hex.EncodeToString(sum[:]))
	return err
}

// personHash stands for a person in the trail; "" for nobody.
func (db *DB) personHash(nik string) string {
	if nik == "" {
		return ""
	}
	h := hmac.New(sha256.New, db.key)
	h.Write([]byte(nik))
	return hex.EncodeToString(h.Sum(nil))
}
