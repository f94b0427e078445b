# Where a complaint belongs. Without a desk it stays where it was taken in. An office outside the
# regency's authority is named with why, so that nobody is sent away without a next door.
package layak.routing

# Units that see patients or register people themselves and so may keep what they took in.
registers_itself := {"puskesmas", "hospital", "kelurahan", "desa"}

clinical := {"puskesmas", "hospital"}

about_facility := {"charge", "refusal", "referral_room_drug"}

# METADATA
# title: dinas kesehatan
health_office := {"code": current.office_units.health, "kinds": ["opd"], "area": input.office.regency}

# METADATA
# title: pengelola aduan
lead_office := {"code": current.office_units.lead, "kinds": ["opd"], "area": input.office.regency}

# METADATA
# title: unit yang menangani
desk := {"kinds": ["puskesmas"], "area": place} if {
	emergency
	not filed_at_bedside
} else := {"code": input.accused.code} if {
	not emergency
	input.matter in about_facility
	input.accused.kind == "hospital"
} else := health_office if {
	not emergency
	input.matter in about_facility
} else := above_accused if {
	not emergency
	input.matter == "conduct"
} else := {"kinds": ["kelurahan", "desa", "kecamatan"], "area": place} if {
	not emergency
	input.matter == "data"
} else := {"kinds": ["puskesmas", "kelurahan", "desa", "kecamatan"], "area": place} if {
	not emergency
	input.matter in {"eligibility", "activation"}
	not filed_where_registered
}

# METADATA
# title: diterima di puskesmas atau rumah sakit
# custom:
#   not: tidak diterima di puskesmas atau rumah sakit
filed_at_bedside if input.filed.kind in clinical

# METADATA
# title: diterima di unit yang mendaftarkan sendiri
# custom:
#   not: tidak diterima di unit yang mendaftarkan sendiri
filed_where_registered if input.filed.kind in registers_itself

# Conduct is never answered by the unit that it is about.
# METADATA
# title: unit di atas yang diadukan
above_accused := lead_office if {
	input.accused.kind in {"kecamatan", "opd"}
} else := {"kinds": ["kecamatan"], "area": place} if {
	input.accused.kind in {"kelurahan", "desa"}
} else := lead_office if {
	input.accused.kind in {"kelurahan", "desa"}
} else := health_office

# METADATA
# title: Dijawab pimpinan rumah sakit
# custom:
#   code: desk_hospital_head
#   order: 400
#   article: Pertimbangan program
#   effective_from: "2019-01-01"
reasons contains {"code": "desk_hospital_head", "text": "Menyangkut rumah sakit: pimpinan rumah sakit itu yang menjawab."} if {
	not emergency
	input.matter in about_facility
	input.accused.kind == "hospital"
}

# METADATA
# title: Dijawab dinas kesehatan
# custom:
#   code: desk_health_office
#   order: 410
#   article: Pertimbangan program
#   effective_from: "2019-01-01"
reasons contains {"code": "desk_health_office", "text": "Menyangkut fasilitas kesehatan: dinas kesehatan yang menindaklanjuti."} if desk == health_office

# METADATA
# title: Melewati unit yang diadukan
# related_resources:
#   - ref: https://peraturan.go.id/id/perpres-no-76-tahun-2013
#     description: Perpres 76/2013
# custom:
#   code: desk_above_accused
#   order: 420
#   article: Perpres 76/2013 (perlu dicek)
#   effective_from: "2019-01-01"
reasons contains {"code": "desk_above_accused", "text": "Menyangkut sikap petugas: ditangani unit di atasnya, bukan unit yang diadukan."} if {
	input.matter == "conduct"
	not emergency
}

# METADATA
# title: Data dibetulkan di wilayah pasien
# custom:
#   code: desk_data
#   order: 430
#   article: Pertimbangan program
#   effective_from: "2019-01-01"
reasons contains {"code": "desk_data", "text": "Data salah: kelurahan atau kecamatan pasien mendampingi, Dukcapil membetulkan."} if input.matter == "data"

# METADATA
# title: Ditangani dekat rumah pasien
# custom:
#   code: desk_near_home
#   order: 440
#   article: Pertimbangan program
#   effective_from: "2019-01-01"
reasons contains {"code": "desk_near_home", "text": "Pendaftaran dan cek dilakukan puskesmas atau kelurahan di wilayah pasien."} if {
	not emergency
	input.matter in {"eligibility", "activation"}
	not filed_where_registered
	place
}

# Everybody who was checked lives elsewhere, or the case plays elsewhere.
# METADATA
# title: pasien dari daerah lain
# custom:
#   not: pasien bukan dari daerah lain
outsider if {
	count(input.checks) > 0
	every c in input.checks {
		"residency_outside" in c.codes
	}
}

outsider if {
	count(input.checks) == 0
	not startswith(place, input.office.regency)
}

# METADATA
# title: instansi di atas fasilitas ini
unit_outside := current.outside_units[input.accused.code]

# Care in an emergency is nobody else's: there is no other door then.
# METADATA
# title: instansi lain yang berwenang
outside := {"office": unit_outside, "why": "Fasilitas ini tidak di bawah pemerintah kabupaten. Instansi di atasnya yang berwenang menjawab."} if {
	not emergency
	unit_outside
} else := {"office": "Dinas Sosial atau puskesmas daerah asal", "why": "Pasien tercatat sebagai penduduk daerah lain, jadi jaminannya diurus pemerintah daerah asalnya."} if {
	not emergency
	outsider
} else := {"office": "Pemberi kerja, BPJS Kesehatan, dan dinas tenaga kerja", "why": "Pasien pekerja: iurannya kewajiban pemberi kerja, bukan bantuan pemerintah daerah."} if {
	not emergency
	"ppu_employer_due" in codes
	refused_by_all
} else := {"office": "BPJS Kesehatan", "why": "Pekerja yang baru berhenti masih dijamin BPJS Kesehatan; bukti berhenti dibawa ke sana."} if {
	not emergency
	"ppu_termination_grace" in codes
	not some_eligible
}

# METADATA
# title: semua pasien belum memenuhi syarat
# custom:
#   not: tidak semua pasien belum memenuhi syarat
refused_by_all if {
	count(input.checks) > 0
	every c in input.checks {
		c.outcome == "not_eligible"
	}
}

# METADATA
# title: ada pasien yang layak
# custom:
#   not: tidak ada pasien yang layak
some_eligible if {
	some c in input.checks
	c.outcome == "eligible"
}

# METADATA
# title: Wewenang instansi lain
# custom:
#   code: desk_outside
#   order: 450
#   article: Kepmen PANRB 680/2020, tidak ada aduan yang salah alamat (perlu dicek)
#   effective_from: "2020-01-01"
reasons contains {"code": "desk_outside", "text": $"{outside.why} Serahkan kepada {outside.office} dengan surat pengantar."} if outside
