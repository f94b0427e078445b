package storage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"layak/internal/audit"
	"layak/internal/testkit"
)

func view(actor, object string) audit.Entry {
	return audit.Entry{Actor: actor, Act: "person.view", Object: "determination", ObjectID: object, Person: "3509190101900001", Purpose: "desk"}
}

func verified(t testing.TB, db *DB, kept ...audit.Head) audit.Report {
	t.Helper()
	report, err := db.AuditVerify(context.Background(), kept...)
	must(t, err)
	return report
}

// TestTrailHoldsNoPerson: the NIK goes in, only its keyed hash can be found afterwards.
func TestTrailHoldsNoPerson(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		must(t, db.Record(ctx, view("rini", "d1")))
		page, err := db.AuditEntries(ctx, AuditFilter{Person: "3509190101900001"})
		must(t, err)
		if len(page.Entries) != 1 {
			t.Fatalf("found %d entries about the person", len(page.Entries))
		}
		e := page.Entries[0]
		if strings.Contains(fmt.Sprint(e), "3509190101900001") {
			t.Errorf("the NIK stands in the trail: %v", e)
		}
		if !e.At.Equal(noon) || e.Actor != "rini" || e.Purpose != "desk" {
			t.Errorf("read back %+v", e)
		}
	})
}

// TestActFailsWithItsEntry: what cannot be recorded does not happen.
func TestActFailsWithItsEntry(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		err := db.write(ctx, func(tx *tx) error {
			must(t, tx.setInstallation(ctx, "demo", "yes"))
			return tx.record(ctx, audit.Entry{Act: "demo.stamp"}) // nobody did it
		})
		if err == nil {
			t.Fatal("an entry without an actor was accepted")
		}
		stamped, err := db.Stamped(ctx)
		must(t, err)
		if stamped {
			t.Error("the act stayed although its entry failed")
		}
	})
}

func TestTrailIsAppendOnly(t *testing.T) {
	statements := []string{
		`UPDATE audit_entry SET actor = 'x'`,
		`UPDATE audit_entry SET block = NULL`,
		`UPDATE audit_entry SET block = 7`,
		`UPDATE audit_entry SET block = 7, purpose = 'x' WHERE block IS NULL`,
		`DELETE FROM audit_entry`,
		`UPDATE trail_block SET total = 0`,
		`DELETE FROM trail_block`,
	}
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		must(t, db.Record(ctx, view("rini", "d1")))
		_, err := db.SealOnce(ctx)
		must(t, err)
		must(t, db.Record(ctx, view("rini", "d2")))
		if db.Engine() == "PostgreSQL" {
			statements = append(statements, `TRUNCATE audit_entry`, `TRUNCATE trail_block`)
		}
		for _, s := range statements {
			_, err := executor{pool: db.writer}.exec(ctx, s)
			if err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v", s, err)
			}
		}
		if r := verified(t, db); !r.Whole() || r.Entries != 2 {
			t.Errorf("after the attempts: %+v", r)
		}
	})
}

// dropTriggers is what somebody with the database's own password can do.
func dropTriggers(t testing.TB, db *DB) {
	t.Helper()
	drop := []string{`DROP TRIGGER audit_entry_no_update`, `DROP TRIGGER audit_entry_no_delete`,
		`DROP TRIGGER trail_block_no_update`, `DROP TRIGGER trail_block_no_delete`}
	if db.Engine() == "PostgreSQL" {
		drop = []string{`DROP TRIGGER audit_entry_no_update ON audit_entry`, `DROP TRIGGER audit_entry_no_delete ON audit_entry`,
			`DROP TRIGGER trail_block_no_change ON trail_block`}
	}
	for _, s := range drop {
		_, err := executor{pool: db.writer}.exec(context.Background(), s)
		must(t, err)
	}
}

