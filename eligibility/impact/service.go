package impact

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"

	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Kind says what a run looks at.
type Kind string

// The kinds of runs.
const (
	OfRegistry Kind = "preview" // everybody of the registry
	OfAnswers  Kind = "replay"  // answers that were given
	// OfComplaints is a look at the open complaints by other rules of routing.
	OfComplaints Kind = "routing"
)

// State is how far a run is.
type State string

// The states of a run. Void: the self-check found a difference, so nothing of it may be relied on.
const (
	Running   State = "running"
	Done      State = "done"
	Void      State = "void"
	Broken    State = "failed"
	Cancelled State = "cancelled"
)

// Run is one preview or replay as it is stored.
type Run struct {
	ID         string     `json:"id"` // UUIDv7
	Kind       Kind       `json:"kind"`
	Base       string     `json:"base"`
	Draft      string     `json:"draft"`
	ServiceOn  string     `json:"service_on"` // YYYY-MM-DD, the day as on which answers are given
	State      State      `json:"state"`
	Progress   Progress   `json:"progress"`
	StartedAt  time.Time  `json:"started_at"`
	StartedBy  string     `json:"started_by"`
	BeatAt     time.Time  `json:"-"` // when its process was last heard of
	FinishedAt *time.Time `json:"finished_at,omitempty"`
	Message    string     `json:"message,omitempty"` // why there is no result; Indonesian
	Preview    *Result    `json:"preview,omitempty"`
	Replay     *Replayed  `json:"replay,omitempty"`
	Routing    *Rerouted  `json:"routing,omitempty"`
}

// Store keeps runs of the home regency. Storage implements it.
type Store interface {
	// StartImpact stores a new run.
	StartImpact(ctx context.Context, r Run, e audit.Entry) error
	// BeatImpact says how far it is and hears whether it is to stop.
	BeatImpact(ctx context.Context, id string, p Progress, at time.Time) (stop bool, err error)
	// EndImpact stores how a running run ended.
	EndImpact(ctx context.Context, r Run, e audit.Entry) error
	// StopImpact asks a running run to stop; fault.Conflict when it has ended.
	StopImpact(ctx context.Context, id string, e audit.Entry) error
	// Impact finds one with its result; fault.NotFound otherwise.
	Impact(ctx context.Context, id string) (Run, error)
	// Impacts lists those of rules, "" for all, newest first, without results.
	Impacts(ctx context.Context, draft string, limit int) ([]Run, error)
	// NewestImpact finds the newest finished run of a kind with its result, for a day of service within
	// the days; base "" is any. fault.NotFound when there is none.
	NewestImpact(ctx context.Context, kind Kind, draft, base string, days Days) (Run, error)
	// EachDetermination calls yield with the determinations made since a moment, oldest first, in
	// parts.
	EachDetermination(ctx context.Context, since time.Time, yield func([]eligibility.Determination) error) error
}

// Service starts, stores and finds runs. All fields are required; Cases and Router for looks at complaints
// alone.
type Service struct {
	Preview *Preview
	Store   Store
	Cases   Cases
	Router  Router

	work sync.WaitGroup

	mu    sync.Mutex
	needs map[[3]string]Needs
}

// beatEvery is how often a run says how far it is; one that was silent for silentFor has died.
const (
	beatEvery = 500 * time.Millisecond
	silentFor = time.Minute
)

var (
	errStopped = errors.New("the run was asked to stop")

	errCancelled = fault.New(fault.Conflict, "impact_cancelled", "Hitungan dihentikan.")
	faultDied    = "Hitungan terhenti di tengah jalan (program atau komputer mati). Jalankan lagi."
)

// Start begins a preview in the background and gives it as it is stored. Its progress and its end are
// found under its ID, on every host.
func (s *Service) Start(ctx context.Context, req Request) (Run, error) {
	j, err := s.previewing(req)
	if err != nil {
		return Run{}, err
	}
	return s.start(ctx, j)
}

// Do computes a preview while the caller waits.
func (s *Service) Do(ctx context.Context, req Request, progress func(Progress)) (Run, error) {
	j, err := s.previewing(req)
	if err != nil {
		return Run{}, err
	}
	return s.do(ctx, j, progress)
}

// work is what a run does; it sets the result in r.
type work func(ctx context.Context, r *Run, progress func(Progress)) error

// job is a run that is about to begin.
type job struct {
	Run // kind, rules and day
	do  work
}

func (s *Service) previewing(req Request) (job, error) {
	frame, err := s.Preview.frameOn(s.Preview.Checker.Frame(s.Preview.Clock()), req.ServiceOn, req.Base, req.Draft)
	if err != nil {
		return job{}, err
	}
	req.ServiceOn = frame.ServiceOn
	return job{Run{Kind: OfRegistry, Base: req.Base.Hash(), Draft: req.Draft.Hash(), ServiceOn: req.ServiceOn}, s.preview(req)}, nil
}

func (s *Service) preview(req Request) work {
	return func(ctx context.Context, r *Run, progress func(Progress)) error {
		result, err := s.Preview.Run(ctx, req, progress)
		if err != nil {
			return err
		}
		r.Preview, r.State = result, Done
		if result.Void() {
			r.State = Void
			r.Message = fmt.Sprintf("%d dari %d orang yang diperiksa satu per satu hasilnya berbeda. Hitungan ini batal; laporkan kepada pengelola program.",
				result.Check.Differences, result.Check.Compared)
		}
		return nil
	}
}

