package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"layak/complaints"
	"layak/complaints/reply"
	"layak/internal/audit"
	"layak/internal/auth"
)

// wordShelf keeps wordings in memory.
type wordShelf struct{ saved []reply.Wording }

func (s *wordShelf) Wordings(context.Context) ([]reply.Wording, error) { return s.saved, nil }
func (s *wordShelf) SaveWording(_ context.Context, w reply.Wording, _ audit.Entry) error {
	s.saved = append([]reply.Wording(nil), w)
	return nil
}

// postRoom is an outbox of one message that remembers what was done with it.
type postRoom struct {
	item reply.Item
	did  []string
}

func (p *postRoom) Messages(_ context.Context, f reply.Filter) ([]reply.Item, error) {
	for _, s := range f.States {
		if s == p.item.State && (f.ByHand == nil || *f.ByHand == p.item.ByHand()) {
			return []reply.Item{p.item}, nil
		}
	}
	return nil, nil
}
func (p *postRoom) Counts(context.Context) (map[reply.State]int, error) {
	return map[reply.State]int{p.item.State: 1}, nil
}
func (p *postRoom) Open(context.Context, string) (reply.Item, error) { return p.item, nil }
func (p *postRoom) Retry(context.Context, string) error              { return p.note("retry") }
func (p *postRoom) Cancel(context.Context, string) error             { return p.note("cancel") }
func (p *postRoom) Delivered(context.Context, string) error          { return p.note("delivered") }
func (p *postRoom) Ready() bool                                      { return true }
func (p *postRoom) note(what string) error {
	p.did = append(p.did, what)
	return nil
}

func TestOutboxPages(t *testing.T) {
	room := &postRoom{item: reply.Item{
		Message: complaints.Message{ID: "m1", EventID: "e1", Through: "whatsapp", To: "081200000001", Name: "Ani Contoh", Body: "Ibu Ani, kartu aktif.", At: galleryNow},
		Ticket:  "3509-7K2M-QX9D-R", State: reply.Queued,
	}}
	d := newDesk(t, Services{Outbox: room})
	d.signInAs(auth.Kelurahan)
	list := d.get("/outbox")
	if list.StatusCode != http.StatusOK || !strings.Contains(list.body, "/outbox/m1") || strings.Contains(list.body, "Ani Contoh") || strings.Contains(list.body, "0812") {
		t.Errorf("list: status %d\n%s", list.StatusCode, list.body)
	}
	if empty := d.get("/outbox?show=failed"); !strings.Contains(empty.body, "Tidak ada pesan yang gagal.") {
		t.Errorf("%s", empty.body)
	}
	one := d.get("/outbox/m1")
	if !strings.Contains(one.body, `href="https://wa.me/6281200000001?text=Ibu%20Ani%2C%20kartu%20aktif."`) || !strings.Contains(one.body, "Ani Contoh") {
		t.Errorf("%s", one.body)
	}
	if a := d.post("/outbox/m1", "/outbox/m1", url.Values{"do": {"delivered"}}); a.StatusCode != http.StatusSeeOther {
		t.Errorf("status %d", a.StatusCode)
	}
	if a := d.post("/outbox/m1", "/outbox/m1", url.Values{"do": {"burn"}}); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("status %d", a.StatusCode)
	}
	if strings.Join(room.did, " ") != "delivered" {
		t.Errorf("%v", room.did)
	}
	d.signInAs(auth.PolicyOfficer)
	if a := d.get("/outbox"); a.StatusCode != http.StatusForbidden {
		t.Errorf("a policy officer reads messages: status %d", a.StatusCode)
	}
}

func TestReplyTemplatePages(t *testing.T) {
	shelf := &wordShelf{}
	d := newDesk(t, Services{})
	d.Server.Services.Replies = &reply.Writer{Store: shelf, Clock: d.Clock}
	d.signInAs(auth.Kelurahan)
	if a := d.get("/settings/replies"); a.StatusCode != http.StatusForbidden {
		t.Errorf("a desk edits templates: status %d", a.StatusCode)
	}
	d.signInAs(auth.Supervisor)
	if a := d.get("/settings/replies"); !strings.Contains(a.body, "Aduan diterima · Ditagih biaya") || !strings.Contains(a.body, "Bawaan program") {
		t.Errorf("%s", a.body)
	}
	if a := d.get("/settings/replies/open?kind=closed&matter=charge"); a.Header.Get("Location") != "/settings/replies/closed.matter-charge" {
		t.Errorf("%s", a.Header.Get("Location"))
	}
	path := "/settings/replies/closed.matter-charge"
	if a := d.get(path); a.StatusCode != http.StatusOK || !strings.Contains(a.body, "3509-AB3D-EF6H-J") {
		t.Errorf("status %d\n%s", a.StatusCode, a.body)
	}
	wrong := d.post(path, path, url.Values{"do": {"save"}, "version": {"0"}, "subject": {"Selesai"}, "body": {"Teks saya {{.Nik}}"}})
	if wrong.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(wrong.body, "tidak dikenal") || !strings.Contains(wrong.body, "Teks saya {{.Nik}}") || len(shelf.saved) != 0 {
		t.Errorf("status %d\n%s", wrong.StatusCode, wrong.body)
	}
	seen := d.post(path, path, url.Values{"do": {"preview"}, "version": {"0"}, "subject": {"Selesai"}, "body": {"Halo {{.Sapaan}}"}})
	if !strings.Contains(seen.body, "Halo Bapak/Ibu Ani") || len(shelf.saved) != 0 {
		t.Errorf("%s", seen.body)
	}
	kept := d.post(path, path, url.Values{"do": {"save"}, "version": {"0"}, "subject": {"Selesai"}, "body": {"Halo {{.Sapaan}}"}})
	if kept.StatusCode != http.StatusSeeOther || len(shelf.saved) != 1 || shelf.saved[0].Version != 1 || shelf.saved[0].Code != "closed.matter-charge" {
		t.Errorf("status %d %+v", kept.StatusCode, shelf.saved)
	}
	if a := d.get(path); !strings.Contains(a.body, "Kembalikan teks bawaan") {
		t.Errorf("%s", a.body)
	}
	back := d.post(path, path, url.Values{"do": {"restore"}, "version": {"1"}})
	if back.StatusCode != http.StatusSeeOther || !shelf.saved[0].Shipped || shelf.saved[0].Version != 2 {
		t.Errorf("status %d %+v", back.StatusCode, shelf.saved)
	}
	if a := d.get("/settings/replies/unheard"); a.StatusCode != http.StatusNotFound {
		t.Errorf("status %d", a.StatusCode)
	}
}
