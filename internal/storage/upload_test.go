package storage

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/fault"
)

// workbook is a generated residents file of more than one stored part.
func workbook(t testing.TB, count int, seed uint64) *bytes.Reader {
	t.Helper()
	var b bytes.Buffer
	must(t, importers.Generate(eligibility.Residents, count, seed, "35.09", "2026-11-01", &b))
	return bytes.NewReader(b.Bytes())
}

// intake runs a worker beside the test.
func intake(t testing.TB, db *DB) *importers.Intake {
	t.Helper()
	in := importers.NewIntake(db, "35.09", nil)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { in.Work(ctx, slog.New(slog.DiscardHandler)); close(done) }()
	t.Cleanup(func() { stop(); <-done })
	return in
}

func settled(t testing.TB, in *importers.Intake, id string) importers.Upload {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		u, err := in.Find(context.Background(), id)
		must(t, err)
		if !u.Running() {
			return u
		}
	}
	t.Fatal("nobody finished the upload")
	return importers.Upload{}
}

// wantDropped waits for the bytes to go, which they do just after the upload is said to be published.
func wantDropped(t *testing.T, db *DB, id string) {
	t.Helper()
	var part []byte
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		var err error
		part, err = db.UploadPart(context.Background(), id, 0)
		must(t, err)
		if part == nil {
			return
		}
	}
	t.Errorf("%d bytes are left behind", len(part))
}

func TestUploadIsPreviewedAndPublished(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		in := intake(t, db)
		file := workbook(t, 2800, 3)
		if file.Size() <= importers.UploadChunk {
			t.Fatalf("the workbook has only %d bytes", file.Size())
		}
		u, err := in.Add(ctx, importers.NewUpload{Name: `C:\data\penduduk.xlsx`, Size: file.Size(), Kind: eligibility.Residents, AsOf: "2026-11-01", Body: file}, "sri")
		must(t, err)
		if u.Name != "penduduk.xlsx" || u.Stage != importers.StageColumns || len(u.Summary.Columns) < 10 {
			t.Fatalf("kept as %+v", u)
		}
		wantKind(t, in.Publish(ctx, u.ID, false, false, "sri"), fault.Conflict, "upload_not_previewed")
		must(t, in.Preview(ctx, u.ID, u.Settings, "sri"))
		u = settled(t, in, u.ID)
		seen, err := db.Import(ctx, u.Summary.ImportID)
		must(t, err)
		if u.Stage != importers.StagePreviewed || seen.Status != importers.Previewed || seen.New != 2800 || seen.StartedBy != "sri" {
			t.Fatalf("preview: %+v of %+v", u.Stage, seen)
		}
		must(t, in.Publish(ctx, u.ID, false, false, "sri"))
		u = settled(t, in, u.ID)
		out, err := db.Import(ctx, u.Summary.ImportID)
		must(t, err)
		if u.Stage != importers.StagePublished || out.Status != importers.Published || out.New != 2800 {
			t.Fatalf("publish: %s %q, %+v", u.Stage, u.Summary.Message, out)
		}
		wantDropped(t, db, u.ID)

		// The same file again needs a word, and the count holds until it is given.
		again, err := in.Add(ctx, importers.NewUpload{Name: "lagi.xlsx", Size: file.Size(), Kind: eligibility.Residents, AsOf: "2026-11-01", Body: file}, "sri")
		must(t, err)
		must(t, in.Preview(ctx, again.ID, again.Settings, "sri"))
		again = settled(t, in, again.ID)
		before, err := in.Before(ctx, again)
		must(t, err)
		if again.Stage != importers.StagePreviewed || before == nil || before.ID != out.ID {
			t.Fatalf("second preview: %s, before %+v", again.Stage, before)
		}
		must(t, in.Publish(ctx, again.ID, false, false, "sri"))
		again = settled(t, in, again.ID)
		if again.Stage != importers.StagePreviewed || again.Summary.Code != "already_imported" {
			t.Fatalf("second publish: %s %q", again.Stage, again.Summary.Code)
		}
		must(t, in.Drop(ctx, again.ID, "sri"))
		_, err = in.Find(ctx, again.ID)
		wantKind(t, err, fault.NotFound, "upload_unknown")

		back, err := in.Rollback(ctx, out.ID, "sri")
		must(t, err)
		if back.Status != importers.RolledBack {
			t.Errorf("after the roll-back: %s", back.Status)
		}
	})
}