// start begins a run in the background.
func (s *Service) start(ctx context.Context, j job) (Run, error) {
	r, err := s.begin(ctx, j.Run)
	if err != nil {
		return Run{}, err
	}
	s.work.Go(func() {
		_, _ = s.finish(context.WithoutCancel(ctx), r, j.do, nil, nil) // it is stored how it ended
	})
	return r, nil
}

// do is start for somebody who waits.
func (s *Service) do(ctx context.Context, j job, progress func(Progress)) (Run, error) {
	r, err := s.begin(ctx, j.Run)
	if err != nil {
		return Run{}, err
	}
	return s.finish(ctx, r, j.do, progress, nil)
}

// Wait waits for the end of what was started here.
func (s *Service) Wait() { s.work.Wait() }

func (s *Service) begin(ctx context.Context, r Run) (Run, error) {
	actor := auth.From(ctx)
	err := mayRun(actor)
	if err != nil {
		return Run{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Run{}, fmt.Errorf("make run id: %w", err)
	}
	now := s.Preview.Clock()
	r.ID, r.State, r.StartedAt, r.BeatAt, r.StartedBy = id.String(), Running, now, now, actor.Name
	return r, s.Store.StartImpact(ctx, r, s.entry(actor, "impact.start", r))
}

// mayRun: who writes rules and who approves them.
func mayRun(a auth.Actor) error {
	err := a.Require(auth.PolicyEdit)
	if err != nil {
		err = a.Require(auth.PolicyApprove)
	}
	return err
}

func (s *Service) entry(a auth.Actor, act string, r Run) audit.Entry {
	payload, _ := json.Marshal(r) // holds what JSON can write
	return audit.Entry{Actor: a.Name, Act: act, Object: "impact", ObjectID: r.ID, Payload: payload}
}

// finish does the work and stores how it ended. What follows, if anything does, begins before that is stored.
func (s *Service) finish(ctx context.Context, r Run, do work, progress func(Progress), follow func() error) (Run, error) {
	working, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var mu sync.Mutex
	now := Progress{}
	ended := make(chan struct{})
	var beating sync.WaitGroup
	beating.Go(func() {
		tick := time.NewTicker(beatEvery)
		defer tick.Stop()
		for {
			select {
			case <-ended:
				return
			case <-tick.C:
			}
			mu.Lock()
			p := now
			mu.Unlock()
			asked, err := s.Store.BeatImpact(working, r.ID, p, s.Preview.Clock())
			if err == nil && asked {
				stop(errStopped)
			}
		}
	})
	err := do(working, &r, func(p Progress) {
		mu.Lock()
		now = p
		mu.Unlock()
		if progress != nil {
			progress(p)
		}
	})
	close(ended)
	beating.Wait()
	if errors.Is(context.Cause(working), errStopped) {
		err = errCancelled
	}
	if follow != nil && (err == nil || goesOn(err)) {
		return s.endBefore(context.WithoutCancel(ctx), r, err, follow)
	}
	return s.end(context.WithoutCancel(ctx), r, err)
}

// endBefore stores how a run ended once what follows has begun.
func (s *Service) endBefore(ctx context.Context, r Run, failure error, follow func() error) (Run, error) {
	following := follow()
	r, err := s.end(ctx, r, failure)
	if following != nil {
		err = following
	}
	return r, err
}

// end stores the run with its result, or why there is none.
func (s *Service) end(ctx context.Context, r Run, failure error) (Run, error) {
	at := s.Preview.Clock()
	r.FinishedAt = &at
	switch {
	case failure == nil:
	case errors.Is(failure, errCancelled), errors.Is(failure, context.Canceled):
		r.State, r.Message, failure = Cancelled, errCancelled.Message, errCancelled
	default:
		r.State, r.Message = Broken, "Hitungan tidak selesai karena kesalahan di program. Coba lagi; bila terulang, laporkan kepada pengelola."
		if f := fault.As(failure); f != nil {
			r.Message = f.Message
		}
	}
	err := s.Store.EndImpact(ctx, r, s.entry(auth.From(ctx), "impact.end", r))
	return r, errors.Join(failure, err)
}

// Stop asks a run to stop, on whichever host it is.
func (s *Service) Stop(ctx context.Context, id string) error {
	actor := auth.From(ctx)
	err := mayRun(actor)
	if err != nil {
		return err
	}
	return s.Store.StopImpact(ctx, id, s.entry(actor, "impact.stop", Run{ID: id}))
}

// Find gives a run. One whose process died is told as failed.
func (s *Service) Find(ctx context.Context, id string) (Run, error) {
	err := auth.From(ctx).Require(auth.PolicyRead)
	if err != nil {
		return Run{}, err
	}
	r, err := s.Store.Impact(ctx, id)
	return s.alive(r), err
}

// List gives the runs of rules, "" for all, newest first and without results.
func (s *Service) List(ctx context.Context, draft string, limit int) ([]Run, error) {
	err := auth.From(ctx).Require(auth.PolicyRead)
	if err != nil {
		return nil, err
	}
	all, err := s.Store.Impacts(ctx, draft, limit)
	for i := range all {
		all[i] = s.alive(all[i])
	}
	return all, err
}

func (s *Service) alive(r Run) Run {
	if r.State == Running && s.Preview.Clock().Sub(r.BeatAt) > silentFor {
		r.State, r.Message = Broken, faultDied
	}
	return r
}
