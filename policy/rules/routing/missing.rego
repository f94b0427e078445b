# What the reporter still has to bring or say, as one would ask aloud. A complaint that lacks it is
# parked, never thrown away.
package layak.routing

missing := [{"code": code, "text": question[code]} |
	some code in wanted
	not code in given
]

given := {code | some code in input.given}

# In an emergency only what finds the patient is asked; the rest comes after the care.
wanted := ["patient", "facility", "phone"] if {
	emergency
} else := wanted_by[input.matter] if {
	input.matter
} else := ["matter", "patient", "phone"]

wanted_by := {
	"eligibility": ["patient", "village", "need", "phone"],
	"activation": ["patient", "village", "when", "phone"],
	"charge": ["patient", "facility", "when", "amount", "receipt", "phone"],
	"refusal": ["patient", "facility", "when", "need", "phone"],
	"conduct": ["facility", "when", "phone"],
	"referral_room_drug": ["patient", "facility", "when", "phone"],
	"data": ["patient", "photo", "phone"],
	"information": [],
	"other": ["when", "phone"],
}

question := {
	"patient": "Siapa nama lengkap pasien? Minta foto KTP, KK, atau NIK-nya.",
	"village": "Pasien tinggal di desa atau kelurahan mana?",
	"need": "Pasien memerlukan layanan apa sekarang?",
	"matter": "Apa yang diadukan: kartu belum aktif, ditagih biaya, ditolak, atau hal lain?",
	"phone": "Berapa nomor telepon pelapor yang dapat dihubungi?",
	"facility": "Di puskesmas atau rumah sakit mana kejadiannya?",
	"when": "Hari apa dan pukul berapa kejadiannya?",
	"amount": "Berapa rupiah yang sudah dibayar atau ditagihkan?",
	"receipt": "Adakah kuitansi atau rincian tagihan? Minta fotonya.",
	"photo": "Adakah foto KTP dan KK yang benar? Minta fotonya.",
}
