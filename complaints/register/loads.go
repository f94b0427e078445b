package register

import (
	"context"
	"io"
	"time"

	"github.com/google/uuid"

	"layak/complaints"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Stages of a register that came through the pages.
const (
	Previewed = "previewed" // counted; its bytes wait to be taken over
	Taken     = "taken"     // taken over; its bytes are destroyed
)

// Upload is one register that came through the pages, with what the last run had to say.
type Upload struct {
	ID        string
	Name      string // of the file
	Size      int64
	Stage     string
	Options   Options
	Map       map[string]string // columns named by hand: header → field
	Result    Result            // without its rejects
	CreatedAt time.Time
	CreatedBy string
	ExpiresAt time.Time // then the bytes are destroyed
}

// Loads keeps registers between the desk and the cases. What writes takes its audit entry.
type Loads interface {
	// AddRegister stores an upload whole, in parts of PartSize.
	AddRegister(ctx context.Context, u Upload, rejects []Reject, body io.ReaderAt, e audit.Entry) error
	// Register finds one; fault.NotFound. Registers lists the newest first.
	Register(ctx context.Context, id string) (Upload, error)
	Registers(ctx context.Context, limit int) ([]Upload, error)
	// RegisterPart reads one part, from 0; nil behind the last one.
	RegisterPart(ctx context.Context, id string, no int) ([]byte, error)
	// RegisterRejects reads the refused rows of the last run in the order of the file, at most limit (0: all).
	RegisterRejects(ctx context.Context, id string, limit int) ([]Reject, error)
	// EndRegister stores stage, result and rejects of a run and destroys the bytes.
	EndRegister(ctx context.Context, u Upload, rejects []Reject, e audit.Entry) error
	// DropRegister destroys an upload, its bytes and rejects.
	DropRegister(ctx context.Context, id string, e audit.Entry) error
}

// MaxSize is the largest register that is taken through the pages, in bytes; more goes over the
// command line.
const MaxSize = 16 << 20

// PartSize is how many bytes one stored part holds.
const PartSize = 256 << 10

// uploadLife is how long the bytes of a register wait to be taken over.
const uploadLife = 24 * time.Hour

// Reader opens a workbook as rows; whoever knows workbooks gives one.
type Reader func(name string, body io.ReaderAt, size int64, columns map[string]string) Rows

// Preview counts what a register would do and keeps it until it is taken over.
func (d *Desk) Preview(ctx context.Context, u Upload, body io.ReaderAt, read Reader) (Upload, error) {
	actor := auth.From(ctx)
	if u.Size > MaxSize {
		const large = "Berkas lebih dari 16 MB. Pecah per bulan, atau muat lewat perintah layak import complaints."
		return u, fault.New(fault.Invalid, "register_large", large).At("file", large)
	}
	u.Options.DryRun = true
	res, err := d.Load(ctx, read(u.Name, body, u.Size, u.Map), u.Options)
	if err != nil {
		return u, err
	}
	now := d.Clock()
	u.ID, u.Stage, u.CreatedAt, u.CreatedBy, u.ExpiresAt = uuid.Must(uuid.NewV7()).String(), Previewed, now, actor.Name, now.Add(uploadLife)
	u.Result = res
	u.Result.Rejects = nil
	return u, d.Store.AddRegister(ctx, u, res.Rejects, body, d.entry(actor, "register.preview", u.ID))
}

// TakeOver reads a kept register again and takes its rows over.
func (d *Desk) TakeOver(ctx context.Context, id string, read Reader) (Upload, error) {
	u, err := d.Find(ctx, id)
	if err != nil {
		return u, err
	}
	if u.Stage != Previewed {
		return u, fault.New(fault.Conflict, "register_taken", "Register ini sudah diambil alih. Lihat hasilnya di bawah.")
	}
	body := &parts{ctx: ctx, store: d.Store, id: id, size: u.Size}
	u.Options.DryRun = false
	res, err := d.Load(ctx, read(u.Name, body, u.Size, u.Map), u.Options)
	if err != nil {
		return u, err
	}
	u.Stage, u.Result = Taken, res
	u.Result.Rejects = nil
	return u, d.Store.EndRegister(ctx, u, res.Rejects, d.entry(auth.From(ctx), "register.take", id))
}

// Drop destroys a register that nobody takes over.
func (d *Desk) Drop(ctx context.Context, id string) error {
	_, err := d.Find(ctx, id)
	if err != nil {
		return err
	}
	return d.Store.DropRegister(ctx, id, d.entry(auth.From(ctx), "register.drop", id))
}

// Find gives one register that came through the pages.
func (d *Desk) Find(ctx context.Context, id string) (Upload, error) {
	err := auth.From(ctx).Require(auth.ComplaintImport)
	if err != nil {
		return Upload{}, err
	}
	return d.Store.Register(ctx, id)
}

// List gives the registers that came through the pages, the newest first.
func (d *Desk) List(ctx context.Context, limit int) ([]Upload, error) {
	err := auth.From(ctx).Require(auth.ComplaintImport)
	if err != nil {
		return nil, err
	}
	return d.Store.Registers(ctx, limit)
}

// Rejects gives the refused rows of the last run; limit 0 is all.
func (d *Desk) Rejects(ctx context.Context, id string, limit int) ([]Reject, error) {
	_, err := d.Find(ctx, id)
	if err != nil {
		return nil, err
	}
	return d.Store.RegisterRejects(ctx, id, limit)
}

// Forget destroys registers that waited too long to be taken over.
func (d *Desk) Forget(ctx context.Context) (int, error) {
	all, err := d.Store.Registers(ctx, 1000)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, u := range all {
		if u.Stage != Previewed || d.Clock().Before(u.ExpiresAt) {
			continue
		}
		err = d.Store.DropRegister(ctx, u.ID, d.entry(auth.From(ctx), "register.expire", u.ID))
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (d *Desk) entry(a auth.Actor, act, id string) audit.Entry {
	return audit.Entry{At: d.Clock(), Actor: a.Name, Act: act, Object: "register", ObjectID: id}
}

// parts reads a kept register as one file.
type parts struct {
	ctx   context.Context //nolint:containedctx // lives as long as the one run that reads
	store Loads
	id    string
	size  int64
	no    int
	part  []byte
}

// ReadAt implements io.ReaderAt for one reader at a time.
func (p *parts) ReadAt(b []byte, off int64) (int, error) {
	n := 0
	for n < len(b) {
		at := off + int64(n)
		if at >= p.size {
			return n, io.EOF
		}
		no := int(at / PartSize)
		if p.part == nil || no != p.no {
			part, err := p.store.RegisterPart(p.ctx, p.id, no)
			if err != nil {
				return n, err
			}
			if part == nil {
				return n, io.ErrUnexpectedEOF
			}
			p.no, p.part = no, part
		}
		inside := at - int64(no)*PartSize
		if inside >= int64(len(p.part)) {
			return n, io.ErrUnexpectedEOF
		}
		n += copy(b[n:], p.part[inside:])
	}
	return n, nil
}

var _ Cases = (*complaints.Service)(nil)
