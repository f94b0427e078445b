package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/area"
	"layak/internal/testkit"
)

// movedWoman is the pregnant woman of this walk as the pages call her.
const movedWoman = "FITRI HANDAYANI"

// TestWalkOfMovedCard is the story of Puger by clicks. A family card has changed, the data do not
// know it, a woman in labour is charged. The desk reads which data are behind and which office mends
// them, keeps the refusal in a case, the data officer loads the next list, the service checks again
// by itself, and the desk finds her with the reason of the change and answers from a prepared text.
func TestWalkOfMovedCard(t *testing.T) {
	t.Parallel() // each has an office of its own
	h := &house{t: t, dir: t.TempDir()}
	h.db = "sqlite:" + h.path("demo.db")
	out, _ := h.start("--demo", "--demo-people", "1500")
	waitFor(t, out, "Contoh NIK")
	w := &walk{testkit.StartBrowser(t).Page(t, testkit.Desktop), t, addressLine.FindStringSubmatch(out.String())[1], os.Getenv("LAYAK_SHOTS")}
	if w.shots == "" {
		w.shots = h.path("img")
	}
	m := newMovedCard(t, h)
	m.dataBehind()
	w.Open(w.url)
	w.signIn("dewi")
	w.readWhy(m)
	ticket := w.keepRefusal()
	w.signOut()
	w.loadNext(m)
	w.signOut()
	w.signIn("dewi")
	w.findAgain(m, ticket)
	w.answerFrom(ticket)
	if report := h.object("audit", "verify"); len(report["problems"].([]any)) != 0 {
		t.Errorf("trail: %v", report["problems"])
	}
}

// movedCard is what the offices know of her, before and after.
type movedCard struct {
	*house
	village area.Area // of the desk, where she lives now
	before  area.Area // in another regency, where the data have her
	today   eligibility.Date
}

func newMovedCard(t *testing.T, h *house) *movedCard {
	t.Helper()
	p := h.open()
	far := area.Children("35.10")
	return &movedCard{h, area.Children(p.demoDistrict())[0], area.Children(far[0].Code)[0], eligibility.DateOf(p.Clock().In(eligibility.WIB))}
}

func (m *movedCard) day(back int) string {
	return m.today.Time().AddDate(0, 0, -back).Format(time.DateOnly)
}

func (m *movedCard) row(nik, kk, name, sex, born, relation string, village area.Area) []string {
	return []string{nik, kk, name, sex, born, relation, string(village.Code), string(village.Code.Parent()), string(village.Code.Parent().Parent()), "35", "HIDUP"}
}

// sheet writes a workbook and gives its path.
func (m *movedCard) sheet(name string, header []string, rows ...[]string) string {
	m.t.Helper()
	var b bytes.Buffer
	err := importers.WriteTable(&b, "Data", header, rows)
	if err != nil {
		m.t.Fatal(err)
	}
	path := m.path(name)
	err = os.WriteFile(path, b.Bytes(), 0o600)
	if err != nil {
		m.t.Fatal(err)
	}
	return path
}

// dataBehind is what the office had before she married: her father's card in the other regency.
func (m *movedCard) dataBehind() {
	m.t.Helper()
	m.object("import", "residents", m.sheet("penduduk-lama.xlsx", residentHeader,
		m.row(string(kkNIK), oldCard, movedWoman, "P", "15-08-1998", "ANAK", m.before),
		m.row(otherHead, newCard, "BAGUS SANTOSO", "L", "12-03-1995", "KEPALA KELUARGA", m.village)), "--as-of", m.day(6))
	m.object("import", "welfare", m.sheet("desil.xlsx", []string{"NIK", "DESIL"}, []string{string(kkNIK), "2"}, []string{otherHead, "2"}), "--as-of", m.day(6))
}

// dataCaughtUp is the next list of Dukcapil, with her on the card of her husband.
func (m *movedCard) dataCaughtUp() string {
	return m.sheet("penduduk-perubahan-kk.xlsx", residentHeader,
		m.row(string(kkNIK), newCard, movedWoman, "P", "15-08-1998", "ISTRI", m.village))
}

// readWhy is the desk with her new KTP in hand: the page names the data, their age and the office.
func (w *walk) readWhy(m *movedCard) {
	w.t.Helper()
	w.Open(w.url + "/checks")
	w.Set(`form:has(#f-nik-nik) [name="need"]`, "delivery")
	w.Type("#f-nik-nik", string(kkNIK)+kb.Enter)
	w.Wait(".verdict.not_eligible")
	w.says("#answer", "Kabupaten Banyuwangi", "Dukcapil, "+m.asOf(6), "urus KK baru di Dukcapil")
	w.stop("kk-tanpa-berkas")
	before := w.URL()
	w.Click("#paper-ktp")
	w.WaitUntil(fmt.Sprintf(`location.href !== %q && document.querySelector("#paper-ktp").checked && !document.querySelector(".htmx-settling, .htmx-added")`, before))
	w.Eval(`document.querySelector("#fields").open = true; ""`)
	w.Set(`#fields [name="village"]`, string(m.village.Code))
	w.Set(`#fields [name="class3"]`, "yes")
	w.press("#fields .btn-primary")
	w.Wait(".verdict.needs_information")
	w.Eval(`for (const d of document.querySelectorAll(".why .unknown details")) d.open = true; document.querySelector("#fields").open = false; ""`)
	w.says("#answer", "Data kependudukan masih mencatat Kabupaten Banyuwangi, KTP atau KK yang dilihat Kabupaten Jember",
		"Dukcapil, "+m.asOf(6), "tanyakan status warga kepada Dukcapil")
	w.stop("kk-data-lama", desktop)
}

