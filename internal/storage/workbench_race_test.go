package storage

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// meeting is a store at whose door two people wait for each other: both have looked before either writes.
type meeting struct {
	workbench.Store
	mu    sync.Mutex
	came  int
	begin chan struct{}
}

// arrive counts who is about to write, or was refused before he came to it.
func (m *meeting) arrive() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.came++
	if m.came == 2 {
		close(m.begin)
	}
}

func (m *meeting) meet() {
	m.arrive()
	<-m.begin
}

func (m *meeting) ApproveProposal(ctx context.Context, hash, seen string, e audit.Entry) error {
	m.meet()
	return m.Store.ApproveProposal(ctx, hash, seen, e)
}

func (m *meeting) RejectRevision(ctx context.Context, hash, seen, reason string, e audit.Entry) error {
	m.meet()
	return m.Store.RejectRevision(ctx, hash, seen, reason, e)
}

func (m *meeting) ScheduleRevision(ctx context.Context, hash, seen string, when *time.Time, e audit.Entry) error {
	m.meet()
	return m.Store.ScheduleRevision(ctx, hash, seen, when, e)
}

func (m *meeting) Switch(ctx context.Context, s workbench.Switch, e audit.Entry) error {
	m.meet()
	return m.Store.Switch(ctx, s, e)
}

// soundLooks says of all rules that somebody has seen what they change.
type soundLooks struct{ workbench.Impacts }

func (soundLooks) Looked(context.Context, string, string) (bool, error) { return true, nil }
func (soundLooks) Impact(_ context.Context, hash, base string) (workbench.Impact, error) {
	return workbench.Impact{ID: "i", Revision: hash, Base: base, People: 10, Compared: 10}, nil
}

// race is one office with proposals at every stage.
type race struct {
	t    *testing.T
	db   *DB
	now  time.Time
	made int
}

// at brings a new proposal to a stage; scheduled is one whose moment has come.
func (r *race) at(stage string) workbench.Proposal {
	r.t.Helper()
	ctx := r.t.Context()
	r.made++
	d := storedDraft(fmt.Sprintf("d%d", r.made))
	must(r.t, r.db.AddDraft(ctx, d, entry("draft.create")))
	base, err := r.db.ActiveHash(ctx)
	must(r.t, err)
	hash := fmt.Sprintf("sha256:%04d", r.made)
	_, err = r.db.Propose(ctx, workbench.Proposal{
		Revision: policy.Revision{Hash: hash, Stage: policy.Proposed, Bundle: []byte(hash), Note: "x", CreatedBy: "sari"},
		Draft:    d.ID, Base: base, Editors: []string{"sari"}, ProposedAt: r.now, ProposedBy: "sari",
		Report: workbench.Report{Impact: &workbench.Impact{ID: "i", People: 10, Compared: 10}}}, 1, entry("revision.propose"))
	must(r.t, err)
	if stage != "proposed" {
		must(r.t, r.db.ApproveProposal(ctx, hash, "", entry("revision.approve")))
	}
	if stage == "scheduled" {
		must(r.t, r.db.ScheduleRevision(ctx, hash, "", &r.now, entry("revision.schedule")))
	}
	if stage == "active" {
		must(r.t, r.db.Switch(ctx, workbench.Switch{ID: uuid.Must(uuid.NewV7()).String(), Hash: hash, Previous: base, Kind: workbench.Activation, At: r.now, By: "sari"}, entry("revision.activate")))
	}
	p, err := r.db.Proposal(ctx, hash)
	must(r.t, err)
	return p
}

// move is one act as its page sends it: about p, with what that page showed.
type move struct {
	name string
	do   func(s *workbench.Service, ctx context.Context, p workbench.Proposal, active, old string) error
}

