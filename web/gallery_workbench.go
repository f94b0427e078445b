package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"layak/eligibility/impact"
	"layak/eligibility/trial"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/i18n"
	"layak/policy"
	"layak/policy/workbench"
)

var galleryApprover = auth.Actor{Name: "bambang", User: "bambang", Title: "Bambang Irawan", Role: auth.PolicyApprover, Unit: "DINKES"}

func asApprover(title string) Base {
	b := asOfficer(title)
	b.Actor = galleryApprover
	return b
}

// sampleStanding is a draft that may be proposed.
func sampleStanding() workbench.Standing {
	return workbench.Standing{Report: workbench.Report{
		Tests: policy.TestReport{Passed: 164, Covered: 93.2, Causes: make([]policy.CauseCases, 14)},
		Impact: &workbench.Impact{ID: "i1", People: 2_579_623, Eligible: 714_932, Before: 611_420, Gained: 103_512, Other: 7_204, Unknown: 88_120,
			Rupiah: 3_622_920_000, Compared: 25_797, Path: "conditions", Classes: 1713, Registry: 14, ServiceOn: "2027-01-01", FinishedAt: galleryNow},
		Routing: &workbench.Routing{ServiceOn: "2027-01-01", Cases: 342, Changed: 131, Later: 118, Class: 4, Desk: 7, Refused: 2, Compared: 342},
		Days:    []workbench.Impact{{ServiceOn: "2026-11-22", People: 2_579_623, Gained: 51_200, Rupiah: 1_792_000_000}, {ServiceOn: "2027-01-01", People: 2_579_623, Gained: 103_512, Rupiah: 3_622_920_000}},
	}}
}

// sampleProposal is the change of one figure.
func sampleProposal(stage policy.Stage) workbench.Proposal {
	at := galleryNow.Add(-3 * time.Hour)
	return workbench.Proposal{
		Revision: policy.Revision{Hash: "sha256:77aa19c0b2d4e1", Number: 13, Stage: stage, CreatedAt: at, CreatedBy: "dewi",
			Note: "Batas desil naik dari 5 ke 6 mulai 1 Januari 2027, sesuai SK Bupati 188/XII/2026."},
		Draft: "d1", Base: "sha256:4f1c9a7722aa", Editors: []string{"dewi"}, Report: sampleStanding().Report, ProposedAt: at, ProposedBy: "dewi",
	}
}

// workbenchStates are pages of the life of rules.
func (s *Server) workbenchStates() []State {
	return slices.Concat(s.draftStates(), s.proposalStates(), s.revisionStates(), s.signerStates(), s.homeRuleStates())
}

