package storage

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/fault"
	"layak/internal/testkit"
)

// people makes n residents of made-up numbers.
func people(n int) []importers.Version {
	rows := make([]importers.Version, n)
	for i := range rows {
		r := testkit.Person(i%10000, fmt.Sprintf("Warga %d", i), eligibility.DateOf(
			time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i%20000)))
		r.Set(eligibility.FieldNIK, fmt.Sprintf("3509%012d", i))
		r.Set(eligibility.FieldKK, fmt.Sprintf("3510%012d", i/4))
		r.Set(eligibility.FieldVillage, fmt.Sprintf("35.09.%02d.20%02d", 1+i%31, 1+i%8))
		rows[i].Record = *r
	}
	return rows
}

func countRows(t testing.TB, db *DB, table string) int {
	t.Helper()
	var n int
	must(t, db.reads().get(context.Background(), &n, `SELECT COUNT(*) FROM `+table))
	return n
}

func TestEndedImportLeavesNoRows(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		imp := start(t, db, load{kind: eligibility.Residents, asOf: "2026-11-01", rows: people(6000)})
		must(t, db.DropRows(ctx, imp, []eligibility.NIK{"3509000000000000", "3509000000000001"}))
		if n := countRows(t, db, "resident_version"); n != 5998 {
			t.Fatalf("%d rows after dropping two", n)
		}
		imp.Status, imp.Message, imp.Seconds = importers.Previewed, "hanya pratinjau", 1.5
		must(t, db.EndImport(ctx, imp, entry("import.preview")))
		if n := countRows(t, db, "resident_version"); n != 0 {
			t.Fatalf("%d rows left", n)
		}
		err := db.PublishImport(ctx, imp, nil, entry("import.publish"))
		wantKind(t, err, fault.Conflict, "import_ended")
		got, err := db.Import(ctx, imp.ID)
		must(t, err)
		if got.Status != importers.Previewed || got.Read != 6000 || got.Seconds != 1.5 || got.FinishedAt == nil || !got.StartedAt.Equal(noon) {
			t.Fatalf("stored import %+v", got)
		}
		// A file that is refused never starts, but is on record.
		must(t, db.EndImport(ctx, importers.Import{Kind: eligibility.Residents, Status: importers.Refused, Message: "sudah"}, entry("import.refuse")))
		all, err := db.Imports(ctx, 0)
		must(t, err)
		if len(all) != 2 || all[0].Status != importers.Refused || all[1].ID != imp.ID {
			t.Fatalf("list %+v", all)
		}
	})
}

func TestRejectsKeepTheirOrder(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		imp := start(t, db, load{kind: eligibility.Residents, asOf: "2026-11-01"})
		var want []importers.Reject
		for i := range 250 {
			want = append(want, importers.Reject{File: "a.xlsx", Sheet: "Lembar 1", Row: i + 2, Column: "NIK",
				Value: "3,50919E+15", Code: "nik_number_cell", Reason: "Tulis NIK sebagai teks."})
		}
		must(t, db.SaveRejects(ctx, imp, want[:100]))
		must(t, db.SaveRejects(ctx, imp, want[100:]))
		got, err := db.Rejects(ctx, imp.ID, 0)
		must(t, err)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got %d rows, first %+v", len(got), got[0])
		}
		got, err = db.Rejects(ctx, imp.ID, 7)
		must(t, err)
		if len(got) != 7 {
			t.Fatalf("limit gives %d", len(got))
		}
	})
}

func TestMappingIsRemembered(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		none, err := db.Mapping(ctx, "hash")
		must(t, err)
		if len(none) != 0 {
			t.Fatalf("mapping %v from nowhere", none)
		}
		must(t, db.SaveMapping(ctx, "hash", map[string]eligibility.Field{"NO INDUK": eligibility.FieldNIK}))
		want := map[string]eligibility.Field{"NO INDUK": eligibility.FieldNIK, "ALMT": eligibility.FieldAddress}
		must(t, db.SaveMapping(ctx, "hash", want))
		got, err := db.Mapping(ctx, "hash")
		must(t, err)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("mapping %v", got)
		}
	})
}

// Desks look people up while a monthly file is loaded and published: each look-up sees the old row
// or the new one, and the whole household of one moment.
func TestDesksGoOnDuringAPublish(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		rows := people(3000)
		publish(t, db, load{kind: eligibility.Residents, asOf: "2026-10-01", rows: rows})
		kk := eligibility.KK(kkOf(&rows[0].Record))
		stop := make(chan struct{})
		var wg sync.WaitGroup
		var slowest time.Duration
		wg.Add(1)
		go func() {
			defer wg.Done()
			for {
				select {
				case <-stop:
					return
				default:
				}
				began := time.Now()
				family, err := db.Household(ctx, kk)
				if err != nil || len(family) != 4 {
					t.Errorf("household of %d people, error %v", len(family), err)
					return
				}
				for _, p := range family {
					if p.Resident.Marital != family[0].Resident.Marital {
						t.Error("half of the household is of one import, half of another")
						return
					}
				}
				slowest = max(slowest, time.Since(began))
			}
		}()
		for i := range rows {
			rows[i].Record.Set(eligibility.FieldMarital, "married")
		}
		publish(t, db, load{kind: eligibility.Residents, asOf: "2026-11-01", rows: rows})
		close(stop)
		wg.Wait()
		t.Logf("slowest look-up %s", slowest)
		if p := person(t, db, nikOf(&rows[0].Record)); p.Resident.Marital != "married" {
			t.Fatal("the new rows are not visible")
		}
	})
}

