package workbench

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// Freezes lists the times in which no other rules come into force, past ones included.
func (s *Service) Freezes(ctx context.Context) ([]Freeze, error) {
	_, err := may(ctx, auth.PolicyRead)
	if err != nil {
		return nil, err
	}
	return s.Store.Freezes(ctx)
}

// AddFreeze keeps the rules as they are from the first to the last day. Revisions that were to come into force on one
// of them wait until it is over; Waits tells when.
func (s *Service) AddFreeze(ctx context.Context, f Freeze) (Freeze, error) {
	actor, err := may(ctx, auth.PolicyApprove)
	if err != nil {
		return f, err
	}
	f.Reason, err = reasonOf(f.Reason, "reason", "Tulis alasannya, misalnya: Pilkada 2029.")
	if err != nil {
		return f, err
	}
	from, err1 := time.Parse(time.DateOnly, f.From)
	until, err2 := time.Parse(time.DateOnly, f.Until)
	if err1 != nil || err2 != nil || until.Before(from) {
		const message = "Isi tanggal awal dan tanggal akhir; tanggal akhir tidak boleh lebih dulu."
		return f, fault.New(fault.Invalid, "freeze_days", message).At("until", message)
	}
	f.ID, f.At, f.By = uuid.Must(uuid.NewV7()).String(), s.now(), actor.Name
	return f, s.Store.AddFreeze(ctx, f, entry(actor, "freeze.create", "freeze", f.ID, []byte(f.Payload())))
}

// RemoveFreeze ends a freeze that was not needed.
func (s *Service) RemoveFreeze(ctx context.Context, id string) error {
	actor, err := may(ctx, auth.PolicyApprove)
	if err != nil {
		return err
	}
	return s.Store.RemoveFreeze(ctx, id, entry(actor, "freeze.remove", "freeze", id, nil))
}

// Wait is an approved revision whose moment lies in a freeze.
type Wait struct {
	Number int       `json:"number"`
	Hash   string    `json:"revision"`
	Chosen time.Time `json:"chosen"` // the moment that was set
	From   time.Time `json:"from"`   // when it comes into force by itself, unless something else holds it
	Freeze Freeze    `json:"freeze"` // in which the chosen moment lies
}

// Waits lists the scheduled revisions that freezes hold back, the earliest first.
func (s *Service) Waits(ctx context.Context) ([]Wait, error) {
	_, err := may(ctx, auth.PolicyRead)
	if err != nil {
		return nil, err
	}
	freezes, err := s.Store.Freezes(ctx)
	if err != nil || len(freezes) == 0 {
		return nil, err
	}
	all, err := s.Store.Proposals(ctx)
	if err != nil {
		return nil, err
	}
	var out []Wait
	for _, p := range all {
		if p.Stage != policy.Approved || p.ActivateAt == nil {
			continue
		}
		chosen := *p.ActivateAt
		if now := s.now(); chosen.Before(now) {
			chosen = now // its time has come already, and something held it
		}
		from, by := s.after(freezes, chosen)
		if by != nil {
			out = append(out, Wait{p.Number, p.Hash, *p.ActivateAt, from, *by})
		}
	}
	slices.SortFunc(out, func(a, b Wait) int { return a.From.Compare(b.From) })
	return out, nil
}

// after gives the first moment from when on that no freeze holds, and the freeze that holds when; nil when none does.
func (s *Service) after(freezes []Freeze, when time.Time) (time.Time, *Freeze) {
	var first *Freeze
	for range freezes { // one freeze may begin where another ends
		f := s.over(freezes, when)
		if f == nil {
			break
		}
		if first == nil {
			first = f
		}
		last, err := time.ParseInLocation(time.DateOnly, f.Until, s.zone())
		if err != nil {
			break
		}
		when = last.AddDate(0, 0, 1)
	}
	return when, first
}

// over is the freeze that holds at a moment.
func (s *Service) over(all []Freeze, when time.Time) *Freeze {
	day := when.In(s.zone()).Format(time.DateOnly)
	for _, f := range all {
		if f.From <= day && day <= f.Until {
			return &f
		}
	}
	return nil
}

// frozen is Conflict with the name of the freeze when other rules may not come into force then.
func (s *Service) frozen(ctx context.Context, when time.Time) error {
	all, err := s.Store.Freezes(ctx)
	if err != nil {
		return err
	}
	f := s.over(all, when)
	if f == nil {
		return nil
	}
	message := "Aturan dibekukan dari " + policy.HumanDay(f.From) + " sampai " + policy.HumanDay(f.Until) + " (" + f.Reason + "), jadi versi lain tidak dapat mulai berlaku pada " +
		policy.HumanDay(when.In(s.zone()).Format(time.DateOnly)) + ". Pilih waktu lain. Bila mendesak, pakai Hentikan darurat."
	return fault.New(fault.Conflict, "frozen", message).At("when", message)
}
