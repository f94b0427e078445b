# What becomes of a complaint: its class and priority, the desk where it belongs, the clocks that run,
# what has to be asked. Officers change it as they change the rules of a check. It reads no name, no
# number and no free text: nobody is routed by who he is.
package layak.routing

# The day of the event that asks; parameters count from a day.
day := substring(input.at, 0, 10)

# Parameters as they stand on that day, newest first in data.json: read one as current.verify_days.
current := {name: value |
	some name, values in data.params
	value := [p.value | some p in values; p.valid_from <= day][0]
}

sources := {name: source |
	some name, values in data.params
	source := [p.source | some p in values; p.valid_from <= day][0]
}

# Everything that the newest checks left open, refused or noted.
# METADATA
# title: syarat yang terbuka, tertolak, atau dicatat pada hasil cek
codes contains code if {
	some c in input.checks
	some code in c.codes
}

# METADATA
# title: gawat darurat
# custom:
#   not: bukan gawat darurat
emergency if input.need == "emergency"

emergency if {
	some c in input.checks
	c.service_advice == "treat_now"
}

# The smallest known area of the first patient, else of the case.
# METADATA
# title: wilayah pasien
place := input.village

place := input.district if not input.village

# Of the reasons only those that hold are told; their METADATA names and orders them.
routing := object.union(
	{
		"class": class,
		"priority": priority,
		"attention": attention,
		"second_person": second_person,
		"reopen_days": current.reopen_days[class],
		"silent_hours": current.silent_hours[priority],
		"clocks": clocks,
		"ladder": ladder,
		"tasks": tasks,
		"missing": missing,
		"reasons": reasons,
	},
	where_known,
)

# What may be absent: unknown is left out.
where_known := {key: value | some key, value in parts}

parts["element"] := element

parts["desk"] := desk

parts["outside"] := outside
