package storage

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"

	"github.com/jmoiron/sqlx"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/area"
)

// keyBatch is how many keys one query looks up; below the limits of both engines.
const keyBatch = 2000

// StoredRows implements importers.Store.
func (db *DB) StoredRows(ctx context.Context, kind eligibility.Kind, niks []eligibility.NIK) (map[eligibility.NIK]importers.Stored, error) {
	t, ok := rowTables[kind]
	if !ok {
		return nil, fmt.Errorf("stored rows of %q: no such kind of registry", kind)
	}
	stored := make(map[eligibility.NIK]importers.Stored, len(niks))
	for keys := range slices.Chunk(niks, keyBatch) {
		err := db.storedRows(ctx, db.reads(), t, keys, stored)
		if err != nil {
			return nil, fmt.Errorf("stored rows of %s: %w", kind, err)
		}
	}
	return stored, nil
}

func (db *DB) storedRows(ctx context.Context, x executor, t rowTable, keys []eligibility.NIK, into map[eligibility.NIK]importers.Stored) error {
	rev := db.current().rev
	// How fresh a row is depends on where its person lives.
	home, resident := `v.place`, ``
	if t.kind != eligibility.Residents {
		home = `COALESCE(r.place, '')`
		resident = `LEFT JOIN resident_version r ON r.regency_code = s.regency AND r.row_key = v.nik
			AND r.import_seq = ` + newestSQL("resident_version", "v.nik")
	}
	query, args, err := inList(`SELECT v.row_key, v.gone, i.as_of, `+home+`, `+t.columns("v.")+`
		FROM (SELECT CAST(? AS TEXT) AS regency, CAST(? AS BIGINT) AS rev) s
		JOIN `+t.name+` v ON v.regency_code = s.regency AND v.row_key IN (?)
			AND v.import_seq = `+newestSQL(t.name, "v.row_key")+`
		JOIN registry_import i ON i.regency_code = v.regency_code AND i.seq = v.import_seq
		`+resident, db.regency, rev, keys)
	if err != nil {
		return err
	}
	where := map[eligibility.NIK]area.Code{}
	err = x.each(ctx, func(rows *sqlx.Rows) error {
		var key, asOf, place string
		var s importers.Stored
		var values [eligibility.NumFields]string
		dest := []any{&key, &s.Gone, &asOf, &place}
		for _, f := range t.fields {
			dest = append(dest, &values[f])
		}
		err := rows.Scan(dest...)
		if err != nil {
			return err
		}
		if values[eligibility.FieldDesil] == "0" {
			values[eligibility.FieldDesil] = ""
		}
		for _, f := range t.fields {
			s.Record.Set(f, values[f])
		}
		s.AsOf = eligibility.Date(asOf)
		into[eligibility.NIK(key)] = s
		where[eligibility.NIK(key)] = db.place(place)
		return nil
	}, query, args...)
	if err != nil {
		return err
	}
	return db.confirmStored(ctx, x, t.kind, where, into)
}

// confirmStored raises as-of dates by the coverage of newer imports.
func (db *DB) confirmStored(ctx context.Context, x executor, kind eligibility.Kind, where map[eligibility.NIK]area.Code, stored map[eligibility.NIK]importers.Stored) error {
	areas := map[string]eligibility.Date{}
	for _, a := range where {
		for _, c := range lineage(a) {
			areas[c] = ""
		}
	}
	if len(areas) == 0 {
		return nil
	}
	codes := make([]string, 0, len(areas))
	for c := range areas {
		codes = append(codes, c)
	}
	rev := db.current().rev
	query, args, err := inList(`SELECT c.area, MAX(c.as_of) FROM coverage c
		JOIN registry_import i ON i.regency_code = c.regency_code AND i.seq = c.import_seq
			AND i.visible_from <= ? AND i.visible_until > ?
		WHERE c.regency_code = ? AND c.kind = ? AND c.area IN (?) GROUP BY c.area`, rev, rev, db.regency, string(kind), codes)
	if err != nil {
		return err
	}
	err = x.each(ctx, func(rows *sqlx.Rows) error {
		var code, asOf string
		err := rows.Scan(&code, &asOf)
		areas[code] = eligibility.Date(asOf)
		return err
	}, query, args...)
	if err != nil {
		return err
	}
	before := map[eligibility.NIK]eligibility.Date{}
	for key, a := range where {
		s := stored[key]
		before[key] = s.AsOf
		for _, c := range lineage(a) {
			if !s.Gone && areas[c] > s.AsOf {
				s.AsOf = areas[c]
			}
		}
		stored[key] = s
	}
	return db.lowerGaps(ctx, x, kind, where, before, stored)
}

