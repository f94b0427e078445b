package main

import (
	"os"
	"testing"

	"layak/eligibility"
	"layak/importers"
)

// sheet writes a made-up workbook into the folder of the house.
func (h *house) sheet(name string, header []string, rows ...[]string) string {
	h.t.Helper()
	f, err := os.Create(h.path(name))
	if err != nil {
		h.t.Fatal(err)
	}
	err = importers.WriteTable(f, "Data", header, rows)
	if err != nil {
		h.t.Fatal(err)
	}
	err = f.Close()
	if err != nil {
		h.t.Fatal(err)
	}
	return f.Name()
}

var wadulHeader = []string{"nomor_tiket", "nama_lengkap", "judul", "detail", "sumber_pengaduan", "status", "tanggapan", "waktu_dibuat", "tanggal tindak lanjut"}

func wadulRow(number, status, followed string) []string {
	return []string{number, "Siti Rekaan", "Kartu", "Kartu belum aktif.", "WhatsApp", status, "", "02/03/2026 09:30", followed}
}

func TestRegistersFromTheCommandLine(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		first := h.sheet("wadul-maret.xlsx", wadulHeader, wadulRow("WG-1", "Disposisi", ""), wadulRow("WG-2", "Selesai", "04/03/2026"), wadulRow("WG-3", "Mengambang", ""))
		rejects := h.path("ditolak.xlsx")
		s := h.run("", "import", "complaints", first, "--rejects", rejects, "--json")
		if s.code != exitPartial {
			t.Fatalf("exit %d: %s%s", s.code, s.out, s.err)
		}
		got := decode(t, s.out)
		if got["source"] != "wadul" || got["new"] != 2.0 || got["rejected"] != 1.0 {
			t.Errorf("first time %v", got)
		}
		if _, err := os.Stat(rejects); err != nil {
			t.Error(err)
		}
		s = h.run("", "import", "complaints", first, "--json")
		if got = decode(t, s.out); got["new"] != 0.0 || got["unchanged"] != 2.0 {
			t.Errorf("the same file twice %v", got)
		}
		second := h.sheet("wadul-april.xlsx", wadulHeader, wadulRow("WG-1", "Tindak Lanjut", "05/03/2026"), wadulRow("WG-2", "Selesai", "04/03/2026"))
		if got = h.object("import", "complaints", second, "--dry-run"); got["changed"] != 1.0 || got["dry_run"] != true {
			t.Errorf("dry run %v", got)
		}
		if got = h.object("import", "complaints", second); got["changed"] != 1.0 || got["unchanged"] != 1.0 {
			t.Errorf("a changed row %v", got)
		}
		list := h.object("complaints", "list")["complaints"].([]any)
		if len(list) != 2 {
			t.Fatalf("%d complaints, want 2", len(list))
		}
		states := map[any]int{}
		for _, c := range list {
			states[c.(map[string]any)["state"]]++
		}
		if states["in_progress"] != 1 || states["closed"] != 1 {
			t.Errorf("states %v", states)
		}
		back := h.object("complaints", "export", h.path("kembali.xlsx"), "--shape", "handover", "--source", "wadul")
		if back["rows"] != 2.0 || back["differences"] != 0.0 {
			t.Errorf("hand-over %v", back)
		}
		h.must("", "audit", "verify")
	})
}

func TestRegistersThatCannotBeTaken(t *testing.T) {
	h := &house{t, t.TempDir(), ""}
	h.db = "sqlite:" + h.path("layak.db")
	plain := h.sheet("rekap.xlsx", wadulHeader, wadulRow("1", "Proses", ""))
	noNumber := h.sheet("wadul.xlsx", []string{"No", "Isi laporan", "Tanggal masuk"}, []string{"1", "x", "01/03/2026"})
	for name, args := range map[string][]string{
		"nobody knows whose it is": {"import", "complaints", plain},
		"no column of numbers":     {"import", "complaints", noNumber},
		"unknown field":            {"import", "complaints", plain, "--source", "lapor", "--map", "No=nomor"},
		"unknown source":           {"complaints", "export", h.path("x.xlsx"), "--shape", "handover", "--source", "twitter"},
	} {
		if s := h.run("", args...); s.code != exitUsage || s.err == "" {
			t.Errorf("%s: exit %d, %q", name, s.code, s.err)
		}
	}
	h.must("", "import", "complaints", noNumber, "--map", "No=number")
}

func TestStandingOfTheDay(t *testing.T) {
	h := &house{t, t.TempDir(), ""}
	h.db = "sqlite:" + h.path("layak.db")
	p := h.open()
	for day, want := range map[string]string{"2025-03-31": "cut_off", "2025-04-01": "prioritas", "2026-11-21": "prioritas"} {
		if got := (standingOf{p.Rules}).Standing(eligibility.Date(day)); got != want {
			t.Errorf("%s: %q, want %q", day, got, want)
		}
	}
}
