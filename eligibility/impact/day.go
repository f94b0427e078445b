package impact

import (
	"context"
	"fmt"
	"time"

	"layak/eligibility"
	"layak/internal/fault"
	"layak/policy"
)

// Days are days of service from one to another, both among them, YYYY-MM-DD; "" is open.
type Days struct{ From, Until string }

// furthest is how many years ahead somebody may look: registries do not tell more.
const furthest = 10

// frameOn is the frame of checks that are made on a day of service, at the hour of now: ages, dated values
// and the age of the data are those of that day. "" is the day that counts for the two rule sets.
func (p *Preview) frameOn(now policy.Frame, day string, base, draft policy.Bundle) (policy.Frame, error) {
	if day == "" {
		day = policy.DayThatCounts(policy.DaysApart(base, draft), now.ServiceOn)
	}
	if day == now.ServiceOn {
		return now, nil
	}
	on, err := eligibility.ParseDate(day)
	if err != nil {
		return now, fault.New(fault.Invalid, "impact_day", fault.As(err).Message).At("service_on", fault.As(err).Message)
	}
	if string(on) > string(eligibility.DateOf(now.At.AddDate(furthest, 0, 0))) {
		message := fmt.Sprintf("Hari layanan paling jauh %d tahun dari sekarang.", furthest)
		return now, fault.New(fault.Invalid, "impact_day", message).At("service_on", message)
	}
	at, err := time.ParseInLocation(time.DateOnly, string(on), now.At.Location())
	if err != nil {
		return now, fmt.Errorf("read day %s: %w", on, err)
	}
	at = time.Date(at.Year(), at.Month(), at.Day(), now.At.Hour(), now.At.Minute(), now.At.Second(), 0, now.At.Location())
	return p.Checker.Frame(at), nil
}

// Newest gives the newest preview of rules against others, sound or void, that is of today's registry and
// of the day that counts. fault.NotFound otherwise: impact_not_found when there is none, impact_day when
// numbers begin on another day than it looked at, impact_old when nothing begins later and it is of another
// day than today, and impact_stale when the registry went on.
func (s *Service) Newest(ctx context.Context, draft, base string) (Run, error) {
	r, err := s.Store.NewestImpact(ctx, OfRegistry, draft, base, Days{})
	if err != nil {
		return Run{}, err
	}
	var apart []string
	if r.Preview != nil {
		apart = r.Preview.Apart
	}
	r, err = s.ofTheDay(ctx, r, apart)
	if err != nil {
		return Run{}, err
	}
	return s.ofToday(ctx, r)
}

// ofTheDay gives the run, or an older one of the same rules, when it looked at the day that counts now.
func (s *Service) ofTheDay(ctx context.Context, r Run, apart []string) (Run, error) {
	today := s.Preview.Checker.Frame(s.Preview.Clock()).ServiceOn
	counts := policy.DayThatCounts(apart, today)
	if r.ServiceOn == counts {
		return r, nil
	}
	// On a day before that numbers have not begun yet, and on one after it others may have.
	older, err := s.Store.NewestImpact(ctx, r.Kind, r.Draft, r.Base, Days{From: counts, Until: counts})
	switch {
	case !fault.Is(err, fault.NotFound):
		return older, err
	case counts > today:
		return Run{}, fault.New(fault.NotFound, "impact_day", fmt.Sprintf(
			"Ada angka yang baru berlaku %s, tetapi dampaknya belum dihitung untuk layanan hari itu. Hitung dampak untuk layanan %s.",
			eligibility.Date(counts).Words(), eligibility.Date(counts).Words()))
	}
	return Run{}, fault.New(fault.NotFound, "impact_old", "Dampaknya dihitung untuk layanan hari lain, bukan hari ini. Hitung lagi.")
}

// NewestReplay gives the newest finished replay of rules against others; fault.NotFound when there is none.
func (s *Service) NewestReplay(ctx context.Context, draft, base string) (Run, error) {
	return s.Store.NewestImpact(ctx, OfAnswers, draft, base, Days{})
}

// NewestOn gives the newest preview of rules against others for one day of service, of today's registry;
// fault.NotFound otherwise.
func (s *Service) NewestOn(ctx context.Context, draft, base, day string) (Run, error) {
	r, err := s.Store.NewestImpact(ctx, OfRegistry, draft, base, Days{From: day, Until: day})
	if err != nil {
		return Run{}, err
	}
	return s.ofToday(ctx, r)
}

// ofToday gives a preview when it is of today's registry.
func (s *Service) ofToday(ctx context.Context, r Run) (Run, error) {
	revision, err := s.Preview.Keeper.Store.RegistryRevision(ctx)
	if err != nil {
		return Run{}, err
	}
	if r.Preview == nil || r.Preview.Registry != revision {
		return Run{}, fault.New(fault.NotFound, "impact_stale", "Data penduduk sudah berganti sejak dampaknya dihitung. Hitung lagi.")
	}
	return r, nil
}
