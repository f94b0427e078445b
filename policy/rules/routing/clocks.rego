# The clocks of a complaint and the ladder that a late one climbs. An amount may be shorter for a
# channel or a kind of unit, never longer.
package layak.routing

# What holds everywhere, the same for every complaint of a day.
national := {
	"emergency": {"kind": "emergency", "amount": current.emergency_hours, "measure": "hours", "pauses": false, "source": sources.emergency_hours},
	"verify": {"kind": "verify", "amount": current.verify_days, "measure": "working_days", "pauses": true, "source": sources.verify_days},
	"first": {"kind": "first", "amount": current.first_days, "measure": "working_days", "pauses": true, "source": sources.first_days},
	"silence": {"kind": "silence", "amount": current.silence_days, "measure": "working_days", "pauses": false, "source": sources.silence_days},
	"waiting": {"kind": "waiting", "amount": current.waiting_days, "measure": "working_days", "pauses": false, "source": sources.waiting_days},
	"number": {"kind": "number", "amount": current.number_days, "measure": "working_days", "pauses": false, "source": sources.number_days},
	"papers": {"kind": "papers", "amount": current.paper_days, "measure": "working_days", "pauses": false, "source": sources.paper_days},
	"refund": {"kind": "refund", "amount": current.refund_days, "measure": "working_days", "pauses": false, "source": sources.refund_days},
}

national_resolve := {of: clock |
	some of, days in current.resolve_days
	clock := {"kind": "resolve", "amount": days, "measure": "working_days", "pauses": true, "source": sources.resolve_days}
}

standard := object.union(national, {"resolve": national_resolve[class]})

order := ["emergency", "verify", "first", "resolve", "silence", "waiting", "number", "papers", "refund"]

# METADATA
# title: tenggat yang berjalan
owed contains "emergency" if emergency

owed contains kind if some kind in ["verify", "first", "resolve", "silence", "waiting", "number"]

owed contains "papers" if admission

owed contains "refund" if input.matter == "charge"

# Papers follow an admission, not a question or a word about somebody's conduct.
# METADATA
# title: dirawat inap
# custom:
#   not: tidak dirawat inap
admission if {
	emergency
	not talk
}

admission if {
	input.need in {"inpatient", "delivery"}
	not talk
}

talk if input.matter in {"information", "conduct"}

of_channel := current.channel_clocks[input.channel]

of_unit := current.unit_clocks[input.unit.kind]

clocks := [standard[kind] | some kind in order; kind in owed] if {
	local == []
} else := [shortened(standard[kind]) | some kind in order; kind in owed]

# Amounts of the channel and of the kind of unit, each with the parameter that it comes from.
local := array.concat([[limits, "channel_clocks"] | limits := of_channel], [[limits, "unit_clocks"] | limits := of_unit])

shortened(clock) := object.union(clock, {"amount": shortest[0], "source": sources[shortest[1]]}) if {
	clock.measure == "working_days"
	shortest := min([[limits[0][clock.kind], limits[1]] | some limits in local])
	shortest[0] < clock.amount
} else := clock

ladder_of := {name: [
	{"percent": rungs.desk, "to": "desk"},
	{"percent": rungs.head, "to": "head"},
	{"percent": rungs.above, "to": "above"},
] |
	some name in ["ladder", "emergency_ladder"]
	rungs := current[name]
}

ladder := ladder_of.emergency_ladder if {
	emergency
} else := ladder_of.ladder
