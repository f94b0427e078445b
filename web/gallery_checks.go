package web

import (
	"time"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/policy"
)

// sampleDetermination is a whole invented result of the wanted outcome.
func sampleDetermination(o policy.Outcome) eligibility.Determination {
	desil := 2
	d := eligibility.Determination{
		ID: "019e7a3c-0000-7000-8000-000000000001", NIK: "3509195708850001", Subject: eligibility.Subject{NIK: "3509195708850001"},
		Revision: "sha256:4f1c9a7722aa", Engine: "1.22.2", DecidedAt: galleryNow, DecidedBy: "rini", Purpose: "Melayani warga di loket",
		Decision: policy.Decision{Outcome: o, Advice: policy.NoAdvice},
		Facts: policy.Input{At: galleryNow.In(eligibility.WIB), ServiceOn: "2026-11-21", Office: policy.Office{Regency: "35.09"}, Subject: "nik", Need: "inpatient",
			Resident:  &policy.Resident{NIK: "3509195708850001", BirthDate: "1985-08-17", Sex: "P", Village: "35.09.19.1001", Regency: "35.09"},
			Household: &policy.Household{KK: "3509191203090007"}, Welfare: &policy.Welfare{Desil: &desil},
			Evidence: []policy.Evidence{{Kind: "ktp"}, {Kind: "kk"}}},
	}
	d.Findings = []policy.Finding{
		{Code: "residency_ok", Title: "KTP dan KK Kabupaten Jember", Verdict: policy.Met, Article: "Perpres 82/2018 Pasal 6", Seen: "Kelurahan Mangli, Kecamatan Kaliwates", Source: "Dukcapil, 1 Nov 2026", Remedy: "Tidak ada."},
		{Code: "need_met", Title: "Tergolong tidak mampu", Verdict: policy.Met, Article: "Pertimbangan program", Seen: "Desil 2 dari 10", Limit: "batas 5", Source: "DTSEN, 1 Okt 2026", Remedy: "Tidak ada."},
		{Code: "cover_none_active", Title: "Belum dijamin segmen lain yang aktif", Verdict: policy.Met, Article: "Perpres 82/2018", Seen: "JKN mandiri, nonaktif karena iuran", Source: "BPJS, 15 Nov 2026", Remedy: "Tidak ada."},
		{Code: "mandiri_inactive_move", Title: "Tunggakan iuran tidak hapus", Verdict: policy.Note, Article: "Perpres 64/2020 Pasal 42", Seen: "Tanyakan denda rawat inap ke BPJS, jangan menjanjikan", Source: "BPJS, 15 Nov 2026", Remedy: "Pindahkan segmen sekeluarga lewat e-Dabu. Tunggakan tetap tercatat; tanyakan denda rawat inap ke BPJS."},
	}
	switch o {
	case policy.Eligible:
		d.Summary = "Dapat aktif hari ini setelah didaftarkan puskesmas."
		d.NextSteps = []string{"Daftarkan di e-Dabu sebagai PBPU Pemda.", "Beri tahu warga: tunjukkan KTP di loket.", "Sarankan tiga anggota keluarga lain dicek juga."}
	case policy.NotEligible:
		d.Findings[1] = policy.Finding{Code: "need_not_met", Title: "Tergolong tidak mampu", Verdict: policy.NotMet, Article: "Pertimbangan program", Seen: "Desil 8 dari 10", Limit: "batas 5", Source: "DTSEN, 1 Okt 2026",
			Remedy: "Minta SKTM di desa/kelurahan, atau ajukan perbaikan data DTSEN. Selama itu dapat membayar JKN mandiri.", Document: "sktm"}
		d.Summary = "Belum memenuhi syarat UHC: desil 8, di atas batas 5. Yang dapat dilakukan: minta SKTM di kelurahan."
		d.NextSteps = []string{"Minta SKTM di Kelurahan Mangli.", "Ajukan perbaikan DTSEN di kelurahan.", "Sementara itu dapat membayar JKN mandiri."}
	case policy.AlreadyCovered:
		d.Findings = d.Findings[:1]
		d.Findings = append(d.Findings, policy.Finding{Code: "cover_active", Title: "Sudah dijamin JKN", Verdict: policy.NotMet, Article: "Perpres 82/2018", Seen: "PBI, aktif", Source: "BPJS, 15 Nov 2026", Remedy: "Tunjukkan KTP di faskes terdaftar."})
		d.Summary = "Sudah terjamin JKN (PBI) dan aktif. Tunjukkan KTP di puskesmas/klinik terdaftar; ke rumah sakit perlu rujukan, kecuali gawat darurat."
		d.Advice = policy.RegisteredFacility
		d.NextSteps = []string{"Tunjukkan KTP di puskesmas terdaftar.", "Bila ditolak atau ditagih, catat sebagai aduan."}
	case policy.NeedsInformation:
		d.Findings[1] = policy.Finding{Code: "need_unknown", Title: "Tergolong tidak mampu", Verdict: policy.Unknown, Article: "Pertimbangan program", Seen: "Desil belum ada di DTSEN", Limit: "batas 5", Source: "DTSEN, 1 Okt 2026",
			Remedy: "Bawa SKTM yang terbit paling lama 180 hari lalu.", Document: "sktm"}
		d.Summary = "Perlu dilengkapi: SKTM dari desa atau kelurahan."
		d.Questions = []policy.Question{{Code: "need_unknown", Text: "Adakah SKTM yang terbit dalam 180 hari terakhir?", Document: "sktm"}, {Code: "class_3_unasked", Text: "Bersediakah dirawat di kelas 3?", Field: "class"}}
		d.NextSteps = []string{"Minta SKTM di Kelurahan Mangli."}
	}
	return d
}

