package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/eligibility"
	"layak/importers"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/policy"
)

// demoCase is a training complaint with what happened to it. Its moments are told backwards from
// now, so that a training database has cases of every age whenever it is made.
type demoCase struct {
	by       string        // user name of whoever filed it
	ago      time.Duration // when
	patient  int           // number of somebody of the training district, from 1; 0 nobody
	reporter complaints.Reporter
	filing   complaints.Filing
	then     []demoStep
}

type demoStep struct {
	by    string        // "" is whoever filed
	after time.Duration // the filing
	act   complaints.Action
}

const (
	demoDay = 24 * time.Hour
	// demoPatients is how many people of the district the cases are about.
	demoPatients = 12
	// demoWaiting is the patient, checked by the desk, who can be registered: with him the hand-over
	// list of the shift is not empty.
	demoWaiting = 2
	// demoBehind is the patient of whom the data know too little until the last import: with him
	// the list of changed answers is not empty.
	demoBehind = 3
)

func reporter(name, phone, relation string) complaints.Reporter {
	return complaints.Reporter{Name: name, Phone: "08120000" + phone, Relation: relation}
}

func step(after time.Duration, t complaints.EventType) demoStep {
	return demoStep{after: after, act: complaints.Action{Type: t}}
}

// demoDone are the acts of a case that was answered and closed.
func demoDone(work time.Duration, d complaints.Decision, text string, rating int) []demoStep {
	return []demoStep{
		step(2*time.Hour, complaints.VerifyEvent),
		{after: work, act: complaints.Action{Type: complaints.ResolveEvent, Decision: d, Reason: text, Text: text, Send: []string{"spoken"}}},
		{by: "agus", after: work + demoDay, act: complaints.Action{Type: complaints.CloseEvent, Rating: rating}},
	}
}

