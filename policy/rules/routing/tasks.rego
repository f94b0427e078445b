# Acts that other units should do at once. They are proposed; an official gives them.
package layak.routing

tasks := [t.task | some t in sort(proposed)]

# Each with the number that orders it.
proposed contains {"no": 10, "task": urgent({"kinds": ["puskesmas"], "area": place}, "Temui pasien, pastikan ia ditangani, dan lengkapi syarat pendaftarannya.")} if rescue

proposed contains {"no": 20, "task": urgent({"kinds": ["kelurahan", "desa"], "area": place}, "Temui keluarga, bantu KTP dan KK, dan terbitkan SKTM bila diperlukan.")} if rescue

proposed contains {"no": 30, "task": urgent({"kinds": ["kecamatan"], "area": place}, "Pastikan kelurahan atau desa bergerak dan surat-surat selesai hari ini.")} if rescue

proposed contains {"no": 40, "task": urgent(health_office, "Hubungi fasilitas kesehatan: layani dulu tanpa uang muka, dan bantu pendaftaran.")} if {
	emergency
	not all_covered
}

proposed contains {"no": 50, "task": facility_task("refund_days", "Pimpinan rumah sakit menjawab tertulis dan mengembalikan uang pasien; lampirkan bukti uang diterima.")} if {
	input.matter == "charge"
	input.accused.kind == "hospital"
}

proposed contains {"no": 60, "task": facility_task("answer_days", "Pimpinan menjawab tertulis mengapa pasien ditolak dan apa yang dilakukan sekarang.")} if {
	input.matter == "refusal"
	input.accused.kind in clinical
}

proposed contains {"no": 70, "task": office_task("civil", current.data_days, "Pastikan data kependudukan benar. Lampirkan bukti: KK terbaru atau tangkapan layar SIAK.")} if data_wrong

proposed contains {"no": 80, "task": {
	"desk": {"kinds": ["kelurahan", "desa", "puskesmas", "kecamatan"], "area": place},
	"act": "Sesudah Dukcapil benar, perbarui data JKN lewat PANDAWA. Lampirkan bukti sebelum dan sesudahnya, lalu cek ulang.",
	"amount": current.data_days,
	"measure": "working_days",
}} if {
	data_wrong
}

proposed contains {"no": 90, "task": office_task("social", current.data_days, "Usulkan pengaktifan kembali PBI-JK lewat SIKS-NG dengan surat dari fasilitas kesehatan.")} if "pbi_reactivate" in codes

proposed contains {"no": 95, "task": office_task("lead", current.answer_days, "Tunjuk satu juru bicara dan siapkan jawaban terbuka tanpa data pribadi.")} if attention

# A poor patient in an emergency: everybody around him moves in the same four hours.
rescue if {
	emergency
	not all_covered
	not outsider
	place
}

all_covered if {
	count(input.checks) > 0
	every c in input.checks {
		c.outcome == "already_covered"
	}
}

data_wrong if input.matter == "data"

data_wrong if "bpjs_says_deceased" in codes

data_wrong if "cover_conflict" in codes

urgent(where, act) := {"desk": where, "act": act, "amount": current.emergency_hours, "measure": "hours"}

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
