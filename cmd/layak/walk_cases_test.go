package main

import (
	"os"
	"strings"
	"testing"
	"time"

	"layak/internal/testkit"
)

// TestWalkOfCases is a day of a clerk and of a supervisor on the training data: why a deadline is
// what it is, an answer from a prepared text, what is asked again after new data; the queue of the
// whole regency, a late case moved, three reports of one thing merged, the figures and the settings.
// The pictures of these chapters of the guide are taken here, as those of TestWalkThrough.
func TestWalkOfCases(t *testing.T) {
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
	w.signIn("dewi")
	w.clerk()
	w.signOut()
	w.signIn("yuni")
	w.supervisor()
	if report := h.object("audit", "verify"); len(report["problems"].([]any)) != 0 {
		t.Errorf("trail: %v", report["problems"])
	}
}

// follow opens the address of a link on the page.
func (w *walk) follow(selector string) {
	w.t.Helper()
	w.Wait(selector)
	w.Open(w.Eval(`document.querySelector(` + quoted(selector) + `).href`))
}

// press clicks without asking where the button stands on the screen.
func (w *walk) press(selector string) {
	w.t.Helper()
	w.Wait(selector)
	w.Eval(`document.querySelector(` + quoted(selector) + `).click();""`)
}

func quoted(s string) string { return "`" + s + "`" }

func (w *walk) clerk() {
	w.t.Helper()
	w.Open(w.url + "/")
	w.stop("antrean-petugas", phone)
	w.press(".chip.red")
	w.follow(`.ticklist a[href^="/complaints/3509-"]`)
	w.follow(`a[href*="/clocks/"]`)
	if !strings.Contains(w.Text("main"), "Di luar jam kerja") {
		w.t.Errorf("the deadline does not say what was skipped: %s", w.Text("main"))
	}
	w.stop("tenggat", phone)
	for range 60 { // the service checks again behind the page
		w.Open(w.url + "/rechecks")
		if strings.Contains(w.Text("main"), "DTSEN") && w.Eval(`String(!!document.querySelector('main a[href^="/rechecks/"]'))`) == "true" {
			break
		}
		time.Sleep(500 * time.Millisecond)
	}
	w.stop("cek-ulang", phone)
	w.follow(`main a[href^="/rechecks/"]`)
	w.stop("cek-ulang-satu", phone)
	w.Submit("main .btn-primary")
	w.follow("#compose .drafts a.btn")
	if !strings.Contains(w.Eval(`document.querySelector("#f-text").value`), "3509-") {
		w.t.Error("the prepared answer is not filled in from the case")
	}
	w.stop("jawab", desktop)
}

func (w *walk) supervisor() {
	w.t.Helper()
	w.Open(w.url + "/")
	w.stop("antrean-pengawas", desktop)
	w.press(".chip.red")
	w.press(".move .btn")
	w.Wait(".moveform select")
	w.stop("pindahkan", desktop)
	w.Set(".moveform select", "KEC-LATIHAN")
	w.press(".moveform .btn-primary")
	w.WaitUntil(`document.querySelector("#notice")?.textContent.includes("ditugaskan")`)

	w.Open(w.url + "/complaints")
	w.Eval(`for (const row of document.querySelectorAll(".ticklist > *")) if (row.textContent.includes("Ditolak faskes ·")) row.querySelector("input")?.click(); ""`)
	w.WaitUntil(`getComputedStyle(document.querySelector(".bulkbar")).display === "flex"`)
	w.press(`.bulkbar [value="merge"]`)
	w.Wait(`input[name="into"]:checked`)
	w.stop("gabung", desktop)
	w.press("main form .btn-primary")
	w.Wait(".pill.blu")

	for _, page := range []struct{ path, name, window string }{
		{"/reports", "laporan", desktop}, {"/worklists", "daftar-kerja", desktop}, {"/settings/hours/KEL-LATIHAN", "jam-kerja", desktop},
		{"/settings/holidays", "hari-libur", phone}, {"/settings/replies", "teks-jawaban", phone},
	} {
		w.Open(w.url + page.path)
		w.stop(page.name, page.window)
	}
}
