package reply

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/eligibility"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// sheet is a set of blanks being filled in.
type sheet struct {
	w        *Writer
	c        complaints.Complaint
	kind     string
	actor    auth.Actor
	now      time.Time
	zone     *time.Location
	full     bool // the reader is the patient
	v        Values
	warnings []string
}

func (s *sheet) warn(text string) { s.warnings = append(s.warnings, text) }

func (s *sheet) fill(ctx context.Context) error {
	c := s.c
	s.full = c.Reporter.Relation == "self" && len(c.Joined) == 0 && s.kind != "attention"
	err := s.office(ctx)
	if err != nil {
		return err
	}
	s.people()
	s.v.Tiket, s.v.Perihal, s.v.Petugas = string(c.Ticket), complaints.Label(complaints.Matters, c.Matter), s.actor.Title
	s.v.Tanggal = dayText(s.now.In(s.zone))
	s.deadline()
	err = s.checks(ctx)
	if err != nil {
		return err
	}
	s.decision()
	s.elsewhere()
	if c.Reporter.Email != "" && !s.w.Mail {
		s.warn("Surel belum diatur pada program ini. Pakai cara lain untuk menyampaikan jawaban.")
	}
	return nil
}

// office fills in who answers.
func (s *sheet) office(ctx context.Context) error {
	unit := s.c.Unit
	if unit == "" {
		unit = s.actor.Unit
	}
	s.zone, s.v.Kantor = eligibility.WIB, s.w.Over
	if unit != "" {
		u, err := s.w.Cases.Unit(ctx, unit)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err == nil {
			s.v.Kantor = u.Name
		}
	}
	if s.w.Offices == nil {
		return nil
	}
	o, err := s.w.Offices.UnitSettings(ctx, unit)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	s.v.AlamatKantor, s.v.TeleponKantor, s.v.JamLayanan = o.Address, o.Phone, o.Open
	if zone, ok := calendar.ZoneOf(o.Zone); ok {
		s.zone = zone
	}
	return nil
}

// people fills in names: first names only, of the patient only for himself and his family.
func (s *sheet) people() {
	c := s.c
	s.v.Sapaan = "Bapak/Ibu"
	if len(c.Joined) > 0 {
		s.warn("Jawaban ini juga dikirim ke pelapor dari aduan yang digabung, jadi tidak menyebut nama dan hal pribadi.")
		return
	}
	if name := firstName(c.Reporter.Name); name != "" && s.kind != "attention" {
		s.v.Sapaan += " " + name
	}
	family := c.Reporter.Relation == "self" || c.Reporter.Relation == "family"
	switch {
	case len(c.Patients) == 1 && family && s.kind != "attention":
		s.v.Pasien = firstName(c.Patients[0].Name)
	case len(c.Patients) > 1:
		s.warn("Aduan ini memuat beberapa pasien. Pastikan teks ini benar untuk semuanya.")
	}
}

// deadline fills in until when the reporter hears from us.
func (s *sheet) deadline() {
	var found *complaints.Clock
	for i, k := range s.c.Clocks {
		if k.StoppedAt != nil || k.Paused || !k.DueAt.After(s.now) {
			continue
		}
		if k.Kind == complaints.EmergencyClock || k.Kind == complaints.ResolveClock && (found == nil || found.Kind != complaints.EmergencyClock) {
			found = &s.c.Clocks[i]
		}
		if k.Kind == complaints.RefundClock {
			s.v.TenggatUang = latest(k.DueAt, s.zone)
		}
	}
	if found != nil {
		s.v.Tenggat = latest(found.DueAt, s.zone)
	}
	if r := s.c.Refund; r != nil {
		s.v.Jumlah = rupiah(r.Amount)
		if r.DueAt != nil && r.DueAt.After(s.now) {
			s.v.TenggatUang = latest(*r.DueAt, s.zone)
		}
	}
}