func (s *Server) draftStates() []State {
	shipped := policy.Shipped()
	desk := func(b Base) *draftsPage {
		b.Title = "workbench.title"
		since := galleryNow.AddDate(0, -2, 0)
		return &draftsPage{Base: b, MayWrite: b.Actor.Role == auth.PolicyOfficer,
			Active: policy.Revision{Hash: "sha256:4f1c9a7722aa", Number: 12, Stage: policy.Active, Note: "Aturan bawaan program", ActivatedAt: &since}}
	}
	busy := desk(asOfficer(""))
	when := galleryNow.AddDate(0, 1, 10)
	later := sampleProposal(policy.Approved)
	later.ActivateAt, later.Number = &when, 14
	busy.Waiting = []workbench.Proposal{later, sampleProposal(policy.Proposed)}
	busy.Drafts = []workbench.Draft{sampleDraft(), {ID: "d2", Name: strings.Repeat("Kader posyandu dan keluarganya ", 3), UpdatedAt: galleryNow, UpdatedBy: "dewi"}}
	busy.Wishes = []trial.Wish{{Check: "019e0000-0000-7000-8000-0000000000c1", Outcome: policy.NotEligible, Codes: []string{"alive", "need_not_met", "resident"}, Note: "desil 7 tanpa SKTM, anak sendiri tanpa kartu keluarga", At: galleryNow, By: "rini"}}
	busy.Waits = []workbench.Wait{{Number: 14, Hash: later.Hash, Chosen: when, From: when.AddDate(0, 0, 5), Freeze: workbench.Freeze{Reason: "Pemilihan bupati"}}}
	gone := sampleProposal(policy.Rejected)
	gone.RejectedBy, gone.Reason, gone.RejectedAt = "bambang", "SK bupati belum terbit; ajukan lagi sesudah nomornya ada.", &galleryNow
	busy.Rejected = []workbench.Proposal{gone}
	busy.Closed = []workbench.Draft{{ID: "d3", Name: "Percobaan aturan kader", State: workbench.Withdrawn, UpdatedAt: galleryNow, UpdatedBy: "dewi"}}
	many := desk(asOfficer(""))
	for i := range 12 {
		many.Drafts = append(many.Drafts, workbench.Draft{ID: "d" + strconv.Itoa(i), Name: "Konsep " + strconv.Itoa(i+1) + ": " + strings.Repeat("usulan bersama ", i%4+1), UpdatedAt: galleryNow, UpdatedBy: "dewi"})
	}
	const nameless = "Beri konsep ini nama yang pendek, misalnya: Batas desil 6 mulai Januari."
	wrong := desk(refused(asOfficer(""), nameless, fault.Field{Name: "name", Message: nameless}))

	draft := func(b Base, changed bool) *draftPage {
		d := sampleDraft()
		d.Files = shipped.Files
		b.Title = d.Name
		p := &draftPage{Base: b, Words: sampleWords(), Draft: d, MayWrite: b.Actor.Role == auth.PolicyOfficer, Tries: b.Actor.Can(auth.PolicyTry), Standing: sampleStanding()}
		p.params(s.words.For("id"), "2026-11-22", shipped.Files)
		if changed {
			p.Changed = []fileChange{{Name: "data.json", Plus: 1}, {Name: "routing/desk.rego", Plus: 4, Minus: 2}, {Name: "kader.rego", Added: true, Plus: 31}}
			p.Params[0].Params[0].Changed = true
			p.Params[0].Params[0].Coming = []comingValue{{"2027-01-01", "6 desil", "SK Bupati 188/XII/2026"}}
		}
		return p
	}
	fresh := draft(asOfficer(""), false)
	fresh.Standing = workbench.Standing{Report: workbench.Report{Tests: policy.TestReport{Passed: 164, Covered: 93.2}},
		Hindrances: []workbench.Hindrance{{Code: "no_change", Message: "Konsep ini sama dengan aturan yang berlaku. Ubah dulu sesuatu."},
			{Code: "impact_missing", Message: "Dampaknya belum dihitung terhadap aturan yang berlaku sekarang. Jalankan hitungan dampak dulu."}}}
	pending := draft(asOfficer(""), true)
	pending.Standing, pending.Pending = workbench.Standing{}, true
	closed := draft(asOfficer(""), true)
	closed.Draft.State, closed.MayWrite, closed.GoesOn = workbench.Withdrawn, false, true
	failing := draft(asOfficer(""), true)
	failing.Standing = workbench.Standing{Report: workbench.Report{Tests: policy.TestReport{Passed: 160, Failed: 1, Covered: 91}},
		Hindrances: []workbench.Hindrance{{Code: "tests_failed", Message: "1 dari 161 uji tidak lulus."}}}
	failing.Failed = []policy.TestResult{{Name: "test_desil_six", File: "need_test.rego", Row: 40, Message: "Syarat di baris 43 tidak terpenuhi.", Expected: `verdict("need_not_met", d) == {"not_met"}`}}
	foreign := draft(asOfficer(""), true)
	foreign.Standing = workbench.Standing{Hindrances: []workbench.Hindrance{{Code: "lint", Message: "Ada 1 hal pada tulisan aturan yang perlu dibenahi."}}}
	foreign.Blocking = []policy.Problem{{File: "titipan.rego", Row: 1, Col: 1, Level: policy.Wrong, Message: "Paket titipan.aturan di luar layak.", Fix: "Mulai nama paket dengan layak."}}
	moved := draft(asOfficer(""), true)
	moved.Moved = &workbench.Moved{Base: policy.Revision{Number: 11}, Active: policy.Revision{Number: 12, Hash: shipped.Hash()}, Theirs: []string{"data.json", "need.rego"},
		Undone: []string{"Umur SKTM yang masih diterima: 90 hari mulai 1 Des 2026", "perubahan pada need.rego"},
		Conflicts: []workbench.Conflict{{Key: "data.json:max_desil:2027-01-01", File: "data.json", Title: "Desil DTSEN tertinggi yang tergolong tidak mampu", Day: "2027-01-01",
			Base: workbench.Side{Gone: true}, Theirs: workbench.Side{Text: "10 desil", Source: "SK Bupati 201/XII/2026"}, Ours: workbench.Side{Text: "6 desil", Source: "SK Bupati 188/XII/2026"}},
			{Key: "need.rego#1", File: "need.rego", Row: 61, Base: workbench.Side{Text: "desil <= limit\n"}, Theirs: workbench.Side{Text: "desil < limit\n"}, Ours: workbench.Side{Text: "desil <= limit + 1\n"}}}}
	moved.Chosen = map[string]workbench.Choice{"need.rego#1": workbench.TakeBoth}
	moved.Errors = Problems{{Name: "data.json:max_desil:2027-01-01", Message: "Pilih salah satu."}}
	moved.Standing = moved.Standing.Hinder(*moved.Moved)
	large := draft(refused(asOfficer(""), "Ketik jumlahnya.", fault.Field{Name: "confirm", Message: "Aturan ini mengubah hasil 310.512 orang, 12 % dari penduduk. Bila memang itu yang dimaksud, ketik jumlahnya: 310.512."}), true)
	large.Standing.Confirm, large.Standing.Warning = 310_512, "Aturan ini mengubah hasil 310.512 orang, 12 % dari penduduk."
	large.Note, large.Confirm = "Batas desil naik", "300.000"
	const number = "Isi dengan bilangan bulat, tanpa titik atau huruf."
	param := draft(refused(asOfficer(""), number, fault.Field{Name: "value", Message: number}), true)
	param.Open, param.Typed = "max_desil", paramForm{"enam", "2027-01-01", "SK Bupati"}
	return []State{
		{"drafts", "drafts", busy}, {"drafts-empty", "drafts", desk(asOfficer(""))}, {"drafts-many", "drafts", many}, {"drafts-refused", "drafts", wrong}, {"drafts-approver", "drafts", desk(asApprover(""))},
		{"draft", "draft", draft(asOfficer(""), true)}, {"draft-fresh", "draft", fresh}, {"draft-pending", "draft", pending}, {"draft-failing", "draft", failing}, {"draft-foreign", "draft", foreign}, {"draft-moved", "draft", moved}, {"draft-closed", "draft", closed},
		{"draft-large", "draft", large}, {"draft-param", "draft", param}, {"draft-read", "draft", draft(asApprover(""), true)},
	}
}

