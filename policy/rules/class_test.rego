package layak.eligibility_test

test_ward[name] if {
	some name, c in {
		"accepts class 3": {"change": {"need": "inpatient", "statements": {"accepts_class_3": true}}, "outcome": "eligible", "findings": {"class_3_accepted": "met", "class_3_refused": "-"}},
		"refuses class 3": {"change": {"need": "delivery", "statements": {"accepts_class_3": false}}, "outcome": "not_eligible", "findings": {"class_3_refused": "not_met"}},
		"not asked yet": {"change": {"need": "inpatient"}, "outcome": "needs_information", "findings": {"class_3_unasked": "unknown"}},
		"not admitted": {"change": {"need": "outpatient", "statements": {"accepts_class_3": false}}, "outcome": "eligible", "findings": {"class_3_refused": "-"}},
	}
	borne_out(c, decision_of(c))
}
