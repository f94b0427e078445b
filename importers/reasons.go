package importers

import "layak/eligibility"

// RejectCode is a reason for not taking a row, or a warning about a row that was taken.
type RejectCode struct {
	Code    string `json:"code"`
	Reason  string `json:"reason"` // Indonesian: what is wrong and how to mend it
	Warning bool   `json:"warning"`
}

// The codes. They are stable: programs and the user guide rely on them.
const (
	nikNumberCell      = "nik_number_cell"
	nikMissing         = "nik_missing"
	nikLength          = "nik_length"
	nikProvince        = "nik_province"
	nikDuplicate       = "nik_duplicate_in_file"
	kkNumberCell       = "kk_number_cell"
	kkLength           = "kk_length"
	motherNIKInvalid   = "mother_nik_invalid"
	nameMissing        = "name_missing"
	birthDateInvalid   = "birth_date_invalid"
	birthDateFuture    = "birth_date_future"
	dateInvalid        = "date_invalid"
	sexUnknown         = "sex_unknown"
	lifeStatusUnknown  = "life_status_unknown"
	areaMissing        = "area_missing"
	areaUnknown        = "area_unknown"
	areaBPS            = "area_bps_code"
	desilInvalid       = "desil_invalid"
	segmentUnknown     = "segment_unknown"
	memberUnknown      = "member_status_unknown"
	classUnknown       = "class_unknown"
	cellError          = "cell_error"
	textTooLong        = "text_too_long"
	warnNIKDate        = "nik_date_impossible"
	warnNIKDiffers     = "nik_differs"
	warnRelation       = "relation_unknown"
	warnMarital        = "marital_unknown"
	warnReason         = "member_reason_unknown"
	warnAreaName       = "area_code_name_differ"
	warnOutside        = "area_outside_snapshot"
	warnFutureInactive = "inactive_since_future"
)

// rejectCodes is the one table of codes and sentences.
var rejectCodes = []RejectCode{
	{nikNumberCell, "NIK tersimpan sebagai angka, jadi angka ke-16 sudah hilang dan tidak bisa dipulihkan. Jadikan kolom NIK berformat Teks, lalu isi ulang NIK dari sumber aslinya.", false},
	{nikMissing, "NIK kosong. Isi NIK 16 angka dari KTP atau KK.", false},
	{nikLength, "NIK harus 16 angka. Cocokkan lagi dengan KTP atau KK.", false},
	{nikProvince, "Dua angka pertama NIK bukan kode provinsi. Cocokkan lagi dengan KTP atau KK.", false},
	{nikDuplicate, "NIK ini muncul lebih dari sekali dengan isi yang berbeda, jadi semua barisnya tidak diambil. Sisakan satu baris yang benar.", false},
	{kkNumberCell, "Nomor KK tersimpan sebagai angka, jadi angka ke-16 sudah hilang. Jadikan kolom KK berformat Teks, lalu isi ulang dari sumber aslinya.", false},
	{kkLength, "Nomor KK harus 16 angka. Cocokkan lagi dengan Kartu Keluarga, atau kosongkan bila memang tidak ada.", false},
	{motherNIKInvalid, "NIK ibu bukan 16 angka teks. Cocokkan lagi dengan KK, atau kosongkan bila tidak diketahui.", false},
	{nameMissing, "Nama kosong untuk orang yang belum ada di data. Isi nama sesuai KTP atau KK.", false},
	{birthDateInvalid, "Tanggal lahir tidak terbaca. Tulis hari/bulan/tahun dengan tahun empat angka, misalnya 17/08/1990.", false},
	{birthDateFuture, "Tanggal lahir sesudah tanggal data. Cocokkan lagi dengan KK.", false},
	{dateInvalid, "Tanggal tidak terbaca. Tulis hari/bulan/tahun dengan tahun empat angka, misalnya 17/08/2025.", false},
	{sexUnknown, "Jenis kelamin tidak dikenal. Tulis L atau P.", false},
	{lifeStatusUnknown, "Status penduduk tidak dikenal. Tulis HIDUP, MENINGGAL, PINDAH, atau HILANG.", false},
	{areaMissing, "Wilayah tidak diisi untuk orang yang belum ada di data. Isi desa/kelurahan dan kecamatan; untuk warga luar daerah, isi provinsi dan kabupaten/kota.", false},
	{areaUnknown, "Wilayah tidak ditemukan. Periksa ejaan atau kode Kemendagri desa/kelurahan, kecamatan, dan kabupaten/kota.", false},
	{areaBPS, "Kode wilayah ini kode BPS, bukan kode Kemendagri. Tambahkan kolom nama desa/kelurahan dan kecamatan.", false},
	{desilInvalid, "Desil harus angka bulat 1 sampai 10.", false},
	{segmentUnknown, "Segmen peserta tidak dikenal. Tulis PBI JK, PBPU PEMDA, PPU, PBPU MANDIRI, BP, atau BELUM TERDAFTAR.", false},
	{memberUnknown, "Status peserta tidak dikenal. Tulis AKTIF, NON AKTIF, NON AKTIF KARENA PREMI, atau PENANGGUHAN PEMBAYARAN.", false},
	{classUnknown, "Kelas rawat tidak dikenal. Tulis 1, 2, atau 3.", false},
	{cellError, "Sel ini berisi rumus yang gagal. Perbaiki rumusnya atau tulis nilainya.", false},
	{textTooLong, "Isi sel terlalu panjang (lebih dari 300 huruf). Periksa apakah beberapa baris tergabung.", false},
	{warnNIKDate, "Tanggal di dalam NIK tidak mungkin. Baris tetap diambil; cocokkan NIK bila sempat.", true},
	{warnNIKDiffers, "Tanggal lahir atau jenis kelamin berbeda dari yang tertera di NIK. Baris tetap diambil.", true},
	{warnRelation, "Hubungan keluarga tidak dikenal dan dikosongkan. Pakai istilah di KK, misalnya KEPALA KELUARGA, ISTRI, ANAK.", true},
	{warnMarital, "Status kawin tidak dikenal dan dikosongkan. Pakai BELUM KAWIN, KAWIN, CERAI HIDUP, atau CERAI MATI.", true},
	{warnReason, "Sebab nonaktif tidak dikenal dan dicatat sebagai lainnya.", true},
	{warnAreaName, "Kode dan nama wilayah tidak cocok; nama yang dipakai. Periksa kodenya.", true},
	{warnOutside, "Alamat baris ini di luar wilayah yang diimpor sebagai data lengkap. Baris tetap diambil.", true},
	{warnFutureInactive, "Tanggal nonaktif sesudah tanggal data. Baris tetap diambil.", true},
}

// RejectCodes lists every code with its sentence, rejecting ones first.
func RejectCodes() []RejectCode { return append([]RejectCode(nil), rejectCodes...) }

var reasonOf = func() map[string]string {
	m := map[string]string{}
	for _, c := range rejectCodes {
		m[c.Code] = c.Reason
	}
	return m
}()

// unknownCode is the code that tells that a value is in no list.
var unknownCode = map[eligibility.Field]string{
	eligibility.FieldSex:          sexUnknown,
	eligibility.FieldLifeStatus:   lifeStatusUnknown,
	eligibility.FieldSegment:      segmentUnknown,
	eligibility.FieldClass:        classUnknown,
	eligibility.FieldRelation:     warnRelation,
	eligibility.FieldMarital:      warnMarital,
	eligibility.FieldMemberReason: warnReason,
}
