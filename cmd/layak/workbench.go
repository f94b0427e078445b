package main

import (
	"context"
	"io"
	"time"

	"layak/eligibility"
	"layak/internal/auth"
	"layak/policy"
	"layak/policy/workbench"
	"layak/policy/worker"
)

// wireWorkbench puts the life of rules together: what officers write is tried in a process of its own.
func (p *Program) wireWorkbench() {
	p.Sandbox = worker.New(worker.Limits{})
	p.Workbench = &workbench.Service{
		Store: p.DB, Checker: p.Sandbox, Clock: p.Clock, Zone: eligibility.WIB,
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

// openBundle reads an archive that this installation signed. One of somebody else is brought in by the
// command line, where his key can be named.
func (p *Program) openBundle(r io.Reader) (policy.Bundle, error) {
	keys, err := (&policyImportCmd{}).keys(p)
	if err != nil {
		return policy.Bundle{}, err
	}
	b, _, err := policy.ReadSignedTarGz(r, keys...)
	return b, err
}
