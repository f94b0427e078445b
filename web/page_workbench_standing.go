package web

import (
	"context"
	"fmt"
	"sync"
	"time"

	"layak/policy"
	"layak/policy/workbench"
)

// standingPatience is how long the page of a draft waits for its tests. When they take longer the page comes
// without them and asks again, so that its figures and buttons are there on a busy machine too.
const standingPatience = 2500 * time.Millisecond

// standingLimit is how long a look at a draft may go on after the page was sent. The worker bounds what it
// uses of the processor; how long that takes on a busy machine it bounds as well, with words.
const standingLimit = 15 * time.Minute

// standings are the looks at drafts under way, by the hash of the rules: whoever asks meanwhile waits for the same.
type standings struct {
	mu   sync.Mutex
	runs map[string]*standingRun
}

type standingRun struct {
	done     chan struct{}
	standing workbench.Standing
	err      error
}

// standing tells how rules stand; pending when that is not known yet.
func (s *Server) standing(ctx context.Context, b policy.Bundle) (st workbench.Standing, pending bool, err error) {
	run := s.standings.join(b.Hash(), func() (workbench.Standing, error) {
		// It outlives the page that asked; what it finds is remembered by the workbench.
		own, stop := context.WithTimeout(context.WithoutCancel(ctx), standingLimit)
		defer stop()
		return s.Workbench.Standing(own, b)
	})
	patience := time.NewTimer(standingPatience)
	defer patience.Stop()
	select {
	case <-run.done:
		return run.standing, false, run.err
	case <-patience.C:
		return st, true, nil
	case <-ctx.Done():
		return st, false, ctx.Err()
	}
}

// join gives the look that is under way, or begins one.
func (x *standings) join(hash string, look func() (workbench.Standing, error)) *standingRun {
	x.mu.Lock()
	defer x.mu.Unlock()
	if run, ok := x.runs[hash]; ok {
		return run
	}
	run := &standingRun{done: make(chan struct{})}
	if x.runs == nil {
		x.runs = map[string]*standingRun{}
	}
	x.runs[hash] = run
	go func() {
		defer func() {
			if broken := recover(); broken != nil { // no handler stands above this one
				run.err = fmt.Errorf("look at rules %s: %v", hash, broken)
			}
			x.mu.Lock()
			delete(x.runs, hash)
			x.mu.Unlock()
			close(run.done)
		}()
		run.standing, run.err = look()
	}()
	return run
}
