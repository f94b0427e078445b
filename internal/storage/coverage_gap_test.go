package storage

import (
	"context"
	"testing"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/audit"
	"layak/internal/testkit"
)

// A complete list makes everybody fresh but those whose own row in it could not be read.
func TestRejectedRowMakesNobodyFresh(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		read, rejected := lookPerson(2), lookPerson(4)
		rejected.Set(eligibility.FieldKK, kkOf(read))
		family := testkit.Row("", map[eligibility.Field]string{eligibility.FieldKK: kkOf(read), eligibility.FieldDesil: "3"})
		publish(t, db, load{kind: eligibility.Residents, asOf: "2026-09-01", rows: listed(read, rejected)})
		publish(t, db, load{kind: eligibility.Welfares, asOf: "2026-09-01", rows: listed(family)})
		all := []eligibility.Coverage{{Area: jember, Snapshot: true}}

		seen := func(want eligibility.Date, r *eligibility.Record) {
			t.Helper()
			nik := eligibility.NIK(nikOf(r))
			one := person(t, db, string(nik)).Resident.AsOf
			many, err := db.People(ctx, []eligibility.NIK{nik})
			must(t, err)
			card, err := db.Household(ctx, eligibility.KK(kkOf(read)))
			must(t, err)
			cards, err := db.Households(ctx, []eligibility.KK{eligibility.KK(kkOf(read))})
			must(t, err)
			stored, err := db.StoredRows(ctx, eligibility.Residents, []eligibility.NIK{nik})
			must(t, err)
			got := []eligibility.Date{one, many[nik].Resident.AsOf, stored[nik].AsOf}
			for _, list := range [][]eligibility.Person{card, cards[eligibility.KK(kkOf(read))]} {
				for _, p := range list {
					if p.NIK == nik {
						got = append(got, p.Resident.AsOf)
					}
				}
			}
			if len(got) != 5 {
				t.Fatalf("%d answers", len(got))
			}
			for i, day := range got {
				if day != want {
					t.Errorf("%s, answer %d: %s, want %s", nik, i, day, want)
				}
			}
		}
		imp := start(t, db, load{kind: eligibility.Residents, asOf: "2026-10-01"})
		must(t, db.SaveGaps(ctx, imp, []eligibility.NIK{eligibility.NIK(nikOf(rejected))}))
		seen("2026-09-01", read) // nothing of it counts before it is published
		must(t, db.PublishImport(ctx, imp, all, entry("import.publish")))
		seen("2026-10-01", read)
		seen("2026-09-01", rejected)

		// The next list reads everybody again.
		later := publish(t, db, load{kind: eligibility.Residents, asOf: "2026-11-01", coverage: all})
		seen("2026-11-01", read)
		seen("2026-11-01", rejected)
		_, err := db.RollbackImport(ctx, later.ID, audit.Entry{Actor: "os:test", Act: "import.rollback"})
		must(t, err)
		seen("2026-10-01", read)
		seen("2026-09-01", rejected)

		// A family row of the welfare file that was rejected.
		welfare := start(t, db, load{kind: eligibility.Welfares, asOf: "2026-10-01"})
		must(t, db.SaveGaps(ctx, welfare, []eligibility.NIK{importers.FamilyPrefix + eligibility.NIK(kkOf(read))}))
		must(t, db.PublishImport(ctx, welfare, all, entry("import.publish")))
		if day := person(t, db, nikOf(read)).Welfare.AsOf; day != "2026-09-01" {
			t.Errorf("welfare per %s", day)
		}
	})
}

func TestEndedImportLeavesNoGaps(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		imp := start(t, db, load{kind: eligibility.Residents, asOf: "2026-10-01", rows: people(3)})
		must(t, db.SaveGaps(ctx, imp, []eligibility.NIK{"3509000000000000", "3509000000000001"}))
		imp.Status = importers.Failed
		must(t, db.EndImport(ctx, imp, entry("import.end")))
		if n := countRows(t, db, "coverage_gap"); n != 0 {
			t.Errorf("%d gaps left", n)
		}
	})
}
