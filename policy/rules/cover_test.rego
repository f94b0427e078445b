package layak.eligibility_test

test_cover[name] if {
	some name, c in {
		"active": {"change": {"membership": {"segment": "pemda", "member_status": "active"}}, "outcome": "already_covered", "findings": {"cover_active": "met"}},
		"stopped after the day of service": {"change": {"membership": {"segment": "mandiri", "member_status": "inactive", "inactive_since": "2026-11-22"}}, "outcome": "already_covered", "findings": {"cover_active": "met"}},
		"active only after the day of service": {"change": {"membership": {"segment": "mandiri", "member_status": "active", "member_since": "2026-11-22"}}, "outcome": "already_covered", "findings": {"cover_active": "met", "cover_started_later": "note"}},
		"never registered": {"change": {}, "outcome": "eligible", "findings": {"membership_none": "met", "cover_active": "-"}},
		"not yet imported": {"without": ["membership"], "change": {}, "outcome": "eligible", "findings": {"membership_unchecked": "note"}},
		"status not recorded": {"change": {"membership": {"segment": "mandiri"}}, "outcome": "needs_information", "findings": {"cover_unknown": "unknown"}},
		"suspended": {"change": {"membership": {"segment": "mandiri", "member_status": "suspended", "inactive_since": "2026-08-01", "member_reason": "premium"}}, "outcome": "eligible", "findings": {"cover_none_active": "met", "mandiri_inactive_move": "note"}},
		"screen and data differ": {"change": {"membership": {"source": "document", "segment": "pemda", "member_status": "active", "superseded": {"source": "registry", "segment": "pemda", "member_status": "inactive"}}}, "outcome": "already_covered", "findings": {"cover_conflict": "note"}},
		"screen knows whom the data do not": {"change": {"membership": {"source": "document", "segment": "pemda", "member_status": "active", "superseded": {"source": "registry", "segment": "none"}}}, "outcome": "already_covered", "findings": {"cover_conflict": "note"}},
		"screen agrees with the data": {"change": {"membership": {"source": "document", "segment": "pemda", "member_status": "active", "superseded": {"source": "registry", "segment": "pemda", "member_status": "active"}}}, "outcome": "already_covered", "findings": {"cover_conflict": "-"}},
		"stopped as deceased": {"change": {"membership": {"segment": "pemda", "member_status": "inactive", "member_reason": "deceased"}}, "outcome": "eligible", "findings": {"bpjs_says_deceased": "note"}},
	}
	borne_out(c, decision_of(c))
}
