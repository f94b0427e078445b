package storage

import (
	"context"

	"layak/complaints"
	"layak/internal/audit"
	"layak/internal/fault"
)

type viewRow struct {
	ID      string `db:"id"`
	Name    string `db:"name"`
	Query   string `db:"query"`
	SavedAt stamp  `db:"saved_at"`
}

// Views lists the saved views of a person, by name.
func (db *DB) Views(ctx context.Context, owner string) ([]complaints.View, error) {
	var rows []viewRow
	err := db.reads().list(ctx, &rows, `SELECT id, name, query, saved_at FROM saved_view
		WHERE regency_code = ? AND owner = ? ORDER BY name`, db.regency, owner)
	if err != nil {
		return nil, err
	}
	views := make([]complaints.View, len(rows))
	for i, r := range rows {
		views[i] = complaints.View{ID: r.ID, Name: r.Name, Query: r.Query, At: r.SavedAt.time()}
	}
	return views, nil
}

// SaveView adds a view or replaces what the name stood for.
func (db *DB) SaveView(ctx context.Context, owner string, v complaints.View, e audit.Entry) error {
	return db.write(ctx, func(tx *tx) error {
		_, err := tx.exec(ctx, `INSERT INTO saved_view (regency_code, owner, id, name, query, saved_at) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (regency_code, owner, name) DO UPDATE SET query = excluded.query, saved_at = excluded.saved_at`,
			db.regency, owner, v.ID, v.Name, v.Query, at(v.At))
		if err != nil {
			return err
		}
		return tx.record(ctx, e)
	})
}

// DropView forgets a view of the owner.
func (db *DB) DropView(ctx context.Context, owner, id string, e audit.Entry) error {
	return db.write(ctx, func(tx *tx) error {
		n, err := tx.exec(ctx, `DELETE FROM saved_view WHERE regency_code = ? AND owner = ? AND id = ?`, db.regency, owner, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "view_unknown", "Tampilan ini sudah tidak ada.")
		}
		return tx.record(ctx, e)
	})
}
