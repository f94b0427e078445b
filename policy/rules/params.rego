# Parameters as they stand on the day of service. Lists in params.json are ordered newest first, so
# that the newest value, which nearly every check takes, is found without a search.
package layak.eligibility

param(name) := [p.value | some p in data.params[name]; p.valid_from <= input.service_on][0]

uhc_status := data.params.uhc_status[0].value if {
	data.params.uhc_status[0].valid_from <= input.service_on
} else := param("uhc_status")

need_mode := data.params.need_mode[0].value if {
	data.params.need_mode[0].valid_from <= input.service_on
} else := param("need_mode")

max_desil := data.params.max_desil[0].value if {
	data.params.max_desil[0].valid_from <= input.service_on
} else := param("max_desil")

sktm_days := data.params.sktm_days[0].value if {
	data.params.sktm_days[0].valid_from <= input.service_on
} else := param("sktm_days")

sktm_overrides_desil := data.params.sktm_overrides_desil[0].value if {
	data.params.sktm_overrides_desil[0].valid_from <= input.service_on
} else := param("sktm_overrides_desil")

field_check_days := data.params.field_check_days[0].value if {
	data.params.field_check_days[0].valid_from <= input.service_on
} else := param("field_check_days")

min_residency_months := data.params.min_residency_months[0].value if {
	data.params.min_residency_months[0].valid_from <= input.service_on
} else := param("min_residency_months")

ktp_age := data.params.ktp_age[0].value if {
	data.params.ktp_age[0].valid_from <= input.service_on
} else := param("ktp_age")

newborn_days := data.params.newborn_days[0].value if {
	data.params.newborn_days[0].valid_from <= input.service_on
} else := param("newborn_days")

newborn_nik_months := data.params.newborn_nik_months[0].value if {
	data.params.newborn_nik_months[0].valid_from <= input.service_on
} else := param("newborn_nik_months")

pbi_route := data.params.pbi_route[0].value if {
	data.params.pbi_route[0].valid_from <= input.service_on
} else := param("pbi_route")

pbi_reactivation_days := data.params.pbi_reactivation_days[0].value if {
	data.params.pbi_reactivation_days[0].valid_from <= input.service_on
} else := param("pbi_reactivation_days")

ppu_grace_months := data.params.ppu_grace_months[0].value if {
	data.params.ppu_grace_months[0].valid_from <= input.service_on
} else := param("ppu_grace_months")

paper_days := data.params.paper_days[0].value if {
	data.params.paper_days[0].valid_from <= input.service_on
} else := param("paper_days")

stale_days := data.params.stale_days[0].value if {
	data.params.stale_days[0].valid_from <= input.service_on
} else := param("stale_days")
