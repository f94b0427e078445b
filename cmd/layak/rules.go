package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"layak/eligibility"
	"layak/policy"
)

// ruleBook gives the rules in force and those of the past out of the stored revisions. Compiled
// rules are kept: a revision never changes.
type ruleBook struct {
	store  policy.Revisions
	log    *slog.Logger
	active atomic.Pointer[policy.Engine]

	mu      sync.Mutex
	past    map[string]*policy.Engine
	shipped *policy.Engine // routes when the rules in force cannot; nil until then
}

// openRules loads the rules in force; the shipped ones become the first revision of an empty database.
func openRules(ctx context.Context, store policy.Revisions, log *slog.Logger) (*ruleBook, error) {
	shipped := policy.Shipped()
	var packed bytes.Buffer
	err := shipped.WriteTarGz(&packed)
	if err != nil {
		return nil, err
	}
	revision, err := store.EnsureRevision(ctx, shipped.Hash(), packed.Bytes())
	if err != nil {
		return nil, err
	}
	b := &ruleBook{store: store, log: log, past: map[string]*policy.Engine{}}
	engine, err := b.load(ctx, revision)
	if err != nil {
		return nil, err
	}
	b.active.Store(engine)
	return b, nil
}

// Active implements eligibility.RuleBook.
func (b *ruleBook) Active() eligibility.Rules { return b.active.Load() }

// Engine gives the rules in force with their texts, for the page that shows them.
func (b *ruleBook) Engine() *policy.Engine { return b.active.Load() }

// Revision implements eligibility.RuleBook.
func (b *ruleBook) Revision(ctx context.Context, hash string) (eligibility.Rules, error) {
	b.mu.Lock()
	engine := b.past[hash]
	b.mu.Unlock()
	if engine != nil {
		return engine, nil
	}
	revision, err := b.store.Revision(ctx, hash)
	if err != nil {
		return nil, err
	}
	return b.load(ctx, revision)
}

func (b *ruleBook) load(ctx context.Context, r policy.Revision) (*policy.Engine, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if engine := b.past[r.Hash]; engine != nil {
		return engine, nil
	}
	bundle, err := policy.ReadTarGz(bytes.NewReader(r.Bundle))
	if err != nil {
		return nil, fmt.Errorf("rule revision %s: %w", r.Hash, err)
	}
	engine, err := policy.NewEngine(ctx, bundle)
	if err != nil {
		return nil, fmt.Errorf("rule revision %s: %w", r.Hash, err)
	}
	if engine.Hash() != r.Hash {
		return nil, fmt.Errorf("rule revision %s: its bytes have the hash %s", r.Hash, engine.Hash())
	}
	b.past[r.Hash] = engine
	return engine, nil
}

// follow looks once a second whether another process activated other rules. Rules that cannot be
// loaded leave the old ones in force; the log says so.
func (b *ruleBook) follow(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	refused := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		list, err := b.store.Revisions(ctx)
		if err != nil {
			continue // the database is away; readiness says so
		}
		for _, r := range list {
			if r.Stage != policy.Active || r.Hash == b.active.Load().Hash() || r.Hash == refused {
				continue
			}
			err = b.turnTo(ctx, r.Hash)
			if err != nil {
				refused = r.Hash
				log.ErrorContext(ctx, "rules not loaded, the old ones stay in force", "revision", r.Hash, "error", err)
				continue
			}
			b.tell(ctx, log)
		}
	}
}

func (b *ruleBook) turnTo(ctx context.Context, hash string) error {
	rules, err := b.Revision(ctx, hash)
	if err != nil {
		return err
	}
	engine, ok := rules.(*policy.Engine)
	if ok {
		b.active.Store(engine)
	}
	return nil
}
