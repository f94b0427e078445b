package web

import (
	"time"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/auth"
	"layak/internal/fault"
)

var galleryAdmin = auth.Actor{Name: "sri", User: "sri", Title: "Sri Wahyuni", Role: auth.Administrator, All: true}

// office is the frame around what an administrator sees.
func office(title, section string) Base {
	b := inside(title, section)
	b.Actor = galleryAdmin
	return b
}

const longFile = "Data Kependudukan Semester II Kabupaten Jember per Kecamatan hasil konsolidasi bersih (revisi terakhir sekali).xlsx"

func sampleImport(status importers.Status) importers.Import {
	return importers.Import{ID: "019e7a3c-0000-7000-8000-0000000000a1", Kind: eligibility.Residents, Status: status, Mode: importers.Update,
		Area: "35.09", AsOf: "2026-11-01", Files: []string{longFile}, StartedAt: galleryNow.Add(-26 * time.Hour), StartedBy: "sri",
		Counts: importers.Counts{Read: 203_411, Accepted: 203_392, New: 1_204, Changed: 3_871, Unchanged: 198_317, Gone: 12, Rejected: 14, Duplicates: 5, Skipped: 2, Warnings: 37}}
}

func sampleRejects() []rejectRow {
	return []rejectRow{
		{importers.Reject{File: longFile, Sheet: "KALIWATES", Row: 14, Column: "NIK", Value: "3,50919E+15", Code: "nik_number_cell",
			Reason: "NIK di baris 14 tersimpan sebagai angka, sehingga digit terakhirnya hilang. Ubah kolom NIK menjadi Teks, ketik ulang, lalu unggah lagi."}},
		{importers.Reject{File: longFile, Sheet: "KALIWATES", Row: 208, Column: "TGL_LAHIR", Value: "31-02-1984", Code: "birth_date_invalid",
			Reason: "Tanggal lahir tidak ada di kalender. Tulis hari-bulan-tahun, misalnya 28-02-1984."}},
		{importers.Reject{File: longFile, Sheet: "SUMBERSARI", Row: 31, Column: "DESA", Code: "area_unknown",
			Reason: "Desa atau kelurahan kosong. Isi menurut Kartu Keluarga."}},
	}
}

func sampleUpload(stage importers.Stage) importers.Upload {
	return importers.Upload{ID: "019e7a3c-0000-7000-8000-0000000000b1", Name: longFile, Size: 31 << 20, Kind: eligibility.Residents, Stage: stage,
		CreatedAt: galleryNow.Add(-5 * time.Minute), CreatedBy: "sri", ExpiresAt: galleryNow.Add(24 * time.Hour),
		Settings: importers.UploadSettings{AsOf: "2026-11-01", Mode: importers.Update},
		Summary: importers.UploadSummary{ImportID: "019e7a3c-0000-7000-8000-0000000000a1", Left: []string{"KETERANGAN", `lembar "Rekap"`},
			Warnings: []importers.Reject{{Sheet: "KALIWATES", Row: 77, Column: "TGL_LAHIR", Reason: "Tanggal lahir tidak sama dengan yang tersirat di NIK. Barisnya tetap diterima."}},
			Columns: []importers.Column{
				{Sheet: "KALIWATES", Index: 2, Header: "N I K", Field: eligibility.FieldNIK, Known: true, Guess: importers.BySpelling, Samples: []string{"350919••••••0001", "350919••••••0007"}},
				{Sheet: "KALIWATES", Index: 3, Header: "NAMA_LGKP", Field: eligibility.FieldName, Known: true, Guess: importers.BySpelling, Samples: []string{"Siti A•••••••", "Ahmad S••••"}},
				{Sheet: "KALIWATES", Index: 9, Header: "STATUS", Field: eligibility.FieldMarital, Known: true, Guess: importers.ByValues, Samples: []string{"KAWIN", "BELUM KAWIN"}},
				{Sheet: "KALIWATES", Index: 10, Header: "DUSUN", Field: eligibility.FieldAddress, Known: true, Guess: importers.ByHand, Samples: []string{"Krajan Kidul"}},
				{Sheet: "KALIWATES", Index: 14, Header: "KETERANGAN TAMBAHAN DARI PETUGAS DESA", Guess: importers.NotKnown, Samples: []string{"sudah dicek"}},
			}}}
}

