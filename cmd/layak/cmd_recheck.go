package main

import (
	"context"

	"layak/complaints/recheck"
)

// wireRechecks makes the second look at answers that data or rules have overtaken.
func (p *Program) wireRechecks() {
	p.Rechecks = &recheck.Service{Store: p.DB, Checker: p.Checker, Rules: p.DB, Clock: p.Clock, Log: p.Log}
}

// followRechecks checks again whenever other data or rules come into force.
func (p *Program) followRechecks(ctx context.Context) { p.Rechecks.Work(ctx, p.Log) }

// complaintsRecheckCmd checks everybody again now instead of waiting for the service to do it.
type complaintsRecheckCmd struct{}

// Run checks again and prints what changed.
func (c *complaintsRecheckCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		run, err := p.Rechecks.Run(k)
		if err != nil {
			return err
		}
		counts, err := p.Rechecks.Counts(k)
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(map[string]any{"run": run, "open": counts})
		}
		k.printf("%d hasil cek dihitung ulang, %d berubah. Di daftar cek ulang: %d warga.\n", run.Checked, run.Changed, counts.Total)
		if run.Failed > 0 {
			k.printf("%d hasil cek tidak dapat dihitung ulang.\n", run.Failed)
		}
		return nil
	})
}
