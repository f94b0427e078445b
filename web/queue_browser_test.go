package web

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/google/uuid"

	"layak/complaints"
	"layak/internal/auth"
	"layak/internal/testkit"
)

// stories is a browser on a case desk with what every story needs.
type stories struct {
	*desk
	b *bureau
	p *testkit.Page
}

func newStories(t *testing.T, users ...string) *stories {
	t.Helper()
	d, b := caseDesk(t, apiSQLite(t), users...)
	s := &stories{d, b, testkit.StartBrowser(t).Page(t, testkit.Desktop)}
	s.p.Open(d.url + "/sign-in")
	s.p.Type("#f-user", users[0])
	s.p.Type("#f-password", testPassword+kb.Enter)
	s.p.Wait(".side")
	return s
}

// press clicks without asking where the button stands on the screen.
func (s *stories) press(selector string) {
	s.Helper()
	s.p.Eval(fmt.Sprintf(`document.querySelector(%q).click();""`, selector))
}

// as is a context in which the account acts.
func (b *bureau) as(user string) context.Context {
	b.Helper()
	a, err := b.accounts.Actor(context.Background(), user)
	b.must(err)
	return auth.With(context.Background(), a)
}

// file stores a complaint as the account would.
func (b *bureau) file(user string, f complaints.Filing) complaints.Complaint {
	b.Helper()
	c, err := b.cases.File(b.as(user), f)
	b.must(err)
	return c
}

// due gives the case a deadline, as the clocks would.
func (b *bureau) due(t complaints.Ticket, when time.Time) {
	b.Helper()
	c, err := b.db.Complaint(context.Background(), t, complaints.Scope{All: true})
	b.must(err)
	c.Version++
	c.DueAt, c.DueKind = &when, complaints.VerifyClock
	b.must(b.db.ChangeComplaint(context.Background(), complaints.Change{Complaint: c,
		Event: complaints.Event{ID: uuid.NewString(), Type: complaints.ClockEvent, At: *b.clock, Actor: "system", From: c.State, To: c.State}}))
}

// look runs axe, and leaves a picture when LAYAK_SHOTS names a folder.
func (s *stories) look(name string) {
	s.Helper()
	s.p.Axe()
	s.p.Fits()
	if shots := os.Getenv("LAYAK_SHOTS"); shots != "" {
		s.p.Shot(filepath.Join(shots, "story-"+name+".png"))
	}
}

// The clerk has a WhatsApp message on the telephone in the hand: types it in, sees that the number
// wrote before, answers, and the answer is ready for WhatsApp.
func TestClerkAnswersAWhatsAppComplaint(t *testing.T) {
	s := newStories(t, "kelurahan")
	before := s.b.file("kelurahan", complaints.Filing{Channel: "whatsapp", Text: "Kartu saya belum aktif.", Reporter: complaints.Reporter{Name: "Ani", Phone: "081200000001"}})
	s.p.Press("n")
	s.p.Wait("form.filing")
	s.p.Type("#f-text", "Kartu ibu saya masih belum aktif, tadi ditolak loket.")
	s.p.Set("#f-channel", "whatsapp")
	s.p.Type("#f-reporter_name", "Ani")
	s.p.Type("#f-reporter_phone", "081200000001"+kb.Tab)
	s.p.WaitUntil(fmt.Sprintf(`document.querySelector("#hints").textContent.includes(%q)`, before.Ticket))
	if strings.Contains(s.p.URL(), "0812") {
		t.Errorf("the number is in the address: %s", s.p.URL())
	}
	s.look("1-hint")
	s.press(`input[name="verified"]`)
	s.press("form.filing .btn-primary")
	s.p.Wait("#compose")
	address, _, _ := strings.Cut(s.p.URL(), "?")
	if got := s.p.Text(".case-head .tags"); !strings.Contains(got, "Terverifikasi") {
		t.Errorf("a complete case begins as %q", got)
	}
	s.p.Open(address + "?do=answer")
	s.p.Type("#f-text", "Ibu Ani, kartu sedang didaftarkan hari ini.")
	s.press(`input[name="send"][value="whatsapp"]`)
	s.look("2-answer")
	s.press("#compose form .btn")
	s.p.Wait(`a[href^="https://wa.me/6281200000001?text="]`)
	s.look("3-answered")
	if got := s.p.Text(".story .reply"); !strings.Contains(got, "Disampaikan lewat: WhatsApp") {
		t.Errorf("the story tells %q", got)
	}
}

