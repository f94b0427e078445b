package storage

import (
	"context"
	"reflect"
	"testing"

	"layak/eligibility"
	"layak/internal/testkit"
)

// Bare people are what everybody knows of them, without names, addresses and what was before: also of whom
// some import rejected a row, of whoever is gone from the newest list, and of nobody.
func TestBarePeopleAreThosePeople(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		rows := people(60)
		all := []eligibility.Coverage{{Area: jember, Snapshot: true}}
		publish(t, db, load{kind: eligibility.Residents, asOf: "2026-10-01", rows: rows, coverage: all})
		for i := 50; i < 60; i++ {
			rows[i].Gone = true
		}
		later := start(t, db, load{kind: eligibility.Residents, asOf: "2026-11-01", rows: rows[50:]})
		rejected := []eligibility.NIK{eligibility.NIK(nikOf(&rows[7].Record)), eligibility.NIK(nikOf(&rows[8].Record))}
		must(t, db.SaveGaps(ctx, later, rejected))
		must(t, db.PublishImport(ctx, later, all, entry("import.publish")))
		publish(t, db, load{kind: eligibility.Welfares, asOf: "2026-10-01", rows: listed(
			testkit.Row(nikOf(&rows[3].Record), map[eligibility.Field]string{eligibility.FieldDesil: "3"}))})
		publish(t, db, load{kind: eligibility.Membership, asOf: "2026-10-01", rows: listed(
			testkit.Row(nikOf(&rows[5].Record), map[eligibility.Field]string{eligibility.FieldSegment: "ppu", eligibility.FieldMemberStatus: "inactive",
				eligibility.FieldInactiveSince: "2026-09-01", eligibility.FieldMemberReason: "employer", eligibility.FieldClass: "2"}))})
		niks := []eligibility.NIK{"3509990101010001"} // nobody
		for i := range rows {
			niks = append(niks, eligibility.NIK(nikOf(&rows[i].Record)))
		}
		known, err := db.People(ctx, niks)
		must(t, err)
		bare, err := db.Bare(ctx, niks)
		must(t, err)
		gone := 0
		for _, nik := range niks {
			want := known[nik]
			if r := want.Resident; r != nil {
				r.Name, r.BirthPlace, r.Marital, r.Address, r.RT, r.RW, r.MotherNIK, r.FormerNIK, r.FormerKK = "", "", "", "", "", "", "", "", ""
				if r.Gone {
					gone++
				}
			}
			if m := want.Membership; m != nil {
				m.JKNNumber, m.Facility = "", ""
			}
			if !reflect.DeepEqual(bare[nik], want) {
				t.Errorf("%s: %+v, want %+v", nik.Masked(), shown(bare[nik]), shown(want))
			}
		}
		if gone != 10 || known[niks[7]].Resident.AsOf == known[niks[8]].Resident.AsOf || known[niks[4]].Welfare == nil || known[niks[6]].Membership == nil {
			t.Errorf("%d are gone: this tests less than it should", gone)
		}
	})
}
