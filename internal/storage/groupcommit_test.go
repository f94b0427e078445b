package storage

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"layak/internal/audit"
	"layak/internal/fault"
	"layak/internal/testkit"
)

// openDoor opens an SQLite database whose groups are ended by nothing but an empty queue.
func openDoor(t *testing.T) *DB {
	db := openTest(t, testkit.SQLite(t), testConfig())
	db.door.work = time.Minute
	return db
}

// together runs the functions in one group, in their order, and gives what each caller was told.
func together(t *testing.T, db *DB, fns ...func(*tx) error) []error {
	t.Helper()
	told := make([]error, len(fns))
	var callers sync.WaitGroup
	open := closeDoor(t, db)
	for i, fn := range fns {
		callers.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					told[i] = fmt.Errorf("panic: %v", p)
				}
			}()
			told[i] = db.write(context.Background(), fn)
		})
		waitQueue(t, db, i+1)
	}
	open()
	callers.Wait()
	return told
}

// closeDoor makes everybody queue until the door is opened again.
func closeDoor(t *testing.T, db *DB) (open func()) {
	t.Helper()
	inside, leave := make(chan struct{}), make(chan struct{})
	go func() {
		_ = db.door.alone(context.Background(), func() error {
			close(inside)
			<-leave
			return nil
		})
	}()
	<-inside
	return func() { close(leave) }
}

func waitQueue(t *testing.T, db *DB, n int) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; {
		db.door.mu.Lock()
		queued := len(db.door.queue)
		db.door.mu.Unlock()
		if queued == n {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d writers queue, want %d", queued, n)
		}
		time.Sleep(time.Millisecond)
	}
}

// note writes one row and its trail entry.
func note(name string) func(*tx) error {
	return func(x *tx) error {
		ctx := context.Background()
		err := x.setInstallation(ctx, name, "yes")
		if err != nil {
			return err
		}
		return x.record(ctx, audit.Entry{Actor: "rini", Act: "note.write", Object: "note", ObjectID: name})
	}
}

// wantNotes demands exactly these rows, and exactly one entry for each.
func wantNotes(t *testing.T, db *DB, want ...string) {
	t.Helper()
	ctx := context.Background()
	var rows, entries []string
	must(t, db.reads().list(ctx, &rows, `SELECT name FROM installation WHERE value = 'yes' ORDER BY name`))
	must(t, db.reads().list(ctx, &entries, `SELECT object_id FROM audit_entry WHERE act = 'note.write' ORDER BY object_id`))
	if fmt.Sprint(rows) != fmt.Sprint(want) || fmt.Sprint(entries) != fmt.Sprint(want) {
		t.Errorf("rows %v, entries %v, want %v", rows, entries, want)
	}
}

func TestAFailureStaysWithItsCaller(t *testing.T) {
	broken := errors.New("broken")
	cases := []struct {
		name string
		bad  func(*tx) error
		want string
	}{
		{"error", func(x *tx) error { return errors.Join(note("bad")(x), broken) }, "broken"},
		{"panic", func(x *tx) error {
			must(t, note("bad")(x))
			panic("broken")
		}, "panic: broken"},
		{"statement", func(x *tx) error {
			must(t, note("bad")(x))
			_, err := x.exec(context.Background(), `INSERT INTO installation (regency_code, name) VALUES (1, 2, 3)`)
			return err
		}, "3 values for 2 columns"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			db := openDoor(t)
			told := together(t, db, note("a"), c.bad, note("b"), c.bad, note("c"))
			for i, err := range told {
				bad := i%2 == 1
				if bad != (err != nil) || bad && !strings.Contains(err.Error(), c.want) {
					t.Errorf("caller %d was told %v", i, err)
				}
			}
			wantNotes(t, db, "a", "b", "c")
		})
	}
}

