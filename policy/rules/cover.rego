# What JKN already gives. Codes: cover_active, cover_none_active, cover_unknown, cover_conflict,
# membership_none, membership_unchecked, moved_out_covered, bpjs_says_deceased.
package layak.eligibility

# METADATA
# title: sudah terjamin
covered if active

covered if {
	input.subject == "newborn"
	newborn_covered
}

# METADATA
# title: JKN aktif pada hari layanan
# custom:
#   not: JKN tidak aktif pada hari layanan
active if {
	input.membership.member_status == "active"
	not unlisted
}

# A card that stopped after the day of service still covered that day.
active if {
	input.membership.inactive_since > input.service_on
	input.membership.member_status in {"inactive", "suspended"}
}

# METADATA
# title: belum terdaftar JKN
unlisted if input.membership.segment == "none"

# METADATA
# title: JKN nonaktif
# custom:
#   not: JKN tidak nonaktif
inactive if {
	input.membership.member_status in {"inactive", "suspended"}
	not unlisted
	not active
}

# METADATA
# title: Jaminan JKN aktif
# related_resources:
#   - ref: https://peraturan.go.id/id/perpres-no-82-tahun-2018
#     description: Perpres 82/2018
# custom:
#   code: cover_active
#   because: "{seen}"
#   act: Tunjukkan KTP di puskesmas atau klinik terdaftar; ke rumah sakit perlu rujukan, kecuali gawat darurat.
#   order: 210
#   article: Perpres 82/2018 Pasal 46 (perlu dicek)
#   effective_from: "2018-09-18"
#   remedy: Tunjukkan KTP di puskesmas atau klinik terdaftar. Bila ditolak atau ditagih, catat sebagai aduan.
#   document: bpjs_screen
findings contains {"code": "cover_active", "verdict": "met", "seen": active_seen, "source": membership_source} if active

active_seen := concat("", [membership_named, " aktif"])

# METADATA
# title: Belum dijamin segmen lain yang aktif
# related_resources:
#   - ref: https://peraturan.go.id/id/perpres-no-82-tahun-2018
#     description: Perpres 82/2018
# custom:
#   code: cover_none_active
#   order: 211
#   article: Perpres 82/2018 tentang Jaminan Kesehatan (perlu dicek)
#   effective_from: "2018-09-18"
#   remedy: Cocokkan dengan layar BPJS sebelum mendaftarkan.
#   document: bpjs_screen
findings contains {"code": "cover_none_active", "verdict": "met", "seen": inactive_seen, "source": membership_source} if inactive

# The first body is the usual case, in which everything is known.
inactive_seen := words if {
	words := concat("", [
		segment_words[input.membership.segment], inactive_words[input.membership.member_status],
		" sejak ", input.membership.inactive_since, reason_words[input.membership.member_reason],
	])
} else := concat("", [membership_named, inactive_words[input.membership.member_status], since_named, reason_named])

inactive_words := {"inactive": " nonaktif", "suspended": " ditangguhkan pembayarannya"}

# METADATA
# title: Belum dijamin segmen lain yang aktif
# custom:
#   code: membership_none
#   order: 212
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Cek sekali lagi di e-Dabu, lalu daftarkan.
#   document: bpjs_screen
findings contains {"code": "membership_none", "verdict": "met", "seen": "Belum terdaftar JKN", "source": membership_source} if {
	input.membership.segment == "none"
	not newborn
}

# METADATA
# title: Status JKN diketahui
# custom:
#   code: cover_unknown
#   because: lihat status JKN di layar BPJS
#   order: 213
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Lihat layar BPJS dan isi status aktif atau nonaktif.
#   document: bpjs_screen
findings contains {"code": "cover_unknown", "verdict": "unknown", "seen": status_missing_seen, "source": membership_source} if {
	input.membership
	not input.membership.member_status
	not unlisted
}

status_missing_seen := concat("", [membership_named, ", statusnya belum tercatat"])

# METADATA
# title: Kepesertaan JKN belum dicek
# custom:
#   code: membership_unchecked
#   order: 214
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Cek di e-Dabu lalu daftarkan.
#   document: bpjs_screen
findings contains {"code": "membership_unchecked", "verdict": "note", "seen": "Data JKN warga ini belum dimuat"} if {
	not input.membership
	not newborn
	not unresolved
	not child_without_nik
}

# METADATA
# title: Data dan layar BPJS berbeda
# custom:
#   code: cover_conflict
#   order: 220
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Pakai status yang terbaru, simpan bukti layar, dan laporkan perbedaannya lewat PANDAWA.
#   document: bpjs_screen
findings contains {"code": "cover_conflict", "verdict": "note", "seen": seen, "source": membership_source} if {
	input.membership.superseded
	differs
	seen := $"Sekarang {status_named(input.membership)}, catatan sebelumnya {status_named(input.membership.superseded)}"
}

# METADATA
# title: layar BPJS berbeda dari data
# custom:
#   not: layar BPJS tidak berbeda dari data
differs if input.membership.superseded.member_status != input.membership.member_status

differs if {
	input.membership.superseded.segment == "none"
	input.membership.member_status
	not unlisted
}

default status_named(_) := "belum terdaftar"

status_named(m) := {"active": "aktif", "inactive": "nonaktif", "suspended": "ditangguhkan"}[m.member_status]

# METADATA
# title: Pindah keluar tetapi masih dijamin Pemda
# custom:
#   code: moved_out_covered
#   order: 221
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Layani; usulkan keluar sesudah daerah tujuan mendaftarkan.
#   document: moving_letter
findings contains {"code": "moved_out_covered", "verdict": "note", "seen": "Tercatat pindah keluar, jaminan Pemda masih aktif", "source": resident_source} if {
	input.membership.segment == "pemda"
	input.resident.life_status == "moved_out"
	active
}

# METADATA
# title: BPJS mencatat peserta meninggal
# custom:
#   code: bpjs_says_deceased
#   order: 222
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Bila warga hadir, minta BPJS memperbaiki catatan sebelum mendaftarkan.
#   document: ktp
findings contains {"code": "bpjs_says_deceased", "verdict": "note", "seen": "Kartu JKN dihentikan karena dicatat meninggal", "source": membership_source} if {
	input.membership.member_reason == "deceased"
	inactive
}

ask["cover_unknown"] := [{"text": "Apa status JKN di layar BPJS: aktif atau nonaktif?", "field": "member_status", "document": "bpjs_screen"}]

step["cover_active"] := [
	[210, "Tunjukkan KTP di puskesmas atau klinik terdaftar; ke rumah sakit perlu rujukan, kecuali gawat darurat."],
	[211, "Bila ditolak atau ditagih, catat sebagai aduan; aduan tetap terbuka."],
]

step["membership_none"] := [[212, "Cek sekali lagi di e-Dabu bahwa warga memang belum terdaftar."]] if outcome == "eligible"

step["cover_unknown"] := [[213, "Lihat layar BPJS dan isi status kepesertaannya."]]

step["membership_unchecked"] := [[214, "Cek di e-Dabu lalu daftarkan; bila ternyata aktif, warga sudah terjamin."]] if {
	outcome in {"eligible", "needs_information"}
}

step["cover_conflict"] := [[220, "Pakai status yang terbaru, simpan bukti layar BPJS, dan laporkan perbedaannya lewat PANDAWA."]]

step["moved_out_covered"] := [[221, "Layani warga; usulkan keluar dari daftar Pemda sesudah daerah tujuan mendaftarkannya."]]

step["bpjs_says_deceased"] := [[222, "Bila warga hadir, minta BPJS memperbaiki catatan meninggal sebelum mendaftarkan."]]
