package storage

import (
	"context"
	"errors"
	"testing"
	"time"

	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/fault"
	"layak/internal/testkit"
)

const jember area.Code = "35.09"

// noon is when tests happen unless they say otherwise.
var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.FixedZone("WIB", 7*3600))

// testKeys is the key ring of every test database, so that one can be opened again.
var testKeys = audit.Forgotten()

func testConfig() Config {
	return Config{Regency: jember, Clock: func() time.Time { return noon }, Keys: testKeys}
}

// eachEngine runs a test on a migrated, otherwise empty database of either engine.
func eachEngine(t *testing.T, test func(t *testing.T, db *DB)) {
	t.Helper()
	testkit.BothLike(t, "migrated", migrated, func(t *testing.T, address string) { test(t, openTest(t, address, testConfig())) })
}

func migratedPostgres(t testing.TB) string { return testkit.PostgresLike(t, "migrated", migrated) }

func migrated(address string) error {
	db, err := Open(context.Background(), address, testConfig())
	if err != nil {
		return err
	}
	return db.Close()
}

func openTest(t testing.TB, address string, cfg Config) *DB {
	t.Helper()
	db, err := Open(context.Background(), address, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := db.Close()
		if err != nil {
			t.Error(err)
		}
	})
	return db
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t testing.TB, err error, kind fault.Kind, code string) {
	t.Helper()
	e := fault.As(err)
	if e == nil || e.Kind != kind || e.Code != code {
		t.Fatalf("got error %v, want kind %d code %s", err, kind, code)
	}
}

func TestTransactionLeavesNothingBehindWhenItFails(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		broken := errors.New("broken")
		err := db.write(ctx, func(tx *tx) error {
			must(t, tx.setInstallation(ctx, "demo", "yes"))
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatalf("got %v, want the error of the function", err)
		}
		stamped, err := db.Stamped(ctx)
		must(t, err)
		if stamped {
			t.Fatal("the write of the failed transaction is visible")
		}
		must(t, db.Stamp(ctx))
		stamped, err = db.Stamped(ctx)
		must(t, err)
		if !stamped {
			t.Fatal("the stamp was lost")
		}
	})
}
