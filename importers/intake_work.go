package importers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"layak/internal/fault"
)

const (
	beatEvery         = 2 * time.Second
	deadAfter         = 20 * time.Second // without a beat nobody works on it any more
	lookEvery         = time.Second
	maxListedWarnings = 100
)

// stoppedMessage is what a person reads when the process that worked on a file died. It is true
// for counting and publishing: what was not published whole is invisible.
const stoppedMessage = "Program berhenti ketika sedang mengerjakan berkas ini. Data kependudukan tidak berubah. Ulangi dari pratinjau."

// Work counts and publishes what was ordered, one workbook after the other, until ctx ends. Every
// process of an installation may run it: an order is taken by one.
func (in *Intake) Work(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		err := in.work(ctx)
		if err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "work on uploads", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-in.wake:
		case <-tick.C:
		}
	}
}

// work takes up every order there is and destroys what was forgotten.
func (in *Intake) work(ctx context.Context) error {
	all, err := in.Store.Uploads(ctx)
	if err != nil {
		return fmt.Errorf("list uploads: %w", err)
	}
	var failures []error
	for i := len(all) - 1; i >= 0; i-- { // the oldest first
		u := all[i]
		switch {
		case u.Stage == StagePreviewOrdered:
			err = in.take(ctx, u, StagePreviewing)
		case u.Stage == StagePublishOrdered:
			err = in.take(ctx, u, StagePublishing)
		case in.Clock().After(u.ExpiresAt) && (!u.Running() || in.dead(u)):
			err = in.Store.DropUpload(ctx, u.ID, in.entry("system", "upload.expire", u.ID))
		default:
			err = nil
		}
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

func (in *Intake) dead(u Upload) bool { return in.Clock().Sub(u.BeatAt) > deadAfter }

// settle finds out what became of an upload whose process died.
func (in *Intake) settle(ctx context.Context, u Upload) (Upload, error) {
	if u.Stage != StagePreviewing && u.Stage != StagePublishing || !in.dead(u) {
		return u, nil
	}
	was := u
	u.Stage, u.Summary.Code, u.Summary.Message = StageFailed, "upload_stopped", stoppedMessage
	if was.Stage == StagePublishing {
		before, err := in.Store.PublishedWithHash(ctx, u.Kind, u.FileHash)
		if err != nil {
			return u, fmt.Errorf("settle upload %s: %w", u.ID, err)
		}
		if before != nil && !before.StartedAt.Before(u.Settings.OrderedAt) {
			u.Stage, u.Summary = StagePublished, UploadSummary{ImportID: before.ID}
		}
	}
	e := in.entry("system", "upload.end", u.ID)
	moved, err := in.Store.MoveUpload(ctx, was, u, &e)
	if err != nil {
		return u, fmt.Errorf("settle upload %s: %w", u.ID, err)
	}
	if !moved {
		return in.Store.Upload(ctx, u.ID)
	}
	return u, nil
}

// Before finds the visible import of the same file, if there is one.
func (in *Intake) Before(ctx context.Context, u Upload) (*Import, error) {
	return in.Store.PublishedWithHash(ctx, u.Kind, u.FileHash)
}

// take works on one upload, unless another process was faster.
func (in *Intake) take(ctx context.Context, was Upload, stage Stage) error {
	u := was
	u.Stage, u.BeatAt = stage, in.Clock()
	moved, err := in.Store.MoveUpload(ctx, was, u, nil)
	if err != nil || !moved {
		return err
	}
	runCtx, cancel := context.WithCancel(ctx)
	defer cancel()
	p := &pulse{in: in, u: u, lost: cancel}
	stop := p.start(runCtx)
	o := in.options(u, File{Name: u.Name, Reader: &parts{ctx: runCtx, store: in.Store, u: u}, Size: u.Size})
	o.Actor, o.Progress = u.Settings.By, p.tell
	o.DryRun = stage == StagePreviewing
	if o.DryRun { // a count hurts nobody; the page asks for consent before it is published
		o.Again, o.ConfirmGone = true, true
	}
	res, runErr := Run(runCtx, in.Store, o)
	stop()
	if runErr != nil && ctx.Err() != nil {
		runErr = ctx.Err() // the service is being stopped; how the database words that does not matter
	}
	return in.finish(context.WithoutCancel(ctx), u, res, runErr)
}

// finish stores how a run ended. A run that failed for a reason a person can mend is no failure
// of the program, so only what is no fault is given back.
func (in *Intake) finish(ctx context.Context, was Upload, res Result, runErr error) error {
	u := was
	u.Summary = summaryOf(was, res, runErr)
	u.BeatAt = in.Clock()
	u.Progress.Phase = PhaseDone
	f := fault.As(runErr)
	switch {
	case runErr == nil && was.Stage == StagePublishing:
		u.Stage = StagePublished
	case runErr == nil:
		u.Stage = StagePreviewed
	case was.Stage == StagePublishing && f != nil && f.Kind == fault.Conflict:
		u.Stage = StagePreviewed // a consent is missing: the count still holds
		u.Summary.ImportID = was.Summary.ImportID
	default:
		u.Stage = StageFailed
	}
	e := in.entry(actorOr(was.Settings.By), "upload.end", u.ID)
	_, err := in.Store.MoveUpload(ctx, was, u, &e)
	if err == nil && u.Stage == StagePublished {
		err = in.Store.DropUploadBytes(ctx, u.ID)
	}
	if f != nil || errors.Is(runErr, context.Canceled) {
		runErr = nil
	}
	return errors.Join(runErr, err)
}

func actorOr(by string) string {
	if by == "" {
		return "system"
	}
	return by
}

func summaryOf(was Upload, res Result, err error) UploadSummary {
	s := UploadSummary{Columns: res.Columns, Left: res.Left, Warnings: res.WarningsList}
	s.Warnings = s.Warnings[:min(len(s.Warnings), maxListedWarnings)]
	if res.Seq > 0 {
		s.ImportID = res.ID
	}
	if len(s.Columns) == 0 {
		s.Columns = was.Summary.Columns
	}
	if err != nil {
		s.Message = sentence(err)
		if f := fault.As(err); f != nil {
			s.Code = f.Code
		} else if errors.Is(err, context.Canceled) { // the service is being stopped
			s.Code, s.Message = "upload_stopped", stoppedMessage
		}
	}
	return s
}

// pulse tells the store every few seconds that somebody is at work and how far.
type pulse struct {
	in   *Intake
	u    Upload
	lost func() // called when the upload is no longer ours

	mu sync.Mutex
	at Progress
}

func (p *pulse) tell(at Progress) {
	p.mu.Lock()
	p.at = at
	p.mu.Unlock()
}

func (p *pulse) start(ctx context.Context) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(beatEvery / 4)
		defer tick.Stop()
		var told Progress
		var beat time.Time
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			p.mu.Lock()
			at := p.at
			p.mu.Unlock()
			if at == told && time.Since(beat) < beatEvery {
				continue
			}
			told, beat = at, time.Now()
			now := p.u
			now.BeatAt, now.Progress = p.in.Clock(), at
			moved, err := p.in.Store.MoveUpload(ctx, p.u, now, nil)
			if err == nil && !moved {
				p.lost()
			}
		}
	}()
	return func() { close(done); <-ended }
}

