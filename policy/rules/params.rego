# Parameters as they stand on the day of service: read one as current.max_desil. Lists in
# data.json are ordered newest first, so that the newest values, which nearly every check takes,
# are found without a search.
package layak.eligibility

newest := {name: values[0].value |
	some name, values in data.params
	values[0].valid_from <= input.service_on
}

all_started if count(newest) == count(data.params)

current := newest if {
	all_started
} else := {name: value |
	some name, values in data.params
	value := [p.value | some p in values; p.valid_from <= input.service_on][0]
}