func (s *Server) proposalStates() []State {
	old := policy.Shipped().Files
	page := func(b Base, stage policy.Stage) *proposalPage {
		b.Title = s.words.For("id").T("workbench.proposal_n", "N", 13)
		p := &proposalPage{Base: b, Words: sampleWords(), Proposal: sampleProposal(stage), From: policy.Revision{Number: 12},
			Decides: b.Actor.Role == auth.PolicyApprover, Remarked: true, Nonce: "gallery"}
		comments := []workbench.Comment{
			{ID: "1", Path: "need.rego", Line: 55, Text: "Apakah SK-nya sudah terbit?", By: "bambang", At: galleryNow},
			{ID: "2", Path: "need.rego", Line: 3, Text: "Kalimat pembuka ini perlu ikut disesuaikan: " + strings.Repeat("batasnya kini parameter, bukan angka. ", 4), By: "dewi", At: galleryNow},
			{Text: "Mohon dilampirkan dasar hukumnya.", By: "bambang", At: galleryNow}}
		p.Files = fileDiffs(old, sampleDraft().Files, comments)
		p.Remarks = wholeRemarks(comments, "")
		return p
	}
	own := page(asApprover(""), policy.Proposed)
	own.MayNot = "Anda ikut menulis usulan ini, jadi tidak dapat menyetujuinya. Minta orang lain yang berhak menyetujui."
	when := galleryNow.AddDate(0, 1, 10)
	approved := page(asApprover(""), policy.Approved)
	approved.Proposal.ApprovedAt, approved.Proposal.ApprovedBy, approved.Proposal.ActivateAt = &galleryNow, "bambang", &when
	const past = "Waktu mulai berlaku sudah lewat. Pilih waktu yang akan datang, atau berlakukan sekarang."
	late := page(refused(asApprover(""), past, fault.Field{Name: "when", Message: past}), policy.Approved)
	late.Proposal.ApprovedAt, late.Proposal.ApprovedBy, late.When = &galleryNow, "bambang", "2026-11-01T00:00"
	late.Wait = &workbench.Wait{Number: 13, From: when.AddDate(0, 0, 5), Freeze: workbench.Freeze{Reason: "Pemilihan bupati"}}
	held := page(asApprover(""), policy.Approved)
	held.Held, held.Stale = "Sejak diusulkan, aturan yang berlaku sudah berganti menjadi versi 14. Usulan ini akan membatalkan: Umur SKTM yang masih diterima: 90 hari mulai 1 Des 2026. Hitung lagi dampaknya terhadap versi 14, atau tolak usulan ini dan minta konsepnya dimutakhirkan.", true
	slow := page(asApprover(""), policy.Proposed)
	slow.Proposal.Report.Impact = &workbench.Impact{ID: "i2", People: 2_579_623, Eligible: 714_932, Gained: 103_512, Compared: 25_797, Path: "values", Classes: 48_120}
	empty := page(asApprover(""), policy.Proposed)
	empty.Proposal.Report.Impact = &workbench.Impact{}
	no := page(asOfficer(""), policy.Rejected)
	no.Proposal.RejectedBy, no.Proposal.Reason, no.GoesOn = "bambang", "SK bupati belum terbit.", "Batas desil 6 mulai Januari"
	return []State{
		{"proposal", "proposal", page(asApprover(""), policy.Proposed)}, {"proposal-officer", "proposal", page(asOfficer(""), policy.Proposed)},
		{"proposal-own", "proposal", own}, {"proposal-approved", "proposal", approved}, {"proposal-late", "proposal", late},
		{"proposal-held", "proposal", held}, {"proposal-slow", "proposal", slow}, {"proposal-empty", "proposal", empty}, {"proposal-rejected", "proposal", no},
	}
}