var (
	doApprove = move{"approve", func(s *workbench.Service, ctx context.Context, p workbench.Proposal, _, _ string) error {
		return s.Approve(ctx, p.Hash, p.Mark())
	}}
	doReject = move{"reject", func(s *workbench.Service, ctx context.Context, p workbench.Proposal, _, _ string) error {
		return s.Reject(ctx, p.Hash, "Belum tepat", p.Mark())
	}}
	doSchedule = move{"schedule", func(s *workbench.Service, ctx context.Context, p workbench.Proposal, _, _ string) error {
		return s.Schedule(ctx, p.Hash, s.Clock().Add(10000*time.Hour), p.Mark())
	}}
	doUnschedule = move{"unschedule", func(s *workbench.Service, ctx context.Context, p workbench.Proposal, _, _ string) error {
		return s.Schedule(ctx, p.Hash, time.Time{}, p.Mark())
	}}
	doActivate = move{"activate", func(s *workbench.Service, ctx context.Context, p workbench.Proposal, _, _ string) error {
		return s.Activate(ctx, p.Hash, p.Mark())
	}}
	doStop = move{"stop", func(s *workbench.Service, ctx context.Context, _ workbench.Proposal, active, _ string) error {
		_, err := s.Stop(ctx, "Salah hitung", active)
		return err
	}}
	doRollback = move{"rollback", func(s *workbench.Service, ctx context.Context, _ workbench.Proposal, active, old string) error {
		return s.Rollback(ctx, old, "SK dicabut", active)
	}}
	// theClock brings into force what is due. What somebody else did first is no error to it.
	theClock = move{"clock", func(s *workbench.Service, ctx context.Context, p workbench.Proposal, _, _ string) error {
		n, err := s.ActivateDue(ctx)
		if err == nil && n == 0 {
			return fault.New(fault.Conflict, "nothing_due", "oleh bambang dan budi")
		}
		return err
	}}
)

// TestTwoPeopleDecideAtOnce lets two people do every pair of acts that exclude each other at the same moment: each has seen
// the same page, both come to the store, one is done. The other reads who was faster, and leaves no trace.
func TestTwoPeopleDecideAtOnce(t *testing.T) {
	stages := []struct {
		stage string
		moves []move
	}{
		{"proposed", []move{doApprove, doReject}},
		{"approved", []move{doSchedule, doActivate, doReject}},
		{"scheduled", []move{doSchedule, doUnschedule, doActivate, doReject, theClock}},
		{"approved", []move{doActivate, doStop, doRollback}}, // all of them replace what is in force
	}
	eachEngine(t, func(t *testing.T, db *DB) {
		_, err := db.EnsureRevision(t.Context(), "sha256:1", []byte("one"))
		must(t, err)
		r := &race{t: t, db: db, now: noon}
		old := r.at("active").Hash
		r.at("active")
		for _, s := range stages {
			for i, one := range s.moves {
				for _, two := range s.moves[i:] {
					t.Run(s.stage+"/"+one.name+" and "+two.name, func(t *testing.T) {
						r.t = t
						r.at("active") // so that there is a step to go back
						r.pair(s.stage, one, two, old)
					})
				}
			}
		}
	})
}

// pair does two acts at once and looks at what both were told.
func (r *race) pair(stage string, one, two move, old string) {
	t := r.t
	r.now = r.now.Add(time.Hour)
	p := r.at(stage)
	active, err := r.db.ActiveHash(t.Context())
	must(t, err)
	m := &meeting{Store: r.db, begin: make(chan struct{})}
	service := &workbench.Service{Store: m, Impacts: soundLooks{}, Clock: func() time.Time { return r.now }, Zone: time.UTC}
	before := r.entries()
	names, errs := []string{"bambang", "budi"}, make([]error, 2)
	var work sync.WaitGroup
	for i, act := range []move{one, two} {
		work.Go(func() {
			defer m.arrive()
			actor := auth.Actor{Name: names[i], User: names[i], Role: auth.PolicyApprover}
			if act.name == theClock.name {
				actor = auth.System()
			}
			errs[i] = act.do(service, auth.With(t.Context(), actor), p, active, old)
		})
	}
	work.Wait()
	for i, err := range errs {
		other := 1 - i
		if (err == nil) == (errs[other] == nil) {
			t.Fatalf("%s: %v; %s: %v", one.name, errs[0], two.name, errs[1])
		}
		if err == nil {
			continue
		}
		by := "oleh " + names[other]
		if []move{one, two}[other].name == theClock.name {
			by = "sesuai jadwal"
		}
		f := fault.As(err)
		if f == nil || f.Kind != fault.Conflict || !strings.Contains(f.Message, by) && f.Code != "nothing_due" {
			t.Errorf("%s was told %v, want %q", names[i], err, by)
		}
	}
	if n := r.entries() - before; n != 1 {
		t.Errorf("%d entries in the trail", n)
	}
}

func (r *race) entries() (n int) {
	r.t.Helper()
	must(r.t, r.db.reads().get(r.t.Context(), &n, `SELECT COUNT(*) FROM audit_entry WHERE regency_code = ? AND act LIKE ?`, r.db.regency, "revision.%"))
	return n
}
