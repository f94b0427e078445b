package web

import "layak/policy"

// lawbookStates are the rules as a table and by articles.
func (s *Server) lawbookStates() []State {
	rows := []policy.TableRow{
		{Code: "need_met", Title: "Tergolong tidak mampu", Verdicts: []policy.Verdict{policy.Met}, Condition: policy.Clause{Parts: []policy.Clause{
			{Text: "ketidakmampuan menentukan"}, {Text: "salah satu", Any: true, Parts: []policy.Clause{{Text: "desil paling banyak 5 (desil DTSEN tertinggi yang tergolong tidak mampu)"}, {Text: "SKTM mengalahkan desil yang di atas batas: ya (kini tidak)", Idle: true}, {Text: "nilai dari need.rego baris 12 lebih dari 3", Rego: "weight > 3", File: "need.rego", Row: 12}}}}},
			Yields: []policy.Yield{{Verdict: policy.Met, Condition: policy.Clause{Parts: []policy.Clause{{Text: "desil diketahui"}}}}, {Verdict: policy.Unknown}},
			Terms:  []policy.Term{{Name: "ketidakmampuan menentukan", Meaning: policy.Clause{Parts: []policy.Clause{{Text: "cara menilai ketidakmampuan bukan tidak dinilai (kini wajib)"}}}}, {Name: "hari layanan", Meaning: policy.Clause{Text: "hari ini"}}},
			Rego:   "findings contains {\"code\": \"need_met\"} if {\n\tneed_counts\n\tneed == \"by_desil\"\n}", Article: "Pertimbangan program; sejalan dengan UU 40/2004 Pasal 17", Since: "2025-04-01", Remedy: "Tidak ada yang perlu dilakukan.", Document: "sktm"},
		{Code: "deceased", Title: "Tercatat masih hidup", Verdicts: []policy.Verdict{policy.Met, policy.NotMet}, Article: "UU 24/2013 Pasal 44"},
	}
	articles := []policy.LegalArticle{
		{Article: "UU 24/2013 Pasal 44", Laws: []policy.Law{{Name: "UU 24/2013", Address: "https://peraturan.go.id/id/uu-no-24-tahun-2013"}}, Rules: []policy.LegalRule{{Code: "deceased", Title: "Tercatat masih hidup", Source: rows[0].Rego, Since: "2019-01-01", Tests: []string{"eligibility_test.rego:test_deceased", "eligibility_test.rego:test_a_rather_long_name_of_a_test_that_must_not_break_the_page", "a_test.rego:test_one", "a_test.rego:test_two", "a_test.rego:test_three", "a_test.rego:test_four"}}}},
		{Rules: []policy.LegalRule{{Code: "need_met", Title: "Tergolong tidak mampu", Source: rows[0].Rego}}},
	}
	return []State{
		{"rules-table", "rules_table", &decisionTablePage{Base: inside("lawbook.table", "rules"), Number: 12, Hash: "sha256:0123456789abcdef", Rows: rows, Terms: termsOf(rows), Outcomes: rows[0].Terms[:1], OutcomeTerms: rows[0].Terms,
			Routing: []policy.TableRow{{Code: "route_emergency", Title: "Gawat darurat didahulukan", Condition: policy.Clause{Parts: []policy.Clause{{Text: "keperluan layanan pasien adalah gawat darurat"}}}, Rego: "reasons contains {\"code\": \"route_emergency\"} if urgent", Article: "UU 17/2023 Pasal 174", Since: "2025-04-01"}}}},
		{"rules-legal", "rules_legal", &legalPage{Base: inside("lawbook.legal", "rules"), Number: 12, Hash: "sha256:0123456789abcdef", Articles: articles, Passed: map[string]bool{"eligibility_test.rego:test_deceased": true}, Rows: rowsByCode(rows)}},
	}
}
