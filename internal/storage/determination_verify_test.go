package storage

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"layak/eligibility"
	"layak/internal/audit"
)

// saveAsChecked stores a determination with the entry that a check writes.
func saveAsChecked(t testing.TB, db *DB, d eligibility.Determination) {
	t.Helper()
	payload, err := json.Marshal(d)
	must(t, err)
	must(t, db.SaveDetermination(context.Background(), d, audit.Entry{Actor: "rini", Act: "determination.create",
		Object: "determination", ObjectID: d.ID, Payload: payload}))
}

// TestUntouchedDeterminationsAreIntact: what a check stored must never be called changed, whatever
// its zone, letters and empty parts.
func TestUntouchedDeterminationsAreIntact(t *testing.T) {
	wita := time.FixedZone("WITA", 8*3600)
	change := map[string]func(*eligibility.Determination){
		"as it is":      func(*eligibility.Determination) {},
		"nothing known": func(d *eligibility.Determination) { *d = eligibility.Determination{ID: d.ID, DecidedAt: noon} },
		"no warnings":   func(d *eligibility.Determination) { d.Warnings = []string{} },
		"UTC":           func(d *eligibility.Determination) { d.Facts.At, d.DecidedAt = noon.UTC(), noon.UTC() },
		"supposed clock": func(d *eligibility.Determination) {
			d.Facts.At, d.DecidedAt = noon.AddDate(0, -3, 0).In(wita), noon.In(wita)
		},
		"signs":          func(d *eligibility.Determination) { d.Purpose, d.Summary = `<b> & "x" \ é`, "a\u2028b<&>" },
		"broken letters": func(d *eligibility.Determination) { d.Subject.Description = "a\xff\xfeb" },
		"no NIK":         func(d *eligibility.Determination) { d.NIK, d.Purpose, d.Registry = "", "", eligibility.State{} },
	}
	eachEngine(t, func(t *testing.T, db *DB) {
		for name, change := range change {
			d := sampleDetermination(newID(), noon)
			change(&d)
			if name == "nothing known" {
				d.Facts.At = noon
			}
			saveAsChecked(t, db, d)
			if r := verified(t, db); !r.Whole() {
				t.Fatalf("%s: %v", name, r.Problems)
			}
		}
	})
}

// TestChangedDeterminationIsNamed goes past the triggers, as somebody at the database could.
func TestChangedDeterminationIsNamed(t *testing.T) {
	set := map[string]string{
		"whose":       `nik = '3509190302800002'`,
		"outcome":     `outcome = 'not_eligible'`,
		"advice":      `service_advice = 'treat_now'`,
		"revision":    `revision = 'sha256:abd'`,
		"engine":      `engine = '1.22.3'`,
		"when":        `decided_at = '2026-11-20T05:00:00.000000Z'`,
		"by whom":     `decided_by = 'budi'`,
		"why":         `purpose = ''`,
		"subject":     `subject = '{}'`,
		"decision":    `decision = REPLACE(decision, '"eligible"', '"not_eligible"')`,
		"no decision": `decision = ''`,
		"facts":       `facts = REPLACE(facts, '"desil":4', '"desil":5')`,
		"no facts":    `facts = 'x'`,
		"registry":    `registry = '{}'`,
		"warnings":    `warnings = '[]'`,
	}
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		d, other := sampleDetermination(newID(), noon), sampleDetermination(newID(), noon)
		saveAsChecked(t, db, d)
		saveAsChecked(t, db, other)
		_, err := db.SealOnce(ctx)
		must(t, err)
		drop := `DROP TRIGGER determination_no_update`
		if db.Engine() == "PostgreSQL" {
			drop = `DROP TRIGGER determination_no_change ON determination`
		}
		_, err = executor{pool: db.writer}.exec(ctx, drop)
		must(t, err)
		for name, set := range set {
			stop := errors.New("stop") // rolls the tampering back
			err := db.write(ctx, func(tx *tx) error {
				n, err := tx.exec(ctx, `UPDATE determination SET `+set+` WHERE id = ?`, d.ID)
				must(t, err)
				var report audit.Report
				must(t, tx.verifyDeterminations(ctx, &report))
				if n != 1 || len(report.Problems) != 1 || report.Problems[0].Kind != audit.PayloadChanged ||
					report.Problems[0].ObjectID != d.ID || !strings.Contains(report.Problems[0].String(), d.ID) {
					t.Errorf("%s: problems %v, want determination %s", name, report.Problems, d.ID)
				}
				return stop
			})
			if !errors.Is(err, stop) {
				t.Fatal(err)
			}
		}
		if r := verified(t, db); !r.Whole() {
			t.Errorf("after the roll-backs: %v", r.Problems)
		}
	})
}

// TestAppendOnlyTablesRefuseReplace: REPLACE of SQLite deletes without asking the DELETE triggers,
// by a key or by the number of the row.
func TestAppendOnlyTablesRefuseReplace(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		d := sampleDetermination(newID(), noon)
		saveAsChecked(t, db, d)
		_, err := db.SealOnce(ctx)
		must(t, err)
		statements := []string{`UPDATE determination SET purpose = 'x'`, `DELETE FROM determination`}
		if db.Engine() == "PostgreSQL" {
			statements = append(statements, `TRUNCATE determination`)
		} else {
			for _, table := range []string{"determination", "audit_entry", "trail_block"} {
				statements = append(statements, `INSERT OR REPLACE INTO `+table+` SELECT * FROM `+table)
			}
			statements = append(statements, `INSERT OR REPLACE INTO trail_block (rowid, regency_code, seq, prev_hash, sealed_at, total,
				entry_count, entries, key_id, hash, signature) SELECT rowid, regency_code, seq + 1, prev_hash, sealed_at, total,
				entry_count, entries, key_id, hash, signature FROM trail_block`)
		}
		for _, s := range statements {
			_, err := executor{pool: db.writer}.exec(ctx, s)
			if err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v", s, err)
			}
		}
		if r := verified(t, db); !r.Whole() || r.Entries != 1 {
			t.Errorf("after the attempts: %+v", r)
		}
	})
}
