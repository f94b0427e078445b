package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/fault"
)

var _ importers.Store = (*DB)(nil)

// importLock is the name of the lock under which a regency imports and rolls back.
const importLock = "import"

const importColumns = `id, seq, kind, status, mode, area, as_of, files, file_hash, rows_read, accepted, new_rows, changed,
	unchanged, gone, rejected, duplicates, older, skipped, warnings, seconds, started_at, started_by, finished_at, message`

type importRow struct {
	ID         string             `db:"id"`
	Seq        int64              `db:"seq"`
	Kind       string             `db:"kind"`
	Status     string             `db:"status"`
	Mode       string             `db:"mode"`
	Area       string             `db:"area"`
	AsOf       string             `db:"as_of"`
	Files      jsonText[[]string] `db:"files"`
	FileHash   string             `db:"file_hash"`
	Read       int                `db:"rows_read"`
	Accepted   int                `db:"accepted"`
	New        int                `db:"new_rows"`
	Changed    int                `db:"changed"`
	Unchanged  int                `db:"unchanged"`
	Gone       int                `db:"gone"`
	Rejected   int                `db:"rejected"`
	Duplicates int                `db:"duplicates"`
	Older      int                `db:"older"`
	Skipped    int                `db:"skipped"`
	Warnings   int                `db:"warnings"`
	Seconds    float64            `db:"seconds"`
	StartedAt  stamp              `db:"started_at"`
	StartedBy  string             `db:"started_by"`
	FinishedAt *stamp             `db:"finished_at"`
	Message    string             `db:"message"`
}

func (r *importRow) imported() importers.Import {
	return importers.Import{
		ID: r.ID, Seq: r.Seq, Kind: eligibility.Kind(r.Kind), Status: importers.Status(r.Status),
		Mode: importers.Mode(r.Mode), Area: area.Code(r.Area), AsOf: eligibility.Date(r.AsOf),
		Files: r.Files.V, FileHash: r.FileHash,
		Counts: importers.Counts{Read: r.Read, Accepted: r.Accepted, New: r.New, Changed: r.Changed,
			Unchanged: r.Unchanged, Gone: r.Gone, Rejected: r.Rejected, Duplicates: r.Duplicates,
			Older: r.Older, Skipped: r.Skipped, Warnings: r.Warnings},
		Seconds: r.Seconds, StartedAt: r.StartedAt.time(), FinishedAt: r.FinishedAt.timeOrNil(),
		StartedBy: r.StartedBy, Message: r.Message,
	}
}

// LockImports implements importers.Store.
func (db *DB) LockImports(ctx context.Context, waiting func()) (func(), error) {
	return db.lock(ctx, importLock, waiting)
}

