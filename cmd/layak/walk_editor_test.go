package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"layak/internal/testkit"
)

// ownerRule is a new cause of refusal as an officer writes it, with a slip in the name of a field.
const ownerRule = `# Keluarga dalam desil teratas.
package layak.eligibility

# METADATA
# title: Tidak termasuk desil teratas
# custom:
#   code: top_desil
#   order: 590
#   article: Pertimbangan program
#   effective_from: "2026-01-01"
#   remedy: Minta verifikasi lapangan ke kelurahan bila desil tidak sesuai keadaan.
#   document: sktm
findings contains {"code": "top_desil", "verdict": "not_met", "seen": desil_seen, "limit": "desil 9 atau kurang", "source": welfare_source} if {
	need_counts
	input.welfare.dessil > 9
}
`

// ownerTests are its two cases: one that it refuses, one that it lets pass.
const ownerTests = `# Uji untuk owner.rego.
package layak.eligibility_test

test_top_desil_is_refused if {
	d := decide({"welfare": {"source": "registry", "as_of": "2026-10-01", "desil": 10}})
	verdict("top_desil", d) == {"not_met"}
}

test_desil_nine_is_not_refused_as_top if {
	d := decide({"welfare": {"source": "registry", "as_of": "2026-10-01", "desil": 9}})
	verdict("top_desil", d) == set()
}
`

// TestWalkOfTheEditor is an officer who writes a new cause of refusal: the slip is marked at its line, she
// mends it, the panel says that the cause lacks its cases, she adds both, tries the rules on test people,
// reads why, and counts what changes for everybody.
func TestWalkOfTheEditor(t *testing.T) {
	t.Parallel() // each has an office of its own
	h := &house{t: t, dir: t.TempDir()}
	h.db = "sqlite:" + h.path("demo.db")
	out, _ := h.start("--demo", "--demo-people", "600")
	waitFor(t, out, "Contoh NIK")
	w := &walk{testkit.StartBrowser(t).Page(t, testkit.Desktop), t, addressLine.FindStringSubmatch(out.String())[1], os.Getenv("LAYAK_SHOTS")}
	if w.shots == "" {
		w.shots = h.path("img")
	}
	w.Open(w.url)
	w.signIn("sari")
	w.Open(w.url + "/rules/drafts")
	w.Type("#f-name", "Desil teratas tidak dijamin")
	w.Submit(`form[action="/rules/drafts"] .btn-primary`)
	w.Wait("#p-max_desil")
	draft := strings.SplitN(w.URL(), "?", 2)[0]
	w.Open(draft + "/edit")
	w.addFile("owner.rego")
	w.write(ownerRule)
	w.Wait(".cm-lintRange-error")
	w.WaitForWork(`document.querySelector("#problems .where") && document.querySelector("#problems .where").textContent === "owner.rego:15"`)
	w.stop("aturan-salah", desktop)
	w.write(strings.Replace(ownerRule, "input.welfare.dessil", "desil", 1))
	w.WaitForWork(`document.querySelector("#problems .warning") && !document.querySelector("#problems .error")`)
	w.WaitUntil(`document.getElementById("save-state").dataset.kind === "saved"`)
	w.runTests()
	w.says("#tests .missing", "Tidak termasuk desil teratas")

	w.addFile("owner_test.rego")
	w.write(ownerTests)
	w.WaitUntil(`document.getElementById("save-state").dataset.kind === "saved"`)
	w.runTests()
	w.Wait("#tests-said .grn")
	w.WaitForWork(`!document.querySelector("#tests .missing")`)
	w.Open(draft + "/edit?file=owner.rego")
	w.Wait(".cm-content")
	w.runTests()
	w.WaitForWork(`document.querySelector(".cm-cover-yes")`)
	w.stop("aturan-uji", desktop)

	w.Open(draft + "/edit/people")
	w.Wait(".trial-list")
	w.says("#people-rows", "Bu Sumiati, desil 2")
	w.stop("aturan-orang-uji", phone)
	w.Open(draft + "/edit/people/desil-6")
	w.Wait(".trace")
	w.says("main", "Bu Lastri")
	w.stop("aturan-mengapa", desktop)
	w.Open(draft + "/impact")
	w.Submit(`form[action$="/impact"] button`)
	w.WaitForWork(`document.querySelector("#sum-title")`)
}

// addFile adds an empty file to the draft and waits for the editor to open it.
func (w *walk) addFile(name string) {
	w.t.Helper()
	w.Wait(".cm-content")
	w.Eval(`document.querySelector(".files details").open = true;""`)
	w.Type("#f-path", name)
	w.Submit(`form[action$="/edit/files"] .btn`)
	w.WaitUntil(`document.getElementById("editor") && document.getElementById("editor").dataset.file === "` + name + `" && document.getElementById("editor").editorView`)
}

// runTests runs the tests of the draft and waits for what they said; on a machine that has too much to do
// they may be cut off, and are run again.
func (w *walk) runTests() {
	w.t.Helper()
	for range 6 { // a machine that is busy with other walks may say so
		w.Eval(`document.getElementById("tests").dataset.old = "1";""`)
		w.press("[data-run-tests]") // not by its place, which moves as the page around it is redrawn
		for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
			if w.Eval(`String(!document.getElementById("tests")?.dataset.old)`) == "true" {
				break
			}
		}
		if w.Eval(`String(!!document.getElementById("tests-said") && !document.getElementById("tests").dataset.old)`) == "true" {
			return
		}
	}
	w.t.Fatalf("the tests were not run: %s", w.Text("#tests"))
}

// write puts a text in the place of what the editor holds, as one paste does.
func (w *walk) write(text string) {
	w.t.Helper()
	w.Eval(fmt.Sprintf(`(() => { const v = document.getElementById("editor").editorView; v.focus(); v.dispatch({changes: {from: 0, to: v.state.doc.length, insert: %q}, userEvent: "input.paste"}); return ""; })()`, text))
}
