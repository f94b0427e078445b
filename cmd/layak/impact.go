package main

import (
	"context"
	"time"

	"layak/eligibility/impact"
	"layak/eligibility/snapshot"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
	"layak/policy/worker"
)

// wireImpact makes what counts the consequences of other rules, and lets the workbench find it.
func (p *Program) wireImpact() {
	p.Snapshots = &snapshot.Keeper{Store: p.DB, Clock: p.Clock}
	p.Impact = &impact.Service{Store: p.DB, Cases: openCases{p.Complaints}, Router: p.Sandbox, Preview: &impact.Preview{
		Keeper: p.Snapshots, Checker: p.Checker, Clock: p.Clock, Open: p.openRulesOnTrial,
	}}
	p.Workbench.Impacts = impactsOf{previews{p.Impact}}
}

// keepSnapshot makes the compact copy of the registry anew after each publish and rollback, so that a
// preview need not wait for it.
func (p *Program) keepSnapshot(ctx context.Context) {
	p.every(auth.With(ctx, auth.System()), 10*time.Second, "make registry snapshot", func(ctx context.Context) error {
		_, err := p.Snapshots.Refresh(ctx)
		return err
	})
}

// openRulesOnTrial holds rule sets in a process that can be killed.
func (p *Program) openRulesOnTrial(ctx context.Context, f policy.Frame, bundles ...policy.Bundle) (impact.Rules, error) {
	s, err := p.Sandbox.Open(ctx, f, bundles...)
	if err != nil {
		return nil, err
	}
	return &onTrial{Session: s, program: p, bundles: bundles}, nil
}

// onTrial decides single people by the rules in force here, where every check is decided, while the child
// of the session is busy with classes; by others there.
type onTrial struct {
	*worker.Session
	program *Program
	bundles []policy.Bundle
}

// Decide implements impact.Rules.
func (o *onTrial) Decide(ctx context.Context, i int, in []policy.Input) ([]policy.Brief, error) {
	if active := o.program.Rules.Engine(); active.Hash() == o.bundles[i].Hash() {
		return impact.DecideAll(ctx, active, in)
	}
	return o.Session.Decide(ctx, i, in)
}

// activeBundle is the one in force, as it is stored.
func (p *Program) activeBundle(ctx context.Context) (policy.Bundle, error) {
	r, err := p.DB.ActiveRevision(ctx)
	if err != nil {
		return policy.Bundle{}, err
	}
	return bundleOf(r)
}

// measure computes what rules change for everybody of the registry, with the self-check that a
// proposal needs, and what it needs beside that, unless that was done since the registry and the rules in force last changed. An
// empty registry is no hindrance here: whoever proposes is told that nothing was measured.
func (p *Program) measure(ctx context.Context, b policy.Bundle) error {
	base, err := p.activeBundle(ctx)
	if err != nil {
		return err
	}
	r, err := p.Impact.Newest(ctx, b.Hash(), base.Hash())
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err == nil && r.Preview.Check.Full {
		beside, err := p.Workbench.Impacts.Beside(ctx, base, b)
		if err != nil || len(beside.Missing) == 0 {
			return err
		}
	}
	_, err = p.Impact.DoAll(ctx, impact.Request{Base: base, Draft: b, Full: true}, nil)
	if f := fault.As(err); f != nil && f.Code == "registry_empty" {
		return nil
	}
	return err
}

// previews knows of an empty registry, which happens before the first import, that other rules change
// nothing for its 0 people: nobody has to compute that before he may propose or go back.
type previews struct{ *impact.Service }

// Newest gives the newest finished preview; fault.NotFound when there is none of the registry of today.
func (v previews) Newest(ctx context.Context, draft, base string) (impact.Run, error) {
	r, err := v.Service.Newest(ctx, draft, base)
	if !fault.Is(err, fault.NotFound) {
		return r, err
	}
	revision, stateErr := v.Preview.Keeper.Store.RegistryRevision(ctx)
	if stateErr != nil {
		return impact.Run{}, stateErr
	}
	if revision != 0 {
		return r, err
	}
	now := v.Preview.Clock()
	return impact.Run{Kind: impact.OfRegistry, Draft: draft, Base: base, State: impact.Done, StartedAt: now, FinishedAt: &now,
		Preview: &impact.Result{Draft: draft, Base: base, At: now}}, nil
}

// impactsOf tells the workbench what was computed.
type impactsOf struct{ runs previews }

// Impact implements workbench.Impacts.
func (i impactsOf) Impact(ctx context.Context, hash, base string) (workbench.Impact, error) {
	r, err := i.runs.Newest(ctx, hash, base)
	if err != nil {
		return workbench.Impact{}, err
	}
	return asProposed(r), nil
}

// Looked implements workbench.Impacts. Whoever chose a moment weeks ahead need not look again on that day.
func (i impactsOf) Looked(ctx context.Context, hash, base string) (bool, error) {
	r, err := i.runs.Store.NewestImpact(ctx, impact.OfRegistry, hash, base, impact.Days{})
	if fault.Is(err, fault.NotFound) {
		r, err = i.runs.Newest(ctx, hash, base) // an empty registry needs none
	}
	if fault.Is(err, fault.NotFound) || err == nil && r.Preview == nil {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	seen := asProposed(r)
	return seen.Sound(), nil
}

// asProposed is a preview as the report of a proposal holds it.
func asProposed(r impact.Run) workbench.Impact {
	v := r.Preview
	out := workbench.Impact{
		ID: r.ID, Revision: r.Draft, Base: r.Base, Registry: v.Registry, ServiceOn: v.ServiceOn, People: int64(v.Counts.People),
		Eligible: int64(v.Counts.After), Before: int64(v.Counts.Before), Gained: int64(v.Counts.Gained), Lost: int64(v.Counts.Lost),
		Unclear: int64(v.Counts.Unclear), Other: int64(v.Counts.Reason + v.Counts.Failed), Unknown: int64(v.Unknown),
		Compared: int64(v.Check.Compared), Differences: int64(v.Check.Differences), Path: v.Path, Classes: int64(v.Classes),
	}
	out.Uncovered, out.RefusedBefore, out.RefusedAfter = int64(v.Counts.People-v.Covered), int64(v.Assessable.Before), int64(v.Assessable.After)
	for _, x := range v.Refusals {
		if x.After == 0 && x.Freed > 0 {
			out.Opened = append(out.Opened, workbench.Opened{Title: x.Title, People: int64(x.Before), Freed: int64(x.Freed)})
		}
	}
	if r.FinishedAt != nil {
		out.FinishedAt = *r.FinishedAt
	}
	if v.Cost != nil {
		out.Rupiah = v.Cost.Net
	}
	return out
}

// Replay implements workbench.Impacts.
func (i impactsOf) Replay(ctx context.Context, hash, base string) (workbench.Replay, error) {
	r, err := i.runs.NewestReplay(ctx, hash, base)
	if err != nil {
		return workbench.Replay{}, err
	}
	return workbench.Replay{ID: r.ID, Revision: r.Draft, Months: r.Replay.Months, Checked: int64(r.Replay.Answers),
		Changed: int64(r.Replay.Stored.Counts.Changed())}, nil
}
