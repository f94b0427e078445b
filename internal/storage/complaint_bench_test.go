package storage

import (
	"context"
	"fmt"
	"testing"

	"layak/complaints"
	"layak/internal/area"
	"layak/internal/testkit"
)

const benchCases = 100_000

// filled is a database with many cases of 248 units, each with one patient and his areas.
func filled(b *testing.B, address string) *DB {
	b.Helper()
	db := openTest(b, address, testConfig())
	ctx := context.Background()
	const part = 10_000
	for from := 0; from < benchCases; from += part {
		var cases, patients, areas, checks [][]any
		for i := from; i < from+part; i++ {
			id, unit := newID(), fmt.Sprintf("U%03d", i%248)
			state := complaints.States[i%len(complaints.States)]
			if i%20 != 0 {
				state = complaints.Closed
			}
			village := fmt.Sprintf("35.09.%02d.20%02d", 1+i%31, 1+i%8)
			cases = append(cases, []any{db.regency, id, fmt.Sprintf("3509-%04d-%04d-0", i/10000, i%10000), string(state), "null", 1, 1, "whatsapp", "data",
				"routine", "teks", "Ani", "", "self", unit, "", "", "rini", unit, at(noon), at(noon)})
			patients = append(patients, []any{db.regency, id, 1, fmt.Sprintf("35091901018%05d", i), nil, "Sri", village})
			for _, a := range []string{"35", "35.09", village[:8], village} {
				areas = append(areas, []any{db.regency, id, a})
			}
			checks = append(checks, []any{db.regency, id, newID(), 1, "", "eligible", "none", "", at(noon), 1})
		}
		must(b, db.write(ctx, func(tx *tx) error {
			for _, load := range []struct {
				table   string
				columns []string
				rows    [][]any
			}{
				{"complaint", []string{"regency_code", "id", "ticket", "state", "states_before", "version", "last_seq", "channel", "matter", "need", "body",
					"reporter_name", "reporter_phone", "reporter_relation", "unit", "staff", "village", "filed_by", "filed_unit", "filed_at", "updated_at"}, cases},
				{"complaint_patient", []string{"regency_code", "complaint_id", "no", "nik", "subject", "name", "village"}, patients},
				{"complaint_area", []string{"regency_code", "complaint_id", "area"}, areas},
				{"complaint_check", []string{"regency_code", "complaint_id", "determination_id", "patient", "nik", "outcome", "service_advice", "summary", "decided_at", "event_seq"}, checks},
			} {
				err := db.dialect.bulk(ctx, tx, load.table, load.columns, load.rows)
				if err != nil {
					return err
				}
			}
			return nil
		}))
	}
	// PostgreSQL does this by itself a minute after so many rows came in.
	_, err := executor{pool: db.writer}.exec(ctx, `ANALYZE`)
	must(b, err)
	return db
}

// BenchmarkComplaintLists is what a desk opens all day, among 100,000 cases of the regency.
func BenchmarkComplaintLists(b *testing.B) {
	desk := complaints.Scope{Actor: "nobody", Unit: "U017", Areas: []area.Code{"35.09.07.2003"}}
	queue := complaints.Filter{Unit: "U017", States: complaints.OpenStates, Queue: true, Limit: 100}
	for name, address := range map[string]func() string{
		"sqlite": func() string { return testkit.SQLite(b) }, "postgres": func() string { return migratedPostgres(b) },
	} {
		b.Run(name, func(b *testing.B) {
			db, ctx := filled(b, address()), context.Background()
			run := func(what string, f func() error) {
				b.Run(what, func(b *testing.B) {
					for b.Loop() {
						must(b, f())
					}
				})
			}
			list := func(f complaints.Filter, s complaints.Scope) func() error {
				return func() error {
					_, err := db.Complaints(ctx, f, s)
					return err
				}
			}
			run("list of a desk", list(complaints.Filter{Limit: 51}, desk))
			run("list of the regency", list(complaints.Filter{Limit: 51}, complaints.Scope{All: true}))
			run("open cases of a desk", list(complaints.Filter{States: complaints.OpenStates, Limit: 51}, desk))
			run("queue of a unit", list(queue, desk))
			run("cases of a person", list(complaints.Filter{NIK: "3509190101800042", Limit: 51}, desk))
			run("waiting registrations", func() error {
				_, err := db.WaitingRegistrations(ctx, desk, 100)
				return err
			})
		})
	}
}
