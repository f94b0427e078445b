package storage

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"

	"layak/complaints"
	"layak/internal/audit"
	"layak/internal/fault"
)

func TestStatementsAtOnceAreStoredWholeOrNotAtAll(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		insert := func(tx *tx, name string) error {
			_, err := tx.exec(ctx, `INSERT INTO installation (regency_code, name, value) VALUES (?, ?, '1')`, db.regency, name)
			return err
		}
		count := func() int {
			var n int
			must(t, db.reads().get(ctx, &n, `SELECT COUNT(*) FROM installation WHERE regency_code = ? AND name LIKE 'at-%'`, db.regency))
			return n
		}
		rename := func(tx *tx, from, to string) error {
			n, err := tx.must(ctx, `UPDATE installation SET name = ? WHERE regency_code = ? AND name = ?`, to, db.regency, from)
			if err == nil && n == 0 {
				return errors.New("no such row")
			}
			return err
		}
		must(t, db.writeAtOnce(ctx, func(tx *tx) error {
			return errors.Join(insert(tx, "at-1"), insert(tx, "at-2"), tx.record(ctx, audit.Entry{Actor: "a", Act: "test.at"}))
		}))
		if n := count(); n != 2 {
			t.Fatalf("%d rows, want 2", n)
		}
		for name, fn := range map[string]func(*tx) error{
			"a key exists":            func(tx *tx) error { return errors.Join(insert(tx, "at-3"), insert(tx, "at-1")) },
			"a row is not there":      func(tx *tx) error { return errors.Join(insert(tx, "at-3"), rename(tx, "at-9", "at-8")) },
			"the function gives up":   func(tx *tx) error { return errors.Join(insert(tx, "at-3"), errors.New("no")) },
			"one of two is not there": func(tx *tx) error { return errors.Join(rename(tx, "at-1", "at-4"), rename(tx, "at-9", "at-8")) },
		} {
			if err := db.writeAtOnce(ctx, fn); err == nil {
				t.Errorf("%s: no error", name)
			}
		}
		if n := count(); n != 2 {
			t.Errorf("%d rows after failures, want 2", n)
		}
		// A function that has to see what it wrote does, in a transaction of its own.
		must(t, db.writeAtOnce(ctx, func(tx *tx) error {
			err := rename(tx, "at-1", "at-5")
			if err != nil {
				return err
			}
			err = tx.replace(ctx, `DELETE FROM installation WHERE regency_code = ? AND name = ?`, db.regency, "at-5")
			if err != nil {
				return err
			}
			return insert(tx, "at-5")
		}))
		if n := count(); n != 2 {
			t.Errorf("%d rows, want 2", n)
		}
	})
}

// Each act on PostgreSQL is one statement; of two on the same version one is stored, the other hears
// that somebody was faster, and nothing of it stays.
func TestActsAtOnceOnOneVersion(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		for range 10 {
			c := o.inProgress(t, "eligibility")
			errs := make([]error, 4)
			var all sync.WaitGroup
			for i := range errs {
				all.Go(func() {
					_, errs[i] = o.Act(o.mangli, c.Ticket, complaints.Action{Type: complaints.NoteEvent, Version: c.Version, Text: "Satu."})
				})
			}
			all.Wait()
			won := 0
			for _, err := range errs {
				if err == nil {
					won++
					continue
				}
				wantKind(t, err, fault.Conflict, "stale_version")
			}
			after := o.readAnew(t, c.Ticket)
			if won != 1 || len(after.Events) != len(c.Events)+1 || after.Version != c.Version+1 {
				t.Fatalf("%d acts won; %d events and version %d after %d and %d", won, len(after.Events), after.Version, len(c.Events), c.Version)
			}
		}
	})
}

// Two processes on one database: what one remembers of a case gives way to what the other stored.
func TestWhatIsRememberedOfACaseGivesWay(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c := o.inProgress(t, "eligibility")
		here := o.read(t, c.Ticket)
		there := &DB{regency: db.regency, clock: db.clock, keys: db.keys, dialect: db.dialect, writer: db.writer, door: db.door, reader: db.reader}
		elsewhere := &complaints.Service{Store: there, Checker: o.Checker, Clock: o.Clock, Keyed: o.Keyed}
		after, err := elsewhere.Act(o.mangli, c.Ticket, complaints.Action{Type: complaints.NoteEvent, Version: c.Version, Text: "Dari sana."})
		must(t, err)
		if got := o.read(t, c.Ticket); len(got.Events) != len(here.Events)+1 || got.Version != after.Version {
			t.Errorf("%d events and version %d are seen, want %d and %d", len(got.Events), got.Version, len(here.Events)+1, after.Version)
		}
		// Nobody changes what is remembered by changing what he was given.
		got := o.read(t, c.Ticket)
		got.Events[0].Note, got.Patients[0].Name = "diubah", "Orang Lain"
		o.stored(t, after)
		for range mostKept + 10 {
			db.kept.put(complaints.Complaint{ID: newID()}, 1)
		}
		if n := len(db.kept.byID); n > mostKept {
			t.Errorf("%d cases are remembered, at most %d are meant to be", n, mostKept)
		}
	})
}

// readAnew reads the case as a process does that remembers nothing of it.
func (o *office) readAnew(t testing.TB, ticket complaints.Ticket) complaints.Complaint {
	t.Helper()
	o.db.kept.mu.Lock()
	clear(o.db.kept.byID)
	o.db.kept.mu.Unlock()
	return o.read(t, ticket)
}

// sameCase tells whether two are the same to whoever reads them.
func sameCase(a, b complaints.Complaint) bool {
	one, _ := json.Marshal(a)
	two, _ := json.Marshal(b)
	return string(one) == string(two)
}
