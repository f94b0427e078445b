package layak.eligibility_test

import data.layak.eligibility

test_freshness[name] if {
	some name, c in {
		"all young": {"change": {"resident": {"as_of": before(0, limit.stale_days.residents)}, "welfare": {"as_of": before(0, limit.stale_days.welfare)}, "membership": {"as_of": before(0, limit.stale_days.membership)}}, "outcome": "eligible", "findings": {"data_stale": "-", "service_day_past": "-"}},
		"old membership": {"change": {"membership": {"as_of": before(0, limit.stale_days.membership + 1)}}, "outcome": "eligible", "findings": {"data_stale": "note"}},
		"day of service before the check": {"change": {"service_on": "2026-11-01"}, "outcome": "eligible", "findings": {"service_day_past": "note"}},
		"accident": {"change": {"need": "accident"}, "outcome": "eligible", "findings": {"other_payer_first": "note"}},
		"emergency": {"change": {"need": "emergency"}, "outcome": "eligible", "findings": {"emergency_first": "note"}},
	}
	borne_out(c, decision_of(c))
}

test_cut_off_starts_next_month if {
	d := eligibility.decision with input as base with data.params.uhc_status as chosen("cut_off") with data.params.min_residency_months as chosen(0)
	borne_out({"outcome": "eligible", "findings": {"activation_next_month": "note"}}, d)
	some step in d.next_steps
	step == [500, "Daftarkan di e-Dabu sebagai peserta yang dibayar Pemda."]
}
