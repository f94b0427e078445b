package web

import (
	"context"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"

	"layak/policy/workbench"
)

// RuleState tells by which rules this process decides; package main keeps it.
type RuleState interface {
	// InForce is the hash of the rules by which it decides; "" when it could load none and decides nothing.
	InForce() string
	// Behind is the hash of the rules that are in force but could not be loaded here; "" when all is well.
	Behind() string
}

// ruleNotice is what everybody on the staff has to know about the rules.
type ruleNotice struct {
	Stopped *workbench.Switch // emergency stop that the rules in force rest on
	Behind  string            // hash that this process could not load
	None    bool              // nor any other: nothing is decided here
}

// ruleNotices remembers the emergency stop for a moment, so that not every page asks the database.
type ruleNotices struct {
	mu      sync.Mutex
	until   time.Time
	stopped *workbench.Switch
}

const noticeFor = time.Second

// ruleNotice is nil when there is nothing to tell. A database that does not answer is told elsewhere.
func (s *Server) ruleNotice(c echo.Context) *ruleNotice {
	var n ruleNotice
	if s.RuleState != nil {
		n.Behind = s.RuleState.Behind()
		n.None = n.Behind != "" && s.RuleState.InForce() == ""
	}
	if s.Workbench != nil {
		n.Stopped = s.notices.get(c.Request().Context(), s.Workbench.Stopped)
	}
	if n == (ruleNotice{}) {
		return nil
	}
	return &n
}

func (r *ruleNotices) get(ctx context.Context, ask func(context.Context) (*workbench.Switch, error)) *workbench.Switch {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := time.Now(); now.After(r.until) {
		stopped, err := ask(ctx)
		if err != nil {
			return r.stopped
		}
		r.stopped, r.until = stopped, now.Add(noticeFor)
	}
	return r.stopped
}

// forget makes the next page ask.
func (r *ruleNotices) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.until = time.Time{}
}

// readyText is what readiness says when requests are taken: also that this process decides by older
// rules than the others, which a balancer need not mind but somebody must mend.
func (s *Server) readyText() string {
	if s.RuleState == nil || s.RuleState.Behind() == "" {
		return "ready\n"
	}
	if s.RuleState.InForce() == "" {
		return "ready, but neither the rules " + s.RuleState.Behind() + " nor any before them could be loaded; nothing is decided here\n"
	}
	return "ready, but the rules " + s.RuleState.Behind() + " could not be loaded; " + s.RuleState.InForce() + " stay in force here; to go back to them everywhere: layak policy stop\n"
}

// ruleMeter tells the machine that watches by which rules this process decides.
type ruleMeter struct{ state RuleState }

var (
	rulesGauge  = prometheus.NewDesc("layak_rules_in_force", "1 for the revision of the rules by which this process decides.", []string{"revision"}, nil)
	behindGauge = prometheus.NewDesc("layak_rules_behind", "1 when newer rules are in force that this process could not load.", nil, nil)
)

// meterRules adds the gauges of the rules.
func (s *Server) meterRules() {
	if s.RuleState != nil {
		s.Metrics.MustRegister(ruleMeter{s.RuleState})
	}
}

// Describe implements prometheus.Collector.
func (m ruleMeter) Describe(out chan<- *prometheus.Desc) {
	out <- rulesGauge
	out <- behindGauge
}

// Collect implements prometheus.Collector.
func (m ruleMeter) Collect(out chan<- prometheus.Metric) {
	behind := 0.0
	if m.state.Behind() != "" {
		behind = 1
	}
	if hash := m.state.InForce(); hash != "" {
		out <- prometheus.MustNewConstMetric(rulesGauge, prometheus.GaugeValue, 1, shortHash(hash))
	}
	out <- prometheus.MustNewConstMetric(behindGauge, prometheus.GaugeValue, behind)
}