func (s *Server) dataStates() []State {
	data := []dataRow{{"residents", "2026-11-01"}, {"welfare", "2026-10-01"}, {"membership", ""}}
	form := uploadForm{Kind: "residents", AsOf: "2026-11-21"}
	history := []importers.Import{sampleImport(importers.Published), sampleImport(importers.RolledBack), sampleImport(importers.Failed)}
	pending := []importers.Upload{sampleUpload(importers.StagePreviewed), sampleUpload(importers.StagePublishing), sampleUpload(importers.StageFailed)}
	notBook := "Berkas ini bukan buku kerja Excel (.xlsx). Buka di Excel atau LibreOffice, lalu simpan sebagai .xlsx."
	word := "Ketik BATALKAN untuk memastikan bahwa impor ini memang hendak dibatalkan."

	at := func(stage importers.Stage, change func(*importers.Upload)) *uploadPage {
		u := sampleUpload(stage)
		if change != nil {
			change(&u)
		}
		p := newUploadPage(u, s.Home)
		p.Base = office("upload.title", "data")
		return p
	}
	preview := at(importers.StagePreviewed, nil)
	imp, before := sampleImport(importers.Previewed), sampleImport(importers.Published)
	preview.Preview, preview.Before, preview.Rejects = &imp, &before, sampleRejects()
	nothing := at(importers.StagePreviewed, nil)
	none := imp
	none.Counts = importers.Counts{Read: 3, Rejected: 3}
	nothing.Preview, nothing.Rejects = &none, sampleRejects()
	bad := at(importers.StageColumns, nil)
	bad.Problem = "Tanggal data tidak boleh sesudah hari ini."
	bad.Errors = Problems{{Name: "as_of", Message: bad.Problem}}

	return []State{
		{"imports", "imports", &importsPage{Base: office("imports.title", "data"), Data: data, Form: form, Kinds: eligibility.Kinds, Pending: pending, History: history, May: true}},
		{"imports-empty", "imports", &importsPage{Base: office("imports.title", "data"), Data: []dataRow{{"residents", ""}, {"welfare", ""}, {"membership", ""}}, Form: form, Kinds: eligibility.Kinds, May: true}},
		{"imports-refused", "imports", &importsPage{Base: refused(office("imports.title", "data"), notBook, fault.Field{Name: "file", Message: notBook}), Data: data, Form: form, Kinds: eligibility.Kinds, May: true}},
		{"imports-reader", "imports", &importsPage{Base: inside("imports.title", "data"), Data: data, History: history}},
		{"upload-columns", "upload", at(importers.StageColumns, nil)},
		{"upload-columns-refused", "upload", bad},
		{"upload-previewing", "upload", at(importers.StagePreviewing, func(u *importers.Upload) {
			u.Progress = importers.Progress{Phase: importers.PhaseReading, Rows: 84_000, Total: 203_411}
		})},
		{"upload-waiting", "upload", at(importers.StagePublishOrdered, nil)},
		{"upload-preview", "upload", preview},
		{"upload-nothing", "upload", nothing},
		{"upload-stopped", "upload", at(importers.StageFailed, func(u *importers.Upload) {
			u.Summary.Message = "Program berhenti ketika sedang mengerjakan berkas ini. Data kependudukan tidak berubah. Ulangi dari pratinjau."
		})},
		{"import", "import", &importPage{Base: office("imports.one", "data"), Import: sampleImport(importers.Published), Rejects: sampleRejects(), May: true}},
		{"import-refused", "import", &importPage{Base: refused(office("imports.one", "data"), word, fault.Field{Name: "word", Message: word}), Import: sampleImport(importers.Published), May: true, Typed: "ya"}},
		{"import-rolled-back", "import", &importPage{Base: office("imports.one", "data"), Import: sampleImport(importers.RolledBack)}},
	}
}
