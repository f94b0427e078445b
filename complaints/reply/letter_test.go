package reply

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"layak/complaints"
	"layak/internal/auth"
	"layak/internal/fault"
)

func (d *desk) Messages(_ context.Context, f Filter, _ complaints.Scope) ([]Item, error) {
	return []Item{{Message: complaints.Message{EventID: "sent", Through: "letter", Body: "Ibu Siti, kartu Anda sudah aktif.\n\nNomor 3509194101010001 sudah kami cocokkan."}, Ticket: f.Ticket, State: Queued}}, nil
}

// printed is the text of a PDF as poppler reads it; the file stays where LAYAK_PDF says.
func printed(t *testing.T, b []byte) string {
	t.Helper()
	folder := t.TempDir()
	if keep := os.Getenv("LAYAK_PDF"); keep != "" {
		folder = keep
	}
	file := filepath.Join(folder, t.Name()+".pdf")
	err := os.WriteFile(file, b, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (Debian package poppler-utils): %v", err)
	}
	return string(out)
}

func letterDesk() (*desk, *Writer) {
	d := newDesk()
	d.c.FiledAt = noon
	d.c.Events = []complaints.Event{
		{ID: "note", Seq: 1, Type: complaints.NoteEvent, At: noon, Note: "Catatan kita."},
		{ID: "sent", Seq: 2, Type: complaints.ResolveEvent, At: noon, Public: true, Title: "Budi Contoh", Note: "Alasan untuk arsip."},
		{ID: "told", Seq: 3, Type: complaints.AnswerEvent, At: noon, Public: true, Title: "Budi Contoh", Note: "Silakan datang besok."},
	}
	w := d.writer()
	w.Messages, w.Place = d, "Jember"
	return d, w
}

func TestLetter(t *testing.T) {
	d, w := letterDesk()
	b, err := w.Letter(officer(auth.Kelurahan), d.c, "sent")
	if err != nil {
		t.Fatal(err)
	}
	text := printed(t, b)
	for _, want := range []string{
		"PEMERINTAH KABUPATEN JEMBER", "KELURAHAN MANGLI", "Jalan Mangli 1", "3509-AB3D-EF6H-J/2", "21 November 2026", "Bapak/Ibu Siti",
		"kartu Anda sudah aktif.", "Jember, 21 November 2026", "Budi Contoh", "Kami melayani Senin–Jumat",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text, nik) || strings.Contains(text, "arsip") || strings.Contains(text, "AMINAH") {
		t.Errorf("%s", text)
	}
	again, err := w.Letter(officer(auth.Kelurahan), d.c, "sent")
	if err != nil || string(again) != string(b) {
		t.Errorf("the same letter twice is not the same file: %v", err)
	}
	b, err = w.Letter(officer(auth.Kelurahan), d.c, "told")
	if err != nil || !strings.Contains(printed(t, b), "Silakan datang besok.") {
		t.Errorf("%v", err)
	}
	for _, none := range []string{"note", "", "unheard"} {
		_, err = w.Letter(officer(auth.Kelurahan), d.c, none)
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", none, err)
		}
	}
}

func TestReceipt(t *testing.T) {
	d, w := letterDesk()
	d.c.Text = "Cerita panjang tentang penyakit."
	b, err := w.Receipt(officer(auth.Kelurahan), d.c)
	if err != nil {
		t.Fatal(err)
	}
	text := printed(t, b)
	for _, want := range []string{"Tanda terima aduan", "3509-AB3D-EF6H-J", "Sabtu, 21 November 2026 pukul 12.00", "paling lambat Senin, 23 November 2026"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text, "Siti") || strings.Contains(text, "penyakit") || strings.Count(text, "\f") != 1 {
		t.Errorf("%s", text)
	}
}
