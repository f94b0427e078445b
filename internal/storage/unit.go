package storage

import (
	"context"

	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

type unitRow struct {
	Code string `db:"code"`
	Name string `db:"name"`
	Kind string `db:"kind"`
}

type unitAreaRow struct {
	Unit string `db:"unit"`
	Area string `db:"area"`
}

var errNoUnit = fault.New(fault.NotFound, "unit_not_found", "Unit kerja dengan kode itu tidak ada.")

// AddUnit keeps auth.Store.
func (db *DB) AddUnit(ctx context.Context, u auth.Unit, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO unit (regency_code, code, name, kind) VALUES (?, ?, ?, ?)`,
			db.regency, u.Code, u.Name, string(u.Kind))
		if err != nil {
			return err
		}
		err = t.insertUnitAreas(ctx, u)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
	return taken(err, "unit_exists", "code", "Unit kerja dengan kode itu sudah ada. Pakai kode lain.")
}

// ChangeUnit keeps auth.Store.
func (db *DB) ChangeUnit(ctx context.Context, u auth.Unit, e audit.Entry) error {
	defer db.accounts.forget()
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE unit SET name = ?, kind = ? WHERE regency_code = ? AND code = ?`,
			u.Name, string(u.Kind), db.regency, u.Code)
		if err != nil {
			return err
		}
		if n == 0 {
			return errNoUnit
		}
		_, err = t.exec(ctx, `DELETE FROM unit_area WHERE regency_code = ? AND unit = ?`, db.regency, u.Code)
		if err != nil {
			return err
		}
		err = t.insertUnitAreas(ctx, u)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
}

func (t *tx) insertUnitAreas(ctx context.Context, u auth.Unit) error {
	for _, c := range u.Areas {
		_, err := t.exec(ctx, `INSERT INTO unit_area (regency_code, unit, area) VALUES (?, ?, ?)`,
			t.db.regency, u.Code, string(c))
		if err != nil {
			return err
		}
	}
	return nil
}

// Unit keeps auth.Store.
func (db *DB) Unit(ctx context.Context, code string) (auth.Unit, error) {
	var r unitRow
	err := db.reads().get(ctx, &r, `SELECT code, name, kind FROM unit WHERE regency_code = ? AND code = ?`, db.regency, code)
	if err != nil {
		return auth.Unit{}, missing(err, errNoUnit.Code, errNoUnit.Message)
	}
	var areas []area.Code
	err = db.reads().list(ctx, &areas, `SELECT area FROM unit_area WHERE regency_code = ? AND unit = ? ORDER BY area`, db.regency, code)
	return auth.Unit{Code: r.Code, Name: r.Name, Kind: auth.UnitKind(r.Kind), Areas: areas}, err
}

// Units keeps auth.Store.
func (db *DB) Units(ctx context.Context) ([]auth.Unit, error) {
	var units []unitRow
	var areas []unitAreaRow
	err := db.read(ctx, func(t *tx) error {
		units, areas = nil, nil
		err := t.list(ctx, &units, `SELECT code, name, kind FROM unit WHERE regency_code = ? ORDER BY code`, db.regency)
		if err != nil {
			return err
		}
		return t.list(ctx, &areas, `SELECT unit, area FROM unit_area WHERE regency_code = ? ORDER BY unit, area`, db.regency)
	})
	if err != nil {
		return nil, err
	}
	byUnit := map[string][]area.Code{}
	for _, a := range areas {
		byUnit[a.Unit] = append(byUnit[a.Unit], area.Code(a.Area))
	}
	out := make([]auth.Unit, len(units))
	for i, r := range units {
		out[i] = auth.Unit{Code: r.Code, Name: r.Name, Kind: auth.UnitKind(r.Kind), Areas: byUnit[r.Code]}
	}
	return out, nil
}

// taken gives "a key exists already" the words of the noun, beside the field.
func taken(err error, code, field, message string) error {
	if f := fault.As(err); f != nil && f.Code == "duplicate" {
		return fault.New(fault.Conflict, code, message).At(field, message).Because(f)
	}
	return err
}
