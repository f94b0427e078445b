package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
)

// tx is one transaction: an executor with one now for everything it writes.
type tx struct {
	executor
	db  *DB
	now time.Time // UTC, microseconds
}

// maxAttempts bounds how often a transaction that lost against another one is run again.
const maxAttempts = 10

// write runs fn in a transaction that commits when fn returns nil and leaves nothing behind when
// it does not. fn may run several times, when another transaction was in its way, so it must not
// change anything outside the transaction that a second run would not set again.
//
// PostgreSQL runs it at READ COMMITTED: whoever changes what he has read before guards the UPDATE
// with a version column and looks at the number of rows, or locks the row by an UPDATE first.
//
// On SQLite fn shares the transaction with whoever writes at the same moment (door).
func (db *DB) write(ctx context.Context, fn func(*tx) error) error {
	if db.door != nil {
		return db.repeat(ctx, func() error { return db.door.write(ctx, fn) })
	}
	defer db.writer.catchUp(ctx)
	return db.transact(ctx, db.writer, func(ctx context.Context) (*sqlx.Tx, error) {
		return db.writer.db.BeginTxx(ctx, nil)
	}, fn)
}

// statement is a query text with its arguments.
type statement struct {
	query string
	args  []any
}

// writeLightly is write without waiting for the disk: after a power cut the newest such writes may
// be missing. It is for rows that nobody sees until a later write, which does wait for the disk and
// for everything before it, makes them visible.
func (db *DB) writeLightly(ctx context.Context, fn func(*tx) error) error {
	if db.door != nil {
		return db.door.alone(ctx, func() error { return db.writeRelaxed(ctx, fn) })
	}
	return db.writeRelaxed(ctx, fn)
}

func (db *DB) writeRelaxed(ctx context.Context, fn func(*tx) error) (err error) {
	conn, err := db.writer.db.Connx(ctx)
	if err != nil {
		return explain(db.dialect, fmt.Errorf("open connection: %w", err))
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	relax, restore := db.dialect.durability()
	_, err = conn.ExecContext(ctx, relax)
	if err != nil {
		return explain(db.dialect, fmt.Errorf("relax durability: %w", err))
	}
	defer func() {
		_, back := conn.ExecContext(context.WithoutCancel(ctx), restore)
		if back != nil {
			// Such a connection must not serve a write that somebody counts on.
			_ = conn.Raw(func(any) error { return driver.ErrBadConn })
		}
	}()
	return db.transact(ctx, db.writer, func(ctx context.Context) (*sqlx.Tx, error) {
		return conn.BeginTxx(ctx, nil)
	}, fn)
}

// read runs fn in a transaction that sees one moment of the database and writes nothing.
func (db *DB) read(ctx context.Context, fn func(*tx) error) error {
	defer db.reader.catchUp(ctx)
	return db.transact(ctx, db.reader, func(ctx context.Context) (*sqlx.Tx, error) {
		return db.reader.db.BeginTxx(ctx, db.dialect.snapshot())
	}, fn)
}

type beginner func(context.Context) (*sqlx.Tx, error)

func (db *DB) transact(ctx context.Context, p *pool, begin beginner, fn func(*tx) error) error {
	return db.repeat(ctx, func() error { return db.attempt(ctx, p, begin, fn) })
}

// repeat tries until it ends well or with an error that another try would not change.
func (db *DB) repeat(ctx context.Context, try func() error) error {
	for attempt := 1; ; attempt++ {
		err := try()
		if err == nil {
			return nil
		}
		if attempt == maxAttempts || ctx.Err() != nil || !errors.Is(err, errGroupLost) && !db.dialect.again(err) {
			return err
		}
		pause := time.Duration(1+rand.IntN(5<<min(attempt, 6))) * time.Millisecond
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(pause):
		}
	}
}

func (db *DB) attempt(ctx context.Context, p *pool, begin beginner, fn func(*tx) error) (err error) {
	t, err := begin(ctx)
	if err != nil {
		return explain(db.dialect, fmt.Errorf("begin transaction: %w", err))
	}
	done := false
	defer func() {
		if done {
			return
		}
		// A failed roll-back is told beside its cause, not instead of it. It also runs in a panic.
		back := t.Rollback()
		if back != nil && !errors.Is(back, sql.ErrTxDone) {
			err = errors.Join(err, fmt.Errorf("roll back: %w", back))
		}
	}()
	err = fn(&tx{executor: executor{pool: p, tx: t}, db: db, now: db.now()})
	if err != nil {
		return err
	}
	done = true
	err = t.Commit()
	if err != nil {
		return explain(db.dialect, fmt.Errorf("commit transaction: %w", err))
	}
	return nil
}

// now is the clock as the database can keep it.
func (db *DB) now() time.Time { return db.clock().UTC().Truncate(time.Microsecond) }

// newID makes an id that sorts by the time of its making.
func newID() string { return uuid.Must(uuid.NewV7()).String() }
