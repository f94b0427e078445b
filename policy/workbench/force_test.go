package workbench_test

import (
	"bytes"
	"maps"
	"testing"
	"time"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/storage"
	"layak/policy"
	"layak/policy/workbench"
)

func TestActivationAtAMoment(t *testing.T) {
	b := newBench(t)
	p := b.proposed("Mulai Januari")
	when := time.Date(2027, 1, 1, 0, 0, 0, 0, b.now.Location())
	b.wants(b.Schedule(b.bambang(), p.Hash, when), fault.Conflict, "revision_stage", "sudah disetujui")
	b.must(b.Approve(b.bambang(), p.Hash))
	b.wants(b.Schedule(b.bambang(), p.Hash, b.now.Add(-time.Minute)), fault.Invalid, "activation_past", "sudah lewat")
	b.must(b.Schedule(b.bambang(), p.Hash, when))
	b.wants(b.Schedule(b.sari(), p.Hash, when), fault.Forbidden, "not_allowed", "")
	clock := auth.With(t.Context(), auth.System())
	for _, step := range []struct {
		at   time.Time
		want int
	}{{when.Add(-time.Second), 0}, {when, 1}, {when.Add(time.Second), 0}} {
		b.now = step.at
		n, err := b.ActivateDue(clock)
		b.must(err)
		if n != step.want {
			t.Errorf("at %s %d came into force", step.at, n)
		}
	}
	if b.active() != p.Hash || len(b.turned) != 1 {
		t.Errorf("in force: %s, told %v", b.active(), b.turned)
	}
	old, err := b.db.Revision(t.Context(), policy.Shipped().Hash())
	b.must(err)
	if old.Stage != policy.Retired || old.RetiredAt == nil {
		t.Errorf("the one before is %s", old.Stage)
	}
}

func TestFreezes(t *testing.T) {
	b := newBench(t)
	_, err := b.AddFreeze(b.bambang(), workbench.Freeze{From: "2026-12-10", Until: "2026-12-01", Reason: "x"})
	b.wants(err, fault.Invalid, "freeze_days", "tanggal akhir")
	f, err := b.AddFreeze(b.bambang(), workbench.Freeze{From: "2026-12-01", Until: "2026-12-10", Reason: "Pilkada"})
	b.must(err)
	first := b.inForce("Sebelum beku")
	p := b.proposed("Di masa beku")
	b.must(b.Approve(b.bambang(), p.Hash))
	inside := time.Date(2026, 12, 10, 23, 59, 0, 0, b.now.Location())
	b.wants(b.Schedule(b.bambang(), p.Hash, inside), fault.Conflict, "frozen", "Pilkada")
	b.must(b.Schedule(b.bambang(), p.Hash, inside.Add(time.Minute)))
	// A freeze that comes after the moment was chosen holds as well.
	late, err := b.AddFreeze(b.bambang(), workbench.Freeze{From: "2026-12-11", Until: "2026-12-12", Reason: "Sengketa"})
	b.must(err)
	b.now = inside.Add(2 * time.Minute)
	n, err := b.ActivateDue(auth.With(t.Context(), auth.System()))
	b.must(err)
	if n != 0 || b.active() != first.Hash {
		t.Error("the freeze did not hold")
	}
	b.wants(b.Activate(b.bambang(), p.Hash), fault.Conflict, "frozen", "Sengketa")
	// The emergency stop works in a freeze.
	_, err = b.Stop(b.bambang(), "Salah hitung")
	b.must(err)
	b.must(b.RemoveFreeze(b.bambang(), late.ID))
	b.must(b.RemoveFreeze(b.bambang(), f.ID))
	// It would now come after other rules than those it was held against, so somebody looks first.
	n, err = b.ActivateDue(auth.With(t.Context(), auth.System()))
	b.must(err)
	if n != 0 {
		t.Error("rules came into force against others than those that the approver saw")
	}
	b.measured(p.Hash)
	n, err = b.ActivateDue(auth.With(t.Context(), auth.System()))
	b.must(err)
	if n != 1 || b.active() != p.Hash {
		t.Error("after the freeze nothing came into force")
	}
}

func TestAProposalDoesNotUndoWhatCameSince(t *testing.T) {
	b := newBench(t)
	slow := b.proposed("Lambat")
	b.inForce("Cepat")
	b.must(b.Approve(b.bambang(), slow.Hash))
	b.wants(b.Activate(b.bambang(), slow.Hash), fault.Conflict, "base_moved", "versi 3")
	b.measured(slow.Hash)
	b.must(b.Activate(b.bambang(), slow.Hash))
}

