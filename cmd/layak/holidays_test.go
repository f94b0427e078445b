package main

import (
	"testing"
	"time"
)

// A list of holidays moves the deadline of a case that is open, and the case says why.
func TestHolidaysFromTheCommandLine(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		filed := h.object("complaints", "file", "--channel", "phone", "--matter", "activation", "--reporter", "Siti Rekaan", "--text", "Kartu belum aktif sejak kemarin.")
		was, err := time.Parse(time.RFC3339, filed["due_at"].(string))
		if err != nil {
			t.Fatal(err)
		}
		var rows [][]string
		for day := range 10 {
			rows = append(rows, []string{time.Now().AddDate(0, 0, day+1).Format(time.DateOnly), "Hari rekaan", "libur daerah", "Keputusan rekaan"})
		}
		list := h.sheet("libur.xlsx", []string{"Tanggal", "Nama", "Jenis", "Sumber"}, append(rows, []string{"kapan-kapan", "Hari tanpa tanggal", "libur daerah", ""})...)
		s := h.run("", "holidays", "import", list, "--partial", "--json")
		if s.code != exitPartial {
			t.Fatalf("exit %d: %s%s", s.code, s.out, s.err)
		}
		if got := decode(t, s.out); got["loaded"] != 10.0 || got["rejected"] != 1.0 {
			t.Errorf("told %v", got)
		}
		now := h.object("complaints", "show", filed["ticket"].(string))
		due, err := time.Parse(time.RFC3339, now["due_at"].(string))
		if err != nil || !due.After(was) {
			t.Errorf("due %v before the holidays and %v after: %v", was, due, err)
		}
		events := now["events"].([]any)
		if last := events[len(events)-1].(map[string]any); last["type"] != "clock" || last["actor"] != "system" {
			t.Errorf("the case says %v", last)
		}
		if got := h.object("holidays", "list"); len(got["years"].([]any)) < 2 {
			t.Errorf("years %v", got["years"])
		}
	})
}
