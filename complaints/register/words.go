package register

import (
	"strings"

	"layak/complaints"
)

// fold keeps letters and digits in small letters, so that case, spacing and punctuation do not matter.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return -1
	}, s)
}

// statusWords are the words of SP4N-LAPOR!, Wadul Gus'e and of hand-made lists, folded.
var statusWords = spell(map[complaints.State]string{
	complaints.Received:        "belumterverifikasi belumverifikasi belumdiverifikasi baru masuk diterima menungguverifikasi laporanmasuk",
	complaints.Verified:        "disposisi terdisposisi didisposisikan terverifikasi verifikasi belumditindaklanjuti belumtindaklanjut belumdijawab",
	complaints.InProgress:      "proses diproses dalamproses sedangdiproses tindaklanjut ditindaklanjuti dalamtindaklanjut sedangditindaklanjuti prosestindaklanjut dalamprosespenyelesaian onprogress responawal dikerjakan sedangdikerjakan",
	complaints.WaitingReporter: "tertunda ditunda tunda menunggupelapor menunggujawabanpelapor perludilengkapi belumlengkap",
	complaints.Answered:        "sudahdijawab dijawab terjawab sudahditanggapi ditanggapi responsubstantif",
	complaints.Closed:          "selesai sudahselesai tuntas ditutup closed done selesaiditindaklanjuti",
	complaints.Forwarded:       "diteruskan diteruskankeinstansilain dilimpahkan",
	complaints.Rejected:        "arsip diarsipkan ditolak bukanwewenang bukankewenangan tidakdapatditindaklanjuti",
	complaints.Withdrawn:       "dibatalkan batal dicabut dibatalkanpelapor",
})

// StateOf is what a status word means here; false for a word that nobody knows.
func StateOf(word string) (complaints.State, bool) {
	s, ok := statusWords[fold(word)]
	return s, ok
}

// classWords are the classifications that an admin of the other system sets.
var classWords = spell(map[string]string{
	"information": "permintaaninformasi informasi",
	"complaint":   "pengaduan aduan keluhan pengaduantidakberkadarpengawasan pengaduannormatif pengaduanringan",
	"oversight":   "pengaduanberkadarpengawasan whistleblowing whistleblower wbs",
	"aspiration":  "aspirasi saran usulan",
})

// channelWords are how the registers name the way by which the citizen came.
var channelWords = spell(map[string]string{
	"whatsapp": "whatsapp wa", "instagram": "instagram ig", "facebook": "facebook fb", "tiktok": "tiktok",
	"telegram": "telegram", "email": "email surel", "web": "web website situsweb aplikasi",
	"counter": "loket tatapmuka malldesa datanglangsung counter", "phone": "telepon callcenter telp",
	"command_centre": "commandcenter commandcentre", "lapor": "lapor sp4n sp4nlapor", "wadul": "wadul waduguse wadulguse",
	"visit": "kunjungan", "stall": "posko poskoaduan",
})

func spell[K ~string](of map[K]string) map[string]K {
	out := map[string]K{}
	for meaning, words := range of {
		for w := range strings.FieldsSeq(words) {
			out[w] = meaning
		}
	}
	return out
}

// codes of refused rows and of cells that were left out.
const (
	numberMissing   = "number_missing"
	numberLost      = "number_lost"
	numberTwice     = "number_twice"
	textMissing     = "text_missing"
	statusUnknown   = "status_unknown"
	filedMissing    = "filed_missing"
	filedFuture     = "filed_future"
	dateInvalid     = "date_invalid"
	cellError       = "cell_error"
	notTaken        = "not_taken"
	warnNIK         = "nik_left_out"
	warnPhone       = "phone_left_out"
	warnEmail       = "email_left_out"
	warnChannel     = "channel_unknown"
	warnClass       = "class_unknown"
	warnPlace       = "place_unknown"
	warnTextCut     = "text_cut"
	warnDateIgnored = "date_left_out"
)

// reasons are what a clerk reads about each code: what is wrong and how to mend it.
var reasons = map[string]string{
	numberMissing:   "Nomor laporan kosong. Isi nomor tiket dari sistem asalnya; tanpa nomor, laporan yang sama bisa tercatat dua kali.",
	numberLost:      "Nomor laporan tersimpan sebagai angka panjang, jadi sebagian angkanya sudah hilang. Jadikan kolomnya Teks, lalu isi ulang dari sistem asal.",
	numberTwice:     "Nomor laporan ini muncul lebih dari sekali dengan isi berbeda, jadi tidak satu pun diambil. Sisakan satu baris yang benar.",
	textMissing:     "Isi laporan dan judulnya kosong. Isi salah satunya.",
	statusUnknown:   "Status ini tidak dikenal. Pakai kata dari sistem asal, misalnya Disposisi, Proses, Tindak Lanjut, Selesai, atau Dibatalkan.",
	filedMissing:    "Tanggal masuk kosong. Isi tanggal laporan diterima.",
	filedFuture:     "Tanggal masuk sesudah hari ini. Periksa tahunnya.",
	dateInvalid:     "Tanggal tidak terbaca. Tulis hari/bulan/tahun dengan tahun empat angka, misalnya 17/08/2026.",
	cellError:       "Sel ini berisi rumus yang gagal. Perbaiki rumusnya atau tulis nilainya.",
	notTaken:        "Baris ini tidak dapat disimpan: ",
	warnNIK:         "NIK tidak utuh, jadi tidak dicatat. Laporannya tetap diambil.",
	warnPhone:       "Nomor telepon tidak terbaca, jadi tidak dicatat. Laporannya tetap diambil.",
	warnEmail:       "Alamat surel tidak terbaca, jadi tidak dicatat. Laporannya tetap diambil.",
	warnChannel:     "Sumber pengaduan tidak dikenal; dicatat sebagai saluran lain.",
	warnClass:       "Klasifikasi tidak dikenal; aturan yang menentukan.",
	warnPlace:       "Kecamatan atau desa tidak ditemukan di daerah ini, jadi tidak dicatat.",
	warnTextCut:     "Isi laporan lebih dari 10.000 huruf; sisanya tidak diambil.",
	warnDateIgnored: "Tanggal ini tidak terbaca, jadi tidak dicatat. Laporannya tetap diambil.",
}
