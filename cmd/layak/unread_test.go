package main

import (
	"fmt"
	"io"
	"testing"

	"layak/importers"
)

// The office lists him as a member, but in words that cannot be read: the answer must ask, and not
// take him for somebody without cover.
func TestUnreadableMemberIsAskedAbout(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		workbook := func(name string, header []string, rows [][]string) string {
			err := writeWhole(h.path(name), func(w io.Writer) error { return importers.WriteTable(w, "Data", header, rows) })
			if err != nil {
				t.Fatal(err)
			}
			return h.path(name)
		}
		nik := func(i int) string { return fmt.Sprintf("350919450890%04d", i) }
		var people, members [][]string
		for i := range 60 {
			people = append(people, []string{nik(i), "3509190101200001", fmt.Sprintf("WARGA %d", i), "P", "05-08-1990", "Kaliwates", "Mangli"})
			if i < 58 {
				members = append(members, []string{nik(i), "PPU", "AKTIF"})
			}
		}
		members = append(members, []string{nik(58), "SEGMEN ENTAH", "AKTIF"}) // 59 is not listed at all
		h.must("", "import", "residents", workbook("r.xlsx", []string{"NIK", "NO KK", "NAMA", "JENIS KELAMIN", "TANGGAL LAHIR", "KECAMATAN", "DESA/KELURAHAN"}, people), "--as-of", "2026-11-01")
		s := h.run("", "import", "membership", workbook("m.xlsx", []string{"NIK", "SEGMEN", "STATUS PESERTA"}, members), "--mode", "snapshot", "--as-of", "2026-11-01")
		if s.code != exitPartial {
			t.Fatalf("exit %d: %s%s", s.code, s.out, s.err)
		}
		for i, want := range map[int][2]any{0: {"ppu", "already_covered"}, 58: {nil, "needs_information"}, 59: {"none", "eligible"}} {
			d := h.object("check", nik(i), "--at", "2026-11-10", "--evidence", "ktp", "--evidence", "kk", "--evidence", "sktm=2026-11-02")
			cover, _ := d["facts"].(map[string]any)["membership"].(map[string]any)
			if cover == nil || cover["segment"] != want[0] || d["outcome"] != want[1] {
				t.Errorf("person %d: %v %v", i, d["outcome"], cover)
			}
		}
	})
}
