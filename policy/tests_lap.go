package policy

import (
	"context"
	"sync"
	"time"
)

// patience is how many times longer than its processor time something may take by the clock: what does
// little must not be cut off because others do much.
const patience = 5

// lapEvery is how often the processor time is looked at.
const lapEvery = 20 * time.Millisecond

type meterKey struct{}

// WithMeter tells what the work under ctx has used of the processor so far; false when that is not known.
// It is for a process that does nothing else at the time. Without it the clock alone counts, with patience.
func WithMeter(ctx context.Context, used func() (time.Duration, bool)) context.Context {
	return context.WithValue(ctx, meterKey{}, used)
}

// lap ends its context when the work since it began has used its processor time.
type lap struct {
	context.Context
	stop  context.CancelFunc
	limit time.Duration
	used  func() (time.Duration, bool)

	mu     sync.Mutex
	since  time.Time
	before time.Duration
	spent  bool
	rests  bool
}

// beginLap counts from now. Whoever begins one calls stop.
func beginLap(ctx context.Context, limit time.Duration) *lap {
	used, ok := ctx.Value(meterKey{}).(func() (time.Duration, bool))
	if !ok {
		used = func() (time.Duration, bool) { return 0, false }
	}
	l := &lap{limit: limit, used: used}
	l.Context, l.stop = context.WithCancel(ctx)
	l.again()
	if ok {
		go l.watch()
	}
	return l
}

// again counts anew.
func (l *lap) again() {
	now, _ := l.used()
	l.mu.Lock()
	l.since, l.before, l.rests = time.Now(), now, false
	l.mu.Unlock()
}

// rest counts nothing until again: what is done meanwhile comes to an end by itself.
func (l *lap) rest() {
	l.mu.Lock()
	l.rests = true
	l.mu.Unlock()
}

func (l *lap) watch() {
	poll := time.NewTicker(lapEvery)
	defer poll.Stop()
	for {
		select {
		case <-l.Done():
			return
		case <-poll.C:
			now, known := l.used()
			l.mu.Lock()
			// Both must be over: collecting garbage beside the work uses more than passes by the clock.
			l.spent = known && !l.rests && now-l.before >= l.limit && time.Since(l.since) >= l.limit
			over := l.spent
			l.mu.Unlock()
			if over {
				l.stop()
				return
			}
		}
	}
}

// over tells that the processor time was used up.
func (l *lap) over() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.spent
}
