package storage

import (
	"context"
	"fmt"

	"layak/eligibility/trial"
	"layak/internal/audit"
	"layak/internal/fault"
	"layak/policy"
)

var _ trial.Store = (*DB)(nil)

const testPersonColumns = `id, name, note, facts, updated_at, updated_by`

type testPersonRow struct {
	ID        string                 `db:"id"`
	Name      string                 `db:"name"`
	Note      string                 `db:"note"`
	Facts     jsonText[policy.Input] `db:"facts"`
	UpdatedAt stamp                  `db:"updated_at"`
	UpdatedBy string                 `db:"updated_by"`
}

func (r *testPersonRow) person() trial.Person {
	return trial.Person{ID: r.ID, Name: r.Name, Note: r.Note, Facts: r.Facts.V, Updated: r.UpdatedAt.time(), By: r.UpdatedBy}
}

// TestPeople implements trial.Store.
func (db *DB) TestPeople(ctx context.Context) ([]trial.Person, error) {
	var rows []testPersonRow
	err := db.read(ctx, func(t *tx) error {
		return t.list(ctx, &rows, `SELECT `+testPersonColumns+` FROM test_person WHERE regency_code = ? ORDER BY name, id`, db.regency)
	})
	if err != nil {
		return nil, fmt.Errorf("list test people: %w", err)
	}
	out := make([]trial.Person, 0, len(rows))
	for i := range rows {
		out = append(out, rows[i].person())
	}
	return out, nil
}

// TestPerson implements trial.Store.
func (db *DB) TestPerson(ctx context.Context, id string) (p trial.Person, err error) {
	var rows []testPersonRow
	err = db.read(ctx, func(t *tx) error {
		return t.list(ctx, &rows, `SELECT `+testPersonColumns+` FROM test_person WHERE regency_code = ? AND id = ?`, db.regency, id)
	})
	if err != nil {
		return p, fmt.Errorf("find test person %s: %w", id, err)
	}
	if len(rows) == 0 {
		return p, errNoTestPerson
	}
	return rows[0].person(), nil
}

var errNoTestPerson = fault.New(fault.NotFound, "test_person_missing", "Orang uji ini tidak ada lagi.")

// SaveTestPerson implements trial.Store.
func (db *DB) SaveTestPerson(ctx context.Context, p trial.Person, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO test_person (regency_code, `+testPersonColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (regency_code, id) DO UPDATE SET name = excluded.name, note = excluded.note, facts = excluded.facts,
				updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
			db.regency, p.ID, p.Name, p.Note, asJSON(p.Facts), at(p.Updated), p.By)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("save test person %s: %w", p.ID, err)
	}
	return nil
}

// RemoveTestPerson implements trial.Store.
func (db *DB) RemoveTestPerson(ctx context.Context, id string, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `DELETE FROM test_person WHERE regency_code = ? AND id = ?`, db.regency, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return errNoTestPerson
		}
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("remove test person %s: %w", id, err)
	}
	return nil
}
