package numbers

import (
	"slices"
	"strconv"
	"strings"

	"layak/complaints"
)

var caseFields = []string{"Nomor aduan", "Sumber", "Nomor sumber", "Judul", "Saluran", "Pokok aduan", "Klasifikasi", "Unsur pelayanan", "Prioritas",
	"Kebutuhan", "Status", "Status LAPOR!", "Pasien", "NIK", "Jumlah pasien", "Kecamatan", "Desa/kelurahan", "Unit kerja", "Petugas", "Masuk",
	"Verifikasi", "Jawaban pertama", "Diputus", "Ditutup", "Tenggat terdekat", "Kali menunggu pelapor", "Kali dibuka kembali", "Penilaian", "Hasil cek",
	"Keputusan", "Yang diadukan", "Diteruskan ke", "Nomor di sana", "Digabung ke", "Uang kembali (rupiah)"}

// judged are the obligations of the office with their columns: was it met in time?
var judged = []struct {
	kind   complaints.ClockKind
	column string
}{
	{complaints.VerifyClock, "Tepat waktu: verifikasi"}, {complaints.FirstClock, "Tepat waktu: tindak lanjut pertama"},
	{complaints.ResolveClock, "Tepat waktu: penyelesaian"}, {complaints.EmergencyClock, "Tepat waktu: gawat darurat"},
	{complaints.PapersClock, "Tepat waktu: berkas menyusul"}, {complaints.RefundClock, "Tepat waktu: uang kembali"},
}

var caseKinds = map[string]Kind{"Jumlah pasien": Number, "Masuk": Moment, "Verifikasi": Moment, "Jawaban pertama": Moment, "Diputus": Moment,
	"Ditutup": Moment, "Tenggat terdekat": Moment, "Kali menunggu pelapor": Number, "Kali dibuka kembali": Number, "Penilaian": Number,
	"Uang kembali (rupiah)": Number}

func caseHeader() []string {
	header := slices.Clone(caseFields)
	for _, j := range judged {
		header = append(header, j.column)
	}
	return header
}

func (e *Export) caseRows(c complaints.Complaint) [][]string {
	rating := ""
	if c.Rating > 0 {
		rating = strconv.Itoa(c.Rating)
	}
	name, nik := patient(c)
	due, money := "", ""
	if c.DueAt != nil && !c.DueKind.OfOthers() {
		due = e.when(*c.DueAt)
	}
	if c.Refund != nil {
		money = strconv.FormatInt(c.Refund.Amount, 10)
	}
	office, number, _ := c.HandedTo()
	row := []string{string(c.Ticket), c.Source, c.SourceNumber, Masked(c.Title), complaints.Label(complaints.Channels, c.Channel),
		complaints.Label(complaints.Matters, c.Matter), complaints.Label(complaints.Classes, c.Class), complaints.Label(complaints.Elements, c.Element),
		complaints.Label(complaints.Priorities, c.Priority), complaints.Label(complaints.Needs, c.Need), c.State.Label(), c.State.Lapor(), name, nik,
		strconv.Itoa(len(c.Patients)), complaints.PlaceName(village(c).District()), complaints.PlaceName(village(c)), e.unit(c.Unit), c.Staff, e.when(c.FiledAt),
		e.first(c, func(t complaints.EventType) bool { return t == complaints.VerifyEvent }),
		e.first(c, func(t complaints.EventType) bool { return towards[t] }),
		e.first(c, func(t complaints.EventType) bool { return t == complaints.ResolveEvent }),
		e.last(c, complaints.CloseEvent), due, times(c, complaints.WaitEvent), times(c, complaints.ReopenEvent), rating,
		checked(c), decided(c), e.unit(c.Accused), Masked(office), number, goneInto(c), money}
	for _, j := range judged {
		row = append(row, e.inTime(c, j.kind))
	}
	return [][]string{row}
}

// inTime tells whether the obligation was met in time, in the last round of a case that was opened
// again; "" when the case has none.
func (e *Export) inTime(c complaints.Complaint, kind complaints.ClockKind) string {
	word := ""
	for _, k := range c.Clocks {
		if k.Kind != kind {
			continue
		}
		switch k.Standing(e.now) {
		case complaints.Kept:
			word = "ya"
		case complaints.Late, complaints.Overdue:
			word = "tidak"
		case complaints.Running, complaints.Warned, complaints.Paused:
			word = "masih berjalan"
		}
	}
	return word
}

// outcomes are the words for what a check came to.
var outcomes = map[string]string{"eligible": "Layak", "not_eligible": "Belum memenuhi syarat", "already_covered": "Sudah terjamin", "needs_information": "Perlu dilengkapi"}

// checked is what the newest check of each patient came to, in the order of the patients.
func checked(c complaints.Complaint) string {
	newest := map[int]string{}
	for _, v := range c.Events {
		var d complaints.CheckData
		if v.Type == complaints.CheckEvent && v.Read(&d) {
			newest[d.Patient] = outcomes[d.Outcome]
		}
	}
	var words []string
	for _, p := range c.Patients {
		if w := newest[p.No]; w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, "; ")
}

// decided is the newest decision in words, goneInto the case that this one went into: both as the events
// tell them, which an export reads anyway.
func decided(c complaints.Complaint) string {
	for _, v := range slices.Backward(c.Events) {
		var d complaints.ResolveData
		if v.Type == complaints.ResolveEvent && v.Read(&d) {
			return complaints.Label(complaints.Decisions, string(d.Decision))
		}
	}
	return ""
}

func goneInto(c complaints.Complaint) string {
	for _, v := range slices.Backward(c.Events) {
		var d complaints.MergeData
		if c.State == complaints.Merged && v.Type == complaints.MergeEvent && v.Read(&d) {
			return string(d.Into)
		}
	}
	return ""
}
