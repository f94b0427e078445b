package web

import (
	"os"
	"strings"
	"testing"
)

// inOrder tells the first of the texts that does not stand behind the ones before it.
func inOrder(page string, texts ...string) string {
	for _, text := range texts {
		_, rest, there := strings.Cut(page, text)
		if !there {
			return text
		}
		page = rest
	}
	return ""
}

// What decides stands first: the figures of residents, or those of complaints when nothing else changes; a phone prints from the foot.
func TestImpactBeginsWithWhatDecides(t *testing.T) {
	d := newDesk(t, Services{})
	for state, texts := range map[string][]string{
		"impact-complaints":       {`id="routing"`, "memang tidak berubah", `id="sum-title"`},
		"impact-papers":           {`id="sum-title"`, `id="unseen"`, "phone-only"},
		"impact-steps":            {"not-phone", `id="sum-title"`, `id="days"`, `id="where-title"`, "phone-only"},
		"impact-slow":             {`id="sum-title"`, `id="where-title"`},
		"impact-void":             {`role="alert"`, `id="sum-title"`},
		"impact-complaints-later": {`id="sum-title"`, `id="routing"`, `id="where-title"`},
	} {
		page := d.get("/gallery/" + state).body
		if text := inOrder(page, texts...); text != "" {
			t.Errorf("%s: %q is not in its place", state, text)
		}
		if n := strings.Count(page, `id="sum-title"`); n != 1 {
			t.Errorf("%s: the figures stand %d times", state, n)
		}
	}
}

// Nobody is told to press a button that is not there: while something is computed, what is missing waits for it.
func TestImpactWaitsForWhatIsUnderWay(t *testing.T) {
	d := newDesk(t, Services{})
	page := d.get("/gallery/impact-waits").body
	for _, not := range []string{"Tekan Hitung dampak", "Hitung lagi", "Hitung ulang", "</b><div class=\"s\">belum dihitung"} {
		if strings.Contains(page, not) {
			t.Errorf("while it runs the page says %q", not)
		}
	}
	for _, want := range []string{"Tunggu sampai hitungan ini selesai", "menunggu hitungan ini selesai", "dari hitungan sebelumnya"} {
		if !strings.Contains(page, want) {
			t.Errorf("while it runs the page does not say %q", want)
		}
	}
	if !strings.Contains(d.get("/gallery/impact-steps").body, "belum dihitung") {
		t.Error("a day that nobody counted is not told")
	}
}

// A clock that runs today says nothing of a day of service to come: the page says when the complaints were open instead.
func TestComplaintsOfALaterDay(t *testing.T) {
	d := newDesk(t, Services{})
	for state, later := range map[string]bool{"impact-complaints": false, "impact-complaints-later": true} {
		page := d.get("/gallery/" + state).body
		if strings.Contains(page, "(sedang berjalan)") == later || strings.Contains(page, "Menurut aduan yang terbuka pada 22 Nov 2026") != later {
			t.Errorf("%s tells of clocks as of another day", state)
		}
	}
}

// Of several days on which something begins the one whose figures stand above is not told again, and a phone is spared the keys.
func TestAProposalTellsADayOnce(t *testing.T) {
	d := newDesk(t, Services{})
	page := d.get("/gallery/proposal").body
	_, days, there := strings.Cut(page, "Hari mulai yang lain")
	days, _, _ = strings.Cut(days, "</ul>")
	if !there || !strings.Contains(days, "22 Nov 2026") || strings.Contains(days, "1 Jan 2027") {
		t.Errorf("other days: %q", days)
	}
	_, rest, _ := strings.Cut(page, `<span class="keyboard">`)
	if keys, _, _ := strings.Cut(rest, "</span>"); !strings.Contains(keys, "F7 dan Shift") || !strings.Contains(keys, "papan ketik") {
		t.Errorf("what is of the keyboard alone: %q", keys)
	}
	if css, err := os.ReadFile("static/app.css"); err != nil || !strings.Contains(string(css), "(hover:none){.keyboard{display:none}}") {
		t.Errorf("the keys are told on a phone: %v", err)
	}
}