// TestTamperingIsFound goes past the triggers with plain SQL, as somebody at the database could.
func TestTamperingIsFound(t *testing.T) {
	const newID = "0199aaaa-0000-7000-8000-000000000001"
	cases := []struct {
		name string
		sql  string
		want []audit.ProblemKind
	}{
		{"nothing", `UPDATE audit_entry SET actor = actor`, nil},
		{"who it was", `UPDATE audit_entry SET actor = 'budi' WHERE object_id = 'd3'`, []audit.ProblemKind{audit.EntryChanged}},
		{"when it was", `UPDATE audit_entry SET at = '2020-01-01 00:00:00+00' WHERE object_id = 'd3'`, []audit.ProblemKind{audit.EntryChanged}},
		{"removed", `DELETE FROM audit_entry WHERE object_id = 'd3'`, []audit.ProblemKind{audit.EntryRemoved}},
		{"added to a sealed block", `INSERT INTO audit_entry (regency_code, id, at, actor, act, object, object_id, person_hash, purpose, payload_hash, block)
			SELECT regency_code, '` + newID + `', at, actor, act, object, object_id, person_hash, purpose, payload_hash, block FROM audit_entry WHERE object_id = 'd3'`,
			[]audit.ProblemKind{audit.EntryInserted}},
		{"moved to another block", `UPDATE audit_entry SET block = 1 WHERE object_id = 'd3'`, []audit.ProblemKind{audit.EntryMoved}},
		{"taken out of its block and sealed again", `UPDATE audit_entry SET block = NULL, actor = 'budi' WHERE object_id = 'd3'`, []audit.ProblemKind{audit.EntryRemoved}},
		{"a block renumbered", `UPDATE trail_block SET seq = 9 WHERE seq = 3`, []audit.ProblemKind{audit.BlockRemoved, audit.BlockRemoved, audit.BlockRemoved,
			audit.BlockRemoved, audit.BlockRemoved, audit.BlockRemoved, audit.BlockChanged, audit.EntryMoved, audit.EntryMoved}},
		{"a block removed", `DELETE FROM trail_block WHERE seq = 2`, []audit.ProblemKind{audit.BlockRemoved, audit.EntryInserted, audit.EntryInserted}},
		{"a signature removed", `UPDATE trail_block SET signature = '' WHERE seq = 2`, []audit.ProblemKind{audit.BlockChanged}},
		{"a time of sealing", `UPDATE trail_block SET sealed_at = '2020-01-01 00:00:00+00' WHERE seq = 2`, []audit.ProblemKind{audit.BlockChanged}},
		{"the list of a block", `UPDATE trail_block SET entries = '' WHERE seq = 2`, []audit.ProblemKind{audit.BlockChanged, audit.BlockUnlinked, audit.EntryInserted, audit.EntryInserted}},
	}
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		for i := range 6 { // three blocks of two
			must(t, db.Record(ctx, view("rini", fmt.Sprint("d", i))))
			if i%2 == 1 {
				_, err := db.SealOnce(ctx)
				must(t, err)
			}
		}
		dropTriggers(t, db)
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				// The tampering is rolled back, so that every case starts from the same trail.
				stop := errors.New("stop")
				err := db.write(ctx, func(tx *tx) error {
					_, err := tx.exec(ctx, c.sql)
					must(t, err)
					_, err = tx.sealVisible(ctx)
					must(t, err)
					report, err := db.keys.Verify(ctx, db.regency, chain{tx})
					must(t, err)
					var got []audit.ProblemKind
					for _, p := range report.Problems {
						got = append(got, p.Kind)
					}
					if !slices.Equal(got, c.want) {
						t.Errorf("problems %v, want %v", report.Problems, c.want)
					}
					return stop
				})
				if !errors.Is(err, stop) {
					t.Fatal(err)
				}
			})
		}
	})
}

