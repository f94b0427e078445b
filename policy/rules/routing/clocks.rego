# The clocks of a complaint and the ladder that a late one climbs. An amount may be shorter for a
# channel or a kind of unit, never longer.
package layak.routing

clocks := array.concat(emergency_clock, array.concat(usual_clocks, array.concat(papers_clock, refund_clock)))

default emergency_clock := []

emergency_clock := [{
	"kind": "emergency",
	"amount": current.emergency_hours,
	"measure": "hours",
	"pauses": false,
	"source": source_of("emergency_hours"),
}] if emergency

usual_clocks := [
	working("verify", current.verify_days, true, "verify_days"),
	working("first", current.first_days, true, "first_days"),
	working("resolve", current.resolve_days[class], true, "resolve_days"),
	working("silence", current.silence_days, false, "silence_days"),
]

default papers_clock := []

papers_clock := [working("papers", current.paper_days, false, "paper_days")] if admission

# Papers follow an admission, not a question or a word about somebody's conduct.
admission if {
	emergency
	not talk
}

admission if {
	input.need in {"inpatient", "delivery"}
	not talk
}

talk if input.matter in {"information", "conduct"}

default refund_clock := []

refund_clock := [working("refund", current.refund_days, false, "refund_days")] if input.matter == "charge"

working(kind, days, pauses, param) := {
	"kind": kind,
	"amount": shortest[0],
	"measure": "working_days",
	"pauses": pauses,
	"source": source_of(shortest[1]),
} if {
	shortest := min(array.concat([[days, param]], local_limits(kind)))
}

local_limits(kind) := array.concat(
	[[current.channel_clocks[input.channel][kind], "channel_clocks"] | current.channel_clocks[input.channel][kind]],
	[[current.unit_clocks[input.unit.kind][kind], "unit_clocks"] | current.unit_clocks[input.unit.kind][kind]],
)

rungs := current.emergency_ladder if {
	emergency
} else := current.ladder

ladder := [
	{"percent": rungs.desk, "to": "desk"},
	{"percent": rungs.head, "to": "head"},
	{"percent": rungs.above, "to": "above"},
]
