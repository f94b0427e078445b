package web

import (
	"context"
	"testing"

	"layak/policy"
)

// TestPagesDoNotWaitForTestsOfRules: a request that is over gets no results and no error, the run goes on
// beside it, and whoever asks again gets what it found.
func TestPagesDoNotWaitForTestsOfRules(t *testing.T) {
	var runs testRuns
	rev := shippedRules(t).rev
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	first := runs.begin(gone, rev)
	if runs.begin(t.Context(), rev) != first {
		t.Fatal("two who ask run the tests twice")
	}
	if got, err := runs.of(gone, rev); err != nil || !got.Running {
		t.Errorf("a request that is over got %d results: %v", len(got.Results), err)
	}
	<-first.done
	got, err := runs.of(t.Context(), rev)
	if err != nil || got.Running || len(got.Results) == 0 {
		t.Errorf("running %v, %d results: %v", got.Running, len(got.Results), err)
	}
	broken := policy.Revision{Hash: "sha256:broken", Bundle: []byte("no archive")}
	again := runs.begin(t.Context(), broken)
	<-again.done
	if _, err := runs.of(t.Context(), broken); err == nil {
		t.Error("a broken archive has results")
	}
	if runs.begin(t.Context(), broken) == again {
		t.Error("what failed once is never tried again")
	}
}
