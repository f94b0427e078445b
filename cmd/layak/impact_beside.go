package main

import (
	"context"
	"strings"

	"layak/eligibility"
	"layak/eligibility/impact"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// Beside implements workbench.Impacts.
func (i impactsOf) Beside(ctx context.Context, base, draft policy.Bundle) (workbench.Beside, error) {
	needs := i.runs.Needs(base, draft)
	var out workbench.Beside
	miss := func(code, message string) {
		out.Missing = append(out.Missing, workbench.Hindrance{Code: code, Message: message})
	}
	err := i.days(ctx, needs.Days, draft.Hash(), base.Hash(), &out, miss)
	if err != nil {
		return out, err
	}
	if needs.Routing {
		r, err := i.runs.NewestRouting(ctx, draft.Hash(), base.Hash())
		switch {
		case fault.Is(err, fault.NotFound):
			miss("routing_missing", "Penanganan aduan berubah, tetapi akibatnya pada aduan yang masih terbuka belum dihitung hari ini untuk hari yang menentukan. Tekan Hitung dampak.")
		case err != nil:
			return out, err
		default:
			out.Routing = routingProposed(r)
		}
	}
	if len(needs.Unseen) > 0 {
		_, err := i.runs.NewestReplay(ctx, draft.Hash(), base.Hash())
		switch {
		case fault.Is(err, fault.NotFound):
			miss("replay_missing", "Aturan yang diubah membaca "+strings.Join(needs.Unseen, " dan ")+", yang tidak ada di data kependudukan. Jawaban lama belum dihitung ulang. Tekan Hitung dampak.")
		case err != nil:
			return out, err
		}
	}
	return out, nil
}

// days finds a preview of each day, when there are several.
func (i impactsOf) days(ctx context.Context, days []string, draft, base string, out *workbench.Beside, miss func(code, message string)) error {
	if len(days) < 2 {
		return nil
	}
	revision, err := i.runs.Preview.Keeper.Store.RegistryRevision(ctx)
	if err != nil || revision == 0 { // nobody to look at
		return err
	}
	var lacking []string
	for _, day := range days {
		r, err := i.runs.NewestOn(ctx, draft, base, day)
		switch {
		case fault.Is(err, fault.NotFound):
			lacking = append(lacking, eligibility.Date(day).Words())
		case err != nil:
			return err
		default:
			out.Days = append(out.Days, asProposed(r))
		}
	}
	if len(lacking) > 0 {
		miss("impact_days", "Aturan ini berubah bertahap. Dampaknya belum dihitung untuk layanan "+strings.Join(lacking, ", ")+". Tekan Hitung dampak.")
	}
	return nil
}

// routingProposed is a look at the open complaints as the report of a proposal holds it.
func routingProposed(r impact.Run) *workbench.Routing {
	v := r.Routing
	of := func(key string) int64 { return int64(v.Of(key)) }
	out := &workbench.Routing{
		ID: r.ID, Revision: r.Draft, Base: r.Base, ServiceOn: v.ServiceOn, Cases: int64(v.Cases), Changed: int64(v.Changed),
		Refused: of(impact.RoutingRefused), Later: of(impact.RoutingLater), Sooner: of(impact.RoutingSooner), Class: of(impact.RoutingClass),
		Desk: of(impact.RoutingDesk), Second: of(impact.RoutingSecond), Compared: int64(v.Check.Compared), Differences: int64(v.Check.Differences),
	}
	if r.FinishedAt != nil {
		out.FinishedAt = *r.FinishedAt
	}
	return out
}
