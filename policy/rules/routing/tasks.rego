# Acts that other units should do at once. They are proposed; an official gives them.
package layak.routing

tasks := array.concat(rescue_tasks, array.concat([t | some order in offered; t := order[1]], data_tasks))

default rescue_tasks := []

rescue_tasks := [
	{"desk": {"kinds": ["puskesmas"], "area": place}, "act": "Temui pasien, pastikan ia ditangani, dan lengkapi syarat pendaftarannya.", "amount": current.emergency_hours, "measure": "hours"},
	{"desk": {"kinds": ["kelurahan", "desa"], "area": place}, "act": "Temui keluarga, bantu KTP dan KK, dan terbitkan SKTM bila diperlukan.", "amount": current.emergency_hours, "measure": "hours"},
	{"desk": {"kinds": ["kecamatan"], "area": place}, "act": "Pastikan kelurahan atau desa bergerak dan surat-surat selesai hari ini.", "amount": current.emergency_hours, "measure": "hours"},
] if {
	rescue
}

# Each with the number that orders it.
# METADATA
# title: tugas yang ditawarkan kepada unit lain
offered contains [40, health_task] if {
	emergency
	not all_covered
}

offered contains [50, facility_task("refund_days", "Pimpinan rumah sakit menjawab tertulis dan mengembalikan uang pasien; lampirkan bukti uang diterima.")] if {
	input.matter == "charge"
	input.accused.kind == "hospital"
}

offered contains [60, facility_task("answer_days", "Pimpinan menjawab tertulis mengapa pasien ditolak dan apa yang dilakukan sekarang.")] if {
	input.matter == "refusal"
	input.accused.kind in clinical
}

offered contains [70, office_task("social", current.data_days, "Usulkan pengaktifan kembali PBI-JK lewat SIKS-NG dengan surat dari fasilitas kesehatan.")] if "pbi_reactivate" in codes

offered contains [80, office_task("lead", current.answer_days, "Tunjuk satu juru bicara dan siapkan jawaban terbuka tanpa data pribadi.")] if attention

# METADATA
# title: dinas kesehatan membantu
health_task := {"desk": health_office, "act": "Hubungi fasilitas kesehatan: layani dulu tanpa uang muka, dan bantu pendaftaran.", "amount": current.emergency_hours, "measure": "hours"}

# First Dukcapil, then PANDAWA, each with its proof.
data_tasks := [
	office_task("civil", current.data_days, "Pastikan data kependudukan benar. Lampirkan bukti: KK terbaru atau tangkapan layar SIAK."),
	{
		"desk": pandawa_desk,
		"act": "Sesudah Dukcapil benar, perbarui data JKN lewat PANDAWA. Lampirkan bukti sebelum dan sesudahnya, lalu cek ulang.",
		"amount": current.data_days,
		"measure": "working_days",
	},
] if {
	data_wrong
} else := []

pandawa_desk := {"kinds": ["kelurahan", "desa", "puskesmas", "kecamatan"], "area": place}

pandawa_desk := lead_office if not place

# A poor patient in an emergency: everybody around him moves in the same four hours.
# METADATA
# title: pasien miskin dalam keadaan gawat darurat
# custom:
#   not: bukan pasien miskin dalam keadaan gawat darurat
rescue if {
	emergency
	not all_covered
	not outsider
	place
}

# METADATA
# title: semua pasien sudah terjamin
# custom:
#   not: tidak semua pasien sudah terjamin
all_covered if {
	count(input.checks) > 0
	every c in input.checks {
		c.outcome == "already_covered"
	}
}

# METADATA
# title: data perlu dibetulkan
# custom:
#   not: data tidak perlu dibetulkan
data_wrong if input.matter == "data"

data_wrong if "bpjs_says_deceased" in codes

data_wrong if "cover_conflict" in codes

facility_task(param, act) := {
	"desk": {"code": input.accused.code},
	"act": act,
	"amount": current[param],
	"measure": "working_days",
}

office_task(office, days, act) := {
	"desk": {"code": current.office_units[office], "kinds": ["opd"], "area": input.office.regency},
	"act": act,
	"amount": days,
	"measure": "working_days",
}
