package storage

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"layak/complaints"
	"layak/complaints/reply"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/jobs"
)

// answered files a case of Mangli and answers it by each of the ways.
func answered(t *testing.T, o *office, ways ...string) (complaints.Complaint, []complaints.Message) {
	t.Helper()
	c, err := o.File(o.mangli, complaints.Filing{
		Channel: "whatsapp", Text: "Kartu ibu saya tidak aktif.", Reporter: complaints.Reporter{Name: "Ani Contoh", Phone: "081200000001"}, Village: mangli,
	})
	must(t, err)
	change := complaints.Change{Complaint: c, Event: complaints.Event{
		ID: newID(), Type: complaints.AnswerEvent, At: noon.UTC(), Actor: "budi", From: c.State, To: c.State, Public: true, Note: "Jawaban",
	}}
	change.Complaint.Version++
	for _, way := range ways {
		m := complaints.Message{ID: newID(), EventID: change.Event.ID, Through: way, To: "ani@contoh.example", Name: "Ani Contoh", Subject: "Jawaban", Body: "Ibu Ani, kartu sudah aktif.", At: noon.UTC()}
		change.Messages = append(change.Messages, m)
	}
	must(t, o.db.ChangeComplaint(t.Context(), change))
	return change.Complaint, change.Messages
}

func (o *office) outbox(sender reply.Sender) *reply.Outbox {
	return &reply.Outbox{Store: o.db, Sender: sender, Clock: func() time.Time { return o.clock }}
}

// post is a mail server that answers what the test says.
type post struct {
	mu     sync.Mutex
	answer func(n int) error // by the number of the attempt, from 1
	sent   []reply.Item
}

func (p *post) Send(_ context.Context, i reply.Item) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, i)
	if p.answer == nil {
		return nil
	}
	return p.answer(len(p.sent))
}

type final struct{ error }

func (final) Final() bool { return true }

// sendAll works the queue off as the runner would, with the office's clock moved to when the next
// job is due, at most n times.
func (o *office) sendAll(t *testing.T, box *reply.Outbox, n int) {
	t.Helper()
	for range n {
		j, ok, err := o.db.ClaimJob(t.Context(), []string{reply.SendJob}, o.clock, o.clock.Add(time.Minute))
		must(t, err)
		if !ok {
			return
		}
		err = box.Send(t.Context(), j)
		if err == nil {
			must(t, o.db.FinishJob(t.Context(), j))
			continue
		}
		i, found := o.db.Message(t.Context(), j.Key, complaints.Scope{All: true})
		must(t, found)
		if i.NextAt == nil {
			t.Fatalf("%v, and nobody knows when it runs again", err)
		}
		o.clock = *i.NextAt
		must(t, o.db.RetryJob(t.Context(), j, jobs.Plain(err), *i.NextAt))
	}
}

func TestMessageLeavesOnceAndTheCaseRemembers(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c, m := answered(t, o, "email", "whatsapp", "spoken")
		server := &post{answer: func(n int) error {
			if n < 4 {
				return errors.New("451 <ani@contoh.example> greylisted")
			}
			return nil
		}}
		box := o.outbox(server)
		o.sendAll(t, box, 10)
		if len(server.sent) != 4 || server.sent[0].ID != server.sent[3].ID || server.sent[3].Body == "" {
			t.Fatalf("%d attempts: %+v", len(server.sent), server.sent)
		}
		items, err := box.Messages(o.mangli, reply.Filter{Ticket: c.Ticket})
		must(t, err)
		want := map[string]reply.State{"email": reply.Sent, "whatsapp": reply.Queued, "spoken": reply.Copied}
		for _, i := range items {
			if i.State != want[i.Through] || i.EventID != m[0].EventID || strings.Contains(i.LastError, "ani@") {
				t.Errorf("%+v", i)
			}
			if i.Through == "email" && (i.Attempts != 4 || i.SentAt == nil) {
				t.Errorf("%+v", i)
			}
		}
		if len(items) != 3 {
			t.Fatalf("%d messages", len(items))
		}
		// What left is an event, and nobody's act became stale by it.
		after, err := db.Complaint(t.Context(), c.Ticket, complaints.Scope{All: true})
		must(t, err)
		last := after.Events[len(after.Events)-1]
		if last.Type != complaints.SentEvent || last.From != c.State || last.Public || after.Version != c.Version || strings.Contains(string(last.Data)+last.Note, "ani@") {
			t.Errorf("%+v, version %d", last, after.Version)
		}
		// A job that runs again after its process died finds the message sent.
		must(t, box.Send(t.Context(), jobs.Job{Key: m[0].ID}))
		if len(server.sent) != 4 {
			t.Error("sent twice")
		}
	})
}

func TestMailServerDownForADay(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		answered(t, o, "email")
		up := o.clock.Add(24 * time.Hour)
		server := &post{}
		server.answer = func(int) error {
			if o.clock.Before(up) {
				return errors.New("server surel tidak dapat dihubungi")
			}
			return nil
		}
		box := o.outbox(server)
		o.sendAll(t, box, 500)
		n, err := box.Counts(o.mangli)
		must(t, err)
		if len(n) != 0 || o.clock.Before(up) || o.clock.After(up.Add(40*time.Minute)) {
			t.Errorf("left %v at %v after %d attempts", n, o.clock, len(server.sent))
		}
		if len(server.sent) > 80 {
			t.Errorf("%d attempts in a day", len(server.sent))
		}
	})
}

