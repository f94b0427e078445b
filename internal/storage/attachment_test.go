package storage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/png"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"layak/complaints"
	"layak/internal/fault"
)

// noisy is a picture of more than one stored part.
func noisy(t testing.TB) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 500, 400))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range m.Pix {
		m.Pix[i] = byte(r.Uint32())
	}
	var b bytes.Buffer
	must(t, png.Encode(&b, m))
	return b.Bytes()
}

func TestAttachmentComesBack(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c := o.file(t, o.mangli, o.sri)
		raw := noisy(t)
		a, err := o.Attach(o.mangli, c.Ticket, "KTP.jpg", bytes.NewReader(raw))
		must(t, err)
		if a.Kind != "image/png" || a.Name != "KTP.png" || a.Width != 500 || a.Size < 2*complaints.AttachmentChunk {
			t.Fatalf("stored as %+v", a)
		}
		got, from, err := o.Attachment(o.mangli, a.ID)
		must(t, err)
		content, err := io.ReadAll(from)
		must(t, err)
		sum := sha256.Sum256(content)
		if len(content) != a.Size || hex.EncodeToString(sum[:]) != a.SHA256 || got.Name != a.Name || got.Ticket != c.Ticket {
			t.Errorf("comes back as %+v, %d bytes", got, len(content))
		}
		if n := o.trail(t, a.ID)["attachment.view"]; n != 1 {
			t.Errorf("%d entries for the view, want 1", n)
		}
		after, err := o.Complaint(o.mangli, c.Ticket)
		must(t, err)
		if len(after.Attachments) != 1 || after.Version != c.Version || after.Events[1].Type != complaints.AttachEvent || after.State != c.State {
			t.Errorf("case after the paper: %+v", after)
		}
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.RegisterEvent, Through: "e_dabu", Proof: a.ID})
		if c.Registrations[0].Proof != a.ID {
			t.Errorf("registration %+v", c.Registrations)
		}
	})
}

func TestAttachmentsThatAreRefusedLeaveNothing(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c := o.file(t, o.silo, "")
		cases := []struct {
			name string
			ctx  context.Context
			from io.Reader
			kind fault.Kind
			code string
		}{
			{"a script", o.silo, strings.NewReader("#!/bin/sh"), fault.Invalid, "file_kind"},
			{"larger than 10 MB, of no end", o.silo, endless{}, fault.Invalid, "file_large"},
			{"outside the scope", o.mangli, bytes.NewReader(noisy(t)), fault.NotFound, "complaint_unknown"},
			{"an auditor", o.watch, bytes.NewReader(noisy(t)), fault.Forbidden, "not_allowed"},
		}
		for _, k := range cases {
			t.Run(k.name, func(t *testing.T) {
				_, err := o.Attach(k.ctx, c.Ticket, "foto.jpg", k.from)
				wantKind(t, err, k.kind, k.code)
			})
		}
		var n int
		must(t, db.reads().get(context.Background(), &n, `SELECT COUNT(*) FROM attachment_chunk`))
		if n != 0 {
			t.Errorf("%d parts stored", n)
		}
	})
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestAttachmentOutsideTheScopeIsNotThere(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c := o.file(t, o.silo, "")
		a, err := o.Attach(o.silo, c.Ticket, "foto.png", bytes.NewReader(noisy(t)))
		must(t, err)
		_, _, err = o.Attachment(o.mangli, a.ID)
		wantKind(t, err, fault.NotFound, "attachment_unknown")
		_, _, err = o.Attachment(o.silo, "no such")
		wantKind(t, err, fault.NotFound, "attachment_unknown")
	})
}

func TestDamagedAttachmentIsNoticed(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c := o.file(t, o.silo, "")
		a, err := o.Attach(o.silo, c.Ticket, "foto.png", bytes.NewReader(noisy(t)))
		must(t, err)
		must(t, db.write(context.Background(), func(tx *tx) error {
			_, err := tx.exec(context.Background(), `DELETE FROM attachment_chunk WHERE attachment_id = ? AND no = 1`, a.ID)
			return err
		}))
		_, from, err := o.Attachment(o.silo, a.ID)
		must(t, err)
		_, err = io.ReadAll(from)
		if err == nil || !strings.Contains(err.Error(), "not those that were added") {
			t.Errorf("half a photo is given out: %v", err)
		}
	})
}
