package web

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// movedStore is a workbench whose rules in force went on since its only draft began.
type movedStore struct {
	workbench.Store
	*memoryDrafts
	revisions map[string]policy.Revision
	active    string
}

func (m *movedStore) Revision(_ context.Context, hash string) (policy.Revision, error) {
	return m.revisions[hash], nil
}

func (m *movedStore) ActiveRevision(context.Context) (policy.Revision, error) {
	return m.revisions[m.active], nil
}

func (m *movedStore) Switches(context.Context, int) ([]workbench.Switch, error) { return nil, nil }

func (m *movedStore) Draft(ctx context.Context, id string) (workbench.Draft, error) {
	return m.memoryDrafts.Draft(ctx, id)
}

func (m *movedStore) Drafts(ctx context.Context, open bool) ([]workbench.Draft, error) {
	return m.memoryDrafts.Drafts(ctx, open)
}

func (m *movedStore) SaveDraft(ctx context.Context, id string, version int, _ string, c workbench.Change, _ audit.Entry) (workbench.Draft, error) {
	d, err := m.memoryDrafts.SaveDraft(ctx, id, version, c)
	if err == nil && c.Base != nil {
		d.Base = *c.Base
		m.drafts[id] = d
	}
	return d, err
}

// nothingFound is a checker and a registry of previews that say nothing.
type nothingFound struct{}

func (nothingFound) Verify(context.Context, policy.Bundle) ([]policy.Problem, error) { return nil, nil }
func (nothingFound) Test(context.Context, policy.Bundle) (policy.TestReport, error) {
	return policy.TestReport{Passed: 1}, nil
}
func (nothingFound) Impact(context.Context, string, string) (workbench.Impact, error) {
	return workbench.Impact{}, fault.New(fault.NotFound, "impact_not_found", "Belum dihitung.")
}
func (nothingFound) Looked(context.Context, string, string) (bool, error) { return false, nil }
func (nothingFound) Replay(context.Context, string, string) (workbench.Replay, error) {
	return workbench.Replay{}, fault.New(fault.NotFound, "replay_not_found", "Belum diputar.")
}