// TestEveryEntryIsSealedOnce: many writers, and two processes that seal while they write.
func TestEveryEntryIsSealedOnce(t *testing.T) {
	const rounds, writers, each = 4, 16, 15
	testkit.Both(t, func(t *testing.T, address string) {
		db := openTest(t, address, testConfig())
		second := openTest(t, address, testConfig())
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		var sealers sync.WaitGroup
		for _, s := range []*DB{db, second} {
			sealers.Go(func() {
				for ctx.Err() == nil {
					_, err := s.SealOnce(ctx)
					if err != nil && ctx.Err() == nil {
						t.Errorf("seal: %v", err)
						return
					}
				}
			})
		}
		for range rounds {
			var wg sync.WaitGroup
			for w := range writers {
				wg.Go(func() {
					for i := range each {
						err := db.Record(ctx, view(fmt.Sprint("user", w), fmt.Sprint(i)))
						if err != nil {
							t.Errorf("write: %v", err)
						}
					}
				})
			}
			wg.Wait()
			_, err := second.SealOnce(ctx)
			must(t, err)
		}
		cancel()
		sealers.Wait()
		report := verified(t, db)
		const want = rounds * writers * each
		if !report.Whole() || report.Entries != want || report.Head.Total != want || report.Unsealed != 0 {
			t.Errorf("%d of %d entries, head %+v, %d unsealed, problems %v", report.Entries, want, report.Head, report.Unsealed, report.Problems)
		}
		if report.Blocks < rounds {
			t.Errorf("only %d blocks: nothing was sealed while writing", report.Blocks)
		}
	})
}

// TestLongQueueMakesSeveralBlocks: what waited while nobody sealed does not end in one huge block.
func TestLongQueueMakesSeveralBlocks(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		must(t, db.write(ctx, func(tx *tx) error {
			for i := range sealBatch + 5 {
				must(t, tx.record(ctx, view("rini", fmt.Sprint(i))))
			}
			return nil
		}))
		n, err := db.SealOnce(ctx)
		must(t, err)
		r := verified(t, db)
		if n != sealBatch+5 || r.Blocks != 2 || r.Entries != sealBatch+5 || !r.Whole() {
			t.Errorf("sealed %d, report %+v", n, r)
		}
	})
}

// TestLateCommitIsSealedLater: an entry with an earlier id, committed after a block was made, goes
// into the next block. SQLite has one writer, so there it cannot come about.
func TestLateCommitIsSealedLater(t *testing.T) {
	db := openTest(t, migratedPostgres(t), testConfig())
	ctx := context.Background()
	must(t, db.write(ctx, func(slow *tx) error {
		must(t, slow.record(ctx, view("slow", "early")))
		must(t, db.Record(ctx, view("quick", "late")))
		n, err := db.SealOnce(ctx)
		must(t, err)
		if n != 1 {
			t.Errorf("sealed %d entries while one was not committed", n)
		}
		return nil
	}))
	n, err := db.SealOnce(ctx)
	must(t, err)
	if n != 1 {
		t.Errorf("sealed %d entries after the commit, want the late one", n)
	}
	if r := verified(t, db); !r.Whole() || r.Entries != 2 || r.Blocks != 2 {
		t.Errorf("%+v", r)
	}
}

// TestCloseSealsTheRest: a command that ends at once leaves no open end.
func TestCloseSealsTheRest(t *testing.T) {
	testkit.Both(t, func(t *testing.T, address string) {
		ctx := context.Background()
		db, err := Open(ctx, address, testConfig())
		must(t, err)
		must(t, db.Record(ctx, view("os:budi", "d1")))
		must(t, db.Close())
		again := openTest(t, address, testConfig())
		n, err := again.unsealed(ctx)
		must(t, err)
		head, err := again.AuditHead(ctx)
		must(t, err)
		if n != 0 || head == nil || head.Total != 1 {
			t.Errorf("%d unsealed, head %+v", n, head)
		}
	})
}

// TestCutEndIsFoundByAKeptHead: the newest block and its entries are taken away together.
func TestCutEndIsFoundByAKeptHead(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		for i := range 2 {
			must(t, db.Record(ctx, view("rini", fmt.Sprint(i))))
			_, err := db.SealOnce(ctx)
			must(t, err)
		}
		head, err := db.AuditHead(ctx)
		must(t, err)
		dropTriggers(t, db)
		for _, s := range []string{`DELETE FROM audit_entry WHERE block = 2`, `DELETE FROM trail_block WHERE seq = 2`} {
			_, err = executor{pool: db.writer}.exec(ctx, s)
			must(t, err)
		}
		r := verified(t, db, *head)
		if len(r.Problems) != 1 || r.Problems[0].Kind != audit.HeadMissing {
			t.Errorf("problems %v", r.Problems)
		}
	})
}