// The commit is what makes a write done: until it returns, the rows are visible to the group alone
// and no caller has been answered.
func TestNobodyIsAnsweredBeforeTheCommit(t *testing.T) {
	db := openDoor(t)
	ctx := context.Background()
	first := make(chan error, 1)
	open := closeDoor(t, db)
	go func() { first <- db.write(ctx, note("a")) }()
	waitQueue(t, db, 1)
	second := make(chan error, 1)
	go func() {
		second <- db.write(ctx, func(x *tx) error {
			var inside, outside int
			const count = `SELECT COUNT(*) FROM installation WHERE name = 'a'`
			must(t, x.get(ctx, &inside, count))
			must(t, db.reads().get(ctx, &outside, count))
			if inside != 1 || outside != 0 {
				t.Errorf("the group sees %d, others %d", inside, outside)
			}
			select {
			case err := <-first:
				t.Errorf("the first was told %v before the commit", err)
			case <-time.After(50 * time.Millisecond):
			}
			return nil
		})
	}()
	waitQueue(t, db, 2)
	open()
	must(t, <-second)
	must(t, <-first)
}

// A foreign key that is looked at only at the end lets the commit itself fail.
func TestAFailedCommitReachesAll(t *testing.T) {
	db := openDoor(t)
	ctx := context.Background()
	orphan := func(x *tx) error {
		_, err := x.exec(ctx, `PRAGMA defer_foreign_keys = 1`)
		if err != nil {
			return err
		}
		_, err = x.exec(ctx, `INSERT INTO unit_area (regency_code, unit, area) VALUES (?, 'nobody', '35.09.19')`, db.regency)
		return err
	}
	refused := func(*tx) error { return errors.New("refused") }
	for i, err := range together(t, db, note("a"), orphan, note("b"), refused) {
		if err == nil || !strings.Contains(err.Error(), "commit transaction") {
			t.Errorf("caller %d was told %v", i, err)
		}
	}
	wantNotes(t, db)
	must(t, db.write(ctx, note("later")))
	wantNotes(t, db, "later")
}

// A full disk ends the whole transaction inside SQLite. Whoever was too large hears it; the others
// run again, and those that fit are stored.
func TestFullDiskIsToldToWhomItHit(t *testing.T) {
	db := openDoor(t)
	ctx := context.Background()
	must(t, db.write(ctx, note("0")))
	limit := func(pages string) {
		must(t, db.door.alone(ctx, func() error {
			_, err := db.writer.db.Exec(`PRAGMA max_page_count = ` + pages)
			return err
		}))
	}
	var pages int
	must(t, db.reads().get(ctx, &pages, `PRAGMA page_count`))
	limit(fmt.Sprint(pages + 20))
	large := func(x *tx) error { return x.setInstallation(ctx, "large", strings.Repeat("x", 1<<20)) }
	told := together(t, db, note("a"), large, note("b"))
	must(t, told[0])
	wantKind(t, told[1], fault.Unavailable, "disk_full")
	must(t, told[2])
	wantNotes(t, db, "0", "a", "b")

	limit(fmt.Sprint(pages)) // now nobody fits
	many := func(x *tx) error {
		for i := range 500 {
			err := note(fmt.Sprint("m", i))(x)
			if err != nil {
				return err
			}
		}
		return nil
	}
	for _, err := range together(t, db, many, many) {
		wantKind(t, err, fault.Unavailable, "disk_full")
	}
	wantNotes(t, db, "0", "a", "b")
	limit("1000000")
	must(t, db.write(ctx, note("c")))
	wantNotes(t, db, "0", "a", "b", "c")
}

// One who has swallowed the error that ended the transaction must not hear that all is well.
func TestALostTransactionIsNoticed(t *testing.T) {
	db := openDoor(t)
	ctx := context.Background()
	runs := 0
	told := together(t, db, note("a"), func(x *tx) error {
		runs++
		if runs == 1 {
			_, err := x.exec(ctx, `ROLLBACK`)
			return err
		}
		return note("again")(x)
	}, note("b"))
	for _, err := range told {
		must(t, err)
	}
	if runs != 2 {
		t.Errorf("%d runs", runs)
	}
	wantNotes(t, db, "a", "again", "b")
}

