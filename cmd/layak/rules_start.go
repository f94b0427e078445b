package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// mostSteps is how far back the way of the rules is followed for some that can be loaded.
const mostSteps = 1000

// start takes the rules in force. When they cannot be loaded it takes the newest of those in force before
// that can: a desk must not close because of a broken archive, and the emergency stop has to be within
// reach. The process is behind then, and says so. Without any it decides nothing; the shipped rules are
// never taken in the place of others that somebody answered for.
func (b *ruleBook) start(ctx context.Context, active policy.Revision) error {
	engine, err := b.load(ctx, active)
	if err == nil {
		b.active.Store(engine)
		return nil
	}
	if passing(ctx, err) {
		return err
	}
	b.behind.Store(&rulesBehind{hash: active.Hash, again: time.Now().Add(tryAgain)})
	before, errBefore := b.newestThatLoads(ctx, active.Hash)
	if errBefore != nil {
		return errors.Join(err, errBefore)
	}
	if before == nil {
		b.active.Store(policy.NoEngine())
		b.log.ErrorContext(ctx, "no rules that were ever in force can be loaded, nothing is decided here: "+
			"restore the database or install the program that could load them", "revision", active.Hash, "number", active.Number, "error", err)
		return nil
	}
	b.active.Store(before)
	b.log.ErrorContext(ctx, "rules in force not loaded, older ones decide here: mend them, or go back for everybody with: layak policy stop --reason TEXT",
		"revision", active.Hash, "number", active.Number, "deciding", before.Hash(), "error", err)
	return nil
}

// newestThatLoads gives the rules of before, or nil when none can be loaded.
func (b *ruleBook) newestThatLoads(ctx context.Context, broken string) (*policy.Engine, error) {
	hashes, err := b.before(ctx, broken)
	if err != nil {
		return nil, err
	}
	for _, hash := range hashes {
		revision, err := b.store.Revision(ctx, hash)
		if err == nil {
			var engine *policy.Engine
			engine, err = b.load(ctx, revision)
			if err == nil {
				return engine, nil
			}
		}
		if passing(ctx, err) {
			return nil, err
		}
	}
	return nil, nil
}

// before lists what was in force before, the newest first: by the switches, and then what came into force
// without one, as the first rules of an office do.
func (b *ruleBook) before(ctx context.Context, active string) ([]string, error) {
	switches, err := b.store.Switches(ctx, mostSteps)
	if err != nil {
		return nil, err
	}
	var hashes []string
	add := func(hash string) {
		if hash != "" && hash != active && !slices.Contains(hashes, hash) {
			hashes = append(hashes, hash)
		}
	}
	for _, w := range switches {
		add(w.Hash)
		add(w.Previous)
	}
	revisions, err := b.store.Revisions(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range revisions {
		if r.Stage == policy.Retired {
			add(r.Hash)
		}
	}
	return hashes, nil
}

// passing tells an error that says nothing about the rules: the database is away, or nobody waits any more.
func passing(ctx context.Context, err error) bool {
	return fault.Is(err, fault.Unavailable) || ctx.Err() != nil
}

// Loads is nil when this process can decide by the rules of a revision; workbench asks before it brings
// them into force. What failed is not tried again for a while.
func (b *ruleBook) Loads(ctx context.Context, hash string) error {
	b.mu.Lock()
	failed, known := b.failed[hash]
	b.mu.Unlock()
	if known && time.Now().Before(failed.again) {
		return failed.err
	}
	_, err := b.Revision(ctx, hash)
	if err == nil || passing(ctx, err) || fault.Is(err, fault.NotFound) {
		return err
	}
	err = fault.New(fault.Conflict, workbench.Unloadable, "Versi aturan ini tidak dapat dimuat oleh program di server ini, jadi tidak diberlakukan. "+
		"Aturan yang berlaku tetap. Usulkan lagi dari konsepnya, atau minta administrator memeriksa catatan program.").Because(err)
	b.log.ErrorContext(ctx, "rules not brought into force: they cannot be loaded", "revision", hash, "error", err)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failed == nil {
		b.failed = map[string]failedLoad{}
	}
	b.failed[hash] = failedLoad{err, time.Now().Add(tryAgain)}
	return err
}

// failedLoad is why a revision could not be loaded, and when to try again.
type failedLoad struct {
	err   error
	again time.Time
}

// warning says at the start, to whoever watches it, that this process does not decide by the rules in
// force and what to do; "" when it does.
func (b *ruleBook) warning() string {
	behind := b.Behind()
	switch {
	case behind == "":
		return ""
	case b.InForce() == "":
		return fmt.Sprintf("\nAturan yang berlaku (%s) dan semua versi sebelumnya tidak dapat dimuat. Cek tidak dapat dilakukan.\n"+
			"Pulihkan basis data dari cadangan, atau jalankan program yang dulu dapat memuatnya.\n", short(behind))
	}
	return fmt.Sprintf("\nAturan yang berlaku (%s) tidak dapat dimuat. Cek di server ini memakai versi sebelumnya (%s).\n"+
		"Untuk kembali ke versi yang dapat dimuat, bagi semua:  layak policy stop --reason ALASAN\n", short(behind), short(b.InForce()))
}
