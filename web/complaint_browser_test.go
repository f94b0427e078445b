package web

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"layak/internal/testkit"
)

// TestCaseInTheBrowser is the clerk's whole job on a phone: sign in, check, register through a new
// case, note the answer of the office, decide, close. Each page is run through axe, on a phone and
// on a desktop; with LAYAK_SHOTS set to a folder it leaves a picture of each there.
func TestCaseInTheBrowser(t *testing.T) {
	d, b := caseDesk(t, apiSQLite(t), "kelurahan")
	p := testkit.StartBrowser(t).Page(t, testkit.Phone)
	shots := os.Getenv("LAYAK_SHOTS")
	// Not by its place on the screen, which moves while pages load on a busy machine.
	press := func(selector string) {
		t.Helper()
		p.Eval(fmt.Sprintf(`document.querySelector(%q).click();""`, selector))
	}
	look := func(name string) {
		t.Helper()
		for _, size := range []struct {
			name string
			size testkit.Size
		}{{"desktop", testkit.Desktop}, {"phone", testkit.Phone}} {
			p.Resize(size.size)
			p.Axe()
			p.Fits()
			if shots != "" {
				p.Shot(filepath.Join(shots, "case-"+name+"-"+size.name+".png"))
			}
		}
		if strings.Contains(p.URL(), string(b.people.poor)) {
			t.Errorf("the NIK is in the address: %s", p.URL())
		}
	}
	p.Open(d.url + "/checks")
	p.Type("#f-user", "kelurahan")
	p.Type("#f-password", testPassword+kb.Enter)
	p.Wait("#f-nik-nik")
	p.Type("#f-nik-nik", string(b.people.poor)+kb.Enter)
	p.Wait(".verdict")
	p.Click("#fields > summary")
	p.Set("#f-need", "inpatient")
	p.Set("#f-class3", "yes")
	p.Click("#fields button.btn-primary")
	p.Wait(".verdict.eligible")
	look("1-check")

	press(`a[href$="do=register"]`)
	p.Wait("#f-text")
	look("2-new")
	press("form.filing .btn-primary")
	p.Wait("#compose")
	if got := p.Text("#notice"); !strings.Contains(got, "Aduan tersimpan") {
		t.Errorf("after filing the page says %q", got)
	}
	look("3-case")
	address, _, _ := strings.Cut(p.URL(), "?")

	p.Open(d.url + "/registrations")
	look("4-waiting")
	press(`a.btn[href*="do=registration"]`)
	p.Wait("#f-reference")
	p.Type("#f-reference", "EDB-2026-0091")
	press("#compose .btn-primary")
	p.Wait(".pill.amb")

	// The draft of another tab stays when this one is sent.
	p.Open(address + "?do=note")
	p.Type("#f-text", "Menunggu jawaban kantor BPJS.")
	p.Open(address + "?do=registration")
	p.Set("#f-result", "active")
	press("#compose .btn-primary")
	p.Wait(".problems")
	if got := p.Eval(`document.activeElement.className`); !strings.Contains(got, "problems") {
		t.Errorf("after a refusal the focus is on %q", got)
	}
	look("5-refused")
	p.Click(`.problems a[href="#f-active_on"]`)
	if got := p.Eval(`document.activeElement.id`); got != "f-active_on" {
		t.Errorf("the summary leads to %q", got)
	}
	p.Set("#f-active_on", "2026-11-21")
	press("#compose .btn-primary")
	p.Wait(".pill.grn")
	p.Open(address + "?do=note")
	if got := p.Eval(`document.getElementById("f-text").value`); got != "Menunggu jawaban kantor BPJS." {
		t.Errorf("the draft reads %q", got)
	}
	press("#compose .btn-primary")
	p.Wait(".story .inner")
	p.Open(address + "?do=note")
	if got := p.Eval(`document.getElementById("f-text").value`); got != "" {
		t.Errorf("the sent note is still there: %q", got)
	}

	p.Open(address + "?do=resolve")
	look("6-decide")
	p.Click(`input[value="granted"]`)
	p.Type("#f-reason", "Kartu sudah aktif sejak hari ini.")
	press("#compose .btn-primary")
	p.Wait(".nextact .btn-primary")
	look("7-answered")
	press(".nextact .btn-primary")
	p.WaitUntil(`!document.querySelector(".nextact")`)
	look("8-closed")
	for _, page := range []string{"/", "/complaints?show=all"} {
		p.Open(d.url + page)
		look("9" + map[string]string{"/": "-queue"}[page])
	}
	p.Open(d.url + "/complaints?show=all")
	p.Resize(testkit.Desktop)
	p.Press("j")
	p.Press(kb.Enter)
	p.Wait(".story")
	if !strings.HasPrefix(p.URL(), address) {
		t.Errorf("j and Enter open %s", p.URL())
	}
}
