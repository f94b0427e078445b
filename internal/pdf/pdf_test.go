package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var day = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

func file(t *testing.T, d *Document) []byte {
	t.Helper()
	b, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// read gives the text of each page as poppler sees it, and keeps the file where LAYAK_PDF says.
func read(t *testing.T, b []byte) []string {
	t.Helper()
	folder := t.TempDir()
	if keep := os.Getenv("LAYAK_PDF"); keep != "" {
		folder = keep
	}
	name := filepath.Join(folder, strings.ReplaceAll(t.Name(), "/", "-")+".pdf")
	err := os.WriteFile(name, b, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", name, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("pdftotext (Debian package poppler-utils) must read the file: %v\n%s", err, out)
	}
	return strings.Split(strings.TrimRight(string(out), "\f\n"), "\f")
}

// square is a small picture.
func square(t testing.TB) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 40, 40))
	for i := range m.Pix {
		m.Pix[i] = 255
	}
	for i := range 20 {
		m.SetGray(i*2, i, color.Gray{})
	}
	var b bytes.Buffer
	err := png.Encode(&b, m)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// everything uses each kind of thing once.
func everything(t testing.TB) *Document {
	d := New(Info{Title: "Laporan Oktober 2026", Author: "Dinas Kesehatan", At: day, Footer: "Dicetak 21 November 2026"})
	d.Letterhead(Letterhead{Over: "Pemerintah Kabupaten Jember", Name: "Kelurahan Mangli", Lines: []string{"Jalan Contoh 1, Jember", "Telepon (0331) 000000"}, Logo: square(t)})
	d.Title("Laporan bulanan aduan", "Oktober 2026", Centre)
	d.Figures([]Figure{{"1.234", "aduan masuk"}, {"97,5 %", "ditindaklanjuti"}, {"2 hari kerja 3 jam", "waktu tengah sampai tindak lanjut pertama"}})
	d.Heading("Menurut kanal")
	d.Bars([]Bar{{"WhatsApp", 120, "120"}, {"Loket pelayanan terpadu kecamatan yang namanya panjang sekali", 30, "30"}, {"SP4N-LAPOR!", 0, "0"}})
	d.Paragraph("Ukuran “tepat waktu” dihitung dari jam kerja – bukan hari kalender.\n\nBaris baru\ndi dalam paragraf.")
	d.Fields([]Field{{"Nomor tiket", "3509-ABCD-EFGH-J"}, {"Alamat", strings.Repeat("Dusun Krajan ", 12)}})
	d.Steps([]string{"Bawa KTP.", "Bawa KK."})
	d.Points([]string{"Satu", "Dua"})
	d.Strong("Tebal")
	d.Small("Sumber: data kependudukan, 1 November 2026.")
	var rows [][]string
	for i := range 60 {
		rows = append(rows, []string{fmt.Sprintf("Puskesmas %d", i+1), fmt.Sprint(i * 1000), "9,1 %"})
	}
	d.Table(Table{Columns: []Column{{Title: "Unit", Share: 3}, {Title: "Masuk", Right: true}, {Title: "Terlambat", Right: true}}, Rows: rows, Foot: []string{"Jumlah", "1770000", ""}})
	d.Image(square(t), 25, "3509-ABCD-EFGH-J", "Sebutkan kode ini bila bertanya.")
	d.Signature("Jember, 21 November 2026", "Lurah Mangli", "Ani Contoh")
	return d
}

func TestDocumentReadsBack(t *testing.T) {
	pages := read(t, file(t, everything(t)))
	if len(pages) < 2 {
		t.Fatalf("%d pages", len(pages))
	}
	all := strings.Join(pages, "\n")
	for _, want := range []string{
		"PEMERINTAH KABUPATEN JEMBER", "KELURAHAN MANGLI", "Laporan bulanan aduan", "1.234", "WhatsApp", "“tepat waktu”", "– bukan",
		"Nomor tiket", "3509-ABCD-EFGH-J", "1.", "Puskesmas 60", "1770000", "Lurah Mangli", "Halaman 1 dari " + fmt.Sprint(len(pages)),
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing", want)
		}
	}
	headers := 0
	for _, p := range pages {
		if strings.Contains(p, "Terlambat") {
			headers++
		}
		if strings.Contains(p, "Puskesmas") && !strings.Contains(p, "Terlambat") {
			t.Error("a page holds rows of the table without its header")
		}
	}
	if headers < 2 {
		t.Errorf("the header stands on %d pages", headers)
	}
}