// parts reads a stored workbook where it lies, without a copy on disk.
type parts struct {
	ctx   context.Context //nolint:containedctx // io.ReaderAt has no room for it
	store UploadStore
	u     Upload

	mu    sync.Mutex
	no    [4]int // part numbers plus one of what is held
	held  [4][]byte
	taken int
}

// ReadAt implements io.ReaderAt.
func (r *parts) ReadAt(b []byte, off int64) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for n < len(b) {
		at := off + int64(n)
		if at >= r.u.Size {
			return n, io.EOF
		}
		part, err := r.part(int(at / UploadChunk))
		if err != nil {
			return n, err
		}
		from := int(at % UploadChunk)
		if from >= len(part) {
			return n, io.ErrUnexpectedEOF
		}
		n += copy(b[n:], part[from:])
	}
	return n, nil
}

func (r *parts) part(no int) ([]byte, error) {
	for i, held := range r.no {
		if held == no+1 {
			return r.held[i], nil
		}
	}
	part, err := r.store.UploadPart(r.ctx, r.u.ID, no)
	if err != nil {
		return nil, fmt.Errorf("read part %d of upload %s: %w", no, r.u.ID, err)
	}
	slot := r.taken % len(r.held)
	r.taken++
	r.no[slot], r.held[slot] = no+1, part
	return part, nil
}
