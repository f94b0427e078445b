package storage

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"layak/eligibility"
	"layak/eligibility/impact"
	"layak/eligibility/snapshot"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// impactDesk is an office that counts what other rules would change.
type impactDesk struct {
	*secondLook
	runs  *impact.Service
	draft policy.Bundle
}

func newImpactDesk(t testing.TB, db *DB, open impact.Opener) *impactDesk {
	t.Helper()
	o := &impactDesk{secondLook: newSecondLook(t, db)}
	o.runs = &impact.Service{Store: db, Preview: &impact.Preview{
		Keeper: &snapshot.Keeper{Store: db, Clock: o.check.Clock}, Checker: o.check, Clock: o.check.Clock, Open: open}}
	files := map[string][]byte{}
	for name, data := range policy.Shipped().Files {
		files[name] = data
	}
	files["data.json"] = []byte(strings.Replace(string(files["data.json"]), "\"max_desil\": [\n      {\"value\": 5", "\"max_desil\": [\n      {\"value\": 6", 1))
	o.draft = policy.Bundle{Files: files}
	return o
}

func officer() context.Context {
	return auth.With(context.Background(), auth.Actor{Name: "dewi", Role: auth.PolicyOfficer, All: true})
}

// waiting lets rules answer only once they are told to.
type waiting struct {
	impact.Rules
	asked chan struct{}
}

func (w waiting) Briefs(ctx context.Context, _ int, _ []policy.Input) ([]policy.Brief, error) {
	select {
	case w.asked <- struct{}{}:
	case <-ctx.Done():
	}
	<-ctx.Done()
	return nil, ctx.Err()
}

// A preview counts everybody of the stored registry, agrees with single decisions on it, and is found
// again by its rules as long as the registry stays.
func TestPreviewIsStored(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newImpactDesk(t, db, impact.Here)
		c := newCrowd(5, 150)
		for _, kind := range eligibility.Kinds {
			c.load(t, db, kind, "2026-11-01")
		}
		_, err := o.runs.Newest(officer(), o.draft.Hash(), policy.Shipped().Hash())
		wantKind(t, err, fault.NotFound, "impact_not_found")
		run, err := o.runs.Do(officer(), impact.Request{Base: policy.Shipped(), Draft: o.draft, Full: true, Seed: 3}, nil)
		must(t, err)
		v := run.Preview
		if run.State != impact.Done || v.Check.Differences != 0 || v.Check.Compared != v.Counts.People || v.Counts.People == 0 {
			t.Fatalf("run %s %s: %+v", run.State, run.Message, v)
		}
		found, err := o.runs.Newest(officer(), o.draft.Hash(), policy.Shipped().Hash())
		must(t, err)
		if encoded(t, found.Preview) != encoded(t, v) || found.ID != run.ID || found.StartedBy != "dewi" {
			t.Fatalf("stored as\n%s\nwas\n%s", encoded(t, found), encoded(t, run))
		}
		list, err := o.runs.List(officer(), o.draft.Hash(), 5)
		must(t, err)
		if len(list) != 1 || list[0].Preview != nil {
			t.Fatalf("list %+v", list)
		}
		c.load(t, db, eligibility.Membership, "2026-11-09")
		_, err = o.runs.Newest(officer(), o.draft.Hash(), policy.Shipped().Hash())
		wantKind(t, err, fault.NotFound, "impact_stale")
		_, err = o.runs.Do(auth.With(context.Background(), auth.Actor{Name: "rini", Role: auth.Puskesmas}), impact.Request{Base: policy.Shipped(), Draft: o.draft}, nil)
		if !fault.Is(err, fault.Forbidden) {
			t.Fatalf("a desk may count the impact of rules: %v", err)
		}
		var acts []string
		must(t, db.reads().list(context.Background(), &acts, `SELECT act FROM audit_entry WHERE object = 'impact' ORDER BY id`))
		if strings.Join(acts, " ") != "impact.start impact.end" {
			t.Errorf("trail %v", acts)
		}
	})
}

