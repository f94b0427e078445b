# How the findings become one answer. A death on record decides first, then active cover, then a
# certain failing, then what is unknown; only what is left is eligible.
package layak.eligibility

# The findings once more: a rule of one body is asked again at less cost than the many of findings.
reasons := findings

outcome := "not_eligible" if {
	input.resident.life_status == "deceased"
} else := "already_covered" if {
	covered
} else := "not_eligible" if {
	some f in reasons
	f.verdict == "not_met"
} else := "needs_information" if {
	some f in reasons
	f.verdict == "unknown"
} else := "eligible"

default service_advice := "none"

service_advice := "treat_now" if {
	input.need == "emergency"
} else := "registered_facility" if {
	covered
	not deceased
}

# Only an open answer asks: nothing that is told can change a refusal that is certain.
default questions := []

questions := [object.union({"code": f.code}, q) |
	some f in reasons
	f.verdict == "unknown"
	some q in ask[f.code]
	not given(q.document, q.field)
] if {
	outcome == "needs_information"
}

# A paper that was seen is not asked for again unless a fact on it is wanted.
given(document, field) if {
	field == ""
	saw(document)
	document != "sktm"
}

step["enrol"] := [[500, "Daftarkan hari ini di e-Dabu sebagai peserta yang dibayar Pemda; kartu dapat dipakai hari ini juga."]] if {
	current.uhc_status == "prioritas"
}

step["enrol"] := [[500, "Daftarkan di e-Dabu sebagai peserta yang dibayar Pemda."]] if current.uhc_status == "cut_off"

# Each step with the number that orders it. What is unknown only matters while it can still change
# the answer.
next_steps contains s if {
	some f in reasons
	some s in step[f.code]
	f.verdict != "unknown"
}

next_steps contains s if {
	outcome == "needs_information"
	some f in reasons
	f.verdict == "unknown"
	some s in step[f.code]
}

next_steps contains s if {
	outcome == "eligible"
	some s in step.enrol
}

decision := {
	"outcome": outcome,
	"service_advice": service_advice,
	"findings": reasons,
	"questions": questions,
	"next_steps": next_steps,
}
