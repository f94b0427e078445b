package importers

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"layak/complaints/register"
	"layak/eligibility"
)

// registerSpellings are the headers under which registers of complaints carry a field: those of
// SP4N-LAPOR!, of Wadul Gus'e, of the migration sheet of the national office, and hand-made ones.
var registerSpellings = map[register.Field]string{
	register.Number:   "nomortiket notiket tiket tiketid idtiket trackingid kodetracking nomortracking notracking nomorlaporan nolaporan idlaporan kodelaporan nomoraduan noaduan idaduan nomorpengaduan nopengaduan idpengaduan noregister nomorregister noregistrasi nomorregistrasi",
	register.Title:    "judul judullaporan juduladuan judulpengaduan perihal ringkasan pokokaduan",
	register.Text:     "isi isilaporan isiaduan isipengaduan laporan aduan uraian uraianaduan uraianlaporan detail detaillaporan deskripsi pengaduan permasalahan materiaduan",
	register.Class:    "klasifikasi klasifikasilaporan jenislaporan jenisaduan jenispengaduan jenistl",
	register.Category: "kategori kategorilaporan kategoriaduan topik bidang tema",
	register.Unit:     "disposisi disposisiskpd disposisiopd skpd opd unittujuan tujuan instansitujuan instansi instansiterdisposisi perangkatdaerah unitkerja dinas terdisposisike",
	register.Status:   "status statuslaporan statusaduan statuspengaduan statustindaklanjut statustl keterangan ket progres",
	register.Answer:   "tanggapan jawaban tindaklanjut isitindaklanjut uraiantindaklanjut respon balasan hasiltindaklanjut",
	register.Channel:  "sumberpengaduan sumber kanal media mediapengaduan saluran sumberlaporan sumberaduan kanaladuan via",
	register.NIK:      "nik nikpelapor noktp nomorktp nikpengadu",
	register.Name:     "namalengkap nama namapelapor pelapor namapengadu pengadu namawarga",
	register.Phone:    "nomorpengadu nohp nomorhp hp telepon notelp notelepon nomortelepon nowa nomorwa wa whatsapp kontak kontakpelapor telp",
	register.Email:    "email surel alamatemail emailpelapor",
	register.Address:  "alamat alamatlengkap alamatpelapor lokasi lokasikejadian",
	register.District: "kecamatan namakecamatan kec",
	register.Village:  "desa kelurahan desakelurahan kelurahandesa desakel keldesa namadesa namakelurahan",
	register.Filed:    "tanggalmasuk tglmasuk waktudibuat tanggallaporan tgllaporan tanggaladuan tgladuan tanggal tgl tanggalpengaduan tglpengaduan tanggalditerima tglditerima waktumasuk tanggalinput",
	register.Sent:     "tanggaldisposisi tgldisposisi waktudisposisi tanggalverifikasi tglverifikasi",
	register.Followed: "tanggaltindaklanjut tgltindaklanjut tanggaltl tgltl waktutindaklanjut tanggalrespon tglrespon",
	register.Finished: "tanggalselesai tglselesai waktuselesai tanggalditutup tglditutup",
	register.Due:      "batastindaklanjut bataswaktu batas batastl tenggat deadline jatuhtempo bataswaktutindaklanjut",
	register.Happened: "tanggalkejadian tglkejadian waktukejadian",
	register.Files:    "berkas lampiran dokumen dokumenpendukung bukti foto dokumenktp berkaspendukung",
}

// RegisterRows reads the register of another system. columns names columns by hand, header to the
// name of a field of package register. It opens the workbook each time that it is called.
func RegisterRows(f File, columns map[string]string) register.Rows {
	spellings := map[string]string{}
	for field, words := range registerSpellings {
		spellings[string(field)] = words + " " + string(field)
	}
	return func(ctx context.Context, yield func(register.Row) error) error {
		p := newColumnPlan("register aduan", spellings, []string{"number", "filed"}, columns)
		return readList(ctx, f, p, func(w *workbook, r listRow) error {
			row, ok := registerRow(w, r)
			if !ok {
				return nil
			}
			return yield(row)
		})
	}
}

// RegisterSource guesses whose register a workbook is, by its name and the names of its sheets and
// columns; "" when nothing tells.
func RegisterSource(ctx context.Context, f File) (string, error) {
	w, err := openWorkbook(f)
	if err != nil {
		return "", err
	}
	defer w.Close()
	texts := []string{f.base()}
	for _, s := range w.sheets {
		texts = append(texts, s.name)
		if s.scan.lastRow == 0 {
			continue
		}
		rows, err := w.sample(ctx, s)
		if err != nil {
			return "", named(err, f.base())
		}
		for _, r := range rows[:min(len(rows), 10)] {
			texts = append(texts, r.cells...)
		}
	}
	all := fold(strings.Join(texts, " "))
	wadul, lapor := strings.Contains(all, "wadul"), strings.Contains(all, "sp4n") || strings.Contains(all, "trackingid")
	switch {
	case wadul && !lapor:
		return "wadul", nil
	case lapor && !wadul:
		return "lapor", nil
	}
	return "", nil
}