// Numbers that begin next January are looked at on that day. A preview of another day, and one of a day that
// has passed, is told as such; a look at another day beside it does no harm.
func TestPreviewOfTheDayThatCounts(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newImpactDesk(t, db, impact.Here)
		c := newCrowd(8, 60)
		for _, kind := range eligibility.Kinds {
			c.load(t, db, kind, "2026-11-01")
		}
		var err error
		o.draft, _, err = policy.SetParam(policy.Shipped(), policy.ParamChange{Name: "max_desil", Value: 10, ValidFrom: "2027-01-01", Source: "SK"}, "2026-11-22")
		must(t, err)
		rules, other := o.draft.Hash(), policy.Shipped().Hash()
		look := func(day string) impact.Run {
			run, err := o.runs.Do(officer(), impact.Request{Base: policy.Shipped(), Draft: o.draft, ServiceOn: day}, nil)
			must(t, err)
			if run.State != impact.Done || run.ServiceOn != run.Preview.ServiceOn {
				t.Fatalf("run %+v", run)
			}
			return run
		}
		today := look(string(eligibility.DateOf(o.now)))
		_, err = o.runs.Newest(officer(), rules, other)
		wantKind(t, err, fault.NotFound, "impact_day")
		if message := fault.As(err).Message; !strings.Contains(message, "1 Jan 2027") || today.Preview.Counts.Gained != 0 {
			t.Errorf("%q, %+v", message, today.Preview.Counts)
		}
		counts := look("")
		if counts.ServiceOn != "2027-01-01" || counts.Preview.Counts.Gained == 0 {
			t.Fatalf("of %s: %+v", counts.ServiceOn, counts.Preview.Counts)
		}
		look(string(eligibility.DateOf(o.now)))
		look("2027-02-01")
		found, err := o.runs.Newest(officer(), rules, other)
		must(t, err)
		if found.ID != counts.ID || found.ServiceOn != "2027-01-01" {
			t.Errorf("found the preview of %s", found.ServiceOn)
		}
		o.now = time.Date(2027, 1, 1, 7, 0, 0, 0, o.now.Location())
		_, err = o.runs.Newest(officer(), rules, other)
		must(t, err) // it is the day
		o.now = time.Date(2027, 3, 1, 7, 0, 0, 0, o.now.Location())
		_, err = o.runs.Newest(officer(), rules, other)
		wantKind(t, err, fault.NotFound, "impact_old")
	})
}

// A run is stopped from anywhere, and one whose process died is told as such.
func TestRunIsStopped(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		asked := make(chan struct{})
		o := newImpactDesk(t, db, func(ctx context.Context, f policy.Frame, b ...policy.Bundle) (impact.Rules, error) {
			r, err := impact.Here(ctx, f, b...)
			return waiting{r, asked}, err
		})
		newCrowd(6, 40).load(t, db, eligibility.Residents, "2026-11-01")
		run, err := o.runs.Start(officer(), impact.Request{Base: policy.Shipped(), Draft: o.draft})
		must(t, err)
		<-asked
		must(t, o.runs.Stop(officer(), run.ID))
		o.runs.Wait()
		run, err = o.runs.Find(officer(), run.ID)
		must(t, err)
		if run.State != impact.Cancelled || run.FinishedAt == nil || run.Message == "" {
			t.Fatalf("stopped run is %+v", run)
		}
		wantKind(t, o.runs.Stop(officer(), run.ID), fault.Conflict, "impact_ended")

		dead := impact.Run{ID: newID(), Kind: impact.OfRegistry, State: impact.Running, StartedAt: o.now, BeatAt: o.now, StartedBy: "dewi"}
		must(t, db.StartImpact(context.Background(), dead, entry("impact.start")))
		o.now = o.now.Add(2 * time.Minute)
		run, err = o.runs.Find(officer(), dead.ID)
		must(t, err)
		if run.State != impact.Broken || run.Message == "" {
			t.Fatalf("run of a dead process is %+v", run)
		}
	})
}

// Answers that were given are held against other rules on the facts of then, and on today's data.
func TestReplayOfAnswers(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := officer()
		o := newImpactDesk(t, db, impact.Here)
		c := newCrowd(7, 60)
		for _, kind := range eligibility.Kinds {
			c.load(t, db, kind, "2026-11-01")
		}
		for _, nik := range c.niks {
			_, err := o.check.Check(ctx, eligibility.Request{Subject: eligibility.Subject{NIK: eligibility.NIK(nik)}})
			must(t, err)
		}
		run, err := o.runs.DoReplay(ctx, impact.ReplayRequest{Base: policy.Shipped(), Draft: policy.Shipped(), Months: 3}, nil)
		must(t, err)
		r := run.Replay
		if r.Answers != len(c.niks) || r.Stored.Counts.Same != len(c.niks) || r.Today.Counts.Same != len(c.niks) {
			t.Fatalf("the same rules say something else: %+v", r)
		}
		c.load(t, db, eligibility.Welfares, "2026-11-12")
		run, err = o.runs.DoReplay(ctx, impact.ReplayRequest{Base: policy.Shipped(), Draft: o.draft, Months: 3}, nil)
		must(t, err)
		r = run.Replay
		if r.Stored.Counts.People != len(c.niks) || r.Today.Counts.Changed() == 0 {
			t.Fatalf("replay under a raised limit: %+v", r)
		}
		if r.Stored.Already != 0 || r.Today.Already == 0 {
			t.Errorf("what the new list changed by itself: %d then, %d now", r.Stored.Already, r.Today.Already)
		}
		for _, a := range r.Stored.Changed {
			d, err := db.Determination(ctx, a.ID)
			must(t, err)
			if d.Outcome != a.From || a.To == a.From {
				t.Errorf("answer %+v was %s", a, d.Outcome)
			}
		}
		january, _, err := policy.SetParam(policy.Shipped(), policy.ParamChange{Name: "max_desil", Value: 6, ValidFrom: "2027-01-01", Source: "SK"}, "2026-11-21")
		must(t, err)
		later, err := o.runs.DoReplay(ctx, impact.ReplayRequest{Base: policy.Shipped(), Draft: january, Months: 3}, nil)
		must(t, err)
		if v := later.Replay; later.ServiceOn != "2027-01-01" || v.Stored.Counts != r.Stored.Counts || v.Today.Counts != r.Today.Counts || len(v.Stored.Changed) == 0 {
			t.Errorf("the same limit from January on: %+v, want %+v", v, r)
		}
		found, err := o.runs.NewestReplay(ctx, o.draft.Hash(), policy.Shipped().Hash())
		must(t, err)
		if encoded(t, found.Replay) != encoded(t, r) {
			t.Errorf("stored as %s", encoded(t, found.Replay))
		}
		err = db.EachDetermination(ctx, noon, func([]eligibility.Determination) error { return errors.New("stop here") })
		if err == nil {
			t.Error("what the caller says is lost")
		}
		o.now = noon.AddDate(1, 0, 0)
		run, err = o.runs.DoReplay(ctx, impact.ReplayRequest{Base: policy.Shipped(), Draft: o.draft, Months: 3}, nil)
		must(t, err)
		if run.Replay.Answers != 0 {
			t.Errorf("%d answers of a year ago are among those of three months", run.Replay.Answers)
		}
	})
}

