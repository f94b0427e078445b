package web

import (
	"time"

	"layak/complaints"
	"layak/complaints/worklist"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/fault"
)

// worklistStates are pages of lists of work that pays for the program.
func (s *Server) worklistStates() []State {
	index := &worklistsPage{Base: coordinating("worklists.title", "worklists"), Lists: []worklistEntry{
		{Key: "registrations", Path: "/worklists/registrations", Count: 12}, {Key: "promises", Path: "/worklists/promises", Good: true},
		{Key: "paid", Path: "/worklists/paid", Count: 2_318, Money: 81_130_000}, {Key: "week", Path: "/worklists/week", Count: -1},
		{Key: "recap", Path: "/worklists/recap", Count: -1}, {Key: "mine", Path: "/worklists/mine", Count: -1},
	}}
	return append([]State{{"worklists", "worklists", index}}, append(append(s.sheetStates(), s.paidStates()...), s.weekStates()...)...)
}

func (s *Server) sheetStates() []State {
	people := []sheetRow{
		{WaitingRegistration: complaints.WaitingRegistration{Ticket: "3509-7K2M-QX9D-R", Patient: 1, Name: "Siti Aminah", NIK: "350919••••••0001", Need: "emergency"}, Place: "Mangli, Kaliwates", Unit: "Puskesmas Kaliwates", Age: "3 jam", Mark: "3509-7K2M-QX9D-R/1"},
		{WaitingRegistration: complaints.WaitingRegistration{Ticket: "3509-88QT-4M2K-7", Patient: 2, Name: "Raden Ajeng Siti Aminatuzzuhriyah Kusumawardhani Mangunkusumo binti Haji Abdurrahman"}, Age: "2 hari", Mark: "3509-88QT-4M2K-7/2"},
	}
	page := func(people []sheetRow) *sheetPage {
		return &sheetPage{Base: coordinating("worklists.registrations", "worklists"), Through: "e_dabu", Throughs: complaints.Throughs, People: people,
			ActiveOn: "2026-11-21", May: true, MayShape: true}
	}
	wrong := page(people)
	const none = "Pilih paling sedikit satu pasien yang sudah dikirim."
	wrong.Base = refused(wrong.Base, none, fault.Field{Name: "person", Message: none})
	answers := &answersPage{Base: coordinating("worklists.answers", "worklists"), DryRun: true, Reading: worklist.Reading{Read: 40, Active: 33, Refused: 2, Same: 1, Unmatched: 3, Rejected: 1,
		Rejects: []worklist.Refusal{{Sheet: "Hasil", Row: 7, Value: "350919••••••••02", Code: "not_waiting", Reason: "Tidak ada pendaftaran orang ini yang menunggu jawaban. Cari orangnya lewat cek kelayakan, lalu catat pendaftarannya."}}}}
	clean := &answersPage{Base: coordinating("worklists.answers", "worklists"), Reading: worklist.Reading{Read: 40, Active: 40}}
	shape := newLayoutPage("e_dabu", []worklist.Column{{Header: "NO", Field: "no"}, {Header: "NOMOR INDUK KEPENDUDUKAN", Field: "nik"}, {Header: "KET"}})
	shape.Base = coordinating(shape.Title, shape.Section)
	return []State{
		{"worklist-sheet", "worklist_sheet", page(people)}, {"worklist-sheet-none", "worklist_sheet", page(nil)}, {"worklist-sheet-refused", "worklist_sheet", wrong},
		{"worklist-answers", "worklist_answers", answers}, {"worklist-answers-clean", "worklist_answers", clean}, {"worklist-layout", "worklist_layout", shape},
	}
}

