package web

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"layak/internal/testkit"
)

// TestGalleryInTheBrowser looks at every page state on a phone and on a desktop, light and dark: no
// violation of WCAG 2.2 AA, nothing wider than the window, no control too small for a thumb. The first
// state of each template is looked at in all three ways, the others in one of them by turns; with
// LAYAK_LOOKS=all (make test-nightly) each in all. With LAYAK_SHOTS set to a folder it leaves a picture
// of each there.
func TestGalleryInTheBrowser(t *testing.T) {
	d := newDesk(t, Services{})
	browser := testkit.StartBrowser(t)
	shots := os.Getenv("LAYAK_SHOTS")
	all := shots != "" || os.Getenv("LAYAK_LOOKS") == "all"
	free := make(chan tabs, runtime.GOMAXPROCS(0))
	for range cap(free) {
		free <- tabs{browser.Page(t, testkit.Phone), browser.Page(t, testkit.Desktop)}
	}
	seen := map[string]bool{}
	for turn, st := range d.gallery() {
		looks := []look{galleryLooks[turn%len(galleryLooks)]}
		if all || !seen[st.Template] {
			looks = galleryLooks
		}
		seen[st.Template] = true
		t.Run(st.Name, func(t *testing.T) {
			t.Parallel() // as far as there are tabs
			on := <-free
			defer func() { free <- on }()
			for _, l := range looks {
				p := on.see(t, l, d.url+"/gallery/"+st.Name, all)
				if shots != "" {
					p.Shot(filepath.Join(shots, st.Name+"-"+l.name+".png"))
				}
			}
		})
	}
}

// look is one way in which a page is looked at.
type look struct {
	name        string
	phone, dark bool
}

var galleryLooks = []look{{"phone", true, false}, {"desktop", false, false}, {"dark", false, true}}

// tabs are the two windows in which one state after the other is looked at.
type tabs struct{ phone, desktop *testkit.Page }

// see opens the page and looks at it. Unless the whole is wanted, by dark only at what light did not show.
func (on tabs) see(t *testing.T, l look, url string, whole bool) *testkit.Page {
	t.Helper()
	p := on.desktop.For(t)
	if l.phone {
		p = on.phone.For(t)
	}
	p.Look(l.dark, false)
	if l.dark && !whole && p.URL() == url { // it was looked at by light just now: nothing but its colours has changed
		p.AxeColours()
		return p
	}
	p.Open(url)
	p.Axe()
	p.Fits()
	return p
}

// TestCheckInTheBrowser is the clerk's way with the keyboard alone: sign in, type the NIK from any
// page, read the answer, tick a paper, see the NIK for a reason, and print half a sheet.
func TestCheckInTheBrowser(t *testing.T) {
	d, m := checkDesk(t)
	p := testkit.StartBrowser(t).Page(t, testkit.Phone)
	shots := os.Getenv("LAYAK_SHOTS")
	shot := func(name string) {
		if shots != "" {
			p.Shot(filepath.Join(shots, "flow-"+name+".png"))
		}
	}
	p.Open(d.url + "/checks")
	p.Type("#f-user", "puskesmas")
	p.Type("#f-password", testPassword+kb.Enter)
	p.Wait("#f-nik-nik")
	p.Type("#f-nik-nik", string(sitiNIK)+kb.Enter)
	p.Wait(".verdict.eligible")
	if got := p.Eval(`document.activeElement.id`); got != "verdict" {
		t.Errorf("after the check the focus is on %q", got)
	}
	if strings.Contains(p.URL(), "3509") {
		t.Errorf("the NIK is in the address: %s", p.URL())
	}
	p.Axe()
	p.Fits()
	shot("result")

	if kept := p.Eval(`JSON.stringify(sessionStorage)`); strings.Contains(kept, "draft:") {
		t.Errorf("the browser still holds %s", kept)
	}
	before := p.URL()
	p.Click("#paper-sktm")
	p.WaitUntil(`location.href !== "` + before + `"`)
	p.Wait("#issued-sktm")
	if got := p.Eval(`document.activeElement.id`); got != "paper-sktm" {
		t.Errorf("after a tick the focus is on %q", got)
	}
	if len(m.kept) != 2 || m.kept[1].Facts.Evidence[0].Kind != "sktm" {
		t.Errorf("%d determinations", len(m.kept))
	}
	p.Axe()

	p.Click("#person summary")
	p.Click("#person form button")
	p.WaitUntil(`document.getElementById("nik")`)
	if got := p.Text("#nik"); got != string(sitiNIK) {
		t.Errorf("the NIK reads %q", got)
	}
	p.Resize(testkit.Desktop)
	p.Press("/")
	if got := p.Eval(`document.activeElement.id`); got != "find" {
		t.Errorf("the key / goes to %q", got)
	}
	result := p.URL()
	for _, page := range []string{"/rules", "/rules/need_met", "/checks", "/"} {
		p.Open(d.url + page)
		p.Axe()
		p.Fits()
		shot("page" + strings.ReplaceAll(page, "/", "-"))
	}
	p.Open(result + "/print")
	p.Look(false, true)
	p.WaitUntil(`document.querySelector(".qr").naturalWidth > 100`)
	if got := p.Eval(`getComputedStyle(document.querySelector(".side")).display`); got != "none" {
		t.Error("the side bar is printed")
	}
	shot("paper")
}

// TestSetUpLinkInTheBrowser opens the one-time link: the token behind # reaches the form and
// neither a log nor the address bar.
func TestSetUpLinkInTheBrowser(t *testing.T) {
	d := newDesk(t, Services{})
	d.accounts.setup = true
	p := testkit.StartBrowser(t).Page(t, testkit.Phone)
	p.Open(d.url + "/setup#satu-kali-rahasia")
	p.WaitUntil(`document.getElementById("f-token").value === "satu-kali-rahasia"`)
	if strings.Contains(p.URL(), "satu-kali") {
		t.Error("the token stays in the address bar")
	}
}
