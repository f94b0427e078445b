package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteDialect is the embedded engine: one file, one writer at a time.
type sqliteDialect struct {
	path string
}

func (*sqliteDialect) name() string { return "SQLite" }

func (*sqliteDialect) rebind(query string) string { return query }

func (*sqliteDialect) snapshot() *sql.TxOptions { return &sql.TxOptions{ReadOnly: true} }

func (*sqliteDialect) durability() (relax, restore string) {
	return `PRAGMA synchronous = NORMAL`, `PRAGMA synchronous = FULL`
}

// join is nothing: a statement costs no round trip here.
func (*sqliteDialect) join() func(parts []collected) string { return nil }

// loaded does nothing: every query names its whole key, so SQLite needs no figures to choose well.
func (*sqliteDialect) loaded(context.Context, *DB, string) error { return nil }

func (*sqliteDialect) hasTable() string {
	return `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = ?`
}

// byKeys is nothing: without figures SQLite finds rows by keys.
func (*sqliteDialect) byKeys() string { return "" }

// notify is nothing: whoever shares the file looks by himself.
func (*sqliteDialect) notify() string { return "" }

func (*sqliteDialect) listen(*DB, string) (<-chan struct{}, func()) { return nil, func() {} }

// skipLocked is nothing: SQLite has one writer at a time.
func (*sqliteDialect) skipLocked() string { return "" }

// keyExists is how the triggers that guard append-only tables against REPLACE end their message;
// they speak before the unique index would.
const keyExists = "append-only: the key exists"

func (*sqliteDialect) classify(err error) failure {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return other
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return duplicate
	case sqlite3.SQLITE_CONSTRAINT_TRIGGER:
		if strings.Contains(e.Error(), keyExists) {
			return duplicate
		}
	}
	switch e.Code() & 0xff { // the primary code of an extended one
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return busy
	case sqlite3.SQLITE_FULL:
		return full
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return readOnly
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR:
		return away
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return notDatabase
	}
	return other
}

func (d *sqliteDialect) again(err error) bool { return d.classify(err) == busy }

// maxVariables is SQLite's limit of question marks in one statement.
const maxVariables = 32766

// bulk inserts several rows per statement.
func (*sqliteDialect) bulk(ctx context.Context, t *tx, table string, columns []string, rows [][]any) error {
	perStatement := min(100, maxVariables/len(columns))
	one := "(" + strings.Repeat("?,", len(columns)-1) + "?)"
	text := func(n int) string {
		return "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES " +
			strings.Repeat(one+",", n-1) + one
	}
	ctx, err := t.context(ctx)
	if err != nil {
		return err
	}
	fullText := text(perStatement)
	s, err := t.tx.PrepareContext(ctx, fullText)
	if err != nil {
		return t.explain(fmt.Errorf("prepare insert into %s: %w", table, err))
	}
	defer s.Close()
	args := make([]any, 0, perStatement*len(columns))
	for len(rows) > 0 {
		n := min(perStatement, len(rows))
		args = args[:0]
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		if n == perStatement {
			_, err = s.ExecContext(ctx, args...)
		} else {
			_, err = t.tx.ExecContext(ctx, text(n), args...)
		}
		if err != nil {
			return t.explain(fmt.Errorf("insert into %s: %w", table, err))
		}
		rows = rows[n:]
	}
	return nil
}

// tryLock locks a small file beside the database; the operating system frees it when the process
// ends, however it ends.
func (d *sqliteDialect) tryLock(_ context.Context, db *DB, name string) (func(), bool, error) {
	release, ok, err := lockFile(d.path + "." + db.regency + "." + name + ".lock")
	if err != nil {
		return nil, false, fmt.Errorf("lock %s: %w", name, err)
	}
	return release, ok, nil
}

func (*sqliteDialect) migrations() (goose.Dialect, fs.FS) {
	return goose.DialectSQLite3, migrationFolder("sqlite")
}
