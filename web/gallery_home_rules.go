package web

import (
	"time"

	"layak/policy"
	"layak/policy/workbench"
)

// homeRuleStates are the first page of who writes and of who approves rules, and the rules that a server cannot load.
func (s *Server) homeRuleStates() []State {
	home := func(b Base, r *ruleShelves) *homePage {
		b.Title, b.Section = "home.title", "queue"
		return &homePage{Base: b, RuleDesk: r, Data: []dataRow{{Kind: "residents", AsOf: "2026-11-01"}, {Kind: "welfare"}}}
	}
	when, rejected := galleryNow.AddDate(0, 1, 10), sampleProposal(policy.Rejected)
	coming := sampleProposal(policy.Approved)
	coming.Number, coming.ActivateAt = 14, &when
	coming.Hash = "sha256:19c0b2d4e1aa77"
	rejected.RejectedBy, rejected.Reason = "bambang", "Dasar hukumnya belum ada; lampirkan SK Bupati."
	freeze := workbench.Freeze{ID: "f1", From: "2026-12-01", Until: "2026-12-10", Reason: "Pilkada serentak dan penghitungan suara"}
	wait := workbench.Wait{Number: 14, Hash: coming.Hash, Chosen: when, From: when.AddDate(0, 0, 3), Freeze: freeze}
	draft := workbench.Draft{ID: "d1", Name: "Desil 6 mulai Januari", UpdatedAt: galleryNow.Add(-time.Hour), UpdatedBy: "dewi"}
	other := draft
	other.ID, other.Name = "d2", "Konsep dengan nama yang panjang sekali, sebagaimana orang menamai pekerjaannya bila tidak sempat memendekkannya"
	officer := &ruleShelves{MayWrite: true, Mend: []workbench.Proposal{rejected}, Mine: []workbench.Proposal{sampleProposal(policy.Proposed)},
		Drafts: []homeDraft{{draft, 2, true}, {other, 0, false}}, Coming: []workbench.Proposal{coming}, Waits: []workbench.Wait{wait}, Freezes: []workbench.Freeze{freeze}}
	approver := &ruleShelves{Decides: true, Decide: []workbench.Proposal{sampleProposal(policy.Proposed)},
		When: []workbench.Proposal{sampleProposal(policy.Approved)}, Own: []workbench.Proposal{sampleProposal(policy.Proposed)}}
	since := galleryNow.Add(-time.Hour)
	broken := &policy.Revision{Hash: "sha256:77aa19c0b2d4e1", Number: 13, Stage: policy.Active, ActivatedAt: &since}
	rules := func(b Base, number int) *rulesPage {
		b.Title, b.Section = "rules.title", "rules"
		return &rulesPage{Base: b, Broken: broken, Number: number, Desk: true}
	}
	return []State{
		{"home-officer", "home", home(asOfficer(""), officer)}, {"home-approver", "home", home(asApprover(""), approver)},
		{"home-rules-empty", "home", home(asOfficer(""), &ruleShelves{MayWrite: true})},
		{"rules-broken", "rules", rules(asApprover(""), 12)}, {"rules-broken-none", "rules", rules(asOfficer(""), 0)},
	}
}
