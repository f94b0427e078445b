package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"layak/internal/jobs"
)

func claim(t *testing.T, db *DB, now time.Time) (jobs.Job, bool) {
	t.Helper()
	j, ok, err := db.ClaimJob(t.Context(), []string{"work"}, now, now.Add(time.Minute))
	must(t, err)
	return j, ok
}

func counts(t *testing.T, db *DB) jobs.Counts {
	t.Helper()
	c, err := db.JobCounts(t.Context())
	must(t, err)
	return c
}

func TestJobIsClaimedOnceAndComesBackFromTheDead(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		must(t, db.AddJob(ctx, jobs.Job{Kind: "work", Key: "a", Payload: []byte("1"), RunAt: noon.Add(time.Minute)}))
		must(t, db.AddJob(ctx, jobs.Job{Kind: "work", Key: "a", RunAt: noon}))
		if c := counts(t, db); c.Waiting != 1 || !c.Oldest.Equal(noon) {
			t.Fatalf("the same work twice is one job, at the earlier time: %+v", c)
		}
		if _, ok, _ := db.ClaimJob(ctx, []string{"other"}, noon, noon); ok {
			t.Error("a runner took work it does not know")
		}
		first, ok := claim(t, db, noon)
		if !ok || first.Attempts != 1 || string(first.Payload) != "1" {
			t.Fatalf("%+v %v", first, ok)
		}
		if _, ok = claim(t, db, noon.Add(59*time.Second)); ok {
			t.Fatal("a leased job was claimed again")
		}
		// The same work asked for while it is being done is another job: what is being done may have
		// read what has changed since.
		must(t, db.AddJob(ctx, jobs.Job{Kind: "work", Key: "a", RunAt: noon.Add(time.Hour)}))
		second, ok := claim(t, db, noon.Add(2*time.Minute)) // whoever had the first died
		if !ok || second.ID != first.ID || second.Attempts != 2 {
			t.Fatalf("%+v %v", second, ok)
		}
		// The first runner was only slow. Nothing it says counts any more.
		held, err := db.ExtendJob(ctx, first, noon.Add(time.Hour))
		must(t, err)
		if held {
			t.Error("the slow runner still holds the job")
		}
		must(t, db.FinishJob(ctx, first))
		must(t, db.RetryJob(ctx, first, "late", noon))
		must(t, db.BuryJob(ctx, first, "late", noon))
		if c := counts(t, db); c.Waiting != 1 || c.Running != 1 || c.Buried != 0 {
			t.Fatalf("%+v", c)
		}
		// Given back it becomes one with the same work that waits already.
		must(t, db.RetryJob(ctx, second, "broken", noon))
		if c := counts(t, db); c.Waiting != 1 || c.Running != 0 || !c.Oldest.Equal(noon) {
			t.Fatalf("%+v", c)
		}
		third, ok := claim(t, db, noon)
		if !ok || third.ID == first.ID {
			t.Fatalf("%+v", third)
		}
		must(t, db.BuryJob(ctx, third, "gives up", noon))
		if c := counts(t, db); c.Waiting+c.Running != 0 || c.Buried != 1 {
			t.Fatalf("%+v", c)
		}
		if _, ok = claim(t, db, noon.Add(time.Hour)); ok {
			t.Error("a buried job was claimed")
		}
	})
}

// Two runners on one queue do each job exactly once, and each job is begun in the order of its time.
func TestTwoRunnersShareAQueue(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		const n = 60
		for i := range n {
			must(t, db.AddJob(t.Context(), jobs.Job{Kind: "work", Key: fmt.Sprint(i), RunAt: noon.Add(time.Duration(i-n) * time.Second)}))
		}
		var mu sync.Mutex
		done := map[string]int{}
		all := make(chan struct{})
		ctx, stop := context.WithCancel(t.Context())
		handler := func(_ context.Context, j jobs.Job) error {
			mu.Lock()
			defer mu.Unlock()
			done[j.Key]++
			if len(done) == n {
				close(all)
			}
			return nil
		}
		var runners sync.WaitGroup
		for range 2 {
			r := &jobs.Runner{Queue: db, Handlers: map[string]jobs.Handler{"work": handler}, Clock: db.clock, Log: slog.New(slog.DiscardHandler), Poll: 10 * time.Millisecond}
			runners.Go(func() { r.Run(ctx) })
		}
		select {
		case <-all:
		case <-time.After(30 * time.Second):
			t.Error("not all jobs were done")
		}
		stop()
		runners.Wait()
		for key, times := range done {
			if times != 1 {
				t.Errorf("job %s ran %d times", key, times)
			}
		}
		if c := counts(t, db); c != (jobs.Counts{}) {
			t.Errorf("left: %+v", c)
		}
	})
}

// run lets one runner work until the condition holds.
func run(t *testing.T, db *DB, r *jobs.Runner, until func() bool) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { r.Run(ctx); close(ended) }()
	end := time.Now().Add(30 * time.Second)
	for !until() && time.Now().Before(end) {
		time.Sleep(5 * time.Millisecond)
	}
	if !until() {
		t.Errorf("never came: %+v", counts(t, db))
	}
	stop()
	<-ended
}

