package web

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"layak/internal/jobs"
)

// JobQueue counts the work behind the pages; storage keeps it.
type JobQueue interface {
	JobCounts(ctx context.Context) (jobs.Counts, error)
}

// jobMeter tells how much background work stands in the queue, by state, and for how long what is due
// longest has been waiting. It asks the database at most every fifteen seconds.
type jobMeter struct {
	queue JobQueue
	clock func() time.Time

	mu    sync.Mutex
	last  jobs.Counts
	until time.Time
}

var (
	jobsGauge = prometheus.NewDesc("layak_jobs", "Background jobs by state: waiting, running, or failed for good.", []string{"state"}, nil)
	jobsLate  = prometheus.NewDesc("layak_jobs_late_seconds", "For how long the background job that is due longest has been waiting.", nil, nil)
)

func (s *Server) meterJobs() {
	if s.Jobs != nil {
		s.Metrics.MustRegister(&jobMeter{queue: s.Jobs, clock: s.Clock})
	}
}

// Describe implements prometheus.Collector.
func (m *jobMeter) Describe(out chan<- *prometheus.Desc) {
	out <- jobsGauge
	out <- jobsLate
}

// Collect implements prometheus.Collector. When the database does not answer, there are no gauges.
func (m *jobMeter) Collect(out chan<- prometheus.Metric) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.clock()
	if !now.Before(m.until) {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		last, err := m.queue.JobCounts(ctx)
		if err != nil {
			return
		}
		m.last, m.until = last, now.Add(loadFor)
	}
	for state, n := range map[string]int{"waiting": m.last.Waiting, "running": m.last.Running, "failed": m.last.Buried} {
		out <- prometheus.MustNewConstMetric(jobsGauge, prometheus.GaugeValue, float64(n), state)
	}
	late := 0.0
	if !m.last.Oldest.IsZero() {
		late = max(0, now.Sub(m.last.Oldest).Seconds())
	}
	out <- prometheus.MustNewConstMetric(jobsLate, prometheus.GaugeValue, late)
}

// jobNote is a line beneath "ready" when background work failed for good. People can be served all the
// same, so it makes nothing unready.
func (s *Server) jobNote(ctx context.Context) string {
	if s.Jobs == nil {
		return ""
	}
	n, err := s.Jobs.JobCounts(ctx)
	if err != nil {
		s.Log.WarnContext(ctx, "count jobs", "error", err)
		return ""
	}
	if n.Buried == 0 {
		return ""
	}
	return "note: background jobs failed for good: " + numberText(n.Buried) + "\n"
}
