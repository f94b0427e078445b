package main

import (
	"context"
	"time"

	"layak/internal/auth"
)

// sweepEvery is how often the clocks of cases are looked at.
const sweepEvery = 30 * time.Second

// sweepCases climbs the ladder of late cases, frees those of silent colleagues, closes answered
// ones and reminds of citizens who do not reply, for as long as the service runs.
func (p *Program) sweepCases(ctx context.Context) {
	p.every(auth.With(ctx, auth.System()), sweepEvery, "sweep cases", func(ctx context.Context) error {
		done, err := p.Complaints.Sweep(ctx)
		if done.Climbed+done.Freed+done.Closed+done.Asked > 0 {
			p.Log.InfoContext(ctx, "cases swept", "looked", done.Looked, "climbed", done.Climbed, "freed", done.Freed,
				"closed", done.Closed, "asked", done.Asked, "missed", done.Missed)
		}
		return err
	})
}
