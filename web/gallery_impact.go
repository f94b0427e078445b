package web

import (
	"layak/eligibility/impact"
	"layak/policy"
)

// sampleImpact is what raising the limit of the desil would change, with invented people.
func sampleImpact() *impact.Result {
	met, not := policy.Reason{Code: "need_met", Verdict: policy.Met}, policy.Reason{Code: "need_not_met", Verdict: policy.NotMet}
	row := func(name string, people, before, gained, lost int) impact.Row {
		return impact.Row{Value: name, Name: name, Counts: impact.Counts{People: people, Gained: gained, Lost: lost, Same: people - gained - lost, Before: before, After: before + gained - lost}}
	}
	return &impact.Result{
		Base: "sha256:4f1c9a7722aa", Draft: "sha256:77aa19c0b2d4", At: galleryNow, ServiceOn: "2026-11-22", Path: "conditions", Classes: 1713,
		Counts: impact.Counts{People: 2_579_623, Gained: 103_512, Lost: 0, Unclear: 12, Reason: 7_204, Same: 2_468_895, Before: 611_420, After: 714_932},
		Dimensions: []impact.Dimension{
			{Key: "district", Title: "Kecamatan", Rows: []impact.Row{row("Kaliwates, Jember", 118_210, 20_114, 4_012, 0), row("Sumbersari, Jember", 131_009, 18_220, 3_871, 0), row("belum tercatat", 221, 0, 0, 0)}},
			{Key: "desil", Title: "Desil DTSEN", Rows: []impact.Row{row("Desil 5", 260_117, 188_021, 0, 0), row("Desil 6", 259_845, 2_011, 103_512, 0)}},
		},
		Where: []impact.Difference{{Group: impact.Gained, From: policy.NotEligible, To: policy.Eligible, Gone: []policy.Reason{not}, New: []policy.Reason{met}, People: 103_512, Classes: 31,
			Where: []impact.Where{{Column: "welfare.desil", Label: "Desil DTSEN", Values: []string{"6"}, Text: "Desil DTSEN 6"}}}},
		Samples: []impact.Sample{
			{Group: impact.Gained, NIK: "350919••••••0001", Sex: "P", Age: "45–59", Village: "Mangli, Kaliwates", Desil: "6", Segment: "mandiri", From: policy.NotEligible, To: policy.Eligible, Gone: []policy.Reason{not}, New: []policy.Reason{met}},
			{Group: impact.Gained, NIK: "350921••••••0042", Age: "0–4", Village: "Karangrejo, Sumbersari", Desil: "6", From: policy.NotEligible, To: policy.Eligible, New: []policy.Reason{met}},
			{Group: impact.Reason, NIK: "350919••••••0077", From: policy.NotEligible, To: policy.NotEligible, Gone: []policy.Reason{not}},
		},
		Profile: []impact.Profile{{Columns: []string{"welfare.desil"}, Label: "Desil DTSEN", Codes: []string{"need_met"}, Empty: 126_401, Distinct: 10, Classes: 3, Text: "Syarat “Tergolong tidak mampu” membaca Desil DTSEN: 4,9 % kosong."}},
		Cost:    &impact.Cost{Premium: 35_000, ValidFrom: "2020-07-01", Source: "Perpres 64/2020 (perlu dicek)", Gained: 3_622_920_000, Net: 3_622_920_000},
		Check:   impact.Check{Compared: 25_797, Full: true},
	}
}