func (s *Server) paidStates() []State {
	line := func(nik, name string, why worklist.Reason) worklist.PaidLine {
		return worklist.PaidLine{Finding: worklist.Finding{NIK: nik, Reason: why, Place: "35.09.19.1001"}, Name: name, Masked: eligibility.NIK(nik).Masked(), BirthOn: "1985-08-17"}
	}
	dead, moved, other := line("3509195708850001", "Siti Aminah", worklist.Dead), line("3509195708850002", "Ahmad Santoso", worklist.MovedOut), line("3509195708850003", "Raden Ajeng Siti Aminatuzzuhriyah Kusumawardhani Mangunkusumo", worklist.OtherSegment)
	moved.Regency, other.OtherSeg, other.OtherNIK = "35.08", "ppu", "3509195708850004"
	rules := worklist.Premium{ValidFrom: "2019-08-01", Rupiah: 42_000, Source: "Perpres 75/2019 (perlu dicek)"}
	billed := worklist.Price{Premium: worklist.Premium{ValidFrom: "2026-01-01", Rupiah: 35_000, Source: "Tagihan BPJS Kesehatan Januari 2026"}, Billed: true, Rules: rules}
	found := worklist.Paid{Scan: worklist.Scan{Done: true, Paid: 878_829, At: galleryNow}, Premium: billed, People: 2_318, PerMonth: 81_130_000,
		Totals: []worklist.PaidTotal{{Reason: worklist.Dead, District: "35.09.19", People: 1_204}, {Reason: worklist.MovedOut, District: "35.09.19", People: 900}, {Reason: worklist.Double, District: "35.09.21", People: 214}}}
	full := newPaidPage(found, worklist.PaidFilter{})
	for i, l := range []worklist.PaidLine{dead, moved, other} {
		row := newPaidRow(l)
		row.Ref = "ref" + numberText(i)
		full.Rows = append(full.Rows, row)
	}
	full.Next, full.Form = "/worklists/paid?after=x", premiumForm{ValidFrom: "2026-11-21"}
	none := newPaidPage(worklist.Paid{Scan: found.Scan, Premium: found.Premium}, worklist.PaidFilter{Reason: worklist.Dead})
	wait := newPaidPage(worklist.Paid{Premium: found.Premium}, worklist.PaidFilter{})
	wrong := newPaidPage(found, worklist.PaidFilter{})
	const bad = "Iuran per orang per bulan ditulis dalam rupiah, misalnya 35000."
	wrong.Form = premiumForm{ValidFrom: "2026-11-21", Rupiah: "tiga puluh lima", Source: "Tagihan"}
	for _, p := range []*paidPage{full, none, wait, wrong} {
		p.Base = coordinating("worklists.paid", "worklists")
	}
	wrong.Base = refused(wrong.Base, bad, fault.Field{Name: "rupiah", Message: bad})
	return []State{{"worklist-paid", "worklist_paid", full}, {"worklist-paid-none", "worklist_paid", none}, {"worklist-paid-wait", "worklist_paid", wait}, {"worklist-paid-refused", "worklist_paid", wrong}}
}

func (s *Server) weekStates() []State {
	from, to := worklist.FridayWeek(galleryNow, eligibility.WIB)
	week := newWeekPage(worklist.Week{From: from, To: to, Received: 214, ReceivedWeek: 180, Resolved: 160, Closed: 141, Open: 320, Overdue: 12, Unassigned: 3, Emergencies: 9,
		EmergencyOpen: 1, Activated: 88, WaitingCard: 12, RefundOpen: 2, RefundRupiah: 7_350_000, RefundPaid: 1, PaidRupiah: 1_200_000, Promises: 2, PaidWrongly: 2_318, PaidPerMonth: 81_130_000,
		Matters: []worklist.Count{{Label: "Kartu belum aktif", N: 90}, {Label: "Ditagih biaya", N: 31}}, Districts: []worklist.Count{{Label: "Kaliwates", N: 44}, {Label: "Belum ditentukan", N: 8}},
		Units: []worklist.Count{{Label: "Puskesmas Kaliwates", N: 4}}}, galleryNow.Add(8*24*time.Hour))
	week.Base = coordinating(week.Title, week.Section)
	recap := &recapPage{Base: coordinating("worklists.recap", "worklists"), Choice: "wadul", Sources: []string{"lapor", "wadul"}, Form: spanForm{"2026-11-01", "2026-11-21"}, Query: "?source=wadul",
		Recap: worklist.Recap{Total: 412, Status: []worklist.Count{{Label: "Selesai", N: 300}, {Label: "Disposisi", N: 112}}, Channels: []worklist.Count{{Label: "WhatsApp", N: 412}}}}
	empty := &recapPage{Base: recap.Base, Choice: "lapor", Sources: recap.Sources, Form: recap.Form}
	log := &myLogPage{Base: coordinating("worklists.mine", "worklists"), Form: spanForm{"2026-11-16", "2026-11-21"}, Log: worklist.Log{Cases: 2, Full: true, Deeds: []worklist.Deed{
		{At: galleryNow, Type: complaints.ResolveEvent, Ticket: "3509-7K2M-QX9D-R", Matter: "refusal", State: complaints.Answered},
		{At: galleryNow.Add(-time.Hour), Type: complaints.SourceEvent, Ticket: "3509-88QT-4M2K-7", State: complaints.Received}}}}
	idle := &myLogPage{Base: log.Base, Form: log.Form}
	hope := worklist.Hope{Ticket: "3509-7K2M-QX9D-R", Patient: 1, Name: "Siti Aminah", NIK: "350919••••••0001", Village: area.Code("35.09.19.1001"), Phone: "081234567890", Reporter: "Ahmad Santoso", DecidedAt: galleryNow}
	broken := &promisesPage{Base: coordinating("worklists.promises", "worklists"), Promises: worklist.Promises{Standing: worklist.CutOff, Broken: []worklist.Hope{hope}}}
	hold := &promisesPage{Base: broken.Base, Promises: worklist.Promises{Standing: "prioritas", Kept: 12}}
	done := &promisesPage{Base: broken.Base, Promises: worklist.Promises{Standing: worklist.CutOff}}
	return []State{
		{"worklist-week", "worklist_week", week}, {"worklist-recap", "worklist_recap", recap}, {"worklist-recap-none", "worklist_recap", empty},
		{"worklist-mine", "worklist_mine", log}, {"worklist-mine-none", "worklist_mine", idle},
		{"worklist-promises", "worklist_promises", broken}, {"worklist-promises-hold", "worklist_promises", hold}, {"worklist-promises-none", "worklist_promises", done},
	}
}
