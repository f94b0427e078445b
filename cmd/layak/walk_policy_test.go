package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"layak/internal/testkit"
)

// TestWalkOfRules is the life of a change: an officer raises the limit of the desil by the form, sees
// tests and impact and proposes; she cannot approve. Somebody else reads the comparison and the impact,
// approves, and brings it into force; a check before and after names two versions; and the way back.
// The pictures of the guide are taken here, as those of TestWalkThrough.
func TestWalkOfRules(t *testing.T) {
	t.Parallel() // each has an office of its own
	h := &house{t: t, dir: t.TempDir()}
	h.db = "sqlite:" + h.path("demo.db")
	out, _ := h.start("--demo", "--demo-people", "1500")
	waitFor(t, out, "Contoh NIK")
	w := &walk{testkit.StartBrowser(t).Page(t, testkit.Desktop), t, addressLine.FindStringSubmatch(out.String())[1], os.Getenv("LAYAK_SHOTS")}
	if w.shots == "" {
		w.shots = h.path("img")
	}
	nik := exampleNIK(t, out.String(), "layak, ")
	before := h.object("check", nik)["revision"]

	w.Open(w.url)
	w.signIn("sari")
	proposal := w.raiseLimit()
	w.Open(w.url + proposal)
	if strings.Contains(w.Text("main"), "Berlakukan") || w.Eval(`String(!!document.querySelector('form[action$="/approve"]'))`) != "false" {
		t.Error("the author is offered to approve")
	}
	w.signOut()

	w.signIn("bambang")
	w.bringIntoForce(proposal)
	after := h.object("check", nik)["revision"]
	if after == before || !strings.HasSuffix(proposal, after.(string)) {
		t.Errorf("decided by %v before and %v after", before, after)
	}
	w.goBack()
	if again := h.object("check", nik)["revision"]; again != before {
		t.Errorf("after the way back decided by %v, want %v", again, before)
	}
	if report := h.object("audit", "verify"); len(report["problems"].([]any)) != 0 {
		t.Errorf("trail: %v", report["problems"])
	}
}

// raiseLimit writes a new limit into a draft, counts what it changes, and proposes it. It gives the
// address of the proposal.
func (w *walk) raiseLimit() string {
	w.t.Helper()
	w.Open(w.url + "/rules")
	w.follow(`main a[href="/rules/drafts"]`)
	w.Type("#f-name", "Batas desil naik menjadi 7")
	w.stop("aturan-meja", desktop)
	w.Submit(`form[action="/rules/drafts"] .btn-primary`)
	w.Wait("#p-max_desil")
	draft := strings.SplitN(w.URL(), "?", 2)[0]
	w.Eval(`document.querySelector("#p-max_desil details").open = true;""`)
	w.Set(`#v-max_desil-value`, "7")
	w.Set(`#d-max_desil`, fmt.Sprintf("%d-01-01", time.Now().Year()+1)) // as such decisions do
	w.Type(`#s-max_desil`, "SK Bupati 188/XII/2026")
	w.stop("aturan-angka", phone)
	w.Submit("#p-max_desil form .btn")
	w.Wait("#p-max_desil .pill")
	w.tested()
	w.says("main", "data.json", "Dampaknya belum dihitung")
	w.Open(draft + "/impact")
	w.Submit(`form[action$="/impact"] button`)
	w.WaitForWork(`document.querySelector("#sum-title")`)
	w.stop("aturan-dampak", desktop)
	w.Open(draft)
	w.tested()
	w.Wait("#f-note")
	w.Type("#f-note", "Batas desil naik dari 5 ke 7 sesuai SK Bupati 188/XII/2026.")
	if w.Eval(`String(!!document.querySelector("#f-confirm"))`) == "true" { // a large share of the training people
		number := w.Eval(`document.querySelector("#propose-title").closest("section").querySelector(".alert").textContent.match(/[\d.]+ (orang|penduduk)/)[0].replace(/\D/g, "")`)
		w.Type("#f-confirm", number)
	}
	w.stop("aturan-konsep", desktop)
	w.Submit(`form[action$="/propose"] .btn-primary`)
	w.Wait(".review .cm-content")
	w.stop("aturan-usulan", desktop)
	return strings.TrimPrefix(w.URL(), w.url)
}

// bringIntoForce reads, remarks, approves, and lets the clock activate.
func (w *walk) bringIntoForce(proposal string) {
	w.t.Helper()
	w.Open(w.url + "/rules/drafts")
	w.follow(`main a[href^="/rules/proposals/"]`)
	w.says("main", "SK Bupati", "data.json")
	w.Eval(`document.querySelector('form[action$="/comments"]').closest("details").open = true;""`)
	w.Type(`form[action$="/comments"] textarea`, "Dasar hukumnya sudah saya baca.")
	w.Submit(`form[action$="/comments"] .btn`)
	w.Wait(".remark")
	w.Submit(`form[action$="/approve"] .btn-primary`)
	w.Wait(`form[action$="/schedule"]`)
	when := time.Now().Add(time.Minute).In(time.FixedZone("WIB", 7*3600))
	w.Set("#f-when", when.Format("2006-01-02T15:04"))
	w.stop("aturan-setuju", phone)
	if when.Truncate(time.Minute).Before(time.Now()) { // the minute had begun: it would be the past
		w.Set("#f-when", when.Add(time.Minute).Format("2006-01-02T15:04"))
	}
	w.Submit(`form[action$="/schedule"] .btn`)
	for range 150 { // asked for without drawing the page, which others need the processor for
		page := w.promised(`fetch(location.href).then(r => r.text())`)
		_, head, _ := strings.Cut(page, `class="head-line"`)
		head, _, _ = strings.Cut(head, "</div>")
		if strings.Contains(head, "Berlaku") {
			w.Open(w.url + proposal)
			w.says(".head-line", "Berlaku")
			return
		}
		time.Sleep(time.Second)
	}
	w.t.Fatalf("the rules did not come into force: %s", w.Text("main"))
}

// goBack counts what the old version would change, and brings it into force again.
func (w *walk) goBack() {
	w.t.Helper()
	w.Open(w.url + "/rules/revisions")
	old := w.Eval(`document.querySelector('#r-1 a[href$="/impact"]').getAttribute("href")`)
	w.Open(w.url + old)
	w.Submit(`form[action$="/impact"] button`)
	w.WaitForWork(`document.querySelector("#sum-title")`)
	w.Open(w.url + "/rules/revisions")
	w.Eval(`document.querySelector("#r-1 details").open = true;""`)
	w.Type("#b-1", "SK dicabut")
	w.stop("aturan-riwayat", desktop)
	w.Submit(`#r-1 form .btn-primary`)
	w.Wait("#notice .alert")
	w.says("#r-1", "Berlaku")
}
