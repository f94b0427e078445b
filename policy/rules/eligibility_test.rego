package layak.eligibility_test

import data.layak.eligibility

# A resident of the office's regency, poor, without any membership.
base := {
	"at": "2026-11-21T09:12:00+07:00",
	"service_on": "2026-11-21",
	"office": {"regency": "35.09"},
	"subject": "nik",
	"resident": {"source": "registry", "as_of": "2026-11-01", "nik": "3509190101800001", "birth_date": "1980-01-01", "regency": "35.09", "in_latest": true},
	"welfare": {"source": "registry", "as_of": "2026-10-01", "desil": 2},
	"membership": {"source": "registry", "as_of": "2026-11-01", "segment": "none"},
	"evidence": [],
}

verdict(code, d) := {f.verdict | some f in d.findings; f.code == code}

decide(change) := d if {
	d := eligibility.decision with input as object.union(base, change)
}

# A case changes facts of base, may leave groups of it out, and tells the outcome and the verdicts that
# it is about; "-" stands for no finding of that code.
decision_of(c) := d if {
	d := eligibility.decision with input as object.union(object.remove(base, object.get(c, "without", [])), c.change)
}

borne_out(c, d) if {
	d.outcome == c.outcome
	every code, v in c.findings {
		verdict(code, d) == {w | some w in [v]; w != "-"}
	}
}

test_poor_resident_is_eligible if {
	d := decide({})
	d.outcome == "eligible"
	d.service_advice == "none"
	d.questions == []
	verdict("need_met", d) == {"met"}
	verdict("class_3_unasked", d) == set()
}

test_emergency_is_treated_whoever_it_is if {
	decide({"subject": "unknown", "need": "emergency"}).service_advice == "treat_now"
	decide({"need": "emergency", "resident": {"regency": "31.71"}}).service_advice == "treat_now"
	decide({"need": "emergency", "membership": {"member_status": "active", "segment": "ppu"}}).service_advice == "treat_now"
}

test_death_comes_before_active_cover if {
	d := decide({
		"resident": {"life_status": "deceased"},
		"membership": {"segment": "pemda", "member_status": "active"},
	})
	d.outcome == "not_eligible"
	verdict("deceased", d) == {"not_met"}
}

test_active_cover_comes_before_residency if {
	d := decide({
		"resident": {"life_status": "moved_out"},
		"membership": {"segment": "pemda", "member_status": "active"},
	})
	d.outcome == "already_covered"
	verdict("moved_out_covered", d) == {"note"}
	verdict("residency_outside", d) == set()
}

test_certain_failing_beats_unknown if {
	d := decide({"resident": {"regency": "35.10"}, "need": "inpatient"})
	d.outcome == "not_eligible"
	verdict("class_3_unasked", d) == {"unknown"}
	d.questions == []
}

test_unknown_desil_is_not_a_refusal if {
	d := eligibility.decision with input as object.remove(base, ["welfare"])
	d.outcome == "needs_information"
	verdict("need_unknown", d) == {"unknown"}
	{q.code | some q in d.questions} == {"need_unknown"}
}

test_need_by_desil_and_letter[name] if {
	some name, c in {
		"desil at the limit": {"desil": 5, "letter": "", "outcome": "eligible"},
		"desil above": {"desil": 9, "letter": "", "outcome": "not_eligible"},
		"desil above, letter of today": {"desil": 9, "letter": "2026-11-21", "outcome": "eligible"},
		"desil above, letter on its last day": {"desil": 9, "letter": "2026-05-25", "outcome": "eligible"},
		"desil above, letter too old": {"desil": 9, "letter": "2026-05-24", "outcome": "not_eligible"},
	}
	papers := [{"kind": "sktm", "issued_on": c.letter} | c.letter != ""]
	decide({"welfare": {"desil": c.desil}, "evidence": papers}).outcome == c.outcome
}

test_need_modes if {
	poorer := object.union(base, {"welfare": {"desil": 9}})
	priority := eligibility.decision with input as poorer with data.params.need_mode as [{"value": "priority", "valid_from": "2019-01-01"}]
	priority.outcome == "needs_information"
	off := eligibility.decision with input as poorer with data.params.need_mode as [{"value": "off", "valid_from": "2019-01-01"}]
	off.outcome == "eligible"
}

test_pbi_routes if {
	pbi := object.union(base, {"membership": {"segment": "pbi_jk", "member_status": "inactive", "inactive_since": "2026-10-01"}})
	now := eligibility.decision with input as pbi
	now.outcome == "eligible"
	back := eligibility.decision with input as pbi with data.params.pbi_route as [{"value": "reactivate", "valid_from": "2019-01-01"}]
	back.outcome == "not_eligible"
}

test_parameter_of_the_day if {
	eligibility.current.uhc_status == "cut_off" with input as object.union(base, {"service_on": "2025-03-31"})
	eligibility.current.uhc_status == "prioritas" with input as object.union(base, {"service_on": "2025-04-01"})
}

test_each_old_file_names_the_office_that_mends_it if {
	old := {"residents": "Dukcapil", "membership": "PANDAWA", "welfare": "operator DTSEN"}
	part := {"residents": "resident", "membership": "membership", "welfare": "welfare"}
	every kind, office in old {
		d := decide({part[kind]: {"as_of": "2025-01-01"}})
		[step | some step in d.next_steps; step[0] in {810, 811, 812}] == [step | some step in d.next_steps; contains(step[1], office)]
		count([step | some step in d.next_steps; step[0] in {810, 811, 812}]) == 1
	}
}
