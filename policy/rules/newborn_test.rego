package layak.eligibility_test

# A baby of one day whose mother is registered here.
baby(membership) := {
	"without": ["resident", "welfare", "membership"],
	"change": {
		"subject": "newborn",
		"resident": {"source": "document", "birth_date": before(0, 1)},
		"mother": {
			"resident": {"source": "registry", "as_of": "2026-11-01", "regency": "35.09"},
			"welfare": {"source": "registry", "as_of": "2026-10-01", "desil": 1},
			"membership": membership,
		},
	},
}

covered_by(segment) := {"source": "registry", "segment": segment, "member_status": "active"}

test_newborn[name] if {
	some name, c in {
		"mother paid by the state": {"mother": covered_by("pbi_jk"), "outcome": "already_covered", "findings": {"newborn_via_mother": "met"}},
		"mother paid by the regency": {"mother": covered_by("pemda"), "outcome": "eligible", "findings": {"newborn_via_mother": "met"}},
		"mother with an employer": {"mother": covered_by("ppu"), "outcome": "not_eligible", "findings": {"newborn_via_mother": "not_met"}},
		"mother who pays herself": {"mother": covered_by("mandiri"), "outcome": "eligible", "findings": {"newborn_via_mother": "note", "need_met": "met"}},
		"mother not registered": {"mother": {"source": "registry", "segment": "none"}, "outcome": "needs_information", "findings": {"newborn_via_mother": "unknown"}},
		"mother's card stopped": {"mother": {"source": "registry", "segment": "pemda", "member_status": "inactive"}, "outcome": "needs_information", "findings": {"newborn_via_mother": "unknown"}},
		"mother's status unknown": {"mother": {"source": "registry"}, "outcome": "needs_information", "findings": {"newborn_via_mother": "unknown"}},
	}
	borne_out(c, decision_of(baby(c.mother)))
}

test_child_without_number[name] if {
	some name, c in {
		"mother not named": {"change": {"subject": "newborn", "resident": {"source": "document", "birth_date": before(0, 1)}}, "outcome": "needs_information", "findings": {"newborn_mother_missing": "unknown"}},
		"newborn asked about by name": {"change": {"subject": "person", "resident": {"source": "document", "birth_date": before(0, 1)}}, "outcome": "needs_information", "findings": {"newborn_mother_missing": "unknown"}},
		"too old for its mother's card": {"change": {"subject": "person", "resident": {"source": "document", "birth_date": before(0, limit.newborn_days + 1)}}, "outcome": "needs_information", "findings": {"infant_unregistered": "unknown", "infant_nik_missing": "-"}},
		"too old to have no number": {"change": {"subject": "person", "resident": {"source": "document", "birth_date": before(limit.newborn_nik_months + 1, 0)}}, "outcome": "needs_information", "findings": {"infant_nik_missing": "unknown", "infant_unregistered": "-"}},
	}
	borne_out(c, decision_of(object.union({"without": ["resident", "welfare", "membership"]}, c)))
}
