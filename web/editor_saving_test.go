package web

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"layak/internal/auth"
	"layak/internal/testkit"
	"layak/policy/workbench"
)

// inEditor brings a page to one file of the draft, signed in as the officer.
func inEditor(t *testing.T, d *desk, file string) *testkit.Page {
	t.Helper()
	p := testkit.StartBrowser(t).Page(t, testkit.Desktop)
	p.Open(d.url + "/rules")
	p.Type("#f-user", string(auth.PolicyOfficer))
	p.Type("#f-password", testPassword+kb.Enter)
	p.Wait(".rule-list")
	p.Open(d.url + editAddress + "?file=" + file)
	p.Wait(".cm-content")
	return p
}

// typed puts a line on top of the text, as a hand would.
func typed(p *testkit.Page, line string) {
	p.Eval(`(() => { const v = document.getElementById("editor").editorView; v.focus(); v.dispatch({changes: {from: 0, insert: "` + line + `\n"}, userEvent: "input.type"}); return ""; })()`)
}

const (
	stateIs   = `document.getElementById("save-state").dataset.kind === `
	firstLine = `document.getElementById("editor").editorView.state.doc.line(1).text`
	onDisk    = `(Object.entries(localStorage).filter(([k]) => k.startsWith("layak-rules:")).map(([, v]) => JSON.parse(v).text.split("\n")[0]).join())`
)

// TestNothingTypedIsLost cuts the line, ends the session, lets the server fail and moves the draft while somebody
// types: the page says plainly that it is not saved, the device keeps the text, and it reaches the draft by itself
// as soon as it can.
func TestNothingTypedIsLost(t *testing.T) {
	d, m := draftDesk(t)
	p := inEditor(t, d, "need.rego")
	stored := func(file string) string {
		first, _, _ := strings.Cut(string(m.drafts[draftID].Files[file]), "\n")
		return first
	}
	saved := func(line string) {
		t.Helper()
		p.WaitUntil(stateIs + `"saved"`)
		if got := stored("need.rego"); got != line {
			t.Errorf("the draft begins with %q, want %q", got, line)
		}
		if got := p.Eval(onDisk); got != "" {
			t.Errorf("the device still keeps %q", got)
		}
	}
	for _, c := range []struct{ kind, fetch string }{
		{"offline", `() => Promise.reject(new TypeError("gone"))`},
		{"down", `() => Promise.resolve(new Response("", {status: 503}))`},
	} {
		p.Eval(`window.line = window.fetch; window.fetch = ` + c.fetch + `; ""`)
		typed(p, "# "+c.kind)
		p.WaitUntil(stateIs + `"` + c.kind + `"`)
		if says, kept := p.Text("#save-state"), p.Eval(onDisk); !strings.HasPrefix(says, "Belum tersimpan") || kept != "# "+c.kind {
			t.Errorf("%s: the page says %q, the device keeps %q", c.kind, says, kept)
		}
		p.Eval(`window.fetch = window.line; window.dispatchEvent(new Event("online")); ""`)
		saved("# " + c.kind)
	}

	const inAnotherTab = `window.other = ""; (async () => { const page = new DOMParser().parseFromString(await (await fetch("%s")).text(), "text/html"), f = page.querySelector('form[action="%s"]');
		const body = new URLSearchParams(new FormData(f)); if (f.elements.user) { body.set("user", "` + string(auth.PolicyOfficer) + `"); body.set("password", "` + testPassword + `"); }
		const r = await fetch("%s", {method: "POST", body}); window.other = r.url; })(); ""`
	does := func(page, form string) {
		p.Eval(strings.NewReplacer(`"%s"`, `"`+form+`"`).Replace(strings.Replace(inAnotherTab, `"%s"`, `"`+page+`"`, 1)))
		p.WaitUntil(`window.other`)
	}
	does("/account", "/sign-out")
	typed(p, "# sesudah keluar")
	p.WaitUntil(stateIs + `"ended"`)
	if got := p.Eval(`document.querySelector("#save-state a").target + document.querySelector("#save-state a").textContent`); got != "_blankMasuk lagi di tab baru." {
		t.Errorf("the way back in is %q", got)
	}
	p.Axe()
	does("/sign-in", "/sign-in")
	saved("# sesudah keluar")

	// Another file of the draft was saved in another tab: that is no conflict.
	ctx := auth.With(t.Context(), auth.Actor{Name: "dewi"})
	save := func(file, text string) {
		t.Helper()
		_, err := m.SaveDraft(ctx, draftID, m.drafts[draftID].Version, workbench.Change{Put: map[string][]byte{file: []byte(text)}})
		if err != nil {
			t.Fatal(err)
		}
	}
	save("newborn.rego", "# Tab lain.\npackage layak.eligibility\n")
	typed(p, "# dua tab")
	saved("# dua tab")
	if got := stored("newborn.rego"); got != "# Tab lain." {
		t.Errorf("the other tab lost %q", got)
	}

	// The same file: compared, loaded anew, and what was typed is offered there.
	save("need.rego", "# Ditulis Dewi.\npackage layak.eligibility\n")
	typed(p, "# punya saya")
	p.WaitUntil(`!document.getElementById("conflict").hidden`)
	p.Submit("[data-reload]")
	p.WaitUntil(`document.getElementById("kept") && !document.getElementById("kept").hidden`)
	if got := p.Eval(firstLine); got != "# Ditulis Dewi." {
		t.Errorf("after loading anew the page begins with %q", got)
	}
	p.Click(`[data-kept="compare"]`)
	p.WaitUntil(`document.querySelector("#kept layak-diff").shadowRoot.querySelectorAll(".cm-content").length === 2`)
	p.Axe()
	p.Fits()
	p.Click(`[data-kept="use"]`)
	saved("# punya saya")
}

// TestEditorSpeaksTheLanguageOfThePage looks for a word with Ctrl+F in both languages.
func TestEditorSpeaksTheLanguageOfThePage(t *testing.T) {
	d, _ := draftDesk(t)
	p := inEditor(t, d, "need.rego")
	for _, c := range []struct{ lang, find, all string }{{"id", "Cari", "semua"}, {"en", "Find", "all"}} {
		if p.Eval(`document.documentElement.lang`) != c.lang {
			p.Submit("form.lang button")
			p.Wait(".cm-content")
		}
		p.Click(".cm-content")
		p.Eval(`document.querySelector(".cm-content").dispatchEvent(new KeyboardEvent("keydown", {key: "f", code: "KeyF", keyCode: 70, ctrlKey: true, bubbles: true, cancelable: true})); ""`)
		p.Wait(".cm-search")
		if got := p.Eval(`document.querySelector(".cm-search [name=search]").placeholder + document.querySelector(".cm-search [name=select]").textContent`); got != c.find+c.all {
			t.Errorf("in %s the search says %q", c.lang, got)
		}
		p.Axe()
	}
}