func TestTheWayBack(t *testing.T) {
	b := newBench(t)
	shipped := policy.Shipped().Hash()
	_, err := b.Stop(b.bambang(), "x")
	b.wants(err, fault.Conflict, "no_predecessor", "Tidak ada versi")
	second := b.inForce("Kedua")
	third := b.inForce("Ketiga")
	b.wants(b.Rollback(b.bambang(), shipped, "x"), fault.Conflict, "impact_missing", "Hitung dulu dampak")
	b.wants(b.Rollback(b.bambang(), third.Hash, "x"), fault.Conflict, "revision_stage", "pernah berlaku")
	b.measured(shipped)
	b.wants(b.Rollback(b.sari(), shipped, "x"), fault.Forbidden, "not_allowed", "")
	b.wants(b.Rollback(b.bambang(), shipped, ""), fault.Invalid, "reason_missing", "alasan")
	b.must(b.Rollback(b.bambang(), shipped, "SK dicabut"))
	list, err := b.Switches(b.sari(), 10)
	b.must(err)
	if len(list) != 3 || list[0].Kind != workbench.Rollback || list[0].Previous != third.Hash || list[0].Impact == "" || list[0].By != "bambang" {
		t.Errorf("%+v", list)
	}
	if stop, err := b.Stopped(t.Context()); err != nil || stop != nil {
		t.Errorf("nothing was stopped: %v %v", stop, err)
	}
	b.measured(third.Hash)
	b.must(b.Rollback(b.bambang(), third.Hash, "SK berlaku lagi"))
	_, err = b.Stop(b.sari(), "x")
	b.wants(err, fault.Forbidden, "not_allowed", "")
	w, err := b.Stop(b.bambang(), "Semua pasien ditolak")
	b.must(err)
	if w.Hash != shipped || b.active() != shipped {
		t.Errorf("stopped to %s", w.Hash)
	}
	stop, err := b.Stopped(t.Context())
	if err != nil || stop == nil || stop.Reason != "Semua pasien ditolak" || stop.Previous != third.Hash {
		t.Errorf("%+v %v", stop, err)
	}
	b.measured(second.Hash)
	b.must(b.Rollback(b.bambang(), second.Hash, "Lebih baik"))
	if stop, _ = b.Stopped(t.Context()); stop != nil {
		t.Error("the stop is still told though other rules decide")
	}
}

func TestRulesFromElsewhere(t *testing.T) {
	b := newBench(t)
	bundle := policy.Bundle{Files: maps.Clone(policy.Shipped().Files)}
	bundle.Files["README.md"] = []byte("hello")
	_, err := b.StartDraft(b.sari(), "Folder", workbench.Source{Bundle: &bundle})
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("a foreign file: %v", err)
	}
	delete(bundle.Files, "README.md")
	_, err = b.ProposeBundle(b.sari(), "Folder", bundle, workbench.Ask{Note: "dari git"})
	b.wants(err, fault.Invalid, "not_ready", "sama dengan aturan yang berlaku")
	all, err := b.Drafts(b.sari(), false)
	b.must(err)
	page, err := b.db.AuditEntries(t.Context(), storage.AuditFilter{Act: "draft."})
	b.must(err)
	if len(all) != 0 || len(page.Entries) != 0 {
		t.Errorf("a refused folder left %d drafts and %d entries in the trail", len(all), len(page.Entries))
	}
	bundle.Files["need.rego"] = append(bytes.Clone(bundle.Files["need.rego"]), "# git\n"...)
	b.measured(bundle.Hash())
	p, err := b.ProposeBundle(b.sari(), "Folder", bundle, workbench.Ask{Note: "dari git"})
	b.must(err)
	if p.Hash != bundle.Hash() || p.Stage != policy.Proposed {
		t.Errorf("%s is %s", p.Hash, p.Stage)
	}
	_, err = b.ProposeBundle(b.sari(), "Folder", bundle, workbench.Ask{Note: "dari git"})
	b.wants(err, fault.Conflict, "revision_exists", "versi 2")
	all, err = b.Drafts(b.sari(), false)
	b.must(err)
	if len(all) != 1 || all[0].State != workbench.Proposed || all[0].Hash != p.Hash {
		t.Errorf("the same folder again left %+v", all)
	}
}

func TestComments(t *testing.T) {
	b := newBench(t)
	p := b.proposed("Komentar")
	c := workbench.Comment{Hash: p.Hash, Path: "need.rego", Line: 3, Text: " Mengapa? "}
	_, err := b.AddComment(b.as("rini", auth.Puskesmas), c)
	b.wants(err, fault.Forbidden, "not_allowed", "")
	_, err = b.AddComment(b.bambang(), workbench.Comment{Hash: p.Hash, Path: "need.rego", Line: 9999, Text: "x"})
	b.wants(err, fault.Invalid, "comment_place", "tidak ada")
	_, err = b.AddComment(b.bambang(), c)
	b.must(err)
	all, err := b.Comments(b.sari(), p.Hash)
	b.must(err)
	if len(all) != 1 || all[0].Text != "Mengapa?" || all[0].By != "bambang" || all[0].Line != 3 {
		t.Errorf("%+v", all)
	}
}
