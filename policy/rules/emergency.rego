# Care comes before paper. Codes: emergency_first, other_payer_first.
package layak.eligibility

# METADATA
# title: Gawat darurat dilayani dulu
# related_resources:
#   - ref: https://peraturan.go.id/id/uu-no-17-tahun-2023
#     description: UU 17/2023
# custom:
#   code: emergency_first
#   order: 100
#   article: UU 17/2023 Pasal 174
#   effective_from: "2023-08-08"
#   remedy: Layani tanpa uang muka; berkas menyusul dan petugas rumah sakit yang mendaftarkan.
#   document: inpatient_letter
findings contains {"code": "emergency_first", "verdict": "note", "seen": "Keadaan gawat darurat", "limit": $"berkas paling lambat {current.paper_days} hari kerja atau sebelum pulang", "source": "pernyataan di loket"} if input.need == "emergency"

# METADATA
# title: Penjamin lain didahulukan
# related_resources:
#   - ref: https://peraturan.go.id/id/perpres-no-82-tahun-2018
#     description: Perpres 82/2018
# custom:
#   code: other_payer_first
#   order: 710
#   article: Perpres 82/2018 Pasal 52 (perlu dicek)
#   effective_from: "2018-09-18"
#   remedy: Urus laporan polisi, lalu Jasa Raharja untuk kecelakaan lalu lintas atau BPJS Ketenagakerjaan untuk kecelakaan kerja. Penganiayaan di luar JKN.
#   document: police_report
findings contains {"code": "other_payer_first", "verdict": "note", "seen": "Kecelakaan atau penganiayaan", "source": "pernyataan di loket"} if input.need == "accident"

step["emergency_first"] := [
	[10, $"Layani dulu tanpa uang muka; berkas menyusul paling lambat {current.paper_days} hari kerja atau sebelum pulang."],
	[11, "Petugas rumah sakit yang mendaftarkan; catat aduan darurat sekarang karena batas 4 jam sudah berjalan."],
]

step["other_payer_first"] := [
	[20, "Bila keadaannya gawat darurat, layani dulu."],
	[710, "Minta laporan polisi, lalu hubungi Jasa Raharja untuk kecelakaan lalu lintas atau BPJS Ketenagakerjaan untuk kecelakaan kerja."],
	[711, "Jelaskan bahwa korban penganiayaan tidak dijamin JKN; hubungi Dinas Sosial atau lembaga perlindungan saksi dan korban."],
]
