package web

import (
	"maps"
	"strings"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

var galleryOfficer = auth.Actor{Name: "dewi", User: "dewi", Title: "Dewi Anggraini", Role: auth.PolicyOfficer, Unit: "DINKES"}

func asOfficer(title string) Base {
	return Base{Title: title, Section: "rules", Actor: galleryOfficer, Path: "/rules", Now: galleryNow}
}

// sampleDraft is a draft of the shipped rules with one file changed.
func sampleDraft() workbench.Draft {
	shipped := policy.Shipped()
	files := maps.Clone(shipped.Files)
	files["need.rego"] = []byte(strings.Replace(string(files["need.rego"]), "current.max_desil", "current.max_dessil", 1))
	return workbench.Draft{ID: "019e0000-0000-7000-8000-0000000000d1", Name: "Batas desil 6 mulai Januari", Base: shipped.Hash(), Files: files, Version: 7,
		State: workbench.Open, UpdatedAt: galleryNow, UpdatedBy: "dewi"}
}

// editorStates are pages of the editor of rules.
func (s *Server) editorStates() []State {
	say := "{}"
	page := func(b Base, file string) *editorPage {
		d := sampleDraft()
		b.Title = d.Name
		p := &editorPage{Base: b, Tries: b.Actor.Can(auth.PolicyTry), Draft: d, File: file, Text: string(d.Files[file]), Say: say, Nonce: "gallery"}
		for _, name := range d.Paths() {
			p.Files = append(p.Files, editorFile{Name: name, Current: name == file, Changed: name == "need.rego", Test: strings.HasSuffix(name, "_test.rego")})
		}
		return p
	}
	clean := page(asOfficer(""), "residency.rego")
	wrong := page(asOfficer(""), "need.rego")
	wrong.Problems = []policy.Problem{
		{File: "need.rego", Row: 55, Col: 27, Code: "param_unknown", Level: policy.Wrong, Message: "Parameter max_dessil tidak ada di data.json.", Fix: "Tulis max_desil, atau tambahkan parameternya di data.json."},
		{File: "need.rego", Row: 60, Col: 1, Code: "slow", Level: policy.Warning, Message: "Syarat ini dihitung lewat jalur lambat."},
	}
	for i := range wrong.Files {
		if wrong.Files[i].Name == "need.rego" {
			wrong.Files[i].Problems = 2
		}
	}
	wrong.Tests = &testPanel{ID: wrong.Draft.ID, Problem: "Uji belum dapat dijalankan: masih ada 1 masalah pada tulisan aturan."}
	ran := page(asOfficer(""), "need.rego")
	ran.Tests = sampleTests(ran.Draft.ID)
	read := page(inside("", "rules"), "data.json")
	read.ReadOnly = true
	const twice = "Berkas dengan nama ini sudah ada. Pakai nama lain."
	refusedPage := page(refused(asOfficer(""), twice, fault.Field{Name: "path", Message: twice}), "need.rego")
	refusedPage.Add = "need.rego"
	return []State{
		{"editor", "editor", clean},
		{"editor-problems", "editor", wrong},
		{"editor-tested", "editor", ran},
		{"editor-read", "editor", read},
		{"editor-refused", "editor", refusedPage},
	}
}

func sampleTests(id string) *testPanel {
	t := &testPanel{ID: id}
	t.fill(policy.TestReport{Passed: 2, Failed: 1, Covered: 91.4, Results: []policy.TestResult{
		{Name: "test_poor_resident_is_eligible", File: "eligibility_test.rego", Row: 22, Pass: true},
		{Name: "test_desil_six_is_refused_from_january_with_a_rather_long_name", File: "eligibility_test.rego", Row: 40, Message: "Syarat di baris 43 tidak terpenuhi.",
			Expected: `verdict("need_not_met", d) == {"not_met"}`, Got: "set()", FailedAt: &policy.Place{File: "eligibility_test.rego", Row: 43, Text: `verdict("need_not_met", d) == {"not_met"}`}},
		{Name: "test_clocks", File: "routing/routing_test.rego", Row: 12, Pass: true, Cases: []policy.CaseResult{{Name: "gawat darurat", Pass: true}}},
	}, Coverage: []policy.FileCoverage{{File: "need.rego", Covered: []policy.LineRange{{From: 6, To: 10}}, NotCovered: []policy.LineRange{{From: 12, To: 14}}}},
		Causes: []policy.CauseCases{{Code: "need_not_met", Title: "Belum tergolong tidak mampu", File: "need.rego", Row: 120, Missing: "Belum ada kasus uji yang menunjukkan syarat ini tidak menolak."}}})
	return t
}
