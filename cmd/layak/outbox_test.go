package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	netmail "net/mail"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/google/uuid"

	"layak/complaints"
	"layak/complaints/reply"
	"layak/internal/auth"
	"layak/internal/jobs"
	"layak/internal/mail"
)

// mailbox is a mail server: it takes what it is given, or says no for a while.
type mailbox struct {
	mu   sync.Mutex
	busy int // so many messages are put off with 451
	ids  []string
}

func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return m, nil }
func (m *mailbox) Mail(string, *smtp.MailOptions) error        { return nil }
func (m *mailbox) Reset()                                      {}
func (m *mailbox) Logout() error                               { return nil }

func (m *mailbox) Rcpt(string, *smtp.RcptOptions) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.busy > 0 {
		m.busy--
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "greylisted"}
	}
	return nil
}

func (m *mailbox) Data(r io.Reader) error {
	letter, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ids = append(m.ids, letter.Header.Get("Message-Id"))
	return nil
}

func (m *mailbox) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.ids)
}

func (m *mailbox) listen(t *testing.T, address string) net.Addr {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(m)
	s.Domain = "localhost"
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return l.Addr()
}

// answeredByMail files a complaint and puts n e-mails of it into the outbox, as an answer does.
func answeredByMail(t *testing.T, p *Program, n int) {
	t.Helper()
	ctx := auth.With(t.Context(), auth.Actor{Name: "os:test", Role: auth.Operator, All: true})
	c, err := p.Complaints.File(ctx, complaints.Filing{Channel: "counter", Text: "Kartu belum aktif.", Reporter: complaints.Reporter{Name: "Ani Contoh", Relation: "self"}})
	if err != nil {
		t.Fatal(err)
	}
	now := p.Clock().UTC().Truncate(time.Microsecond)
	change := complaints.Change{Complaint: c, Event: complaints.Event{ID: uuid.Must(uuid.NewV7()).String(), Type: complaints.AnswerEvent, At: now, Actor: "os:test", From: c.State, To: c.State, Public: true, Note: "Jawaban."}}
	change.Complaint.Version++
	for range n {
		change.Messages = append(change.Messages, complaints.Message{ID: uuid.Must(uuid.NewV7()).String(), EventID: change.Event.ID, Through: "email", To: "ani@contoh.example", Name: "Ani Contoh", Subject: "Aduan", Body: "Sudah aktif.", At: now})
	}
	err = p.DB.ChangeComplaint(ctx, change)
	if err != nil {
		t.Fatal(err)
	}
}

// The mail server is down while the office answers, then comes up and puts everybody off once. The
// service is stopped and started in the middle. Each message arrives once, and the cases know.
func TestMailLeavesOnceThroughARealServer(t *testing.T) {
	reserve, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := reserve.Addr().(*net.TCPAddr)
	_ = reserve.Close()
	config := &mail.Config{Host: "127.0.0.1", Port: address.Port, TLS: mail.Offered, From: netmail.Address{Address: "aduan@jember.example"}, Timeout: 5 * time.Second}

	// Time runs a thousand times as fast, so that pauses of seconds pass.
	begun := time.Now()
	clock := func() time.Time { return begun.Add(time.Since(begun) * 1000) }
	p, err := Open(t.Context(), Config{DB: "sqlite:" + filepath.Join(t.TempDir(), "layak.db"), Mail: config, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	const n = 5
	answeredByMail(t, p, n)
	work := func(until func() bool) {
		ctx, stop := context.WithCancel(t.Context())
		r := &jobs.Runner{Queue: p.DB, Clock: clock, Log: slog.New(slog.DiscardHandler), Poll: 5 * time.Millisecond, Lease: time.Hour, Handlers: map[string]jobs.Handler{reply.SendJob: p.Outbox.Send}}
		ended := make(chan struct{})
		go func() { r.Run(ctx); close(ended) }()
		end := time.Now().Add(60 * time.Second)
		for !until() && time.Now().Before(end) {
			time.Sleep(10 * time.Millisecond)
		}
		if !until() {
			t.Error("never came")
		}
		stop()
		<-ended
	}
	list := func() []reply.Item {
		items, err := p.DB.Messages(t.Context(), reply.Filter{}, complaints.Scope{All: true})
		if err != nil {
			t.Fatal(err)
		}
		return items
	}
	work(func() bool { // the server is down
		for _, i := range list() {
			if i.State != reply.Queued || i.Attempts == 0 || i.LastError != "server surel tidak dapat dihubungi" {
				return false
			}
		}
		return true
	})
	box := &mailbox{busy: n}
	box.listen(t, address.String())
	work(func() bool { return box.count() == n })
	work(func() bool {
		for _, i := range list() {
			if i.State != reply.Sent {
				return false
			}
		}
		return true
	})
	seen := map[string]bool{}
	for _, id := range box.ids {
		seen[id] = true
	}
	if len(box.ids) != n || len(seen) != n {
		t.Errorf("%d messages arrived, %d different ones", len(box.ids), len(seen))
	}
	left, err := p.DB.JobCounts(t.Context())
	if err != nil || left != (jobs.Counts{}) {
		t.Errorf("left in the queue: %+v %v", left, err)
	}
}

// In training nothing leaves, whatever the settings say.
func TestTrainingSendsNoMail(t *testing.T) {
	p, err := Open(t.Context(), Config{DB: "sqlite:" + filepath.Join(t.TempDir(), "demo.db"), Demo: true, Mail: &mail.Config{Host: "127.0.0.1", Port: 1}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close() }()
	if p.Outbox.Ready() || p.Replies.Mail {
		t.Error("a training installation sends e-mail")
	}
}
