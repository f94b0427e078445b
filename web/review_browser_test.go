package web

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"layak/internal/testkit"
)

// TestReviewInTheBrowser is how an approver reads a proposal: both texts side by side on a desk, one below the
// other on a phone, remarks at their lines, and a new one by a click or by the keyboard alone.
func TestReviewInTheBrowser(t *testing.T) {
	d := newDesk(t, Services{})
	p := testkit.StartBrowser(t).Page(t, testkit.Desktop)
	shot := func(name string) {
		if shots := os.Getenv("LAYAK_SHOTS"); shots != "" {
			p.Shot(filepath.Join(shots, "review-"+name+".png"))
		}
	}
	// Every number stands beside its line, also where nobody has scrolled to: remarks go by it.
	const numbered = `[...document.querySelectorAll(".review .cm-editor")].every(view => {
		const lines = [...view.querySelectorAll(".cm-line")];
		const numbers = [...view.querySelectorAll(".cm-lineNumbers .cm-gutterElement")].filter(g => g.textContent && g.style.visibility !== "hidden");
		return lines.length > 1 && lines.length === numbers.length && lines.every((line, i) => Math.abs(line.getBoundingClientRect().top - numbers[i].getBoundingClientRect().top) < 1); })`
	const host = `document.querySelector('.review[data-name="need.rego"]')`
	p.Open(d.url + "/gallery/proposal")
	p.WaitUntil(host + `.querySelectorAll(".cm-content").length === 2`)
	p.WaitUntil(host + `.querySelectorAll(".cm-merge-b .remark").length === 2`)
	if got := p.Eval(`getComputedStyle(` + host + `.querySelector(".cm-gutters")).borderRightStyle + getComputedStyle(` + host + `.querySelector(".rulediff")).display`); got != "solidnone" {
		t.Errorf("the comparison has no styles of its own, or the table is shown as well: %q", got)
	}
	// Lines that did not change stand side by side although a remark of several lines is above them.
	top := func(side, text string) string {
		return p.Eval(`String([...` + host + `.querySelectorAll(".cm-merge-` + side + ` .cm-line")].filter(l => l.textContent.includes("` + text + `")).map(l => Math.round(l.getBoundingClientRect().top))[0])`)
	}
	p.WaitUntil(`[..."ab"].map(s => Math.round([...` + host + `.querySelectorAll(".cm-merge-" + s + " .cm-line")].filter(l => l.textContent.startsWith("need_counts")).map(l => l.getBoundingClientRect().top)[0])).every((y, i, all) => Math.abs(y - all[0]) < 2)`)
	if a, b := top("a", "need_counts"), top("b", "need_counts"); a != b {
		t.Errorf("the same line stands at %s and at %s", a, b)
	}
	p.WaitUntil(numbered)
	p.Axe()
	p.Fits()
	shot("desk")

	// Equal lines that are folded open by the keyboard, on both sides, and that is said aloud.
	const folds = host + `.querySelectorAll(".cm-collapsedLines").length`
	if got := p.Eval(`(() => { const f = ` + host + `.querySelector(".cm-merge-b .cm-collapsedLines"); f.focus(); return document.activeElement === f ? f.getAttribute("role") + f.tabIndex + f.getAttribute("aria-label") : "lost"; })()`); !strings.HasPrefix(got, "button0") || !strings.HasSuffix(got, " baris sama, tampilkan") {
		t.Errorf("a folded stretch is %q", got)
	}
	p.Eval(`window.said = ""; new MutationObserver(() => { window.said += ` + host + `.querySelector(".cm-merge-b .cm-announced").textContent; }).observe(` + host + `, {subtree: true, childList: true}); ""`)
	p.Press(kb.Enter)
	p.WaitUntil(folds + ` === 0`)
	p.WaitUntil(`/Ditampilkan: \d+ baris sama/.test(window.said)`) // it is gone again after a moment
	if got := p.Eval(`String(` + host + `.querySelector(".cm-merge-b .cm-content") === document.activeElement)`); got != "true" {
		t.Error("after opening the fold the focus is lost")
	}
	if got := p.Eval(`String(document.querySelector("#remark-text"))`); got != "null" {
		t.Error("Enter on a fold opened a remark as well")
	}
	p.Open(d.url + "/gallery/proposal")
	p.WaitUntil(host + `.querySelectorAll(".cm-merge-b .remark").length === 2`)

	before, _, _ := strings.Cut(string(sampleDraft().Files["need.rego"]), "max_dessil")
	line := 1 + strings.Count(before, "\n") // of what the draft changes
	p.Click(`.review[data-name="need.rego"] .cm-merge-b .cm-changedLine`)
	p.Wait("#remark-text")
	if got := p.Eval(`document.activeElement.id + document.querySelector("#remark-text").form.elements.path.value + document.querySelector("#remark-text").form.elements.line.value`); got != fmt.Sprint("remark-textneed.rego", line) {
		t.Errorf("a click opens %q", got)
	}
	p.Axe()
	shot("click")
	p.Click("#remark-text") // a picture of the whole page moves what is in view
	p.Press("Sudah dibaca" + kb.Escape)
	p.WaitUntil(`!document.querySelector("#remark-text")`)
	if got := p.Eval(`String(` + host + `.querySelector(".cm-merge-b .cm-content") === document.activeElement)`); got != "true" {
		t.Error("after Escape the focus is lost")
	}
	p.Press(kb.ArrowDown + kb.Enter)
	p.Wait("#remark-text")
	if got := p.Eval(`document.querySelector("#remark-text").form.elements.line.value`); got != strconv.Itoa(line+1) {
		t.Errorf("Enter opens the form at line %s", got)
	}
	if strings.Contains(p.Eval(host+`.reviewView.state.doc.toString()`), "Sudah dibaca") {
		t.Error("what was typed went into the text")
	}

	p.Resize(testkit.Phone)
	p.Open(d.url + "/gallery/proposal")
	p.WaitUntil(host + `.querySelectorAll(".cm-content").length === 1`)
	p.WaitUntil(host + `.querySelector(".cm-deletedChunk")`)
	p.WaitUntil(numbered)
	p.Axe()
	p.Fits()
	p.Eval(host + `.querySelector(".cm-deletedChunk").scrollIntoView({block: "center"});""`)
	p.WaitUntil(`(() => { const h = ` + host + `, line = h.querySelector(".cm-line.cm-changedLine, .cm-line.cm-insertedLine"), at = line && h.reviewView.state.doc.lineAt(h.reviewView.posAtDOM(line)).number;
		const number = [...h.querySelectorAll(".cm-lineNumbers .cm-gutterElement")].find(g => g.textContent === String(at));
		return number && Math.abs(number.getBoundingClientRect().top - line.getBoundingClientRect().top) < 3; })()`)
	shot("phone")
	p.Look(false, true)
	if got := p.Eval(`getComputedStyle(` + host + `.querySelector(".rulediff")).display`); got == "none" {
		t.Error("nothing is printed")
	}
}
