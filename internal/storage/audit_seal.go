package storage

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"layak/internal/audit"
)

// Sealing runs beside the writers, never inside their transactions: once a second one process
// takes whatever entries are visible and not yet sealed and puts them into a block. An entry whose
// transaction commits late, behind entries that were made after it, is simply still unsealed and
// goes into the next block; nothing is chosen by number or time.
const (
	sealEvery = time.Second
	sealBatch = 2000 // entries in one block, at most; a longer queue makes several blocks
	sealLock  = "seal"
)

// blockColumns of trail_block in the order of blockRow.
const blockColumns = `seq, prev_hash, sealed_at, total, entries, key_id, hash, signature`

type blockRow struct {
	Seq       int64    `db:"seq"`
	Prev      string   `db:"prev_hash"`
	SealedAt  anyStamp `db:"sealed_at"`
	Total     int64    `db:"total"`
	Entries   []byte   `db:"entries"`
	KeyID     string   `db:"key_id"`
	Hash      string   `db:"hash"`
	Signature string   `db:"signature"`
}

// block reads a row. What cannot be read is left zero, so that verification calls the block
// changed instead of stopping.
func (r blockRow) block(regency string) audit.Block {
	b := audit.Block{Regency: regency, Seq: r.Seq, SealedAt: r.SealedAt.time(), Total: r.Total, KeyID: r.KeyID}
	b.Entries, _ = audit.UnpackEntries(r.Entries)
	b.Sig, _ = base64.RawStdEncoding.DecodeString(r.Signature)
	if h, err := hex.DecodeString(r.Hash); err == nil {
		copy(b.Hash[:], h)
	}
	if h, err := hex.DecodeString(r.Prev); err == nil {
		copy(b.Prev[:], h)
	}
	return b
}

// SealOnce seals at least what is visible and not sealed yet when it begins, and tells how many
// entries that was. It waits when another process is sealing.
func (db *DB) SealOnce(ctx context.Context) (sealed int, err error) {
	waiting, err := db.unsealed(ctx)
	if err != nil || waiting == 0 {
		return 0, err
	}
	release, err := db.lock(ctx, sealLock, nil)
	if err != nil {
		return 0, err
	}
	defer release()
	for {
		n, err := db.sealBlock(ctx)
		sealed += n
		if err != nil || n == 0 || sealed >= waiting {
			return sealed, err
		}
	}
}

// sealBlock makes one block, in one transaction, and tells how many entries it holds.
func (db *DB) sealBlock(ctx context.Context) (n int, err error) {
	db.trail.unsealed.Store(false)
	err = db.write(ctx, func(t *tx) error {
		n, err = t.sealVisible(ctx)
		return err
	})
	if err != nil {
		db.trail.unsealed.Store(true)
		return 0, fmt.Errorf("seal trail: %w", err)
	}
	return n, nil
}

// sealVisible puts what this transaction sees unsealed into the next block, about sealBatch
// entries at most. The UPDATE itself says which they were, so what is sealed is exactly what was marked.
func (t *tx) sealVisible(ctx context.Context) (n int, err error) {
	last, err := t.lastBlock(ctx)
	if err != nil {
		return 0, err
	}
	next := int64(1)
	if last != nil {
		next = last.Seq + 1
	}
	regency := t.db.regency
	mark, args := `UPDATE audit_entry SET block = ? WHERE regency_code = ? AND block IS NULL`, []any{next, regency}
	var upTo string
	err = t.get(ctx, &upTo, `SELECT id FROM audit_entry WHERE regency_code = ? AND block IS NULL
		ORDER BY id LIMIT 1 OFFSET ?`, regency, sealBatch-1)
	switch {
	case err == nil: // more than one block's worth
		mark, args = mark+` AND id <= ?`, append(args, upTo)
	case !errors.Is(err, sql.ErrNoRows):
		return 0, err
	}
	var rows []auditRow
	err = t.list(ctx, &rows, mark+` RETURNING `+auditColumns, args...)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	slices.SortFunc(rows, func(a, b auditRow) int { return cmp.Compare(a.ID, b.ID) })
	b, err := t.db.keys.Seal(regency, last, auditRecords(rows), t.now)
	if err != nil {
		return 0, err
	}
	return len(rows), t.insertBlock(ctx, b)
}

