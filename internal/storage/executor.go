package storage

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"github.com/jmoiron/sqlx"
	_ "github.com/lib/pq" // driver "postgres"
	_ "modernc.org/sqlite"

	"layak/internal/fault"
)

func init() {
	// sqlx does not know the driver name of the pure Go SQLite.
	sqlx.BindDriver("sqlite", sqlx.QUESTION)
}

// maxPrepared bounds the prepared statements of a pool, so that texts built from filters and
// lists of varying length cannot fill the memory of the server.
const maxPrepared = 400

// pool is a set of connections with the statements prepared on them.
type pool struct {
	db      *sqlx.DB
	dialect dialect

	mu       sync.RWMutex
	prepared map[string]*sqlx.Stmt // by the text with question marks
	missed   map[string]int        // how often a text ran unprepared inside a transaction
	often    []string              // texts that catchUp is to prepare
}

func newPool(db *sqlx.DB, d dialect) *pool {
	return &pool{db: db, dialect: d, prepared: map[string]*sqlx.Stmt{}, missed: map[string]int{}}
}

func (p *pool) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.prepared = map[string]*sqlx.Stmt{}
	return p.db.Close()
}

// statement finds the prepared statement of a text, preparing it when may is set. nil without an
// error means: run it unprepared.
func (p *pool) statement(ctx context.Context, query string, may bool) (*sqlx.Stmt, error) {
	p.mu.RLock()
	s, n := p.prepared[query], len(p.prepared)
	p.mu.RUnlock()
	if s != nil || !may || n >= maxPrepared {
		return s, nil
	}
	s, err := p.db.PreparexContext(ctx, p.dialect.rebind(query))
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	first := p.prepared[query]
	if first == nil {
		p.prepared[query] = s
	}
	p.mu.Unlock()
	if first == nil {
		return s, nil
	}
	// Closing waits for the connection the statement was prepared on. Another transaction may be
	// using it, and wait in the database for one that needs the mutex: so never close under it.
	// A statement that does not close dies with its connection.
	_ = s.Close()
	return first, nil
}

// miss notes that a text ran unprepared inside a transaction.
func (p *pool) miss(query string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.missed) >= maxPrepared {
		clear(p.missed) // many texts that ran once: start counting anew
	}
	p.missed[query]++
	if p.missed[query] > 1 {
		delete(p.missed, query)
		p.often = append(p.often, query)
	}
}

// catchUp prepares what transactions keep using. Inside a transaction nothing is prepared for the
// pool: that needs a second connection, which SQLite's single writer does not have.
func (p *pool) catchUp(ctx context.Context) {
	p.mu.RLock()
	none := len(p.often) == 0
	p.mu.RUnlock()
	if none {
		return
	}
	p.mu.Lock()
	often := p.often
	p.often = nil
	p.mu.Unlock()
	for _, query := range often {
		// Only speed is lost when it cannot be prepared now.
		_, _ = p.statement(ctx, query, true)
	}
}

// executor runs query texts with question marks, in a transaction or outside of one. Every error
// it returns has passed explain.
type executor struct {
	pool   *pool
	tx     *sqlx.Tx // nil outside a transaction
	shared bool     // the transaction also holds the writes of others (door)

	collect *collection // not nil: statements are noted and run later, all at once (writeAtOnce)
}

// context is the one for a statement. In a shared transaction a statement begins only while the
// caller still waits for it, but is not interrupted: that could undo what others have written.
func (x executor) context(ctx context.Context) (context.Context, error) {
	if !x.shared {
		return ctx, nil
	}
	return context.WithoutCancel(ctx), ctx.Err()
}

// reads runs queries outside a transaction, on a connection that cannot write to SQLite.
func (db *DB) reads() executor { return executor{pool: db.reader} }

// get reads one row into dest: a struct with db tags, or one value. sql.ErrNoRows when there is none.
func (x executor) get(ctx context.Context, dest any, query string, args ...any) error {
	if x.collect != nil {
		return errNotAtOnce
	}
	ctx, err := x.context(ctx)
	if err != nil {
		return err
	}
	s, err := x.statement(ctx, query)
	if err != nil {
		return x.explain(err)
	}
	switch {
	case s != nil:
		err = s.GetContext(ctx, dest, args...)
	case x.tx != nil:
		err = x.tx.GetContext(ctx, dest, x.pool.dialect.rebind(query), args...)
	default:
		err = x.pool.db.GetContext(ctx, dest, x.pool.dialect.rebind(query), args...)
	}
	return x.explain(err)
}

