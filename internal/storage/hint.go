package storage

import (
	"context"
	"sync"
	"time"

	"github.com/lib/pq"
)

// hint tells other processes at the commit that it is worth looking; an engine without such a way
// says nothing, and they find out when they look by themselves.
func (t *tx) hint(ctx context.Context, channel string) error {
	query := t.db.dialect.notify()
	if query == "" {
		return nil
	}
	_, err := t.exec(ctx, query, channel, t.db.regency)
	return err
}

// RuleHints gives a hint soon after other rules came into force, by whichever process. Hints may be
// missing or too many, so whoever uses them looks by himself as well; the channel never closes, and is
// nil on an engine without hints. stop ends them.
func (db *DB) RuleHints() (hints <-chan struct{}, stop func()) {
	return db.dialect.listen(db, rulesChannel)
}

// Times between tries to reach the server again.
const (
	soonest = 500 * time.Millisecond
	latest  = 30 * time.Second
)

// listenPostgres listens on a connection of its own. One hint waits at most: looking once answers any
// number of them.
func listenPostgres(address, regency, channel string) (<-chan struct{}, func()) {
	hints, done := make(chan struct{}, 1), make(chan struct{})
	listener := pq.NewListener(address, soonest, latest, nil)
	var work sync.WaitGroup
	work.Go(func() {
		// Blocks until the server answers, so not before the service starts; an error means closed.
		_ = listener.Listen(channel)
	})
	work.Go(func() {
		for {
			var n *pq.Notification
			select {
			case <-done:
				return
			case n = <-listener.Notify: // nil after the connection was lost and is back: look as well
			}
			if n != nil && n.Extra != regency {
				continue
			}
			select {
			case hints <- struct{}{}:
			default:
			}
		}
	})
	var once sync.Once
	return hints, func() {
		once.Do(func() {
			close(done)
			_ = listener.Close() // its connection is gone either way
			work.Wait()
		})
	}
}
