package storage

import (
	"context"
	"fmt"

	"layak/internal/audit"
	"layak/internal/fault"
	"layak/policy/workbench"
)

// AddSigner implements workbench.Store.
func (db *DB) AddSigner(ctx context.Context, s workbench.Signer, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `INSERT INTO policy_signer (regency_code, fingerprint, name, pem, made_at, made_by)
			VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (regency_code, fingerprint) DO NOTHING`,
			db.regency, s.Fingerprint, s.Name, s.PEM, at(s.At), s.By)
		if err != nil {
			return err
		}
		if n == 0 {
			const known = "Kunci ini sudah ada di daftar. Cabut dulu bila namanya hendak diganti."
			return fault.New(fault.Conflict, "signer_known", known).At("key", known)
		}
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("add signer %s: %w", s.Fingerprint, err)
	}
	return nil
}

// RemoveSigner implements workbench.Store.
func (db *DB) RemoveSigner(ctx context.Context, fingerprint string, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `DELETE FROM policy_signer WHERE regency_code = ? AND fingerprint = ?`, db.regency, fingerprint)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "signer_not_found", "Kunci itu sudah tidak ada di daftar.")
		}
		return t.record(ctx, e)
	})
}

// Signers implements workbench.Store.
func (db *DB) Signers(ctx context.Context) ([]workbench.Signer, error) {
	var rows []struct {
		Fingerprint string `db:"fingerprint"`
		Name        string `db:"name"`
		PEM         string `db:"pem"`
		At          stamp  `db:"made_at"`
		By          string `db:"made_by"`
	}
	err := db.reads().list(ctx, &rows, `SELECT fingerprint, name, pem, made_at, made_by FROM policy_signer
		WHERE regency_code = ? ORDER BY name, fingerprint`, db.regency)
	if err != nil {
		return nil, fmt.Errorf("list signers of rules: %w", err)
	}
	out := make([]workbench.Signer, len(rows))
	for i, r := range rows {
		out[i] = workbench.Signer{Fingerprint: r.Fingerprint, Name: r.Name, PEM: r.PEM, At: r.At.time(), By: r.By}
	}
	return out, nil
}
