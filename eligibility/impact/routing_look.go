package impact

import (
	"context"
	"errors"
	"fmt"

	"layak/eligibility"
	"layak/internal/fault"
)

// NewestRouting gives the newest look at the open complaints by rules against others, sound or void, that was
// made today and for the day that counts. fault.NotFound otherwise: impact_not_found when there is none,
// impact_day or impact_old when it is of another day. Where no complaint is open there is nothing to look at.
func (s *Service) NewestRouting(ctx context.Context, draft, base string) (Run, error) {
	r, err := s.Store.NewestImpact(ctx, OfComplaints, draft, base, Days{})
	if err == nil && r.Routing != nil {
		r, err = s.ofTheDay(ctx, r, r.Routing.Apart)
	}
	if err == nil {
		err = s.madeToday(r)
	}
	return s.unlessNoneIsOpen(ctx, draft, base, r, err)
}

// madeToday is impact_old when a look at complaints is not of the office's day: those are closed since, and
// others open. Residents have the revision of the registry to tell that.
func (s *Service) madeToday(r Run) error {
	today := s.Preview.Checker.Frame(s.Preview.Clock()).ServiceOn
	made := ""
	if r.FinishedAt != nil {
		made = s.Preview.Checker.Frame(*r.FinishedAt).ServiceOn
	}
	if made == today {
		return nil
	}
	return fault.New(fault.NotFound, "impact_old", fmt.Sprintf(
		"Aduan yang masih terbuka terakhir dihitung %s; sejak itu ada yang ditutup dan ada yang baru. Hitung lagi hari ini.", eligibility.Date(made).Words()))
}

// unlessNoneIsOpen gives an empty look in place of one that is missing where no complaint is open.
func (s *Service) unlessNoneIsOpen(ctx context.Context, draft, base string, r Run, err error) (Run, error) {
	if !fault.Is(err, fault.NotFound) {
		return r, err
	}
	open, countErr := s.Cases.CountOpen(ctx)
	if countErr != nil || open > 0 {
		return Run{}, errors.Join(err, countErr)
	}
	now := s.Preview.Clock()
	return Run{Kind: OfComplaints, Draft: draft, Base: base, State: Done, StartedAt: now, FinishedAt: &now,
		Routing: &Rerouted{Draft: draft, Base: base, At: now, ServiceOn: s.Preview.Checker.Frame(now).ServiceOn, Groups: []RoutingGroup{}, Check: Check{Full: true}}}, nil
}
