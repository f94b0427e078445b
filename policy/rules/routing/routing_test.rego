package layak.routing_test

import data.layak.routing

# A family tells a kelurahan by WhatsApp that a card is not active.
base := {
	"at": "2026-11-20T09:12:00+07:00",
	"office": {"regency": "35.09"},
	"channel": "whatsapp",
	"matter": "activation",
	"village": "35.09.19.1001",
	"filed": {"code": "KEL-JEMBER", "kind": "kelurahan"},
	"unit": {"code": "KEL-JEMBER", "kind": "kelurahan"},
	"checks": [],
	"reopened": 0,
	"given": ["phone", "patient", "village", "when", "matter"],
}

route(change) := r if {
	r := routing.routing with input as object.union(base, change)
}

# The parameters of that day. Cases take their limits from here, so that who changes one by the form need not
# touch them.
limit := params if {
	params := routing.current with input as base
}

clock(r, kind) := [c | some c in r.clocks; c.kind == kind][0]

codes(r) := {x.code | some x in r.reasons}

test_ordinary_complaint_stays if {
	r := route({})
	r.class == "complaint"
	r.priority == "normal"
	r.missing == []
	r.tasks == []
	not r.desk
	not r.outside
	clock(r, "resolve").amount == limit.resolve_days.complaint
}

test_class_by_matter[matter] if {
	some matter, class in {"information": "information", "conduct": "oversight", "charge": "complaint", "other": "complaint"}
	route({"matter": matter}).class == class
}

test_class_of_an_official_holds if {
	r := route({"matter": "conduct", "class": "information"})
	r.class == "information"
	clock(r, "resolve").amount == limit.resolve_days.information
	codes(r).class_by_official
	not codes(r).class_oversight
}

test_emergency_never_pauses if {
	r := route({"need": "emergency"})
	r.priority == "emergency"
	clock(r, "emergency") == {"kind": "emergency", "amount": limit.emergency_hours, "measure": "hours", "pauses": false, "source": clock(r, "emergency").source}
	count(r.tasks) == 4
	r.desk.kinds == ["puskesmas"]
}

test_emergency_of_an_outsider_is_not_sent_away if {
	r := route({"need": "emergency", "checks": [{"outcome": "not_eligible", "service_advice": "treat_now", "codes": ["residency_outside"]}]})
	not r.outside
	count(r.tasks) == 1
}

test_outsider_gets_a_next_door if {
	r := route({"checks": [{"outcome": "not_eligible", "service_advice": "none", "codes": ["residency_outside"]}]})
	r.outside.office == "Dinas Sosial atau puskesmas daerah asal"
	codes(r).desk_outside
}

test_charge_goes_to_the_hospital if {
	r := route({"matter": "charge", "accused": {"code": "RSD-BALUNG", "kind": "hospital"}})
	r.desk == {"code": "RSD-BALUNG"}
	r.second_person
	clock(r, "refund").amount == limit.refund_days
	count(r.tasks) == 1
}

test_conduct_passes_the_accused[kind] if {
	some kind, desk in {"puskesmas": ["opd"], "hospital": ["opd"], "kelurahan": ["kecamatan"], "opd": ["opd"]}
	r := route({"matter": "conduct", "accused": {"code": "X", "kind": kind}})
	r.desk.kinds == desk
	object.get(r.desk, "code", "") != "X"
}

test_local_clock_is_never_longer if {
	national := [{"value": 3, "valid_from": "2019-01-01", "source": "n"}]
	slow := routing.routing with input as base with data.params.verify_days as national with data.params.channel_clocks as [{"value": {"whatsapp": {"verify": 9}}, "valid_from": "2019-01-01", "source": "x"}]
	clock(slow, "verify").amount == 3
	fast := routing.routing with input as base with data.params.verify_days as national with data.params.channel_clocks as [{"value": {"whatsapp": {"verify": 1}}, "valid_from": "2019-01-01", "source": "x"}]
	clock(fast, "verify").amount == 1
	clock(fast, "verify").source == "x"
}

test_asks_only_what_is_missing if {
	r := route({"matter": "charge", "given": ["phone", "patient"]})
	[m.code | some m in r.missing] == ["facility", "when", "amount", "receipt"]
}

test_attention_has_one_spokesperson if {
	r := route({"relation": "media"})
	r.attention
	r.second_person
	r.priority == "high"
	codes(r).route_attention
}
