package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"layak/eligibility"
	"layak/internal/testkit"
)

// walk is somebody who follows the walk-through of the README in a browser, on the training data
// as `layak serve --demo` makes it.
type walk struct {
	*testkit.Page
	t     *testing.T
	url   string
	shots string // folder of the pictures
}

// The workbook of the walk-through, a list as a kelurahan keeps it by hand: nine people, four rows
// with mistakes; and one of the nine.
const (
	sampleWorkbook = "../../docs/contoh/penduduk-kaliwates.xlsx"
	samplePatient  = eligibility.NIK("3509195204719001")
)

// TestWalkThrough is the whole job through the pages: a workbook with a few bad rows is loaded, one
// of its people is checked, papers are ticked, the complaint filed, the registration and the
// decision recorded, the case closed and its story read. At every stop axe finds nothing and
// nothing is wider than the window, on a phone and on a desktop.
//
// The pictures of the guide are those of this test: `make screenshots` writes them to docs/img.
func TestWalkThrough(t *testing.T) {
	t.Parallel() // each has an office of its own
	h := &house{t: t, dir: t.TempDir()}
	h.db = "sqlite:" + h.path("demo.db")
	out, _ := h.start("--demo", "--demo-people", "1500")
	waitFor(t, out, "Contoh NIK")
	w := &walk{testkit.StartBrowser(t).Page(t, testkit.Desktop), t, addressLine.FindStringSubmatch(out.String())[1], os.Getenv("LAYAK_SHOTS")}
	if w.shots == "" {
		w.shots = h.path("img")
	}
	w.Open(w.url)
	w.stop("masuk")
	w.load(sampleWorkbook)
	w.signOut()

	w.signIn("rini")
	w.stop("antrean", phone)
	w.check(samplePatient)
	ticket := w.file()
	w.work(ticket)
	w.look(exampleNIK(t, out.String(), "layak, "))
	w.signOut()
	w.others()
	if report := h.object("audit", "verify"); len(report["problems"].([]any)) != 0 {
		t.Errorf("trail: %v", report["problems"])
	}
	if w.shots == os.Getenv("LAYAK_SHOTS") {
		return
	}
	pictures, err := filepath.Glob(filepath.Join(w.shots, "*.png"))
	if err != nil || len(pictures) < 10 {
		t.Errorf("%d pictures, %v", len(pictures), err)
	}
}

func exampleNIK(t *testing.T, screen, what string) string {
	t.Helper()
	m := regexp.MustCompile(`(\d{16})  ` + what).FindStringSubmatch(screen)
	if m == nil {
		t.Fatalf("no example %q in %s", what, screen)
	}
	return m[1]
}

func (w *walk) signIn(user string) {
	w.t.Helper()
	w.Type("#f-user", user)
	w.Type("#f-password", demoPassword+kb.Enter)
	w.Wait("nav.side, nav.bottom")
}

func (w *walk) signOut() {
	w.t.Helper()
	w.Open(w.url + "/account")
	w.Submit(`form[action="/sign-out"] button`)
	w.Wait("#f-password")
}

// load takes a workbook through columns and preview to the registry.
func (w *walk) load(workbook string) {
	w.t.Helper()
	w.signIn("admin")
	w.Open(w.url + "/imports")
	w.stop("data", desktop)
	path, err := filepath.Abs(workbook)
	if err != nil {
		w.t.Fatal(err)
	}
	w.Type("#f-file", path)
	w.Submit(`form[action="/imports/uploads"] button`)
	w.Wait(`form[action$="/preview"]`)
	w.stop("impor-kolom", desktop)
	w.Submit(`form[action$="/preview"] button`)
	w.Wait(`form[action$="/publish"]`)
	if figures := w.Text(".figures"); !regexp.MustCompile(`(?i)ditolak\s+4\b`).MatchString(figures) {
		w.t.Errorf("the preview counts %q", figures)
	}
	w.stop("impor-pratinjau", desktop)
	w.Submit(`form[action$="/publish"] button`)
	w.WaitUntil(`document.querySelector('form[action$="/rollback"]')`)
	w.stop("impor-terbit")
}

