package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"layak/internal/jobs"
)

// queueOf is a queue of which only the counts are known.
type queueOf struct {
	counts jobs.Counts
	err    error
	asked  int
}

func (q *queueOf) JobCounts(context.Context) (jobs.Counts, error) {
	q.asked++
	return q.counts, q.err
}

func TestBackgroundJobsAreSeen(t *testing.T) {
	q := &queueOf{counts: jobs.Counts{Waiting: 4, Running: 1, Oldest: galleryNow.Add(-90 * time.Second)}}
	d := newDesk(t, Services{Jobs: q})
	d.Server.Ready = func(context.Context) error { return nil }
	t.Run("nothing failed", func(t *testing.T) {
		if a := d.get("/readyz"); a.StatusCode != http.StatusOK || a.body != "ready\n" {
			t.Errorf("%d %q", a.StatusCode, a.body)
		}
		a := d.get("/metrics")
		for _, want := range []string{`layak_jobs{state="waiting"} 4`, `layak_jobs{state="running"} 1`, `layak_jobs{state="failed"} 0`, "layak_jobs_late_seconds 90"} {
			if !strings.Contains(a.body, want) {
				t.Errorf("lacks %s", want)
			}
		}
		before := q.asked
		if d.get("/metrics"); q.asked != before {
			t.Error("the database is asked at each look")
		}
	})
	t.Run("what failed is told and makes nothing unready", func(t *testing.T) {
		q.counts.Buried, d.now = 2, galleryNow.Add(time.Minute)
		if a := d.get("/readyz"); a.StatusCode != http.StatusOK || !strings.HasPrefix(a.body, "ready\n") || !strings.Contains(a.body, "failed for good: 2") {
			t.Errorf("%d %q", a.StatusCode, a.body)
		}
		if a := d.get("/metrics"); !strings.Contains(a.body, `layak_jobs{state="failed"} 2`) {
			t.Error("the failed ones are not counted")
		}
	})
	t.Run("a queue that does not answer", func(t *testing.T) {
		q.err, d.now = errors.New("away"), galleryNow.Add(2*time.Minute)
		if a := d.get("/readyz"); a.StatusCode != http.StatusOK || a.body != "ready\n" {
			t.Errorf("%d %q", a.StatusCode, a.body)
		}
		if a := d.get("/metrics"); strings.Contains(a.body, "layak_jobs{") {
			t.Error("old counts are told as if they were new")
		}
	})
}
