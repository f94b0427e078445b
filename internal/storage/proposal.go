package storage

import (
	"context"
	"fmt"
	"time"

	"layak/internal/audit"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

const proposalColumns = `p.hash, p.draft_id, p.base, p.editors, p.proposed_at, p.proposed_by,
	p.rejected_at, p.rejected_by, p.reason, p.activate_at, p.scheduled_by`

const proposalFrom = ` FROM policy_proposal p JOIN policy_revision r ON r.regency_code = p.regency_code AND r.hash = p.hash
	WHERE p.regency_code = ?`

// proposalRow is a proposal without its revision.
type proposalRow struct {
	Hash        string                     `db:"hash"`
	Draft       string                     `db:"draft_id"`
	Base        string                     `db:"base"`
	Editors     jsonText[[]string]         `db:"editors"`
	Report      jsonText[workbench.Report] `db:"report"`
	ProposedAt  stamp                      `db:"proposed_at"`
	ProposedBy  string                     `db:"proposed_by"`
	RejectedAt  *stamp                     `db:"rejected_at"`
	RejectedBy  string                     `db:"rejected_by"`
	Reason      string                     `db:"reason"`
	ActivateAt  *stamp                     `db:"activate_at"`
	ScheduledBy string                     `db:"scheduled_by"`
}

func (r *proposalRow) proposal(rev policy.Revision) workbench.Proposal {
	return workbench.Proposal{
		Revision: rev, Draft: r.Draft, Base: r.Base, Editors: r.Editors.V, Report: r.Report.V,
		ProposedAt: r.ProposedAt.time(), ProposedBy: r.ProposedBy, RejectedAt: r.RejectedAt.timeOrNil(), RejectedBy: r.RejectedBy,
		Reason: r.Reason, ActivateAt: r.ActivateAt.timeOrNil(), ScheduledBy: r.ScheduledBy,
	}
}

// Propose implements workbench.Store. Bytes that were rejected once may be proposed again; the newest
// proposal of them is the one that counts.
func (db *DB) Propose(ctx context.Context, p workbench.Proposal, version int, e audit.Entry) (workbench.Proposal, error) {
	err := db.write(ctx, func(t *tx) error {
		err := t.storeProposed(ctx, &p)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO policy_proposal (regency_code, hash, draft_id, base, editors, report, proposed_at, proposed_by,
				rejected_at, rejected_by, reason, activate_at, scheduled_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, '', '', NULL, '')`,
			db.regency, p.Hash, p.Draft, p.Base, asJSON(p.Editors), asJSON(p.Report), at(p.ProposedAt), p.ProposedBy)
		if err != nil {
			return err
		}
		_, err = t.moveDraft(ctx, p.Draft, version, p.ProposedBy, workbench.Proposed, p.Hash, workbench.Change{})
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
	if err != nil {
		return workbench.Proposal{}, fmt.Errorf("propose revision %s: %w", p.Hash, err)
	}
	return p, nil
}

// storeProposed gives the revision of a proposal its number, or takes a rejected one up again.
func (t *tx) storeProposed(ctx context.Context, p *workbench.Proposal) error {
	old, err := t.revisionWhere(ctx, `hash = ?`, t.db.regency, p.Hash)
	switch {
	case fault.Is(err, fault.NotFound):
		p.Revision, err = t.insertRevision(ctx, p.Revision)
		return err
	case err != nil:
		return err
	case old.Stage != policy.Rejected:
		return workbench.ErrRevisionExists(old.Number)
	}
	_, err = t.exec(ctx, `UPDATE policy_revision SET status = ?, note = ?, created_at = ?, created_by = ?, approved_at = NULL, approved_by = ''
		WHERE regency_code = ? AND hash = ? AND status = ?`,
		string(policy.Proposed), p.Note, at(p.CreatedAt), p.CreatedBy, t.db.regency, p.Hash, string(policy.Rejected))
	if err != nil {
		return err
	}
	p.Number = old.Number
	_, err = t.exec(ctx, `DELETE FROM policy_proposal WHERE regency_code = ? AND hash = ?`, t.db.regency, p.Hash)
	return err
}

// Proposal implements workbench.Store.
func (db *DB) Proposal(ctx context.Context, hash string) (p workbench.Proposal, err error) {
	err = db.read(ctx, func(t *tx) error {
		rev, err := t.revisionWhere(ctx, `hash = ?`, db.regency, hash)
		if err != nil {
			return err
		}
		var row proposalRow
		err = t.get(ctx, &row, `SELECT `+proposalColumns+`, p.report`+proposalFrom+` AND p.hash = ?`, db.regency, hash)
		if err != nil {
			return missing(err, "proposal_not_found", "Versi aturan ini tidak berasal dari usulan.")
		}
		p = row.proposal(rev)
		return nil
	})
	return p, err
}

// Proposals implements workbench.Store.
func (db *DB) Proposals(ctx context.Context) ([]workbench.Proposal, error) {
	return db.proposalsWhere(ctx, ` ORDER BY r.number DESC`)
}

// Due implements workbench.Store.
func (db *DB) Due(ctx context.Context, now time.Time) ([]workbench.Proposal, error) {
	return db.proposalsWhere(ctx, ` AND p.activate_at <= ? AND r.status = ? ORDER BY p.activate_at`, at(now), string(policy.Approved))
}

func (db *DB) proposalsWhere(ctx context.Context, where string, args ...any) ([]workbench.Proposal, error) {
	var rows []proposalRow
	var revisions []revisionRow
	err := db.read(ctx, func(t *tx) error {
		rows, revisions = nil, nil
		args := append([]any{db.regency}, args...)
		err := t.list(ctx, &rows, `SELECT `+proposalColumns+proposalFrom+where, args...)
		if err != nil || len(rows) == 0 {
			return err
		}
		return t.list(ctx, &revisions, `SELECT `+revisionColumns+` FROM policy_revision WHERE regency_code = ?`, db.regency)
	})
	if err != nil {
		return nil, fmt.Errorf("list proposals: %w", err)
	}
	byHash := map[string]policy.Revision{}
	for i := range revisions {
		byHash[revisions[i].Hash] = revisions[i].revision()
	}
	out := make([]workbench.Proposal, len(rows))
	for i := range rows {
		out[i] = rows[i].proposal(byHash[rows[i].Hash])
	}
	return out, nil
}

// standsAs is ErrMoved when a proposal does not bear the mark that was seen. It locks the row of the
// revision, so that the mark holds until the transaction ends. "" asks for nothing.
func (t *tx) standsAs(ctx context.Context, hash, seen string) error {
	if seen == "" {
		return nil
	}
	_, err := t.exec(ctx, `UPDATE policy_revision SET status = status WHERE regency_code = ? AND hash = ?`, t.db.regency, hash)
	if err != nil {
		return err
	}
	var row struct {
		Status     string `db:"status"`
		ProposedAt stamp  `db:"proposed_at"`
		ActivateAt *stamp `db:"activate_at"`
	}
	err = t.get(ctx, &row, `SELECT r.status, p.proposed_at, p.activate_at`+proposalFrom+` AND p.hash = ?`, t.db.regency, hash)
	if err != nil {
		return missing(err, "proposal_not_found", "Versi aturan ini tidak berasal dari usulan.")
	}
	now := workbench.Proposal{Revision: policy.Revision{Stage: policy.Stage(row.Status)}, ProposedAt: row.ProposedAt.time(), ActivateAt: row.ActivateAt.timeOrNil()}
	if now.Mark() != seen {
		return workbench.ErrMoved()
	}
	return nil
}

// ApproveProposal implements workbench.Store.
func (db *DB) ApproveProposal(ctx context.Context, hash, seen string, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		err := t.standsAs(ctx, hash, seen)
		if err != nil {
			return err
		}
		n, err := t.exec(ctx, `UPDATE policy_revision SET status = ?, approved_at = ?, approved_by = ?
			WHERE regency_code = ? AND hash = ? AND status = ?`,
			string(policy.Approved), at(t.now), e.Actor, db.regency, hash, string(policy.Proposed))
		if err != nil {
			return err
		}
		if n == 0 {
			return t.wrongStage(ctx, hash, "Hanya versi aturan yang sedang diusulkan yang dapat disetujui.")
		}
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("approve proposal %s: %w", hash, err)
	}
	return nil
}

// RejectRevision implements workbench.Store.
func (db *DB) RejectRevision(ctx context.Context, hash, seen, reason string, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		err := t.standsAs(ctx, hash, seen)
		if err != nil {
			return err
		}
		n, err := t.exec(ctx, `UPDATE policy_revision SET status = ? WHERE regency_code = ? AND hash = ? AND status IN (?, ?)`,
			string(policy.Rejected), db.regency, hash, string(policy.Proposed), string(policy.Approved))
		if err != nil {
			return err
		}
		if n == 0 {
			return t.wrongStage(ctx, hash, "Hanya usulan yang belum berlaku yang dapat ditolak.")
		}
		_, err = t.exec(ctx, `UPDATE policy_proposal SET rejected_at = ?, rejected_by = ?, reason = ?, activate_at = NULL
			WHERE regency_code = ? AND hash = ?`, at(t.now), e.Actor, reason, db.regency, hash)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("reject revision %s: %w", hash, err)
	}
	return nil
}

// ScheduleRevision implements workbench.Store.
func (db *DB) ScheduleRevision(ctx context.Context, hash, seen string, when *time.Time, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		err := t.standsAs(ctx, hash, seen)
		if err != nil {
			return err
		}
		// The row of the revision is locked, so that it cannot come into force meanwhile.
		n, err := t.exec(ctx, `UPDATE policy_revision SET status = status WHERE regency_code = ? AND hash = ? AND status = ?`,
			db.regency, hash, string(policy.Approved))
		if err != nil {
			return err
		}
		if n == 0 {
			return t.wrongStage(ctx, hash, "Hanya versi aturan yang sudah disetujui dan belum berlaku yang dapat dijadwalkan.")
		}
		_, err = t.exec(ctx, `UPDATE policy_proposal SET activate_at = ?, scheduled_by = ? WHERE regency_code = ? AND hash = ?`,
			atOrNull(when), e.Actor, db.regency, hash)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("schedule revision %s: %w", hash, err)
	}
	return nil
}
