package storage

import (
	"context"
	"reflect"
	"testing"
	"time"

	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/fault"
	"layak/policy"
)

func sampleDetermination(id string, decided time.Time) eligibility.Determination {
	desil := 4
	yes := true
	return eligibility.Determination{
		ID: id, NIK: "3509190302800001", Subject: eligibility.Subject{NIK: "3509190302800001"},
		Decision: policy.Decision{Outcome: policy.Eligible, Advice: policy.RegisteredFacility, Summary: "Layak.",
			Findings:  []policy.Finding{{Code: "need_met", Title: "Tergolong tidak mampu", Verdict: policy.Met, Article: "Pertimbangan program", Seen: "desil 4"}},
			Questions: []policy.Question{}, NextSteps: []string{"Daftarkan."}},
		Facts: policy.Input{At: decided, ServiceOn: "2026-11-21", Office: policy.Office{Regency: "35.09"}, Subject: "nik",
			Statements: &policy.Statements{AcceptsClass3: &yes},
			Welfare:    &policy.Welfare{Origin: policy.Origin{Source: "registry", AsOf: "2026-11-01"}, Desil: &desil},
			Evidence: []policy.Evidence{{Kind: "sktm", IssuedOn: "2026-11-20",
				Facts: map[string]any{"desil": 4, "village": "35.09.19.1001", "seen": true}}}},
		Revision: "sha256:abc", Engine: "1.22.2",
		Registry:  eligibility.State{eligibility.Residents: {ImportID: "imp", AsOf: "2026-11-01"}},
		DecidedAt: decided, DecidedBy: "rini", Purpose: "pasien di loket", Warnings: []string{"periksa KTP"},
	}
}

func TestDeterminationComesBackWhole(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		want := sampleDetermination("d1", noon.UTC())
		must(t, db.SaveDetermination(ctx, want, audit.Entry{Actor: "rini", Act: "determination.create", Object: "determination", ObjectID: "d1"}))
		got, err := db.Determination(ctx, "d1")
		must(t, err)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
		_, err = db.Determination(ctx, "d2")
		wantKind(t, err, fault.NotFound, "determination_not_found")
		err = db.SaveDetermination(ctx, want, audit.Entry{Actor: "rini", Act: "determination.create"})
		wantKind(t, err, fault.Conflict, "duplicate")
		if n := countRows(t, db, "audit_entry"); n != 1 {
			t.Fatalf("%d trail entries, want that of the one write that happened", n)
		}
	})
}

// A time in the zone of the office must come back as the same moment, and sort as one.
func TestTimesKeepTheirMoment(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		wib, kolkata := time.FixedZone("WIB", 7*3600), time.FixedZone("IST", 5*3600+1800)
		moments := map[string]time.Time{
			"early":  time.Date(2026, 11, 21, 6, 59, 59, 999_999_999, wib), // 20 November in UTC, nanoseconds cut
			"middle": time.Date(2026, 11, 21, 5, 30, 0, 1000, kolkata),     // later though its clock shows less
			"late":   time.Date(2026, 11, 21, 0, 0, 1, 0, time.UTC),
		}
		for id, at := range moments {
			must(t, db.SaveDetermination(ctx, sampleDetermination(id, at), audit.Entry{Actor: "rini", Act: "determination.create"}))
		}
		list, err := db.DeterminationsOf(ctx, "3509190302800001", 10)
		must(t, err)
		if len(list) != 3 || list[0].ID != "late" || list[1].ID != "middle" || list[2].ID != "early" {
			t.Fatalf("order %v", []string{list[0].ID, list[1].ID, list[2].ID})
		}
		for _, d := range list {
			if want := moments[d.ID].Truncate(time.Microsecond); !d.DecidedAt.Equal(want) || d.DecidedAt.Location() != time.UTC {
				t.Errorf("%s: %s, want %s", d.ID, d.DecidedAt, want)
			}
		}
		list, err = db.DeterminationsOf(ctx, "3509190302800001", 2)
		must(t, err)
		if len(list) != 2 {
			t.Fatalf("limit gives %d", len(list))
		}
	})
}