// withNumbers gives rules with numbers changed as the form changes them: NAME, VALUE and DAY by turns.
func withNumbers(t *testing.T, b policy.Bundle, changes ...any) policy.Bundle {
	t.Helper()
	for i := 0; i < len(changes); i += 3 {
		var err error
		b, _, err = policy.SetParam(b, policy.ParamChange{Name: changes[i].(string), Value: changes[i+1], ValidFrom: changes[i+2].(string), Source: "SK Bupati"}, "2026-11-22")
		if err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// TestTwoOfficersWithTwoNumbers: the page of a draft names what it would take back and shows what both changed side by
// side; it comes up only when each of these is settled, and then holds the numbers of both.
func TestTwoOfficersWithTwoNumbers(t *testing.T) {
	rules := shippedRules(t)
	theirs := withNumbers(t, policy.Shipped(), "max_desil", 10, "2027-01-01", "sktm_days", 120, "2026-12-01")
	ours := withNumbers(t, policy.Shipped(), "sktm_days", 90, "2026-12-01", "verify_days", 2, "2026-12-01")
	var packed bytes.Buffer
	err := theirs.WriteTarGz(&packed)
	if err != nil {
		t.Fatal(err)
	}
	active := policy.Revision{Hash: theirs.Hash(), Number: 2, Stage: policy.Active, Bundle: packed.Bytes()}
	m := &memoryDrafts{drafts: map[string]workbench.Draft{draftID: {ID: draftID, Name: "SKTM 90 hari", Base: rules.rev.Hash,
		Files: maps.Clone(ours.Files), Version: 3, State: workbench.Open, UpdatedAt: galleryNow}}}
	store := &movedStore{memoryDrafts: m, revisions: map[string]policy.Revision{rules.rev.Hash: rules.rev, active.Hash: active}, active: active.Hash}
	bench := &workbench.Service{Store: store, Checker: nothingFound{}, Impacts: nothingFound{}, Clock: func() time.Time { return galleryNow }}
	d := newDesk(t, Services{Drafting: bench, Workbench: bench, Policies: rules})
	d.signInAs(auth.PolicyOfficer)

	const page, key = "/rules/drafts/" + draftID, "data.json:sktm_days:2026-12-01"
	shown := d.get(page).body
	for _, want := range []string{"dari versi 1 ke versi 2", "Desil DTSEN tertinggi yang tergolong tidak mampu: 10 desil mulai 1 Jan 2027", "120 hari", "90 hari",
		`name="choice:` + key + `" value="theirs"`, `name="choice:` + key + `" value="ours"`, "Usulan ini akan membatalkan"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(shown, `name="choice:`+key+`" value="both"`) {
		t.Error("two values of one day are offered together")
	}
	form := url.Values{"version": {"3"}, "active": {active.Hash}}
	refused := d.post(page, page+"/up", form)
	if refused.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(refused.body, "Pilih salah satu.") {
		t.Errorf("nothing is settled: %d", refused.StatusCode)
	}
	form.Set("choice:"+key, "theirs")
	form.Set("active", rules.rev.Hash)
	refused = d.post(page, page+"/up", form)
	if refused.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(refused.body, "pilihan Anda belum dipakai") || !strings.Contains(refused.body, `value="theirs" checked`) {
		t.Errorf("settled against other rules: %d", refused.StatusCode)
	}
	if now := m.drafts[draftID]; now.Version != 3 || now.Base != rules.rev.Hash {
		t.Fatal("something was written")
	}
	form.Set("active", active.Hash)
	if a := d.post(page, page+"/up", form); a.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d: %.300s", a.StatusCode, a.body)
	}
	now := m.drafts[draftID]
	want := withNumbers(t, theirs, "verify_days", 2, "2026-12-01")
	if now.Base != active.Hash || !bytes.Equal(now.Files["data.json"], want.Files["data.json"]) {
		t.Errorf("base %s\n%s", now.Base, now.Files["data.json"])
	}
}

// deskStore is a workbench with one rejected proposal.
type deskStore struct {
	movedStore
	proposals []workbench.Proposal
}

func (m *deskStore) Proposals(context.Context) ([]workbench.Proposal, error) { return m.proposals, nil }
func (m *deskStore) Freezes(context.Context) ([]workbench.Freeze, error)     { return nil, nil }

// TestARejectionWaitsAtTheDesk with its reason, until somebody goes on from it.
func TestARejectionWaitsAtTheDesk(t *testing.T) {
	rules, at := shippedRules(t), galleryNow.Add(-time.Hour)
	m := &memoryDrafts{drafts: map[string]workbench.Draft{}}
	store := &deskStore{movedStore{memoryDrafts: m, revisions: map[string]policy.Revision{rules.rev.Hash: rules.rev}, active: rules.rev.Hash},
		[]workbench.Proposal{{Revision: policy.Revision{Hash: "sha256:9", Number: 5, Stage: policy.Rejected, Note: "Desil naik"}, RejectedAt: &at, RejectedBy: "bambang", Reason: "Dasarnya belum ada"}}}
	bench := &workbench.Service{Store: store, Checker: nothingFound{}, Impacts: nothingFound{}, Clock: func() time.Time { return galleryNow }}
	d := newDesk(t, Services{Drafting: bench, Workbench: bench, Policies: rules})
	d.signInAs(auth.PolicyOfficer)
	if page := d.get("/rules/drafts").body; !strings.Contains(page, "Dasarnya belum ada") {
		t.Error("the author is not told")
	}
	m.drafts["d2"] = workbench.Draft{ID: "d2", Name: "Dibenahi", Origin: "sha256:9", State: workbench.Open, UpdatedAt: galleryNow}
	if page := d.get("/rules/drafts").body; strings.Contains(page, "Dasarnya belum ada") || !strings.Contains(page, "Dibenahi") {
		t.Error("it is still told though a draft goes on from it")
	}
}

func (nothingFound) Beside(context.Context, policy.Bundle, policy.Bundle) (workbench.Beside, error) {
	return workbench.Beside{}, nil
}