func TestSealerOfAnotherKeyIsNamed(t *testing.T) {
	testkit.Both(t, func(t *testing.T, address string) {
		ctx := context.Background()
		db := openTest(t, address, testConfig())
		must(t, db.Record(ctx, view("rini", "d1")))
		_, err := db.SealOnce(ctx)
		must(t, err)
		foreign := testConfig()
		foreign.Keys = audit.Forgotten()
		r := verified(t, openTest(t, address, foreign))
		if len(r.Problems) != 1 || r.Problems[0].Kind != audit.BlockUnknownKey {
			t.Errorf("problems %v", r.Problems)
		}
	})
}

// TestAuditPaging walks through pages of entries, some of the same moment, and meets each once.
func TestAuditPaging(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		for i := range 25 {
			e := view("rini", fmt.Sprint(i))
			e.At = noon.Add(time.Duration(i/5) * time.Minute)
			if i%2 == 0 {
				e.Actor, e.Act = "budi", "complaint.create"
			}
			must(t, db.Record(ctx, e))
		}
		cases := []struct {
			name   string
			filter AuditFilter
			want   int
		}{
			{"all", AuditFilter{}, 25},
			{"actor", AuditFilter{Actor: "budi"}, 13},
			{"act", AuditFilter{Act: "person.view"}, 12},
			{"acts of a noun", AuditFilter{Act: "complaint."}, 13},
			{"any of several", AuditFilter{Acts: []string{"complaint.", "person.view", "draft."}}, 25},
			{"any of several, of one person", AuditFilter{Actor: "budi", Acts: []string{"draft.", "person."}}, 0},
			{"object", AuditFilter{Object: "determination", ObjectID: "7"}, 1},
			{"another person", AuditFilter{Person: "3509190101900002"}, 0},
			{"time", AuditFilter{From: noon.Add(time.Minute), To: noon.Add(3 * time.Minute)}, 10},
			{"spoilt cursor", AuditFilter{Before: "x_y"}, 25},
		}
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				seen := map[string]bool{}
				last := ""
				c.filter.Limit = 4
				for {
					page, err := db.AuditEntries(ctx, c.filter)
					must(t, err)
					for _, e := range page.Entries {
						key := e.At.Format(stampLayout) + e.ID
						if seen[e.ID] || last != "" && key >= last {
							t.Fatalf("entry %s twice or out of order", e.ID)
						}
						seen[e.ID], last = true, key
					}
					if page.Next == "" {
						break
					}
					c.filter.Before = page.Next
				}
				if len(seen) != c.want {
					t.Errorf("%d entries, want %d", len(seen), c.want)
				}
			})
		}
	})
}

// BenchmarkTrail measures small writes with their entries at 16 connections, with the sealer
// beside them and without.
func BenchmarkTrail(b *testing.B) {
	for engine, address := range map[string]func() string{
		"sqlite": func() string { return testkit.SQLite(b) }, "postgres": func() string { return testkit.Postgres(b) },
	} {
		for _, sealing := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/sealing=%v", engine, sealing), func(b *testing.B) {
				db := openTest(b, address(), testConfig())
				ctx, cancel := context.WithCancel(context.Background())
				var sealer sync.WaitGroup
				if sealing {
					sealer.Go(func() { db.RunSealer(ctx, slog.New(slog.DiscardHandler)) })
				}
				b.SetParallelism(8) // times two cores
				b.ResetTimer()
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						err := db.Record(ctx, view("rini", "d1"))
						if err != nil {
							b.Error(err)
						}
					}
				})
				b.StopTimer()
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
				cancel()
				sealer.Wait()
			})
		}
	}
}

// BenchmarkSeal measures one block of a thousand entries.
func BenchmarkSeal(b *testing.B) {
	for engine, address := range map[string]func() string{
		"sqlite": func() string { return testkit.SQLite(b) }, "postgres": func() string { return testkit.Postgres(b) },
	} {
		b.Run(engine, func(b *testing.B) {
			db := openTest(b, address(), testConfig())
			ctx := context.Background()
			for b.Loop() {
				b.StopTimer()
				must(b, db.write(ctx, func(t *tx) error {
					for i := range 1000 {
						must(b, t.record(ctx, view("rini", fmt.Sprint(i))))
					}
					return nil
				}))
				b.StartTimer()
				_, err := db.SealOnce(ctx)
				must(b, err)
			}
		})
	}
}