func (s *Server) revisionStates() []State {
	t := galleryNow.AddDate(0, -1, 0)
	page := func(b Base) *revisionsPage {
		b.Title = "workbench.revisions"
		decides := b.Actor.Role == auth.PolicyApprover
		return &revisionsPage{Base: b, Decides: decides, CanStop: decides, Exports: b.Actor.Can(auth.PolicyTry), Rows: []revisionRow{
			{Revision: policy.Revision{Hash: "sha256:77aa19c0b2d4e1", Number: 3, Stage: policy.Active, Note: "Batas desil 6", CreatedAt: t, CreatedBy: "dewi", ApprovedBy: "bambang", ActivatedAt: &t}, Proposal: true},
			{Revision: policy.Revision{Hash: "sha256:1122aa", Number: 2, Stage: policy.Retired, Note: "Batas desil 4", CreatedAt: t, CreatedBy: "dewi", ApprovedBy: "bambang", ActivatedAt: &t, RetiredAt: &t}, Proposal: true,
				Impact: &impact.Result{Counts: impact.Counts{People: 2_579_623, Lost: 103_512}}},
			{Revision: policy.Revision{Hash: "sha256:4f1c9a7722aa", Number: 1, Stage: policy.Retired, Note: "Aturan bawaan program", CreatedAt: t, CreatedBy: "system", ActivatedAt: &t, RetiredAt: &t}},
		}, Switches: []switchRow{{workbench.Switch{Kind: workbench.Scheduled, By: "system", At: t}, 3, 2},
			{workbench.Switch{Kind: workbench.Emergency, Reason: "Semua pasien PBI ditolak", By: "bambang", At: t}, 1, 2}},
			Freezes: []workbench.Freeze{{ID: "f1", From: "2029-06-01", Until: "2029-07-10", Reason: "Pemilihan bupati", By: "bambang", At: t}},
			Waits:   []workbench.Wait{{Number: 4, Hash: "sha256:88bb", Chosen: t.AddDate(2, 7, 0), From: t.AddDate(2, 9, 0), Freeze: workbench.Freeze{ID: "f1"}}}}
	}
	stopped := page(asOfficer(""))
	stopped.Rules = &ruleNotice{Stopped: &workbench.Switch{Kind: workbench.Emergency, Reason: "Semua pasien PBI ditolak sejak pagi", By: "bambang", At: galleryNow}, Behind: "sha256:77aa19c0b2d4e1"}
	quiet := page(asApprover(""))
	quiet.Switches, quiet.Freezes, quiet.Rows, quiet.CanStop = nil, nil, quiet.Rows[:1], false
	const why = "Tulis alasan mengapa versi lama diberlakukan lagi."
	wrong := page(refused(asApprover(""), why, fault.Field{Name: "reason", Message: why}))
	wrong.For = "sha256:1122aa"
	return []State{
		{"revisions", "revisions", page(asApprover(""))}, {"revisions-stopped", "revisions", stopped},
		{"revisions-quiet", "revisions", quiet}, {"revisions-refused", "revisions", wrong},
	}
}

// params shows the parameters of the draft at a day.
func (p *draftPage) params(w *i18n.Printer, today string, base map[string][]byte) {
	groups, err := paramsOfDraft(w, p.Draft.Bundle(), policy.Bundle{Files: base}, today)
	if err != nil {
		p.Unread = "workbench.params_unread"
		return
	}
	p.Params = groups
}

// sampleWords is a change in words.
func sampleWords() changeWords {
	return changeWords{Values: []changedValue{{Title: "Desil DTSEN tertinggi yang tergolong tidak mampu", From: "5 desil", To: "6 desil", Day: "2027-01-01", Source: "SK Bupati 188/2026"}},
		Changed: []string{"Tergolong tidak mampu", "SKTM dan desil berbeda"}, New: []string{"Pekerja musiman"},
		Others: []string{"cara hasil cek disimpulkan", "saran layanan"}}
}