// emergencyDetermination is the answer for somebody whom nobody knows.
func emergencyDetermination() eligibility.Determination {
	d := sampleDetermination(policy.NeedsInformation)
	d.NIK, d.Subject = "", eligibility.Subject{Unknown: true, Description: "laki-laki, sekitar 60 tahun"}
	d.Advice = policy.TreatNow
	d.Facts.Subject, d.Facts.Need, d.Facts.Resident, d.Facts.Household, d.Facts.Welfare = "unknown", "emergency", nil, nil, nil
	d.Facts.Evidence = nil
	d.Findings = []policy.Finding{{Code: "identity_unresolved", Title: "Identitas dikenal", Verdict: policy.Unknown, Article: "Pertimbangan program",
		Remedy: "Minta perekaman di tempat oleh Dukcapil; surat orang telantar dari Dinsos.", Seen: "Belum ada NIK"}}
	d.Questions = nil
	d.Summary = "Perlu dilengkapi: identitas orang ini."
	d.NextSteps = []string{"Layani dulu tanpa uang muka.", "Minta perekaman di tempat oleh Dukcapil.", "Minta surat orang telantar dari Dinsos."}
	return d
}

func (s *Server) sampleResult(d eligibility.Determination) *resultPage {
	w := s.words.For("id")
	p := &resultPage{Base: inside("check.title", "checks"), D: d, Version: 12, Facts: factFormOf(d), Papers: papersOf(d), Bring: wanted(d), KK: "350919••••••0007",
		Offers: offers{Register: true, Complain: true, Recheck: true, Family: true, Unmask: true}, Share: s.shareText(w, d)}
	for _, f := range d.Findings {
		p.Findings = append(p.Findings, newFindingRow(f))
		if f.Verdict == policy.Met {
			p.Met++
		}
	}
	p.Who = personView{Kind: d.Facts.Subject, Masked: d.NIK.Masked()}
	if d.NIK == "" {
		return p
	}
	p.Who = personView{Kind: "nik", Known: true, Name: "Siti Aminah", Masked: d.NIK.Masked(), Born: "1985-08-17", Place: "Jember", Age: "41 tahun", Sex: "P",
		Address: "Jl. Mawar 1, RT 001/RW 002", Village: areaLabel("35.09.19.1001"), Source: "2026-11-01"}
	p.Family = []memberRow{
		{Name: "Siti Aminah", Relation: "wife", Age: "41 tahun", Segment: "mandiri", Status: "inactive", Self: true},
		{Name: "Ahmad S•••••", Relation: "head", Age: "45 tahun", Segment: "mandiri", Status: "inactive"},
		{Name: "Nur L•••••", Relation: "child", Age: "12 tahun", Segment: "pbi_jk", Status: "active"},
		{Name: "Dimas P•••••", Relation: "child", Age: "3 tahun"},
	}
	p.History = []historyRow{{ID: d.ID, At: galleryNow, By: "rini", Outcome: d.Outcome, Self: true},
		{ID: "019e0000-0000-7000-8000-000000000002", At: galleryNow.Add(-700 * time.Hour), By: "bagus", Outcome: policy.NeedsInformation}}
	return p
}

