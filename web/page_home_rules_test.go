package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"layak/internal/auth"
	"layak/policy"
	"layak/policy/workbench"
)

// TestWhatWaitsForRulePeople: officer and approver begin on the first page, each with what only he can bring further.
func TestWhatWaitsForRulePeople(t *testing.T) {
	rules, at := shippedRules(t), galleryNow.Add(-time.Hour)
	officer, approver := string(auth.PolicyOfficer), string(auth.PolicyApprover)
	proposal := func(n int, stage policy.Stage, note string, editors ...string) workbench.Proposal {
		return workbench.Proposal{Revision: policy.Revision{Hash: "sha256:" + note, Number: n, Stage: stage, Note: note},
			ProposedBy: editors[0], Editors: editors, RejectedAt: &at, RejectedBy: "bambang", Reason: "Alasan " + note}
	}
	m := &memoryDrafts{drafts: map[string]workbench.Draft{
		draftID: {ID: draftID, Name: "Konsep sendiri", Base: rules.rev.Hash, Files: policy.Shipped().Files, State: workbench.Open, Editors: []string{officer}, UpdatedAt: at},
		"d2":    {ID: "d2", Name: "Konsep orang lain", Base: rules.rev.Hash, Files: policy.Shipped().Files, State: workbench.Open, Editors: []string{"dewi"}, UpdatedAt: at},
	}}
	store := &deskStore{movedStore{memoryDrafts: m, revisions: map[string]policy.Revision{rules.rev.Hash: rules.rev}, active: rules.rev.Hash},
		[]workbench.Proposal{proposal(5, policy.Proposed, "Diputus-siapa", officer), proposal(6, policy.Proposed, "Ditulis-bersama", officer, approver),
			proposal(7, policy.Approved, "Belum-dijadwalkan", "dewi"), proposal(8, policy.Rejected, "Perlu-dibenahi", officer), proposal(9, policy.Rejected, "Milik-lain", "dewi")}}
	bench := &workbench.Service{Store: store, Checker: nothingFound{}, Impacts: nothingFound{}, Clock: func() time.Time { return galleryNow }}
	d := newDesk(t, Services{Drafting: bench, Workbench: bench, Policies: rules})
	for role, c := range map[auth.Role]struct{ says, not []string }{
		auth.PolicyOfficer: {[]string{"Konsep sendiri", "belum ada yang diubah", "Usulan Anda menunggu penyetuju", "Diputus-siapa", "Alasan Perlu-dibenahi"},
			[]string{"Konsep orang lain", "Milik-lain", "Menunggu keputusan Anda", "Belum-dijadwalkan"}},
		auth.PolicyApprover: {[]string{"Menunggu keputusan Anda", "Diputus-siapa", "jadi orang lain yang memutuskan", "belum ditentukan kapan berlaku", "Belum-dijadwalkan"},
			[]string{"Konsep sendiri", "Perlu-dibenahi"}},
	} {
		d.signInAs(role)
		if a := d.get("/sign-in"); a.Header.Get("Location") != "/" {
			t.Errorf("%s begins at %q", role, a.Header.Get("Location"))
		}
		page := d.get("/").body
		for _, want := range c.says {
			if !strings.Contains(page, want) {
				t.Errorf("%s is not told %q", role, want)
			}
		}
		for _, not := range c.not {
			if strings.Contains(page, not) {
				t.Errorf("%s is told %q", role, not)
			}
		}
	}
}

// twoPolicies is an installation whose rules in force cannot be read, behind others that can.
type twoPolicies struct{ onePolicy }

const brokenHash = "sha256:0badc0de"

func (p twoPolicies) broken() policy.Revision {
	return policy.Revision{Hash: brokenHash, Number: 2, Stage: policy.Active, Bundle: []byte("no archive")}
}

func (p twoPolicies) Revisions(context.Context) ([]policy.Revision, error) {
	old := p.rev
	old.Stage = policy.Retired
	return []policy.Revision{p.broken(), old}, nil
}

func (p twoPolicies) Revision(ctx context.Context, hash string) (policy.Revision, error) {
	if hash == brokenHash {
		return p.broken(), nil
	}
	return p.onePolicy.Revision(ctx, hash)
}

// decidesBy is a process that could not load the rules in force.
type decidesBy string

func (d decidesBy) InForce() string { return string(d) }
func (decidesBy) Behind() string    { return brokenHash }

// TestRulesThatCannotBeLoaded: the page of rules says which ones are in force, by which this server decides meanwhile, and
// what each reader can do; it shows the text of the latter.
func TestRulesThatCannotBeLoaded(t *testing.T) {
	rules := twoPolicies{shippedRules(t)}
	for name, c := range map[string]struct {
		state decidesBy
		says  []string
	}{
		"older rules decide": {decidesBy(rules.rev.Hash), []string{"Versi aturan 2 tidak dapat dimuat", "memakai versi 1", "residency_ok"}},
		"nothing decides":    {"", []string{"Versi aturan 2 tidak dapat dimuat", "cek tidak dapat dilakukan"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, Services{Policies: rules, RuleState: c.state})
			for role, does := range map[auth.Role]string{auth.PolicyApprover: `href="/rules/revisions#stop-title"`, auth.Puskesmas: "minta penyetuju"} {
				d.signInAs(role)
				a := d.get("/rules")
				if a.StatusCode != http.StatusOK {
					t.Fatalf("%s: status %d", role, a.StatusCode)
				}
				for _, want := range append(c.says, does) {
					if !strings.Contains(a.body, want) {
						t.Errorf("%s is not told %q", role, want)
					}
				}
			}
		})
	}
}
