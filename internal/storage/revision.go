package storage

import (
	"context"
	"fmt"

	"layak/internal/audit"
	"layak/internal/fault"
	"layak/policy"
)

var _ policy.Revisions = (*DB)(nil)

// revisionColumns come without the bundle, which lists do not need.
const revisionColumns = `hash, number, status, note, created_at, created_by, approved_at, approved_by,
	activated_at, activated_by, retired_at`

type revisionRow struct {
	Hash        string `db:"hash"`
	Number      int    `db:"number"`
	Status      string `db:"status"`
	Bundle      []byte `db:"bundle"`
	Note        string `db:"note"`
	CreatedAt   stamp  `db:"created_at"`
	CreatedBy   string `db:"created_by"`
	ApprovedAt  *stamp `db:"approved_at"`
	ApprovedBy  string `db:"approved_by"`
	ActivatedAt *stamp `db:"activated_at"`
	ActivatedBy string `db:"activated_by"`
	RetiredAt   *stamp `db:"retired_at"`
}

func (r *revisionRow) revision() policy.Revision {
	return policy.Revision{
		Hash: r.Hash, Number: r.Number, Stage: policy.Stage(r.Status), Bundle: r.Bundle, Note: r.Note,
		CreatedAt: r.CreatedAt.time(), CreatedBy: r.CreatedBy, ApprovedAt: r.ApprovedAt.timeOrNil(), ApprovedBy: r.ApprovedBy,
		ActivatedAt: r.ActivatedAt.timeOrNil(), ActivatedBy: r.ActivatedBy, RetiredAt: r.RetiredAt.timeOrNil(),
	}
}

// SaveRevision implements policy.Revisions.
func (db *DB) SaveRevision(ctx context.Context, r policy.Revision, e audit.Entry) (policy.Revision, error) {
	if r.Stage != policy.Draft && r.Stage != policy.Proposed {
		return policy.Revision{}, fmt.Errorf("save revision %s: a new one cannot be %q", r.Hash, r.Stage)
	}
	err := db.write(ctx, func(t *tx) (err error) {
		r, err = t.insertRevision(ctx, r)
		if err != nil {
			return err
		}
		e.ObjectID = r.Hash
		return t.record(ctx, e)
	})
	if fault.Is(err, fault.Conflict) {
		return policy.Revision{}, fault.New(fault.Conflict, "revision_exists",
			"Versi aturan dengan isi yang sama sudah tersimpan.").Because(err)
	}
	if err != nil {
		return policy.Revision{}, fmt.Errorf("save revision %s: %w", r.Hash, err)
	}
	return r, nil
}