func TestCancelledWriters(t *testing.T) {
	db := openDoor(t)
	open := closeDoor(t, db)
	waiting, leave := context.WithCancel(context.Background())
	told := make(chan error, 1)
	go func() {
		told <- db.write(waiting, func(*tx) error {
			t.Error("the function of one who has left was run")
			return nil
		})
	}()
	waitQueue(t, db, 1)
	leave()
	if err := <-told; !errors.Is(err, context.Canceled) {
		t.Errorf("who left was told %v", err)
	}
	waitQueue(t, db, 0)
	open()

	late, leave := context.WithCancel(context.Background())
	must(t, db.write(late, func(x *tx) error { // everything is written when he leaves: it stays
		err := note("whole")(x)
		leave()
		return err
	}))
	half, leave := context.WithCancel(context.Background())
	err := db.write(half, func(x *tx) error {
		must(t, note("half")(x))
		leave()
		return x.setInstallation(half, "rest", "yes")
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("who left half-way was told %v", err)
	}
	wantNotes(t, db, "whole")
}

// Many desks, failures among them and light writes between them.
func TestManyWritersAtTheDoor(t *testing.T) {
	db := openTest(t, testkit.SQLite(t), testConfig())
	ctx := context.Background()
	var desks sync.WaitGroup
	for desk := range 32 {
		desks.Go(func() {
			for i := range 12 {
				name := fmt.Sprintf("n%02d-%02d", desk, i)
				switch {
				case i%6 == 5:
					err := db.writeLightly(ctx, func(x *tx) error { return x.setInstallation(ctx, name, "light") })
					if err != nil {
						t.Error(err)
					}
				case i%4 == 3:
					err := db.write(ctx, func(x *tx) error { return errors.Join(note(name)(x), errNoUnit) })
					if !errors.Is(err, errNoUnit) {
						t.Errorf("%s was told %v", name, err)
					}
				default:
					err := db.write(ctx, note(name))
					if err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	desks.Wait()
	var want []string
	for desk := range 32 {
		for i := range 12 {
			if i%6 != 5 && i%4 != 3 {
				want = append(want, fmt.Sprintf("n%02d-%02d", desk, i))
			}
		}
	}
	wantNotes(t, db, want...)
	if r := verified(t, db); !r.Whole() {
		t.Errorf("trail: %+v", r)
	}
}

// TestWritingProcess is not a test: it is the process that the test below kills.
func TestWritingProcess(t *testing.T) {
	address := os.Getenv("LAYAK_TEST_WRITE")
	if address == "" {
		return
	}
	db, err := Open(context.Background(), address, testConfig())
	must(t, err)
	var desks sync.WaitGroup
	for desk := range 16 {
		desks.Go(func() {
			for i := 0; ; i++ {
				name := fmt.Sprintf("k%02d-%06d", desk, i)
				must(t, db.write(context.Background(), note(name)))
				fmt.Println("done", name)
			}
		})
	}
	desks.Wait()
}

func TestKilledWriterKeepsWhatItAnswered(t *testing.T) {
	address := testkit.SQLite(t)
	must(t, openTest(t, address, testConfig()).Ping(context.Background()))
	cmd := exec.Command(os.Args[0], "-test.run=^TestWritingProcess$")
	cmd.Env = append(os.Environ(), "LAYAK_TEST_WRITE="+address)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	var done []string
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if name, ok := strings.CutPrefix(lines.Text(), "done "); ok {
			done = append(done, name)
		}
		if len(done) == 300 {
			must(t, cmd.Process.Kill())
		}
	}
	_ = cmd.Wait()
	if len(done) < 300 {
		t.Fatalf("the writer ended after %d writes", len(done))
	}
	db := openTest(t, address, testConfig())
	var stored []string
	must(t, db.reads().list(context.Background(), &stored, `SELECT name FROM installation WHERE value = 'yes' ORDER BY name`))
	wantNotes(t, db, stored...)
	kept := map[string]bool{}
	for _, name := range stored {
		kept[name] = true
	}
	for _, name := range done {
		if !kept[name] {
			t.Errorf("%s was answered and is not stored", name)
		}
	}
}
