package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"layak/eligibility"
	"layak/eligibility/snapshot"
	"layak/internal/audit"
)

var _ snapshot.Store = (*DB)(nil)

var snapshotChunks = chunks{"registry_snapshot_chunk", "snapshot_id"}

// snapshotLock is the name of the lock under which a regency makes a snapshot of its registry.
const snapshotLock = "snapshot"

// RegistryRevision implements snapshot.Source.
func (db *DB) RegistryRevision(ctx context.Context) (int64, error) {
	_, v, err := db.current().pin(ctx)
	return v.rev, err
}

// RegistryOf implements snapshot.Source.
func (db *DB) RegistryOf(revision int64) eligibility.Crowd {
	return registryView{db: db, rev: revision}
}

// LockSnapshot implements snapshot.Store.
func (db *DB) LockSnapshot(ctx context.Context) (func(), error) {
	return db.lock(ctx, snapshotLock, nil)
}

// SaveSnapshot implements snapshot.Store. Each part is a transaction of its own; nobody finds them
// before the last one, with the head and the entry, is there.
func (db *DB) SaveSnapshot(ctx context.Context, h snapshot.Head, next func() ([]byte, error), e audit.Entry) error {
	h.ID = newID()
	for no := 0; ; no++ {
		part, err := next()
		if err != nil {
			return fmt.Errorf("save snapshot: %w", err)
		}
		if len(part) == 0 {
			break
		}
		h.Bytes += int64(len(part))
		err = db.writeLightly(ctx, func(t *tx) error { return snapshotChunks.add(ctx, t, h.ID, no, part) })
		if err != nil {
			return fmt.Errorf("save snapshot: %w", err)
		}
	}
	e.ObjectID = h.ID
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM registry_snapshot WHERE regency_code = ?`, db.regency)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO registry_snapshot (regency_code, id, revision, people, bytes, made_at, seconds)
			VALUES (?, ?, ?, ?, ?, ?, ?)`, db.regency, h.ID, h.Revision, h.Rows, h.Bytes, at(h.MadeAt), h.Seconds)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("save snapshot: %w", err)
	}
	return db.sweepSnapshots(ctx, h.ID)
}

// sweepSnapshots deletes the parts of every snapshot but one, also those that a dead process left.
func (db *DB) sweepSnapshots(ctx context.Context, keep string) error {
	var old []string
	err := db.reads().list(ctx, &old, `SELECT DISTINCT snapshot_id FROM registry_snapshot_chunk
		WHERE regency_code = ? AND snapshot_id <> ?`, db.regency, keep)
	if err != nil {
		return fmt.Errorf("sweep snapshots: %w", err)
	}
	for _, id := range old {
		err = db.writeLightly(ctx, func(t *tx) error { return snapshotChunks.drop(ctx, t, id) })
		if err != nil {
			return fmt.Errorf("sweep snapshots: %w", err)
		}
	}
	return nil
}

// SnapshotHead implements snapshot.Store.
func (db *DB) SnapshotHead(ctx context.Context) (snapshot.Head, bool, error) {
	var row struct {
		ID       string  `db:"id"`
		Revision int64   `db:"revision"`
		People   int     `db:"people"`
		Bytes    int64   `db:"bytes"`
		MadeAt   stamp   `db:"made_at"`
		Seconds  float64 `db:"seconds"`
	}
	err := db.reads().get(ctx, &row, `SELECT id, revision, people, bytes, made_at, seconds FROM registry_snapshot
		WHERE regency_code = ? ORDER BY id DESC LIMIT 1`, db.regency)
	if errors.Is(err, sql.ErrNoRows) {
		return snapshot.Head{}, false, nil
	}
	if err != nil {
		return snapshot.Head{}, false, fmt.Errorf("find snapshot: %w", err)
	}
	return snapshot.Head{ID: row.ID, Revision: row.Revision, Rows: row.People, Bytes: row.Bytes,
		MadeAt: row.MadeAt.time(), Seconds: row.Seconds}, true, nil
}

// SnapshotPart implements snapshot.Store.
func (db *DB) SnapshotPart(ctx context.Context, id string, no int) ([]byte, error) {
	return snapshotChunks.part(ctx, db, id, no)
}