// checks fills in what the newest checks say, as far as the reader may know it.
func (s *sheet) checks(ctx context.Context) error {
	var why, do, papers []string
	add := func(list *[]string, text string) {
		if text != "" && !slices.Contains(*list, text) {
			*list = append(*list, text)
		}
	}
	all := outcomes(s.c)
	for _, k := range newest(s.c) {
		if slices.Contains(all, policy.Outcome(s.kind)) && k.Outcome != policy.Outcome(s.kind) {
			continue
		}
		d, err := s.w.Checks.Determination(ctx, k.Determination)
		if err != nil {
			return err
		}
		for _, f := range d.Findings {
			if f.Verdict != policy.NotMet && f.Verdict != policy.Unknown {
				continue
			}
			reason, step := told(f, s.full)
			add(&why, reason)
			add(&do, step)
			if f.Verdict == policy.Unknown {
				add(&papers, s.paper(f.Document))
			}
		}
		if s.now.Sub(k.DecidedAt) > oldCheck {
			s.warn("Hasil cek sudah lebih dari 30 hari. Cek lagi sebelum menjawab.")
		}
	}
	if s.kind == "attention" {
		return nil
	}
	if slices.Contains(why, elsewhere) {
		s.warn("Pelapor bukan pasien, jadi keadaan ekonomi, segmen JKN, dan tunggakan tidak disebut.")
	}
	if len(all) > 1 {
		s.warn("Hasil cek para pasien berbeda. Tulis hasil untuk masing-masing.")
	}
	if _, decided := s.c.Resolution(); !decided && len(all) > 0 {
		s.warn("Belum ada keputusan petugas berwenang. Teks ini menyampaikan hasil menurut data, bukan keputusan.")
	}
	s.v.Alasan, s.v.Langkah, s.v.Berkas = bullets(why), bullets(do), bullets(papers)
	return nil
}

func (s *sheet) paper(kind string) string {
	if kind == "" || s.w.Words == nil || !s.w.Words.Has("paper."+kind) {
		return ""
	}
	return s.w.Words.T("paper." + kind)
}

// decision fills in what an official decided and what was done.
func (s *sheet) decision() {
	for _, r := range s.c.Registrations {
		if r.Result == complaints.RegistrationActive && r.ActiveOn != "" {
			day, err := time.Parse(time.DateOnly, string(r.ActiveOn))
			if err == nil {
				s.v.AktifMulai = dateText(day)
			}
		}
	}
	r, ok := s.c.Resolution()
	if ok {
		s.v.Keputusan, s.v.AlasanPutusan = complaints.Label(complaints.Decisions, string(r.Decision)), r.Reason
	}
	for _, e := range s.c.Events {
		switch e.Type {
		case complaints.RejectEvent:
			s.v.AlasanPutusan = e.Note
		case complaints.WaitEvent:
			var d complaints.WaitData
			if s.c.State == complaints.WaitingReporter && json.Unmarshal(e.Data, &d) == nil {
				s.v.Berkas = bullets(d.Missing)
			}
		}
	}
	if s.v.AlasanPutusan != "" && !s.full && delicate.MatchString(s.v.AlasanPutusan) {
		s.v.AlasanPutusan = ""
		s.warn("Alasan keputusan menyebut keadaan ekonomi atau kepesertaan, jadi tidak disalin: pelapor bukan pasien.")
	}
	if s.kind == "attention" {
		s.v.AlasanPutusan, s.v.AktifMulai, s.v.Jumlah = "", "", ""
	}
}

// elsewhere fills in the office outside that has the matter.
func (s *sheet) elsewhere() {
	if r, ok := s.c.Route(); ok && r.Outside != nil {
		s.v.Instansi = r.Outside.Office
	}
	if office, number, ok := s.c.HandedTo(); ok {
		s.v.Instansi, s.v.NomorInstansi = office, number
	}
	if s.kind == "forwarded" && s.v.Instansi == "" {
		s.v.Instansi = "instansi yang berwenang"
	}
}