func TestPoisonIsBuriedAndHoldsNobodyUp(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		var log bytes.Buffer
		ran := make(chan string, 10)
		r := &jobs.Runner{
			Queue: db, Clock: db.clock, Log: slog.New(slog.NewTextHandler(&log, nil)), Poll: 5 * time.Millisecond, Workers: 1, Most: 1,
			Handlers: map[string]jobs.Handler{
				"poison": func(context.Context, jobs.Job) error { panic("NIK 3509190101010001") },
				"final": func(context.Context, jobs.Job) error {
					return jobs.Final(errors.New("550 <ani@contoh.id> 081234567890"))
				},
				"work": func(_ context.Context, j jobs.Job) error { ran <- j.Key; return nil },
			},
		}
		for i, kind := range []string{"poison", "final", "work"} {
			must(t, db.AddJob(t.Context(), jobs.Job{Kind: kind, Key: "x", RunAt: noon.Add(time.Duration(i-9) * time.Minute)}))
		}
		run(t, db, r, func() bool { return counts(t, db) == jobs.Counts{Buried: 2} })
		if len(ran) != 1 {
			t.Errorf("the sound job ran %d times", len(ran))
		}
		var errs []string
		must(t, db.reads().list(t.Context(), &errs, `SELECT last_error FROM job ORDER BY last_error`))
		if all := strings.Join(errs, "|"); all != "550 <…> …|panic of type string" {
			t.Errorf("%q", all)
		}
		if text := log.String(); strings.Contains(text, "3509") || strings.Contains(text, "ani@") || !strings.Contains(text, "given up") {
			t.Errorf("log: %s", text)
		}
	})
}

func TestFailedJobWaitsBeforeItRunsAgain(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		must(t, db.AddJob(t.Context(), jobs.Job{Kind: "soon", Key: "x"}))
		must(t, db.AddJob(t.Context(), jobs.Job{Kind: "named", Key: "x"}))
		named := noon.Add(5 * time.Hour)
		r := &jobs.Runner{Queue: db, Clock: db.clock, Log: slog.New(slog.DiscardHandler), Poll: 5 * time.Millisecond, Handlers: map[string]jobs.Handler{
			"soon":  func(context.Context, jobs.Job) error { return errors.New("no answer") },
			"named": func(context.Context, jobs.Job) error { return jobs.After(errors.New("greylisted"), named) },
		}}
		waits := func() (at []stamp) {
			must(t, db.reads().list(t.Context(), &at, `SELECT run_at FROM job WHERE last_error <> '' AND lease_until IS NULL ORDER BY run_at`))
			return at
		}
		run(t, db, r, func() bool { return len(waits()) == 2 })
		at := waits()
		if pause := at[0].time().Sub(noon); pause < 7*time.Second || pause > 13*time.Second {
			t.Errorf("first pause %v", pause)
		}
		if !at[1].time().Equal(named) {
			t.Errorf("runs again at %v, want %v", at[1].time(), named)
		}
	})
}

// A runner that is told to stop lets its job end; what does not end in time is given back at once.
func TestRunnerStopsGently(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		must(t, db.AddJob(t.Context(), jobs.Job{Kind: "short", Key: "x"}))
		must(t, db.AddJob(t.Context(), jobs.Job{Kind: "endless", Key: "x"}))
		begun := make(chan struct{}, 2)
		r := &jobs.Runner{Queue: db, Clock: db.clock, Log: slog.New(slog.DiscardHandler), Poll: 5 * time.Millisecond, Grace: 100 * time.Millisecond, Handlers: map[string]jobs.Handler{
			"short": func(context.Context, jobs.Job) error {
				begun <- struct{}{}
				time.Sleep(30 * time.Millisecond)
				return nil
			},
			"endless": func(ctx context.Context, _ jobs.Job) error { begun <- struct{}{}; <-ctx.Done(); return ctx.Err() },
		}}
		run(t, db, r, func() bool { return len(begun) == 2 })
		if c := counts(t, db); c.Waiting != 1 || c.Running != 0 {
			t.Errorf("%+v, want the endless job given back and the short one done", c)
		}
	})
}

// The lease of a long job is renewed while it runs.
func TestLongJobKeepsItsLease(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		must(t, db.AddJob(t.Context(), jobs.Job{Kind: "long", Key: "x", RunAt: noon}))
		started := time.Now()
		clock := func() time.Time { return noon.Add(time.Since(started)) }
		runs := make(chan struct{}, 10)
		r := &jobs.Runner{Queue: db, Clock: clock, Log: slog.New(slog.DiscardHandler), Poll: 5 * time.Millisecond, Lease: 150 * time.Millisecond, Handlers: map[string]jobs.Handler{
			"long": func(context.Context, jobs.Job) error {
				runs <- struct{}{}
				time.Sleep(600 * time.Millisecond)
				return nil
			},
		}}
		run(t, db, r, func() bool { return counts(t, db) == jobs.Counts{} })
		if len(runs) != 1 {
			t.Errorf("the job ran %d times", len(runs))
		}
	})
}
