package storage

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// collection is what a function of writeAtOnce would write, in order.
type collection struct {
	parts []collected
}

// collected is one statement of a collection. One that must touch a row and does not takes all of them back.
type collected struct {
	statement
	must bool
}

var (
	// errNotAtOnce says that a function needs to see what it wrote, so that it has to run in a
	// transaction of several statements.
	errNotAtOnce = errors.New("the function reads what it wrote")
)

// writeAtOnce is write for a function that hardly ever reads: an engine behind a network gets all its
// statements as one, which is a transaction by itself. That saves the round trips, of which there are
// more than work. fn is called once to collect the statements. When that cannot be done, or a
// statement did not find its row, fn runs in an ordinary transaction, where it can look and tell why.
//
// All statements of a collection see the database as it was before them, so none may lean on
// another one's rows; fn says so by replace. Foreign keys are looked at when all have ended.
func (db *DB) writeAtOnce(ctx context.Context, fn func(*tx) error) error {
	join := db.dialect.join()
	if join == nil {
		return db.write(ctx, fn)
	}
	all := &collection{}
	err := fn(&tx{executor: executor{pool: db.writer, collect: all}, db: db, now: db.now()})
	if errors.Is(err, errNotAtOnce) {
		return db.write(ctx, fn)
	}
	if err != nil || len(all.parts) == 0 {
		return err
	}
	query, args := all.joined(join)
	err = db.repeat(ctx, func() error {
		var done int
		return executor{pool: db.writer}.get(ctx, &done, query, args...)
	})
	if db.dialect.classify(err) == untouched {
		return db.write(ctx, fn)
	}
	if err == nil {
		db.trail.unsealed.Store(true)
	}
	return err
}

// joined is the text of all parts as one statement, with its arguments.
func (c *collection) joined(join func(parts []collected) string) (string, []any) {
	n := 0
	for _, p := range c.parts {
		n += len(p.args)
	}
	args := make([]any, 0, n)
	for _, p := range c.parts {
		args = append(args, p.args...)
	}
	return join(c.parts), args
}

// add notes a statement. It counts as one that touched a row; if it does not, that is found later.
func (c *collection) add(must bool, query string, args []any) int64 {
	c.parts = append(c.parts, collected{statement{query, slices.Clone(args)}, must})
	return 1
}

// must is exec for a statement without which the others make no sense: the caller returns an error
// when it touches no row.
func (t *tx) must(ctx context.Context, query string, args ...any) (int64, error) {
	if t.collect != nil {
		return t.collect.add(true, query, args), nil
	}
	return t.exec(ctx, query, args...)
}

// replace is exec for a DELETE before new rows with the same keys, which have to see that it happened.
func (t *tx) replace(ctx context.Context, query string, args ...any) error {
	if t.collect != nil {
		return errNotAtOnce
	}
	_, err := t.exec(ctx, query, args...)
	return err
}

// join writes statements as one: each has a name, and the last one looks whether those that must touch a
// row did. A division by zero ends all of them; its message in the log of the server names no data.
func (postgresDialect) join() func(parts []collected) string {
	return func(parts []collected) string {
		var b, guard strings.Builder
		b.WriteString(`WITH `)
		for i, p := range parts {
			if i > 0 {
				b.WriteString(`, `)
			}
			name := `p` + strconv.Itoa(i)
			b.WriteString(name + ` AS (` + p.query)
			if p.must {
				b.WriteString(` RETURNING 1`)
				guard.WriteString(` * (SELECT COUNT(*) FROM ` + name + `)`)
			}
			b.WriteString(`)`)
		}
		b.WriteString(` SELECT 1 / (1` + guard.String() + `)`)
		return b.String()
	}
}
