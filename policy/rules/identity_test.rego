package layak.eligibility_test

papers := [
	{"kind": "ktp", "seen_at": "2026-11-21T09:12:00+07:00", "facts": {"regency": "35.09"}},
	{"kind": "kk", "issued_on": "2026-11-10", "seen_at": "2026-11-21T09:12:00+07:00", "facts": {"regency": "35.09"}},
]

test_identity[name] if {
	some name, c in {
		"recorded as alive": {"change": {"resident": {"life_status": "alive"}}, "outcome": "eligible", "findings": {"deceased": "-", "identity_known": "met"}},
		"recorded as deceased": {"change": {"resident": {"life_status": "deceased"}}, "outcome": "not_eligible", "findings": {"deceased": "not_met"}},
		"recorded as lost": {"change": {"resident": {"life_status": "lost"}}, "outcome": "needs_information", "findings": {"person_lost": "unknown"}},
		"recorded as lost, papers seen": {"change": {"resident": {"life_status": "lost"}, "evidence": papers}, "outcome": "eligible", "findings": {"person_lost": "note"}},
		"gone from the newest data": {"change": {"resident": {"in_latest": false}}, "outcome": "needs_information", "findings": {"not_in_latest": "unknown", "identity_known": "-"}},
		"gone from the newest data, papers seen": {"change": {"resident": {"in_latest": false}, "evidence": papers}, "outcome": "eligible", "findings": {"not_in_latest": "note", "identity_known": "met"}},
		"nowhere": {"without": ["resident", "welfare", "membership"], "change": {}, "outcome": "needs_information", "findings": {"registry_missing": "unknown"}},
		"nowhere, papers seen": {"without": ["resident", "membership"], "change": {"evidence": papers}, "outcome": "eligible", "findings": {"registry_missing": "-", "residency_by_document": "note", "membership_unchecked": "note"}},
		"nobody knows who it is": {"without": ["resident", "welfare", "membership"], "change": {"subject": "unknown"}, "outcome": "needs_information", "findings": {"identity_unresolved": "unknown"}},
		"a name alone": {"without": ["resident", "welfare", "membership"], "change": {"subject": "person"}, "outcome": "needs_information", "findings": {"identity_unresolved": "unknown"}},
	}
	borne_out(c, decision_of(c))
}