// check types the NIK of somebody of that workbook and ticks papers until the answer is a yes.
func (w *walk) check(nik eligibility.NIK) {
	w.t.Helper()
	w.Open(w.url + "/")
	w.Type("#home-nik", string(nik)+kb.Enter)
	w.Wait(".verdict.needs_information")
	w.stop("hasil-perlu-dilengkapi", desktop)
	for _, paper := range []string{"ktp", "kk", "sktm"} {
		before := w.URL()
		w.Click("#paper-" + paper)
		w.WaitUntil(fmt.Sprintf(`location.href !== %q && document.querySelector("#paper-%s").checked && !document.querySelector(".htmx-settling, .htmx-added")`, before, paper))
	}
	w.Set("#issued-sktm", time.Now().In(eligibility.WIB).AddDate(0, 0, -20).Format(time.DateOnly))
	w.Wait(".verdict.eligible")
	if strings.Contains(w.URL(), string(nik)) {
		w.t.Error("the NIK stands in the address")
	}
	w.stop("hasil-layak", phone)
	result := w.URL()
	w.Open(result + "/print")
	w.WaitUntil(`document.querySelector(".qr").naturalWidth > 100`)
	w.stop("cetak")
	w.Open(result)
}

// file makes a complaint out of the answer and gives its ticket.
func (w *walk) file() string {
	w.t.Helper()
	w.Submit(`.acts a[href*="/complaints/new?check="]:not([href*="do="])`)
	w.Type("#f-text", "Ibu saya dirawat sejak tadi malam. Petugas pendaftaran mengatakan kartu JKN belum ada. Apakah dapat dijamin pemerintah daerah?")
	w.Set("#f-matter", "eligibility")
	w.Set("#f-need", "inpatient")
	w.Set("#f-channel", "counter")
	w.Type("#f-reporter_name", "Slamet Riyadi")
	w.Type("#f-reporter_phone", "081200000099")
	w.Set("#f-reporter_relation", "family")
	w.stop("aduan-baru", phone)
	w.Submit(`form.filing .btn-primary`)
	w.Wait("#ticket")
	ticket := w.Text("#ticket")
	if !regexp.MustCompile(`^3509-\w{4}-\w{4}-\w$`).MatchString(ticket) {
		w.t.Errorf("ticket = %q", ticket)
	}
	return ticket
}

// work follows the primary button of the case to its end.
func (w *walk) work(ticket string) {
	w.t.Helper()
	w.Submit(".nextact form button") // verify
	w.stop("aduan", desktop)
	w.Open(w.url + "/registrations")
	if !strings.Contains(w.Text("main"), ticket) {
		w.t.Error("a patient with a yes is not on the hand-over list")
	}
	w.stop("daftar-piket", desktop)
	w.Open(w.url + "/complaints/" + ticket)
	w.next("registration")
	w.Set("#f-through", "e_dabu")
	w.Type("#f-reference", "ED-2026-0117")
	w.Set("#f-result", "active")
	w.Set("#f-active_on", time.Now().In(eligibility.WIB).Format(time.DateOnly))
	w.stop("pendaftaran", phone)
	w.Submit("#compose form .btn")
	w.next("resolve")
	w.Click(`input[name="decision"][value="granted"]`)
	w.Type("#f-reason", "Syarat terpenuhi menurut KTP, KK, dan SKTM. Sudah didaftarkan di e-Dabu dan aktif hari ini.")
	w.stop("putusan", desktop)
	w.Submit("#compose form .btn")
	w.Submit(".nextact form button, #compose form .btn-primary") // close
	var done []string
	for _, word := range []string{"Slamet Riyadi", "ED-2026-0117", "Dikabulkan", "Selesai"} {
		if strings.Contains(w.Text("main"), word) {
			done = append(done, word)
		}
	}
	if len(done) != 4 {
		w.t.Errorf("the story shows only %q of:\n%s", done, w.Text("main"))
	}
	w.stop("aduan-selesai", desktop)
	w.Open(w.url + "/complaints?show=all")
	w.stop("daftar-aduan", phone)
}

// next opens the act that the page proposes, unless it stands open already.
func (w *walk) next(act string) {
	w.t.Helper()
	if w.Eval(fmt.Sprintf(`String(!!document.querySelector('#compose input[name="type"][value=%q]'))`, act)) != "true" {
		w.Submit(fmt.Sprintf(`.nextact a[href*="do=%s"]`, act))
	}
	w.Wait(fmt.Sprintf(`.compose:has(input[name="type"][value=%q])`, act))
}

