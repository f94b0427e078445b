package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"layak/policy"
)

// trust is how an approver comes to trust the key of another office: what the file bears is held against what
// its owner read out by telephone. From then on bundles of that office come in without their key; when the key is
// taken off the list again they do not. Sari is signed in before and afterwards.
func (w *walk) trust(h, there *house, bundle, key string) {
	w.t.Helper()
	pem, err := os.ReadFile(key)
	if err != nil {
		w.t.Fatal(err)
	}
	mark := policy.PublicKey{PEM: string(pem)}.Fingerprint()
	w.Open(w.url + "/rules/signers")
	if w.Eval(`String(!!document.querySelector('main form[method="post"]'))`) != "false" {
		w.t.Error("who writes rules is offered to trust keys")
	}
	own := h.path("kunci-sini.pem")
	h.write(own, func(out io.Writer) error { _, err := io.WriteString(out, h.must("", "policy", "key")); return err })
	sent := w.promised(`fetch("/rules/signers/own").then(r => r.text())`)
	if kept, err := os.ReadFile(own); err != nil || strings.TrimSpace(string(kept)) != strings.TrimSpace(sent) {
		w.t.Errorf("the page sends another key than the command line prints: %q", sent)
	}
	w.signOut()

	w.signIn("bambang")
	w.Open(w.url + "/rules/signers")
	w.says("main", "Belum ada kunci kantor lain")
	add := func(told string) {
		w.Type("#f-name", "Dinas Kesehatan Banyuwangi")
		w.Type("#f-key", key)
		w.Type("#f-told", told)
		w.Submit(`form[action="/rules/signers"] .btn-primary`)
	}
	add("0000 0000 0000 0000")
	w.says("main", "Sidik jari berkas ini lain")
	w.Set("#f-name", "")
	w.Set("#f-told", "")
	add(mark[:4] + " " + mark[4:8] + " " + mark[8:12] + " " + mark[12:16])
	w.says("main", "Kunci dipercaya", "Dinas Kesehatan Banyuwangi", mark[:4]+" "+mark[4:8])
	w.stop("aturan-kunci", desktop)
	w.signOut()

	w.signIn("sari")
	w.bring(bundle, "")
	w.says("main .head-line", "Dari berkas")
	again := filepath.Join(there.dir, "lagi.tar.gz")
	there.object("policy", "export", "active", again)
	if got := h.object("policy", "import", again)["signed_by"]; got != "Dinas Kesehatan Banyuwangi" {
		w.t.Errorf("on the command line the bundle is signed by %v", got)
	}
	w.signOut()

	w.signIn("bambang")
	w.Open(w.url + "/rules/signers")
	w.Eval(`document.querySelector('form[action$="/remove"]').closest("details").open = true;""`)
	w.Submit(`form[action$="/remove"] .btn-danger`)
	w.says("main", "Kunci dicabut", "Belum ada kunci kantor lain")
	w.signOut()
	w.signIn("sari")
	w.bring(bundle, "")
	w.says("main", "kunci yang tidak dikenal")
	out := h.must("", "audit", "verify")
	if strings.Contains(out, "rusak") {
		w.t.Error(out)
	}
}

// tested waits until the page of a draft knows how it stands; on a busy machine that part comes later.
func (w *walk) tested() {
	w.t.Helper()
	w.WaitForWork(`!document.querySelector("#standing[hx-get]")`)
}
