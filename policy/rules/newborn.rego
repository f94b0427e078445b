# Babies and children without a number. Codes: newborn_via_mother, newborn_mother_missing,
# infant_unregistered, infant_nik_missing.
package layak.eligibility

# METADATA
# title: dinilai melalui ibunya
# custom:
#   not: tidak dinilai melalui ibunya
via_mother if {
	input.subject == "newborn"
	child_age_days <= current.newborn_days
}

# METADATA
# title: bayi ikut dijamin JKN ibunya
# custom:
#   not: bayi tidak ikut dijamin JKN ibunya
newborn_covered if {
	input.subject == "newborn"
	via_mother
	input.mother.membership.segment == "pbi_jk"
	mother_active
}

# METADATA
# title: JKN ibu aktif
# custom:
#   not: JKN ibu tidak aktif
mother_active if {
	input.mother.membership.member_status == "active"
	input.mother.membership.segment != "none"
}

# The mother's segment alone decides, so the family's need is not asked.
# METADATA
# title: JKN ibu yang menentukan
# custom:
#   not: bukan JKN ibu yang menentukan
newborn_route if {
	input.subject == "newborn"
	via_mother
	mother_active
	input.mother.membership.segment in {"pbi_jk", "pemda", "ppu"}
}

# METADATA
# title: Bayi dijamin melalui ibunya
# related_resources:
#   - ref: https://peraturan.go.id/id/perpres-no-82-tahun-2018
#     description: Perpres 82/2018
# custom:
#   code: newborn_via_mother
#   because_not_met: bayi didaftarkan lewat pemberi kerja ibu
#   because_unknown: pastikan dulu JKN ibu aktif
#   because_met: "{seen}"
#   act_met: Bawa surat lahir dan nomor JKN ibu, lalu daftarkan bayi hari ini.
#   act_not_met: Minta ibu melapor ke bagian kepegawaian hari ini.
#   order: 230
#   article: Perpres 82/2018 Pasal 16 (perlu dicek)
#   effective_from: "2018-09-18"
#   remedy: Bawa surat lahir dan nomor JKN ibu, daftarkan hari ini, dan lengkapi NIK bayi.
#   document: birth_letter
findings contains {"code": "newborn_via_mother", "verdict": verdict, "seen": seen, "limit": $"umur paling banyak {current.newborn_days} hari", "source": mother_source} if {
	input.subject == "newborn"
	via_mother
	input.mother
	[verdict, seen] := mother_cover
}

default mother_source := ""

mother_source := source_named(input.mother.membership, "BPJS Kesehatan")

# METADATA
# title: jaminan JKN dari ibu
mother_cover := mother_active_cover[input.mother.membership.segment] if {
	mother_active
} else := ["unknown", "Ibu belum terdaftar JKN"] if {
	input.mother.membership.segment == "none"
} else := ["unknown", $"{segment_named(input.mother.membership)} ibu belum aktif"] if {
	input.mother.membership.member_status in {"inactive", "suspended"}
} else := ["unknown", "Status JKN ibu belum diketahui"]

mother_active_cover := {
	"pbi_jk": ["met", "JKN PBI ibu aktif; bayi ikut dijamin"],
	"pemda": ["met", "JKN ibu yang dibayar Pemda aktif"],
	"ppu": ["not_met", "JKN pekerja ibu aktif; bayi didaftarkan lewat pemberi kerja"],
	"mandiri": ["note", "JKN mandiri ibu aktif; bayi dinilai menurut keadaan keluarga"],
	"bp": ["note", "JKN ibu aktif; bayi dinilai menurut keadaan keluarga"],
}

# METADATA
# title: Ibu bayi diketahui
# related_resources:
#   - ref: https://peraturan.go.id/id/perpres-no-82-tahun-2018
#     description: Perpres 82/2018
# custom:
#   code: newborn_mother_missing
#   because: isi NIK ibu bayi
#   order: 231
#   article: Perpres 82/2018 Pasal 16 (perlu dicek)
#   effective_from: "2018-09-18"
#   remedy: Isi NIK ibu dari surat lahir atau KK.
#   document: birth_letter
findings contains {"code": "newborn_mother_missing", "verdict": "unknown", "seen": "Bayi baru lahir, NIK ibu belum diisi"} if {
	input.subject in {"newborn", "person"}
	mother_missing
}

