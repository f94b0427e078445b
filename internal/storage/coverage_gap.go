package storage

import (
	"context"
	"database/sql"
	"fmt"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/area"
)

// withoutGap is the condition on "coverage c" that leaves out imports which rejected a row of the
// keys; it takes two keys.
const withoutGap = ` AND NOT EXISTS (SELECT 1 FROM coverage_gap g WHERE g.regency_code = c.regency_code
	AND g.row_key IN (?, ?) AND g.kind = c.kind AND g.import_seq = c.import_seq)`

// SaveGaps implements importers.Store.
func (db *DB) SaveGaps(ctx context.Context, imp importers.Import, keys []eligibility.NIK) error {
	if len(keys) == 0 {
		return nil
	}
	rows := make([][]any, len(keys))
	for i, key := range keys {
		rows[i] = []any{db.regency, string(key), string(imp.Kind), imp.Seq}
	}
	err := db.writeLightly(ctx, func(t *tx) error {
		return db.dialect.bulk(ctx, t, "coverage_gap", []string{"regency_code", "row_key", "kind", "import_seq"}, rows)
	})
	if err != nil {
		return fmt.Errorf("save gaps of import %s: %w", imp.ID, err)
	}
	return nil
}

// dropGaps deletes those of an import that is not visible.
func (db *DB) dropGaps(ctx context.Context, seq int64) error {
	return db.writeLightly(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM coverage_gap WHERE regency_code = ? AND import_seq = ?`, db.regency, seq)
		return err
	})
}

// confirmedBut is confirmed for a person of whom some import rejected a row.
func (v registryView) confirmedBut(ctx context.Context, a area.Code, p eligibility.Person) (map[eligibility.Kind]eligibility.Date, error) {
	family := importers.FamilyPrefix
	if p.Resident != nil {
		family += string(p.Resident.KK)
	}
	var rows []struct {
		Kind string `db:"kind"`
		AsOf string `db:"as_of"`
	}
	args := append(append([]any{v.rev, v.rev, v.db.regency}, four(lineage(a))...), string(p.NIK), family)
	err := v.db.reads().list(ctx, &rows, `SELECT c.kind, MAX(c.as_of) AS as_of FROM coverage c
		JOIN registry_import i ON i.regency_code = c.regency_code AND i.seq = c.import_seq
			AND i.visible_from <= ? AND i.visible_until > ?
		WHERE c.regency_code = ? AND c.area IN (?, ?, ?, ?)`+withoutGap+` GROUP BY c.kind`, args...)
	if err != nil {
		return nil, fmt.Errorf("read coverage of a person: %w", err)
	}
	newest := map[eligibility.Kind]eligibility.Date{}
	for _, r := range rows {
		newest[eligibility.Kind(r.Kind)] = eligibility.Date(r.AsOf)
	}
	return newest, nil
}

// lowerGaps takes back what coverage raised of those whose row some import rejected. before are
// their own as-of dates.
func (db *DB) lowerGaps(ctx context.Context, x executor, kind eligibility.Kind, where map[eligibility.NIK]area.Code,
	before map[eligibility.NIK]eligibility.Date, stored map[eligibility.NIK]importers.Stored) error {
	keys := make([]string, 0, len(where))
	for key := range where {
		keys = append(keys, string(key))
	}
	query, args, err := inList(`SELECT DISTINCT row_key FROM coverage_gap WHERE regency_code = ? AND kind = ? AND row_key IN (?)`,
		db.regency, string(kind), keys)
	if err != nil {
		return err
	}
	var gaps []string
	err = x.list(ctx, &gaps, query, args...)
	if err != nil {
		return err
	}
	rev := db.current().rev
	for _, key := range gaps {
		var asOf sql.NullString
		args := append(append([]any{rev, rev, db.regency, string(kind)}, four(lineage(where[eligibility.NIK(key)]))...), key, key)
		err := x.get(ctx, &asOf, `SELECT MAX(c.as_of) FROM coverage c
			JOIN registry_import i ON i.regency_code = c.regency_code AND i.seq = c.import_seq
				AND i.visible_from <= ? AND i.visible_until > ?
			WHERE c.regency_code = ? AND c.kind = ? AND c.area IN (?, ?, ?, ?)`+withoutGap, args...)
		if err != nil {
			return err
		}
		s := stored[eligibility.NIK(key)]
		if !s.Gone {
			s.AsOf = max(before[eligibility.NIK(key)], eligibility.Date(asOf.String))
			stored[eligibility.NIK(key)] = s
		}
	}
	return nil
}