func (s *Server) checkStates() []State {
	groups := villageGroups("35.09")
	form := func(f checkForm) *checkPage {
		return &checkPage{Base: inside("check.title", "checks"), Form: f, Villages: groups, Places: groups, Needs: needs, Purposes: purposes, HasSearch: true}
	}
	wrongNIK := form(checkForm{Way: "nik", NIK: "35091957088"})
	_, err := eligibility.ParseNIK("35091957088")
	if err != nil {
		wrongNIK.refuse(prefixFields(err, "nik"))
		wrongNIK.Errors = Problems{{Name: "nik-nik", Message: wrongNIK.Problem}}
	}
	matches := form(checkForm{Way: "search", Name: "Siti Aminah", Place: "35.09.19"})
	matches.Searched = true
	matches.Matches = []matchRow{{Ref: "a", Name: "Siti Aminah", Born: "1985-08-17", Village: "Kelurahan Mangli, Kecamatan Kaliwates", Masked: "350919••••••0001"},
		{Ref: "b", Name: "Raden Ajeng Siti Aminatuzzuhriyah Kusumawardhani Mangunkusumo", Born: "1990-01-02", Village: "Kelurahan Sempusari, Kecamatan Kaliwates", Masked: "350919••••••0042"}}
	nobody := form(checkForm{Way: "search", Name: "Xyz", Place: "35.09.19"})
	nobody.Searched = true

	revealed := s.sampleResult(sampleDetermination(policy.Eligible))
	revealed.Who.NIK = "3509195708850001"
	long := s.sampleResult(sampleDetermination(policy.Eligible))
	long.Actor = galleryLongName
	long.Who.Name = "Raden Ajeng Siti Aminatuzzuhriyah Kusumawardhani Mangunkusumo binti Haji Abdurrahman"
	long.D.Warnings = []string{"Tanggal lahir di NIK berbeda dengan data kependudukan. Cocokkan dengan KTP."}
	filled := s.sampleResult(sampleDetermination(policy.NeedsInformation))
	filled.Fields = true
	filled.Problem = "Centang dulu KTP atau KK yang Anda lihat."
	filled.Errors = Problems{{Name: "elsewhere", Message: "Kabupaten/kota itu tidak dikenal. Tulis lengkap, misalnya Kota Malang."}}
	filled.Facts.Elsewhere = "Malnag"
	reader := s.sampleResult(sampleDetermination(policy.Eligible))
	reader.Actor = auth.Actor{Name: "made", User: "made", Title: "Made S.", Role: auth.Auditor, All: true, Areas: []area.Code{"35.09"}}
	reader.Offers = offers{}
	fam := &familyPage{Base: inside("family.title", "checks"), ID: "x", Members: s.sampleResult(sampleDetermination(policy.Eligible)).Family}
	for i, o := range []policy.Outcome{policy.Eligible, policy.Eligible, policy.AlreadyCovered} {
		fam.Members[i].ID, fam.Members[i].Outcome, fam.Members[i].Summary = "y", o, sampleDetermination(o).Summary
	}
	return []State{
		{"check", "check", form(checkForm{Way: "nik"})},
		{"check-wrong", "check", wrongNIK},
		{"check-person", "check", form(checkForm{Way: "person", Name: "Siti Aminah"})},
		{"check-matches", "check", matches},
		{"check-nobody", "check", nobody},
		{"result-eligible", "result", s.sampleResult(sampleDetermination(policy.Eligible))},
		{"result-not-eligible", "result", s.sampleResult(sampleDetermination(policy.NotEligible))},
		{"result-covered", "result", s.sampleResult(sampleDetermination(policy.AlreadyCovered))},
		{"result-needs-information", "result", s.sampleResult(sampleDetermination(policy.NeedsInformation))},
		{"result-emergency-unknown", "result", s.sampleResult(emergencyDetermination())},
		{"result-revealed", "result", revealed},
		{"result-long", "result", long},
		{"result-fields-refused", "result", filled},
		{"result-reader", "result", reader},
		{"result-print", "result_print", s.sampleResult(sampleDetermination(policy.Eligible))},
		{"result-print-needs", "result_print", s.sampleResult(sampleDetermination(policy.NeedsInformation))},
		{"family", "family", fam},
		{"family-none", "family", &familyPage{Base: inside("family.title", "checks"), ID: "x"}},
	}
}

