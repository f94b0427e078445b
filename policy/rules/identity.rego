# Who the person is. Codes: identity_known, identity_unresolved, registry_missing, not_in_latest,
# deceased, person_lost.
package layak.eligibility

# METADATA
# title: Identitas jelas
# related_resources:
#   - ref: https://peraturan.go.id/id/uu-no-24-tahun-2013
#     description: UU 24/2013
# custom:
#   code: identity_known
#   order: 110
#   article: UU 24/2013 Pasal 13 dan 64
#   effective_from: "2013-12-24"
#   remedy: Tidak ada yang perlu dilakukan.
#   document: ktp
findings contains {"code": "identity_known", "verdict": "met", "seen": seen, "source": source} if {
	input.subject in {"nik", "person"}
	not unresolved
	[seen, source] := identity_proof
}

identity_proof := ["NIK tercatat di data kependudukan", resident_source] if {
	in_registry
	not gone
} else := [concat("", [papers_named, " dilihat petugas"]), papers_source] if {
	identity_papers
}

# METADATA
# title: Identitas belum diketahui
# custom:
#   code: identity_unresolved
#   because: cari tahu nama dan NIK warga
#   order: 111
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Minta Dukcapil merekam warga di tempat, dan minta Dinas Sosial membuat surat keterangan orang telantar bila tidak ada keluarga.
#   document: ktp
findings contains {"code": "identity_unresolved", "verdict": "unknown", "seen": "NIK dan nama belum dapat dipastikan"} if {
	input.subject in {"unknown", "person"}
	unresolved
}

# METADATA
# title: Tercatat di data kependudukan
# custom:
#   code: registry_missing
#   because: lihat KTP dan KK
#   order: 112
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Lihat KTP dan KK, cocokkan lagi angka NIK, lalu tanyakan kepada Dukcapil bila tetap tidak ada.
#   document: kk
findings contains {"code": "registry_missing", "verdict": "unknown", "seen": "NIK belum ada di data kependudukan yang dimuat, dan KTP serta KK belum dilihat petugas"} if {
	not in_registry
	missing
}

# METADATA
# title: Masih ada di data kependudukan terbaru
# custom:
#   code: not_in_latest
#   because_unknown: lihat KTP dan KK
#   order: 113
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Lihat KTP dan KK, lalu tanyakan kepada Dukcapil mengapa warga tidak ada di data terbaru.
#   document: kk
findings contains {"code": "not_in_latest", "verdict": verdict, "seen": "Tidak ada lagi di data kependudukan terbaru", "source": resident_source} if {
	input.resident.in_latest == false
	gone
	verdict := settled_by_papers
}

default settled_by_papers := "unknown"

# METADATA
# title: diperjelas oleh berkas
settled_by_papers := "note" if identity_papers

# METADATA
# title: Tercatat masih hidup
# related_resources:
#   - ref: https://peraturan.go.id/id/perpres-no-82-tahun-2018
#     description: Perpres 82/2018
# custom:
#   code: deceased
#   because: tercatat meninggal
#   order: 120
#   article: Perpres 82/2018 tentang Jaminan Kesehatan (perlu dicek)
#   effective_from: "2018-09-18"
#   remedy: Bila warga hadir di loket, datanya keliru; minta Dukcapil memperbaiki hari ini. Bila benar meninggal, nilai menurut tanggal layanan dan usulkan keluar dari daftar Pemda.
#   document: ktp
findings contains {"code": "deceased", "verdict": "not_met", "seen": "Tercatat meninggal", "source": resident_source} if input.resident.life_status == "deceased"

# METADATA
# title: Keberadaan warga pasti
# custom:
#   code: person_lost
#   because_unknown: lihat KTP dan KK
#   order: 121
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Lihat KTP dan KK warga yang hadir, lalu minta Dukcapil memperbaiki catatan hilang.
#   document: ktp
findings contains {"code": "person_lost", "verdict": settled_by_papers, "seen": "Tercatat hilang", "source": resident_source} if input.resident.life_status == "lost"

ask["identity_unresolved"] := [{"text": "Siapa nama dan berapa NIK warga ini? Tanyakan keluarga atau pengantar, atau minta Dukcapil merekam sidik jari.", "field": "nik", "document": ""}]

ask["registry_missing"] := [
	{"text": "Apakah KTP, IKD, atau surat keterangan perekaman dapat dilihat?", "field": "", "document": "ktp"},
	{"text": "Apakah Kartu Keluarga dapat dilihat?", "field": "", "document": "kk"},
]

ask["not_in_latest"] := ask.registry_missing

ask["person_lost"] := ask.registry_missing

step["identity_unresolved"] := [
	[110, "Minta Dukcapil datang merekam warga di tempat, agar NIK ditemukan."],
	[111, "Bila tidak ada keluarga, minta Dinas Sosial membuat surat keterangan orang telantar."],
	[112, "Terbitkan tiket aduan sekarang walau NIK belum ada."],
]

step["registry_missing"] := [
	[113, "Lihat KTP dan KK, lalu isi alamat dari KK pada bagian Isi dari berkas."],
	[114, "Cocokkan lagi 16 angka NIK; angka sering tertukar. Bila tetap tidak ada, tanyakan kepada Dukcapil."],
]

step["not_in_latest"] := [[115, "Warga tidak ada di data kependudukan terbaru: lihat KTP dan KK, lalu tanyakan kepada Dukcapil."]] if {
	not identity_papers
}

step["not_in_latest"] := [[115, "Warga tidak ada di data kependudukan terbaru: tanyakan sebabnya kepada Dukcapil."]] if identity_papers

step["deceased"] := [
	[120, "Bila orangnya hadir, datanya keliru: layani keadaan daruratnya dan minta Dukcapil memperbaiki data hari ini."],
	[121, "Bila benar meninggal, nilai menurut tanggal layanan dan usulkan keluar dari daftar yang dibayar Pemda."],
]

step["person_lost"] := [[122, "Cocokkan wajah dengan KTP dan minta Dukcapil memperbaiki catatan hilang."]]
