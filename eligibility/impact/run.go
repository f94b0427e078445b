package impact

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"layak/eligibility"
	"layak/eligibility/snapshot"
	"layak/internal/fault"
	"layak/policy"
)

// Preview compares rule sets over everybody of the registry. All fields are required.
type Preview struct {
	Keeper  *snapshot.Keeper
	Checker *eligibility.Checker // only its reading of the registry is used
	Open    Opener
	Clock   eligibility.Clock
}

// Request asks for one preview.
type Request struct {
	Base, Draft policy.Bundle
	ServiceOn   string // YYYY-MM-DD, the day as on which everybody is decided; "" is the day that counts
	Full        bool   // hold one in a hundred of all against single decisions, as a proposal needs it
	Seed        uint64 // of the samples; 0 is any
}

// Progress says how far a run is.
type Progress struct {
	Stage string `json:"stage"` // build | load | rules | scan | decide | check
	Done  int    `json:"done"`
	Total int    `json:"total"` // 0 when nobody knows yet
}

// selfCheck is how many residents each run decides one by one; fullCheck the share, one in so many,
// that a proposal needs.
const (
	selfCheck = 1000
	fullCheck = 100
)

// run is one preview under way.
type run struct {
	*Preview
	Request
	frame    policy.Frame
	rules    Rules
	people   *snapshot.Snapshot
	unlisted int
	tell     func(Progress)
	random   *rand.Rand

	read    []*axis
	classes classes
	briefs  [2][]*policy.Brief // by class; nil when the rules cannot decide on it
	groups  []Group            // by class
}

// Run computes a preview. It can be cancelled by ctx at any time; nothing is stored.
func (p *Preview) Run(ctx context.Context, req Request, progress func(Progress)) (*Result, error) {
	if progress == nil {
		progress = func(Progress) {}
	}
	if req.Seed == 0 {
		req.Seed = rand.Uint64() //nolint:gosec // which residents are compared is no secret
	}
	now := p.Checker.Frame(p.Clock())
	frame, err := p.frameOn(now, req.ServiceOn, req.Base, req.Draft)
	if err != nil {
		return nil, err
	}
	r := &run{Preview: p, Request: req, frame: frame, tell: progress,
		random: rand.New(rand.NewPCG(req.Seed, 1))} //nolint:gosec // as above
	out := &Result{Base: req.Base.Hash(), Draft: req.Draft.Hash(), At: now.At, ServiceOn: frame.ServiceOn,
		Apart: policy.DaysApart(req.Base, req.Draft)}
	watch := stopwatch{last: time.Now()}
	began := watch.last

	r.people, err = p.Keeper.Current(ctx, func(s snapshot.Progress) { progress(Progress{Stage: s.Stage, Done: s.Done}) })
	if err != nil {
		return nil, err
	}
	out.Registry, out.Timing.Snapshot = r.people.Revision, watch.lap()

	progress(Progress{Stage: "rules"})
	r.rules, err = p.Open(ctx, r.frame, req.Base, req.Draft)
	if err != nil {
		return nil, err
	}
	defer r.rules.Close()
	out.Timing.Open = watch.lap()
	beside, stop := context.WithCancel(ctx)
	defer stop()
	checked := make(chan error, 1)
	var singles []single
	var took int64
	who := r.drawn(r.size())
	r.tell = inTurn(progress) // two goroutines tell from here
	go func() {
		own := stopwatch{last: time.Now()}
		var err error
		singles, err = r.singles(beside, who)
		took = own.lap()
		checked <- err
	}()
	err = r.byClass(ctx, out, &watch)
	if err != nil {
		stop()
		<-checked //nolint:errcheck // cut off: why is known
		return nil, err
	}
	err = <-checked
	if err != nil {
		return nil, fmt.Errorf("hold the preview against single decisions: %w", err)
	}
	out.Check = r.compare(singles)
	out.Check.Took = took
	out.Timing.Check, out.Timing.Total = watch.lap(), time.Since(began).Milliseconds()
	return out, nil
}

// byClass tells residents apart, decides one of each class, and counts.
func (r *run) byClass(ctx context.Context, out *Result, watch *stopwatch) error {
	var err error
	r.read, err = r.axes(ctx)
	if err != nil {
		return fmt.Errorf("tell residents apart: %w", err)
	}
	out.Timing.Rules = watch.lap()
	r.tell(Progress{Stage: "scan", Total: r.people.Len()})
	r.unlisted = r.countUnlisted()
	r.classes, err = r.sort(ctx, r.read)
	if err != nil {
		return err
	}
	out.Timing.Scan = watch.lap()
	err = r.decide(ctx)
	if err != nil {
		return err
	}
	out.Timing.Decide = watch.lap()
	r.report(out)
	out.Timing.Count = watch.lap()
	return nil
}

