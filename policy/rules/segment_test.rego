package layak.eligibility_test

import data.layak.eligibility

inactive(segment, since) := {"segment": segment, "member_status": "inactive", "inactive_since": since}

ended(day) := [{"kind": "termination", "issued_on": day}]

test_segment[name] if {
	some name, c in {
		"own payer": {"change": {"membership": inactive("mandiri", "2026-01-01")}, "outcome": "eligible", "findings": {"mandiri_inactive_move": "note"}},
		"no worker": {"change": {"membership": inactive("bp", "2026-01-01")}, "outcome": "eligible", "findings": {"bp_inactive_move": "note"}},
		"paid by the regency before": {"change": {"membership": inactive("pemda", "2026-01-01")}, "outcome": "eligible", "findings": {"pemda_inactive": "note"}},
		"paid by the state, lately": {"change": {"membership": inactive("pbi_jk", "2026-10-01")}, "outcome": "eligible", "findings": {"pbi_reactivate": "note", "pbi_window_passed": "-"}},
		"paid by the state, long ago": {"change": {"membership": inactive("pbi_jk", "2026-01-01")}, "outcome": "eligible", "findings": {"pbi_reactivate": "-", "pbi_window_passed": "note"}},
		"paid by the state, day unknown": {"change": {"membership": {"segment": "pbi_jk", "member_status": "inactive"}}, "outcome": "needs_information", "findings": {"pbi_window_passed": "unknown"}},
		"segment unknown": {"without": ["membership"], "change": {"membership": {"source": "document", "member_status": "inactive"}}, "outcome": "needs_information", "findings": {"segment_unknown": "unknown"}},
		"worker who still has the job": {"change": {"membership": inactive("ppu", "2026-10-01"), "statements": {"still_employed": true}}, "outcome": "not_eligible", "findings": {"ppu_employer_due": "not_met"}},
		"worker who lost it long ago": {"change": {"membership": inactive("ppu", "2025-10-01"), "statements": {"still_employed": false}}, "outcome": "eligible", "findings": {"ppu_employer_due": "met", "ppu_termination_grace": "-"}},
		"worker who lost it lately": {"change": {"membership": inactive("ppu", "2026-10-01"), "evidence": ended("2026-09-20")}, "outcome": "needs_information", "findings": {"ppu_employer_due": "-", "ppu_termination_grace": "unknown"}},
		"worker who lost it, day unknown": {"change": {"membership": {"segment": "ppu", "member_status": "inactive"}, "statements": {"still_employed": false}}, "outcome": "needs_information", "findings": {"ppu_termination_grace": "unknown"}},
		"worker, nobody asked": {"change": {"membership": inactive("ppu", "2025-01-01")}, "outcome": "needs_information", "findings": {"ppu_employer_due": "unknown"}},
	}
	borne_out(c, decision_of(c))
}

# Where the regency waits for the state to take its members back.
test_state_takes_its_members_back[name] if {
	some name, c in {
		"lately": {"since": "2026-10-01", "outcome": "not_eligible", "findings": {"pbi_reactivate": "not_met"}},
		"on the last day": {"since": "2026-05-25", "outcome": "not_eligible", "findings": {"pbi_reactivate": "not_met"}},
		"a day too late": {"since": "2026-05-24", "outcome": "eligible", "findings": {"pbi_reactivate": "-"}},
	}
	asked := object.union(base, {"membership": inactive("pbi_jk", c.since)})
	d := eligibility.decision with input as asked with data.params.pbi_route as [{"value": "reactivate", "valid_from": "2019-01-01"}]
	borne_out(c, d)
}
