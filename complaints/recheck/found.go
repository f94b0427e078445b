package recheck

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/google/uuid"

	"layak/eligibility"
	"layak/internal/area"
	"layak/policy"
)

// check makes the determinations of a batch again and keeps those whose outcome is another one. One
// that cannot be decided is counted and does not hold up the others.
func (s *Service) check(ctx context.Context, run Run, again *eligibility.Repeater, p part, number func(string) int) (found []Found, failed int, err error) {
	if len(p.list) == 0 {
		return nil, 0, nil
	}
	repeats, err := again.DifferingOf(ctx, p.batch, "Cek ulang: "+run.Reason)
	if err != nil {
		return nil, 0, fmt.Errorf("check again: %w", err)
	}
	var changed []eligibility.Repeat
	for _, r := range repeats {
		switch {
		case r.Err != nil:
			failed++
		case r.New.Outcome != r.Old.Outcome:
			changed = append(changed, r)
		}
	}
	found, err = s.changes(ctx, run, again, changed, number)
	return found, failed, err
}

// changes tells of each changed answer why, on all cores.
func (s *Service) changes(ctx context.Context, run Run, again *eligibility.Repeater, changed []eligibility.Repeat, number func(string) int) ([]Found, error) {
	if len(changed) == 0 {
		return nil, nil
	}
	ids := make([]string, len(changed))
	for i, r := range changed {
		ids[i] = r.Old.ID
	}
	told, err := s.Store.Told(ctx, ids)
	if err != nil {
		return nil, err
	}
	found, errs := make([]Found, len(changed)), make([]error, len(changed))
	var next atomic.Int64
	var work sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(changed)) {
		work.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(changed) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				found[i], errs[i] = s.found(ctx, run, again, told[ids[i]], changed[i], number)
			}
		})
	}
	work.Wait()
	return found, errors.Join(append(errs, ctx.Err())...)
}

// found is one changed answer: c is what the person was told.
func (s *Service) found(ctx context.Context, run Run, again *eligibility.Repeater, c Candidate, r eligibility.Repeat, number func(string) int) (Found, error) {
	change, err := again.Compare(ctx, c.Determination, r.New, number)
	if errors.Is(err, policy.ErrNotAlike) {
		return Found{}, err
	}
	if err != nil {
		// Facts of long ago may not fit the rules of today. The answer changed all the same.
		change = eligibility.Change{From: c.Outcome, To: r.New.Outcome,
			Causes: []eligibility.Cause{{Text: "Data atau aturan berubah sejak cek yang dulu."}}}
	}
	entry, err := r.New.Entry()
	if err != nil {
		return Found{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Found{}, fmt.Errorf("make item id: %w", err)
	}
	it := Item{
		ID: id.String(), RunID: run.ID, Person: personKey(r.New), NIK: r.New.Person(), Name: eligibility.MaskName(r.Name),
		Need: c.Facts.Need, Old: c.ID, New: r.New.ID, From: change.From, To: change.To, Why: change.Why(),
		Complaint: c.Complaint, Patient: c.Patient, Unit: c.Unit, AskedBy: c.AskedBy,
		OldAt: c.DecidedAt, ListedAt: run.StartedAt, Status: Open,
	}
	for _, cause := range change.Causes {
		if cause.Kind == "" {
			continue
		}
		it.Causes = append(it.Causes, cause.Kind)
	}
	it.Village, it.District, it.Regency = home(r.New.Facts)
	return Found{r.New, entry, it}, nil
}

// home is where the person lives, for the scope of the list.
func home(in policy.Input) (village, district, regency area.Code) {
	r := in.Resident
	if r == nil || r.Village+r.District+r.Regency == "" {
		if in.Mother == nil || in.Mother.Resident == nil {
			return "", "", ""
		}
		r = in.Mother.Resident
	}
	return area.Code(r.Village), area.Code(r.District), area.Code(r.Regency)
}

// personKey names the person for one need: by the NIK, a newborn or somebody without one by a hash
// of what is known.
func personKey(d eligibility.Determination) string {
	if d.NIK != "" {
		return string(d.NIK)
	}
	subject, err := json.Marshal(d.Subject)
	if err != nil {
		return d.ID
	}
	sum := sha256.Sum256(subject)
	return "id:" + hex.EncodeToString(sum[:16])
}
