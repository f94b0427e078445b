package storage

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Two writers take two rows in opposite order. PostgreSQL ends one of them as the victim of the
// deadlock; it must run again and both must end well. SQLite lets them in one after the other.
func TestDeadlockIsRunAgain(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		must(t, db.write(ctx, func(tx *tx) error {
			for _, name := range []string{"a", "b"} {
				if err := tx.setInstallation(ctx, name, "0"); err != nil {
					return err
				}
			}
			return nil
		}))
		var runs atomic.Int64
		var wg sync.WaitGroup
		for _, order := range [][]string{{"a", "b"}, {"b", "a"}} {
			wg.Add(1)
			go func() {
				defer wg.Done()
				err := db.write(ctx, func(tx *tx) error {
					runs.Add(1)
					for _, name := range order {
						n, err := tx.exec(ctx, `UPDATE installation SET value = value || '1' WHERE regency_code = ? AND name = ?`,
							db.regency, name)
						if err != nil {
							return err
						}
						if n != 1 {
							return fmt.Errorf("%d rows of %s", n, name)
						}
						time.Sleep(100 * time.Millisecond)
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}()
		}
		wg.Wait()
		var values []string
		must(t, db.reads().list(ctx, &values, `SELECT value FROM installation WHERE regency_code = ? AND name IN ('a', 'b')`, db.regency))
		for _, v := range values {
			if v != "011" {
				t.Errorf("value %q, want each writer once", v)
			}
		}
		t.Logf("%d runs", runs.Load())
	})
}

func TestPanicRollsBackAndFreesTheWriter(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = db.write(ctx, func(tx *tx) error {
				must(t, tx.setInstallation(ctx, "demo", "yes"))
				panic("broken")
			})
		}()
		stamped, err := db.Stamped(ctx)
		must(t, err)
		if stamped {
			t.Error("the write before the panic is visible")
		}
		must(t, db.Stamp(ctx))
	})
}

// A light write must leave no connection behind that does not wait for the disk.
func TestLightWritesLeaveTheConnectionSafe(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		must(t, db.writeLightly(ctx, func(tx *tx) error { return tx.setInstallation(ctx, "light", "yes") }))
		setting, want := `PRAGMA synchronous`, "2" // FULL
		if db.Engine() == "PostgreSQL" {
			setting, want = `SHOW synchronous_commit`, "on"
		}
		for range 5 {
			var got string
			must(t, db.writer.db.GetContext(ctx, &got, setting))
			if got != want {
				t.Fatalf("%s is %s, want %s", setting, got, want)
			}
		}
	})
}

// A query text that only transactions use is prepared after a while, not parsed for ever.
func TestTransactionsUsePreparedStatements(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		for range 5 {
			must(t, db.Stamp(ctx))
		}
		db.writer.mu.RLock()
		defer db.writer.mu.RUnlock()
		for query := range db.writer.prepared {
			if len(query) > 25 && query[:25] == "INSERT INTO installation " {
				return
			}
		}
		t.Error("the statement of every transaction was never prepared")
	})
}
