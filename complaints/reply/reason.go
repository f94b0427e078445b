package reply

import (
	"regexp"

	"layak/policy"
)

// reason is a finding as one says it to the person concerned: why, and what that person can do. The
// texts of the rules speak to officers.
type reason struct {
	why, do string
	// private tells of welfare, insurance segment or arrears.
	private bool
}

// elsewhere stands for what a reporter who is not the patient may not be told.
const elsewhere = "Ada syarat yang hanya dapat kami jelaskan kepada pasien atau keluarga satu KK, di kantor dengan membawa KTP."

// reasons has every finding of the shipped rules that can be not met or unknown, by code. A test
// holds it together with them.
var reasons = map[string]reason{
	"residency_unknown":      {why: "Alamat tempat tinggal pasien belum jelas.", do: "Kirim foto KK terbaru."},
	"residency_outside":      {why: "KTP atau KK pasien tercatat di kabupaten/kota lain.", do: "Hubungi Dinas Sosial atau puskesmas di daerah asal. Bila sudah pindah ke sini, urus KK baru lalu kabari kami."},
	"residency_conflict":     {why: "Alamat di KTP dan KK berbeda.", do: "Kirim foto KK terbaru; KK yang menentukan."},
	"residency_recent":       {why: "Pasien belum cukup lama menjadi penduduk di sini, jadi daerah asal masih menjamin.", do: "Hubungi Dinas Sosial di daerah asal dan simpan surat pindahnya."},
	"identity_unresolved":    {why: "Identitas pasien belum diketahui.", do: "Bantu kami dengan nama, alamat, atau keluarga pasien."},
	"registry_missing":       {why: "Pasien belum ditemukan di data kependudukan kami.", do: "Kirim foto KTP dan KK agar angkanya kami cocokkan."},
	"not_in_latest":          {why: "Pasien tidak ada lagi di data kependudukan terbaru.", do: "Bawa KTP dan KK ke Dukcapil atau ke kantor kami."},
	"deceased":               {why: "Data mencatat keadaan pasien yang perlu dipastikan.", do: "Datang ke kantor kami dengan KTP dan KK."},
	"person_lost":            {why: "Data mencatat keadaan pasien yang perlu dipastikan.", do: "Datang ke kantor kami dengan KTP dan KK."},
	"newborn_mother_missing": {why: "Data ibu bayi belum lengkap.", do: "Kirim foto surat lahir dan KTP ibu."},
	"infant_unregistered":    {why: "Bayi belum didaftarkan.", do: "Urus akta lahir, masukkan bayi ke KK, lalu kabari kami."},
	"infant_nik_missing":     {why: "Anak belum mempunyai NIK.", do: "Urus akta lahir dan NIK anak di Dukcapil, lalu kabari kami."},
	"data_stale":             {why: "Data kami sudah lama dan perlu dicocokkan.", do: "Kirim foto KK terbaru atau datang ke kantor kami."},
	"cover_started_later":    {why: "Kartu mulai berlaku sesudah hari berobat.", do: "Simpan tagihannya; kami bicarakan dengan rumah sakit.", private: true},
	"service_day_past":       {why: "Hari berobat sudah lewat; pendaftaran hari ini tidak berlaku surut.", do: "Simpan tagihannya dan kirim fotonya; kami bicarakan dengan rumah sakit dan Dinas Kesehatan."},
	"activation_next_month":  {why: "Kartu baru aktif bulan depan."},
	"emergency_first":        {why: "Pasien gawat darurat dilayani dulu tanpa uang muka.", do: "Bila diminta membayar, segera hubungi kami."},
	"other_payer_first":      {why: "Biaya kecelakaan ditanggung penjamin lain lebih dulu.", do: "Urus laporan polisi, lalu Jasa Raharja (lalu lintas) atau BPJS Ketenagakerjaan (kecelakaan kerja)."},
	"need_not_met":           {why: "Menurut data, keadaan ekonomi keluarga belum memenuhi syarat program ini.", do: "Minta SKTM di desa atau kelurahan, atau usulkan perbaikan data di sana.", private: true},
	"need_unknown":           {why: "Keadaan ekonomi keluarga belum ada datanya.", do: "Bawa SKTM bertanggal dari desa atau kelurahan.", private: true},
	"need_conflict":          {why: "SKTM dan data kesejahteraan berbeda.", do: "Petugas desa atau kelurahan akan memastikan di rumah.", private: true},
	"class_3_unasked":        {why: "Kami belum tahu apakah pasien bersedia dirawat di kelas 3.", do: "Kabari kami apakah bersedia dirawat di kelas 3."},
	"class_3_refused":        {why: "Program ini hanya untuk perawatan di kelas 3.", do: "Kabari kami bila bersedia dirawat di kelas 3."},
	"mandiri_inactive_move":  {why: "JKN mandiri pasien tidak aktif.", do: "Tunggakan tidak hapus. Tanyakan denda rawat inap ke BPJS.", private: true},
	"bp_inactive_move":       {why: "JKN pasien tidak aktif.", do: "Tunggakan tidak hapus. Tanyakan denda rawat inap ke BPJS.", private: true},
	"pemda_inactive":         {why: "Jaminan yang dulu dibayar Pemda tidak aktif.", private: true},
	"pbi_reactivate":         {why: "JKN bantuan pemerintah pusat pasien tidak aktif tetapi masih dapat diaktifkan kembali.", do: "Bawa surat keterangan berobat ke operator SIKS-NG di desa/kelurahan atau Dinas Sosial.", private: true},
	"pbi_window_passed":      {why: "Masa untuk mengaktifkan kembali bantuan pemerintah pusat sudah lewat.", do: "Ajukan pemutakhiran data di desa atau kelurahan.", private: true},
	"ppu_termination_grace":  {why: "Pasien masih dijamin sesudah berhenti bekerja.", do: "Bawa bukti berhenti bekerja ke BPJS Kesehatan.", private: true},
	"ppu_employer_due":       {why: "Pemberi kerja wajib mendaftarkan dan membayar jaminan pasien.", do: "Laporkan ke BPJS Kesehatan dan Dinas Tenaga Kerja.", private: true},
	"segment_unknown":        {why: "Jenis kepesertaan JKN pasien belum diketahui.", do: "Kirim foto layar Mobile JKN, atau datang ke kantor kami.", private: true},
	"cover_unknown":          {why: "Status JKN pasien belum diketahui.", do: "Kirim foto layar Mobile JKN, atau datang ke kantor kami.", private: true},
	"membership_unchecked":   {why: "Kepesertaan JKN pasien sedang kami cek.", private: true},
	"membership_none":        {why: "Pasien belum terdaftar di JKN.", private: true},
	"cover_conflict":         {why: "Data kami dan layar BPJS berbeda; sedang kami cocokkan.", private: true},
	"moved_out_covered":      {why: "Pasien tercatat pindah ke daerah lain.", do: "Minta daerah tujuan mendaftarkan pasien."},
	"bpjs_says_deceased":     {why: "Catatan BPJS tentang pasien perlu dibetulkan.", do: "Datang ke kantor BPJS atau kantor kami dengan KTP dan KK."},
}

// told is what may be said of a finding: full tells whether the reader may know private things.
func told(f policy.Finding, full bool) (why, do string) {
	r, known := reasons[f.Code]
	switch {
	case !full && (!known || r.private):
		return elsewhere, ""
	case known:
		return r.why, r.do
	}
	return f.Title + ".", f.Remedy // a rule of the regency's own
}

// delicate finds words of welfare, segment and arrears in what an officer wrote.
var delicate = regexp.MustCompile(`(?i)\b(desil|dtsen|dtks|tunggak\w*|menunggak|segmen|pbi\S*|ppu|pbpu|mandiri|sktm|miskin|mampu|penghasilan|gaji)\b`)
