# How old what we know is. It warns and never changes the outcome. Codes: data_stale,
# activation_next_month, service_day_past, cover_started_later.
package layak.eligibility

# METADATA
# title: Data sudah lama
# custom:
#   code: data_stale
#   order: 810
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Lihat layar BPJS atau PANDAWA untuk status JKN; tanyakan kelurahan atau Dukcapil untuk alamat, dan Dinas Sosial atau operator DTSEN untuk desil.
#   document: bpjs_screen
findings contains {"code": "data_stale", "verdict": "note", "seen": old[0], "limit": old[1], "source": old[2]} if {
	not all_fresh
	some kind in outdated
	old := outdated_words[kind]
}

# The usual case in one step: all three registries are known and young.
# METADATA
# title: semua data masih baru
# custom:
#   not: ada data yang sudah lama atau belum ada
all_fresh if {
	input.subject in {"nik", "person"}
	input.resident.source == "registry"
	input.membership.source == "registry"
	input.welfare.source == "registry"
	input.resident.as_of >= fresh_from.residents
	input.membership.as_of >= fresh_from.membership
	input.welfare.as_of >= fresh_from.welfare
}

# The oldest day that still counts as young on the day of service, for each registry.
# METADATA
# title: tanggal terlama yang masih dianggap baru
fresh_from := {kind: time.format([time.add_date(service_ns, 0, 0, 0 - limit), "UTC", "2006-01-02"]) |
	some kind, limit in current.stale_days
}

# METADATA
# title: data yang sudah lama
outdated contains "residents" if {
	home_in_registry
	home.as_of < fresh_from.residents
}

outdated contains "membership" if {
	input.membership.source == "registry"
	input.membership.as_of < fresh_from.membership
}

outdated contains "welfare" if {
	input.welfare.source == "registry"
	input.welfare.as_of < fresh_from.welfare
}

# METADATA
# title: keterangan data yang sudah lama
outdated_words["residents"] := [$"Data kependudukan per {home.as_of}", $"{current.stale_days.residents} hari", "Dukcapil"]

outdated_words["membership"] := [$"Data JKN per {input.membership.as_of}", $"{current.stale_days.membership} hari", "BPJS Kesehatan"]

outdated_words["welfare"] := [$"Data DTSEN per {input.welfare.as_of}", $"{current.stale_days.welfare} hari", "DTSEN"]

# METADATA
# title: Mulai berlaku bulan depan
# custom:
#   code: activation_next_month
#   because: kartu baru aktif bulan depan
#   order: 820
#   article: Ketentuan UHC BPJS Kesehatan (perlu dicek)
#   effective_from: "2025-04-01"
#   remedy: Sampaikan bahwa kartu aktif bulan depan; jangan menjanjikan aktif hari ini.
#   document: ""
findings contains {"code": "activation_next_month", "verdict": "note", "seen": "Daerah sedang tidak berstatus UHC Prioritas"} if {
	current.uhc_status == "cut_off"
	not covered
}

# METADATA
# title: Hari layanan sudah lewat
# custom:
#   code: service_day_past
#   order: 830
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Pendaftaran hari ini tidak berlaku surut; bicarakan tagihan lama dengan faskes dan Dinas Kesehatan.
#   document: ""
findings contains {"code": "service_day_past", "verdict": "note", "seen": past_seen} if {
	input.service_on < substring(input.at, 0, 10)
	not covered
}

past_seen := concat("", ["Dinilai menurut keadaan ", input.service_on])

# METADATA
# title: Kartu mulai berlaku sesudah hari layanan
# custom:
#   code: cover_started_later
#   order: 840
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Cek di layar BPJS apakah kartu sudah aktif pada hari layanan; pengaktifan tidak berlaku surut.
#   document: bpjs_screen
findings contains {"code": "cover_started_later", "verdict": "note", "seen": $"Peserta sejak {input.membership.member_since}", "limit": $"hari layanan {input.service_on}", "source": membership_source} if {
	input.membership.member_since > input.service_on
	active
}

# Each file is mended by another office, so each that is old has its own step.
step["data_stale"] := [[stale_step[kind][0], stale_step[kind][1]] | some kind in outdated]

stale_step["residents"] := [810, "Data penduduk sudah lama: tanyakan kelurahan atau Dukcapil apakah alamat dan KK masih sama."]

stale_step["membership"] := [811, "Data JKN sudah lama: lihat layar BPJS; bila berbeda, laporkan lewat PANDAWA."]

stale_step["welfare"] := [812, "Data DTSEN sudah lama: tanyakan Dinas Sosial atau operator DTSEN desa sebelum memutuskan."]

step["activation_next_month"] := [[502, "Sampaikan bahwa kartu baru aktif bulan depan, bukan hari ini."]] if outcome == "eligible"

step["service_day_past"] := [[830, "Pendaftaran hari ini tidak berlaku surut: bicarakan tagihan lama dengan faskes dan Dinas Kesehatan."]] if outcome == "eligible"

step["cover_started_later"] := [[840, "Lihat di layar BPJS apakah kartu sudah aktif pada hari layanan; bila belum, tagihannya dibicarakan dengan faskes."]]
