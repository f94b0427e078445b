package workbench_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/storage"
	"layak/internal/testkit"
	"layak/policy"
	"layak/policy/workbench"
)

const regency area.Code = "35.09"

// bench is a workbench on an empty database with the shipped rules in force, at a clock that can be set.
type bench struct {
	*workbench.Service
	db      *storage.DB
	now     time.Time
	t       *testing.T
	impacts fakeImpacts
	tests   policy.TestReport
	found   []policy.Problem
	turned  []string
}

// fakeImpacts answers by the hash of the rules that were tried.
type fakeImpacts map[string]workbench.Impact

func (f fakeImpacts) Impact(_ context.Context, hash, base string) (workbench.Impact, error) {
	i, ok := f[hash+base]
	if !ok {
		return i, fault.New(fault.NotFound, "impact_not_found", "Belum dihitung.")
	}
	return i, nil
}

func (f fakeImpacts) Looked(_ context.Context, hash, base string) (bool, error) {
	i, ok := f[hash+base]
	return ok && i.Sound(), nil
}

func (fakeImpacts) Replay(context.Context, string, string) (workbench.Replay, error) {
	return workbench.Replay{}, fault.New(fault.NotFound, "replay_not_found", "Belum diputar.")
}

func (b *bench) Verify(context.Context, policy.Bundle) ([]policy.Problem, error) { return b.found, nil }
func (b *bench) Test(context.Context, policy.Bundle) (policy.TestReport, error)  { return b.tests, nil }

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("WIB", 7*3600)), impacts: fakeImpacts{},
		tests: policy.TestReport{Passed: 3}}
	db, err := storage.Open(t.Context(), testkit.SQLite(t), storage.Config{Regency: regency, Clock: b.clock})
	b.must(err)
	t.Cleanup(func() { b.must(db.Close()) })
	shipped := policy.Shipped()
	var packed bytes.Buffer
	b.must(shipped.WriteTarGz(&packed))
	_, err = db.EnsureRevision(t.Context(), shipped.Hash(), packed.Bytes())
	b.must(err)
	b.db = db
	b.Service = &workbench.Service{Store: db, Checker: b, Impacts: b.impacts, Clock: b.clock, Zone: b.now.Location(),
		Switched: func(_ context.Context, hash string) { b.turned = append(b.turned, hash) }}
	return b
}

func (b *bench) clock() time.Time { return b.now }

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) wants(err error, kind fault.Kind, code, says string) {
	b.t.Helper()
	f := fault.As(err)
	if f == nil || f.Kind != kind || f.Code != code || !strings.Contains(f.Message, says) {
		b.t.Fatalf("error %v, want %s saying %q", err, code, says)
	}
}

// as is a context in which somebody acts.
func (b *bench) as(name string, role auth.Role) context.Context {
	return auth.With(b.t.Context(), auth.Actor{Name: name, User: name, Role: role})
}

func (b *bench) sari() context.Context    { return b.as("sari", auth.PolicyOfficer) }
func (b *bench) bambang() context.Context { return b.as("bambang", auth.PolicyApprover) }

// draft starts one and changes it so that its bytes are new.
func (b *bench) draft(name string) workbench.Draft {
	b.t.Helper()
	d, err := b.StartDraft(b.sari(), name, workbench.Source{})
	b.must(err)
	d, err = b.SaveDraft(b.sari(), d.ID, d.Version, put("need.rego", string(d.Files["need.rego"])+"\n# "+name+"\n"))
	b.must(err)
	return d
}

func put(path, text string) workbench.Change {
	return workbench.Change{Put: map[string][]byte{path: []byte(text)}}
}

// measured says that a preview of the draft against the rules in force was run and is sound.
func (b *bench) measured(hash string) workbench.Impact {
	b.t.Helper()
	base, err := b.db.ActiveHash(b.t.Context())
	b.must(err)
	i := workbench.Impact{ID: "i-" + hash[7:13], Revision: hash, Base: base, People: 1000, Eligible: 400, Gained: 20, Lost: 5, Compared: 1000}
	b.impacts[hash+base] = i
	return i
}

