package layak.eligibility_test

import data.layak.eligibility

inactive(segment, since) := {"segment": segment, "member_status": "inactive", "inactive_since": since}

ended(day) := [{"kind": "termination", "issued_on": day}]

test_segment[name] if {
	some name, c in {
		"own payer": {"change": {"membership": inactive("mandiri", "2026-01-01")}, "outcome": "eligible", "findings": {"mandiri_inactive_move": "note"}},
		"no worker": {"change": {"membership": inactive("bp", "2026-01-01")}, "outcome": "eligible", "findings": {"bp_inactive_move": "note"}},
		"paid by the regency before": {"change": {"membership": inactive("pemda", "2026-01-01")}, "outcome": "eligible", "findings": {"pemda_inactive": "note"}},
		"paid by the state, lately": {"change": {"membership": inactive("pbi_jk", before(0, limit.pbi_reactivation_days))}, "outcome": "eligible", "findings": {"pbi_reactivate": "note", "pbi_window_passed": "-"}},
		"paid by the state, long ago": {"change": {"membership": inactive("pbi_jk", before(0, limit.pbi_reactivation_days + 1))}, "outcome": "eligible", "findings": {"pbi_reactivate": "-", "pbi_window_passed": "note"}},
		"paid by the state, day unknown": {"change": {"membership": {"segment": "pbi_jk", "member_status": "inactive"}}, "outcome": "needs_information", "findings": {"pbi_window_passed": "unknown"}},
		"segment unknown": {"without": ["membership"], "change": {"membership": {"source": "document", "member_status": "inactive"}}, "outcome": "needs_information", "findings": {"segment_unknown": "unknown"}},
		"worker who still has the job": {"change": {"membership": inactive("ppu", before(0, 5)), "statements": {"still_employed": true}}, "outcome": "not_eligible", "findings": {"ppu_employer_due": "not_met"}},
		"worker who lost it long ago": {"change": {"membership": inactive("ppu", before(limit.ppu_grace_months + 1, 0)), "statements": {"still_employed": false}}, "outcome": "eligible", "findings": {"ppu_employer_due": "met", "ppu_termination_grace": "-"}},
		"worker who lost it lately": {"change": {"membership": inactive("ppu", before(0, 5)), "evidence": ended(before(0, 10))}, "outcome": "needs_information", "findings": {"ppu_employer_due": "-", "ppu_termination_grace": "unknown"}},
		"worker who lost it, day unknown": {"change": {"membership": {"segment": "ppu", "member_status": "inactive"}, "statements": {"still_employed": false}}, "outcome": "needs_information", "findings": {"ppu_termination_grace": "unknown"}},
		"worker, nobody asked": {"change": {"membership": inactive("ppu", before(limit.ppu_grace_months + 1, 0))}, "outcome": "needs_information", "findings": {"ppu_employer_due": "unknown"}},
	}
	borne_out(c, decision_of(c))
}

# Where the regency waits for the state to take its members back.
test_state_takes_its_members_back[name] if {
	some name, c in {
		"lately": {"since": before(0, 1), "outcome": "not_eligible", "findings": {"pbi_reactivate": "not_met"}},
		"on the last day": {"since": before(0, limit.pbi_reactivation_days), "outcome": "not_eligible", "findings": {"pbi_reactivate": "not_met"}},
		"a day too late": {"since": before(0, limit.pbi_reactivation_days + 1), "outcome": "eligible", "findings": {"pbi_reactivate": "-"}},
	}
	asked := object.union(base, {"membership": inactive("pbi_jk", c.since)})
	d := eligibility.decision with input as asked with data.params.pbi_route as chosen("reactivate") with data.params.min_residency_months as chosen(0)
	borne_out(c, d)
}
