package snapshot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Keeper gives the snapshot of today's registry: the one in memory, else the stored one, else a new
// one. The registry is large; one snapshot is in memory at a time, and none after a while in which
// nobody asked.
type Keeper struct {
	Store Store
	Clock eligibility.Clock
	Idle  time.Duration // after which the memory is given back; 0 is fifteen minutes

	mu     sync.Mutex // held while one is loaded or made, so that others wait for the same
	at     sync.Mutex // guards held and timer
	held   *Snapshot
	forget *time.Timer
}

// partBytes is the size of a stored part.
const partBytes = 512 << 10

// Progress says how far the making or loading of a snapshot is.
type Progress struct {
	Stage string // "build" or "load"
	Done  int    // people; 0 when nobody knows yet
}

// Current gives the snapshot of the newest revision of the registry, making it when it is not there.
// fault.NotFound while the registry is empty.
func (k *Keeper) Current(ctx context.Context, progress func(Progress)) (*Snapshot, error) {
	if progress == nil {
		progress = func(Progress) {}
	}
	revision, err := k.Store.RegistryRevision(ctx)
	if err != nil {
		return nil, err
	}
	if revision == 0 {
		return nil, fault.New(fault.NotFound, "registry_empty",
			"Data penduduk belum dimuat, jadi dampak aturan belum dapat dihitung. Muat data penduduk dulu di halaman Data.")
	}
	if s := k.inMemory(revision); s != nil {
		return s, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if s := k.inMemory(revision); s != nil {
		return s, nil
	}
	s, err := k.stored(ctx, revision, progress)
	if err == nil && s == nil {
		s, err = k.make(ctx, revision, progress)
	}
	if err != nil {
		return nil, err
	}
	k.keep(s)
	return s, nil
}

// Refresh makes and stores the snapshot of the newest revision when there is none yet, without
// keeping it in memory. It is the work after each publish and rollback.
func (k *Keeper) Refresh(ctx context.Context) (made bool, err error) {
	revision, err := k.Store.RegistryRevision(ctx)
	if err != nil || revision == 0 || k.inMemory(revision) != nil {
		return false, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	head, ok, err := k.Store.SnapshotHead(ctx)
	if err != nil || ok && head.Revision >= revision {
		return false, err
	}
	_, err = k.make(ctx, revision, func(Progress) {})
	return err == nil, err
}

func (k *Keeper) inMemory(revision int64) *Snapshot {
	k.at.Lock()
	defer k.at.Unlock()
	if k.held == nil || k.held.Revision != revision {
		return nil
	}
	k.forget.Reset(k.idle())
	return k.held
}

func (k *Keeper) keep(s *Snapshot) {
	k.at.Lock()
	defer k.at.Unlock()
	k.held = s
	if k.forget != nil {
		k.forget.Stop()
	}
	k.forget = time.AfterFunc(k.idle(), k.release)
}

func (k *Keeper) release() {
	k.at.Lock()
	defer k.at.Unlock()
	k.held = nil
}

func (k *Keeper) idle() time.Duration {
	if k.Idle > 0 {
		return k.Idle
	}
	return 15 * time.Minute
}

// stored loads what is stored of the revision; nil when that is none, or none that can be read.
func (k *Keeper) stored(ctx context.Context, revision int64, progress func(Progress)) (*Snapshot, error) {
	head, ok, err := k.Store.SnapshotHead(ctx)
	if err != nil || !ok || head.Revision != revision {
		return nil, err
	}
	progress(Progress{Stage: "load"})
	parts := &partReader{ctx: ctx, store: k.Store, id: head.ID}
	s, err := read(parts)
	switch {
	case parts.err != nil:
		return nil, fmt.Errorf("load snapshot %s: %w", head.ID, parts.err)
	case err != nil || s.Revision != revision || s.Len() != head.Rows:
		return nil, nil // another format, or another process replaced it meanwhile: it is made anew
	}
	return s, nil
}

// make builds and stores it. Only one process does; the others load it then.
func (k *Keeper) make(ctx context.Context, revision int64, progress func(Progress)) (*Snapshot, error) {
	release, err := k.Store.LockSnapshot(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	s, err := k.stored(ctx, revision, progress)
	if err != nil || s != nil {
		return s, err
	}
	began := k.Clock()
	progress(Progress{Stage: "build"})
	s, err = Build(ctx, k.Store, revision, func(n int) { progress(Progress{Stage: "build", Done: n}) })
	if err != nil {
		return nil, err
	}
	return s, k.save(ctx, s, began)
}

func (k *Keeper) save(ctx context.Context, s *Snapshot, began time.Time) error {
	from, into := io.Pipe()
	go func() { into.CloseWithError(s.write(into)) }()
	defer from.Close()
	next := func() ([]byte, error) {
		part := make([]byte, partBytes)
		n, err := io.ReadFull(from, part)
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = nil
		}
		return part[:n], err
	}
	actor := auth.From(ctx).Name
	if actor == "" {
		actor = "system"
	}
	h := Head{Revision: s.Revision, Rows: s.Len(), MadeAt: k.Clock(), Seconds: k.Clock().Sub(began).Seconds()}
	err := k.Store.SaveSnapshot(ctx, h, next, audit.Entry{Actor: actor, Act: "snapshot.create", Object: "snapshot"})
	if err != nil {
		return fmt.Errorf("save snapshot of registry revision %d: %w", s.Revision, err)
	}
	return nil
}

// partReader reads the stored parts one after the other.
type partReader struct {
	ctx   context.Context
	store Store
	id    string
	no    int
	rest  bytes.Reader
	err   error // of the store
}

// Read implements io.Reader.
func (r *partReader) Read(p []byte) (int, error) {
	for r.rest.Len() == 0 {
		part, err := r.store.SnapshotPart(r.ctx, r.id, r.no)
		if err != nil {
			r.err = err
			return 0, err
		}
		if part == nil {
			return 0, io.EOF
		}
		r.no++
		r.rest.Reset(part)
	}
	return r.rest.Read(p)
}