// list reads all rows into dest, a pointer to a slice.
func (x executor) list(ctx context.Context, dest any, query string, args ...any) error {
	if x.collect != nil {
		return errNotAtOnce
	}
	ctx, err := x.context(ctx)
	if err != nil {
		return err
	}
	s, err := x.statement(ctx, query)
	if err != nil {
		return x.explain(err)
	}
	switch {
	case s != nil:
		err = s.SelectContext(ctx, dest, args...)
	case x.tx != nil:
		err = x.tx.SelectContext(ctx, dest, x.pool.dialect.rebind(query), args...)
	default:
		err = x.pool.db.SelectContext(ctx, dest, x.pool.dialect.rebind(query), args...)
	}
	return x.explain(err)
}

// exec writes and gives the number of rows touched.
func (x executor) exec(ctx context.Context, query string, args ...any) (int64, error) {
	if x.collect != nil {
		return x.collect.add(false, query, args), nil
	}
	ctx, err := x.context(ctx)
	if err != nil {
		return 0, err
	}
	s, err := x.statement(ctx, query)
	if err != nil {
		return 0, x.explain(err)
	}
	var res sql.Result
	switch {
	case s != nil:
		res, err = s.ExecContext(ctx, args...)
	case x.tx != nil:
		res, err = x.tx.ExecContext(ctx, x.pool.dialect.rebind(query), args...)
	default:
		res, err = x.pool.db.ExecContext(ctx, x.pool.dialect.rebind(query), args...)
	}
	if err != nil {
		return 0, x.explain(err)
	}
	n, err := res.RowsAffected()
	return n, x.explain(err)
}

// each calls yield for every row; yield scans it. For results too large to hold.
func (x executor) each(ctx context.Context, yield func(*sqlx.Rows) error, query string, args ...any) error {
	if x.collect != nil {
		return errNotAtOnce
	}
	ctx, err := x.context(ctx)
	if err != nil {
		return err
	}
	var rows *sqlx.Rows
	if x.tx != nil {
		rows, err = x.tx.QueryxContext(ctx, x.pool.dialect.rebind(query), args...)
	} else {
		rows, err = x.pool.db.QueryxContext(ctx, x.pool.dialect.rebind(query), args...)
	}
	if err != nil {
		return x.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		err = yield(rows)
		if err != nil {
			return err
		}
	}
	return x.explain(rows.Err())
}

func (x executor) statement(ctx context.Context, query string) (*sqlx.Stmt, error) {
	s, err := x.pool.statement(ctx, query, x.tx == nil)
	if err != nil || x.tx == nil {
		return s, err
	}
	if s == nil {
		x.pool.miss(query)
		return nil, nil
	}
	return x.tx.StmtxContext(ctx, s), nil
}

// inList expands a slice among args to as many question marks: "nik IN (?)".
func inList(query string, args ...any) (string, []any, error) { return sqlx.In(query, args...) }

// errBusy is what a person reads when others were in the way too long.
const errBusy = "Basis data sedang dipakai proses lain. Coba lagi sebentar lagi."

// explain gives an error of the engine the kind and the words that a person can act on.
func (x executor) explain(err error) error { return explain(x.pool.dialect, err) }

func explain(d dialect, err error) error {
	if err == nil || errors.Is(err, sql.ErrNoRows) || fault.As(err) != nil {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	switch d.classify(err) {
	case duplicate:
		return fault.New(fault.Conflict, "duplicate", "Data dengan kunci yang sama sudah ada.").Because(err)
	case busy:
		return fault.New(fault.Unavailable, "database_busy", errBusy).Because(err)
	case full:
		return fault.New(fault.Unavailable, "disk_full",
			"Ruang penyimpanan basis data penuh, jadi tidak ada yang tersimpan. Kosongkan ruang lalu ulangi.").Because(err)
	case readOnly:
		return fault.New(fault.Unavailable, "database_read_only",
			"Basis data tidak dapat ditulisi. Periksa izin berkas dan foldernya.").Because(err)
	case away:
		return fault.New(fault.Unavailable, "database_unavailable",
			"Basis data tidak dapat dihubungi. Periksa apakah basis data berjalan dan alamatnya benar, lalu ulangi.").Because(err)
	case notDatabase:
		return fault.New(fault.Unavailable, "database_unreadable",
			"Berkas basis data bukan basis data SQLite atau rusak. Periksa letak berkas, atau pulihkan dari cadangan.").Because(err)
	case other, untouched:
	}
	return err
}

// missing turns "no row" into the words of the noun.
func missing(err error, code, message string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, code, message)
	}
	return err
}
