package main

import (
	"context"
	"time"

	"layak/eligibility"
	"layak/internal/auth"
	"layak/policy/workbench"
	"layak/policy/worker"
)

// wireWorkbench puts the life of rules together: what officers write is tried in a process of its own.
func (p *Program) wireWorkbench() {
	p.Sandbox = worker.New(worker.Limits{})
	p.Workbench = &workbench.Service{
		Store: p.DB, Checker: p.Sandbox, Clock: p.Clock, Zone: eligibility.WIB,
		Loads:    p.Rules.Loads,
		Switched: func(ctx context.Context, _ string) { p.Rules.look(context.WithoutCancel(ctx)) },
	}
}

// activateDue brings approved rules into force when their moment has come.
func (p *Program) activateDue(ctx context.Context) {
	p.every(auth.With(ctx, auth.System()), time.Second, "activate rules", func(ctx context.Context) error {
		_, err := p.Workbench.ActivateDue(ctx)
		return err
	})
}
