package web

import (
	"layak/eligibility/impact"
	"layak/eligibility/trial"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// trialStates are pages of test people. All of them are invented.
func (s *Server) trialStates() []State {
	d := sampleDraft()
	samples := trial.Samples()
	need := policy.Finding{Code: "need_not_met", Title: "Tergolong tidak mampu", Verdict: policy.NotMet, Seen: "Desil 6 dari 10", Limit: "desil 5 atau kurang"}
	met := policy.Finding{Code: "need_met", Title: "Tergolong tidak mampu", Verdict: policy.Met, Seen: "Desil 6 dari 10", Limit: "desil 6 atau kurang"}
	yes, no := policy.Decision{Outcome: policy.Eligible, Summary: "Layak. Dapat didaftarkan hari ini."}, policy.Decision{Outcome: policy.NotEligible}
	rows := []trial.Comparison{
		{Person: samples[2], Before: no, After: yes, Kind: trial.OtherOutcome, Gone: []policy.Finding{need}, New: []policy.Finding{met}},
		{Person: samples[1], Before: yes, After: yes, Kind: trial.OtherWords},
		{Person: samples[0], Before: yes, After: yes, Kind: trial.Same},
	}
	page := func(b Base, rows []trial.Comparison, differ int) *tryPeoplePage {
		return &tryPeoplePage{Base: b, Draft: d, Day: "2026-11-21", Rows: rows, Differ: differ}
	}
	told := page(asOfficer("trials.title"), rows, 1)
	told.Day, told.Begins = "2027-01-01", true
	told.complaints(s.words.For("id"), []trial.Routed{
		{Complaint: trial.Complaints()[3], Refused: true},
		{Complaint: trial.Complaints()[0], After: policy.Routing{Class: "complaint", Priority: "high"}, Moves: []impact.RoutingMove{{What: "clock:verify", From: "3", To: "60", By: 57, Measure: "working_days"}}},
		{Complaint: trial.Complaints()[7], After: policy.Routing{Class: "complaint", Priority: "normal"}},
	})
	real := page(asOfficer("trials.title"), rows, 1)
	real.Real = &trial.Comparison{Person: trial.Person{Name: "350919••••••0001"}, Before: no, After: yes, Gone: []policy.Finding{need}, New: []policy.Finding{met}}
	cut := page(asOfficer("trials.title"), nil, 0)
	cut.Cut = "Aturan ini belum dapat dipakai: masih ada 2 masalah pada tulisan aturan."
	const purpose = "Tulis alasan singkat, misalnya: mencoba batas desil pada keluhan 3509-7KQ2-M4TX-C."
	form := func(b Base, x trial.Person) *testPersonPage {
		p := &testPersonPage{Base: b, ID: x.ID, Name: x.Name, Note: x.Note, Villages: villageGroups("35.09"), Facts: "{}"}
		p.show(x.Facts)
		return p
	}
	own := samples[3]
	own.ID = "019e0000-0000-7000-8000-0000000000e1"
	sample := form(asOfficer(samples[0].Name), samples[0])
	sample.ReadOnly, sample.Sample = true, true
	const name = "Beri orang uji nama yang pendek, misalnya: Bu Siti, desil 6, hamil."
	return []State{
		{"trials-complaints", "try_people", told},
		{"trials", "try_people", page(asOfficer("trials.title"), rows, 1)},
		{"trials-same", "try_people", page(inside("trials.title", "rules"), rows[2:], 0)},
		{"trials-real", "try_people", real},
		{"trials-cut", "try_people", cut},
		{"trials-refused", "try_people", page(refused(asOfficer("trials.title"), purpose, fault.Field{Name: "purpose", Message: purpose}), rows, 1)},
		{"trials-why", "try_person", &tryPersonPage{Base: asOfficer(samples[2].Name), Draft: d, Person: samples[2], Day: "2026-11-21", Sides: []explained{sampleExplained("trials.by_draft"), {Title: "trials.by_active", Problem: cut.Cut}}}},
		{"test-people", "test_people", &testPeoplePage{Base: asOfficer("trials.people"), Own: []trial.Person{own}, Samples: samples}},
		{"test-people-none", "test_people", &testPeoplePage{Base: asOfficer("trials.people"), Samples: samples}},
		{"case-new", "case_new", &casePage{Base: asOfficer("cases.title"), Drafts: []workbench.Draft{d}, Draft: d.ID, Check: "019e0000-0000-7000-8000-0000000000c1",
			Shows: &trial.Wish{Outcome: policy.NotEligible, Codes: []string{"alive", "need_not_met", "resident"}, Note: "desil 7 tanpa SKTM"}}},
		{"wish-new", "wish_new", &wishPage{Base: inside("wishes.title", "checks"), Check: "019e0000-0000-7000-8000-0000000000c1"}},
		{"wish-new-refused", "wish_new", &wishPage{Base: refused(inside("wishes.title", "checks"), "Jangan tulis nama atau nomor orang. Tulis keadaannya saja, misalnya: desil 7 tanpa SKTM.",
			fault.Field{Name: "note", Message: "Jangan tulis nama atau nomor orang. Tulis keadaannya saja, misalnya: desil 7 tanpa SKTM."}), Note: "Bu Siti", Check: "c1"}},
		{"case-new-no-draft", "case_new", &casePage{Base: asOfficer("cases.title")}},
		{"case-new-refused", "case_new", &casePage{Base: refused(asOfficer("cases.title"), name, fault.Field{Name: "name", Message: name}), Drafts: []workbench.Draft{d}}},
		{"test-person", "test_person", form(asOfficer(own.Name), own)},
		{"test-person-sample", "test_person", sample},
		{"test-person-refused", "test_person", form(refused(asOfficer("trials.new"), name, fault.Field{Name: "name", Message: name}), trial.Person{})},
	}
}

func sampleExplained(title string) explained {
	return explained{Title: title, Explanation: policy.Explanation{Decision: policy.Decision{Outcome: policy.Eligible}, Summary: "Semua syarat terpenuhi, jadi Layak.", Steps: []policy.Step{
		{Code: "need_met", Title: "Tergolong tidak mampu", Holds: true, Verdict: policy.Met, Sentence: "Desil 6 tidak lebih dari batas 6, jadi tergolong tidak mampu.", Article: "UU 40/2004 Pasal 17", Deciding: []policy.Condition{{Text: "desil paling banyak 6 (desil DTSEN tertinggi yang tergolong tidak mampu)", Seen: "desil: 6", Holds: true, Asked: true}}, Conditions: []policy.Condition{
			{Text: "cara menilai ketidakmampuan adalah wajib", Seen: "cara menilai ketidakmampuan: wajib", Holds: true, Asked: true}, {Text: "ketidakmampuan menentukan", Holds: true, Asked: true, Parts: []policy.Condition{{Text: "desil tercatat", Seen: "6", Holds: true, Asked: true}}}}},
		{Code: "need_not_met", Title: "Tergolong tidak mampu", Sentence: "Tidak berlaku: desil 6 tidak lebih dari batas 6.", Conditions: []policy.Condition{{Text: "desil lebih dari batas", Seen: "desil: 6, batas: 6", Asked: true}, {Text: "tidak ada SKTM"}}},
	}}}
}
