package layak.eligibility_test

import data.layak.eligibility

# A resident of the office's regency, poor, without any membership.
base := {
	"at": "2026-11-21T09:12:00+07:00",
	"service_on": "2026-11-21",
	"office": {"regency": "35.09"},
	"subject": "nik",
	"resident": {"source": "registry", "as_of": "2026-11-01", "nik": "3509190101800001", "birth_date": "1980-01-01", "regency": "35.09", "in_latest": true},
	"welfare": {"source": "registry", "as_of": "2026-10-01", "desil": 1},
	"membership": {"source": "registry", "as_of": "2026-11-01", "segment": "none"},
	"evidence": [],
}

verdict(code, d) := {f.verdict | some f in d.findings; f.code == code}

# The parameters of that day. Cases take their limits from here, so that who changes a limit by the form
# need not touch them.
limit := params if {
	params := eligibility.current with input as base
}

# The day so many months and days before the day of service.
before(months, days) := time.format([time.add_date(eligibility.day_ns(base.service_on), 0, 0 - months, 0 - days), "UTC", "2006-01-02"])

# A choice of the office as it is set in a case that is not about it.
chosen(value) := [{"value": value, "valid_from": "2019-01-01"}]

answer(facts) := d if {
	d := eligibility.decision with input as facts
		with data.params.min_residency_months as chosen(0)
		with data.params.need_mode as chosen("required")
		with data.params.sktm_overrides_desil as chosen(true)
		with data.params.pbi_route as chosen("pemda_now")
		with data.params.uhc_status as chosen("prioritas")
}

decide(change) := answer(object.union(base, change))

# A case changes facts of base, may leave groups of it out, and tells the outcome and the verdicts that
# it is about; "-" stands for no finding of that code.
decision_of(c) := answer(object.union(object.remove(base, object.get(c, "without", [])), c.change))

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
	d := answer(object.remove(base, ["welfare"]))
	d.outcome == "needs_information"
	verdict("need_unknown", d) == {"unknown"}
	{q.code | some q in d.questions} == {"need_unknown"}
}

test_need_by_desil_and_letter[name] if {
	some name, c in {
		"desil at the limit": {"desil": limit.max_desil, "letter": "", "outcome": "eligible"},
		"desil above": {"desil": limit.max_desil + 1, "letter": "", "outcome": "not_eligible"},
		"desil above, letter of today": {"desil": limit.max_desil + 1, "letter": base.service_on, "outcome": "eligible"},
		"desil above, letter on its last day": {"desil": limit.max_desil + 1, "letter": before(0, limit.sktm_days), "outcome": "eligible"},
		"desil above, letter too old": {"desil": limit.max_desil + 1, "letter": before(0, limit.sktm_days + 1), "outcome": "not_eligible"},
	}
	papers := [{"kind": "sktm", "issued_on": c.letter} | c.letter != ""]
	decide({"welfare": {"desil": c.desil}, "evidence": papers}).outcome == c.outcome
}

test_need_modes if {
	richer := object.union(base, {"welfare": {"desil": limit.max_desil + 1}})
	priority := eligibility.decision with input as richer with data.params.need_mode as chosen("priority") with data.params.min_residency_months as chosen(0)
	priority.outcome == "needs_information"
	off := eligibility.decision with input as richer with data.params.need_mode as chosen("off") with data.params.min_residency_months as chosen(0)
	off.outcome == "eligible"
}

test_pbi_routes if {
	pbi := object.union(base, {"membership": {"segment": "pbi_jk", "member_status": "inactive", "inactive_since": before(0, 1)}})
	now := answer(pbi)
	now.outcome == "eligible"
	back := eligibility.decision with input as pbi with data.params.pbi_route as chosen("reactivate")
	back.outcome == "not_eligible"
}

test_parameter_of_the_day if {
	values := [{"value": "prioritas", "valid_from": "2025-04-01"}, {"value": "cut_off", "valid_from": "2019-01-01"}]
	eligibility.current.uhc_status == "cut_off" with input as object.union(base, {"service_on": "2025-03-31"}) with data.params.uhc_status as values
	eligibility.current.uhc_status == "prioritas" with input as object.union(base, {"service_on": "2025-04-01"}) with data.params.uhc_status as values
}

test_each_old_file_names_the_office_that_mends_it if {
	old := {"residents": "Dukcapil", "membership": "PANDAWA", "welfare": "operator DTSEN"}
	part := {"residents": "resident", "membership": "membership", "welfare": "welfare"}
	every kind, office in old {
		young := {part[other]: {"as_of": before(0, days)} | some other, days in limit.stale_days; other != kind}
		d := decide(object.union(young, {part[kind]: {"as_of": before(0, limit.stale_days[kind] + 1)}}))
		[step | some step in d.next_steps; step[0] in {810, 811, 812}] == [step | some step in d.next_steps; contains(step[1], office)]
		count([step | some step in d.next_steps; step[0] in {810, 811, 812}]) == 1
	}
}
