package main

import (
	"context"

	"layak/complaints"
)

// wireHours gives the cases their calendars and the ladder its heads of units, and the office the
// holidays that come with the program.
func (p *Program) wireHours(ctx context.Context) error {
	p.Hours = &complaints.Hours{Store: p.DB, Clock: p.Clock, Cases: p.Complaints}
	p.Complaints.Calendars, p.Complaints.Leaders = p.Hours, p.Hours
	return p.Hours.Seed(ctx)
}