# METADATA
# title: NIK ibu belum diisi
# custom:
#   not: NIK ibu sudah diisi
mother_missing if {
	via_mother
	not input.mother
}

mother_missing if {
	input.subject == "person"
	child_age_days <= current.newborn_days
	not covered
}

# METADATA
# title: Bayi sudah didaftarkan
# custom:
#   code: infant_unregistered
#   because: urus akta lahir dan masukkan bayi ke KK
#   order: 232
#   article: Ketentuan pendaftaran bayi BPJS Kesehatan (perlu dicek)
#   effective_from: "2018-09-18"
#   remedy: Urus akta lahir dan masukkan bayi ke KK, lalu daftarkan. Bila gawat darurat, layani dulu.
#   document: birth_letter
findings contains {"code": "infant_unregistered", "verdict": "unknown", "seen": $"Bayi lahir {input.resident.birth_date} belum ada di data kependudukan", "limit": $"NIK dilengkapi sebelum {current.newborn_nik_months} bulan", "source": resident_source} if {
	input.subject in {"newborn", "person"}
	child_age_days > current.newborn_days
	within_months(input.resident.birth_date, current.newborn_nik_months)
	not covered
}

# METADATA
# title: Anak sudah mempunyai NIK
# custom:
#   code: infant_nik_missing
#   because: urus NIK anak di Dukcapil
#   order: 233
#   article: Ketentuan pendaftaran bayi BPJS Kesehatan (perlu dicek)
#   effective_from: "2018-09-18"
#   remedy: Urus akta lahir dan NIK anak di Dukcapil, lalu daftarkan. Bila gawat darurat, layani dulu.
#   document: kk
findings contains {"code": "infant_nik_missing", "verdict": "unknown", "seen": $"Anak lahir {input.resident.birth_date} belum mempunyai NIK", "limit": $"NIK wajib sesudah {current.newborn_nik_months} bulan", "source": resident_source} if {
	input.subject in {"newborn", "person"}
	child_age_days > current.newborn_days
	not within_months(input.resident.birth_date, current.newborn_nik_months)
	not covered
}

ask["newborn_via_mother"] := [{"text": "Apa segmen dan status JKN ibu? Cek kelayakan ibu dahulu bila belum aktif.", "field": "mother_nik", "document": "bpjs_screen"}]

ask["newborn_mother_missing"] := [{"text": "Berapa NIK ibu menurut surat lahir atau KK?", "field": "mother_nik", "document": "birth_letter"}]

ask["infant_unregistered"] := [{"text": "Apakah bayi sudah mempunyai akta lahir dan masuk KK? Isi NIK bayi bila sudah ada.", "field": "nik", "document": "kk"}]

ask["infant_nik_missing"] := [{"text": "Berapa NIK anak menurut KK?", "field": "nik", "document": "kk"}]

step["newborn_via_mother"] := [[231, "Ibu dahulu: cek kelayakan ibu dan aktifkan JKN-nya, lalu daftarkan bayi."]] if {
	mother_cover[0] == "unknown"
} else := [[231, "Bayi didaftarkan lewat pemberi kerja ibu; minta ibu melapor ke bagian kepegawaian hari ini."]] if {
	mother_cover[0] == "not_met"
} else := [
	[231, "Bawa surat lahir dan nomor JKN ibu; daftarkan bayi hari ini."],
	[232, $"Lengkapi NIK bayi di Dukcapil paling lambat {current.newborn_nik_months} bulan sesudah lahir."],
]

step["newborn_mother_missing"] := [[230, "Isi NIK ibu dari surat lahir atau KK, lalu cek ulang sebagai bayi baru lahir."]]

step["infant_unregistered"] := [[233, "Urus akta lahir dan masukkan bayi ke KK di Dukcapil, lalu daftarkan. Bila gawat darurat, layani dulu."]]

step["infant_nik_missing"] := [[234, "Urus akta lahir dan NIK anak di Dukcapil, lalu daftarkan. Bila gawat darurat, layani dulu."]]
