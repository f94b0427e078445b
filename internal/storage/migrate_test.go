package storage

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"layak/internal/fault"
	"layak/internal/testkit"
)

var update = flag.Bool("update", false, "write schema.sql anew")

// The two folders must build the same tables with the same columns in the same order.
func TestBothEnginesHaveTheSameTables(t *testing.T) {
	lite := openTest(t, testkit.SQLite(t), testConfig())
	pg := openTest(t, migratedPostgres(t), testConfig())
	var a, b []string
	must(t, lite.reads().list(context.Background(), &a, `SELECT m.name || '.' || c.name FROM sqlite_master m
		JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'schema_version'
		AND m.name NOT LIKE 'complaint_find%' -- the index of words, which PostgreSQL keeps as an index
		ORDER BY m.name, c.cid`))
	must(t, pg.reads().list(context.Background(), &b, `SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name <> 'schema_version'
		ORDER BY table_name COLLATE "C", ordinal_position`))
	if len(a) == 0 {
		t.Fatal("no tables")
	}
	for _, c := range a {
		if !slices.Contains(b, c) {
			t.Errorf("%s is missing in PostgreSQL", c)
		}
	}
	for _, c := range b {
		if !slices.Contains(a, c) {
			t.Errorf("%s is missing in SQLite", c)
		}
	}
	if !t.Failed() && !slices.Equal(a, b) {
		t.Error("the columns of a table stand in another order")
	}
}

func TestMigrationNumbersAreUnbroken(t *testing.T) {
	var names [2][]string
	for i, engine := range []string{"sqlite", "postgres"} {
		files, err := fs.Glob(migrationFolder(engine), "*.sql")
		must(t, err)
		for n, f := range files {
			if !strings.HasPrefix(f, fmt.Sprintf("%04d_", n+1)) {
				t.Errorf("%s/%s breaks the numbering", engine, f)
			}
		}
		names[i] = files
	}
	if !slices.Equal(names[0], names[1]) {
		t.Errorf("the folders differ: %v and %v", names[0], names[1])
	}
}

// schema.sql shows today's tables in one file; it is what the migrations of SQLite build.
func TestSchemaFileIsWhatMigrationsBuild(t *testing.T) {
	db := openTest(t, testkit.SQLite(t), testConfig())
	var parts []string
	must(t, db.reads().list(context.Background(), &parts, `SELECT sql FROM sqlite_master
		WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND tbl_name <> 'schema_version'
		ORDER BY tbl_name, CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, name`))
	got := "-- Written by: go test ./internal/storage -run SchemaFile -update\n-- The tables as the SQLite migrations build them.\n\n" +
		strings.Join(parts, ";\n\n") + ";\n"
	if *update {
		must(t, os.WriteFile("schema.sql", []byte(got), 0o644))
	}
	want, err := os.ReadFile("schema.sql")
	must(t, err)
	if got != string(want) {
		t.Fatal("schema.sql is not what the migrations build; run: go test ./internal/storage -run SchemaFile -update")
	}
}

func TestOlderAndNewerDatabases(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		ctx := context.Background()
		db, err := Open(ctx, address, testConfig())
		must(t, err)
		_, err = db.writer.db.Exec(`INSERT INTO schema_version (version_id, is_applied) VALUES (9999, TRUE)`)
		must(t, err)
		must(t, db.Close())
		_, err = Open(ctx, address, testConfig())
		wantKind(t, err, fault.Conflict, "database_newer")
		_, _, err = Migrate(ctx, address, testConfig())
		wantKind(t, err, fault.Conflict, "database_newer")

		// The same database as a program would see it that knows one migration more.
		db, err = connect(address, testConfig())
		must(t, err)
		_, err = db.writer.db.Exec(`DELETE FROM schema_version WHERE version_id = 9999`)
		must(t, err)
		p, err := db.migrator()
		must(t, err)
		_, wants, err := db.versions(ctx, p)
		must(t, err)
		_, err = db.writer.db.Exec(db.dialect.rebind(`DELETE FROM schema_version WHERE version_id = ?`), wants)
		must(t, err)
		must(t, db.Close())
		_, err = Open(ctx, address, testConfig())
		wantKind(t, err, fault.Conflict, "database_older")
	})
}

func TestManyProcessesStartOnAnEmptyDatabase(t *testing.T) {
	testkit.Both(t, func(t *testing.T, address string) {
		var wg sync.WaitGroup
		for range 6 {
			wg.Add(1)
			go func() {
				defer wg.Done()
				db, err := Open(context.Background(), address, testConfig())
				if err != nil {
					t.Error(err)
					return
				}
				if err := db.Close(); err != nil {
					t.Error(err)
				}
			}()
		}
		wg.Wait()
	})
}

func TestMigrateTellsWhatItDid(t *testing.T) {
	testkit.Both(t, func(t *testing.T, address string) {
		from, to, err := Migrate(context.Background(), address, testConfig())
		must(t, err)
		if from != 0 || to < 4 {
			t.Fatalf("from %d to %d", from, to)
		}
		from, again, err := Migrate(context.Background(), address, testConfig())
		must(t, err)
		if from != to || again != to {
			t.Fatalf("second run from %d to %d", from, again)
		}
	})
}

func TestAddressesThatCannotWork(t *testing.T) {
	ctx := context.Background()
	text := filepath.Join(t.TempDir(), "catatan.txt")
	must(t, os.WriteFile(text, []byte(strings.Repeat("bukan basis data ", 1000)), 0o600))
	for _, c := range []struct {
		name, address, code string
		kind                fault.Kind
	}{
		{"no scheme", "data/layak.db", "database_address", fault.Invalid},
		{"no path", "sqlite:", "database_address", fault.Invalid},
		{"another engine", "mysql://localhost/layak", "database_address", fault.Invalid},
		{"a text file", "sqlite:" + text, "database_unreadable", fault.Unavailable},
		{"nobody listens", "postgres://layak@127.0.0.1:1/layak?sslmode=disable", "database_unavailable", fault.Unavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(ctx, c.address, testConfig())
			wantKind(t, err, c.kind, c.code)
		})
	}
	odd := "sqlite:" + filepath.Join(t.TempDir(), "100% aneh?#&.db")
	openTest(t, odd, testConfig())
	_, err := os.Stat(strings.TrimPrefix(odd, "sqlite:"))
	must(t, err)
}
