package complaints

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
	"unicode"

	"layak/eligibility"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Bounds of an attachment.
const (
	MaxAttachment   = 10 << 20   // bytes as uploaded
	AttachmentChunk = 256 << 10  // bytes of one stored part
	maxPixels       = 60_000_000 // a 50 megapixel telephone photo passes
	maxSide         = 20_000     // pixels
)

// Attachment is a photo or paper of a case, without its content.
type Attachment struct {
	ID      string    `json:"id"`
	Ticket  Ticket    `json:"-"`
	Name    string    `json:"name"` // base name, ending by what the content is
	Kind    string    `json:"kind"` // image/jpeg, image/png, image/webp or application/pdf
	Size    int       `json:"size"` // bytes as stored
	SHA256  string    `json:"sha256"`
	Width   int       `json:"width,omitempty"` // pixels as shown; 0 for a PDF
	Height  int       `json:"height,omitempty"`
	AddedAt time.Time `json:"added_at"`
	AddedBy string    `json:"added_by"`

	Persons []eligibility.NIK `json:"-"` // patients of the case, for the trail
}

// Attach adds a photo or PDF of at most MaxAttachment bytes to a case. The content decides what it
// is, not the name; everything in a picture that is not the picture (place, time, telephone,
// thumbnail, comments) is removed, except how it is turned. fault.Invalid says what is wrong.
func (s *Service) Attach(ctx context.Context, t Ticket, name string, from io.Reader) (Attachment, error) {
	actor := auth.From(ctx)
	move, _ := MoveOf(AttachEvent)
	err := actor.Require(move.Who)
	if err != nil {
		return Attachment{}, err
	}
	c, err := s.Store.Complaint(ctx, t, ScopeOf(actor))
	if err != nil {
		return Attachment{}, err
	}
	if _, _, err = move.goal(c); err != nil {
		return Attachment{}, err
	}
	if len(c.Attachments) >= mostFilesEach {
		return Attachment{}, fault.New(fault.Conflict, "attachments_many", "Aduan ini sudah memuat 40 berkas. Buat aduan baru bila masih ada.")
	}
	raw, err := io.ReadAll(io.LimitReader(from, MaxAttachment+1))
	if err != nil {
		return Attachment{}, fmt.Errorf("read attachment of %s: %w", t, err)
	}
	clean, err := sanitize(raw)
	if err != nil {
		return Attachment{}, err
	}
	a := clean.describe(name, actor.Name, s.now())
	e := newEvent(AttachEvent, actor, a.AddedAt)
	// The state stays: a paper alone does not begin the work and does not make open forms stale.
	e.From, e.To, e.Public = c.State, c.State, move.Public
	change := Change{Complaint: c, Event: e}
	change.Complaint.UpdatedAt = e.At
	err = change.with(AttachData{Attachment: a.ID, Kind: a.Kind, Size: a.Size, SHA256: a.SHA256})
	if err != nil {
		return Attachment{}, err
	}
	err = change.trail(actor, c.Patients)
	if err != nil {
		return Attachment{}, err
	}
	a.Ticket = t
	return a, s.Store.AddAttachment(ctx, change, a, clean.content)
}

// Attachment gives a file of a case in the actor's scope and records the view. The reader fails at
// the end when the stored bytes are not those that were added.
func (s *Service) Attachment(ctx context.Context, id string) (Attachment, io.Reader, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintRead)
	if err != nil {
		return Attachment{}, nil, err
	}
	a, err := s.Store.Attachment(ctx, id, ScopeOf(actor))
	if err != nil {
		return Attachment{}, nil, err
	}
	of := a.Persons
	if len(of) == 0 {
		of = []eligibility.NIK{""}
	}
	err = s.viewed(ctx, actor, "attachment.view", "attachment", a.ID, of)
	if err != nil {
		return Attachment{}, nil, err
	}
	return a, &chunks{ctx: ctx, store: s.Store, of: a}, nil
}

// chunks reads an attachment part by part.
type chunks struct {
	ctx   context.Context
	store Store
	of    Attachment
	no    int
	rest  []byte
	hash  interface {
		io.Writer
		Sum([]byte) []byte
	}
}

var errDamaged = errors.New("stored bytes are not those that were added")

func (r *chunks) Read(p []byte) (int, error) {
	if r.hash == nil {
		r.hash = sha256.New()
	}
	if len(r.rest) == 0 {
		part, err := r.store.AttachmentChunk(r.ctx, r.of.ID, r.no)
		if err != nil {
			return 0, err
		}
		if part == nil {
			if hex.EncodeToString(r.hash.Sum(nil)) != r.of.SHA256 {
				return 0, fmt.Errorf("read attachment %s: %w", r.of.ID, errDamaged)
			}
			return 0, io.EOF
		}
		_, _ = r.hash.Write(part) // a hash never fails
		r.rest, r.no = part, r.no+1
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// sanitized is a file after its metadata were removed.
type sanitized struct {
	kind          string
	content       []byte
	width, height int
}

// endings are the endings of names by kind.
var endings = map[string]string{
	"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "application/pdf": ".pdf",
}

func (f sanitized) describe(name, by string, now time.Time) Attachment {
	sum := sha256.Sum256(f.content)
	return Attachment{
		ID: newID(), Name: fileName(name, f.kind), Kind: f.kind, Size: len(f.content),
		SHA256: hex.EncodeToString(sum[:]), Width: f.width, Height: f.height, AddedAt: now, AddedBy: by,
	}
}

// fileName keeps the base of an uploaded name without signs that a file system or a header line
// could trip over, and gives it the ending of what the content is.
func fileName(name, kind string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.TrimSuffix(name, path.Ext(name))
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" -_()", r) {
			return r
		}
		return -1
	}, name)
	short := []rune(line(name))
	if len(short) > 80 {
		short = short[:80]
	}
	if len(short) == 0 {
		short = []rune("berkas")
	}
	return string(short) + endings[kind]
}