// inTurn lets one goroutine tell at a time.
func inTurn(tell func(Progress)) func(Progress) {
	var mu sync.Mutex
	return func(p Progress) {
		mu.Lock()
		defer mu.Unlock()
		tell(p)
	}
}

type stopwatch struct{ last time.Time }

// lap gives the milliseconds since the one before.
func (s *stopwatch) lap() int64 {
	now := time.Now()
	ms := now.Sub(s.last).Milliseconds()
	s.last = now
	return ms
}

func (r *run) countUnlisted() int { return r.people.Counts("resident.source")[0] }

// perCall is how many people the rules are asked about at once: few enough that a run can be stopped
// and tells how far it is.
const perCall = 512

// mostFailures is how many classes may fail before the rules, and not the facts, are at fault.
const mostFailures = 50

// decide asks both rule sets about one of each class.
func (r *run) decide(ctx context.Context) error {
	household := r.readsHousehold()
	total := len(r.classes.first)
	r.groups = make([]Group, total)
	for i := range r.briefs {
		r.briefs[i] = make([]*policy.Brief, total)
	}
	failures := 0
	for from := 0; from < total; from += perCall {
		in := make([]policy.Input, min(perCall, total-from))
		for k := range in {
			in[k] = r.people.Input(r.frame, r.classes.first[from+k], household)
		}
		for i := range r.briefs {
			briefs, failed, err := briefsOf(ctx, r.rules, i, in)
			failures += failed
			if err == nil && failures > mostFailures {
				err = errors.New("rules fail on too many facts")
			}
			if err != nil {
				return fmt.Errorf("decide by rule set %d: %w", i, err)
			}
			copy(r.briefs[i][from:], briefs)
		}
		r.tell(Progress{Stage: "decide", Done: from + len(in), Total: total})
	}
	for c := range r.groups {
		r.groups[c] = groupOf(r.briefs[base][c], r.briefs[draft][c])
	}
	return nil
}

func (r *run) readsHousehold() bool {
	return slices.ContainsFunc(r.read, func(a *axis) bool {
		return slices.ContainsFunc(a.use.Columns, func(c string) bool { return strings.HasPrefix(c, "household.") })
	})
}

// briefsOf asks a rule set; one at a time when it fails on one of all, nil for each of those.
func briefsOf(ctx context.Context, rules Rules, i int, in []policy.Input) (out []*policy.Brief, failed int, err error) {
	return oneByOne(ctx, in, func(ctx context.Context, in []policy.Input) ([]policy.Brief, error) { return rules.Briefs(ctx, i, in) })
}

// oneByOne asks about all inputs at once, and one at a time when that fails: nil where the rules cannot
// decide on the facts. Rules that were cut off, because the machine is busy or they are too slow, have not
// said so: they are asked a few times, and then the run fails.
func oneByOne(ctx context.Context, in []policy.Input, ask func(context.Context, []policy.Input) ([]policy.Brief, error)) (out []*policy.Brief, failed int, err error) {
	out = make([]*policy.Brief, len(in))
	all, err := ask(ctx, in)
	if err == nil {
		for k := range all {
			out[k] = &all[k]
		}
		return out, 0, nil
	}
	for k := range in {
		one, single := ask(ctx, in[k:k+1])
		for again := 1; again < maxTries && cutOff(single) && ctx.Err() == nil; again++ {
			one, single = ask(ctx, in[k:k+1])
		}
		if single == nil {
			out[k] = &one[0]
			continue
		}
		failed++
		if ctx.Err() != nil || cutOff(single) || failed > mostFailures {
			return nil, failed, errors.Join(single, ctx.Err())
		}
	}
	return out, failed, nil
}

// maxTries is how often rules that were cut off are asked about one person.
const maxTries = 3

// cutOff tells whether rules were stopped before they had an answer.
func cutOff(err error) bool {
	f := fault.As(err)
	return f != nil && (f.Kind == fault.Unavailable || strings.HasPrefix(f.Code, "policy_too_") || f.Code == "policy_crashed" ||
		f.Code == "policy_answer_too_large")
}