func TestRevisionsMoveThroughTheirStages(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		e := audit.Entry{Actor: "dewi", Act: "revision.move", Object: "revision"}
		_, err := db.ActiveRevision(ctx)
		wantKind(t, err, fault.NotFound, "revision_not_found")
		shipped, err := db.EnsureRevision(ctx, "sha256:1", []byte{0x1f, 0x8b, 0, 255})
		must(t, err)
		if shipped.Number != 1 || shipped.Stage != policy.Active || !reflect.DeepEqual(shipped.Bundle, []byte{0x1f, 0x8b, 0, 255}) {
			t.Fatalf("shipped %+v", shipped)
		}
		other, err := db.EnsureRevision(ctx, "sha256:newer program", []byte("x"))
		must(t, err)
		if other.Hash != "sha256:1" {
			t.Fatal("a newer program replaced the rules by itself")
		}
		second, err := db.SaveRevision(ctx, policy.Revision{Hash: "sha256:2", Stage: policy.Proposed, Bundle: []byte("b"), CreatedBy: "budi"}, e)
		must(t, err)
		if second.Number != 2 {
			t.Fatalf("number %d", second.Number)
		}
		_, err = db.SaveRevision(ctx, policy.Revision{Hash: "sha256:2", Stage: policy.Draft, Bundle: []byte("b")}, e)
		wantKind(t, err, fault.Conflict, "revision_exists")
		err = db.ActivateRevision(ctx, "sha256:2", e)
		wantKind(t, err, fault.Conflict, "revision_stage")
		active, err := db.ActiveRevision(ctx)
		must(t, err)
		if active.Hash != "sha256:1" {
			t.Fatal("a refused activation retired the rules in force")
		}
		must(t, db.ApproveRevision(ctx, "sha256:2", e))
		wantKind(t, db.ApproveRevision(ctx, "sha256:2", e), fault.Conflict, "revision_stage")
		must(t, db.ActivateRevision(ctx, "sha256:2", e))
		old, err := db.Revision(ctx, "sha256:1")
		must(t, err)
		if old.Stage != policy.Retired || old.RetiredAt == nil {
			t.Fatalf("old %+v", old)
		}
		must(t, db.ActivateRevision(ctx, "sha256:1", e)) // back again
		all, err := db.Revisions(ctx)
		must(t, err)
		if len(all) != 2 || all[0].Hash != "sha256:2" || all[0].Stage != policy.Retired || all[1].Stage != policy.Active || all[1].Bundle != nil {
			t.Fatalf("list %+v", all)
		}
		err = db.ActivateRevision(ctx, "sha256:none", e)
		wantKind(t, err, fault.NotFound, "revision_not_found")
	})
}

// The row and its entry stand or fall together, also where one statement writes both.
func TestADeterminationIsNotStoredWithoutItsEntry(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		e := view("rini", "x")
		e.ID = newID()
		must(t, db.Record(ctx, e))
		for name, spoilt := range map[string]audit.Entry{"same id": e, "nameless": {Act: "determination.create"}} {
			d := sampleDetermination(newID(), noon)
			if db.SaveDetermination(ctx, d, spoilt) == nil {
				t.Errorf("%s: stored", name)
			}
			_, err := db.Determination(ctx, d.ID)
			wantKind(t, err, fault.NotFound, "determination_not_found")
		}
		d := sampleDetermination(newID(), noon)
		must(t, db.SaveDetermination(ctx, d, view("rini", d.ID)))
		must(t, db.SaveDetermination(ctx, sampleDetermination(newID(), noon), view("rini", d.ID)))
		wantKind(t, db.SaveDetermination(ctx, d, view("rini", d.ID)), fault.Conflict, "duplicate")
		page, err := db.AuditEntries(ctx, AuditFilter{ObjectID: d.ID})
		must(t, err)
		if len(page.Entries) != 2 {
			t.Errorf("%d entries, want those of the two that were stored", len(page.Entries))
		}
	})
}
