package web

import (
	"testing"

	"github.com/chromedp/chromedp/kb"

	"layak/internal/auth"
	"layak/internal/testkit"
	"layak/policy/workbench"
)

// TestConflictIsShownSideBySide: a draft that somebody else saved is not written over; what was typed
// stays and is compared with what is stored.
func TestConflictIsShownSideBySide(t *testing.T) {
	d, m := draftDesk(t)
	p := testkit.StartBrowser(t).Page(t, testkit.Desktop)
	p.Open(d.url + "/rules")
	p.Type("#f-user", string(auth.PolicyOfficer))
	p.Type("#f-password", testPassword+kb.Enter)
	p.Wait(".rule-list")
	p.Open(d.url + editAddress + "?file=need.rego")
	p.Wait(".cm-content")
	ctx := auth.With(t.Context(), auth.Actor{Name: "dewi"})
	theirs := append([]byte("# Ditulis Dewi.\n"), m.drafts[draftID].Files["need.rego"]...)
	_, err := m.SaveDraft(ctx, draftID, 1, workbench.Change{Put: map[string][]byte{"need.rego": theirs}})
	if err != nil {
		t.Fatal(err)
	}
	p.Eval(`(() => { const v = document.getElementById("editor").editorView; v.focus(); v.dispatch({changes: {from: 0, insert: "# Punya saya.\n"}, userEvent: "input.type"}); return ""; })()`)
	p.WaitUntil(`!document.getElementById("conflict").hidden`)
	p.Click("[data-compare]")
	p.WaitUntil(`document.querySelector("layak-diff").shadowRoot && document.querySelector("layak-diff").shadowRoot.querySelectorAll(".cm-content").length === 2`)
	if got := p.Eval(`getComputedStyle(document.querySelector("layak-diff").shadowRoot.querySelector(".cm-gutters")).borderRightStyle`); got != "solid" {
		t.Errorf("the comparison has no styles in its shadow: %q", got)
	}
	p.Axe()
	if got := string(m.drafts[draftID].Files["need.rego"]); got != string(theirs) {
		t.Error("what the other wrote was written over")
	}
	if got := p.Eval(`document.getElementById("editor").editorView.state.doc.line(1).text`); got != "# Punya saya." {
		t.Errorf("what was typed is gone: %q", got)
	}
}
