package storage

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"layak/eligibility"
	"layak/internal/area"
)

type nameRow struct {
	NIK       string `db:"nik"`
	Name      string `db:"name"`
	BirthDate string `db:"birth_date"`
	Sex       string `db:"sex"`
	Village   string `db:"village"`
	KK        string `db:"kk"`
}

// visibleSQL keeps rows of the table v whose import the revision sees and that no newer visible
// version replaced. It takes regency, kind, revision, revision, regency, kind, revision, revision.
// Lists use it: the set of visible imports is looked up once per list, not once per row.
func visibleSQL(t rowTable) string {
	const imports = `(SELECT seq FROM registry_import
		WHERE regency_code = ? AND kind = ? AND visible_from <= ? AND visible_until > ?)`
	return `v.import_seq IN ` + imports + ` AND NOT EXISTS (SELECT 1 FROM ` + t.name + ` n
		WHERE n.regency_code = v.regency_code AND n.row_key = v.row_key AND n.import_seq > v.import_seq
			AND n.import_seq IN ` + imports + `)`
}

func (v registryView) visibleArgs(k eligibility.Kind) []any {
	once := []any{v.db.regency, string(k), v.rev, v.rev}
	return append(once, once...)
}

// insideSQL keeps residents (alias given) of an area: one range of the index, because '/' follows
// '.' and so everything below an area lies between its code and its code with a slash.
func insideSQL(alias string, a area.Code) (string, []any) {
	return `(` + alias + `.place >= ? AND ` + alias + `.place < ?)`, []any{string(a), string(a) + "/"}
}

// Names implements eligibility.Registry.
func (v registryView) Names(ctx context.Context, a area.Code) ([]eligibility.NameRow, error) {
	inside, args := insideSQL("v", a)
	return v.names(ctx, inside, args)
}

// NamesBorn implements eligibility.Registry.
func (v registryView) NamesBorn(ctx context.Context, born eligibility.Date) ([]eligibility.NameRow, error) {
	if born == "" {
		return nil, nil
	}
	return v.names(ctx, `v.birth_date = ?`, []any{string(born)})
}

func (v registryView) names(ctx context.Context, where string, args []any) ([]eligibility.NameRow, error) {
	t := rowTables[eligibility.Residents]
	args = append([]any{v.db.regency}, args...)
	args = append(args, v.visibleArgs(eligibility.Residents)...)
	var rows []nameRow
	err := v.db.reads().list(ctx, &rows, `SELECT v.nik, v.name, v.birth_date, v.sex, v.village, v.kk
		FROM resident_version v WHERE v.regency_code = ? AND `+where+`
			AND NOT v.gone AND v.life_status <> 'deceased' AND `+visibleSQL(t), args...)
	if err != nil {
		return nil, fmt.Errorf("read names: %w", err)
	}
	out := make([]eligibility.NameRow, len(rows))
	for i, r := range rows {
		out[i] = eligibility.NameRow{NIK: eligibility.NIK(r.NIK), Name: r.Name, BirthDate: eligibility.Date(r.BirthDate),
			Sex: r.Sex, Village: area.Code(r.Village), KK: eligibility.KK(r.KK)}
	}
	return out, nil
}

// ListedIn implements importers.Store.
func (db *DB) ListedIn(ctx context.Context, kind eligibility.Kind, a area.Code, yield func(eligibility.NIK) error) error {
	v := db.current()
	t, ok := rowTables[kind]
	if !ok {
		return fmt.Errorf("list %q: no such kind of registry", kind)
	}
	from := t.name + ` v`
	var where string
	var args []any
	if kind == eligibility.Residents {
		where, args = insideSQL("v", a)
	} else {
		// A row belongs where its person lives; a family row where anybody of the card lives.
		residents := rowTables[eligibility.Residents]
		from = t.name + ` v LEFT JOIN (SELECT v.row_key, v.place FROM resident_version v WHERE v.regency_code = ? AND ` + visibleSQL(residents) + `
				UNION ALL SELECT 'kk:' || v.kk, MAX(v.place) FROM resident_version v WHERE v.regency_code = ? AND v.kk <> '' AND ` + visibleSQL(residents) + `
				GROUP BY v.kk) r ON r.row_key = v.row_key`
		inside, in := insideSQL("r", a)
		where = inside
		if a.Contains(db.Regency()) {
			where = `(r.row_key IS NULL OR ` + inside + `)`
		}
		for range 2 {
			args = append(args, db.regency)
			args = append(args, v.visibleArgs(eligibility.Residents)...)
		}
		args = append(args, in...)
	}
	args = append(args, db.regency)
	args = append(args, v.visibleArgs(kind)...)
	err := db.reads().each(ctx, func(rows *sqlx.Rows) error {
		var key string
		err := rows.Scan(&key)
		if err != nil {
			return err
		}
		return yield(eligibility.NIK(key))
	}, `SELECT v.row_key FROM `+from+` WHERE `+where+` AND v.regency_code = ? AND NOT v.gone AND `+visibleSQL(t), args...)
	if err != nil {
		return fmt.Errorf("list %s: %w", kind, err)
	}
	return nil
}
