// Package jobs owns background work: a queue with lease, attempts and last error, and the runner
// that works it off. It must not know what the work is about.
package jobs

import (
	"context"
	"time"
)

// Job is one piece of work. Kind and Key name it: adding a job whose Kind and Key wait already adds
// nothing.
type Job struct {
	ID        string
	Kind      string
	Key       string
	Payload   []byte // never personal data; ids only
	RunAt     time.Time
	Attempts  int
	LastError string
	CreatedAt time.Time
}

// Handler does one job. It may run twice, when a process died in the middle, so it must be written
// so that the second run finds the work of the first.
type Handler func(ctx context.Context, j Job) error

// Queue keeps jobs. Storage keeps it.
type Queue interface {
	// AddJob puts a job in the queue, unless one of its Kind and Key waits there.
	AddJob(ctx context.Context, j Job) error
	// ClaimJob leases the job that is due longest to the caller, until the moment; false when none is due.
	ClaimJob(ctx context.Context, kinds []string, now, until time.Time) (Job, bool, error)
	// FinishJob removes a job that is done.
	FinishJob(ctx context.Context, id string) error
	// RetryJob gives a job back with what went wrong, to run again at the moment.
	RetryJob(ctx context.Context, id, lastError string, runAt time.Time) error
}
