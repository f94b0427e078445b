package workbench

import (
	"context"
	"time"

	"github.com/google/uuid"

	"layak/internal/auth"
	"layak/internal/fault"
)

// Freezes lists the times in which no other rules come into force, past ones included.
func (s *Service) Freezes(ctx context.Context) ([]Freeze, error) {
	_, err := may(ctx, auth.PolicyRead)
	if err != nil {
		return nil, err
	}
	return s.Store.Freezes(ctx)
}

// AddFreeze keeps the rules as they are from the first to the last day.
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
	return f, s.Store.AddFreeze(ctx, f, entry(actor, "freeze.create", "freeze", f.ID, []byte(f.From+" "+f.Until+"\n"+f.Reason)))
}

// RemoveFreeze ends a freeze that was not needed.
func (s *Service) RemoveFreeze(ctx context.Context, id string) error {
	actor, err := may(ctx, auth.PolicyApprove)
	if err != nil {
		return err
	}
	return s.Store.RemoveFreeze(ctx, id, entry(actor, "freeze.remove", "freeze", id, nil))
}

// frozen is Conflict with the name of the freeze when other rules may not come into force then.
func (s *Service) frozen(ctx context.Context, when time.Time) error {
	all, err := s.Store.Freezes(ctx)
	if err != nil {
		return err
	}
	day := when.In(s.zone()).Format(time.DateOnly)
	for _, f := range all {
		if f.From <= day && day <= f.Until {
			message := "Aturan dibekukan dari " + f.From + " sampai " + f.Until + " (" + f.Reason + "), jadi versi lain tidak dapat mulai berlaku pada " +
				day + ". Pilih waktu lain. Bila mendesak, pakai Hentikan darurat."
			return fault.New(fault.Conflict, "frozen", message).At("when", message)
		}
	}
	return nil
}
