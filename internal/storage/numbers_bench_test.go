package storage

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"layak/complaints"
	"layak/complaints/numbers"
	"layak/internal/auth"
	"layak/internal/testkit"
)

// BenchmarkNumbers tells how long figures take among many cases: 100,000, or LAYAK_BENCH_CASES.
func BenchmarkNumbers(b *testing.B) {
	cases, err := strconv.Atoi(os.Getenv("LAYAK_BENCH_CASES"))
	if err != nil {
		cases = benchCases
	}
	for name, address := range map[string]func() string{
		"sqlite": func() string { return testkit.SQLite(b) }, "postgres": func() string { return migratedPostgres(b) },
	} {
		b.Run(name, func(b *testing.B) {
			db, s := openTest(b, address(), testConfig()), newSampler(7, noon)
			ctx, now := auth.With(context.Background(), auth.System()), noon
			counter := &numbers.Counter{Store: db, Calendars: dayAndNight{}, Zone: noon.Location(), Clock: func() time.Time { return now }}
			service := &numbers.Service{Counter: counter, Cases: db, Staff: db, Live: db}
			began := time.Now()
			s.fill(b, db, cases)
			filled := time.Now()
			_, err := counter.Sweep(ctx)
			must(b, err)
			b.Logf("%d cases: filled in %s, counted in %s", cases, filled.Sub(began).Round(time.Second), time.Since(filled).Round(time.Second))
			run := func(what string, f func() error) {
				b.Run(what, func(b *testing.B) {
					for b.Loop() {
						must(b, f())
					}
				})
			}
			report := func(f numbers.Filter) func() error {
				if f.From == "" {
					f.From, f.To = "2025-12", "2026-11"
				}
				return func() error {
					_, err := service.Report(ctx, f)
					return err
				}
			}
			run("dashboard of the regency, 12 months", report(numbers.Filter{}))
			run("36 months", report(numbers.Filter{From: "2023-12", To: "2026-11"}))
			run("one unit", report(numbers.Filter{Unit: "U017"}))
			run("one channel", report(numbers.Filter{Channel: "whatsapp"}))
			run("class and channel", report(numbers.Filter{Class: "complaint", Channel: "whatsapp"}))
			run("class of a district", report(numbers.Filter{Class: "complaint", District: "35.09.07"}))
			run("what waits", func() error {
				_, err := db.ComplaintLoad(ctx)
				return err
			})
			run("queue of a unit", func() error {
				_, err := db.Complaints(ctx, complaints.Filter{Unit: "U017", States: complaints.OpenStates, Queue: true, Limit: 100}, complaints.Scope{Unit: "U017"})
				return err
			})
			run("one change counted", func() error {
				c := s.makeCase()
				now = now.Add(time.Second)
				c.UpdatedAt = now
				rows := rowsOfCase(db.regency, c)
				err := db.write(ctx, func(tx *tx) error {
					for _, load := range loadTables {
						err := db.dialect.bulk(ctx, tx, load.table, load.columns, rows[load.table])
						if err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					return err
				}
				_, err = counter.Refresh(ctx)
				return err
			})
		})
	}
}