// TestHelperProcess is not a test: it is the other process of the two tests below.
func TestHelperProcess(t *testing.T) {
	address := os.Getenv("LAYAK_TEST_IMPORT")
	if address == "" {
		return
	}
	ctx := context.Background()
	db, err := Open(ctx, address, testConfig())
	must(t, err)
	release, err := db.LockImports(ctx, nil)
	must(t, err)
	defer release()
	rows := people(500)
	imp := start(t, db, load{kind: eligibility.Residents, asOf: "2026-11-01", rows: rows[:400]})
	must(t, db.AppendRows(ctx, imp, rows[400:]))
	fmt.Println("appended")
	_, _ = io.Copy(io.Discard, os.Stdin) // until somebody ends us
}

// otherImport starts a process that holds the import lock and has appended rows.
func otherImport(t *testing.T, address string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestHelperProcess$")
	cmd.Env = append(os.Environ(), "LAYAK_TEST_IMPORT="+address)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = in.Close()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) == "appended" {
			return cmd
		}
	}
	t.Fatal("the other import ended early")
	return nil
}

func TestKilledImportLeavesNothingAndIsSwept(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		ctx := context.Background()
		db := openTest(t, address, testConfig())
		other := otherImport(t, address)
		if n := countRows(t, db, "resident_version"); n != 500 {
			t.Fatalf("the other process appended %d rows", n)
		}
		waited := make(chan struct{})
		locked := make(chan func())
		go func() {
			release, err := db.LockImports(ctx, func() { close(waited) })
			if err != nil {
				t.Error(err)
			}
			locked <- release
		}()
		select {
		case <-locked:
			t.Fatal("two imports hold the lock at once")
		case <-waited:
		}
		select {
		case <-locked:
			t.Fatal("two imports hold the lock at once")
		case <-time.After(300 * time.Millisecond):
		}
		must(t, other.Process.Kill())
		_ = other.Wait()
		release := <-locked
		defer release()
		if p := person(t, db, "3509000000000001"); p.Resident != nil {
			t.Fatal("rows of the killed import are visible")
		}
		swept, err := db.SweepImports(ctx)
		must(t, err)
		if len(swept) != 1 || swept[0].Status != importers.Failed || swept[0].Message == "" {
			t.Fatalf("swept %+v", swept)
		}
		if n := countRows(t, db, "resident_version"); n != 0 {
			t.Fatalf("%d rows left behind", n)
		}
		again, err := db.SweepImports(ctx)
		must(t, err)
		if len(again) != 0 {
			t.Fatal("swept twice")
		}
	})
}

// eachAddress is eachEngine for tests that open the database themselves.
func eachAddress(t *testing.T, test func(t *testing.T, address string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, testkit.SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, migratedPostgres(t)) })
}

func TestWaitingForTheLockCanBeGivenUp(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		release, err := db.LockImports(context.Background(), nil)
		must(t, err)
		defer release()
		ctx, cancel := context.WithTimeout(context.Background(), 200*time.Millisecond)
		defer cancel()
		told := 0
		_, err = db.LockImports(ctx, func() { told++ })
		if !errors.Is(err, context.DeadlineExceeded) || told != 1 {
			t.Fatalf("error %v, told %d times", err, told)
		}
	})
}

func TestFullDiskChangesNothing(t *testing.T) {
	ctx := context.Background()
	db := openTest(t, testkit.SQLite(t), testConfig())
	publish(t, db, load{kind: eligibility.Residents, asOf: "2026-10-01", rows: people(100)})
	// The single writer connection gets no page beyond those it has.
	var pages int
	must(t, db.writer.db.Get(&pages, `PRAGMA page_count`))
	_, err := db.writer.db.Exec(fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+20))
	must(t, err)
	imp, err := db.StartImport(ctx, importers.Import{Kind: eligibility.Residents, AsOf: "2026-11-01"}, entry("import.start"))
	must(t, err)
	err = db.AppendRows(ctx, imp, people(20000))
	wantKind(t, err, fault.Unavailable, "disk_full")
	if n := countRows(t, db, "resident_version"); n != 100 {
		t.Fatalf("%d rows, want the 100 from before", n)
	}
	_, err = db.writer.db.Exec(`PRAGMA max_page_count = 1000000`)
	must(t, err)
	swept, err := db.SweepImports(ctx)
	must(t, err)
	if len(swept) != 1 {
		t.Fatalf("swept %d imports", len(swept))
	}
	publish(t, db, load{kind: eligibility.Residents, asOf: "2026-11-01", rows: people(200)})
}
