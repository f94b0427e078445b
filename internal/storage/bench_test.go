package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/audit"
	"layak/internal/testkit"
)

const benchPeople = 200_000

func eachEngineBench(b *testing.B, bench func(b *testing.B, db *DB)) {
	b.Run("sqlite", func(b *testing.B) { bench(b, openTest(b, testkit.SQLite(b), testConfig())) })
	b.Run("postgres", func(b *testing.B) { bench(b, openTest(b, migratedPostgres(b), testConfig())) })
}

func loadBench(b *testing.B, db *DB, rows []importers.Version) {
	ctx := context.Background()
	imp, err := db.StartImport(ctx, importers.Import{Kind: eligibility.Residents, AsOf: "2026-11-01"}, entry("import.start"))
	must(b, err)
	for part := range slices.Chunk(rows, 1000) {
		must(b, db.AppendRows(ctx, imp, part))
	}
	coverage := []eligibility.Coverage{{Area: jember, Snapshot: true}}
	must(b, db.PublishImport(ctx, imp, coverage, entry("import.publish")))
}

// BenchmarkLoad is the storage share of a first import.
func BenchmarkLoad(b *testing.B) {
	rows := people(benchPeople)
	eachEngineBench(b, func(b *testing.B, db *DB) {
		for b.Loop() {
			began := time.Now()
			loadBench(b, db, rows)
			b.ReportMetric(float64(len(rows))/time.Since(began).Seconds(), "rows/s")
		}
	})
}

// BenchmarkStoredRows is what a monthly file costs to compare.
func BenchmarkStoredRows(b *testing.B) {
	rows := people(benchPeople)
	eachEngineBench(b, func(b *testing.B, db *DB) {
		loadBench(b, db, rows)
		keys := make([]eligibility.NIK, 1000)
		for i := range keys {
			keys[i] = importers.RowKey(&rows[i*7].Record)
		}
		for b.Loop() {
			_, err := db.StoredRows(context.Background(), eligibility.Residents, keys)
			must(b, err)
		}
		b.ReportMetric(float64(len(keys)*b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}

// BenchmarkCheck is what one check asks of storage, at 16 desks.
func BenchmarkCheck(b *testing.B) {
	rows := people(benchPeople)
	eachEngineBench(b, func(b *testing.B, db *DB) {
		loadBench(b, db, rows)
		began := time.Now()
		_, err := db.Names(context.Background(), "35.09.05")
		must(b, err)
		b.Logf("names of a district: %s", time.Since(began))
		var next atomic.Int64
		var wg sync.WaitGroup
		b.ResetTimer()
		for range 16 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				for {
					n := next.Add(1)
					if n > int64(b.N) {
						return
					}
					err := oneCheck(db, nikOf(&rows[(n*7919)%benchPeople].Record), n)
					if err != nil {
						b.Error(err)
						return
					}
				}
			}()
		}
		wg.Wait()
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "checks/s")
	})
}

func oneCheck(db *DB, nik string, n int64) error {
	ctx := context.Background()
	_, err := db.State(ctx)
	if err != nil {
		return err
	}
	p, err := db.Person(ctx, eligibility.NIK(nik))
	if err != nil {
		return err
	}
	if p.Resident == nil {
		return errors.New("person is missing")
	}
	_, err = db.Household(ctx, p.Resident.KK)
	if err != nil {
		return err
	}
	_, _, err = db.Covers(ctx, eligibility.Membership, p.Resident.Village)
	if err != nil {
		return err
	}
	d := sampleDetermination(fmt.Sprintf("d%d-%d", time.Now().UnixNano(), n), noon)
	return db.SaveDetermination(ctx, d, audit.Entry{Actor: "rini", Act: "determination.create", Object: "determination",
		ObjectID: d.ID, Person: nik})
}
