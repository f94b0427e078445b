package recheck

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/google/uuid"

	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// How the background works.
const (
	batch    = 500             // people in memory at once
	lookBack = 12              // months for which a refusal is checked again
	poll     = 3 * time.Second // how often what is in force is looked at
	calm     = 6 * time.Second // what is in force must have stayed so long: files come in threes

	// patience is how long one decision may take on a machine that is busy with desks: nobody waits for
	// it, and one that is cut off is a person who is passed over.
	patience = 20 * time.Second
)

// Work checks again whenever what is in force changes, until ctx ends. Several processes may do so;
// one of them runs.
func (s *Service) Work(ctx context.Context, log *slog.Logger) {
	ctx = auth.With(ctx, auth.System())
	tick := time.NewTicker(poll)
	defer tick.Stop()
	var seen Mark
	var since time.Time
	for {
		mark, err := s.mark(ctx)
		if err == nil && mark != seen {
			seen, since = mark, time.Now()
		}
		if err == nil && time.Since(since) >= calm {
			err = s.turn(ctx, seen, log)
		}
		if err != nil && ctx.Err() == nil && !fault.Is(err, fault.Unavailable) {
			log.ErrorContext(ctx, "check again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// turn runs when nobody has checked against what is in force, and ends items that were answered.
func (s *Service) turn(ctx context.Context, mark Mark, log *slog.Logger) error {
	last, any, err := s.lastRun(ctx)
	if err != nil {
		return err
	}
	if any && last.FinishedAt != nil && !last.Superseded && last.Mark == mark {
		_, err = s.Store.SettleRechecks(ctx)
		return err
	}
	// This process has not loaded the newest rules yet, or cannot: another one may.
	if s.Checker.Book.Active().Hash() != mark.Revision {
		return nil
	}
	release, ok, err := s.Store.LockRechecks(ctx)
	if err != nil || !ok {
		return err
	}
	defer release()
	run, err := s.run(ctx, mark, false)
	if err == nil && run.Failed > 0 {
		log.WarnContext(ctx, "some determinations could not be made again", "run", run.ID, "count", run.Failed)
	}
	return err
}

// Run checks everybody again now, whether or not anything changed since the last run, and tells what
// it found. fault.Conflict when another run is under way.
func (s *Service) Run(ctx context.Context) (Run, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ImportRun)
	if err != nil {
		return Run{}, err
	}
	release, ok, err := s.Store.LockRechecks(ctx)
	if err != nil {
		return Run{}, err
	}
	if !ok {
		return Run{}, fault.New(fault.Conflict, "recheck_running", "Cek ulang sedang berjalan. Tunggu sampai selesai, lalu ulangi.")
	}
	defer release()
	mark, err := s.mark(ctx)
	if err != nil {
		return Run{}, err
	}
	return s.run(ctx, mark, true)
}

// run goes on with a run that stopped halfway, or begins a new one. The caller holds the lock.
func (s *Service) run(ctx context.Context, mark Mark, asked bool) (Run, error) {
	last, any, err := s.lastRun(ctx)
	if err != nil {
		return Run{}, err
	}
	if any && last.FinishedAt == nil {
		if last.Mark == mark {
			return s.finish(ctx, last)
		}
		last.Superseded = true
		err = s.close(ctx, &last)
		if err != nil {
			return last, err
		}
	}
	run, err := s.begin(ctx, mark, last, asked)
	if err != nil {
		return run, err
	}
	return s.finish(ctx, run)
}

func (s *Service) begin(ctx context.Context, mark Mark, last Run, asked bool) (Run, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Run{}, fmt.Errorf("make run id: %w", err)
	}
	now := s.Clock().UTC().Truncate(time.Microsecond)
	run := Run{ID: id.String(), Mark: mark, StartedAt: now, BeatAt: now}
	run.Reason, err = s.reason(ctx, mark, last.Mark, asked)
	if err != nil {
		return run, err
	}
	run.Total, err = s.Store.CountCandidates(ctx, since(run), run.StartedAt)
	if err != nil {
		return run, err
	}
	err = s.Store.StartRun(ctx, run, s.entry(ctx, "recheck.start", run))
	return run, err
}

// reason says what came into force since the last run.
func (s *Service) reason(ctx context.Context, now, last Mark, asked bool) (string, error) {
	if now.Revision != last.Revision && last.Revision != "" {
		number, err := s.numbers(ctx)
		if err != nil {
			return "", err
		}
		return "aturan versi " + strconv.Itoa(number(now.Revision)) + " berlaku", nil
	}
	if now.Values != last.Values && last.Revision != "" {
		return s.valuesReason(now.Values), nil
	}
	if now.Registry != last.Registry {
		imp, ok, err := s.Store.ImportAt(ctx, now.Registry)
		if err != nil {
			return "", err
		}
		if ok {
			return imp.words(), nil
		}
	}
	if asked {
		return "permintaan petugas", nil
	}
	return "data atau aturan diperbarui", nil
}

var offices = map[eligibility.Kind]string{eligibility.Residents: "Dukcapil", eligibility.Welfares: "DTSEN", eligibility.Membership: "BPJS"}

func (i Imported) words() string {
	out := "data " + offices[i.Kind] + " per " + i.AsOf.Words()
	if i.RolledBack {
		return "impor " + out + " dibatalkan"
	}
	return out + " diterbitkan"
}

// numbers gives the numbers of the rule sets.
func (s *Service) numbers(ctx context.Context) (func(hash string) int, error) {
	list, err := s.Rules.Revisions(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]int{}
	for _, r := range list {
		known[r.Hash] = r.Number
	}
	return func(hash string) int { return known[hash] }, nil
}

func since(r Run) time.Time { return r.StartedAt.AddDate(0, -lookBack, 0) }

// finish works a run off from where it stands. A killed process leaves it where the last batch was
// stored; whoever comes next goes on there.
func (s *Service) finish(ctx context.Context, run Run) (Run, error) {
	number, err := s.numbers(ctx)
	if err != nil {
		return run, err
	}
	again := s.Checker.RepeaterAt(s.Clock())
	ctx = policy.WithTimeout(ctx, patience)
	ahead := s.readAhead(ctx, run, again, run.Position)
	defer func() { ahead.drop() }()
	for run.Position.Stage < stages {
		part := <-ahead.parts
		if part.err != nil {
			return run, fmt.Errorf("check again, stage %d: %w", run.Position.Stage, part.err)
		}
		next := part.next
		if part.last {
			next = Position{Stage: run.Position.Stage + 1}
		} else {
			ahead = s.readAhead(ctx, run, again, next)
		}
		found, failed, err := s.check(ctx, run, again, part, number)
		if errors.Is(err, policy.ErrNotAlike) {
			s.doubt(ctx, &run, again)
			ahead.drop()
			ahead = s.readAhead(ctx, run, again, run.Position)
			continue
		}
		if err != nil {
			return run, err
		}
		run.Position, run.BeatAt = next, s.Clock().UTC().Truncate(time.Microsecond)
		run.Checked, run.Changed, run.Failed = run.Checked+len(part.list), run.Changed+len(found), run.Failed+failed
		err = s.Store.SaveBatch(ctx, run, found)
		if err != nil {
			return run, fmt.Errorf("store what changed: %w", err)
		}
		overtaken, err := s.overtaken(ctx, run)
		if err != nil {
			return run, err
		}
		if overtaken {
			run.Superseded = true
			return run, s.close(ctx, &run)
		}
		if part.last && next.Stage < stages {
			ahead = s.readAhead(ctx, run, again, next)
		}
	}
	return run, s.close(ctx, &run)
}

// doubt begins the run anew, from now on deciding everybody by himself: somebody came out otherwise
// than those whom he was taken to be like, so that others may have been passed over. Whoever was found
// is on the list with an answer of his own: he stays, and is no candidate any more.
func (s *Service) doubt(ctx context.Context, run *Run, again *eligibility.Repeater) {
	again.Each()
	run.Position, run.Checked, run.Failed = Position{}, run.Changed, 0
	if s.Log != nil {
		s.Log.ErrorContext(ctx, "people who were taken to be alike are decided differently; everybody is decided alone", "run", run.ID, "rules", run.Mark.Revision)
	}
}

// part is what Candidates gave, with the people whom it is about.
type part struct {
	list  []eligibility.Determination
	batch *eligibility.Batch
	next  Position
	last  bool
	err   error
}

// reading is a part on its way, so that one core reads while the others decide. Nothing is read
// ahead across the end of a stage: what the last batch of it changes counts for the next stage.
type reading struct {
	parts chan part
	stop  context.CancelFunc
}

func (s *Service) readAhead(ctx context.Context, run Run, again *eligibility.Repeater, p Position) reading {
	ctx, stop := context.WithCancel(ctx)
	r := reading{make(chan part, 1), stop}
	go func() {
		defer close(r.parts)
		defer stop()
		var made part
		made.list, made.next, made.last, made.err = s.Store.Candidates(ctx, p, since(run), run.StartedAt, batch)
		if made.err == nil {
			made.batch, made.err = again.Read(ctx, made.list)
		}
		r.parts <- made
	}()
	return r
}

// drop ends a reading that nobody waits for any more, and waits until it has let go of the database.
func (r reading) drop() {
	r.stop()
	for range r.parts {
	}
}

// overtaken tells whether other data or rules are in force by now: then the rest is left to the run
// that follows, which looks at everybody again.
func (s *Service) overtaken(ctx context.Context, run Run) (bool, error) {
	now, err := s.mark(ctx)
	return now != run.Mark, err
}

func (s *Service) close(ctx context.Context, run *Run) error {
	now := s.Clock().UTC().Truncate(time.Microsecond)
	run.FinishedAt = &now
	return s.Store.EndRun(ctx, *run, s.entry(ctx, "recheck.finish", *run))
}

func (s *Service) entry(ctx context.Context, act string, run Run) audit.Entry {
	return audit.Entry{Actor: auth.From(ctx).Name, Act: act, Object: "recheck_run", ObjectID: run.ID, Purpose: run.Reason}
}
