package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/audit"
	"layak/internal/auth"
)

// SaveRejects implements importers.Store.
func (db *DB) SaveRejects(ctx context.Context, imp importers.Import, rows []importers.Reject) error {
	if len(rows) == 0 {
		return nil
	}
	err := db.write(ctx, func(t *tx) error {
		var position int
		err := t.get(ctx, &position, `SELECT COALESCE(MAX(position), 0) FROM import_reject
			WHERE regency_code = ? AND import_id = ?`, db.regency, imp.ID)
		if err != nil {
			return err
		}
		values := make([][]any, len(rows))
		for i, r := range rows {
			values[i] = []any{db.regency, imp.ID, position + i + 1, r.File, r.Sheet, r.Row, r.Column, r.Value, r.Code, r.Reason}
		}
		return db.dialect.bulk(ctx, t, "import_reject", []string{"regency_code", "import_id", "position", "file", "sheet",
			"row_number", "column_name", "value", "code", "reason"}, values)
	})
	if err != nil {
		return fmt.Errorf("save rejected rows of import %s: %w", imp.ID, err)
	}
	return nil
}

// Rejects implements importers.Store.
func (db *DB) Rejects(ctx context.Context, importID string, limit int) ([]importers.Reject, error) {
	if limit <= 0 {
		limit = 1 << 30
	}
	var rows []struct {
		File   string `db:"file"`
		Sheet  string `db:"sheet"`
		Row    int    `db:"row_number"`
		Column string `db:"column_name"`
		Value  string `db:"value"`
		Code   string `db:"code"`
		Reason string `db:"reason"`
	}
	err := db.reads().list(ctx, &rows, `SELECT file, sheet, row_number, column_name, value, code, reason FROM import_reject
		WHERE regency_code = ? AND import_id = ? ORDER BY position LIMIT ?`, db.regency, importID, limit)
	if err != nil {
		return nil, fmt.Errorf("read rejected rows of import %s: %w", importID, err)
	}
	out := make([]importers.Reject, len(rows))
	for i, r := range rows {
		out[i] = importers.Reject(r)
	}
	return out, nil
}

// Mapping implements importers.Store; nil when the headers were never mapped by hand.
func (db *DB) Mapping(ctx context.Context, headersHash string) (map[string]eligibility.Field, error) {
	var named jsonText[map[string]string]
	err := db.reads().get(ctx, &named, `SELECT columns_json FROM column_mapping
		WHERE regency_code = ? AND headers_hash = ?`, db.regency, headersHash)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read column mapping: %w", err)
	}
	m := map[string]eligibility.Field{}
	for header, name := range named.V {
		// A field that this version of the program no longer knows is mapped again by hand.
		if f, ok := eligibility.FieldNamed(name); ok {
			m[header] = f
		}
	}
	return m, nil
}

// SaveMapping implements importers.Store. Fields are kept by name: their numbers may change.
func (db *DB) SaveMapping(ctx context.Context, headersHash string, m map[string]eligibility.Field) error {
	named := map[string]string{}
	for header, f := range m {
		named[header] = f.String()
	}
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO column_mapping (regency_code, headers_hash, columns_json, saved_at) VALUES (?, ?, ?, ?)
			ON CONFLICT (regency_code, headers_hash) DO UPDATE SET columns_json = EXCLUDED.columns_json, saved_at = EXCLUDED.saved_at`,
			db.regency, headersHash, asJSON(named), at(t.now))
		if err != nil {
			return err
		}
		actor := auth.From(ctx).Name
		if actor == "" {
			actor = "system"
		}
		return t.record(ctx, audit.Entry{Actor: actor, Act: "mapping.save", Object: "mapping", ObjectID: headersHash})
	})
	if err != nil {
		return fmt.Errorf("save column mapping: %w", err)
	}
	return nil
}
