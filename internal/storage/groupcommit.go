package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"

	"layak/internal/fault"
)

// door lets the writers of SQLite in. A commit costs a wait for the disk however little it writes,
// so whoever queues while one is under way shares the next: their functions run one after the
// other in one transaction, each inside a savepoint of its own and in the goroutine of its caller,
// and nobody hears that his write is done before the commit that holds it has returned.
//
// Everybody goes through in the order of arrival, also those who need the connection alone.
type door struct {
	db   *DB
	size int           // most functions in one transaction
	work time.Duration // no function begins later than this after the first

	mu      sync.Mutex
	queue   []*turn
	serving bool // a goroutine looks after the queue
}

// The bounds of one group: nobody waits long because others came.
func newDoor(db *DB) *door { return &door{db: db, size: 64, work: 5 * time.Millisecond} }

// turn is one writer at the door.
type turn struct {
	alone bool
	begin chan *sqlx.Tx // his transaction, shared with the group; nil for one who goes alone
	ended chan bool     // his function has returned, and whether what it wrote is to stay
	told  chan error    // how the transaction ended

	failed bool // his function did; of the goroutine that serves the queue
}

// errGroupLost is told to those whose transaction ended by another's fault before its commit.
// Nothing of it was stored, so they simply run again.
var errGroupLost = errors.New("transaction ended by another function of its group")

// write runs fn in a transaction that it may share with others, and returns when that is committed.
// What fn itself returns goes to the caller alone. When the commit fails it fails for all of them,
// also for those whose function had failed: what they read may have been written by another.
//
// A caller whose ctx ends while he queues leaves the queue. Once fn has begun, its statements are
// not interrupted, because SQLite may answer an interruption by rolling back the whole transaction.
func (d *door) write(ctx context.Context, fn func(*tx) error) error {
	me, shared, err := d.enter(ctx, false)
	if err != nil {
		return err
	}
	err = me.run(func() error {
		return fn(&tx{executor: executor{pool: d.db.writer, tx: shared, shared: true}, db: d.db, now: d.db.now()})
	})
	ended := <-me.told
	if ended != nil {
		return ended
	}
	return err
}

// alone runs fn while nobody else uses the connection of the writer.
func (d *door) alone(ctx context.Context, fn func() error) error {
	me, _, err := d.enter(ctx, true)
	if err != nil {
		return err
	}
	return me.run(fn)
}

// run runs the function of a turn and tells that it has ended, also when it panics.
func (me *turn) run(fn func() error) (err error) {
	keep := false
	defer func() { me.ended <- keep }()
	err = fn()
	keep = err == nil
	return err
}

// enter waits in the queue until it is the caller's turn.
func (d *door) enter(ctx context.Context, alone bool) (*turn, *sqlx.Tx, error) {
	err := ctx.Err()
	if err != nil {
		return nil, nil, err
	}
	me := &turn{alone: alone, begin: make(chan *sqlx.Tx, 1), ended: make(chan bool, 1), told: make(chan error, 1)}
	d.mu.Lock()
	d.queue = append(d.queue, me)
	if !d.serving {
		d.serving = true
		go d.serve()
	}
	d.mu.Unlock()
	select {
	case t := <-me.begin:
		return me, t, nil
	case err = <-me.told: // there was no transaction to be had
		return nil, nil, err
	case <-ctx.Done():
	}
	if d.leave(me) {
		return nil, nil, ctx.Err()
	}
	select { // somebody has just called him in
	case t := <-me.begin:
		return me, t, nil
	case err = <-me.told:
		return nil, nil, err
	}
}

// leave takes a turn out of the queue; false when it has been called already.
func (d *door) leave(me *turn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.Index(d.queue, me)
	if i < 0 {
		return false
	}
	d.queue = slices.Delete(d.queue, i, i+1)
	return true
}

// serve looks after the queue until it is empty.
func (d *door) serve() {
	for {
		d.mu.Lock()
		if len(d.queue) == 0 {
			d.serving = false
			d.mu.Unlock()
			return
		}
		alone := d.queue[0].alone
		d.mu.Unlock()
		if !alone {
			d.group()
			d.db.writer.catchUp(context.Background())
			continue
		}
		if me := d.next(true); me != nil {
			me.begin <- nil
			<-me.ended
		}
	}
}

// next calls the first of the queue; nil when it is empty or he is of the other sort.
func (d *door) next(alone bool) *turn {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.queue) == 0 || d.queue[0].alone != alone {
		return nil
	}
	me := d.queue[0]
	d.queue = slices.Delete(d.queue, 0, 1)
	return me
}

// group runs one transaction for as many as are waiting, and tells them how it ended.
func (d *door) group() {
	t, err := d.db.writer.db.BeginTxx(context.Background(), nil)
	if err != nil {
		if me := d.next(false); me != nil {
			me.told <- explain(d.db.dialect, fmt.Errorf("begin transaction: %w", err))
		}
		return
	}
	began := time.Now()
	var members []*turn
	for err == nil && (members == nil || len(members) < d.size && time.Since(began) < d.work) {
		me := d.next(false)
		if me == nil {
			break
		}
		members = append(members, me)
		err = member(t, me)
	}
	if err == nil {
		err = d.commit(t)
	} else {
		err = fault.New(fault.Unavailable, "database_busy", errBusy).
			Because(fmt.Errorf("%w: %w", errGroupLost, errors.Join(err, t.Rollback())))
		if last := members[len(members)-1]; last.failed { // his own error says what happened
			last.told <- nil
			members = members[:len(members)-1]
		}
	}
	for _, me := range members {
		me.told <- err
	}
}

func (d *door) commit(t *sqlx.Tx) error {
	err := t.Commit()
	if err != nil {
		return explain(d.db.dialect, fmt.Errorf("commit transaction: %w", err))
	}
	return nil
}

// member runs one function inside a savepoint. An error means that the transaction of the group is
// gone: after some errors (disk full, no memory) SQLite rolls back all of it, and the savepoint
// that is no longer there shows it. Without that look the next savepoint would begin, and end, a
// transaction of its own.
func member(t *sqlx.Tx, me *turn) error {
	_, err := t.ExecContext(context.Background(), `SAVEPOINT member`)
	if err != nil {
		return err
	}
	me.begin <- t
	me.failed = !<-me.ended
	if me.failed {
		_, err = t.ExecContext(context.Background(), `ROLLBACK TO member`)
		if err != nil {
			return err
		}
	}
	_, err = t.ExecContext(context.Background(), `RELEASE member`)
	return err
}