func (t *tx) insertRevision(ctx context.Context, r policy.Revision) (policy.Revision, error) {
	err := t.get(ctx, &r.Number, `SELECT COALESCE(MAX(number), 0) + 1 FROM policy_revision WHERE regency_code = ?`, t.db.regency)
	if err != nil {
		return r, err
	}
	if r.CreatedAt.IsZero() {
		r.CreatedAt = t.now
	}
	_, err = t.exec(ctx, `INSERT INTO policy_revision (regency_code, `+revisionColumns+`, bundle)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.db.regency, r.Hash, r.Number, string(r.Stage), r.Note, at(r.CreatedAt), r.CreatedBy, atOrNull(r.ApprovedAt),
		r.ApprovedBy, atOrNull(r.ActivatedAt), r.ActivatedBy, atOrNull(r.RetiredAt), r.Bundle)
	return r, err
}

// Revision implements policy.Revisions.
func (db *DB) Revision(ctx context.Context, hash string) (policy.Revision, error) {
	return db.reads().revisionWhere(ctx, `hash = ?`, db.regency, hash)
}

// ActiveRevision implements policy.Revisions.
func (db *DB) ActiveRevision(ctx context.Context) (policy.Revision, error) {
	return db.reads().revisionWhere(ctx, `status = ?`, db.regency, string(policy.Active))
}

// ActiveHash names the rules in force without reading them; NotFound before the first.
func (db *DB) ActiveHash(ctx context.Context) (string, error) {
	var hash string
	err := db.reads().get(ctx, &hash, `SELECT hash FROM policy_revision WHERE regency_code = ? AND status = ?`, db.regency, string(policy.Active))
	if err != nil {
		return "", missing(err, "revision_not_found", "Belum ada aturan yang berlaku.")
	}
	return hash, nil
}

func (x executor) revisionWhere(ctx context.Context, where string, args ...any) (policy.Revision, error) {
	var row revisionRow
	err := x.get(ctx, &row, `SELECT `+revisionColumns+`, bundle FROM policy_revision WHERE regency_code = ? AND `+where, args...)
	if err != nil {
		return policy.Revision{}, missing(err, "revision_not_found", "Versi aturan itu tidak tersimpan di basis data ini.")
	}
	return row.revision(), nil
}

// Revisions implements policy.Revisions.
func (db *DB) Revisions(ctx context.Context) ([]policy.Revision, error) {
	var rows []revisionRow
	err := db.reads().list(ctx, &rows, `SELECT `+revisionColumns+` FROM policy_revision WHERE regency_code = ? ORDER BY number DESC`,
		db.regency)
	if err != nil {
		return nil, fmt.Errorf("list revisions: %w", err)
	}
	out := make([]policy.Revision, len(rows))
	for i := range rows {
		out[i] = rows[i].revision()
	}
	return out, nil
}

// ApproveRevision implements policy.Revisions.
func (db *DB) ApproveRevision(ctx context.Context, hash string, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE policy_revision SET status = ?, approved_at = ?, approved_by = ?
			WHERE regency_code = ? AND hash = ? AND status IN (?, ?)`,
			string(policy.Approved), at(t.now), e.Actor, db.regency, hash, string(policy.Draft), string(policy.Proposed))
		if err != nil {
			return err
		}
		if n == 0 {
			return t.wrongStage(ctx, hash, "Hanya versi aturan yang sedang diusulkan yang dapat disetujui.")
		}
		e.ObjectID = hash
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("approve revision %s: %w", hash, err)
	}
	return nil
}

// ActivateRevision implements policy.Revisions.
func (db *DB) ActivateRevision(ctx context.Context, hash string, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `UPDATE policy_revision SET status = ?, retired_at = ? WHERE regency_code = ? AND status = ? AND hash <> ?`,
			string(policy.Retired), at(t.now), db.regency, string(policy.Active), hash)
		if err != nil {
			return err
		}
		n, err := t.exec(ctx, `UPDATE policy_revision SET status = ?, activated_at = ?, activated_by = ?, retired_at = NULL
			WHERE regency_code = ? AND hash = ? AND status IN (?, ?)`,
			string(policy.Active), at(t.now), e.Actor, db.regency, hash, string(policy.Approved), string(policy.Retired))
		if err != nil {
			return err
		}
		if n == 0 {
			return t.wrongStage(ctx, hash, "Hanya versi aturan yang sudah disetujui, atau yang pernah berlaku, yang dapat diberlakukan.")
		}
		e.ObjectID = hash
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("activate revision %s: %w", hash, err)
	}
	return nil
}

// wrongStage says why a revision was not moved: it does not exist, or it stands elsewhere.
func (t *tx) wrongStage(ctx context.Context, hash, message string) error {
	_, err := t.revisionWhere(ctx, `hash = ?`, t.db.regency, hash)
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "revision_stage", message)
}

// EnsureRevision implements policy.Revisions. Several processes may start at once: one of them
// stores the bundle, the others find it.
func (db *DB) EnsureRevision(ctx context.Context, hash string, bundle []byte) (policy.Revision, error) {
	active, err := db.ActiveRevision(ctx)
	if !fault.Is(err, fault.NotFound) {
		return active, err
	}
	err = db.write(ctx, func(t *tx) error {
		_, err := t.insertRevision(ctx, policy.Revision{Hash: hash, Stage: policy.Active, Bundle: bundle,
			Note: "Aturan bawaan program", CreatedBy: "system", ApprovedAt: &t.now, ApprovedBy: "system",
			ActivatedAt: &t.now, ActivatedBy: "system"})
		if err != nil {
			return err
		}
		return t.record(ctx, audit.Entry{Actor: "system", Act: "revision.activate", Object: "revision", ObjectID: hash, Payload: bundle})
	})
	if err != nil && !fault.Is(err, fault.Conflict) {
		return policy.Revision{}, fmt.Errorf("store shipped rules: %w", err)
	}
	return db.ActiveRevision(ctx)
}