// proposed brings a new draft to a proposal.
func (b *bench) proposed(name string) workbench.Proposal {
	b.t.Helper()
	d := b.draft(name)
	b.measured(d.Bundle().Hash())
	p, err := b.Propose(b.sari(), d.ID, d.Version, workbench.Ask{Note: name})
	b.must(err)
	return p
}

// inForce brings a new draft all the way.
func (b *bench) inForce(name string) workbench.Proposal {
	b.t.Helper()
	p := b.proposed(name)
	b.must(b.Approve(b.bambang(), p.Hash))
	b.must(b.Activate(b.bambang(), p.Hash))
	return p
}

func (b *bench) active() string {
	b.t.Helper()
	hash, err := b.db.ActiveHash(b.t.Context())
	b.must(err)
	return hash
}

func TestTwoOfficersOnOneDraft(t *testing.T) {
	b := newBench(t)
	d := b.draft("Batas desil")
	second := b.as("dewi", auth.PolicyOfficer)
	after, err := b.SaveDraft(second, d.ID, d.Version, put("segment.rego", "package layak.eligibility\n"))
	b.must(err)
	if after.Version != d.Version+1 || after.UpdatedBy != "dewi" || strings.Join(after.Editors, ",") != "sari,dewi" {
		t.Errorf("%d %s %v", after.Version, after.UpdatedBy, after.Editors)
	}
	_, err = b.SaveDraft(b.sari(), d.ID, d.Version, put("need.rego", "package lost\n"))
	b.wants(err, fault.Conflict, "draft_moved", "dewi")
	now, err := b.Draft(b.sari(), d.ID)
	b.must(err)
	if string(now.Files["segment.rego"]) != "package layak.eligibility\n" || strings.Contains(string(now.Files["need.rego"]), "lost") {
		t.Error("something was overwritten")
	}
	b.must(b.WithdrawDraft(b.sari(), d.ID, now.Version))
	_, err = b.SaveDraft(b.sari(), d.ID, now.Version+1, put("need.rego", "x"))
	b.wants(err, fault.Conflict, "draft_closed", "ditarik")
	open, err := b.Drafts(b.sari(), true)
	b.must(err)
	all, err := b.Drafts(b.sari(), false)
	b.must(err)
	if len(open) != 0 || len(all) != 1 {
		t.Errorf("%d open, %d in all", len(open), len(all))
	}
}