// demoCases are in the order in which they were filed.
var demoCases = []demoCase{
	{"dewi", 24 * demoDay, 4, reporter("Mulyono", "0101", "self"),
		complaints.Filing{Channel: "counter", Matter: "information", Text: "Apakah warga yang KTP-nya kabupaten ini otomatis dijamin?"},
		demoDone(30*time.Hour, complaints.InformationGiven, "Tidak otomatis. Syarat dan tempat mendaftar sudah dijelaskan di kelurahan.", 5)},
	{"rini", 22 * demoDay, 5, reporter("Kartini", "0102", "family"),
		complaints.Filing{Channel: "whatsapp", Matter: "activation", Need: "outpatient", Text: "Kartu bapak saya mati sejak bulan lalu."},
		demoDone(4*demoDay, complaints.Referred, "Diarahkan ke kantor BPJS: tunggakan iuran peserta mandiri dilunasi dulu.", 3)},
	{"hasan", 19 * demoDay, 6, reporter("Sutrisno", "0103", "family"),
		complaints.Filing{Channel: "visit", Matter: "conduct", Text: "Petugas pendaftaran membentak ibu saya yang sudah sepuh."},
		demoDone(9*demoDay, complaints.Apologised, "Kepala ruangan sudah meminta maaf langsung kepada keluarga.", 4)},
	{"dewi", 12 * demoDay, 7, reporter("Sulastri", "0104", "self"),
		complaints.Filing{Channel: "whatsapp", Matter: "activation", Need: "outpatient", Text: "Sudah dua minggu kartu saya belum aktif, padahal berkas sudah diserahkan."}, nil},
	{"rini", 11 * demoDay, 8, reporter("Hartini", "0105", "family"),
		complaints.Filing{Channel: "counter", Matter: "data", Text: "Tanggal lahir anak saya di data BPJS berbeda dengan KK."},
		[]demoStep{step(time.Hour, complaints.VerifyEvent),
			{"agus", 3 * time.Hour, complaints.Action{Type: complaints.TaskEvent, Tasks: []complaints.TaskOrder{
				{Unit: "DUKCAPIL", Act: "Cocokkan tanggal lahir dengan akta dan kirim perbaikan", Amount: 3, Measure: calendar.WorkingDays},
				{Unit: "PKM-LATIHAN", Act: "Kirim perbaikan lewat PANDAWA dan lampirkan buktinya", Amount: 10, Measure: calendar.WorkingDays}}}}}},
	{"dewi", 8 * demoDay, 9, reporter("Bambang Wijaya", "0106", "self"),
		complaints.Filing{Channel: "phone", Matter: "eligibility", Need: "outpatient", Text: "Saya baru pindah ke sini, apakah bisa ikut dijamin?",
			Missing: []string{"Foto KK yang baru", "Tanggal pindah"}}, nil},
	{"agus", 6 * demoDay, 0, complaints.Reporter{Name: "Redaksi Warta Latihan", Phone: "0331000200", Email: "redaksi@warta.example.com", Relation: "media"},
		complaints.Filing{Channel: "email", Matter: "refusal", Title: "Pasien menunggu lama di IGD", Text: "Kami menerima kabar pasien menunggu delapan jam. Mohon tanggapan."},
		[]demoStep{{"", time.Hour, complaints.Action{Type: complaints.VerifyEvent, Attention: new(true)}},
			{"yuni", 2 * time.Hour, complaints.Action{Type: complaints.AssignEvent, Unit: "RSD-LATIHAN", Staff: "agus"}}}},
	{"agus", 5 * demoDay, 0, reporter("Ratna Sari", "0107", "self"),
		complaints.Filing{Channel: "wadul", Matter: "other", SourceNumber: "WG-LATIHAN-0417", Text: "Lampu jalan di depan puskesmas mati."},
		[]demoStep{{"", 2 * time.Hour, complaints.Action{Type: complaints.ForwardEvent, Office: "Dinas Perhubungan", Number: "DISHUB-0042",
			Text: "Diteruskan karena lampu jalan menjadi tugas Dinas Perhubungan. Nomor penerimanya tertulis di sini."}}}},
	{"hasan", 4 * demoDay, 10, reporter("Joko Susilo", "0108", "family"),
		complaints.Filing{Channel: "visit", Matter: "charge", Need: "emergency", Text: "Diminta uang muka di IGD padahal KTP sini.", Accused: "RSD-LATIHAN"},
		[]demoStep{step(time.Hour, complaints.VerifyEvent),
			{"agus", 3 * time.Hour, complaints.Action{Type: complaints.TaskEvent, Unit: "RSD-LATIHAN", Role: complaints.HeadTask,
				Act: "Jelaskan mengapa uang muka diminta dan kapan dikembalikan", Amount: 4, Measure: calendar.WorkingHours}},
			{"", 5 * time.Hour, complaints.Action{Type: complaints.RefundEvent, Amount: 1_500_000, Facility: "Rumah Sakit Daerah Latihan", Text: "Kuitansi dibawa keluarga."}}}},
	{"dewi", 3 * demoDay, 3, reporter("Nur Hayati", "0109", "family"),
		complaints.Filing{Channel: "counter", Matter: "eligibility", Need: "inpatient", Text: "Bapak dirawat, tetapi datanya belum ada di daftar warga kurang mampu."},
		[]demoStep{step(time.Hour, complaints.VerifyEvent), {after: 2 * time.Hour, act: complaints.Action{Type: complaints.CheckEvent, AcceptsClass3: new(true)}}}},
	{"dewi", 50 * time.Hour, 11, reporter("Slamet Riyadi", "0110", "family"),
		complaints.Filing{Channel: "whatsapp", Matter: "refusal", Need: "inpatient", Text: "Ibu saya ditolak rawat inap, katanya kartu tidak aktif."}, nil},
	{"rini", 47 * time.Hour, 11, reporter("Slamet Riyadi", "0110", "family"),
		complaints.Filing{Channel: "phone", Matter: "refusal", Need: "inpatient", Text: "Melanjutkan lewat telepon: ibu masih menunggu kamar."}, nil},
	{"hasan", 45 * time.Hour, 11, reporter("Yanti", "0111", "cadre"),
		complaints.Filing{Channel: "lapor", Matter: "refusal", Need: "inpatient", SourceNumber: "LATIHAN-9182", Text: "Laporan dari LAPOR!: pasien ditolak karena status kepesertaan."}, nil},
	{"dewi", 44 * time.Hour, 1, complaints.Reporter{Name: "Siti Aminah", Phone: "081200000112", Email: "siti@warga.example.com", Relation: "cadre"},
		complaints.Filing{Channel: "phone", Matter: "information", Text: "Tetangga saya ingin tahu syarat didaftarkan menjadi peserta yang dibayar pemerintah daerah."},
		[]demoStep{step(time.Hour, complaints.VerifyEvent),
			{"", 3 * time.Hour, complaints.Action{Type: complaints.ResolveEvent, Decision: complaints.InformationGiven, Send: []string{"email", "whatsapp"},
				Reason: "Syarat dan tempat mendaftar sudah dijelaskan.", Text: "Syaratnya KTP dan KK kabupaten ini serta tergolong tidak mampu. Silakan datang ke puskesmas terdekat."}}}},
	{"rini", 26 * time.Hour, 2, reporter("Wati Suryani", "0113", "self"),
		complaints.Filing{Channel: "counter", Matter: "activation", Need: "outpatient", Text: "Kartu saya nonaktif waktu mau periksa gula darah."},
		[]demoStep{step(time.Hour, complaints.VerifyEvent), step(90*time.Minute, complaints.CheckEvent)}},
	{"rini", 5 * time.Hour, 12, reporter("Nur Aini", "0114", "companion"),
		complaints.Filing{Channel: "stall", Matter: "eligibility", Need: "delivery", Text: "Mendampingi ibu hamil tua yang belum punya jaminan."},
		[]demoStep{step(time.Hour, complaints.VerifyEvent), step(70*time.Minute, complaints.CheckEvent)}},
	{"hasan", 2 * time.Hour, 0, reporter("Edi Purnomo", "0115", "officer"),
		complaints.Filing{Channel: "phone", Matter: "refusal", Need: "emergency", Text: "Korban kecelakaan di IGD belum membawa KTP, keluarganya ditanyai jaminan."}, nil},
}

