package web

import (
	"time"

	"layak/complaints"
	"layak/complaints/register"
	"layak/internal/auth"
	"layak/internal/fault"
)

var galleryCoordinator = auth.Actor{Name: "koko", User: "koko", Title: "Koko P.", Role: auth.Coordinator, All: true}

// coordinating is the frame around what a coordinator sees.
func coordinating(title, section string) Base {
	b := inside(title, section)
	b.Actor = galleryCoordinator
	return b
}

func sampleRegister(stage string) register.Upload {
	return register.Upload{ID: "019e7a3c-0000-7000-8000-0000000000d1", Name: "Rekap Wadul Guse Kecamatan dan OPD minggu ketiga November 2026 (final revisi).xlsx",
		Stage: stage, Size: 81_000, Options: register.Options{Source: "wadul", Categories: []string{"kesehatan"}}, CreatedBy: "koko",
		CreatedAt: galleryNow.Add(-10 * time.Minute), ExpiresAt: galleryNow.Add(24 * time.Hour),
		Result: register.Result{Source: "wadul", Counts: register.Counts{Read: 412, New: 37, Changed: 121, Same: 240, Rejected: 3, Duplicates: 1, Skipped: 10, Warnings: 1},
			Strayed: []string{"Dinas Perhubungan", "Perumda Air Minum"},
			Warned:  []register.Reject{{Sheet: "Data", Row: 88, Column: "NIK", Reason: "NIK tidak utuh, jadi tidak dicatat. Laporannya tetap diambil."}}}}
}

// handoverStates are pages of registers of other systems, in and out.
func (s *Server) handoverStates() []State {
	lines := []register.Line{
		{Number: "WG-2026-000123", Ticket: "3509-7K2M-QX9D-R", Title: "Kartu ibu mati waktu di IGD, mohon bantuan secepatnya karena sudah tiga hari dirawat", State: complaints.Answered, Theirs: "Disposisi"},
		{Number: "WG-2026-000124", Ticket: "3509-88QT-4M2K-7", State: complaints.InProgress, Theirs: "Selesai"},
	}
	page := func(back []handoverBack, ups []register.Upload) *handoverPage {
		return &handoverPage{Base: coordinating("handover.title", "handover"), Form: registerForm{Source: "wadul"}, Sources: register.Sources, Uploads: ups, Back: back}
	}
	full := page([]handoverBack{{Source: "lapor", Cases: 12}, {Source: "wadul", Cases: 412, Differ: lines, All: 31}},
		[]register.Upload{sampleRegister(register.Previewed), sampleRegister(register.Taken)})
	wrong := page([]handoverBack{{Source: "lapor"}, {Source: "wadul"}}, nil)
	const noNumber = `Lembar "Data" tidak punya kolom nomor laporan (misalnya NOMOR TIKET atau TRACKING ID) yang dikenal.`
	wrong.Base = refused(wrong.Base, noNumber, fault.Field{Name: "file", Message: noNumber})
	one := func(stage string, rejects []register.Reject) *registerPage {
		return &registerPage{Base: coordinating("handover.one", "handover"), Upload: sampleRegister(stage), Rejects: rejects}
	}
	rejects := []register.Reject{
		{Sheet: "Data", Row: 14, Column: "status", Value: "Mengambang", Reason: "Status ini tidak dikenal. Pakai kata dari sistem asal, misalnya Disposisi, Proses, Tindak Lanjut, Selesai, atau Dibatalkan."},
		{Sheet: "Data", Row: 20, Column: "nomor_tiket", Reason: "Nomor laporan kosong. Isi nomor tiket dari sistem asalnya; tanpa nomor, laporan yang sama bisa tercatat dua kali."},
	}
	nothing := one(register.Previewed, nil)
	nothing.Upload.Result = register.Result{Source: "wadul", Counts: register.Counts{Read: 398, Same: 398}}
	return []State{
		{"handover", "handover", full},
		{"handover-empty", "handover", page([]handoverBack{{Source: "lapor"}, {Source: "wadul"}}, nil)},
		{"handover-refused", "handover", wrong},
		{"register-preview", "register", one(register.Previewed, rejects)},
		{"register-nothing", "register", nothing},
		{"register-taken", "register", one(register.Taken, nil)},
	}
}
