package main

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"layak/eligibility"
	"layak/internal/testkit"
	"layak/policy"
)

// TestWalkOfTheStop is what goes wrong around rules, and how it is held up: a remark at a line, a moment that is
// past, a freeze, and the stop that one approver may pull alone, also in a freeze, which everybody then sees. Then
// what leaves the office and what comes in: a proof of one check, a bundle of rules and its signature.
func TestWalkOfTheStop(t *testing.T) {
	t.Parallel() // each has an office of its own
	h := &house{t: t, dir: t.TempDir()}
	h.db = "sqlite:" + h.path("demo.db")
	out, _ := h.start("--demo", "--demo-people", "300")
	waitFor(t, out, "Contoh NIK")
	w := &walk{testkit.StartBrowser(t).Page(t, testkit.Desktop), t, addressLine.FindStringSubmatch(out.String())[1], os.Getenv("LAYAK_SHOTS")}
	if w.shots == "" {
		w.shots = h.path("img")
	}
	nik := exampleNIK(t, out.String(), "layak, ")
	before := h.object("check", nik)["revision"]
	revision := h.object("policy", "propose", h.otherRules(), "--note", "Keterangan pada aturan diperjelas.")["proposal"].(map[string]any)["revision"].(string)
	proposal := w.url + "/rules/proposals/" + revision

	w.Open(w.url)
	w.signIn("bambang")
	w.remark(proposal)
	w.send(`form[action$="/approve"] .btn-primary`)
	w.Wait(`form[action$="/schedule"]`)
	w.Set("#f-when", "2020-01-01T08:00")
	w.send(`form[action$="/schedule"] .btn`)
	w.says("main", "Waktu mulai berlaku sudah lewat")
	w.freeze()
	w.Open(proposal)
	w.send(`form[action$="/activate"] .btn`)
	w.says("main", "Aturan dibekukan", "Pemilihan bupati")
	if got := h.object("check", nik)["revision"]; got != before {
		t.Errorf("in a freeze other rules came into force: %v", got)
	}
	w.Open(w.url + "/rules/revisions")
	w.Submit(`form[action$="/remove"] button`)
	w.Open(proposal)
	w.send(`form[action$="/activate"] .btn`)
	w.says(".head-line", "Berlaku")
	w.freeze()
	w.Eval(`document.querySelector('form[action="/rules/stop"]').closest("details").open = true;""`)
	w.Type("#stop-reason", "Semua pasien PBI ditolak sejak pagi")
	w.stop("aturan-hentikan", desktop)
	w.Submit(`form[action="/rules/stop"] .btn-danger`)
	w.says(".rule-notice", "dihentikan darurat", "Semua pasien PBI ditolak")
	if got := h.object("check", nik)["revision"]; got != before {
		t.Errorf("after the stop decided by %v, want %v", got, before)
	}
	w.signOut()

	w.signIn("rini")
	w.says(".rule-notice", "dihentikan darurat", "Semua pasien PBI ditolak")
	w.takeProof(nik)
	w.signOut()

	w.signIn("sari")
	w.Open(w.url + "/rules/revisions")
	if w.Eval(`String(!!document.querySelector('form[action="/rules/stop"], form[action="/rules/freezes"]'))`) != "false" {
		t.Error("who writes rules is offered to stop or freeze them")
	}
	w.bundles(h)
}

// otherRules is a folder with the shipped rules and one remark more.
func (h *house) otherRules() string {
	h.t.Helper()
	for name, text := range policy.Shipped().Files {
		if name == "need.rego" {
			text = append(bytes.Clone(text), "\n# Keterangan baru.\n"...)
		}
		path := filepath.Join(h.path("aturan"), name)
		err := os.MkdirAll(filepath.Dir(path), 0o750)
		if err == nil {
			err = os.WriteFile(path, text, 0o600)
		}
		if err != nil {
			h.t.Fatal(err)
		}
	}
	return h.path("aturan")
}

// remark clicks a line of the proposal and says something about it, which then stands there.
func (w *walk) remark(proposal string) {
	w.t.Helper()
	w.Open(proposal)
	w.Wait(".review .cm-merge-b .cm-changedLine")
	w.Click(".review .cm-merge-b .cm-changedLine")
	w.Wait("#remark-text")
	w.Type("#remark-text", "Kalimat ini sudah benar.")
	w.stop("aturan-komentar", desktop)
	w.Submit(`.review .cm-content form .btn-primary`)
	w.WaitUntil(`document.querySelector(".review .cm-content .remark") && document.querySelector(".review .cm-content .remark").textContent.includes("sudah benar")`)
	if !strings.Contains(w.URL(), "#remark-") {
		w.t.Errorf("after a remark at %s", w.URL())
	}
}

// send presses a button and waits for the next page, wherever the comparison above it has moved it.
func (w *walk) send(button string) {
	w.t.Helper()
	w.Wait(".review .cm-content")
	w.Eval(`window.sent = true; document.querySelector(` + quoted(button) + `).click(); ""`)
	w.WaitUntil(`!window.sent && document.readyState === "complete"`)
}