// registerRow reads the cells of one row; false for a row of totals or a foot.
func registerRow(w *workbook, r listRow) (register.Row, bool) {
	row := register.Row{
		File: w.name, Sheet: r.sheet.sheet.name, N: r.n,
		Texts: map[register.Field]string{}, Times: map[register.Field]time.Time{}, Headers: map[register.Field]string{},
	}
	filled := 0
	for _, f := range register.Fields {
		header, has := r.sheet.headers[string(f)]
		if !has {
			continue
		}
		row.Headers[f] = header
		v := r.text(string(f))
		if v == "" {
			continue
		}
		filled++
		registerCell(w, r, f, v, &row)
	}
	// A signature or a total has one or two texts, and neither a number nor a report.
	foot := filled <= 2 && row.Texts[register.Number] == "" && row.Texts[register.Text] == "" && row.Texts[register.Title] == ""
	return row, !foot || len(row.Times) > 0
}

func registerCell(w *workbook, r listRow, f register.Field, v string, row *register.Row) {
	trouble := func(code string) {
		row.Problems = append(row.Problems, register.Problem{Field: f, Value: cut(v, 200), Code: code})
	}
	switch {
	case brokenFormula(v):
		trouble("cell_error")
	case slices.Contains(register.Dates, f):
		t, ok := parseMoment(v, w.date04)
		if !ok {
			trouble("date_invalid")
			return
		}
		row.Times[f] = t
	case f == register.Number:
		if scientific(v) || r.number(string(f)) && len(wholeNumber(v)) > 15 {
			trouble("number_lost")
			return
		}
		row.Texts[f] = wholeNumber(v)
	case f == register.NIK:
		if scientific(v) || r.number(string(f)) {
			trouble("nik_number_cell")
			return
		}
		row.Texts[f] = v
	case f == register.Phone:
		row.Texts[f] = wholeNumber(v)
	default:
		row.Texts[f] = v
	}
}

// parseMoment reads a day with or without a time of day, in the office's zone. A day alone is its
// morning, when offices open: midnight would belong to the day before in many a list.
func parseMoment(s string, date04 bool) (time.Time, bool) {
	s = plainMoment(s)
	day, ok := parseDate(s, date04)
	if !ok {
		return time.Time{}, false
	}
	d := day.Time()
	at := func(h, m, sec int) time.Time {
		return time.Date(d.Year(), d.Month(), d.Day(), h, m, sec, 0, eligibility.WIB)
	}
	if n := strings.IndexByte(s, '.'); n > 0 && allDigits(s[:n]) && allDigits(s[n+1:]) {
		part, err := strconv.ParseFloat("0"+s[n:], 64)
		if err == nil && part > 0 {
			seconds := int(part*86_400 + 0.5)
			return at(seconds/3600, seconds/60%60, seconds%60), true
		}
	}
	h, m, sec, ok := timeOfDay(s)
	if !ok {
		return at(8, 0, 0), true
	}
	return at(h, m, sec), true
}

// dottedTime is a time of day as it is written in Indonesia: 08.15 at the end.
var dottedTime = regexp.MustCompile(`[\s,]+(\d{1,2})\.(\d{2})(?:\.(\d{2}))?$`)

// plainMoment leaves the day and a time with colons of what people write around it: the name of the
// weekday, "pukul", the zone.
func plainMoment(s string) string {
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' })
	words = slices.DeleteFunc(words, func(w string) bool {
		switch strings.ToLower(strings.Trim(w, ".'’")) {
		case "senin", "selasa", "rabu", "kamis", "jumat", "jum'at", "jum’at", "sabtu", "minggu", "ahad", "pukul", "jam", "wib":
			return true
		}
		return false
	})
	s = strings.Join(words, " ")
	m := dottedTime.FindStringSubmatch(s)
	if m == nil || len(words) < 2 {
		return s
	}
	seconds := m[3]
	if seconds == "" {
		seconds = "00"
	}
	return s[:len(s)-len(m[0])] + " " + m[1] + ":" + m[2] + ":" + seconds
}

// timeOfDay finds "15:04" or "15:04:05" in a text.
func timeOfDay(s string) (h, m, sec int, ok bool) {
	colon := strings.IndexByte(s, ':')
	if colon < 1 {
		return 0, 0, 0, false
	}
	start := colon
	for start > 0 && s[start-1] >= '0' && s[start-1] <= '9' {
		start--
	}
	end := colon
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == ':') {
		end++
	}
	parts := strings.Split(s[start:end], ":")
	if len(parts) > 3 {
		return 0, 0, 0, false
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || v > 59 || i == 0 && v > 23 {
			return 0, 0, 0, false
		}
		n[i] = v
	}
	return n[0], n[1], n[2], true
}

// RegisterRejects are the refused rows as this package writes them.
func RegisterRejects(list []register.Reject) []Reject {
	out := make([]Reject, len(list))
	for i, r := range list {
		out[i] = Reject(r)
	}
	return out
}
