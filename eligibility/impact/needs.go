package impact

import (
	"context"
	"strings"

	"layak/eligibility/snapshot"
	"layak/internal/fault"
	"layak/policy"
)

// Needs says what has to be looked at before other rules may be proposed.
type Needs struct {
	Routing bool // they handle complaints otherwise: the open ones are looked at
	// Unseen is what the changed rules read and no registry holds, in words (Indonesian): only answers that
	// were given show what becomes of it.
	Unseen []string
	Days   []string // YYYY-MM-DD in order, on which something of them begins: a preview of each
}

// atTheDesk are the facts that a desk takes down at a check, in words. The mother of a newborn and whom the
// check is about are left out: they are read out of the registry.
var atTheDesk = []struct{ fact, words string }{
	{"evidence", "berkas (misalnya SKTM)"},
	{"statements", "keterangan warga di loket"},
	{"need", "layanan yang sedang diperlukan"},
}

// mostNeeds bounds how many comparisons of rules are remembered.
const mostNeeds = 32

// Needs compares two sets of rules. The same two give the same answer on a day.
func (s *Service) Needs(baseRules, draftRules policy.Bundle) Needs {
	today := s.Preview.Checker.Frame(s.Preview.Clock()).ServiceOn
	key := [3]string{baseRules.Hash(), draftRules.Hash(), today}
	s.mu.Lock()
	n, known := s.needs[key]
	s.mu.Unlock()
	if known {
		return n
	}
	n = needsOf(baseRules, draftRules, today)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.needs == nil || len(s.needs) >= mostNeeds {
		s.needs = map[[3]string]Needs{}
	}
	s.needs[key] = n
	return n
}

func needsOf(baseRules, draftRules policy.Bundle, today string) Needs {
	n := Needs{Routing: policy.KindsApart(baseRules, draftRules).Routing,
		Days: policy.DaysThatCount(policy.DaysApart(baseRules, draftRules), policy.BeginsAtOnce(baseRules, draftRules), today)}
	facts, known := policy.FactsApart(baseRules, draftRules)
	if !known {
		return n // the lint says why; nobody can propose it
	}
	columns := map[string]bool{}
	for _, path := range snapshot.Paths() {
		columns[path] = true
	}
	for _, x := range atTheDesk {
		for _, f := range facts {
			if !columns[f] && (f == x.fact || strings.HasPrefix(f, x.fact+".")) {
				n.Unseen = append(n.Unseen, x.words)
				break
			}
		}
	}
	return n
}

// usualMonths is how far back answers are looked at when nobody says.
const usualMonths = 6

// plan lists the runs that a proposal of the rules needs, the day that counts last of the previews. For a day
// that somebody chose it is that day alone.
func (s *Service) plan(req Request) ([]job, error) {
	n := s.Needs(req.Base, req.Draft)
	days := n.Days
	if req.ServiceOn != "" && req.ServiceOn != days[len(days)-1] {
		days, n.Unseen = []string{req.ServiceOn}, nil
	}
	var jobs []job
	for _, day := range days {
		of := req
		of.ServiceOn = day
		j, err := s.previewing(of)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, j)
	}
	if len(n.Unseen) > 0 {
		jobs = append(jobs, s.replaying(ReplayRequest{Base: req.Base, Draft: req.Draft, Months: usualMonths}))
	}
	if n.Routing {
		req.ServiceOn = days[len(days)-1]
		j, err := s.rerouting(req)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, j)
	}
	return jobs, nil
}

// StartAll begins everything that a proposal of the rules needs, one after another in the background, and
// gives the first as it is stored.
func (s *Service) StartAll(ctx context.Context, req Request) (Run, error) {
	jobs, err := s.plan(req)
	if err != nil {
		return Run{}, err
	}
	r, err := s.begin(ctx, jobs[0].Run)
	if err != nil {
		return Run{}, err
	}
	s.work.Go(func() {
		_, _ = s.chain(context.WithoutCancel(ctx), r, jobs, nil) // it is stored how each ended
	})
	return r, nil
}

// DoAll computes the same while the caller waits.
func (s *Service) DoAll(ctx context.Context, req Request, progress func(Progress)) ([]Run, error) {
	jobs, err := s.plan(req)
	if err != nil {
		return nil, err
	}
	r, err := s.begin(ctx, jobs[0].Run)
	if err != nil {
		return nil, err
	}
	return s.chain(ctx, r, jobs, progress)
}

// chain does one job after another, the first of which has begun. Each begins before the one before it is
// told to have ended, so that whoever waits sees no pause.
func (s *Service) chain(ctx context.Context, r Run, jobs []job, progress func(Progress)) ([]Run, error) {
	var done []Run
	for i := range jobs {
		var next *Run
		ended, err := s.finish(ctx, r, jobs[i].do, progress, func() error {
			if i+1 == len(jobs) {
				return nil
			}
			r, err := s.begin(ctx, jobs[i+1].Run)
			if err == nil {
				next = &r
			}
			return err
		})
		done = append(done, ended)
		if err != nil && !goesOn(err) || next == nil {
			return done, err
		}
		r = *next
	}
	return done, nil
}

// goesOn tells whether the rest can be computed all the same: complaints and answers do not wait for the
// first import of residents.
func goesOn(err error) bool {
	f := fault.As(err)
	return f != nil && f.Code == "registry_empty"
}
