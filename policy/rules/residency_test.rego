package layak.eligibility_test

import data.layak.eligibility

kk(regency, issued) := {"kind": "kk", "issued_on": issued, "seen_at": "2026-11-21T09:12:00+07:00", "facts": {"regency": regency}}

ktp(regency) := {"kind": "ktp", "seen_at": "2026-11-21T09:12:00+07:00", "facts": {"regency": regency}}

test_residency[name] if {
	some name, c in {
		"registered here": {"change": {}, "outcome": "eligible", "findings": {"residency_ok": "met", "residency_outside": "-"}},
		"registered elsewhere": {"change": {"resident": {"regency": "35.10"}}, "outcome": "not_eligible", "findings": {"residency_outside": "not_met"}},
		"moved out": {"change": {"resident": {"life_status": "moved_out"}}, "outcome": "not_eligible", "findings": {"residency_outside": "not_met"}},
		"registered elsewhere, new family card of here": {"change": {"resident": {"regency": "35.10"}, "evidence": [kk("35.09", "2026-11-10")]}, "outcome": "eligible", "findings": {"residency_ok": "met", "residency_outside": "-"}},
		"registered elsewhere, family card older than the data": {"change": {"resident": {"regency": "35.10"}, "evidence": [kk("35.09", "2026-01-10")]}, "outcome": "needs_information", "findings": {"residency_conflict": "unknown"}},
		"moved out, family card without a date": {"change": {"resident": {"life_status": "moved_out"}, "evidence": [{"kind": "kk", "facts": {"regency": "35.09"}}]}, "outcome": "needs_information", "findings": {"residency_conflict": "unknown"}},
		"registered elsewhere, identity card of here": {"change": {"resident": {"regency": "35.10"}, "evidence": [ktp("35.09")]}, "outcome": "needs_information", "findings": {"residency_conflict": "unknown"}},
		"family card of elsewhere against the data": {"change": {"evidence": [kk("35.10", "2026-11-10")]}, "outcome": "needs_information", "findings": {"residency_conflict": "unknown"}},
		"family card of elsewhere, not in the data": {"without": ["resident"], "change": {"evidence": [ktp("35.10"), kk("35.10", "2026-11-10")]}, "outcome": "not_eligible", "findings": {"residency_outside": "not_met"}},
		"family card of elsewhere, identity card of here": {"without": ["resident"], "change": {"evidence": [ktp("35.09"), kk("35.10", "2026-11-10")]}, "outcome": "needs_information", "findings": {"residency_conflict": "unknown"}},
		"identity card not reprinted": {"change": {"evidence": [ktp("35.10"), kk("35.09", "2026-11-10")]}, "outcome": "eligible", "findings": {"ktp_not_reprinted": "note"}},
		"cards without an address": {"without": ["resident"], "change": {"evidence": [{"kind": "ktp", "facts": {"sex": "P"}}, {"kind": "kk", "facts": {"sex": "P"}}]}, "outcome": "needs_information", "findings": {"residency_unknown": "unknown"}},
	}
	borne_out(c, decision_of(c))
}

# Some regencies ask for a time of residence; the shipped value asks for none.
test_time_of_residence[name] if {
	some name, c in {
		"moved in long ago": {"change": {"resident": {"moved_in_on": "2025-06-01"}}, "outcome": "eligible", "findings": {"residency_recent": "met"}},
		"moved in lately": {"change": {"resident": {"moved_in_on": "2026-06-01"}}, "outcome": "not_eligible", "findings": {"residency_recent": "not_met"}},
		"day unknown": {"change": {}, "outcome": "needs_information", "findings": {"residency_recent": "unknown"}},
	}
	d := eligibility.decision with input as object.union(base, c.change) with data.params.min_residency_months as chosen(12)
	borne_out(c, d)
}