// AppendRows implements importers.Store. A row that is gone and brings nothing but its key keeps
// the values that were visible.
func (db *DB) AppendRows(ctx context.Context, imp importers.Import, rows []importers.Version) error {
	t, ok := rowTables[imp.Kind]
	if !ok {
		return fmt.Errorf("append to %q: no such kind of registry", imp.Kind)
	}
	if len(rows) == 0 {
		return nil
	}
	before, err := db.beforeGone(ctx, imp.Kind, rows)
	if err != nil {
		return err
	}
	columns := []string{"regency_code", "row_key", "import_seq", "gone"}
	for _, f := range t.fields {
		columns = append(columns, f.String())
	}
	if t.kind == eligibility.Residents {
		columns = append(columns, "place")
	}
	values := make([][]any, len(rows))
	for i := range rows {
		record := &rows[i].Record
		key := importers.RowKey(record)
		if old, ok := before[key]; ok {
			record = &old.Record
		}
		row := make([]any, 0, len(columns))
		row = append(row, db.regency, string(key), imp.Seq, rows[i].Gone)
		for _, f := range t.fields {
			row = append(row, columnValue(f, record.Values[f]))
		}
		if t.kind == eligibility.Residents {
			row = append(row, string(db.place(record.Values[eligibility.FieldVillage], record.Values[eligibility.FieldDistrict],
				record.Values[eligibility.FieldRegency], record.Values[eligibility.FieldProvince])))
		}
		values[i] = row
	}
	err = db.writeLightly(ctx, func(t2 *tx) error { return db.dialect.bulk(ctx, t2, t.name, columns, values) })
	if err != nil {
		return fmt.Errorf("append rows to import %s: %w", imp.ID, err)
	}
	return nil
}

// beforeGone gives the visible rows of those tombstones that carry their key alone.
func (db *DB) beforeGone(ctx context.Context, kind eligibility.Kind, rows []importers.Version) (map[eligibility.NIK]importers.Stored, error) {
	const keyFields = 1<<eligibility.FieldNIK | 1<<eligibility.FieldKK
	var keys []eligibility.NIK
	for i := range rows {
		if rows[i].Gone && rows[i].Record.Has&^keyFields == 0 {
			keys = append(keys, importers.RowKey(&rows[i].Record))
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	return db.StoredRows(ctx, kind, keys)
}

// columnValue is a field as its column wants it: desil is a number, 0 when unknown.
func columnValue(f eligibility.Field, v string) any {
	if f != eligibility.FieldDesil {
		return v
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		return 0
	}
	return n
}

// DropRows implements importers.Store.
func (db *DB) DropRows(ctx context.Context, imp importers.Import, niks []eligibility.NIK) error {
	t, ok := rowTables[imp.Kind]
	if !ok {
		return fmt.Errorf("drop from %q: no such kind of registry", imp.Kind)
	}
	for keys := range slices.Chunk(niks, keyBatch) {
		query, args, err := inList(`DELETE FROM `+t.name+` WHERE regency_code = ? AND import_seq = ? AND row_key IN (?)`,
			db.regency, imp.Seq, keys)
		if err != nil {
			return fmt.Errorf("drop rows of import %s: %w", imp.ID, err)
		}
		err = db.writeLightly(ctx, func(t *tx) error {
			_, err := t.exec(ctx, query, args...)
			return err
		})
		if err != nil {
			return fmt.Errorf("drop rows of import %s: %w", imp.ID, err)
		}
	}
	return nil
}

// dropAll deletes every row of an import that is not visible, a part at a time so that nobody
// waits long for the writer.
func (db *DB) dropAll(ctx context.Context, kind eligibility.Kind, seq int64) error {
	t, ok := rowTables[kind]
	if !ok {
		return nil
	}
	for low := ""; ; {
		var high sql.NullString
		err := db.reads().get(ctx, &high, `SELECT MAX(row_key) FROM (SELECT row_key FROM `+t.name+`
			WHERE regency_code = ? AND import_seq = ? AND row_key > ? ORDER BY row_key LIMIT 5000) part`, db.regency, seq, low)
		if err != nil || !high.Valid {
			return err
		}
		err = db.writeLightly(ctx, func(x *tx) error {
			_, err := x.exec(ctx, `DELETE FROM `+t.name+` WHERE regency_code = ? AND import_seq = ? AND row_key > ? AND row_key <= ?`,
				db.regency, seq, low, high.String)
			return err
		})
		if err != nil {
			return err
		}
		low = high.String
	}
}