// someOpen are open complaints that two rule sets are asked about.
type someOpen int

func (n someOpen) CountOpen(context.Context) (int, error) { return int(n), nil }

func (n someOpen) EachOpen(_ context.Context, at time.Time, yield func([]impact.Case) error) error {
	in := policy.RoutingInput{At: at, Office: policy.Office{Regency: "35.09"}, Channel: "counter", Matter: "data", Checks: []policy.RoutingOutcome{}, Given: []string{}}
	for range int(n) {
		err := yield([]impact.Case{{Ticket: "3509-7KQ2-M4TX-C", Input: in, Running: []string{"verify"}}})
		if err != nil {
			return err
		}
	}
	return nil
}

// slowDesk answers by the hash of the rules: sixty days for all but those in force.
type slowDesk struct{}

func (slowDesk) Route(_ context.Context, b policy.Bundle, in []policy.RoutingInput) ([]policy.Routing, error) {
	days := 60
	if b.Hash() == policy.Shipped().Hash() {
		days = 3
	}
	out := make([]policy.Routing, len(in))
	for i := range out {
		out[i] = policy.Routing{Class: "complaint", Clocks: []policy.ClockLimit{{Kind: "verify", Amount: days, Measure: "working_days"}}}
	}
	return out, nil
}

// A look at the open complaints is stored beside previews and found again by its rules; of another day it
// counts no more, and where no complaint is open none is asked for.
func TestLookAtOpenComplaintsIsStored(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newImpactDesk(t, db, impact.Here)
		draft, base := o.draft.Hash(), policy.Shipped().Hash()
		o.runs.Cases, o.runs.Router = someOpen(0), slowDesk{}
		none, err := o.runs.NewestRouting(officer(), draft, base)
		must(t, err)
		if none.Routing.Cases != 0 || none.ID != "" {
			t.Errorf("without complaints %+v", none)
		}
		o.runs.Cases = someOpen(3)
		_, err = o.runs.NewestRouting(officer(), draft, base)
		wantKind(t, err, fault.NotFound, "impact_not_found")
		run, err := o.runs.DoRouting(officer(), impact.Request{Base: policy.Shipped(), Draft: o.draft}, nil)
		must(t, err)
		found, err := o.runs.NewestRouting(officer(), draft, base)
		must(t, err)
		if found.ID != run.ID || found.Kind != impact.OfComplaints || encoded(t, found.Routing) != encoded(t, run.Routing) || found.Routing.Of(impact.RoutingLater) != 3 {
			t.Errorf("stored as\n%s\nwas\n%s", encoded(t, found), encoded(t, run))
		}
		_, err = o.runs.Newest(officer(), draft, base)
		wantKind(t, err, fault.NotFound, "impact_not_found") // it is no preview
		old, err := o.runs.DoRouting(officer(), impact.Request{Base: policy.Shipped(), Draft: raisedOnly(t), ServiceOn: "2020-01-01"}, nil)
		must(t, err)
		_, err = o.runs.NewestRouting(officer(), old.Draft, base)
		wantKind(t, err, fault.NotFound, "impact_old")
	})
}

// raisedOnly is one more set of rules.
func raisedOnly(t *testing.T) policy.Bundle {
	t.Helper()
	b, _, err := policy.SetParam(policy.Shipped(), policy.ParamChange{Name: "max_desil", Value: 7, ValidFrom: "2026-01-01", Source: "SK Bupati 188/2026"}, "2026-11-22")
	must(t, err)
	return b
}
