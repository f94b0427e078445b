package storage

import (
	"bytes"
	"strconv"
	"sync"
	"testing"
	"time"

	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// storedDraft is a draft as the workbench makes it.
func storedDraft(id string) workbench.Draft {
	return workbench.Draft{ID: id, Name: "Batas desil", Base: "sha256:1", Version: 1, State: workbench.Open, Editors: []string{"sari"},
		Files: map[string][]byte{"need.rego": []byte("package a\n"), "routing/desk.rego": {}}, CreatedAt: noon, CreatedBy: "sari", UpdatedAt: noon, UpdatedBy: "sari"}
}

// TestDraftsAreSavedOnce lets many save the same version at the same moment: one wins, the others hear
// of it, and the files are those of the winner.
func TestDraftsAreSavedOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		must(t, db.AddDraft(ctx, storedDraft("d1"), entry("draft.create")))
		errs := make([]error, 6)
		var work sync.WaitGroup
		for i := range errs {
			work.Go(func() {
				text := []byte(strconv.Itoa(i))
				_, errs[i] = db.SaveDraft(ctx, "d1", 1, "dewi", workbench.Change{Put: map[string][]byte{"need.rego": text, "extra.rego": text}, Remove: []string{"routing/desk.rego"}}, entry("draft.save"))
			})
		}
		work.Wait()
		won := -1
		for i, err := range errs {
			switch {
			case err == nil && won < 0:
				won = i
			case err == nil:
				t.Error("two saved the same version")
			default:
				wantKind(t, err, fault.Conflict, "draft_moved")
			}
		}
		d, err := db.Draft(ctx, "d1")
		must(t, err)
		want := strconv.Itoa(won)
		if d.Version != 2 || len(d.Files) != 2 || string(d.Files["need.rego"]) != want || string(d.Files["extra.rego"]) != want || len(d.Editors) != 2 {
			t.Errorf("version %d, %d files, %q, editors %v", d.Version, len(d.Files), d.Files["need.rego"], d.Editors)
		}
		must(t, db.CloseDraft(ctx, "d1", 2, entry("draft.withdraw")))
		_, err = db.SaveDraft(ctx, "d1", 3, "dewi", workbench.Change{}, entry("draft.save"))
		wantKind(t, err, fault.Conflict, "draft_closed")
		_, err = db.Draft(ctx, "none")
		wantKind(t, err, fault.NotFound, "draft_not_found")
	})
}

// TestRulesSwitchOnce brings a proposal into force from many sides at once, and hints at it.
func TestRulesSwitchOnce(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		_, err := db.EnsureRevision(ctx, "sha256:1", []byte("one"))
		must(t, err)
		must(t, db.AddDraft(ctx, storedDraft("d1"), entry("draft.create")))
		p := workbench.Proposal{Revision: policy.Revision{Hash: "sha256:2", Stage: policy.Proposed, Bundle: []byte("two"), Note: "x", CreatedBy: "sari"},
			Draft: "d1", Base: "sha256:1", Editors: []string{"sari"}, ProposedAt: noon, ProposedBy: "sari",
			Report: workbench.Report{Tests: policy.TestReport{Passed: 3}, Impact: &workbench.Impact{ID: "i", People: 10, Compared: 10}}}
		p, err = db.Propose(ctx, p, 1, entry("revision.propose"))
		must(t, err)
		if p.Number != 2 {
			t.Errorf("number %d", p.Number)
		}
		when := noon.Add(time.Hour)
		wantKind(t, db.ScheduleRevision(ctx, p.Hash, "", &when, entry("revision.schedule")), fault.Conflict, "revision_stage")
		must(t, db.ApproveRevision(ctx, p.Hash, entry("revision.approve")))
		must(t, db.ScheduleRevision(ctx, p.Hash, "", &when, entry("revision.schedule")))
		for _, c := range []struct {
			now  time.Time
			want int
		}{{when.Add(-time.Microsecond), 0}, {when, 1}} {
			due, err := db.Due(ctx, c.now)
			must(t, err)
			if len(due) != c.want {
				t.Errorf("at %s %d are due", c.now, len(due))
			}
		}
		got, err := db.Proposal(ctx, p.Hash)
		must(t, err)
		if got.Report.Tests.Passed != 3 || got.Report.Impact.People != 10 || !bytes.Equal(got.Bundle, []byte("two")) || !got.ActivateAt.Equal(when) {
			t.Errorf("%+v", got)
		}
		hints, stop := db.RuleHints()
		defer stop()
		time.Sleep(200 * time.Millisecond) // the listener connects
		errs := make([]error, 5)
		var work sync.WaitGroup
		for i := range errs {
			work.Go(func() {
				errs[i] = db.Switch(ctx, workbench.Switch{ID: "w" + strconv.Itoa(i), Hash: p.Hash, Previous: "sha256:1", Kind: workbench.Scheduled, At: when, By: "system"}, entry("revision.schedule"))
			})
		}
		work.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
			} else {
				wantKind(t, err, fault.Conflict, "active_moved")
			}
		}
		list, err := db.Switches(ctx, 10)
		must(t, err)
		hash, err := db.ActiveHash(ctx)
		must(t, err)
		if done != 1 || len(list) != 1 || hash != p.Hash {
			t.Errorf("%d switched, %d kept, %s in force", done, len(list), hash)
		}
		if hints != nil {
			select {
			case <-hints:
			case <-time.After(20 * time.Second):
				t.Error("no hint came")
			}
		}
		due, err := db.Due(ctx, when)
		must(t, err)
		if len(due) != 0 {
			t.Error("what is in force is due again")
		}
		wantKind(t, db.Switch(ctx, workbench.Switch{ID: "x", Hash: p.Hash, Previous: p.Hash, At: noon}, entry("revision.stop")), fault.Conflict, "revision_stage")
	})
}

// TestSignersKeepTheirTrail adds and removes a trusted key; what is refused leaves no entry.
func TestSignersKeepTheirTrail(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := t.Context()
		s := workbench.Signer{Fingerprint: "ab12", Name: "Dinkes Banyuwangi", PEM: "x", At: noon, By: "bambang"}
		must(t, db.AddSigner(ctx, s, entry("signer.add")))
		wantKind(t, db.AddSigner(ctx, s, entry("signer.add")), fault.Conflict, "signer_known")
		must(t, db.AddSigner(ctx, workbench.Signer{Fingerprint: "cd34", Name: "Dinkes Bali", PEM: "y", At: noon, By: "bambang"}, entry("signer.add")))
		all, err := db.Signers(ctx)
		must(t, err)
		if len(all) != 2 || all[0].Name != "Dinkes Bali" || !all[1].At.Equal(noon) {
			t.Errorf("the list is %+v", all)
		}
		must(t, db.RemoveSigner(ctx, "ab12", entry("signer.remove")))
		wantKind(t, db.RemoveSigner(ctx, "ab12", entry("signer.remove")), fault.NotFound, "signer_not_found")
		var n int
		must(t, db.reads().get(ctx, &n, `SELECT COUNT(*) FROM audit_entry WHERE regency_code = ? AND act LIKE ?`, db.regency, "signer.%"))
		if n != 3 {
			t.Errorf("%d entries in the trail, want 3", n)
		}
	})
}
