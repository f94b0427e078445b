package storage

import (
	"context"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/audit"
)

var _ importers.UploadStore = (*DB)(nil)

const uploadColumns = `id, name, size, kind, file_hash, stage, settings, progress, summary, run, beat_at, created_at, created_by, expires_at`

type uploadRow struct {
	ID        string                             `db:"id"`
	Name      string                             `db:"name"`
	Size      int64                              `db:"size"`
	Kind      string                             `db:"kind"`
	FileHash  string                             `db:"file_hash"`
	Stage     string                             `db:"stage"`
	Settings  jsonText[importers.UploadSettings] `db:"settings"`
	Progress  jsonText[importers.Progress]       `db:"progress"`
	Summary   jsonText[importers.UploadSummary]  `db:"summary"`
	Run       int                                `db:"run"`
	BeatAt    stamp                              `db:"beat_at"`
	CreatedAt stamp                              `db:"created_at"`
	CreatedBy string                             `db:"created_by"`
	ExpiresAt stamp                              `db:"expires_at"`
}

func (r *uploadRow) upload() importers.Upload {
	return importers.Upload{
		ID: r.ID, Name: r.Name, Size: r.Size, Kind: eligibility.Kind(r.Kind), FileHash: r.FileHash,
		Stage: importers.Stage(r.Stage), Settings: r.Settings.V, Progress: r.Progress.V, Summary: r.Summary.V, Run: r.Run,
		BeatAt: r.BeatAt.time(), CreatedAt: r.CreatedAt.time(), CreatedBy: r.CreatedBy, ExpiresAt: r.ExpiresAt.time(),
	}
}

// AddUpload implements importers.UploadStore.
func (db *DB) AddUpload(ctx context.Context, u importers.Upload, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO upload (regency_code, `+uploadColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			db.regency, u.ID, u.Name, u.Size, string(u.Kind), u.FileHash, string(u.Stage), asJSON(u.Settings),
			asJSON(u.Progress), asJSON(u.Summary), u.Run, at(u.BeatAt), at(u.CreatedAt), u.CreatedBy, at(u.ExpiresAt))
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
}

// AppendUpload implements importers.UploadStore. Each part is a transaction of its own, so that a
// large workbook does not hold up the desks.
func (db *DB) AppendUpload(ctx context.Context, id string, no int, part []byte) error {
	return db.write(ctx, func(t *tx) error { return uploadChunks.add(ctx, t, id, no, part) })
}

// UploadPart implements importers.UploadStore.
func (db *DB) UploadPart(ctx context.Context, id string, no int) ([]byte, error) {
	return uploadChunks.part(ctx, db, id, no)
}

// Upload implements importers.UploadStore.
func (db *DB) Upload(ctx context.Context, id string) (importers.Upload, error) {
	var r uploadRow
	err := db.reads().get(ctx, &r, `SELECT `+uploadColumns+` FROM upload WHERE regency_code = ? AND id = ?`, db.regency, id)
	if err != nil {
		return importers.Upload{}, missing(err, "upload_unknown",
			"Berkas unggahan ini tidak ada lagi. Unggah berkasnya sekali lagi dari halaman Data.")
	}
	return r.upload(), nil
}

// Uploads implements importers.UploadStore.
func (db *DB) Uploads(ctx context.Context) ([]importers.Upload, error) {
	var rows []uploadRow
	err := db.reads().list(ctx, &rows, `SELECT `+uploadColumns+` FROM upload WHERE regency_code = ? ORDER BY id DESC`, db.regency)
	out := make([]importers.Upload, len(rows))
	for i := range rows {
		out[i] = rows[i].upload()
	}
	return out, err
}

// MoveUpload implements importers.UploadStore.
func (db *DB) MoveUpload(ctx context.Context, was, u importers.Upload, e *audit.Entry) (bool, error) {
	moved := false
	err := db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE upload SET stage = ?, settings = ?, progress = ?, summary = ?, file_hash = ?, run = ?,
				beat_at = ?, expires_at = ?
			WHERE regency_code = ? AND id = ? AND stage = ? AND run = ?`,
			string(u.Stage), asJSON(u.Settings), asJSON(u.Progress), asJSON(u.Summary), u.FileHash, u.Run, at(u.BeatAt),
			at(u.ExpiresAt), db.regency, was.ID, string(was.Stage), was.Run)
		moved = n == 1
		if err != nil || !moved || e == nil {
			return err
		}
		return t.record(ctx, *e)
	})
	return moved, err
}

// DropUpload implements importers.UploadStore.
func (db *DB) DropUpload(ctx context.Context, id string, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		err := uploadChunks.drop(ctx, t, id)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `DELETE FROM upload WHERE regency_code = ? AND id = ?`, db.regency, id)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
}

// DropUploadBytes implements importers.UploadStore.
func (db *DB) DropUploadBytes(ctx context.Context, id string) error {
	return db.write(ctx, func(t *tx) error { return uploadChunks.drop(ctx, t, id) })
}
