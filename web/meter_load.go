package web

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"layak/complaints/numbers"
)

// loadMeter tells the machine that watches what waits: numbers of cases and messages, nothing of
// persons. It asks the database at most every fifteen seconds.
type loadMeter struct {
	ask   func(context.Context) (numbers.Load, error)
	clock func() time.Time

	mu    sync.Mutex
	last  numbers.Load
	until time.Time
}

const loadFor = 15 * time.Second

var (
	openGauge    = prometheus.NewDesc("layak_complaints_open", "Complaints to which the office still owes something.", nil, nil)
	overdueGauge = prometheus.NewDesc("layak_complaints_overdue", "Open complaints with a deadline of the office in the past.", nil, nil)
	outboxGauge  = prometheus.NewDesc("layak_outbox_waiting", "Messages to citizens that have not left.", nil, nil)
)

// meterLoad adds the gauges of the complaints when there are reports.
func (s *Server) meterLoad() {
	if s.Reports != nil {
		s.Metrics.MustRegister(&loadMeter{ask: s.Reports.Load, clock: s.Clock})
	}
}

// Describe implements prometheus.Collector.
func (m *loadMeter) Describe(out chan<- *prometheus.Desc) {
	out <- openGauge
	out <- overdueGauge
	out <- outboxGauge
}

// Collect implements prometheus.Collector. When the database does not answer, there are no gauges,
// which is what an alarm looks for.
func (m *loadMeter) Collect(out chan<- prometheus.Metric) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := m.clock(); !now.Before(m.until) {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		last, err := m.ask(ctx)
		if err != nil {
			return
		}
		m.last, m.until = last, now.Add(loadFor)
	}
	for desc, n := range map[*prometheus.Desc]int{openGauge: m.last.Open, overdueGauge: m.last.Overdue, outboxGauge: m.last.Outbox} {
		out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(n))
	}
}
