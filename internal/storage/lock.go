package storage

import (
	"context"
	"time"
)

// lockPoll is how often a taken lock is tried again.
const lockPoll = 100 * time.Millisecond

// tryLock takes the named lock of the regency across all processes, or tells that it is taken. It
// is freed by release or by the death of the process.
func (db *DB) tryLock(ctx context.Context, name string) (release func(), ok bool, err error) {
	return db.dialect.tryLock(ctx, db, name)
}

// lock waits for the named lock, calling waiting (may be nil) once when it is taken.
func (db *DB) lock(ctx context.Context, name string, waiting func()) (release func(), err error) {
	for told := false; ; {
		release, ok, err := db.tryLock(ctx, name)
		if err != nil || ok {
			return release, err
		}
		if !told && waiting != nil {
			waiting()
		}
		told = true
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lockPoll):
		}
	}
}