// A process that dies leaves a row whose beat stops. Whoever looks then is told what is true.
func TestUploadOfADeadProcess(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		now := time.Now()
		in := importers.NewIntake(db, "35.09", func() time.Time { return now })
		file := workbook(t, 5, 4)
		u, err := in.Add(ctx, importers.NewUpload{Name: "a.xlsx", Size: file.Size(), Kind: eligibility.Residents, AsOf: "2026-11-01", Body: file}, "sri")
		must(t, err)
		must(t, in.Preview(ctx, u.ID, u.Settings, "sri"))
		u, err = in.Find(ctx, u.ID)
		must(t, err)
		dying := u
		dying.Stage, dying.BeatAt = importers.StagePublishing, now
		moved, err := db.MoveUpload(ctx, u, dying, nil)
		must(t, err)
		if !moved {
			t.Fatal("the upload could not be taken")
		}
		if u, err = in.Find(ctx, u.ID); err != nil || !u.Running() {
			t.Fatalf("a fresh beat: %s, %v", u.Stage, err)
		}
		now = now.Add(time.Minute)
		u, err = in.Find(ctx, u.ID)
		must(t, err)
		if u.Stage != importers.StageFailed || u.Summary.Code != "upload_stopped" {
			t.Fatalf("a minute later: %s %q", u.Stage, u.Summary.Code)
		}
		if moved, err = db.MoveUpload(ctx, dying, dying, nil); err != nil || moved {
			t.Error("the dead process is still heard")
		}

		// It published just before it died.
		must(t, in.Preview(ctx, u.ID, u.Settings, "sri"))
		u, err = in.Find(ctx, u.ID)
		must(t, err)
		dying = u
		dying.Stage, dying.BeatAt = importers.StagePublishing, now
		_, err = db.MoveUpload(ctx, u, dying, nil)
		must(t, err)
		res, err := importers.Run(ctx, db, importers.Options{Kind: eligibility.Residents, Home: "35.09", AsOf: "2026-11-01", Actor: "sri",
			Clock: func() time.Time { return now }, Files: []importers.File{{Name: "a.xlsx", Reader: file, Size: file.Size()}}})
		must(t, err)
		now = now.Add(time.Minute)
		u, err = in.Find(ctx, u.ID)
		must(t, err)
		if u.Stage != importers.StagePublished || u.Summary.ImportID != res.ID {
			t.Fatalf("after a publish: %s, %q", u.Stage, u.Summary.ImportID)
		}
		now = now.Add(25 * time.Hour)
		u, err = in.Find(ctx, u.ID)
		must(t, err)
		if !u.ExpiresAt.Before(now) {
			t.Fatalf("kept until %s", u.ExpiresAt)
		}
	})
}

// A service that is stopped while it counts says so, and the count can be ordered again.
func TestUploadOfAStoppedService(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		first := importers.NewIntake(db, "35.09", nil)
		work, stop := context.WithCancel(ctx)
		done := make(chan struct{})
		go func() { first.Work(work, slog.New(slog.DiscardHandler)); close(done) }()
		file := workbook(t, 1500, 8)
		u, err := first.Add(ctx, importers.NewUpload{Name: "a.xlsx", Size: file.Size(), Kind: eligibility.Residents, AsOf: "2026-11-01", Body: file}, "sri")
		must(t, err)
		must(t, first.Preview(ctx, u.ID, u.Settings, "sri"))
		for u.Stage != importers.StagePreviewing {
			u, err = first.Find(ctx, u.ID)
			must(t, err)
		}
		stop()
		<-done
		u, err = first.Find(ctx, u.ID)
		must(t, err)
		if u.Stage != importers.StageFailed || u.Summary.Code != "upload_stopped" {
			t.Fatalf("after the stop: %s %q %q", u.Stage, u.Summary.Code, u.Summary.Message)
		}
		second := intake(t, db)
		must(t, second.Preview(ctx, u.ID, u.Settings, "sri"))
		if u = settled(t, second, u.ID); u.Stage != importers.StagePreviewed {
			t.Fatalf("by another process: %s %q", u.Stage, u.Summary.Message)
		}
	})
}
