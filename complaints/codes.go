package complaints

import "slices"

// Word is one entry of a closed list: the code that is stored and the Indonesian word on screens.
type Word struct {
	Code  string
	Label string
}

// The closed lists of a complaint. Order is the order on screens.
var (
	Channels = []Word{
		{"whatsapp", "WhatsApp"}, {"counter", "Loket"}, {"phone", "Telepon"}, {"visit", "Kunjungan"},
		{"stall", "Posko aduan"}, {"lapor", "SP4N-LAPOR!"}, {"wadul", "Wadul Gus'e"},
		{"command_centre", "Command center"}, {"web", "Situs web"}, {"email", "Surel"},
		{"instagram", "Instagram"}, {"facebook", "Facebook"}, {"tiktok", "TikTok"},
		{"telegram", "Telegram"}, {"other", "Lainnya"},
	}
	Relations = []Word{
		{"self", "Diri sendiri"}, {"family", "Keluarga"}, {"cadre", "Kader"}, {"companion", "Pendamping"},
		{"ngo", "LSM"}, {"officer", "Petugas"}, {"media", "Media"}, {"council", "Anggota DPRD"},
		{"other", "Lainnya"},
	}
	Matters = []Word{
		{"eligibility", "Berhak atau tidak"}, {"activation", "Kartu belum aktif"},
		{"charge", "Ditagih biaya"}, {"refusal", "Ditolak faskes"}, {"conduct", "Sikap petugas"},
		{"referral_room_drug", "Rujukan, kamar, atau obat"}, {"data", "Data salah"},
		{"information", "Minta informasi"}, {"other", "Lainnya"},
	}
	// Classes, by what has to be settled and so by the time there is for it (PermenPAN-RB 62/2018:
	// 5, 14 and 60 working days; verify the text).
	Classes = []Word{
		{"information", "Permintaan informasi"}, {"complaint", "Pengaduan biasa"},
		{"oversight", "Pengaduan berkadar pengawasan"}, {"aspiration", "Aspirasi"},
	}
	Priorities = []Word{{"emergency", "Gawat darurat"}, {"high", "Tinggi"}, {"normal", "Biasa"}}
	// Elements are the nine elements of a public service.
	Elements = []Word{
		{"requirements", "Persyaratan"}, {"procedure", "Kemudahan prosedur"}, {"time", "Waktu pelayanan"},
		{"cost", "Biaya"}, {"conformity", "Kesesuaian hasil layanan"}, {"competence", "Kemampuan petugas"},
		{"conduct", "Sikap petugas"}, {"facilities", "Sarana"}, {"handling", "Penanganan pengaduan"},
	}
	// Needs repeats the list "need" of the rules' input schema; a test holds the two together.
	Needs = []Word{
		{"emergency", "Gawat darurat"}, {"inpatient", "Rawat inap"}, {"outpatient", "Rawat jalan"},
		{"delivery", "Melahirkan"}, {"routine", "Rutin"}, {"accident", "Kecelakaan"},
	}
)

// otherReason is the code for a reason that is told in words alone.
const otherReason = "other"

// RejectReasons are why a complaint cannot be followed up.
var RejectReasons = []Word{
	{"too_general", "Terlalu umum, tidak dapat ditelusuri"}, {"not_understandable", "Tidak dapat dipahami"},
	{"not_service", "Bukan tentang pelayanan publik"}, {"duplicate", "Sudah diadukan dan ditangani"},
	{"incomplete", "Tidak dilengkapi setelah diminta"}, {"abusive", "Berisi kata kasar atau SARA"},
	{"advertisement", "Iklan"}, {"in_court", "Sedang dalam proses hukum"},
	{"not_relevant", "Tidak terkait kinerja pemerintah daerah"}, {otherReason, "Alasan lain"},
}

// Label finds the word for a code; the code itself when the list does not hold it.
func Label(list []Word, code string) string {
	i := slices.IndexFunc(list, func(w Word) bool { return w.Code == code })
	if i < 0 {
		return code
	}
	return list[i].Label
}

// Known tells whether code is in the list.
func Known(list []Word, code string) bool {
	return slices.ContainsFunc(list, func(w Word) bool { return w.Code == code })
}