func TestSameCallsSameBytes(t *testing.T) {
	first := file(t, everything(t))
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if b, err := everything(t).Bytes(); err != nil || !bytes.Equal(b, first) {
				t.Errorf("other bytes (%v)", err)
			}
		})
	}
	all.Wait()
}

// Nothing is drawn outside of the paper: poppler says where each word stands.
func TestLongThingsStayOnThePaper(t *testing.T) {
	long := strings.Repeat("Kesejahteraan", 40)
	d := New(Info{Title: long, At: day, Footer: long})
	d.Letterhead(Letterhead{Name: long, Lines: []string{long}})
	d.Title(long, long, Left)
	d.Heading(long)
	d.Paragraph(long)
	d.Fields([]Field{{long, long}})
	d.Steps([]string{long})
	d.Figures([]Figure{{long, long}, {"1", "2"}})
	d.Bars([]Bar{{long, 3, "3"}, {"tak terhingga", math.Inf(1), "∞"}, {"minus", -4, "-4"}})
	d.Table(Table{Columns: []Column{{Title: long}, {Title: "n", Right: true}}, Rows: [][]string{
		{strings.Repeat("kata ", 3000), "1"}, {"kurang"}, {"lebih", "2", "tidak ada kolomnya"}, {long, long},
	}})
	d.Signature(long, long)
	name := filepath.Join(t.TempDir(), "long.pdf")
	err := os.WriteFile(name, file(t, d), 0o644)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-bbox", name, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	words := 0
	for line := range strings.Lines(string(out)) {
		var x0, y0, x1, y1 float64
		n, _ := fmt.Sscanf(strings.TrimSpace(line), `<word xMin="%f" yMin="%f" xMax="%f" yMax="%f">`, &x0, &y0, &x1, &y1)
		if n < 4 {
			continue
		}
		words++
		if x0 < 50 || x1 > 595.3-50 || y0 < 50 || y1 > 842-20 {
			t.Errorf("outside: %s", strings.TrimSpace(line))
		}
	}
	if words < 3000 {
		t.Errorf("only %d words; a long cell was cut off", words)
	}
}

func TestUnknownSignsBecomeABox(t *testing.T) {
	d := New(Info{Title: "😀", At: day})
	d.Paragraph("Terima kasih 🙏🏽 ya\tbu ﷽ 中文 \x00\u200d\u202e e\u0301 é \xff")
	text := strings.Join(read(t, file(t, d)), "")
	if !strings.Contains(text, "Terima kasih □") || !strings.Contains(text, "é") {
		t.Errorf("%q", text)
	}
}

func TestHalfSheet(t *testing.T) {
	d := New(Info{Title: "Tanda terima", At: day, Paper: Half})
	d.Title("Tanda terima", "", Centre)
	pages := read(t, file(t, d))
	if len(pages) != 1 || strings.Contains(pages[0], "Halaman") {
		t.Errorf("%q", pages)
	}
}

func TestBrokenPictureIsAnError(t *testing.T) {
	d := New(Info{At: day})
	d.Image([]byte("no picture"), 20, "x")
	_, err := d.Bytes()
	if err == nil {
		t.Error("a broken picture must not give a document")
	}
}

func TestAnyTextGivesADocument(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String()
		d := New(Info{Title: text.Draw(t, "title"), At: day, Footer: text.Draw(t, "footer")})
		d.Heading(text.Draw(t, "heading"))
		d.Paragraph(text.Draw(t, "paragraph"))
		d.Fields([]Field{{text.Draw(t, "label"), text.Draw(t, "value")}})
		d.Bars([]Bar{{text.Draw(t, "bar"), rapid.Float64().Draw(t, "length"), text.Draw(t, "written")}})
		d.Table(Table{Columns: []Column{{Title: "A"}, {Title: "B", Right: true}}, Rows: [][]string{{text.Draw(t, "a"), text.Draw(t, "b")}}})
		_, err := d.Bytes()
		if err != nil {
			t.Fatal(err)
		}
	})
}
