package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"
)

// Runner works the queue off. Several may run on one queue, in one process or in many.
type Runner struct {
	Queue    Queue
	Handlers map[string]Handler // by Job.Kind
	Clock    func() time.Time
	Log      *slog.Logger
	// What follows has a default. Workers (2) work at the same time; Lease (1 minute) is how long a
	// dead process keeps a job; Poll (1 second) is how often an empty queue is looked at; Grace
	// (10 seconds) is what a job has left to end when the runner stops; after Most (200) attempts a
	// job is buried.
	Workers int
	Lease   time.Duration
	Poll    time.Duration
	Grace   time.Duration
	Most    int
}

// After is an error that names when the job should run again.
func After(err error, at time.Time) error { return &later{err, at} }

type later struct {
	error
	at time.Time
}

func (l *later) Unwrap() error { return l.error }

// Final is an error after which another attempt would be useless; the job is buried.
func Final(err error) error { return &final{err} }

type final struct{ error }

func (f *final) Unwrap() error { return f.error }

// Run works until ctx ends. Then it takes no new job, gives those under way the Grace to end, and
// gives back what did not end.
func (r *Runner) Run(ctx context.Context) {
	var all sync.WaitGroup
	for range or(r.Workers, 2) {
		all.Go(func() { r.work(ctx) })
	}
	all.Wait()
}

func (r *Runner) work(ctx context.Context) {
	kinds := make([]string, 0, len(r.Handlers))
	for k := range r.Handlers {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	pause := or(r.Poll, time.Second)
	for ctx.Err() == nil {
		did, err := r.one(ctx, kinds)
		if err != nil && ctx.Err() == nil {
			r.Log.ErrorContext(ctx, "work off jobs", "error", err)
		}
		if did && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause + time.Duration(rand.Int64N(int64(pause)/4+1))): //nolint:gosec // many processes, one database
		}
	}
}

// one claims and does one job; false when none is due.
func (r *Runner) one(ctx context.Context, kinds []string) (bool, error) {
	now := r.Clock()
	j, ok, err := r.Queue.ClaimJob(ctx, kinds, now, now.Add(r.lease()))
	if err != nil || !ok {
		return false, err
	}
	// The job outlives the order to stop by Grace, and its end is written in any case.
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	unstop := context.AfterFunc(ctx, func() { time.AfterFunc(or(r.Grace, 10*time.Second), stop) })
	defer unstop()
	held := r.hold(work, stop, j)
	failed := r.try(work, j)
	halted := work.Err() != nil
	stop()
	if !<-held {
		r.Log.WarnContext(ctx, "a job was lost to another runner", "kind", j.Kind, "job", j.ID)
		return true, nil
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return true, r.end(last, j, failed, halted)
}

func (r *Runner) lease() time.Duration { return or(r.Lease, time.Minute) }

// hold renews the lease until work ends, and stops work when the job was lost. The channel tells
// whether it was still ours.
func (r *Runner) hold(work context.Context, stop func(), j Job) <-chan bool {
	ours := make(chan bool, 1)
	go func() {
		tick := time.NewTicker(r.lease() / 3)
		defer tick.Stop()
		for {
			select {
			case <-work.Done():
				ours <- true
				return
			case <-tick.C:
			}
			ok, err := r.Queue.ExtendJob(work, j, r.Clock().Add(r.lease()))
			if err == nil && !ok {
				stop()
				ours <- false
				return
			}
		}
	}()
	return ours
}

// try runs the handler; a panic is an error like any other.
func (r *Runner) try(ctx context.Context, j Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			// The value may hold anything, so only its type and the place are told.
			r.Log.ErrorContext(ctx, "a job panicked", "kind", j.Kind, "job", j.ID, "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic of type %T", p)
		}
	}()
	return r.Handlers[j.Kind](ctx, j)
}

func (r *Runner) end(ctx context.Context, j Job, failed error, halted bool) error {
	now := r.Clock()
	var over *final
	var when *later
	switch {
	case failed == nil:
		return r.Queue.FinishJob(ctx, j)
	case halted:
		return r.Queue.RetryJob(ctx, j, "stopped with the program", now)
	case errors.As(failed, &over) || j.Attempts >= or(r.Most, 200):
		r.Log.ErrorContext(ctx, "a job is given up", "kind", j.Kind, "job", j.ID, "attempts", j.Attempts, "error", Plain(failed))
		return r.Queue.BuryJob(ctx, j, Plain(failed), now)
	case errors.As(failed, &when):
		return r.Queue.RetryJob(ctx, j, Plain(failed), when.at)
	}
	r.Log.WarnContext(ctx, "a job failed and will run again", "kind", j.Kind, "job", j.ID, "attempts", j.Attempts, "error", Plain(failed))
	return r.Queue.RetryJob(ctx, j, Plain(failed), now.Add(Backoff(j.Attempts)))
}

// Backoff is the pause after so many attempts: 10 seconds, doubling up to half an hour, give or
// take a quarter so that what failed together does not come back together.
func Backoff(attempts int) time.Duration {
	pause := 10 * time.Second << min(max(attempts-1, 0), 8)
	pause = min(pause, 30*time.Minute)
	return pause*3/4 + time.Duration(rand.Int64N(int64(pause)/2)) //nolint:gosec // a pause is no secret
}

var (
	addresses = regexp.MustCompile(`[^\s<>"]+@[^\s<>"]+`)
	numbers   = regexp.MustCompile(`\+?[0-9](?:[ -]?[0-9]){7,}`)
)

// Plain is an error as it may be stored and logged: one line of bounded length, without addresses
// and long numbers that the other side may have quoted.
func Plain(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	text = numbers.ReplaceAllString(addresses.ReplaceAllString(text, "…"), "…")
	if runes := []rune(text); len(runes) > 300 {
		text = string(runes[:300]) + "…"
	}
	return text
}

func or[T int | time.Duration](v, otherwise T) T {
	if v == 0 {
		return otherwise
	}
	return v
}