// demoComplaints files them, unless there are complaints already.
func (p *Program) demoComplaints(ctx context.Context, desk area.Code, bar *demoProgress) error {
	page, err := p.Complaints.List(ctx, complaints.Filter{Limit: 1})
	if err != nil || len(page.Items) > 0 {
		return err
	}
	people, err := p.demoPeople(ctx, desk)
	if err != nil {
		return err
	}
	now := p.Clock()
	defer func() { p.Complaints.Clock, p.Checker.Clock = p.Clock, p.Clock }()
	for i, c := range demoCases {
		bar.say("mencatat aduan contoh")
		f := c.filing
		f.Reporter, f.Village = c.reporter, desk
		if c.patient > 0 && c.patient <= len(people) {
			f.NIK = people[c.patient-1]
		}
		err = p.demoLife(ctx, now.Add(-c.ago), c, f)
		if err != nil {
			return fmt.Errorf("training complaint %d: %w", i+1, err)
		}
	}
	p.Complaints.Clock, p.Checker.Clock = p.Clock, p.Clock
	_, err = p.Complaints.Sweep(ctx) // who is late has climbed before anybody looks
	if err != nil || len(people) < demoBehind {
		return err
	}
	return p.demoCatchUp(ctx, people[demoBehind-1], bar)
}

// demoLife files a case in the past and lets happen what happened since.
func (p *Program) demoLife(ctx context.Context, filed time.Time, c demoCase, f complaints.Filing) error {
	at := func(user string, when time.Time) (context.Context, error) {
		p.Complaints.Clock = func() time.Time { return when }
		p.Checker.Clock = p.Complaints.Clock
		actor, err := p.Accounts.Actor(ctx, user)
		return auth.With(ctx, actor), err
	}
	as, err := at(c.by, filed)
	if err != nil {
		return err
	}
	made, err := p.Complaints.File(as, f)
	for _, s := range c.then {
		if err != nil {
			break
		}
		by := s.by
		if by == "" {
			by = c.by
		}
		as, err = at(by, filed.Add(s.after))
		if err != nil {
			break
		}
		s.act.Version = made.Version
		made, err = p.Complaints.Act(as, made.Ticket, s.act)
	}
	return err
}

// demoPeople are some of the living adults of the district.
func (p *Program) demoPeople(ctx context.Context, desk area.Code) ([]eligibility.NIK, error) {
	rows, err := p.DB.Names(ctx, desk)
	if err != nil {
		return nil, err
	}
	day := eligibility.DateOf(p.Clock())
	var out []eligibility.NIK
	for _, r := range rows {
		if r.BirthDate.AgeOn(day) >= 20 && len(out) < demoPatients {
			out = append(out, r.NIK)
		}
	}
	for no, want := range map[int]policy.Outcome{demoWaiting: policy.Eligible, demoBehind: policy.NotEligible} {
		nik, err := p.demoPerson(ctx, desk, want)
		if err != nil {
			return nil, err
		}
		if nik != "" && len(out) >= no && !slices.Contains(out, nik) {
			out[no-1] = nik
		}
	}
	return out, nil
}

// demoCatchUp imports a small list in which a refused patient is poor after all, as the next data of
// DTSEN do: the service then puts him on the list of changed answers.
func (p *Program) demoCatchUp(ctx context.Context, nik eligibility.NIK, bar *demoProgress) error {
	dir, err := os.MkdirTemp("", "layak-latihan-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bar.say("memuat perubahan kesejahteraan")
	path := filepath.Join(dir, "latihan-perubahan-desil.xlsx")
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	err = importers.WriteTable(out, "Data", []string{"NIK", "DESIL"}, [][]string{{string(nik), "1"}})
	closed := out.Close()
	if err != nil {
		return err
	}
	if closed != nil {
		return closed
	}
	_, err = importers.Run(ctx, p.DB, importers.Options{
		Kind: eligibility.Welfares, Files: []importers.File{{Name: filepath.Base(path), Path: path}},
		AsOf: eligibility.DateOf(p.Clock().In(eligibility.WIB).AddDate(0, 0, -1)), Home: p.Regency, Mode: importers.Update,
		Actor: auth.From(ctx).Name, Clock: p.Clock,
	})
	return err
}
