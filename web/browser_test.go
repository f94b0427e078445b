package web

import (
	"os"
	"path/filepath"
	"testing"

	"layak/internal/testkit"
)

// TestGalleryInTheBrowser looks at every page state on a phone and on a desktop, light and dark: no
// violation of WCAG 2.2 AA, nothing wider than the window, no control too small for a thumb. With
// LAYAK_SHOTS set to a folder it leaves a picture of each there.
func TestGalleryInTheBrowser(t *testing.T) {
	d := newDesk(t, Services{})
	browser := testkit.StartBrowser(t)
	shots := os.Getenv("LAYAK_SHOTS")
	phone, desktop := browser.Page(t, testkit.Phone), browser.Page(t, testkit.Desktop)
	for _, st := range d.gallery() {
		t.Run(st.Name, func(t *testing.T) {
			for _, look := range []struct {
				name string
				page *testkit.Page
				dark bool
			}{{"phone", phone, false}, {"desktop", desktop, false}, {"dark", desktop, true}} {
				p := look.page.For(t)
				p.Look(look.dark, false)
				p.Open(d.url + "/gallery/" + st.Name)
				p.Axe()
				p.Fits()
				if shots != "" {
					p.Shot(filepath.Join(shots, st.Name+"-"+look.name+".png"))
				}
			}
		})
	}
}
