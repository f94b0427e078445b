package storage

import (
	"strings"
	"testing"
	"time"

	"layak/eligibility"
	"layak/eligibility/impact"
	"layak/internal/fault"
	"layak/policy"
)

// One button computes all that a change by steps asks for, each as a run of its own: a preview of every day on
// which something begins, answers of before because papers show in no registry, and the open complaints. The
// premium that rises in January counts for those who are paid for already.
func TestAllThatAProposalNeeds(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newImpactDesk(t, db, impact.Here)
		o.runs.Cases, o.runs.Router = someOpen(2), slowDesk{}
		today := eligibility.DateOf(o.check.Clock().In(eligibility.WIB))
		january := time.Date(o.check.Clock().Year()+1, 1, 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		draft := policy.Shipped()
		for _, c := range []policy.ParamChange{
			{Name: "sktm_days", Value: 90, ValidFrom: string(today)}, {Name: "verify_days", Value: 60, ValidFrom: string(today)},
			{Name: "premium_month", Value: 45000, ValidFrom: january},
		} {
			c.Source = "SK Bupati 188/2026"
			var err error
			draft, _, err = policy.SetParam(draft, c, string(today))
			must(t, err)
		}
		needs := o.runs.Needs(policy.Shipped(), draft)
		if !needs.Routing || len(needs.Unseen) != 1 || strings.Join(needs.Days, " ") != string(today)+" "+january {
			t.Fatalf("it needs %+v", needs)
		}
		req := impact.Request{Base: policy.Shipped(), Draft: draft, Full: true, Seed: 3}

		done, err := o.runs.DoAll(officer(), req, nil) // nobody is in the registry yet: the rest does not wait for that
		must(t, err)
		wantRuns(t, done, "preview failed, preview failed, replay done, routing done")

		c := newCrowd(5, 60)
		for _, kind := range eligibility.Kinds {
			c.load(t, db, kind, "2026-11-01")
		}
		done, err = o.runs.DoAll(officer(), req, nil)
		must(t, err)
		wantRuns(t, done, "preview done, preview done, replay done, routing done")
		if first, second := done[0].Preview, done[1].Preview; first.ServiceOn != string(today) || second.ServiceOn != january ||
			first.Cost.Dearer != 0 || second.Cost.Paid == 0 || second.Cost.Dearer != 3000*int64(second.Cost.Paid) || second.Cost.Others()+second.Cost.Dearer != second.Cost.Net {
			t.Errorf("costs %+v and %+v", first.Cost, second.Cost)
		}
		for _, day := range needs.Days {
			found, err := o.runs.NewestOn(officer(), draft.Hash(), policy.Shipped().Hash(), day)
			must(t, err)
			if found.ServiceOn != day {
				t.Errorf("of %s one of %s is found", day, found.ServiceOn)
			}
		}
		_, err = o.runs.NewestOn(officer(), draft.Hash(), policy.Shipped().Hash(), "2027-06-01")
		wantKind(t, err, fault.NotFound, "impact_not_found")

		run, err := o.runs.StartAll(officer(), impact.Request{Base: policy.Shipped(), Draft: draft, ServiceOn: "2027-06-01"})
		must(t, err)
		o.runs.Wait()
		list, err := o.runs.List(officer(), draft.Hash(), 2)
		must(t, err)
		if len(list) != 2 || list[1].ID != run.ID || list[1].State != impact.Done || list[0].Kind != impact.OfComplaints || list[0].ServiceOn != "2027-06-01" {
			t.Errorf("of a day that was chosen: %+v", list)
		}
	})
}

func wantRuns(t *testing.T, done []impact.Run, want string) {
	t.Helper()
	var said []string
	for _, r := range done {
		said = append(said, string(r.Kind)+" "+string(r.State))
	}
	if got := strings.Join(said, ", "); got != want {
		t.Fatalf("runs: %s, want %s", got, want)
	}
}
