# Class, priority and service element of a complaint, and who has to look on. A class that an official
# set holds over what stands here.
package layak.routing

# METADATA
# title: klasifikasi aduan
default class := "complaint"

class := input.class if {
	input.class
} else := "information" if {
	input.matter == "information"
} else := "oversight" if {
	input.matter == "conduct"
}

# METADATA
# title: urutan penanganan
default priority := "normal"

priority := "emergency" if {
	emergency
} else := "high" if {
	pressing
}

# METADATA
# title: perlu didahulukan
# custom:
#   not: tidak perlu didahulukan
pressing if input.need in {"delivery", "inpatient", "accident"}

pressing if input.matter == "refusal"

pressing if attention

pressing if input.deceased

pressing if input.reopened > 0

element_of := {
	"eligibility": "requirements",
	"activation": "time",
	"charge": "cost",
	"refusal": "conformity",
	"conduct": "conduct",
	"referral_room_drug": "facilities",
	"data": "procedure",
	"information": "procedure",
	"other": "handling",
}

element := element_of[input.matter]

# METADATA
# title: atensi media atau DPRD
# custom:
#   not: tidak ada atensi media atau DPRD
default attention := false

attention if input.relation in {"media", "council"}

# METADATA
# title: ditutup orang kedua
# custom:
#   not: tidak perlu ditutup orang kedua
default second_person := false

second_person if attention

second_person if class == "oversight"

second_person if input.matter in {"charge", "conduct"}

# METADATA
# title: Gawat darurat didahulukan
# related_resources:
#   - ref: https://peraturan.go.id/id/uu-no-17-tahun-2023
#     description: UU 17/2023
# custom:
#   code: route_emergency
#   order: 100
#   article: UU 17/2023 Pasal 174; batas jam menurut ketentuan daerah (perlu dicek)
#   effective_from: "2023-08-08"
reasons contains {"code": "route_emergency", "text": $"Keadaan gawat darurat: layani dulu, selesaikan dalam {current.emergency_hours} jam siang dan malam."} if emergency

# METADATA
# title: Klasifikasi ditetapkan petugas
# custom:
#   code: class_by_official
#   order: 200
#   article: Pertimbangan program
#   effective_from: "2019-01-01"
reasons contains {"code": "class_by_official", "text": $"Klasifikasi ditetapkan petugas; batas penyelesaiannya {current.resolve_days[class]} hari kerja."} if input.class

# METADATA
# title: Permintaan informasi
# custom:
#   code: class_information
#   order: 210
#   article: PermenPAN-RB 62/2018 (perlu dicek)
#   effective_from: "2019-01-01"
reasons contains {"code": "class_information", "text": $"Warga meminta informasi: dijawab paling lambat {current.resolve_days.information} hari kerja."} if {
	not input.class
	class == "information"
}

# METADATA
# title: Pengaduan berkadar pengawasan
# custom:
#   code: class_oversight
#   order: 220
#   article: PermenPAN-RB 62/2018 (perlu dicek)
#   effective_from: "2019-01-01"
reasons contains {"code": "class_oversight", "text": $"Aduan tentang sikap petugas perlu pemeriksaan: paling lambat {current.resolve_days.oversight} hari kerja."} if {
	not input.class
	class == "oversight"
}

# METADATA
# title: Pengaduan biasa
# custom:
#   code: class_complaint
#   order: 230
#   article: PermenPAN-RB 62/2018 (perlu dicek)
#   effective_from: "2019-01-01"
reasons contains {"code": "class_complaint", "text": $"Pengaduan biasa: diselesaikan paling lambat {current.resolve_days.complaint} hari kerja."} if {
	not input.class
	class == "complaint"
}

pressing_words := {
	"delivery": "Ibu melahirkan atau segera melahirkan: didahulukan.",
	"inpatient": "Pasien sedang dirawat inap: didahulukan.",
	"accident": "Pasien korban kecelakaan: didahulukan.",
}

# METADATA
# title: Pasien sedang memerlukan layanan
# custom:
#   code: route_in_care
#   order: 300
#   article: Pertimbangan program
#   effective_from: "2019-01-01"
reasons contains {"code": "route_in_care", "text": pressing_words[input.need]} if not emergency

# METADATA
# title: Ditolak fasilitas kesehatan
# related_resources:
#   - ref: https://peraturan.go.id/id/uu-no-17-tahun-2023
#     description: UU 17/2023
# custom:
#   code: route_refused
#   order: 310
#   article: UU 17/2023 Pasal 174 dan 189 (perlu dicek)
#   effective_from: "2023-08-08"
reasons contains {"code": "route_refused", "text": "Pasien ditolak fasilitas kesehatan: didahulukan dan pimpinannya yang menjawab."} if input.matter == "refusal"

# METADATA
# title: Pasien meninggal
# custom:
#   code: route_deceased
#   order: 320
#   article: Pertimbangan program
#   effective_from: "2019-01-01"
reasons contains {"code": "route_deceased", "text": "Pasien meninggal: didahulukan, dijawab dengan kata yang pantas, tanpa meminta penilaian."} if input.deceased

# METADATA
# title: Dibuka kembali
# custom:
#   code: route_reopened
#   order: 330
#   article: Pertimbangan program
#   effective_from: "2019-01-01"
reasons contains {"code": "route_reopened", "text": "Warga menyatakan belum selesai dan aduan dibuka kembali: didahulukan."} if input.reopened > 0

# METADATA
# title: Atensi media atau DPRD
# related_resources:
#   - ref: https://peraturan.go.id/id/uu-no-27-tahun-2022
#     description: UU 27/2022
# custom:
#   code: route_attention
#   order: 340
#   article: Pertimbangan program; UU 27/2022 untuk data pribadi
#   effective_from: "2019-01-01"
reasons contains {"code": "route_attention", "text": "Disampaikan media atau anggota DPRD: satu juru bicara, jawaban terbuka tanpa data pribadi."} if attention

# METADATA
# title: Ditutup orang kedua
# custom:
#   code: route_second_person
#   order: 350
#   article: Pertimbangan program
#   effective_from: "2019-01-01"
reasons contains {"code": "route_second_person", "text": "Penutupan diperiksa orang kedua, bukan yang memutuskan."} if second_person
