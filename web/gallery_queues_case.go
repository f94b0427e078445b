package web

import (
	"slices"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/complaints/reply"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// fullCase is an invented case with everything that a case can have.
func fullCase() complaints.Complaint {
	at := galleryNow
	c := sampleCase(complaints.InProgress)
	c.Title, c.Class, c.Priority, c.Element, c.Attention, c.Escalated, c.Accused = "Ditolak rawat inap karena BPJS tidak aktif", "complaint", "emergency", "procedure", true, 1, "KEL-MANGLI"
	c.Source, c.SourceNumber = "wadul", "WG-2026-11-0417"
	c.Reporter.Email = "ahmad.santoso@contoh.id"
	stop := at.Add(-2 * time.Hour)
	soon, over := at.Add(72*time.Minute), at.Add(-26*time.Hour)
	c.Clocks = []complaints.Clock{
		{Kind: complaints.EmergencyClock, Round: 1, Limit: calendar.Limit{Amount: 4, Measure: calendar.Hours}, StartedAt: at.Add(-168 * time.Minute), DueAt: soon, WarnAt: at.Add(-time.Minute)},
		{Kind: complaints.FirstClock, Round: 1, Limit: calendar.Limit{Amount: 5, Measure: calendar.WorkingDays}, StartedAt: at.Add(-9 * 24 * time.Hour), DueAt: over, WarnAt: over},
		{Kind: complaints.ResolveClock, Round: 1, Limit: calendar.Limit{Amount: 14, Measure: calendar.WorkingDays}, Pauses: true, Paused: true, StartedAt: at.Add(-time.Hour), DueAt: at.Add(400 * time.Hour), WarnAt: at.Add(300 * time.Hour)},
		{Kind: complaints.VerifyClock, Round: 1, Limit: calendar.Limit{Amount: 3, Measure: calendar.WorkingDays}, StartedAt: at.Add(-3 * time.Hour), DueAt: at.Add(70 * time.Hour), WarnAt: at.Add(50 * time.Hour), StoppedAt: &stop},
	}
	late, next := at.Add(-5*time.Hour), at.Add(3*time.Hour)
	c.Tasks = []complaints.Task{
		{No: 1, Unit: "KEL-MANGLI", Act: "Kunjungi keluarga dan foto Kartu Keluarga.", GivenAt: stop, GivenBy: "rini", DueAt: &late},
		{No: 2, Unit: "PKM-KALIWATES", Act: "Terbitkan surat rujukan rawat inap hari ini juga dan antar ke rumah sakit.", Role: complaints.HeadTask, GivenAt: stop, GivenBy: "rini", DueAt: &next, SeenAt: &stop},
		{No: 3, Unit: "KEL-MANGLI", Act: "Telepon keluarga.", GivenAt: stop, GivenBy: "rini", Result: complaints.TaskDone, Note: "Sudah, keluarga menunggu.", Proof: "a1", DoneAt: &stop, DoneBy: "bagus"},
		{No: 4, Unit: "KEL-MANGLI", Act: "Ambil kuitansi.", GivenAt: stop, GivenBy: "rini", Result: complaints.TaskRefused, Note: "Keluarga belum punya kuitansi.", DoneAt: &stop, DoneBy: "bagus"},
	}
	c.Refund = &complaints.Refund{Amount: 1_250_000, Facility: "RSD Balung", Receipt: "a1", DueAt: &next}
	c.Joined = []complaints.Joined{{Ticket: "3509-2M4D-0KX1-K", Reporter: complaints.Reporter{Name: "Dewi L."}, Text: "Tetangga saya ditolak di IGD.", FiledAt: stop}}
	last := len(c.Events)
	for _, t := range []complaints.EventType{complaints.RouteEvent, complaints.ClockEvent, complaints.EscalateEvent, complaints.JoinEvent} {
		c.Events = append(c.Events, complaints.Event{Seq: len(c.Events) + 1, Type: t, At: at, Actor: "system", Title: "Layak", To: c.State, Note: "Batas waktu sudah lewat. Naik ke pimpinan unit."})
	}
	c.Events[last].Note, c.Events[last+1].Note, c.Events[last+3].Note = "", "", ""
	return c
}

// fullStates are the page of a case with deadlines, tasks, money and other cases beside it, and the
// form of each act.
func (s *Server) fullStates() []State {
	w := s.words.For("id")
	page := func(c complaints.Complaint, by auth.Actor, do string) *complaintPage {
		p := s.sampleCasePage(c, by, do)
		left := plainTeller(w, galleryNow)
		p.addClocks(left)
		p.addTasks(left, by)
		p.Ways, p.Accused, p.WhatsApp = waysTo(c.Reporter, true), unitName(galleryUnits, c.Accused), whatsAppOf(c)
		p.addReporters(c.Joined, true)
		p.Paper = true
		p.addSent(sampleSent(c), false)
		p.addAdvice(w, complaints.RouteAdvice{Routing: policy.Routing{Reasons: []string{"Pasien gawat darurat, jadi prioritasnya gawat darurat."},
			Outside: &policy.Outside{Office: "BPJS Kesehatan Cabang Jember", Why: "Denda layanan ditetapkan BPJS Kesehatan."},
			Missing: []policy.MissingItem{{Code: "receipt", Text: "Foto kuitansi dari rumah sakit."}, {Code: "when", Text: "Tanggal kejadiannya."}}},
			Orders: []complaints.AdvisedTask{{ProposedTask: policy.ProposedTask{Act: "Jelaskan kepada keluarga bahwa pasien tetap dilayani.", Amount: 4, Measure: "hours"}, Unit: "PKM-KALIWATES", UnitName: "Puskesmas Kaliwates"}}})
		p.Alike = []aliasRow{aliasOf(left, complaints.Likeness{Line: sampleLines()[1], Shares: []string{"kk", "phone"}}, galleryUnits)}
		p.Elsewhere = []complaints.Elsewhere{{Unit: "Puskesmas Silo", Count: 2}}
		p.offerDrafts("")
		return p
	}
	merged := fullCase()
	merged.State, merged.Into, merged.Joined = complaints.Merged, "3509-88QT-4M2K-7", nil
	gone := fullCase()
	gone.Deceased, gone.State = true, complaints.Answered
	wrong := page(fullCase(), galleryDesk, "task")
	wrong.Base = refused(wrong.Base, "Pilih unit.", fault.Field{Name: "units", Message: "Pilih unit yang mendapat tugas."}, fault.Field{Name: "act", Message: "Tulis apa yang harus dilakukan."})
	reader := auth.Actor{Name: "made", User: "made", Title: "Made S.", Role: auth.Auditor, All: true}
	states := []State{
		{"complaint-full", "complaint", page(fullCase(), galleryDesk, "")},
		{"complaint-full-reader", "complaint", page(fullCase(), reader, "")},
		{"complaint-merged", "complaint", page(merged, galleryDesk, "")},
		{"complaint-deceased", "complaint", page(gone, galleryDesk, "close")},
		{"complaint-task-refused", "complaint", wrong},
		{"complaint-rejecting", "complaint", page(receivedCase(), galleryHead, "reject")},
		{"complaint-reopen", "complaint", page(closedCase(), galleryDesk, "reopen")},
	}
	for _, do := range []string{"answer", "resolve", "task", "task_done", "classify", "refund", "merge", "wait", "forward"} {
		states = append(states, State{"complaint-full-" + do, "complaint", page(fullCase(), galleryDesk, do)})
	}
	away := fullCase()
	away.State = complaints.Forwarded
	states = append(states, State{"complaint-forwarded-number", "complaint", page(away, galleryDesk, "number")})
	return append(states, s.clockStates()...)
}

// sampleSent are messages of the case in each state, beside its newest public event.
func sampleSent(c complaints.Complaint) []reply.Item {
	var sent []reply.Item
	for _, e := range slices.Backward(c.Events) {
		if !e.Public {
			continue
		}
		for _, m := range []struct {
			way   string
			state reply.State
			why   string
		}{{"letter", reply.Copied, ""}, {"whatsapp", reply.Queued, ""}, {"email", reply.Failed, "alamat tidak dikenal server surel"}, {"email", reply.Sent, ""}} {
			sent = append(sent, reply.Item{Message: complaints.Message{ID: "m" + m.way, EventID: e.ID, Through: m.way, Name: "Ahmad Santoso"}, State: m.state, LastError: m.why})
		}
		break
	}
	return sent
}

func receivedCase() complaints.Complaint {
	c := fullCase()
	c.State = complaints.Received
	return c
}

func closedCase() complaints.Complaint {
	c := fullCase()
	c.State, c.Rating = complaints.Closed, 4
	return c
}

func (s *Server) clockStates() []State {
	at := galleryNow
	c := fullCase()
	r := complaints.Reckoning{Ticket: c.Ticket, Clock: c.Clocks[1], Timeline: calendar.Timeline{Start: at.Add(-72 * time.Hour), Due: at, Limit: c.Clocks[1].Limit,
		Warnings: []string{"Daftar libur 2027 belum dimuat, tenggat dapat berubah."},
		Stretches: []calendar.Stretch{{From: at.Add(-72 * time.Hour), Until: at.Add(-60 * time.Hour), Why: "Hari mulainya tidak dihitung"},
			{From: at.Add(-48 * time.Hour), Until: at.Add(-41 * time.Hour), Amount: 1}, {From: at.Add(-41 * time.Hour), Until: at.Add(-24 * time.Hour), Why: "Di luar jam kerja"},
			{From: at.Add(-24 * time.Hour), Until: at.Add(-20 * time.Hour), Amount: .5}}}}
	p := newClockPage(plainTeller(s.words.For("id"), at), r)
	p.Base = inside(p.Title, p.Section)
	hinted := &filingPage{Base: inside("filing.title", "new"), Form: filingForm{Channel: "whatsapp", NIK: "3509195708850001"}, Villages: villageGroups("35.09"), Units: galleryUnits, MayCheck: true}
	hinted.Hints = hintsOf(s.words.For("id"), complaints.Alike{Cases: []complaints.Likeness{{Line: sampleLines()[0], Shares: []string{"nik", "phone"}}}, Elsewhere: []complaints.Elsewhere{{Unit: "Puskesmas Silo", Count: 1}}})
	return []State{{"clock", "clock", p}, {"complaint_new-alike", "complaint_new", hinted}}
}
