// Package jobs owns background work: a queue with lease, attempts and last error, and the runner
// that works it off. It must not know what the work is about.
package jobs

import (
	"context"
	"time"
)

// Job is one piece of work. Kind and Key name it: adding a job whose Kind and Key wait already adds
// nothing, it only brings the waiting one forward when the new one should run earlier.
type Job struct {
	ID        string
	Kind      string
	Key       string
	Payload   []byte // never personal data; ids only
	RunAt     time.Time
	Attempts  int // claims so far, the present one among them; names the claim to the Queue
	LastError string
	CreatedAt time.Time
}

// Handler does one job. It may run twice, when a process died in the middle, so it must be written
// so that the second run finds the work of the first. An error gives the job back to run again
// later: see After and Final.
type Handler func(ctx context.Context, j Job) error

// Queue keeps jobs. Storage keeps it.
type Queue interface {
	// AddJob puts a job in the queue, unless one of its Kind and Key waits there. One that is being
	// done does not count: it may have read what has changed since. ID and CreatedAt are filled in
	// when empty; a zero RunAt is now.
	AddJob(ctx context.Context, j Job) error
	// ClaimJob leases the job that is due longest to the caller, until the moment; false when none is due.
	// A job whose lease is over is due.
	ClaimJob(ctx context.Context, kinds []string, now, until time.Time) (Job, bool, error)
	// ExtendJob holds the lease longer; false when the caller has lost the job to another.
	ExtendJob(ctx context.Context, j Job, until time.Time) (bool, error)
	// FinishJob removes a job that is done; nothing when the caller has lost it.
	FinishJob(ctx context.Context, j Job) error
	// RetryJob gives a job back with what went wrong, to run again at the moment; nothing when the
	// caller has lost it. When its Kind and Key wait again already, the two become one.
	RetryJob(ctx context.Context, j Job, lastError string, runAt time.Time) error
	// BuryJob takes a job out of the queue that failed too often, and keeps it to be looked at.
	BuryJob(ctx context.Context, j Job, lastError string, at time.Time) error
}

// Counts is how much stands in the queue.
type Counts struct {
	Waiting, Running, Buried int
	Oldest                   time.Time // when the job that is due longest should have run; zero when none is due
}