// freeze forbids other rules from today on.
func (w *walk) freeze() {
	w.t.Helper()
	today := time.Now().In(eligibility.WIB)
	w.Open(w.url + "/rules/revisions")
	w.Eval(`document.querySelector('form[action="/rules/freezes"]').closest("details").open = true;""`)
	w.Set("#f-from", today.Format(time.DateOnly))
	w.Set("#f-until", today.AddDate(0, 0, 10).Format(time.DateOnly))
	w.Type("#freeze-reason", "Pemilihan bupati")
	w.Submit(`form[action="/rules/freezes"] .btn`)
	w.says("main", "Pemilihan bupati")
}

// takeProof downloads the proof of a check; without a purpose there is none.
func (w *walk) takeProof(nik string) {
	w.t.Helper()
	w.Open(w.url + "/checks")
	w.Type("#f-nik-nik", nik+"\r")
	w.Wait(".verdict")
	w.Eval(`document.querySelector('form[action$="/proof"]').closest("details").open = true;""`)
	w.stop("hasil-bukti", phone)
	const send = `(async () => { const f = document.querySelector('form[action$="/proof"]'), body = new URLSearchParams(new FormData(f)); body.set("purpose", %q);
		const r = await fetch(f.action, {method: "POST", body}); const b = await r.arrayBuffer(); return r.status + " " + r.headers.get("Content-Type") + " " + (b.byteLength > 5000); })()`
	if got := w.promised(fmt.Sprintf(send, "sengketa biaya")); got != "200 application/gzip true" {
		w.t.Errorf("a proof: %s", got)
	}
	if got := w.promised(fmt.Sprintf(send, " ")); !strings.HasPrefix(got, "422 text/html") {
		w.t.Errorf("a proof without a purpose: %s", got)
	}
}

// promised waits for what a promise gives.
func (w *walk) promised(script string) string {
	w.t.Helper()
	w.Eval(`window.promised = ""; (` + script + `).then(x => { window.promised = x; }); ""`)
	w.WaitUntil(`window.promised`)
	return w.Eval(`window.promised`)
}

// bundles brings rules in from files: our own export, one of a stranger without and with his key, one that was
// tampered with, and one that holds a package of somebody else.
func (w *walk) bundles(h *house) {
	w.t.Helper()
	own := h.path("sini.tar.gz")
	signer, _ := h.object("policy", "export", "active", own)["signed_by"].(string)
	far := w.t.TempDir()
	there := &house{w.t, far, "sqlite:" + filepath.Join(far, "layak.db")}
	strange, key := there.path("sana.tar.gz"), there.path("kunci.pem")
	there.object("policy", "export", "active", strange)
	h.write(key, func(out io.Writer) error { _, err := io.WriteString(out, there.must("", "policy", "key")); return err })
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	forged := h.path("palsu.tar.gz")
	h.write(forged, func(out io.Writer) error {
		return policy.Shipped().WriteSignedTarGz(out, policy.SigningKey{ID: signer, Private: private})
	})
	guest := policy.Bundle{Files: maps.Clone(policy.Shipped().Files)}
	guest.Files["titipan.rego"] = []byte("package titipan.aturan\n\nboleh := true\n")
	foreign := h.path("titipan.tar.gz")
	h.write(foreign, func(out io.Writer) error { return bundleDesk{h.open()}.Sign(out, guest) })

	const draft = "main .head-line, main h1"
	w.bring(strange, "")
	w.says("main", "kunci yang tidak dikenal", ".pem")
	w.bring(forged, "")
	w.says("main", "tidak cocok")
	w.stop("aturan-bundel", desktop)
	w.bring(strange, strange)
	w.says("main", "bukan kunci umum")
	w.bring(strange, key)
	w.says(draft, "Dari berkas")
	w.bring(foreign, "")
	w.says(draft, "Dari berkas")
	w.says("main", "titipan.rego", "Yang perlu dibenahi")
	w.bring(own, "")
	w.says(draft, "Dari berkas")
	if got := w.promised(`fetch("/rules/revisions/1/bundle").then(r => r.status + " " + r.headers.get("Content-Disposition"))`); got != `200 attachment; filename="aturan-versi-1.tar.gz"` {
		w.t.Errorf("a bundle leaves as %s", got)
	}
	w.trust(h, there, strange, key)
}

// write makes a file.
func (h *house) write(path string, fill func(io.Writer) error) {
	h.t.Helper()
	var b bytes.Buffer
	err := fill(&b)
	if err == nil {
		err = os.WriteFile(path, b.Bytes(), 0o600)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// bring starts a draft from a bundle, with the key of its maker if there is one.
func (w *walk) bring(bundle, key string) {
	w.t.Helper()
	w.Open(w.url + "/rules/drafts")
	w.Type("#f-name", "Dari berkas")
	w.Set("#f-from", "file")
	w.Type("#f-file", bundle)
	if key != "" {
		w.Type("#f-key", key)
	}
	w.Submit(`form[action="/rules/drafts"] .btn-primary`)
	w.tested()
}
