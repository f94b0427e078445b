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
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// ruleStore is what the rule book reads; storage keeps it.
type ruleStore interface {
	policy.Revisions
	// ActiveHash names the rules in force without reading them.
	ActiveHash(ctx context.Context) (string, error)
	// RuleHints says that it is worth looking now; see storage.
	RuleHints() (hints <-chan struct{}, stop func())
	// Switches tells how the rules in force changed, newest first.
	Switches(ctx context.Context, limit int) ([]workbench.Switch, error)
}

// ruleBook gives the rules in force and those of the past out of the stored revisions. Compiled
// rules are kept: a revision never changes.
type ruleBook struct {
	store   ruleStore
	log     *slog.Logger
	active  atomic.Pointer[policy.Engine]
	behind  atomic.Pointer[rulesBehind] // nil when the rules in force are those of the database
	looking sync.Mutex

	mu      sync.Mutex
	past    map[string]*policy.Engine
	failed  map[string]failedLoad
	shipped *policy.Engine // routes when the rules in force cannot; nil until then
}

// rulesBehind are rules in force that this process cannot load: the ones before stay.
type rulesBehind struct {
	hash  string
	again time.Time // when to try anew
}

// openRules loads the rules in force, or see start; the shipped ones become the first revision of an empty
// database.
func openRules(ctx context.Context, store ruleStore, log *slog.Logger) (*ruleBook, error) {
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
	err = b.start(ctx, revision)
	if err != nil {
		return nil, err
	}
	return b, nil
}

// Active implements eligibility.RuleBook.
func (b *ruleBook) Active() eligibility.Rules { return b.active.Load() }

// Engine gives the rules in force with their texts, for the page that shows them.
func (b *ruleBook) Engine() *policy.Engine { return b.active.Load() }

// InForce is the hash of the rules by which this process decides; "" when it could load none.
func (b *ruleBook) InForce() string { return b.active.Load().Hash() }

// Behind is the hash of the rules in force that this process could not load, so that it still decides
// by those before; "" when all is well.
func (b *ruleBook) Behind() string {
	behind := b.behind.Load()
	if behind == nil {
		return ""
	}
	return behind.hash
}

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

// Times of following: looking without a hint, and trying rules again that could not be loaded (a
// newer program may have been installed beside, or the machine was short of memory).
const (
	lookEvery = time.Second
	tryAgain  = 30 * time.Second
)

// follow takes over rules that another process activated: at a hint, and by looking every second. Rules
// that cannot be loaded leave the old ones in force; readiness, pages, metrics and the log say so.
func (b *ruleBook) follow(ctx context.Context) {
	hints, stop := b.store.RuleHints()
	defer stop()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-hints:
		}
		b.look(ctx)
	}
}

// look turns to the rules that the database has in force, if this process does not decide by them
// already. One look at a time: an older answer must not undo a newer one.
func (b *ruleBook) look(ctx context.Context) {
	b.looking.Lock()
	defer b.looking.Unlock()
	hash, err := b.store.ActiveHash(ctx)
	if err != nil {
		return // the database is away; readiness says so
	}
	if hash == b.InForce() {
		b.behind.Store(nil)
		return
	}
	behind := b.behind.Load()
	known := behind != nil && behind.hash == hash
	if known && time.Now().Before(behind.again) {
		return
	}
	err = b.turnTo(ctx, hash)
	if err == nil {
		b.behind.Store(nil)
		b.tell(ctx, b.log)
		return
	}
	if fault.Is(err, fault.Unavailable) || ctx.Err() != nil {
		return // the next look tries again
	}
	b.behind.Store(&rulesBehind{hash: hash, again: time.Now().Add(tryAgain)})
	if !known {
		b.log.ErrorContext(ctx, "rules not loaded, the old ones stay in force", "revision", hash, "error", err)
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