// impactStates are pages of previews over the whole registry.
func (s *Server) impactStates() []State {
	w := s.words.For("id")
	titles := map[string]string{"need_met": "Tergolong tidak mampu", "need_not_met": "Tergolong tidak mampu"}
	page := func(r *impact.Result) *impactPage {
		p := &impactPage{Base: asOfficer("impact.title"), Back: "/rules/drafts/d1", Self: "/rules/drafts/d1/impact", Draft: "Batas desil 6 mulai Januari",
			Against: w.T("impact.against", "N", 12), MayRun: true, MayName: true, Months: replayMonths}
		if r != nil {
			newImpactResult(p, w, r, titles)
		}
		return p
	}
	running := page(nil)
	running.MayRun, running.Run = false, &impactRun{ID: "i1", Running: true, Stage: w.T("impact.stage_decide"), Done: 800, Total: 1713, Percent: 46}
	failed := page(nil)
	failed.Run = &impactRun{ID: "i1", Failed: "Aturan ini dihentikan karena terlalu lama menghitung. Sederhanakan syaratnya, lalu coba lagi."}
	void := sampleImpact()
	void.Check.Differences = 3
	nothing := &impact.Result{Path: "each", At: galleryNow, ServiceOn: "2026-11-22", Counts: impact.Counts{People: 120, Same: 120, Before: 11, After: 11}, Check: impact.Check{Compared: 120}}
	slow := sampleImpact()
	slow.Path, slow.Classes = "values", 48_120
	full := page(sampleImpact())
	full.Begins, full.Day = "1 Jan 2027", "2027-01-01"
	full.Replay = &impact.Replayed{Months: 6, Answers: 5120, ServiceOn: "2027-01-01", Stored: impact.Compared{Counts: impact.Counts{People: 5120, Gained: 298, Same: 4822}},
		Today: impact.Compared{Counts: impact.Counts{People: 5120, Gained: 312, Same: 4808}, Already: 21, Moves: []impact.Move{{From: policy.NotEligible, To: policy.Eligible, People: 312}},
			Changed: []impact.Answer{{ID: "01a2024e-5da2-7abc-8def-0123456789ab", From: policy.NotEligible, To: policy.Eligible}}, More: 311}}
	old := page(sampleImpact())
	old.Outdated = true
	deadlines := page(nothing)
	deadlines.OnlyRouting, deadlines.Routes, deadlines.MaySee = true, true, true
	deadlines.Routing = newImpactRouting(w, sampleRerouted(), true, "2026-11-22")
	papers := page(nothing)
	papers.Unseen = "berkas (misalnya SKTM)"
	papers.Replay = &impact.Replayed{Months: 6, Answers: 5120, Stored: impact.Compared{Counts: impact.Counts{People: 5120, Lost: 41, Same: 5079}}, Today: impact.Compared{Counts: impact.Counts{People: 5120, Same: 5120}}}
	steps := page(dearer())
	steps.Days = []impactDay{{Day: "2026-11-22", Counts: &impact.Counts{People: 120, Gained: 4}, Cost: &impact.Cost{Net: 168_000}}, {Day: "2027-01-01"}}
	waits := page(sampleImpact())
	waits.MayRun, waits.Run, waits.Outdated, waits.Stale = false, running.Run, true, "Data penduduk sudah berganti sejak dampaknya dihitung. Hitung lagi."
	waits.Routes, waits.Unseen, waits.Days = true, papers.Unseen, steps.Days
	begins := sampleRerouted()
	begins.ServiceOn = "2027-01-01"
	later := page(sampleImpact())
	later.Routes, later.Routing = true, newImpactRouting(w, begins, true, "2026-11-22")
	return []State{
		{Name: "impact-complaints", Template: "impact", Page: deadlines},
		{Name: "impact-papers", Template: "impact", Page: papers},
		{Name: "impact-steps", Template: "impact", Page: steps},
		{Name: "impact-waits", Template: "impact", Page: waits},
		{Name: "impact-complaints-later", Template: "impact", Page: later},
		{Name: "impact-none", Template: "impact", Page: page(nil)},
		{Name: "impact-running", Template: "impact", Page: running},
		{Name: "impact", Template: "impact", Page: full},
		{Name: "impact-old", Template: "impact", Page: old},
		{Name: "impact-slow", Template: "impact", Page: page(slow)},
		{Name: "impact-void", Template: "impact", Page: page(void)},
		{Name: "impact-nothing", Template: "impact", Page: page(nothing)},
		{Name: "impact-failed", Template: "impact", Page: failed},
	}
}

// sampleRerouted is the slip of a keyboard that gives sixty days to verify, on invented complaints.
func sampleRerouted() *impact.Rerouted {
	later := impact.RoutingMove{What: "clock:verify", From: "3", To: "60", By: 57, Measure: "working_days", Now: true, Cases: 118}
	desk := impact.RoutingMove{What: "desk", From: "Kelurahan Mangli", To: "Dinas Dukcapil", Cases: 7}
	return &impact.Rerouted{At: galleryNow, ServiceOn: "2026-11-22", Cases: 342, Classes: 61, Changed: 131, Check: impact.Check{Compared: 342, Full: true},
		Groups: []impact.RoutingGroup{
			{Key: impact.RoutingRefused, Cases: 2, Moves: []impact.RoutingMove{{What: "refused", Cases: 2}}, Samples: []impact.RoutingSample{{Ticket: "3509-7KQ2-M4TX-C", Moves: []impact.RoutingMove{{What: "refused"}}}}},
			{Key: impact.RoutingLater, Cases: 118, Moves: []impact.RoutingMove{later}, Samples: []impact.RoutingSample{{Ticket: "3509-7KQ2-M4TX-C", Moves: []impact.RoutingMove{later}}}},
			{Key: impact.RoutingClass, Cases: 4, Moves: []impact.RoutingMove{{What: "class", From: "oversight", To: "complaint", Cases: 4}}},
			{Key: impact.RoutingDesk, Cases: 7, Moves: []impact.RoutingMove{desk}, Samples: []impact.RoutingSample{{Ticket: "3509-9ZKQ-11TX-A", Moves: []impact.RoutingMove{desk}}}},
		}}
}

// dearer is a preview of rules that raise the premium.
func dearer() *impact.Result {
	r := sampleImpact()
	r.Cost = &impact.Cost{Premium: 45_000, Before: 42_000, Paid: 81_310, ValidFrom: "2027-01-01", Source: "SK Bupati 188/2026", Gained: 180_000, Dearer: 243_930_000, Net: 244_110_000}
	return r
}
