# The ward. Codes: class_3_accepted, class_3_refused, class_3_unasked. It applies to those who are
# admitted; a newborn shares the mother's room.
package layak.eligibility

# METADATA
# title: kelas rawat menentukan
# custom:
#   not: kelas rawat tidak menentukan
class_counts if {
	input.need in {"inpatient", "delivery"}
	assessed
	not newborn
}

# METADATA
# title: Bersedia rawat kelas 3
# related_resources:
#   - ref: https://peraturan.go.id/id/perpres-no-82-tahun-2018
#     description: Perpres 82/2018
# custom:
#   code: class_3_accepted
#   order: 610
#   article: Perpres 82/2018 Pasal 51 (perlu dicek)
#   effective_from: "2018-09-18"
#   remedy: Tidak ada yang perlu dilakukan.
#   document: ""
findings contains {"code": "class_3_accepted", "verdict": "met", "seen": "Bersedia rawat kelas 3", "limit": "kelas 3", "source": "pernyataan di loket"} if {
	input.statements.accepts_class_3 == true
	class_counts
}

# METADATA
# title: Bersedia rawat kelas 3
# related_resources:
#   - ref: https://peraturan.go.id/id/perpres-no-82-tahun-2018
#     description: Perpres 82/2018
# custom:
#   code: class_3_refused
#   because: tidak bersedia rawat kelas 3
#   order: 611
#   article: Perpres 82/2018 Pasal 51 (perlu dicek)
#   effective_from: "2018-09-18"
#   remedy: Bila bersedia dirawat di kelas 3, cek ulang. Warga yang memilih kelas lain tetap membayar JKN mandiri.
#   document: ""
findings contains {"code": "class_3_refused", "verdict": "not_met", "seen": "Tidak bersedia rawat kelas 3", "limit": "kelas 3", "source": "pernyataan di loket"} if {
	input.statements.accepts_class_3 == false
	class_counts
}

# METADATA
# title: Bersedia rawat kelas 3
# related_resources:
#   - ref: https://peraturan.go.id/id/perpres-no-82-tahun-2018
#     description: Perpres 82/2018
# custom:
#   code: class_3_unasked
#   because: tanyakan apakah bersedia dirawat di kelas 3
#   order: 612
#   article: Perpres 82/2018 Pasal 51 (perlu dicek)
#   effective_from: "2018-09-18"
#   remedy: Tanyakan apakah bersedia dirawat di kelas 3.
#   document: ""
findings contains {"code": "class_3_unasked", "verdict": "unknown", "seen": "Belum ditanyakan", "limit": "kelas 3"} if {
	not input.statements.accepts_class_3 == true
	not input.statements.accepts_class_3 == false
	input.need in {"inpatient", "delivery"}
	class_counts
}

ask["class_3_unasked"] := [{"text": "Apakah pasien bersedia dirawat di kelas 3?", "field": "accepts_class_3", "document": ""}]

step["class_3_refused"] := [[610, "Bila tetap memilih kelas lain, warga membayar JKN mandiri; bila bersedia kelas 3, cek ulang."]]

step["class_3_unasked"] := [[611, "Tanyakan kepada pasien atau keluarga apakah bersedia dirawat di kelas 3."]]
