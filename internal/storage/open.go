package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/fault"
)

// Config says for whom the database is opened. Only Regency is required.
type Config struct {
	Regency area.Code         // office that owns the records: "35.09"
	Clock   eligibility.Clock // nil is the clock of the machine
	Keys    *audit.Keyring    // hashes persons in the trail and signs its blocks (audit.LoadKey); nil makes
	//                           a ring that is forgotten at the end, with which no block can be checked later
	Conns int // most connections to PostgreSQL, or readers of SQLite; 0 is 24, or two per core and at least 4
}

// DB is the opened database of one regency. It is safe for concurrent use and holds no state that
// another process would not see: what it remembers is used only as long as a number or a moment read
// from the database shows that it still holds.
type DB struct {
	regency  string
	clock    eligibility.Clock
	keys     *audit.Keyring
	trail    trail
	kept     keptCases
	accounts keptAccounts
	areas    confirmedAreas
	imports  knownImports
	dialect  dialect
	writer   *pool // the only writer of SQLite; all connections of PostgreSQL
	door     *door // queue before the only writer; nil when there are many
	reader   *pool
}

// Open connects to the database at "sqlite:PATH" or "postgres://…" and makes sure that its tables
// are those of this program: an empty database gets them, under a lock; a filled one of an older
// or a newer program is refused with a sentence (see Migrate).
func Open(ctx context.Context, address string, cfg Config) (*DB, error) {
	db, err := connect(address, cfg)
	if err != nil {
		return nil, err
	}
	err = db.ready(ctx)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// connect opens the pools without looking at the tables.
func connect(address string, cfg Config) (*DB, error) {
	if cfg.Regency == "" {
		return nil, errors.New("open database: no regency configured")
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.Keys == nil {
		cfg.Keys = audit.Forgotten()
	}
	db := &DB{regency: string(cfg.Regency), clock: cfg.Clock, keys: cfg.Keys}
	scheme, rest, _ := strings.Cut(address, ":")
	switch {
	case scheme == "sqlite" && rest != "":
		return db, db.connectSQLite(rest, cmp.Or(cfg.Conns, max(4, 2*runtime.GOMAXPROCS(0))))
	case scheme == "postgres" || scheme == "postgresql":
		return db, db.connectPostgres(address, cmp.Or(cfg.Conns, 24))
	}
	return nil, fault.New(fault.Invalid, "database_address",
		"Alamat basis data harus berbentuk sqlite:LETAK_BERKAS atau postgres://pengguna@server/nama.")
}

// connectSQLite opens one connection that writes and a few that read. More than a few gain
// nothing, because a query of SQLite is work for a core, and each keeps pages of its own; what has
// not been used for some minutes gives them back. The writer keeps more of them: among a million cases
// every act touches other leaves of two dozen indexes.
func (db *DB) connectSQLite(path string, conns int) error {
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err != nil {
		return fault.New(fault.Unavailable, "database_unavailable",
			"Folder untuk basis data tidak dapat dibuat. Periksa izin folder itu.").Because(err)
	}
	err = ownerOnly(path)
	if err != nil {
		return err
	}
	db.dialect = &sqliteDialect{path: path}
	w, err := sqlx.Open("sqlite", sqliteDSN(path, "_txlock=immediate", "_pragma=journal_mode(WAL)", "_pragma=synchronous(FULL)", "_pragma=cache_size(-32000)"))
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	w.SetMaxOpenConns(1)
	r, err := sqlx.Open("sqlite", sqliteDSN(path, "_pragma=query_only(1)"))
	if err != nil {
		return errors.Join(fmt.Errorf("open database: %w", err), w.Close())
	}
	r.SetMaxOpenConns(conns)
	r.SetMaxIdleConns(conns)
	r.SetConnMaxIdleTime(5 * time.Minute)
	db.writer, db.reader = newPool(w, db.dialect), newPool(r, db.dialect)
	db.door = newDoor(db)
	return nil
}

// ownerOnly makes a database that does not exist yet as an empty file that its owner alone may
// read: it will hold the data of a whole regency. SQLite gives its journal the same mode.
func ownerOnly(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return fault.New(fault.Unavailable, "database_unavailable",
			"Berkas basis data tidak dapat dibuat. Periksa izin folder itu.").Because(err)
	}
	return f.Close()
}

// sqliteDSN writes the path as a file URI, so that no character of it is taken for an option.
func sqliteDSN(path string, options ...string) string {
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(filepath.ToSlash(path))
	options = append([]string{"_pragma=busy_timeout(10000)", "_pragma=foreign_keys(1)",
		"_pragma=cache_size(-8000)", "_pragma=temp_store(2)"}, options...)
	return "file:" + escaped + "?" + strings.Join(options, "&")
}

func (db *DB) connectPostgres(address string, conns int) error {
	u, err := url.Parse(address)
	if err != nil {
		return fault.New(fault.Invalid, "database_address",
			"Alamat basis data PostgreSQL tidak dapat dibaca. Bentuknya postgres://pengguna@server/nama.")
	}
	q := u.Query()
	if !q.Has("application_name") {
		q.Set("application_name", "layak")
	}
	u.RawQuery = q.Encode()
	db.dialect = postgresDialect{address: u.String()}
	pg, err := sqlx.Open("postgres", u.String())
	if err != nil {
		return errors.New("open database: the PostgreSQL address is not usable")
	}
	pg.SetMaxOpenConns(conns)
	pg.SetMaxIdleConns(conns)
	pg.SetConnMaxIdleTime(5 * time.Minute)
	db.writer = newPool(pg, db.dialect)
	db.reader = db.writer
	return nil
}

// Close seals what this process has written into the trail and gives the connections back.
func (db *DB) Close() error {
	err := db.sealRest()
	if db.reader == db.writer {
		return errors.Join(err, db.writer.close())
	}
	return errors.Join(err, db.reader.close(), db.writer.close())
}

// Ping tells whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	return db.reads().get(ctx, &one, `SELECT 1`)
}

// Regency is the office whose records this DB reads and writes.
func (db *DB) Regency() area.Code { return area.Code(db.regency) }

// Engine names the engine for a person: "SQLite" or "PostgreSQL".
func (db *DB) Engine() string { return db.dialect.name() }