func (s *Server) ruleStates() []State {
	rule := policy.Rule{Code: "need_not_met", Title: "Tergolong tidak mampu", Article: "Pertimbangan program", EffectiveFrom: "2025-04-01", Document: "sktm",
		Remedy: "Minta SKTM di desa/kelurahan.", File: "need.rego", Line: 12, Source: "findings contains {\"code\": \"need_not_met\"} if {\n\tinput.welfare.desil > data.params.max_desil\n}"}
	tests := []policy.TestResult{{Name: "test_desil_above_limit", File: "need_test.rego", Pass: true}, {Name: "test_sktm_too_old", File: "need_test.rego"}}
	params := []paramRow{{policy.Param{Name: "max_desil", Title: "Desil tertinggi yang dijamin", ValidFrom: "2025-04-01", Source: "Pertimbangan program"}, "5"}}
	handling := policy.Rule{Code: "desk_hospital_head", Title: "Dijawab pimpinan rumah sakit", Article: "Pertimbangan program", EffectiveFrom: "2019-01-01",
		File: "routing/desk.rego", Line: 67, Source: "reasons contains {\"code\": \"desk_hospital_head\"} if input.matter == \"charge\""}
	clocks := []paramRow{{policy.Param{Name: "resolve_days", Title: "Batas penyelesaian menurut klasifikasi", ValidFrom: "2019-01-01", Source: "PermenPAN-RB 62/2018 (perlu dicek)"},
		"aspirasi 14, pengaduan biasa 14, permintaan informasi 5, berkadar pengawasan 60 hari kerja"}}
	return []State{
		{"rules", "rules", &rulesPage{Base: inside("rules.title", "rules"), Number: 1, Groups: []ruleGroup{{Name: "need", Rules: []policy.Rule{rule}}}, Params: params, Tests: tests, Passed: 1,
			Routing: []ruleGroup{{Name: "routing_desk", Rules: []policy.Rule{handling}}}, RoutingParams: clocks, FromProgram: true}},
		{"rule", "rule", &rulePage{Base: inside(rule.Title, "rules"), Rule: rule, Tests: tests}},
		{"rule-routing", "rule", &rulePage{Base: inside(handling.Title, "rules"), Rule: handling}},
	}
}