func TestRefusedMessageWaitsForAPerson(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c, m := answered(t, o, "email")
		server := &post{answer: func(n int) error {
			if n == 1 {
				return final{errors.New("alamat surel penerima ditolak (jawaban 550)")}
			}
			return nil
		}}
		box := o.outbox(server)
		o.sendAll(t, box, 10)
		i, err := db.Message(t.Context(), m[0].ID, complaints.Scope{All: true})
		must(t, err)
		if i.State != reply.Failed || i.LastError != "alamat surel penerima ditolak (jawaban 550)" || len(server.sent) != 1 {
			t.Fatalf("%+v", i)
		}
		for _, other := range []context.Context{o.silo, o.watch, auth.With(t.Context(), auth.Actor{})} {
			if box.Retry(other, i.ID) == nil {
				t.Error("somebody who must not see or decide the case sends its messages")
			}
		}
		must(t, box.Retry(o.mangli, i.ID))
		o.sendAll(t, box, 10)
		i, err = db.Message(t.Context(), m[0].ID, complaints.Scope{All: true})
		must(t, err)
		if i.State != reply.Sent {
			t.Errorf("%+v", i)
		}
		wantKind(t, box.Cancel(o.mangli, i.ID), fault.Conflict, "message_moved")
		after, err := db.Complaint(t.Context(), c.Ticket, complaints.Scope{All: true})
		must(t, err)
		if n := len(after.Events); after.Events[n-2].Type != complaints.SentEvent || after.Events[n-1].Type != complaints.SentEvent {
			t.Errorf("the case knows %d events", n)
		}
	})
}

func TestMessagesBroughtByHand(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		_, m := answered(t, o, "whatsapp", "letter")
		box := o.outbox(nil)
		byHand := true
		items, err := box.Messages(o.mangli, reply.Filter{States: []reply.State{reply.Queued}, ByHand: &byHand})
		must(t, err)
		if len(items) != 2 || items[0].Through != "letter" {
			t.Fatalf("%+v", items)
		}
		older, err := box.Messages(o.mangli, reply.Filter{After: items[0].ID})
		must(t, err)
		if len(older) != 1 || older[0].ID != items[1].ID {
			t.Errorf("%+v", older)
		}
		hidden, err := box.Messages(o.silo, reply.Filter{})
		must(t, err)
		if len(hidden) != 0 {
			t.Errorf("another unit sees %d messages", len(hidden))
		}
		wantKind(t, box.Retry(o.mangli, m[0].ID), fault.Conflict, "message_by_hand")
		must(t, box.Delivered(o.mangli, m[0].ID))
		must(t, box.Cancel(o.mangli, m[1].ID))
		wantKind(t, box.Delivered(o.mangli, m[1].ID), fault.Conflict, "message_moved")
		n, err := box.Counts(o.mangli)
		must(t, err)
		if len(n) != 0 {
			t.Errorf("%v", n)
		}
	})
}

// Without a mail server e-mail waits, says so, and leaves when one is set.
func TestNoMailServerIsSet(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		_, m := answered(t, o, "email")
		o.sendAll(t, o.outbox(nil), 3)
		i, err := db.Message(t.Context(), m[0].ID, complaints.Scope{All: true})
		must(t, err)
		if i.State != reply.Queued || i.Attempts != 0 || !strings.Contains(i.LastError, "belum diatur") {
			t.Fatalf("%+v", i)
		}
		server := &post{}
		o.sendAll(t, o.outbox(server), 3)
		if len(server.sent) != 1 {
			t.Errorf("%d attempts", len(server.sent))
		}
	})
}

// A process that dies between the mail server's word and its own record sends once more, under the
// same id; one that dies before has lost nothing.
func TestKilledWhileSending(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		_, m := answered(t, o, "email")
		dead := &post{answer: func(int) error { panic("killed") }}
		func() {
			defer func() { _ = recover() }()
			_ = o.outbox(dead).Send(t.Context(), jobs.Job{Key: m[0].ID})
		}()
		i, err := db.Message(t.Context(), m[0].ID, complaints.Scope{All: true})
		must(t, err)
		if i.State != reply.Sending {
			t.Fatalf("%+v", i)
		}
		server := &post{}
		box := o.outbox(server)
		ctx, stop := context.WithCancel(t.Context())
		r := &jobs.Runner{Queue: db, Handlers: map[string]jobs.Handler{reply.SendJob: box.Send}, Clock: func() time.Time { return o.clock }, Log: slog.New(slog.DiscardHandler), Poll: 5 * time.Millisecond}
		ended := make(chan struct{})
		go func() { r.Run(ctx); close(ended) }()
		for i.State != reply.Sent {
			i, err = db.Message(t.Context(), m[0].ID, complaints.Scope{All: true})
			must(t, err)
		}
		stop()
		<-ended
		if len(server.sent) != 1 || server.sent[0].ID != dead.sent[0].ID || i.Attempts != 2 {
			t.Errorf("%d attempts, %+v", len(server.sent), i)
		}
	})
}