func (m *movedCard) asOf(back int) string { return eligibility.Date(m.day(back)).Words() }

// says fails when a part of the page does not hold the words.
func (w *walk) says(selector string, words ...string) {
	w.t.Helper()
	text := w.Text(selector)
	for _, want := range words {
		if !strings.Contains(text, want) {
			w.t.Errorf("%s does not say %q:\n%s", w.URL(), want, text)
		}
	}
}

// keepRefusal makes the case, and asks Dukcapil to act.
func (w *walk) keepRefusal() (ticket string) {
	w.t.Helper()
	w.Submit(`.acts a[href*="/complaints/new?check="]:not([href*="do="])`)
	w.Type("#f-text", "Istri saya hamil dan ditagih rumah sakit karena KK baru belum terbaca.")
	w.Set("#f-matter", "charge")
	w.Set("#f-channel", "whatsapp")
	w.Type("#f-reporter_name", "Bagus Santoso")
	w.Type("#f-reporter_phone", "081200000001")
	w.Set("#f-reporter_relation", "family")
	w.Submit(`form.filing .btn-primary`)
	w.Wait("#ticket")
	ticket = w.Text("#ticket")
	w.Submit(".nextact form button") // verify
	w.says(".story", "Perlu dilengkapi: minta KK terbaru dan tanyakan status warga kepada Dukcapil.")
	w.Open(w.url + "/complaints/" + ticket + "?do=task")
	w.stop("kk-tugas")
	w.Type("#f-act", "Kirim KK baru ibu hamil ini ke data BPJS")
	w.press(`input[name="units"][value="DUKCAPIL"]`)
	w.Submit("#compose form button.btn")
	w.says(".story", "Dinas Dukcapil Latihan: Kirim KK baru ibu hamil ini ke data BPJS")
	w.stop("kk-aduan", phone)
	return ticket
}

// loadNext is the data officer with the next list.
func (w *walk) loadNext(m *movedCard) {
	w.t.Helper()
	w.signIn("admin")
	w.Open(w.url + "/imports")
	w.Set("#f-as_of", m.day(1))
	w.Type("#f-file", m.dataCaughtUp())
	w.Submit(`form[action="/imports/uploads"] button`)
	w.Wait(`form[action$="/preview"]`)
	w.stop("kk-impor-kolom")
	w.Submit(`form[action$="/preview"] button`)
	w.Wait(`form[action$="/publish"]`)
	w.stop("kk-impor")
	w.Submit(`form[action$="/publish"] button`)
	w.WaitUntil(`document.querySelector('form[action$="/rollback"]')`)
	w.stop("kk-terbit")
}

// findAgain waits until she stands on the list of the desk, and opens her.
func (w *walk) findAgain(m *movedCard, ticket string) {
	w.t.Helper()
	row := `[...document.querySelectorAll('main a[href^="/rechecks/"]')].find(a => a.textContent.includes("` + ticket + `"))`
	for end := time.Now().Add(time.Minute); ; time.Sleep(500 * time.Millisecond) {
		w.Open(w.url + "/rechecks")
		if w.Eval(`String(!!`+row+`)`) == "true" {
			break
		}
		if time.Now().After(end) {
			w.t.Fatalf("she is not on the list:\n%s", w.Text("main"))
		}
	}
	why := "Data Dukcapil per " + m.asOf(1) + " kini mencatat warga ini pindah ke sini."
	w.says("main", why, "FITRI H•••••", kkNIK.Masked())
	if text := w.Text("main"); strings.Contains(text, "HANDAYANI") || strings.Contains(text, string(kkNIK)) {
		w.t.Error("the list shows the whole name or NIK")
	}
	w.stop("kk-daftar", phone)
	w.Open(w.Eval(row + `.href`))
	w.says("main", why, "Yang tidak lagi menghalangi", "Data kependudukan masih mencatat Kabupaten Banyuwangi")
	w.stop("kk-berubah", phone)
}

// answerFrom opens the case with the new answer and sends the text that was prepared; then nobody
// has to ask for her again.
func (w *walk) answerFrom(ticket string) {
	w.t.Helper()
	w.Submit("main .btn-primary")
	w.says(".story", "Layak. Dapat didaftarkan hari ini.")
	w.follow("#compose .drafts a.btn")
	if text := w.Eval(`document.querySelector("#f-text").value`); !strings.Contains(text, "menurut data, syarat terpenuhi") || !strings.Contains(text, ticket) {
		w.t.Errorf("the prepared text is not about her: %s", text)
	}
	w.stop("kk-jawab", desktop)
	w.press(`input[name="send"][value="spoken"]`)
	w.Submit("#compose form button.btn")
	w.says(".story", "Jawaban ke warga", "menurut data, syarat terpenuhi")
	w.stop("kk-dijawab")
	for end := time.Now().Add(time.Minute); ; time.Sleep(500 * time.Millisecond) {
		w.Open(w.url + "/rechecks")
		if !strings.Contains(w.Text("main"), ticket) {
			return
		}
		if time.Now().After(end) {
			w.t.Fatal("she was answered and is still on the list")
		}
	}
}
