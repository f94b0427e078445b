package reply

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"layak/complaints"
)

// Values are the blanks of a wording filled in. Lists are lines that begin with a dash. A blank of
// which nothing is known is empty, so that {{if}} leaves its sentence out.
type Values struct {
	Sapaan, Pasien, Tiket, Perihal, Tanggal                                            string
	Kantor, AlamatKantor, TeleponKantor, JamLayanan, Petugas                           string
	Tenggat, Alasan, Berkas, Langkah                                                   string
	Keputusan, AlasanPutusan, AktifMulai, Instansi, NomorInstansi, Jumlah, TenggatUang string
}

// Blanks is the closed list of them with what each becomes, for whoever writes a text.
var Blanks = []complaints.Word{
	{Code: "Sapaan", Label: "Bapak/Ibu dan nama depan pelapor"}, {Code: "Pasien", Label: "nama depan pasien, hanya untuk pasien dan keluarganya"},
	{Code: "Tiket", Label: "nomor aduan"}, {Code: "Perihal", Label: "pokok aduan"}, {Code: "Tanggal", Label: "hari ini"},
	{Code: "Kantor", Label: "nama unit yang menangani"}, {Code: "AlamatKantor", Label: "alamat unit"}, {Code: "TeleponKantor", Label: "telepon unit"},
	{Code: "JamLayanan", Label: "jam layanan unit"}, {Code: "Petugas", Label: "nama petugas yang menjawab"},
	{Code: "Tenggat", Label: "“paling lambat Senin, 23 November 2026 pukul 14.00 WIB”"},
	{Code: "Alasan", Label: "syarat yang belum terpenuhi atau belum jelas, satu baris satu alasan"},
	{Code: "Berkas", Label: "berkas atau keterangan yang masih ditunggu"}, {Code: "Langkah", Label: "yang dapat dilakukan warga"},
	{Code: "Keputusan", Label: "keputusan petugas berwenang"}, {Code: "AlasanPutusan", Label: "alasan keputusan atau penolakan"},
	{Code: "AktifMulai", Label: "tanggal kartu mulai aktif"}, {Code: "Instansi", Label: "instansi tujuan"}, {Code: "NomorInstansi", Label: "nomor di instansi tujuan"},
	{Code: "Jumlah", Label: "uang yang dikembalikan"}, {Code: "TenggatUang", Label: "batas waktu uang diterima"},
}

// Sample fills every blank with an invented case, for the preview of a wording.
var Sample = Values{
	Sapaan: "Bapak/Ibu Ani", Pasien: "Siti", Tiket: "3509-AB3D-EF6H-J", Perihal: "Kartu belum aktif", Tanggal: "Sabtu, 21 November 2026",
	Kantor: "Kelurahan Contoh", AlamatKantor: "Jalan Contoh 1", TeleponKantor: "(0331) 000000", JamLayanan: "Senin–Jumat pukul 08.00–15.00", Petugas: "Budi Contoh",
	Tenggat: "paling lambat Senin, 23 November 2026 pukul 14.00 WIB", Alasan: "- SKTM dari desa atau kelurahan belum ada.",
	Berkas: "- Foto KTP pasien\n- Surat keterangan tidak mampu (SKTM)", Langkah: "- Minta SKTM di desa atau kelurahan, lalu kabari kami.",
	Keputusan: "Dikabulkan", AlasanPutusan: "Berkas sudah lengkap.", AktifMulai: "1 Desember 2026", Instansi: "Kantor BPJS Kesehatan", NomorInstansi: "B-12/2026",
	Jumlah: "Rp 1.250.000", TenggatUang: "paling lambat Jumat, 4 Desember 2026",
}

var (
	weekdays = []string{"Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"}
	months   = []string{"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"}
	zones    = map[int]string{7: "WIB", 8: "WITA", 9: "WIT"} // by hours east of Greenwich
)

// dayText is "Senin, 23 November 2026".
func dayText(t time.Time) string { return weekdays[t.Weekday()] + ", " + dateText(t) }

func dateText(t time.Time) string {
	return strconv.Itoa(t.Day()) + " " + months[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// latest is "paling lambat Senin, 23 November 2026 pukul 14.00 WIB".
func latest(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	_, east := t.Zone()
	return strings.TrimSpace("paling lambat " + dayText(t) + " pukul " + t.Format("15.04") + " " + zones[east/3600])
}

// rupiah is "Rp 1.250.000".
func rupiah(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return "Rp " + s
}

// firstName is the first word of a name that is no title: "HJ. SITI AMINAH" is Siti.
func firstName(name string) string {
	for _, word := range strings.Fields(name) {
		word = strings.Trim(word, ",.\"'()")
		if len([]rune(word)) < 3 || strings.Contains(word, ".") || titles[strings.ToLower(word)] || !unicode.IsLetter([]rune(word)[0]) {
			continue
		}
		letters := []rune(strings.ToLower(word))
		letters[0] = unicode.ToUpper(letters[0])
		return string(letters)
	}
	return ""
}

var titles = map[string]bool{"haji": true, "hajah": true, "drs": true, "dra": true, "bapak": true, "ibu": true, "pak": true, "bin": true, "binti": true}

func bullets(items []string) string {
	var lines []string
	for _, i := range items {
		if i = strings.Join(strings.Fields(i), " "); i != "" {
			lines = append(lines, "- "+i)
		}
	}
	return strings.Join(lines, "\n")
}

// longNumber finds what may be a NIK or a KK, however it is grouped.
var longNumber = regexp.MustCompile(`\d(?:[ .\-]?\d){15,}`)

// withoutNumbers takes NIK and KK out of what officers wrote.
func withoutNumbers(text string) string {
	return longNumber.ReplaceAllString(text, "(nomor tidak ditampilkan)")
}
