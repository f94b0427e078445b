package workbench_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/storage"
	"layak/policy"
	"layak/policy/workbench"
)

// TestGoingOnFromWhatIsClosed: a withdrawn draft and a version of before are places to begin from; nobody's part in
// the words is forgotten, and what an old version takes back counts as a change of the draft.
func TestGoingOnFromWhatIsClosed(t *testing.T) {
	b := newBench(t)
	d := b.draft("Ditarik")
	_, err := b.StartDraft(b.sari(), "Sama", workbench.Source{Draft: d.ID})
	b.wants(err, fault.Conflict, "draft_open", "masih terbuka")
	b.must(b.WithdrawDraft(b.sari(), d.ID, d.Version))
	dewi := b.as("dewi", auth.PolicyOfficer)
	again, err := b.StartDraft(dewi, "Diteruskan", workbench.Source{Draft: d.ID})
	b.must(err)
	if again.Origin != d.ID || again.Base != d.Base || !slices.Equal(again.Editors, []string{"dewi", "sari"}) || again.Bundle().Hash() != d.Bundle().Hash() {
		t.Errorf("%+v", again)
	}
	first := b.inForce("Pertama")
	second := b.inForce("Kedua")
	old, err := b.StartDraft(dewi, "Yang dulu", workbench.Source{Revision: first.Hash})
	b.must(err)
	if _, moved, _ := b.Moved(dewi, old); moved || old.Base != second.Hash || old.Origin != first.Hash || old.Bundle().Hash() != first.Hash {
		t.Errorf("base %s, origin %s", old.Base, old.Origin)
	}
}

// TestAFreezeOverASchedule tells which versions wait, and until when, freezes one behind the other included.
func TestAFreezeOverASchedule(t *testing.T) {
	b := newBench(t)
	p := b.proposed("Desember")
	b.must(b.Approve(b.bambang(), p.Hash))
	when := time.Date(2026, 12, 2, 8, 0, 0, 0, b.now.Location())
	b.must(b.Schedule(b.bambang(), p.Hash, when))
	if waits, err := b.Waits(b.sari()); err != nil || len(waits) != 0 {
		t.Fatalf("%v %v", waits, err)
	}
	f, err := b.AddFreeze(b.bambang(), workbench.Freeze{From: "2026-12-01", Until: "2026-12-05", Reason: "Pilkada"})
	b.must(err)
	_, err = b.AddFreeze(b.bambang(), workbench.Freeze{From: "2026-12-06", Until: "2026-12-08", Reason: "Penghitungan"})
	b.must(err)
	waits, err := b.Waits(b.sari())
	b.must(err)
	end := time.Date(2026, 12, 9, 0, 0, 0, 0, b.now.Location())
	if len(waits) != 1 || waits[0].Hash != p.Hash || !waits[0].Chosen.Equal(when) || !waits[0].From.Equal(end) || waits[0].Freeze.ID != f.ID {
		t.Fatalf("%+v", waits)
	}
	b.now = time.Date(2026, 12, 7, 9, 0, 0, 0, b.now.Location())
	if n, err := b.ActivateDue(b.as("system", auth.Operator)); n != 0 || err != nil {
		t.Fatalf("%d %v", n, err)
	}
	if waits, err = b.Waits(b.sari()); err != nil || len(waits) != 1 || !waits[0].From.Equal(end) {
		t.Fatalf("held since days: %+v %v", waits, err)
	}
	b.now = end.Add(time.Second)
	if n, err := b.ActivateDue(b.as("system", auth.Operator)); n != 1 || err != nil || b.active() != p.Hash {
		t.Fatalf("%d %v", n, err)
	}
	// The clock's switch is an activation in the trail, as that of the first start is; choosing the moment is not.
	for act, want := range map[string]int{"revision.activate": 2, "revision.schedule": 1} {
		page, err := b.db.AuditEntries(t.Context(), storage.AuditFilter{Act: act})
		b.must(err)
		if len(page.Entries) != want {
			t.Errorf("%s: %d entries", act, len(page.Entries))
		}
	}
}

// besides is what was found on the open complaints.
type besides struct {
	fakeImpacts
	routing workbench.Routing
}

func (b besides) Beside(context.Context, policy.Bundle, policy.Bundle) (workbench.Beside, error) {
	return workbench.Beside{Routing: &b.routing}, nil
}

// Rules that fail on complaints which wait for an answer are not proposed, and not approved.
func TestRulesThatFailOnOpenComplaints(t *testing.T) {
	b := newBench(t)
	d := b.draft("Penanganan")
	b.measured(d.Bundle().Hash())
	b.Impacts = besides{b.impacts, workbench.Routing{Cases: 40, Changed: 3, Refused: 3, Compared: 40}}
	_, err := b.Propose(b.sari(), d.ID, d.Version, workbench.Ask{Note: "Penanganan"})
	b.wants(err, fault.Invalid, "not_ready", "gagal pada 3 dari 40 aduan")
	b.Impacts = besides{b.impacts, workbench.Routing{Cases: 40, Changed: 3, Compared: 40}}
	_, err = b.Propose(b.sari(), d.ID, d.Version, workbench.Ask{Note: "Penanganan"})
	b.must(err)
}
