# Parameters as they stand on the day of service. Lists in params.json are ordered newest first.
package layak.eligibility

param(name) := [p.value | some p in data.params[name]; p.valid_from <= input.service_on][0]

uhc_status := param("uhc_status")

need_mode := param("need_mode")

max_desil := param("max_desil")

sktm_days := param("sktm_days")

sktm_overrides_desil := param("sktm_overrides_desil")

field_check_days := param("field_check_days")

min_residency_months := param("min_residency_months")

ktp_age := param("ktp_age")

newborn_days := param("newborn_days")

newborn_nik_months := param("newborn_nik_months")

pbi_route := param("pbi_route")

pbi_reactivation_days := param("pbi_reactivation_days")

ppu_grace_months := param("ppu_grace_months")

paper_days := param("paper_days")

stale_days := param("stale_days")
