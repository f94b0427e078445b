package impact

import (
	"cmp"
	"context"
	"slices"
	"time"

	"layak/eligibility"
	"layak/policy"
)

// ReplayRequest asks how answers of the last months would be under other rules.
type ReplayRequest struct {
	Base, Draft policy.Bundle
	Months      int
}

// Replayed is a finished replay.
type Replayed struct {
	Base    string    `json:"base"`
	Draft   string    `json:"draft"`
	Months  int       `json:"months"`
	Since   time.Time `json:"since"`
	Answers int       `json:"answers"`
	// ServiceOn is the day whose numbers both rule sets are given, as if these had always held: a number
	// that begins later would say nothing of an answer of before.
	ServiceOn string `json:"service_on"`
	// Both rule sets are asked about the facts of then, and about what registry and clock say now.
	Stored  Compared `json:"stored_facts"`
	Today   Compared `json:"todays_registry"`
	Seconds float64  `json:"seconds"`
}

// Compared counts answers by what becomes of them.
type Compared struct {
	Counts  Counts   `json:"counts"`
	Moves   []Move   `json:"moves"`
	Changed []Answer `json:"changed"` // those with another outcome, at most maxAnswers, newest first
	More    int      `json:"more"`    // how many more there are
	// Already is how many answers the rules in force give otherwise on these facts than they were given:
	// because data or rules went on since. The other rules have no part in that.
	Already int `json:"already_changed"`
}

// Answer is one determination of which the outcome changes. It names nobody.
type Answer struct {
	ID   string         `json:"id"`
	From policy.Outcome `json:"from"`
	To   policy.Outcome `json:"to"`
}

// maxAnswers is how many answers a replay names.
const maxAnswers = 1000

// StartReplay begins a replay in the background; DoReplay computes it while the caller waits.
func (s *Service) StartReplay(ctx context.Context, req ReplayRequest) (Run, error) {
	return s.start(ctx, s.replaying(req))
}

// DoReplay computes a replay while the caller waits.
func (s *Service) DoReplay(ctx context.Context, req ReplayRequest, progress func(Progress)) (Run, error) {
	return s.do(ctx, s.replaying(req), progress)
}

func (s *Service) replaying(req ReplayRequest) job {
	today := s.Preview.Checker.Frame(s.Preview.Clock()).ServiceOn
	day := policy.DayThatCounts(policy.DaysApart(req.Base, req.Draft), today)
	j := job{Run: Run{Kind: OfAnswers, Base: req.Base.Hash(), Draft: req.Draft.Hash(), ServiceOn: day}}
	j.do = func(ctx context.Context, r *Run, progress func(Progress)) error {
		out, err := s.replay(ctx, req, day, progress)
		if err != nil {
			return err
		}
		r.Replay, r.State = out, Done
		return nil
	}
	return j
}

// replay goes through the answers in parts.
func (s *Service) replay(ctx context.Context, req ReplayRequest, day string, progress func(Progress)) (*Replayed, error) {
	p := s.Preview
	began := time.Now()
	frame := p.Checker.Frame(p.Clock())
	before, err := policy.AsIfAlways(req.Base, day)
	if err != nil {
		return nil, err
	}
	after, err := policy.AsIfAlways(req.Draft, day)
	if err != nil {
		return nil, err
	}
	rules, err := p.Open(ctx, frame, before, after)
	if err != nil {
		return nil, err
	}
	defer rules.Close()
	out := &Replayed{Base: req.Base.Hash(), Draft: req.Draft.Hash(), ServiceOn: day, Months: req.Months, Since: frame.At.AddDate(0, -req.Months, 0)}
	stored, today := newTally(), newTally()
	repeater := p.Checker.Repeater()
	err = s.Store.EachDetermination(ctx, out.Since, func(ds []eligibility.Determination) error {
		facts := make([]*policy.Input, len(ds))
		for i := range ds {
			facts[i] = &ds[i].Facts
		}
		err := stored.take(ctx, rules, ds, facts)
		if err != nil {
			return err
		}
		facts, err = repeater.Inputs(ctx, ds)
		if err != nil {
			return err
		}
		err = today.take(ctx, rules, ds, facts)
		out.Answers += len(ds)
		progress(Progress{Stage: "replay", Done: out.Answers})
		return err
	})
	if err != nil {
		return nil, err
	}
	out.Stored, out.Today, out.Seconds = stored.sum(), today.sum(), time.Since(began).Seconds()
	return out, nil
}

// tally collects what becomes of answers.
type tally struct {
	Compared
	moves map[[2]policy.Outcome]int
}

func newTally() *tally {
	return &tally{Compared: Compared{Moves: []Move{}, Changed: []Answer{}}, moves: map[[2]policy.Outcome]int{}}
}

// take decides inputs, nil where there is none, by both rule sets, and holds the rules in force against the
// answers that were given.
func (t *tally) take(ctx context.Context, rules Rules, ds []eligibility.Determination, facts []*policy.Input) error {
	var in []policy.Input
	var of []int
	for i, f := range facts {
		if f == nil {
			t.Counts.add(Failed, nil, nil, 1)
			continue
		}
		in, of = append(in, *f), append(of, i)
	}
	if len(in) == 0 {
		return nil
	}
	before, _, err := briefsOf(ctx, rules, base, in)
	if err != nil {
		return err
	}
	after, _, err := briefsOf(ctx, rules, draft, in)
	if err != nil {
		return err
	}
	for k, i := range of {
		b, a := before[k], after[k]
		t.Counts.add(groupOf(b, a), b, a, 1)
		if b != nil && b.Outcome != ds[i].Outcome {
			t.Already++
		}
		if a == nil || b == nil || b.Outcome == a.Outcome {
			continue
		}
		t.moves[[2]policy.Outcome{b.Outcome, a.Outcome}]++
		t.Changed = append(t.Changed, Answer{ds[i].ID, b.Outcome, a.Outcome})
	}
	return nil
}

func (t *tally) sum() Compared {
	for m, n := range t.moves {
		t.Moves = append(t.Moves, Move{m[0], m[1], n})
	}
	slices.SortFunc(t.Moves, func(a, b Move) int {
		return cmp.Or(b.People-a.People, cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	slices.Reverse(t.Changed) // they came oldest first
	t.More = max(0, len(t.Changed)-maxAnswers)
	t.Changed = t.Changed[:len(t.Changed)-t.More]
	return t.Compared
}
