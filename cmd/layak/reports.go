package main

import (
	"context"
	"time"

	"layak/complaints/numbers"
	"layak/eligibility"
	"layak/internal/area"
)

// wireReports makes what counts and what answers questions about figures.
func (p *Program) wireReports() {
	office, _ := area.Lookup(p.Regency)
	p.Numbers = &numbers.Counter{Store: p.DB, Calendars: p.Complaints.Calendars, Zone: eligibility.WIB, Clock: p.Clock, Log: p.Log}
	p.Reports = &numbers.Service{Counter: p.Numbers, Cases: p.DB, Staff: p.DB, Live: p.DB, Office: office.Title()}
}

// countNumbers keeps the figures up with the cases: what changed every minute, and everything that
// was missed at the start and each hour after it.
func (p *Program) countNumbers(ctx context.Context) {
	const everyMinute, sweeps = time.Minute, 60
	turn := 0
	p.every(ctx, everyMinute, "count complaints", func(ctx context.Context) error {
		turn++
		if turn%sweeps == 1 {
			_, err := p.Numbers.Sweep(ctx)
			return err
		}
		_, err := p.Numbers.Refresh(ctx)
		return err
	})
}
