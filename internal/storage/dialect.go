package storage

import (
	"context"
	"database/sql"
	"io/fs"

	"github.com/pressly/goose/v3"
)

// dialect answers the few things in which the engines differ. Nothing else asks which one it is.
type dialect interface {
	// name of the engine for a person.
	name() string
	// rebind writes question marks the way the engine wants them.
	rebind(query string) string
	// classify says what an error of the driver means; again whether the transaction that it
	// ended may simply be run once more.
	classify(err error) failure
	again(err error) bool
	// snapshot are the options of a transaction that sees one moment.
	snapshot() *sql.TxOptions
	// durability are the statements by which a connection stops and starts again to wait for the
	// disk at a commit.
	durability() (relax, restore string)
	// join writes several INSERTs and UPDATEs as one statement, which gives 1 and fails as untouched when
	// one of them had to touch a row and did not; nil when the engine has no such.
	join() func(parts []collected) string
	// loaded refreshes what the engine knows about the size of tables, after a bulk load.
	loaded(ctx context.Context, db *DB, table string) error
	// bulk inserts many rows into a table inside the transaction, as fast as the engine can.
	bulk(ctx context.Context, t *tx, table string, columns []string, rows [][]any) error
	// tryLock takes the named lock of the regency, held until release or the death of the
	// process; ok is false when somebody else holds it.
	tryLock(ctx context.Context, db *DB, name string) (release func(), ok bool, err error)
	// migrations are the numbered files that build the tables.
	migrations() (goose.Dialect, fs.FS)
	// search is where the words of cases are looked up: what stands in FROM (with complaint_text as
	// x), the condition with one question mark, and what orders the cases by age. searchTerm writes
	// the words for that question mark; those of at least stem letters also find longer ones.
	search() (from, match, order string)
	searchTerm(words []string, stem int) string
	// skipLocked ends a SELECT inside an UPDATE that takes a row which nobody else is taking.
	skipLocked() string
	// notify is a statement that hints at a change (its channel and a text) to all who listen, at the
	// commit; "" when the engine has no such. listen gives those hints until stop.
	notify() string
	listen(db *DB, channel string) (hints <-chan struct{}, stop func())
	// byKeys is a statement that makes the rest of its transaction find rows by keys, however many are
	// asked for; "" when the engine does so anyway.
	byKeys() string
	// hasTable is a query that counts the tables of a name.
	hasTable() string
}

// failure is what an error of the engine means to us.
type failure int

// The failures.
const (
	other       failure = iota
	duplicate           // a key exists already
	busy                // another transaction is in the way
	full                // no room on the disk
	readOnly            // no permission to write
	away                // the database does not answer
	notDatabase         // the file is something else, or damaged
	untouched           // a statement of a join had to touch a row and found none
)
