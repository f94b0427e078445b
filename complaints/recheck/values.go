package recheck

import (
	"context"
	"slices"
	"strings"
	"time"

	"layak/eligibility"
	"layak/policy"
)

// dated are rules with numbers that begin on a day. Rules without any are the same on every day.
type dated interface{ CheckParams() []policy.Param }

// mark is what is in force now, the numbers of today included.
func (s *Service) mark(ctx context.Context) (Mark, error) {
	m, err := s.Store.RecheckMark(ctx)
	m.Values = s.newestValues(s.Clock())
	return m, err
}

// lastRun is the newest run, with the day from which the numbers of its day held. That is not stored: it
// follows from the rules and the moment of the run, and matters only while the same rules are in force.
func (s *Service) lastRun(ctx context.Context) (Run, bool, error) {
	r, any, err := s.Store.LastRun(ctx)
	if any {
		r.Mark.Values = s.newestValues(r.StartedAt)
	}
	return r, any, err
}

// newestValues is the day, YYYY-MM-DD, on which the youngest of the numbers in force at a moment began.
func (s *Service) newestValues(at time.Time) string {
	rules, ok := s.Checker.Book.Active().(dated)
	if !ok {
		return ""
	}
	today, newest := s.Checker.Frame(at).ServiceOn, ""
	for _, p := range rules.CheckParams() {
		if p.ValidFrom <= today && p.ValidFrom > newest {
			newest = p.ValidFrom
		}
	}
	return newest
}

// valuesReason names the numbers that began on a day.
func (s *Service) valuesReason(day string) string {
	var titles []string
	if rules, ok := s.Checker.Book.Active().(dated); ok {
		for _, p := range rules.CheckParams() {
			if p.ValidFrom == day && !slices.Contains(titles, p.Title) {
				titles = append(titles, p.Title)
			}
		}
	}
	return "angka baru berlaku " + eligibility.Date(day).Words() + ": " + strings.Join(titles, ", ")
}