// The supervisor opens the queue, sees what is overdue in the whole regency and moves it from its
// row: one press opens the choice, the second one moves the case.
func TestSupervisorMovesAnOverdueCase(t *testing.T) {
	s := newStories(t, "supervisor")
	c := s.b.file("kelurahan", complaints.Filing{Channel: "counter", Text: "Ditagih biaya.", Reporter: complaints.Reporter{Name: "Budi"}})
	s.b.due(c.Ticket, s.b.clock.Add(-49*time.Hour))
	s.p.Open(s.url + "/")
	if got := s.p.Text(".chip.red"); !strings.Contains(got, "Lewat tenggat") {
		t.Errorf("the first chip says %q", got)
	}
	s.press(".chip.red")
	s.p.Wait(".move .btn")
	s.look("4-overdue")
	s.press(".move .btn")
	s.p.Wait(".moveform select")
	s.p.Set(".moveform select", "PKM-SILO")
	s.look("5-move")
	s.press(".moveform .btn-primary")
	s.p.WaitUntil(`document.querySelector("#notice")?.textContent.includes("ditugaskan")`)
	moved, err := s.b.cases.Complaint(s.b.as("supervisor"), c.Ticket)
	if err != nil || moved.Unit != "PKM-SILO" {
		t.Errorf("the case lies with %q: %v", moved.Unit, err)
	}
}

// Three people report the same thing. The clerk ticks the three, merges them, and parts one again.
func TestThreeDuplicatesAreMergedAndOneParted(t *testing.T) {
	s := newStories(t, "kelurahan")
	var all []complaints.Complaint
	for _, name := range []string{"Ani", "Budi", "Cici"} {
		all = append(all, s.b.file("kelurahan", complaints.Filing{Channel: "phone", Text: "Loket tutup.", Reporter: complaints.Reporter{Name: name}}))
	}
	s.p.Open(s.url + "/complaints")
	for range all {
		s.press(`.ticklist input:not(:checked)`)
	}
	s.p.WaitUntil(`getComputedStyle(document.querySelector(".bulkbar")).display === "flex"`)
	s.look("6-ticked")
	s.press(`.bulkbar [value="merge"]`)
	s.p.Wait(`input[name="into"]:checked`)
	if got := s.p.Eval(`document.querySelector('input[name="into"]:checked').value`); got != string(all[0].Ticket) {
		t.Errorf("the proposal is %s, want the oldest %s", got, all[0].Ticket)
	}
	s.look("7-merge")
	s.press("main form .btn-primary")
	s.p.Wait(".pill.blu")
	s.look("8-merged")
	s.p.Open(s.url + "/complaints/" + string(all[2].Ticket))
	s.press(`input[value="unmerge"] ~ button`)
	s.p.WaitUntil(`document.querySelector("#notice")?.textContent.includes("dipisahkan")`)
	s.p.Open(s.url + "/complaints/" + string(all[0].Ticket))
	s.look("9-parted")
	if got := s.p.Text("main"); !strings.Contains(got, string(all[1].Ticket)) {
		t.Error("the case does not show the one that stayed merged")
	}
	first, err := s.b.cases.Complaint(s.b.as("kelurahan"), all[0].Ticket)
	if err != nil || len(first.Joined) != 1 || first.Joined[0].Ticket != all[1].Ticket {
		t.Errorf("joined are %+v: %v", first.Joined, err)
	}
}
