package storage

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"

	"layak/internal/fault"
)

// The tables are built by numbered files, one folder per engine because the words of DDL differ.
// A file that has been released is never edited; a test holds the two folders to the same tables
// and columns, and to schema.sql.
//
//go:embed migrations
var migrationFiles embed.FS

// versionTable is where goose keeps the numbers of the files that have run.
const versionTable = "schema_version"

func migrationFolder(engine string) fs.FS {
	sub, err := fs.Sub(migrationFiles, "migrations/"+engine)
	if err != nil {
		panic(err) // the folder is embedded; a test opens both
	}
	return sub
}

func (db *DB) migrator() (*goose.Provider, error) {
	d, files := db.dialect.migrations()
	p, err := goose.NewProvider(d, db.writer.db.DB, files,
		goose.WithTableName(versionTable), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}

// ready lets the database pass when its tables are those of this program, and fills an empty one.
func (db *DB) ready(ctx context.Context) error {
	p, err := db.migrator()
	if err != nil {
		return err
	}
	has, wants, err := db.versions(ctx, p)
	if err != nil || has == wants {
		return err
	}
	if has > wants {
		return newer()
	}
	filled, err := db.installed(ctx)
	if err != nil {
		return err
	}
	if filled {
		return fault.New(fault.Conflict, "database_older",
			"Basis data ini dibuat oleh versi program yang lebih lama. Buat cadangan, lalu jalankan: layak migrate.")
	}
	_, _, err = db.migrate(ctx)
	return err
}

func newer() error {
	return fault.New(fault.Conflict, "database_newer",
		"Basis data ini dibuat oleh versi program yang lebih baru. Pasang program versi terbaru untuk memakainya.")
}

// versions tells the number of the last migration that the database has and that the program wants.
func (db *DB) versions(ctx context.Context, p *goose.Provider) (has, wants int64, err error) {
	for _, s := range p.ListSources() {
		wants = max(wants, s.Version)
	}
	var tables int
	x := executor{pool: db.writer}
	err = x.get(ctx, &tables, db.dialect.hasTable(), versionTable)
	if err != nil || tables == 0 {
		return 0, wants, err
	}
	err = x.get(ctx, &has, `SELECT COALESCE(MAX(version_id), 0) FROM schema_version WHERE is_applied`)
	return has, wants, err
}

// installed tells whether all the tables were once complete: only then can there be anything that
// a migration may hurt. A first start that was killed half-way goes on where it stopped.
func (db *DB) installed(ctx context.Context) (bool, error) {
	var n int
	x := executor{pool: db.writer}
	err := x.get(ctx, &n, db.dialect.hasTable(), "installation")
	if err != nil || n == 0 {
		return false, err
	}
	err = x.get(ctx, &n, `SELECT COUNT(*) FROM installation`)
	return n > 0, err
}

// migrate runs what is missing, under a lock that all processes share.
func (db *DB) migrate(ctx context.Context) (from, to int64, err error) {
	release, err := db.lock(ctx, "migrate", nil)
	if err != nil {
		return 0, 0, err
	}
	defer release()
	p, err := db.migrator()
	if err != nil {
		return 0, 0, err
	}
	from, to, err = db.versions(ctx, p)
	if err != nil {
		return 0, 0, err
	}
	if from > to {
		return from, to, newer()
	}
	if from < to {
		_, err = p.Up(ctx)
		if err != nil {
			return from, to, explain(db.dialect, fmt.Errorf("migrate database: %w", err))
		}
	}
	return from, to, db.write(ctx, func(t *tx) error {
		return t.setInstallation(ctx, "created_at", t.now.Format(time.RFC3339))
	})
}

// Migrate brings a database of an older program up to this one and tells the numbers of the last
// migration before and after. Nobody should work in it meanwhile.
func Migrate(ctx context.Context, address string, cfg Config) (from, to int64, err error) {
	db, err := connect(address, cfg)
	if err != nil {
		return 0, 0, err
	}
	from, to, err = db.migrate(ctx)
	return from, to, errors.Join(err, db.Close())
}
