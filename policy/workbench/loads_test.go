package workbench_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"layak/internal/fault"
	"layak/policy/workbench"
)

// TestRulesThatCannotBeLoadedNeverComeIntoForce asks the program before each switch: what it cannot load is
// refused while the old rules decide, and an emergency stop steps over it.
func TestRulesThatCannotBeLoadedNeverComeIntoForce(t *testing.T) {
	b := newBench(t)
	var broken []string
	b.Loads = func(_ context.Context, hash string) error {
		if slices.Contains(broken, hash) {
			return fault.New(fault.Conflict, workbench.Unloadable, "Tidak dapat dimuat.")
		}
		return nil
	}
	shipped := b.active()
	first := b.inForce("pertama")
	second := b.inForce("kedua")
	third := b.proposed("ketiga")
	b.must(b.Approve(b.bambang(), third.Hash))
	broken = []string{third.Hash, first.Hash}

	b.wants(b.Activate(b.bambang(), third.Hash), fault.Conflict, workbench.Unloadable, "dimuat")
	b.wants(b.Schedule(b.bambang(), third.Hash, b.now.Add(time.Hour)), fault.Conflict, workbench.Unloadable, "dimuat")
	b.measured(first.Hash)
	b.wants(b.Rollback(b.bambang(), first.Hash, "kembali"), fault.Conflict, workbench.Unloadable, "dimuat")
	if b.active() != second.Hash {
		t.Fatal("rules in force moved:", b.active())
	}
	broken = []string{first.Hash}
	b.must(b.Schedule(b.bambang(), third.Hash, b.now.Add(time.Hour)))
	broken = []string{third.Hash, first.Hash} // a program of before was put back meanwhile
	b.now = b.now.Add(2 * time.Hour)
	if n, err := b.ActivateDue(b.bambang()); n != 0 || err != nil || b.active() != second.Hash {
		t.Fatalf("%d came into force at their hour: %v", n, err)
	}
	w, err := b.Stop(b.bambang(), "salah")
	b.must(err)
	if w.Hash != shipped || b.active() != shipped {
		t.Errorf("stopped to %s, want the shipped ones: the first cannot be loaded", w.Hash)
	}
}
