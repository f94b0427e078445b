package layak.eligibility_test

sktm(issued) := [{"kind": "sktm", "issued_on": issued}]

test_need[name] if {
	some name, c in {
		"at the limit": {"change": {"welfare": {"desil": limit.max_desil}}, "outcome": "eligible", "findings": {"need_met": "met", "need_not_met": "-"}},
		"above the limit": {"change": {"welfare": {"desil": limit.max_desil + 1}}, "outcome": "not_eligible", "findings": {"need_not_met": "not_met", "need_met": "-"}},
		"above the limit with a letter": {"change": {"welfare": {"desil": limit.max_desil + 1}, "evidence": sktm(base.service_on)}, "outcome": "eligible", "findings": {"need_met": "met", "need_conflict": "note"}},
		"above the limit, letter too old": {"change": {"welfare": {"desil": limit.max_desil + 1}, "evidence": sktm(before(0, limit.sktm_days + 1))}, "outcome": "not_eligible", "findings": {"need_not_met": "not_met"}},
		"above the limit, letter of tomorrow": {"change": {"welfare": {"desil": limit.max_desil + 1}, "evidence": sktm("2026-11-22")}, "outcome": "needs_information", "findings": {"need_unknown": "unknown"}},
		"not in DTSEN": {"without": ["welfare"], "change": {}, "outcome": "needs_information", "findings": {"need_unknown": "unknown"}},
		"not in DTSEN, with a letter": {"without": ["welfare"], "change": {"evidence": sktm(base.service_on)}, "outcome": "eligible", "findings": {"need_met": "met", "need_conflict": "-"}},
		"not in DTSEN, undated letter": {"without": ["welfare"], "change": {"evidence": [{"kind": "sktm"}]}, "outcome": "needs_information", "findings": {"need_unknown": "unknown"}},
	}
	borne_out(c, decision_of(c))
}
