package web

import (
	"time"

	"layak/complaints"
	"layak/complaints/recheck"
	"layak/eligibility"
	"layak/internal/fault"
	"layak/policy"
)

// recheckStates are pages of cases whose answer changed since it was given. The people are invented.
func (s *Server) recheckStates() []State {
	w := s.words.For("id")
	items := []recheck.Item{
		{ID: "r1", Name: "Siti A•••••", Shown: "350919••••••0001", Need: "delivery", Old: "d1", New: "d2", From: policy.NotEligible, To: policy.Eligible,
			Why: "Data BPJS per 1 Des 2026 mencatat status JKN kini nonaktif. Warga ini pindah KK menurut data Dukcapil per 1 Des 2026.", Ticket: "3509-7K2M-QX9D-R", CaseState: complaints.Answered, Patient: 1,
			Unit: "PKM-KALIWATES", Village: "35.09.19.1001", OldAt: galleryNow.AddDate(0, -1, 0), ListedAt: galleryNow.Add(-3 * time.Hour), Status: recheck.Open},
		{ID: "r2", Name: "Raden A••••• S••••• A••••• K••••• M••••• binti H••••• A•••••", Shown: "350921••••••0042", Old: "d1", New: "d2", From: policy.NeedsInformation, To: policy.AlreadyCovered,
			Why: "Data BPJS per 1 Des 2026 mencatat kepesertaan baru (PBI-JK, aktif).", Village: "35.09.21.1001", OldAt: galleryNow.AddDate(0, -7, 0), ListedAt: galleryNow.Add(-50 * time.Hour), Status: recheck.Open},
		{ID: "r3", Old: "d1", New: "d2", From: policy.Eligible, To: policy.NotEligible, Why: "Aturan versi 12 menggantikan versi 11: syarat “Tergolong tidak mampu” dari desil 5 atau kurang menjadi desil 4 atau kurang.",
			Ticket: "3509-88QT-4M2K-7", Linked: true, OldAt: galleryNow.AddDate(0, 0, -2), ListedAt: galleryNow.Add(-time.Minute), Status: recheck.Open},
	}
	list := func(to policy.Outcome, items []recheck.Item) *rechecksPage {
		p := &rechecksPage{Base: inside("rechecks.title", "rechecks"), To: to, Counts: recheck.Counts{Total: len(items), To: map[policy.Outcome]int{}}}
		for _, it := range items {
			p.Counts.To[it.To]++
			row := s.newRecheckRow(w, it, galleryUnits)
			row.Age, row.Fresh = waitText(w, galleryNow.Sub(it.ListedAt)), false
			p.Rows = append(p.Rows, row)
		}
		p.Tabs, p.Good = recheckTabs(p.Counts), p.Counts.To[policy.Eligible]
		ended := galleryNow.Add(-3 * time.Hour)
		p.Run = newRecheckRun(recheck.Run{Reason: "data BPJS per 1 Des 2026 diterbitkan", FinishedAt: &ended, Total: 5120, Checked: 5120, Changed: 312})
		return p
	}
	full := list("", items)
	full.Next = "/rechecks?after=r3"
	running := list(policy.Eligible, items[:1])
	running.Run = newRecheckRun(recheck.Run{Reason: "data Dukcapil per 1 Des 2026 diterbitkan", Total: 5120, Checked: 2500, Changed: 31})
	first := list("", nil)
	first.Run = nil

	one := func(it recheck.Item) *recheckPage {
		row := s.newRecheckRow(w, it, galleryUnits)
		row.Age, row.Fresh = waitText(w, galleryNow.Sub(it.ListedAt)), false
		old := eligibility.Determination{ID: "d1", DecidedAt: it.OldAt, Decision: policy.Decision{Outcome: it.From, Summary: "Belum memenuhi syarat UHC: desil 9 di atas batas 5 dan tidak ada SKTM.",
			Findings: []policy.Finding{{Code: "need_not_met", Title: "Tergolong tidak mampu", Verdict: policy.NotMet, Seen: "Desil 9 dari 10", Source: "DTSEN, 1 Nov 2026"}}}}
		made := eligibility.Determination{ID: "d2", DecidedAt: it.ListedAt, Decision: policy.Decision{Outcome: it.To, Summary: "Layak. Dapat didaftarkan hari ini.",
			NextSteps: []string{"Daftarkan hari ini di e-Dabu.", "Beri tahu warga."}}}
		p := newRecheckPage(row, old, made)
		base := inside(p.Title, p.Section)
		p.Base, p.MayWork, p.MayFile = base, true, true
		return p
	}
	wrong := one(items[1])
	message := "Tulis mengapa warga ini tidak perlu dijawab, misalnya: sudah meninggal, atau sudah terdaftar lewat jalur lain."
	wrong.Base, wrong.Note, wrong.Dismissed = refused(wrong.Base, message, fault.Field{Name: "note", Message: message}), "ya", true
	done := items[0]
	at := galleryNow
	done.Status, done.DoneAt, done.Note = recheck.Answered, &at, "diberi tahu lewat telepon"
	ended := one(done)
	ended.MayWork, ended.MayFile = false, false
	return []State{
		{"rechecks", "rechecks", full},
		{"rechecks-running", "rechecks", running},
		{"rechecks-none", "rechecks", list("", nil)},
		{"rechecks-first", "rechecks", first},
		{"recheck", "recheck", one(items[0])},
		{"recheck-no-case", "recheck", one(items[1])},
		{"recheck-linked", "recheck", one(items[2])},
		{"recheck-refused", "recheck", wrong},
		{"recheck-ended", "recheck", ended},
	}
}
