package web

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"layak/policy"
)

// testRuns remembers the results of revisions: the same bytes give the same results. The tests of a rule
// set take seconds of the processor, which on a busy machine no request can wait for.
type testRuns struct {
	mu   sync.Mutex
	runs map[string]*testRun // by hash
}

// testRun is one run; results and err may be read when done is closed.
type testRun struct {
	done    chan struct{}
	results []policy.TestResult
	err     error
}

// ruleTests are the results of one revision, none while they are being made.
type ruleTests struct {
	Results []policy.TestResult
	Running bool
}

const (
	mostTestRuns = 4               // revisions in force whose results are kept
	testPatience = 2 * time.Second // how long a page waits for them
)

// of gives the results, or says that they are still being made.
func (r *testRuns) of(ctx context.Context, rev policy.Revision) (ruleTests, error) {
	run := r.begin(ctx, rev)
	patience := time.NewTimer(testPatience)
	defer patience.Stop()
	select {
	case <-run.done:
	case <-ctx.Done():
		return ruleTests{Running: true}, nil
	case <-patience.C:
		return ruleTests{Running: true}, nil
	}
	if run.err != nil {
		r.forget(rev.Hash, run)
		return ruleTests{}, fmt.Errorf("test revision %s: %w", rev.Hash, run.err)
	}
	return ruleTests{Results: run.results}, nil
}

// begin runs the tests of a revision beside the request, once for all who ask.
func (r *testRuns) begin(ctx context.Context, rev policy.Revision) *testRun {
	r.mu.Lock()
	defer r.mu.Unlock()
	if run := r.runs[rev.Hash]; run != nil {
		return run
	}
	if r.runs == nil || len(r.runs) >= mostTestRuns {
		r.runs = map[string]*testRun{}
	}
	run := &testRun{done: make(chan struct{})}
	r.runs[rev.Hash] = run
	go func() {
		defer close(run.done)
		bundle, err := policy.ReadTarGz(bytes.NewReader(rev.Bundle))
		if err != nil {
			run.err = err
			return
		}
		report, err := policy.Test(context.WithoutCancel(ctx), bundle)
		run.results, run.err = report.Results, err
	}()
	return run
}

// forget lets the next who asks try again.
func (r *testRuns) forget(hash string, run *testRun) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.runs[hash] == run {
		delete(r.runs, hash)
	}
}
