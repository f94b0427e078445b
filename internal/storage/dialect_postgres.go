package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"net"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/pressly/goose/v3"
)

// postgresDialect is PostgreSQL through lib/pq.
type postgresDialect struct{ address string }

func (postgresDialect) name() string { return "PostgreSQL" }

func (postgresDialect) rebind(query string) string { return sqlx.Rebind(sqlx.DOLLAR, query) }

func (postgresDialect) snapshot() *sql.TxOptions {
	return &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
}

func (postgresDialect) hasTable() string {
	return `SELECT COUNT(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = ?`
}

func (postgresDialect) notify() string { return `SELECT pg_notify(?, ?)` }

// byKeys: for some hundred keys PostgreSQL would rather read whole tables and compile its plan, which takes
// ten times as long.
func (postgresDialect) byKeys() string {
	return `SELECT set_config('jit', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`
}

func (d postgresDialect) listen(db *DB, channel string) (<-chan struct{}, func()) {
	return listenPostgres(d.address, db.regency, channel)
}

func (postgresDialect) skipLocked() string { return ` FOR UPDATE SKIP LOCKED` }

func (postgresDialect) durability() (relax, restore string) {
	return `SET synchronous_commit = off`, `RESET synchronous_commit`
}

func (postgresDialect) loaded(ctx context.Context, db *DB, table string) error {
	_, err := db.writer.db.ExecContext(ctx, `ANALYZE `+pq.QuoteIdentifier(table))
	return explain(db.dialect, err)
}

// codeOf is the SQLSTATE of an error, "" when it has none.
func codeOf(err error) string {
	var e *pq.Error
	if !errors.As(err, &e) {
		return ""
	}
	return string(e.Code)
}

func (postgresDialect) classify(err error) failure {
	code := codeOf(err)
	switch {
	case code == "23505":
		return duplicate
	case code == "40001", code == "40P01", code == "55P03":
		return busy
	case code == "53100", code == "53200":
		return full
	case code == "25006":
		return readOnly
	case code == "22012":
		return untouched
	case strings.HasPrefix(code, "08"), strings.HasPrefix(code, "28"), code == "3D000",
		strings.HasPrefix(code, "57P"), code == "53300":
		return away
	case code != "":
		return other
	}
	var netError net.Error
	if errors.As(err, &netError) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) ||
		errors.Is(err, sql.ErrConnDone) {
		return away
	}
	return other
}

func (postgresDialect) again(err error) bool {
	code := codeOf(err)
	return code == "40001" || code == "40P01" // serialization failure, deadlock
}

// bulk sends the rows by COPY.
func (postgresDialect) bulk(ctx context.Context, t *tx, table string, columns []string, rows [][]any) (err error) {
	quoted := make([]string, len(columns))
	for i, c := range columns {
		quoted[i] = pq.QuoteIdentifier(c)
	}
	s, err := t.tx.PrepareContext(ctx, `COPY `+pq.QuoteIdentifier(table)+` (`+strings.Join(quoted, ", ")+`) FROM STDIN`)
	if err != nil {
		return t.explain(fmt.Errorf("copy into %s: %w", table, err))
	}
	defer func() { err = t.explain(errors.Join(err, s.Close())) }()
	for _, row := range rows {
		_, err = s.ExecContext(ctx, row...)
		if err != nil {
			return fmt.Errorf("copy into %s: %w", table, err)
		}
	}
	_, err = s.ExecContext(ctx) // ends the COPY; row errors come back here
	if err != nil {
		return fmt.Errorf("copy into %s: %w", table, err)
	}
	return nil
}

// tryLock takes an advisory lock on a connection of its own; the server frees it when the
// connection ends, however the process ends.
func (postgresDialect) tryLock(ctx context.Context, db *DB, name string) (func(), bool, error) {
	conn, err := db.writer.db.Conn(ctx)
	if err != nil {
		return nil, false, explain(db.dialect, fmt.Errorf("lock %s: %w", name, err))
	}
	h := fnv.New64a()
	_, _ = io.WriteString(h, "layak/"+db.regency+"/"+name) // a hash never refuses
	key := int64(h.Sum64())                                // any 64 bits are a lock number
	var ok bool
	err = conn.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, key).Scan(&ok)
	if err != nil || !ok {
		return nil, false, explain(db.dialect, errors.Join(err, conn.Close()))
	}
	release := func() {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, key)
		if err != nil {
			// A connection that cannot be unlocked is thrown away, which frees the lock as well.
			_ = conn.Raw(func(any) error { return driver.ErrBadConn })
		}
		_ = conn.Close()
	}
	return release, true, nil
}

func (postgresDialect) migrations() (goose.Dialect, fs.FS) {
	return goose.DialectPostgres, migrationFolder("postgres")
}
