package storage

import (
	"context"

	"layak/complaints/reply"
	"layak/internal/audit"
	"layak/internal/fault"
)

var _ reply.WordingStore = (*DB)(nil)

type wordingRow struct {
	Code    string `db:"code"`
	Version int    `db:"version"`
	Subject string `db:"subject"`
	Body    string `db:"body"`
	Shipped bool   `db:"shipped"`
	SavedAt stamp  `db:"saved_at"`
	SavedBy string `db:"saved_by"`
}

// Wordings implements reply.WordingStore.
func (db *DB) Wordings(ctx context.Context) ([]reply.Wording, error) {
	var rows []wordingRow
	err := db.reads().list(ctx, &rows, `SELECT code, version, subject, body, shipped, saved_at, saved_by FROM reply_template t
		WHERE regency_code = ? AND version = (SELECT MAX(n.version) FROM reply_template n WHERE n.regency_code = t.regency_code AND n.code = t.code)
		ORDER BY code`, db.regency)
	all := make([]reply.Wording, len(rows))
	for i, r := range rows {
		all[i] = reply.Wording{Code: r.Code, Version: r.Version, Subject: r.Subject, Body: r.Body, Shipped: r.Shipped, SavedAt: r.SavedAt.time(), SavedBy: r.SavedBy}
	}
	return all, err
}

// SaveWording implements reply.WordingStore.
func (db *DB) SaveWording(ctx context.Context, w reply.Wording, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `INSERT INTO reply_template (regency_code, code, version, subject, body, shipped, saved_at, saved_by)
			SELECT ?, ?, ?, ?, ?, ?, ?, ? WHERE ? = (SELECT COALESCE(MAX(version), 0) + 1 FROM reply_template WHERE regency_code = ? AND code = ?)`,
			db.regency, w.Code, w.Version, w.Subject, w.Body, w.Shipped, at(w.SavedAt), w.SavedBy, w.Version, db.regency, w.Code)
		if fault.Is(err, fault.Conflict) || err == nil && n == 0 {
			return fault.New(fault.Conflict, "wording_changed",
				"Templat ini baru saja diubah rekan. Muat ulang, lihat perubahannya, lalu ulangi.")
		}
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
}