func TestFilesThatNoRuleSetHas(t *testing.T) {
	b := newBench(t)
	d := b.draft("Nama berkas")
	for name, c := range map[string]workbench.Change{
		"above the folder": put("../need.rego", "x"),
		"absolute":         put("/need.rego", "x"),
		"a script":         put("run.sh", "x"),
		"too large":        put("need.rego", strings.Repeat("#", 300<<10)),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := b.SaveDraft(b.sari(), d.ID, d.Version, c)
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestWhatKeepsADraftFromBeingProposed(t *testing.T) {
	voided := func(b *bench, hash string) {
		i := b.measured(hash)
		i.Differences = 3
		b.impacts[hash+i.Base] = i
	}
	for name, c := range map[string]struct {
		spoil func(b *bench, hash string)
		code  string
		says  string
	}{
		"a slip in a rule": {func(b *bench, _ string) { b.found = []policy.Problem{{Message: "salah"}} }, "not_ready", "1 hal pada tulisan"},
		"no test":          {func(b *bench, _ string) { b.tests = policy.TestReport{} }, "not_ready", "Belum ada uji"},
		"a failing test":   {func(b *bench, _ string) { b.tests.Failed = 1 }, "not_ready", "1 dari 4 uji tidak lulus"},
		"a cause without case": {func(b *bench, _ string) {
			b.tests.Causes = []policy.CauseCases{{Missing: "Alasan desil belum ada ujinya."}}
		}, "not_ready", "belum ada ujinya"},
		"no preview":       {func(b *bench, _ string) { clear(b.impacts) }, "not_ready", "belum dihitung"},
		"a voided preview": {voided, "not_ready", "3 dari 1000 orang"},
		"too small a self-check": {func(b *bench, hash string) {
			i := b.measured(hash)
			i.People, i.Compared = 2_600_000, 1000
			b.impacts[hash+i.Base] = i
		}, "not_ready", "1 %"},
		"everybody eligible": {func(b *bench, hash string) {
			i := b.measured(hash)
			i.Eligible, i.Gained = 1000, 50
			b.impacts[hash+i.Base] = i
		}, "confirm_number", "ketik jumlahnya: 1.000"},
		"a cause that refuses nobody any more": {func(b *bench, hash string) {
			i := b.measured(hash)
			i.Uncovered, i.Opened = 600, []workbench.Opened{{Title: "Tergolong tidak mampu", People: 435, Freed: 366}}
			b.impacts[hash+i.Base] = i
		}, "confirm_number", "“Tergolong tidak mampu” sekarang menolak 435 orang, nanti tidak seorang pun"},
		"nobody refused who could be registered": {func(b *bench, hash string) {
			i := b.measured(hash)
			i.Uncovered, i.RefusedBefore = 600, 30
			b.impacts[hash+i.Base] = i
		}, "confirm_number", "ketik jumlahnya: 30"},
		"many of those not covered": {func(b *bench, hash string) {
			i := b.measured(hash)
			i.Uncovered = 200
			b.impacts[hash+i.Base] = i
		}, "confirm_number", "25 orang, 12 % dari warga yang belum dijamin"},
		"a large change": {func(b *bench, hash string) {
			i := b.measured(hash)
			i.Lost = 200
			b.impacts[hash+i.Base] = i
		}, "confirm_number", "220 orang, 22 %"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			d := b.draft("Batas desil")
			b.measured(d.Bundle().Hash())
			c.spoil(b, d.Bundle().Hash())
			before := b.active()
			_, err := b.Propose(b.sari(), d.ID, d.Version, workbench.Ask{Note: "x", Confirm: "999"})
			b.wants(err, fault.Invalid, c.code, c.says)
			if b.active() != before {
				t.Error("the rules in force were touched")
			}
		})
	}
}

func TestWarningsDoNotHinder(t *testing.T) {
	b := newBench(t)
	b.found = []policy.Problem{{Message: "sebaiknya", Level: policy.Warning}}
	p := b.proposed("Catatan kecil")
	got, err := b.Proposal(b.sari(), p.Hash)
	b.must(err)
	if len(got.Report.Problems) != 1 || got.Report.Tests.Passed != 3 || got.Report.Impact.Gained != 20 || got.Base != policy.Shipped().Hash() {
		t.Errorf("report %+v", got.Report)
	}
}

func TestALargeChangeNeedsItsNumberTyped(t *testing.T) {
	b := newBench(t)
	d := b.draft("Semua")
	i := b.measured(d.Bundle().Hash())
	i.People, i.Eligible, i.Compared = 12_345, 12_345, 124
	b.impacts[d.Bundle().Hash()+i.Base] = i
	for _, typed := range []string{"", "12344", "semua"} {
		_, err := b.Propose(b.sari(), d.ID, d.Version, workbench.Ask{Note: "x", Confirm: typed})
		b.wants(err, fault.Invalid, "confirm_number", "12.345")
	}
	p, err := b.Propose(b.sari(), d.ID, d.Version, workbench.Ask{Note: "x", Confirm: "12.345"})
	b.must(err)
	if p.Report.Confirmed != 12_345 || p.Number != 2 {
		t.Errorf("%+v", p.Report)
	}
}

func TestFourEyes(t *testing.T) {
	b := newBench(t)
	p := b.proposed("Empat mata")
	b.wants(b.Approve(b.sari(), p.Hash), fault.Forbidden, "not_allowed", "Peran akun")
	// The operator may both write and approve; not the same rules, by whichever door.
	for _, self := range []string{"sari", "os:sari", "token:sari/01J"} {
		b.wants(b.Approve(b.as(self, auth.Operator), p.Hash), fault.Forbidden, "own_proposal", "ikut menulis")
	}
	b.must(b.Approve(b.bambang(), p.Hash))
	b.wants(b.Approve(b.bambang(), p.Hash), fault.Conflict, "revision_stage", "sedang diusulkan")
	// Whoever only helped to write may not approve either.
	d := b.draft("Bantuan")
	d, err := b.SaveDraft(b.as("os:bambang", auth.Operator), d.ID, d.Version, put("need.rego", "package layak.eligibility\n"))
	b.must(err)
	b.measured(d.Bundle().Hash())
	q, err := b.Propose(b.sari(), d.ID, d.Version, workbench.Ask{Note: "x"})
	b.must(err)
	b.wants(b.Approve(b.bambang(), q.Hash), fault.Forbidden, "own_proposal", "Minta orang lain")
}

// TestGoingOnFromARejection opens a draft from rejected rules: it changes what they changed, against the same rules,
// with the same words, and whoever wrote them still does not approve them.
func TestGoingOnFromARejection(t *testing.T) {
	b := newBench(t)
	p := b.proposed("Ditolak dulu")
	b.must(b.Reject(b.bambang(), p.Hash, "SK bupati belum ada"))
	dewi := b.as("dewi", auth.PolicyOfficer)
	d, err := b.StartDraft(dewi, "Dibenahi", workbench.Source{Revision: p.Hash})
	b.must(err)
	if d.Base != p.Base || d.Note != "Ditolak dulu" || !slices.Equal(d.Editors, []string{"dewi", "sari"}) || d.Bundle().Hash() != p.Hash {
		t.Errorf("the draft begins with %s, %q, %v", d.Base, d.Note, d.Editors)
	}
	if _, moved, err := b.Moved(dewi, d); moved || err != nil {
		t.Errorf("moved %v, %v", moved, err)
	}
	old, err := b.StartDraft(b.sari(), "Dari yang berlaku", workbench.Source{Revision: policy.Shipped().Hash()})
	b.must(err)
	if old.Base != policy.Shipped().Hash() || old.Note != "" || !slices.Equal(old.Editors, []string{"sari"}) {
		t.Errorf("from rules in force: %+v", old.Editors)
	}
}

func TestRejectedRulesMayComeAgain(t *testing.T) {
	b := newBench(t)
	p := b.proposed("Sekali lagi")
	b.wants(b.Reject(b.bambang(), p.Hash, "  "), fault.Invalid, "reason_missing", "alasan penolakan")
	b.must(b.Reject(b.bambang(), p.Hash, "SK bupati belum ada"))
	b.wants(b.Activate(b.bambang(), p.Hash), fault.Conflict, "revision_stage", "disetujui")
	got, err := b.Proposal(b.sari(), p.Hash)
	b.must(err)
	if got.Stage != policy.Rejected || got.Reason != "SK bupati belum ada" || got.RejectedBy != "bambang" {
		t.Errorf("%+v", got)
	}
	again := b.proposed("Sekali lagi")
	if again.Hash != p.Hash || again.Number != p.Number {
		t.Errorf("the same bytes are number %d, then %d", p.Number, again.Number)
	}
	d := b.draft("Sekali lagi")
	b.measured(d.Bundle().Hash())
	_, err = b.Propose(b.sari(), d.ID, d.Version, workbench.Ask{Note: "x"})
	b.wants(err, fault.Conflict, "revision_exists", "versi 2")
}

func (fakeImpacts) Beside(context.Context, policy.Bundle, policy.Bundle) (workbench.Beside, error) {
	return workbench.Beside{}, nil
}