// StartImport implements importers.Store.
func (db *DB) StartImport(ctx context.Context, imp importers.Import, e audit.Entry) (importers.Import, error) {
	if imp.ID == "" {
		imp.ID = newID()
	}
	imp.Status = importers.Running
	e.ObjectID = imp.ID
	err := db.write(ctx, func(t *tx) error {
		var err error
		imp, err = t.insertImport(ctx, imp)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
	if err != nil {
		return importers.Import{}, fmt.Errorf("start import: %w", err)
	}
	return imp, nil
}

// insertImport stores a new import under the next seq, invisible.
func (t *tx) insertImport(ctx context.Context, imp importers.Import) (importers.Import, error) {
	err := t.get(ctx, &imp.Seq, `SELECT COALESCE(MAX(seq), 0) + 1 FROM registry_import WHERE regency_code = ?`, t.db.regency)
	if err != nil {
		return imp, err
	}
	if imp.StartedAt.IsZero() {
		imp.StartedAt = t.now
	}
	if imp.Files == nil {
		imp.Files = []string{}
	}
	_, err = t.exec(ctx, `INSERT INTO registry_import (regency_code, `+importColumns+`, visible_from, visible_until)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.db.regency, imp.ID, imp.Seq, string(imp.Kind), string(imp.Status), string(imp.Mode), string(imp.Area),
		string(imp.AsOf), asJSON(imp.Files), imp.FileHash, imp.Read, imp.Accepted, imp.New, imp.Changed, imp.Unchanged,
		imp.Gone, imp.Rejected, imp.Duplicates, imp.Older, imp.Skipped, imp.Warnings, imp.Seconds, at(imp.StartedAt),
		imp.StartedBy, atOrNull(imp.FinishedAt), imp.Message, forever, forever)
	return imp, err
}

// finish stores how a running import ended; false when it no longer runs.
func (t *tx) finish(ctx context.Context, imp importers.Import) (bool, error) {
	if imp.FinishedAt == nil {
		imp.FinishedAt = &t.now
	}
	n, err := t.exec(ctx, `UPDATE registry_import SET status = ?, rows_read = ?, accepted = ?, new_rows = ?, changed = ?,
			unchanged = ?, gone = ?, rejected = ?, duplicates = ?, older = ?, skipped = ?, warnings = ?, seconds = ?,
			finished_at = ?, message = ?
		WHERE regency_code = ? AND id = ? AND status = ?`,
		string(imp.Status), imp.Read, imp.Accepted, imp.New, imp.Changed, imp.Unchanged, imp.Gone, imp.Rejected,
		imp.Duplicates, imp.Older, imp.Skipped, imp.Warnings, imp.Seconds, atOrNull(imp.FinishedAt), imp.Message,
		t.db.regency, imp.ID, string(importers.Running))
	return n == 1, err
}

// nextRevision is the number of the registry revision that a publish or rollback makes.
func (t *tx) nextRevision(ctx context.Context) (int64, error) {
	var from, until int64
	err := t.get(ctx, &from, `SELECT COALESCE(MAX(visible_from), 0) FROM registry_import
		WHERE regency_code = ? AND visible_from < ?`, t.db.regency, forever)
	if err != nil {
		return 0, err
	}
	err = t.get(ctx, &until, `SELECT COALESCE(MAX(visible_until), 0) FROM registry_import
		WHERE regency_code = ? AND visible_until < ?`, t.db.regency, forever)
	return max(from, until) + 1, err
}

// PublishImport implements importers.Store.
func (db *DB) PublishImport(ctx context.Context, imp importers.Import, coverage []eligibility.Coverage, e audit.Entry) error {
	// The planner should know the new rows before the first desk asks for them.
	err := db.dialect.loaded(ctx, db, rowTables[imp.Kind].name)
	if err != nil {
		return fmt.Errorf("publish import %s: %w", imp.ID, err)
	}
	imp.Status = importers.Published
	err = db.write(ctx, func(t *tx) error {
		running, err := t.finish(ctx, imp)
		if err != nil {
			return err
		}
		if !running {
			return fault.New(fault.Conflict, "import_ended",
				"Impor ini sudah berakhir, misalnya karena sambungan terputus. Ulangi impor dari awal.")
		}
		rev, err := t.nextRevision(ctx)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `UPDATE registry_import SET published_at = ?, visible_from = ? WHERE regency_code = ? AND id = ?`,
			at(t.now), rev, db.regency, imp.ID)
		if err != nil {
			return err
		}
		err = t.insertCoverage(ctx, imp, coverage)
		if err != nil {
			return err
		}
		e.ObjectID = imp.ID
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("publish import %s: %w", imp.ID, err)
	}
	return nil
}

func (t *tx) insertCoverage(ctx context.Context, imp importers.Import, coverage []eligibility.Coverage) error {
	if len(coverage) == 0 {
		return nil
	}
	rows := make([][]any, 0, len(coverage))
	for _, c := range coverage {
		asOf := c.AsOf
		if asOf == "" {
			asOf = imp.AsOf
		}
		rows = append(rows, []any{t.db.regency, string(imp.Kind), string(c.Area), imp.Seq, string(asOf), c.Snapshot})
	}
	return t.db.dialect.bulk(ctx, t, "coverage",
		[]string{"regency_code", "kind", "area", "import_seq", "as_of", "snapshot"}, rows)
}

// EndImport implements importers.Store. The rows of the import, if any, are deleted first.
func (db *DB) EndImport(ctx context.Context, imp importers.Import, e audit.Entry) error {
	if imp.Status == importers.Published || imp.Status == importers.Running {
		return fmt.Errorf("end import %s: status %q does not end it", imp.ID, imp.Status)
	}
	if imp.ID == "" {
		imp.ID = newID()
	}
	if imp.Seq > 0 {
		err := db.dropAll(ctx, imp.Kind, imp.Seq)
		if err == nil {
			err = db.dropGaps(ctx, imp.Seq)
		}
		if err != nil {
			return fmt.Errorf("end import %s: %w", imp.ID, err)
		}
	}
	err := db.write(ctx, func(t *tx) error {
		running, err := t.finish(ctx, imp)
		if err != nil {
			return err
		}
		if !running {
			// A refused import ends before it starts.
			_, err = t.insertImport(ctx, imp)
			if err != nil {
				return err
			}
		}
		e.ObjectID = imp.ID
		return t.record(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("end import %s: %w", imp.ID, err)
	}
	return nil
}

// SweepImports implements importers.Store.
func (db *DB) SweepImports(ctx context.Context) ([]importers.Import, error) {
	var dead []importRow
	err := db.reads().list(ctx, &dead, `SELECT `+importColumns+` FROM registry_import
		WHERE regency_code = ? AND status = ? ORDER BY seq`, db.regency, string(importers.Running))
	if err != nil {
		return nil, fmt.Errorf("sweep imports: %w", err)
	}
	var swept []importers.Import
	for i := range dead {
		imp := dead[i].imported()
		imp.Status = importers.Failed
		imp.Message = "Impor terhenti di tengah jalan (program atau komputer mati). Tidak ada data yang berubah; ulangi impor."
		err := db.EndImport(ctx, imp, audit.Entry{Actor: "system", Act: "import.fail", Object: "import"})
		if err != nil {
			return swept, fmt.Errorf("sweep imports: %w", err)
		}
		swept = append(swept, imp)
	}
	return swept, nil
}

// PublishedWithHash implements importers.Store.
func (db *DB) PublishedWithHash(ctx context.Context, kind eligibility.Kind, hash string) (*importers.Import, error) {
	var row importRow
	err := db.reads().get(ctx, &row, `SELECT `+importColumns+` FROM registry_import
		WHERE regency_code = ? AND kind = ? AND file_hash = ? AND status = ? ORDER BY seq DESC LIMIT 1`,
		db.regency, string(kind), hash, string(importers.Published))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find import by file: %w", err)
	}
	imp := row.imported()
	return &imp, nil
}

// RollbackImport implements importers.Store.
func (db *DB) RollbackImport(ctx context.Context, id string, e audit.Entry) (importers.Import, error) {
	release, ok, err := db.tryLock(ctx, importLock)
	if err != nil {
		return importers.Import{}, fmt.Errorf("roll back import %s: %w", id, err)
	}
	if !ok {
		return importers.Import{}, fault.New(fault.Conflict, "import_running",
			"Impor lain sedang berjalan. Tunggu sampai selesai, lalu batalkan impor ini.")
	}
	defer release()
	var imp importers.Import
	err = db.write(ctx, func(t *tx) error {
		var err error
		imp, err = t.importByID(ctx, id)
		if err != nil {
			return err
		}
		err = t.mayRollBack(ctx, imp)
		if err != nil {
			return err
		}
		rev, err := t.nextRevision(ctx)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `UPDATE registry_import SET status = ?, rolled_back_at = ?, visible_until = ?
			WHERE regency_code = ? AND id = ?`, string(importers.RolledBack), at(t.now), rev, db.regency, id)
		if err != nil {
			return err
		}
		imp.Status = importers.RolledBack
		e.ObjectID = id
		return t.record(ctx, e)
	})
	if err != nil {
		return importers.Import{}, fmt.Errorf("roll back import %s: %w", id, err)
	}
	return imp, nil
}

// mayRollBack refuses what is not published and what a later published import of the kind was
// compared with: its counts and its unchanged people rest on this one.
func (t *tx) mayRollBack(ctx context.Context, imp importers.Import) error {
	if imp.Status != importers.Published {
		return fault.New(fault.Conflict, "import_not_published",
			"Hanya impor yang sudah diterbitkan dan belum dibatalkan yang dapat dibatalkan.")
	}
	var later importRow
	err := t.get(ctx, &later, `SELECT `+importColumns+` FROM registry_import
		WHERE regency_code = ? AND kind = ? AND status = ? AND seq > ? ORDER BY seq DESC LIMIT 1`,
		t.db.regency, string(imp.Kind), string(importers.Published), imp.Seq)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "import_built_upon",
		"Impor ini menjadi dasar impor "+later.ID+" (data per "+later.AsOf+"). Batalkan impor itu lebih dulu.")
}

// Import implements importers.Store.
func (db *DB) Import(ctx context.Context, id string) (importers.Import, error) {
	return db.reads().importOf(ctx, db.regency, id)
}

func (t *tx) importByID(ctx context.Context, id string) (importers.Import, error) {
	return t.importOf(ctx, t.db.regency, id)
}

func (x executor) importOf(ctx context.Context, regency, id string) (importers.Import, error) {
	var row importRow
	err := x.get(ctx, &row, `SELECT `+importColumns+` FROM registry_import WHERE regency_code = ? AND id = ?`, regency, id)
	if err != nil {
		return importers.Import{}, missing(err, "import_not_found", "Impor dengan nomor itu tidak ada.")
	}
	return row.imported(), nil
}

// Imports implements importers.Store.
func (db *DB) Imports(ctx context.Context, limit int) ([]importers.Import, error) {
	if limit <= 0 {
		limit = 1 << 30
	}
	var rows []importRow
	err := db.reads().list(ctx, &rows, `SELECT `+importColumns+` FROM registry_import
		WHERE regency_code = ? ORDER BY seq DESC LIMIT ?`, db.regency, limit)
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	out := make([]importers.Import, len(rows))
	for i := range rows {
		out[i] = rows[i].imported()
	}
	return out, nil
}
