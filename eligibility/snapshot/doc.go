// Package snapshot owns the compact registry: everybody of one revision of it, column by column, each
// value kept once in a dictionary and each person as small codes, so that all of them are scanned in
// a fraction of a second. It gives back for each person exactly the facts that a check of that NIK
// with no papers would decide by, because it is made by the same code.
//
// It must never know SQL, HTTP or OPA, holds no rule of coverage, and never keeps a name, an address
// or anything else that no rule may read. NIK and KK are in it: it is personal data and is kept where
// the registry is kept.
package snapshot

import (
	"context"
	"time"

	"layak/eligibility"
	"layak/internal/audit"
)

// Head names a stored snapshot.
type Head struct {
	ID       string
	Revision int64 // of the registry; every publish and every rollback makes a new one
	Rows     int
	Bytes    int64 // as stored, compressed
	MadeAt   time.Time
	Seconds  float64
}

// Source is the registry as a snapshot is made from it. Storage keeps it.
type Source interface {
	// RegistryRevision tells the newest revision of the registry, 0 while nothing was published.
	RegistryRevision(ctx context.Context) (int64, error)
	// RegistryOf is the registry as that revision shows it, for ever.
	RegistryOf(revision int64) eligibility.Crowd
	// EachPerson calls yield for everybody of whom that revision knows anything, in the order of the
	// NIK and as Registry.Person gives them, but without the fields that no rule reads. The person is
	// only lent.
	EachPerson(ctx context.Context, revision int64, yield func(*eligibility.Person) error) error
}

// Store keeps snapshots. Storage implements it.
type Store interface {
	Source
	// SaveSnapshot stores a snapshot in parts; it is seen when all are there, with the entry in the
	// trail, and takes the place of those before. next gives part after part, nil after the last.
	SaveSnapshot(ctx context.Context, h Head, next func() ([]byte, error), e audit.Entry) error
	// SnapshotHead finds the one that is stored; ok is false when there is none.
	SnapshotHead(ctx context.Context) (h Head, ok bool, err error)
	// SnapshotPart reads one part; nil behind the last one, and when the snapshot is gone.
	SnapshotPart(ctx context.Context, id string, no int) ([]byte, error)
	// LockSnapshot waits until no other process makes one.
	LockSnapshot(ctx context.Context) (release func(), err error)
}
