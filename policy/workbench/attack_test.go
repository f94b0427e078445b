package workbench_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// TestOwnTextComesBackByAnother: what somebody wrote and saw rejected is brought in again by a colleague,
// byte for byte, by a way that does not tell where it came from. He has become an approver meanwhile, and
// still may not approve his own text.
func TestOwnTextComesBackByAnother(t *testing.T) {
	b := newBench(t)
	p := b.proposed("Milik sari")
	b.must(b.Reject(b.bambang(), p.Hash, "Nanti saja"))
	surya := b.as("surya", auth.PolicyOfficer)
	rev, err := b.db.Revision(t.Context(), p.Hash)
	b.must(err)
	bundle, err := policy.ReadTarGz(bytes.NewReader(rev.Bundle))
	b.must(err)
	d, err := b.StartDraft(surya, "Berkas dari rekan", workbench.Source{Bundle: &bundle})
	b.must(err)
	again, err := b.Propose(surya, d.ID, d.Version, workbench.Ask{Note: "Ulang"})
	b.must(err)
	if again.Hash != p.Hash {
		t.Fatal("other bytes")
	}
	for _, name := range []string{"sari", "Sari", "token:sari/meja", "os:sari", "surya"} {
		b.wants(b.Approve(b.as(name, auth.PolicyApprover), again.Hash), fault.Forbidden, "own_proposal", "orang lain")
	}
	b.must(b.Approve(b.bambang(), again.Hash))
}

// TestStoppedOnceByTwo: two people press the emergency stop at the same moment, or one of them twice.
// The rules go one step back, and whoever was slower reads who was faster.
func TestStoppedOnceByTwo(t *testing.T) {
	b := newBench(t)
	second := b.inForce("Kedua")
	b.inForce("Ketiga")
	_, err := b.Stop(b.bambang(), "Salah hitung")
	b.must(err)
	b.now = b.now.Add(59 * time.Second)
	_, err = b.Stop(b.as("budi", auth.PolicyApprover), "Salah hitung")
	b.wants(err, fault.Conflict, "just_stopped", "oleh bambang")
	if b.active() != second.Hash {
		t.Error("two steps back")
	}
	b.now = b.now.Add(time.Second)
	_, err = b.Stop(b.bambang(), "Versi itu juga salah")
	b.must(err)
	if b.active() == second.Hash {
		t.Error("the second stop did nothing")
	}
}

// pressed lets somebody act just before the rules in force move.
type pressed struct {
	workbench.Store
	before func()
}

func (p pressed) Switch(ctx context.Context, s workbench.Switch, e audit.Entry) error {
	p.before()
	return p.Store.Switch(ctx, s, e)
}

// TestMomentTakenBackInTime: an approver takes the moment back while the clock is about to act on it. He
// was told that it is taken back, so nothing comes into force.
func TestMomentTakenBackInTime(t *testing.T) {
	b := newBench(t)
	p := b.proposed("Terjadwal")
	b.must(b.Approve(b.bambang(), p.Hash))
	when := b.now.Add(time.Hour)
	b.must(b.Schedule(b.bambang(), p.Hash, when))
	b.now = when
	store := b.Store
	for name, at := range map[string]time.Time{"taken back": {}, "put off": when.Add(time.Hour)} {
		b.Store = pressed{store, func() {
			b.must(store.ScheduleRevision(t.Context(), p.Hash, "", timeOrNil(at), audit.Entry{Actor: "bambang", Act: "x"}))
		}}
		n, err := b.ActivateDue(auth.With(t.Context(), auth.System()))
		b.must(err)
		if n != 0 || b.active() == p.Hash {
			t.Errorf("%s: it came into force all the same", name)
		}
		b.Store = store
		b.must(b.Schedule(b.bambang(), p.Hash, when))
	}
	n, err := b.ActivateDue(auth.With(t.Context(), auth.System()))
	b.must(err)
	if n != 1 || b.active() != p.Hash {
		t.Error("at its moment nothing came into force")
	}
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
