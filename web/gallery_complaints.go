package web

import (
	"encoding/json"
	"time"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

var galleryUnits = []auth.Unit{
	{Code: "PKM-KALIWATES", Name: "Puskesmas Kaliwates", Kind: "puskesmas"},
	{Code: "KEL-MANGLI", Name: "Kelurahan Mangli", Kind: "kelurahan"},
}

var galleryStaff = []auth.Staff{{User: "rini", Name: "dr. Rini W.", Role: auth.Puskesmas, Unit: "PKM-KALIWATES"}, {User: "bagus", Name: "Bagus H.", Role: auth.Kelurahan, Unit: "KEL-MANGLI"}}

// sampleLines are invented cases: an emergency, one with nobody in charge, one with a long name.
func sampleLines() []complaints.Line {
	at := galleryNow
	soon, over := at.Add(72*time.Minute), at.Add(-51*time.Hour)
	return []complaints.Line{
		{Ticket: "3509-7K2M-QX9D-R", State: complaints.InProgress, Version: 4, Channel: "whatsapp", Matter: "refusal", Need: "emergency", Unit: "PKM-KALIWATES",
			Staff: "rini", Village: "35.09.19.1001", Name: "Siti A•••••", NIK: "350919••••••0001", Patients: 1, FiledAt: at.Add(-150 * time.Minute), UpdatedAt: at, Priority: "emergency", DueAt: &soon, DueKind: complaints.EmergencyClock},
		{Ticket: "3509-88QT-4M2K-7", State: complaints.Received, Version: 1, Channel: "wadul", Matter: "charge", Need: "delivery",
			Village: "35.09.21.1001", Name: "Raden A••••• S••••• A••••• K••••• M••••• binti H••••• A•••••", NIK: "350921••••••0042", Patients: 4, FiledAt: at.Add(-26 * time.Hour), UpdatedAt: at, Class: "oversight", DueAt: &over, DueKind: complaints.VerifyClock, Escalated: 2, Attention: true},
		{Ticket: "3509-2M4D-0KX1-K", State: complaints.WaitingReporter, Version: 2, Channel: "counter", Matter: "information", Unit: "KEL-MANGLI", Patients: 1,
			FiledAt: at.Add(-9 * 24 * time.Hour), UpdatedAt: at},
	}
}

func (s *Server) sampleRows() []lineRow {
	w := s.words.For("id")
	var rows []lineRow
	for _, l := range sampleLines() {
		rows = append(rows, newLineRow(plainTeller(w, galleryNow), l, galleryUnits))
	}
	return rows
}

func (s *Server) sampleShelves() []shelf {
	rows := s.sampleRows()
	return []shelf{{Key: "overdue", Rows: rows[:1], Total: 1}, {Key: "nobody", Rows: rows[1:2], Total: 1}, {Key: "mine", Rows: rows[:1], Total: 1}, {Key: "unit", Rows: rows[2:], Total: 30}}
}

func (s *Server) complaintStates() []State {
	list := func(f listForm) *complaintsPage {
		return &complaintsPage{Base: inside("complaints.title", "complaints"), Form: f, Rows: s.sampleRows(), Units: galleryUnits, MayFile: true, Export: "/complaints.xlsx"}
	}
	full := list(listForm{Show: "open"})
	full.Next = "/complaints?after=x"
	none := list(listForm{Show: "closed", Matter: "charge"})
	none.Rows = nil
	person := list(listForm{Show: "all"})
	person.Found = "350919••••••0001"
	nobody := list(listForm{Show: "all"})
	nobody.Found, nobody.Rows = person.Found, nil
	unread := list(listForm{Show: "all"})
	unread.Rows, unread.Query = nil, "3509-7K"
	unread.Base = refused(unread.Base, "Tulis nomor aduan.", fault.Field{Name: "q", Message: "Tulis nomor aduan seperti 3509-7K2M-QX9D-R, atau 16 angka NIK."})
	return append([]State{
		{"complaints", "complaints", full},
		{"complaints-none", "complaints", none},
		{"complaints-person", "complaints", person},
		{"complaints-person-none", "complaints", nobody},
		{"complaints-unread", "complaints", unread},
	}, s.caseStates()...)
}

// sampleCase is an invented case as it stands after the acts.
func sampleCase(state complaints.State) complaints.Complaint {
	at := galleryNow.Add(-150 * time.Minute)
	c := complaints.Complaint{Ticket: "3509-7K2M-QX9D-R", State: state, Version: 5, Channel: "whatsapp", Matter: "refusal", Need: "emergency",
		Text: "Ibu saya di IGD sejak subuh, kata petugas BPJS-nya mati. Kami tidak punya biaya. Mohon dibantu.",
		Unit: "PKM-KALIWATES", Staff: "rini", FiledBy: "bagus", FiledUnit: "KEL-MANGLI", FiledAt: at, UpdatedAt: galleryNow,
		Reporter: complaints.Reporter{Name: "Ahmad Santoso", Phone: "081234567890", Relation: "family"},
		Patients: []complaints.Patient{{No: 1, NIK: "3509195708850001", Name: "Siti Aminah", Village: "35.09.19.1001"}},
		Checks: []complaints.Check{{Determination: "d", Patient: 1, Outcome: policy.Eligible, Advice: policy.TreatNow,
			Summary: "Dapat aktif hari ini setelah didaftarkan puskesmas.", DecidedAt: at.Add(time.Minute)}},
		Attachments: []complaints.Attachment{{ID: "a1", Name: "surat-igd.jpg", Kind: "image/jpeg", Size: 412_000, AddedAt: at},
			{ID: "a2", Name: "surat-keterangan-rawat-inap-dari-rumah-sakit-umum-daerah-tanpa-spasi.pdf", Kind: "application/pdf", Size: 1_412_000, AddedAt: at}}}
	add := func(t complaints.EventType, by string, after time.Duration, note string, public bool, data any) {
		raw, err := json.Marshal(data)
		if err != nil {
			raw = nil
		}
		c.Events = append(c.Events, complaints.Event{ID: "e" + numberText(len(c.Events)+1), Seq: len(c.Events) + 1, Type: t, At: at.Add(after), Actor: by, Title: by, To: state, Public: public, Note: note, Data: raw})
	}
	add(complaints.FileEvent, "Bagus H.", 0, "", true, complaints.FileData{})
	add(complaints.AttachEvent, "Bagus H.", time.Minute, "", false, complaints.AttachData{Attachment: "a1"})
	add(complaints.VerifyEvent, "dr. Rini W.", 8*time.Minute, "", true, nil)
	add(complaints.CheckEvent, "dr. Rini W.", 9*time.Minute, "", false, complaints.CheckData{Determination: "d", Patient: 1, Outcome: "eligible"})
	add(complaints.NoteEvent, "dr. Rini W.", 19*time.Minute, "Sudah telepon RSD dr. Soebandi, pasien tetap dilayani. Menunggu foto KK; pendaftaran tetap jalan.", false, nil)
	add(complaints.AnswerEvent, "dr. Rini W.", 28*time.Minute, "Ibu dapat dijamin UHC hari ini. Mohon kirim foto Kartu Keluarga; pendaftaran selesai sebelum pukul 12.12.", true, nil)
	return c
}

// sampleCasePage is the case as a desk of its unit sees it.
func (s *Server) sampleCasePage(c complaints.Complaint, actor auth.Actor, do string) *complaintPage {
	p := s.complaintPageOf(s.words.For("id"), c, galleryUnits, galleryStaff, actor)
	p.Base = inside(p.Title, "complaints")
	p.Actor = actor
	p.open(do)
	p.Form = p.beginForm("", galleryNow.In(eligibility.WIB))
	return p
}

func (s *Server) caseStates() []State {
	working := func(do string) *complaintPage {
		return s.sampleCasePage(sampleCase(complaints.InProgress), galleryDesk, do)
	}
	long := sampleCase(complaints.Received)
	long.Checks, long.Events = nil, long.Events[:1]
	long.Reporter = complaints.Reporter{Name: "Raden Mas Haji Muhammad Abdurrahman Kusumawardhana Mangunkusumo", Relation: "companion"}
	long.Patients = append(long.Patients, complaints.Patient{No: 2}, complaints.Patient{No: 3, Subject: &eligibility.Subject{MotherNIK: "3509195708850001", BirthDate: "2026-11-19"}})
	long.Patients[0].Name = "Raden Ajeng Siti Aminatuzzuhriyah Kusumawardhani Mangunkusumo binti Haji Abdurrahman"
	sent := sampleCase(complaints.InProgress)
	sent.Registrations = []complaints.Registration{{ID: "r1", Patient: 1, Through: "e_dabu", Reference: "EDB-2026-0091", SentAt: galleryNow, SentBy: "rini", Result: "pending", Proof: "a1"}}
	done := sampleCase(complaints.Closed)
	done.Registrations = []complaints.Registration{{ID: "r1", Patient: 1, Through: "e_dabu", SentAt: galleryNow, SentBy: "rini", Result: "active", ActiveOn: "2026-11-21"},
		{ID: "r2", Patient: 1, Through: "dukcapil", SentAt: galleryNow, SentBy: "rini", Result: "refused", RefusedWhy: "NIK ganda, perlu perekaman ulang"}}
	departs := working("resolve")
	departs.Form.Decision, departs.Form.Reason = "refused", "tidak"
	departs.Base = refused(departs.Base, "Keputusan ini berbeda dengan hasil cek.", fault.Field{Name: "reason", Message: "Keputusan ini berbeda dengan hasil cek. Tulis alasannya dalam satu kalimat."})
	stale := working("answer")
	stale.Form.Text = "JKN Ibu Siti sudah aktif. Tunjukkan KTP di loket IGD."
	stale.Changes = stale.since(3)
	unproven := working("registration")
	unproven.Form.Result = "active"
	unproven.Base = refused(unproven.Base, "x", fault.Field{Name: "active_on", Message: "Isi tanggal mulai aktif seperti yang tampil di layar pendaftaran."},
		fault.Field{Name: "proof", Message: "Foto itu lebih besar dari 10 MB. Perkecil, lalu unggah lagi."})
	reader := auth.Actor{Name: "made", User: "made", Title: "Made S.", Role: auth.Auditor, All: true}
	states := []State{
		{"complaint", "complaint", working("")},
		{"complaint-new-long", "complaint", s.sampleCasePage(long, galleryDesk, "")},
		{"complaint-departs", "complaint", departs},
		{"complaint-changed", "complaint", stale},
		{"complaint-registration-refused", "complaint", unproven},
		{"complaint-sent", "complaint", s.sampleCasePage(sent, galleryDesk, "")},
		{"complaint-closed", "complaint", s.sampleCasePage(done, galleryDesk, "")},
		{"complaint-reader", "complaint", s.sampleCasePage(done, reader, "")},
	}
	states = append(states, s.fullStates()...)
	for _, do := range []string{"note", "check", "assign", "wait", "forward", "withdraw"} {
		states = append(states, State{"complaint-" + do, "complaint", working(do)})
	}
	return append(append(states, s.filingStates()...), s.waitingStates()...)
}

func (s *Server) waitingStates() []State {
	list := []complaints.WaitingRegistration{
		{Ticket: "3509-7K2M-QX9D-R", Patient: 1, Name: "Siti Aminah", NIK: "350919••••••0001", Village: "35.09.19.1001", Need: "emergency", Unit: "PKM-KALIWATES", Since: galleryNow.Add(-3 * time.Hour)},
		{Ticket: "3509-88QT-4M2K-7", Patient: 2, Need: "delivery", Since: galleryNow.Add(-49 * time.Hour)},
		{Ticket: "3509-2M4D-0KX1-K", Patient: 1, Name: "Raden Ajeng Siti Aminatuzzuhriyah Kusumawardhani Mangunkusumo binti Haji Abdurrahman", NIK: "350921••••••0042",
			Village: "35.09.21.1001", Unit: "KEL-MANGLI", Sent: true, Through: "pandawa", Reference: "EDB-2026-0091", Since: galleryNow.Add(-100 * time.Hour)},
	}
	page := func(list []complaints.WaitingRegistration) *waitingPage {
		p := newWaitingPage(s.words.For("id"), list, galleryUnits, galleryNow)
		p.Base = inside(p.Title, p.Section)
		p.MayTell, p.Patients = true, len(list)
		if len(list) > 0 {
			p.Readings = []complaints.Reading{{Name: "Bagus H.", Patients: 2, At: galleryNow}}
		}
		return p
	}
	return []State{{"registrations", "registrations", page(list)}, {"registrations-none", "registrations", page(nil)}}
}

func (s *Server) filingStates() []State {
	page := func(f filingForm) *filingPage {
		return &filingPage{Base: inside("filing.title", "new"), Form: f, Villages: villageGroups("35.09")}
	}
	from := page(filingForm{Channel: "counter", Do: "register"})
	from.Check = &checkedPerson{D: sampleDetermination(policy.Eligible), Who: s.sampleResult(sampleDetermination(policy.Eligible)).Who}
	from.begin("Mohon didaftarkan sesuai hasil cek.")
	from.Open = sampleLines()[:1]
	wrong := page(filingForm{Channel: "whatsapp", NIK: "35091957", Reporter: complaints.Reporter{Phone: "08"}})
	wrong.Base = refused(wrong.Base, "Isi nama pelapor.", fault.Field{Name: "reporter_name", Message: "Isi nama pelapor."}, fault.Field{Name: "text", Message: "Tulis apa yang diadukan."},
		fault.Field{Name: "reporter_phone", Message: "Nomor telepon ditulis dengan 8 sampai 15 angka, misalnya 0812 3456 7890."}, fault.Field{Name: "nik", Message: "NIK terdiri dari 16 angka; yang ditulis 8."})
	return []State{
		{"complaint_new", "complaint_new", page(filingForm{Channel: "counter"})},
		{"complaint_new-check", "complaint_new", from},
		{"complaint_new-wrong", "complaint_new", wrong},
	}
}