func (t *tx) lastBlock(ctx context.Context) (*audit.Block, error) {
	var r blockRow
	err := t.get(ctx, &r, `SELECT `+blockColumns+` FROM trail_block WHERE regency_code = ? ORDER BY seq DESC LIMIT 1`, t.db.regency)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	b := r.block(t.db.regency)
	return &b, nil
}

func (t *tx) insertBlock(ctx context.Context, b audit.Block) error {
	_, err := t.exec(ctx, `INSERT INTO trail_block
		(regency_code, seq, prev_hash, sealed_at, total, entry_count, entries, key_id, hash, signature)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		b.Regency, b.Seq, hex.EncodeToString(b.Prev[:]), at(b.SealedAt), b.Total, len(b.Entries), b.PackEntries(),
		b.KeyID, hex.EncodeToString(b.Hash[:]), base64.RawStdEncoding.EncodeToString(b.Sig))
	return err
}

// unsealed counts the entries that wait.
func (db *DB) unsealed(ctx context.Context) (int, error) {
	var n int
	err := db.reads().get(ctx, &n, `SELECT COUNT(*) FROM audit_entry WHERE regency_code = ? AND block IS NULL`, db.regency)
	return n, err
}

// RunSealer seals once a second until ctx ends, and once more then. When another process seals at
// the moment it leaves the work to it; a failure is logged and tried again a second later.
func (db *DB) RunSealer(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(sealEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			_ = db.sealRest() // Close says the same error again
			return
		case <-tick.C:
		}
		_, err := db.SealOnce(ctx)
		if err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "seal trail", "error", err)
		}
	}
}

// sealRest seals what this process has written and not seen sealed, so that a command that ends
// after a second leaves no open end behind it.
func (db *DB) sealRest() error {
	if !db.trail.unsealed.Load() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_, err := db.SealOnce(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil // whoever held the lock so long is sealing these entries too
	}
	return err
}

// AuditVerify seals what is open and checks the whole trail, also against heads that were kept
// off the machine, and compares the stored determinations with it. An error means that the trail could not be read; what is wrong with it stands
// in the report.
func (db *DB) AuditVerify(ctx context.Context, kept ...audit.Head) (audit.Report, error) {
	_, err := db.SealOnce(ctx)
	if err != nil {
		return audit.Report{}, err
	}
	var report audit.Report
	err = db.read(ctx, func(t *tx) error {
		report, err = db.keys.Verify(ctx, db.regency, chain{t}, kept...)
		if err != nil {
			return err
		}
		err = t.verifyDeterminations(ctx, &report)
		if err != nil {
			return err
		}
		return t.get(ctx, &report.Unsealed, `SELECT COUNT(*) FROM audit_entry WHERE regency_code = ? AND block IS NULL`, db.regency)
	})
	return report, err
}

// AuditHead is the signed end of the chain, to be kept elsewhere; nil while nothing is sealed.
func (db *DB) AuditHead(ctx context.Context) (*audit.Head, error) {
	var head *audit.Head
	err := db.read(ctx, func(t *tx) error {
		b, err := t.lastBlock(ctx)
		if b != nil {
			h := b.Head()
			head = &h
		}
		return err
	})
	return head, err
}

// chain is the trail at one moment, as verification reads it.
type chain struct{ t *tx }

// Blocks keeps audit.Chain.
func (c chain) Blocks(ctx context.Context, after int64, limit int) ([]audit.Block, error) {
	var rows []blockRow
	err := c.t.list(ctx, &rows, `SELECT `+blockColumns+` FROM trail_block WHERE regency_code = ? AND seq > ? ORDER BY seq LIMIT ?`,
		c.t.db.regency, after, limit)
	out := make([]audit.Block, len(rows))
	for i, r := range rows {
		out[i] = r.block(c.t.db.regency)
	}
	return out, err
}

// Records keeps audit.Chain.
func (c chain) Records(ctx context.Context, from, to int64) ([]audit.Record, error) {
	var rows []auditRow
	err := c.t.list(ctx, &rows, `SELECT `+auditColumns+` FROM audit_entry
		WHERE regency_code = ? AND block >= ? AND block <= ?`, c.t.db.regency, from, to)
	return auditRecords(rows), err
}

var _ audit.Chain = chain{}