// look is the rest of what a desk does: a family in one act, and the written rules.
func (w *walk) look(nik string) {
	w.t.Helper()
	w.Open(w.url + "/checks")
	w.stop("cek", phone)
	w.Type("#f-nik-nik", nik+kb.Enter)
	w.Wait(".verdict.eligible")
	w.Open(w.url + "/rules")
	w.stop("aturan", desktop)
}

// others are the pages of the administrator and the auditor.
func (w *walk) others() {
	w.t.Helper()
	w.signIn("admin")
	w.Open(w.url + "/staff")
	w.stop("pengguna", desktop)
	w.signOut()
	w.signIn("tono")
	w.Open(w.url + "/audit")
	w.stop("jejak", desktop)
}

// The windows in which the guide shows a page.
const (
	phone   = "hp"
	desktop = "layar"
)

// stop looks at the page in both windows and takes the pictures asked for.
func (w *walk) stop(name string, pictures ...string) {
	w.t.Helper()
	for _, look := range []struct {
		name string
		size testkit.Size
	}{{phone, testkit.Phone}, {desktop, testkit.Desktop}} {
		w.Resize(look.size)
		w.Axe()
		w.Fits()
		if slices.Contains(pictures, look.name) {
			w.shoot(name, look.name)
		}
	}
}

// What one picture of the guide may weigh, and where a long page is cut.
const (
	pictureLimit  = 120_000
	pictureHeight = 2100 // of a phone; two thirds of it on a desktop
)

func (w *walk) shoot(name, window string) {
	w.t.Helper()
	// As high as the page, so that what stays in place when scrolling stands once and whole.
	size := testkit.Phone
	if window == desktop {
		size = testkit.Desktop
	}
	height, err := strconv.Atoi(w.Eval(`document.activeElement.blur(), scrollTo(0, 0), String(document.documentElement.scrollHeight)`))
	if err != nil {
		w.t.Fatal(err)
	}
	w.Resize(testkit.Size{Width: size.Width, Height: max(height, size.Height)})
	file := filepath.Join(w.shots, name+"-"+window+".png")
	w.Shot(file)
	raw, err := os.ReadFile(file)
	if err != nil {
		w.t.Fatal(err)
	}
	small, err := fewColours(raw)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(small) > pictureLimit {
		w.t.Errorf("%s has %d bytes, at most %d are allowed", file, len(small), pictureLimit)
	}
	err = os.WriteFile(file, small, 0o644)
	if err != nil {
		w.t.Fatal(err)
	}
	w.Resize(size)
}

// fewColours writes a picture again with its 256 commonest colours, a page has few others, and cuts
// a long one.
func fewColours(raw []byte) ([]byte, error) {
	decoded, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	b := decoded.Bounds()
	b.Max.Y = min(b.Max.Y, pictureHeight)
	if b.Dx() > testkit.Phone.Width {
		b.Max.Y = min(b.Max.Y, pictureHeight*2/3)
	}
	from := image.NewRGBA(b)
	draw.Draw(from, b, decoded, b.Min, draw.Src)
	palette := commonest(from.Pix, 256)
	index := map[color.RGBA]uint8{}
	to := image.NewPaletted(b, palette)
	var last color.RGBA // most points are as their neighbour
	var n uint8
	for i := range to.Pix {
		c := colourAt(from.Pix, i)
		if c != last || i == 0 {
			known := false
			n, known = index[c]
			if !known {
				n = uint8(palette.Index(c))
				index[c] = n
			}
			last = c
		}
		to.Pix[i] = n
	}
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, to)
	return out.Bytes(), err
}

func colourAt(pix []byte, i int) color.RGBA {
	p := pix[4*i : 4*i+4]
	return color.RGBA{p[0], p[1], p[2], p[3]}
}

// commonest gives the colours that most points have, at most so many.
func commonest(pix []byte, most int) color.Palette {
	count := map[color.RGBA]int{}
	last, run := colourAt(pix, 0), 0
	for i := range len(pix) / 4 {
		c := colourAt(pix, i)
		if c != last {
			count[last] += run
			last, run = c, 0
		}
		run++
	}
	count[last] += run
	common := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		if d := count[b] - count[a]; d != 0 {
			return d
		}
		return (int(a.R)<<16 | int(a.G)<<8 | int(a.B)) - (int(b.R)<<16 | int(b.G)<<8 | int(b.B))
	})
	var palette color.Palette
	for _, c := range common[:min(most, len(common))] {
		palette = append(palette, c)
	}
	return palette
}
