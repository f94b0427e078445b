package storage

import (
	"context"
	"fmt"

	"layak/eligibility/trial"
	"layak/internal/audit"
	"layak/internal/fault"
	"layak/policy"
)

type caseWishRow struct {
	Check   string             `db:"check_id"`
	Outcome string             `db:"outcome"`
	Codes   jsonText[[]string] `db:"codes"`
	Note    string             `db:"note"`
	MadeAt  stamp              `db:"made_at"`
	MadeBy  string             `db:"made_by"`
}

// AddWish implements trial.Store.
func (db *DB) AddWish(ctx context.Context, w trial.Wish, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `INSERT INTO policy_case_wish (regency_code, check_id, outcome, codes, note, made_at, made_by) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (regency_code, check_id) DO NOTHING`, db.regency, w.Check, string(w.Outcome), asJSON(w.Codes), w.Note, at(w.At), w.By)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Conflict, "wish_known", "Hasil cek ini sudah pernah diusulkan sebagai kasus uji.")
		}
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("add wish for a case of %s: %w", w.Check, err)
	}
	return nil
}

// Wishes implements trial.Store.
func (db *DB) Wishes(ctx context.Context) ([]trial.Wish, error) {
	var rows []caseWishRow
	err := db.reads().list(ctx, &rows, `SELECT check_id, outcome, codes, note, made_at, made_by FROM policy_case_wish
		WHERE regency_code = ? AND closed_at IS NULL ORDER BY made_at DESC, check_id`, db.regency)
	if err != nil {
		return nil, fmt.Errorf("list wishes for cases: %w", err)
	}
	out := make([]trial.Wish, len(rows))
	for i, r := range rows {
		out[i] = trial.Wish{Check: r.Check, Outcome: policy.Outcome(r.Outcome), Codes: r.Codes.V, Note: r.Note, At: r.MadeAt.time(), By: r.MadeBy}
	}
	return out, nil
}

// CloseWish implements trial.Store.
func (db *DB) CloseWish(ctx context.Context, check string, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE policy_case_wish SET closed_at = ?, closed_by = ? WHERE regency_code = ? AND check_id = ? AND closed_at IS NULL`,
			at(db.now()), e.Actor, db.regency, check)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "wish_missing", "Usulan kasus uji ini tidak ada lagi.")
		}
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("close wish for a case of %s: %w", check, err)
	}
	return nil
}
