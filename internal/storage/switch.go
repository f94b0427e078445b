package storage

import (
	"context"
	"fmt"

	"layak/internal/audit"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// rulesChannel carries the hint that other rules are in force.
const rulesChannel = "layak_rules"

// Switch implements workbench.Store.
func (db *DB) Switch(ctx context.Context, s workbench.Switch, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE policy_revision SET status = ?, retired_at = ? WHERE regency_code = ? AND hash = ? AND status = ?`,
			string(policy.Retired), at(t.now), db.regency, s.Previous, string(policy.Active))
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Conflict, "active_moved", "Aturan yang berlaku baru saja berganti. Muat ulang halaman, lalu lihat lagi.")
		}
		err = t.standsAs(ctx, s.Hash, s.Seen)
		if err != nil {
			return err
		}
		n, err = t.exec(ctx, `UPDATE policy_revision SET status = ?, activated_at = ?, activated_by = ?, retired_at = NULL
			WHERE regency_code = ? AND hash = ? AND status IN (?, ?)`,
			string(policy.Active), at(t.now), e.Actor, db.regency, s.Hash, string(policy.Approved), string(policy.Retired))
		if err != nil {
			return err
		}
		if n == 0 || s.Hash == s.Previous {
			return t.wrongStage(ctx, s.Hash, "Hanya versi aturan yang sudah disetujui, atau yang pernah berlaku, yang dapat diberlakukan.")
		}
		return t.keepSwitch(ctx, s, e)
	})
	if err != nil {
		return fmt.Errorf("switch to revision %s: %w", s.Hash, err)
	}
	return nil
}

func (t *tx) keepSwitch(ctx context.Context, s workbench.Switch, e audit.Entry) error {
	// The row of the revision is locked by now, as it is while somebody takes the moment back.
	n, err := t.exec(ctx, `UPDATE policy_proposal SET activate_at = NULL WHERE regency_code = ? AND hash = ? AND (? OR activate_at <= ?)`,
		t.db.regency, s.Hash, s.Kind != workbench.Scheduled, at(s.At))
	if err != nil {
		return err
	}
	if n == 0 && s.Kind == workbench.Scheduled {
		return fault.New(fault.Conflict, "schedule_moved", "Waktu mulai berlaku versi ini baru saja diubah, jadi belum diberlakukan.")
	}
	_, err = t.exec(ctx, `INSERT INTO policy_switch (regency_code, id, hash, previous, kind, reason, impact, made_at, made_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`, t.db.regency, s.ID, s.Hash, s.Previous, string(s.Kind), s.Reason, s.Impact, at(s.At), s.By)
	if err != nil {
		return err
	}
	err = t.record(ctx, e)
	if err != nil {
		return err
	}
	return t.hint(ctx, rulesChannel)
}

// Switches implements workbench.Store.
func (db *DB) Switches(ctx context.Context, limit int) ([]workbench.Switch, error) {
	var rows []struct {
		ID       string `db:"id"`
		Hash     string `db:"hash"`
		Previous string `db:"previous"`
		Kind     string `db:"kind"`
		Reason   string `db:"reason"`
		Impact   string `db:"impact"`
		At       stamp  `db:"made_at"`
		By       string `db:"made_by"`
	}
	err := db.reads().list(ctx, &rows, `SELECT id, hash, previous, kind, reason, impact, made_at, made_by FROM policy_switch
		WHERE regency_code = ? ORDER BY id DESC LIMIT ?`, db.regency, limit)
	if err != nil {
		return nil, fmt.Errorf("list switches of rules: %w", err)
	}
	out := make([]workbench.Switch, len(rows))
	for i, r := range rows {
		out[i] = workbench.Switch{ID: r.ID, Hash: r.Hash, Previous: r.Previous, Kind: workbench.SwitchKind(r.Kind),
			Reason: r.Reason, Impact: r.Impact, At: r.At.time(), By: r.By}
	}
	return out, nil
}

// AddComment implements workbench.Store.
func (db *DB) AddComment(ctx context.Context, c workbench.Comment, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO policy_comment (regency_code, hash, id, path, line, body, made_at, made_by)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, db.regency, c.Hash, c.ID, c.Path, c.Line, c.Text, at(c.At), c.By)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
}

// Comments implements workbench.Store.
func (db *DB) Comments(ctx context.Context, hash string) ([]workbench.Comment, error) {
	var rows []struct {
		ID   string `db:"id"`
		Path string `db:"path"`
		Line int    `db:"line"`
		Body string `db:"body"`
		At   stamp  `db:"made_at"`
		By   string `db:"made_by"`
	}
	err := db.reads().list(ctx, &rows, `SELECT id, path, line, body, made_at, made_by FROM policy_comment
		WHERE regency_code = ? AND hash = ? ORDER BY id`, db.regency, hash)
	if err != nil {
		return nil, fmt.Errorf("list comments on %s: %w", hash, err)
	}
	out := make([]workbench.Comment, len(rows))
	for i, r := range rows {
		out[i] = workbench.Comment{ID: r.ID, Hash: hash, Path: r.Path, Line: r.Line, Text: r.Body, At: r.At.time(), By: r.By}
	}
	return out, nil
}

// AddFreeze implements workbench.Store.
func (db *DB) AddFreeze(ctx context.Context, f workbench.Freeze, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO policy_freeze (regency_code, id, from_day, until_day, reason, made_at, made_by)
			VALUES (?, ?, ?, ?, ?, ?, ?)`, db.regency, f.ID, f.From, f.Until, f.Reason, at(f.At), f.By)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
}

// RemoveFreeze implements workbench.Store.
func (db *DB) RemoveFreeze(ctx context.Context, id string, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `DELETE FROM policy_freeze WHERE regency_code = ? AND id = ?`, db.regency, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "freeze_not_found", "Masa beku itu sudah tidak ada.")
		}
		return t.record(ctx, e)
	})
}

// Freezes implements workbench.Store.
func (db *DB) Freezes(ctx context.Context) ([]workbench.Freeze, error) {
	var rows []struct {
		ID     string `db:"id"`
		From   string `db:"from_day"`
		Until  string `db:"until_day"`
		Reason string `db:"reason"`
		At     stamp  `db:"made_at"`
		By     string `db:"made_by"`
	}
	err := db.reads().list(ctx, &rows, `SELECT id, from_day, until_day, reason, made_at, made_by FROM policy_freeze
		WHERE regency_code = ? ORDER BY from_day, id`, db.regency)
	if err != nil {
		return nil, fmt.Errorf("list freezes: %w", err)
	}
	out := make([]workbench.Freeze, len(rows))
	for i, r := range rows {
		out[i] = workbench.Freeze{ID: r.ID, From: r.From, Until: r.Until, Reason: r.Reason, At: r.At.time(), By: r.By}
	}
	return out, nil
}
