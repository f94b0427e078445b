package storage

import (
	"context"

	"layak/complaints"
	"layak/internal/audit"
)

type readingRow struct {
	ID       string `db:"id"`
	Unit     string `db:"unit"`
	Name     string `db:"name"`
	Patients int    `db:"patients"`
	ReadAt   stamp  `db:"read_at"`
}

// Readings lists who of a unit read the list of registrations, the newest first.
func (db *DB) Readings(ctx context.Context, unit string, limit int) ([]complaints.Reading, error) {
	var rows []readingRow
	err := db.reads().list(ctx, &rows, `SELECT id, unit, name, patients, read_at FROM shift_reading
		WHERE regency_code = ? AND unit = ? ORDER BY id DESC LIMIT ?`, db.regency, unit, limit)
	if err != nil {
		return nil, err
	}
	all := make([]complaints.Reading, len(rows))
	for i, r := range rows {
		all[i] = complaints.Reading{ID: r.ID, Unit: r.Unit, Name: r.Name, Patients: r.Patients, At: r.ReadAt.time()}
	}
	return all, nil
}

// SaveReading adds one.
func (db *DB) SaveReading(ctx context.Context, r complaints.Reading, e audit.Entry) error {
	return db.write(ctx, func(tx *tx) error {
		_, err := tx.exec(ctx, `INSERT INTO shift_reading (regency_code, id, unit, name, patients, read_at) VALUES (?, ?, ?, ?, ?, ?)`,
			db.regency, r.ID, r.Unit, r.Name, r.Patients, at(r.At))
		if err != nil {
			return err
		}
		return tx.record(ctx, e)
	})
}
