package importers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/google/uuid"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/fault"
)

// uploadLife is how long a workbook that nobody touches is kept.
const uploadLife = 24 * time.Hour

// IntakeStore keeps the registry and the workbooks on their way to it.
type IntakeStore interface {
	Store
	UploadStore
}

// Intake takes workbooks from the pages: they are kept in the store, so that any process may count
// and publish them, and a person sees the truth when one of the processes dies.
type Intake struct {
	Store IntakeStore
	Home  area.Code
	Clock eligibility.Clock

	wake chan struct{} // a hint that something was ordered in this process
}

// NewIntake makes an intake. clock nil is the clock of the machine.
func NewIntake(store IntakeStore, home area.Code, clock eligibility.Clock) *Intake {
	if clock == nil {
		clock = time.Now
	}
	return &Intake{Store: store, Home: home, Clock: clock, wake: make(chan struct{}, 1)}
}

// NewUpload is a workbook as it comes from a form.
type NewUpload struct {
	Name string
	Size int64
	Kind eligibility.Kind
	AsOf eligibility.Date
	Body io.ReaderAt
}

var (
	errUploadGone  = fault.New(fault.Conflict, "upload_moved", "Unggahan ini baru saja dilanjutkan orang lain. Lihat keadaannya yang terbaru, lalu ulangi bila perlu.")
	errUploadNoGo  = fault.New(fault.Conflict, "upload_not_previewed", "Pratinjau belum selesai, jadi data belum dapat diterbitkan.")
	errUploadLarge = fault.New(fault.Invalid, "upload_too_large", fmt.Sprintf("Berkas ini lebih besar dari %d MB. Bagi menjadi beberapa berkas, atau minta administrator memuatnya dari server.", MaxUpload>>20))
)

func (in *Intake) entry(actor, act, id string) audit.Entry {
	return audit.Entry{At: in.Clock(), Actor: actor, Act: act, Object: "upload", ObjectID: id}
}

// Add keeps a workbook, once it is sure that its columns can be shown.
func (in *Intake) Add(ctx context.Context, n NewUpload, actor string) (Upload, error) {
	now := in.Clock()
	u := Upload{
		ID: uuid.Must(uuid.NewV7()).String(), Name: baseName(n.Name), Size: n.Size, Kind: n.Kind, Stage: StageReceiving,
		Settings: UploadSettings{AsOf: n.AsOf, Mode: Update}, BeatAt: now, CreatedAt: now, CreatedBy: actor, ExpiresAt: now.Add(uploadLife),
	}
	err := in.check(ctx, &u, n)
	if err != nil {
		return Upload{}, err
	}
	err = in.Store.AddUpload(ctx, u, in.entry(actor, "upload.create", u.ID))
	if err != nil {
		return Upload{}, fmt.Errorf("add upload: %w", err)
	}
	buf := make([]byte, UploadChunk)
	for no, at := 0, int64(0); at < n.Size; no++ {
		k, err := n.Body.ReadAt(buf[:min(int64(len(buf)), n.Size-at)], at)
		if err != nil && !errors.Is(err, io.EOF) {
			return Upload{}, fmt.Errorf("read upload: %w", err)
		}
		at += int64(k)
		err = in.Store.AppendUpload(ctx, u.ID, no, buf[:k])
		if err != nil {
			return Upload{}, fmt.Errorf("keep part %d of upload %s: %w", no, u.ID, err)
		}
	}
	was := u
	u.Stage = StageColumns
	return u, in.move(ctx, was, u, nil)
}

// check refuses what could never be imported, beside the field that it is about.
func (in *Intake) check(ctx context.Context, u *Upload, n NewUpload) error {
	if n.Size > MaxUpload {
		return errUploadLarge.At("file", errUploadLarge.Message)
	}
	o := in.options(*u, File{Name: u.Name, Reader: n.Body, Size: n.Size})
	err := checkOptions(o, Import{Area: in.Home})
	if err != nil {
		return beside(err)
	}
	u.FileHash, err = hashFiles(o.Kind, o.Files)
	if err != nil {
		return err
	}
	u.Summary.Columns, err = Columns(ctx, o.Files[0], o.Kind, nil)
	if err != nil {
		return beside(err)
	}
	u.Settings.Map, err = in.remembered(ctx, o.Kind, u.Summary.Columns)
	if err != nil || len(u.Settings.Map) == 0 {
		return err
	}
	u.Summary.Columns, err = Columns(ctx, o.Files[0], o.Kind, u.Settings.Map)
	return beside(err)
}

// remembered finds the columns that somebody named by hand before for the same headers.
func (in *Intake) remembered(ctx context.Context, kind eligibility.Kind, columns []Column) (map[string]eligibility.Field, error) {
	headers := map[string][]string{}
	for _, c := range columns {
		headers[c.Sheet] = append(headers[c.Sheet], c.Header)
	}
	out := map[string]eligibility.Field{}
	for _, texts := range headers {
		m, err := in.Store.Mapping(ctx, headersHash(kind, texts))
		if err != nil {
			return nil, err
		}
		for _, t := range texts {
			if f, ok := m[fold(t)]; ok {
				out[t] = f
			}
		}
	}
	return out, nil
}

// beside puts the sentence of a fault next to the field of the form.
func beside(err error) error {
	f := fault.As(err)
	if f == nil || f.Kind != fault.Invalid || len(f.Fields) > 0 {
		return err
	}
	field := map[string]string{"kind_unknown": "kind", "as_of_invalid": "as_of", "as_of_future": "as_of", "area_unknown": "area", "mode_unknown": "mode"}[f.Code]
	if field == "" {
		field = "file"
	}
	return f.At(field, f.Message)
}

func (in *Intake) options(u Upload, f File) Options {
	s := u.Settings
	return Options{
		Kind: u.Kind, Files: []File{f}, AsOf: s.AsOf, Mode: s.Mode, Area: s.Area, Map: s.Map,
		Again: s.Again, ConfirmGone: s.ConfirmGone, Home: in.Home, Clock: in.Clock,
	}
}

// baseName keeps the last element of a name that a browser sent, without control characters.
func baseName(name string) string {
	name = path.Base(strings.ReplaceAll(clean(name), `\`, "/"))
	if name == "." || name == "/" || name == "" {
		name = "tanpa-nama.xlsx"
	}
	return cut(name, 150)
}

func (in *Intake) move(ctx context.Context, was, u Upload, e *audit.Entry) error {
	moved, err := in.Store.MoveUpload(ctx, was, u, e)
	if err != nil {
		return fmt.Errorf("move upload %s: %w", u.ID, err)
	}
	if !moved {
		return errUploadGone
	}
	return nil
}

// Preview orders a count under the settings. The registry is not touched.
func (in *Intake) Preview(ctx context.Context, id string, s UploadSettings, actor string) error {
	u, err := in.Find(ctx, id)
	if err != nil {
		return err
	}
	if u.Running() || u.Stage == StagePublished || u.Stage == StageReceiving {
		return errUploadGone
	}
	was := u
	u.Settings = s
	err = checkOptions(in.options(u, File{}), Import{Area: orHome(s.Area, in.Home)})
	if err != nil {
		return beside(err)
	}
	return in.order(ctx, was, u, StagePreviewOrdered, actor, "upload.preview")
}

// Publish orders what was previewed to be made visible. again accepts a file that was published
// before, confirmGone that many people leave the registry.
func (in *Intake) Publish(ctx context.Context, id string, again, confirmGone bool, actor string) error {
	u, err := in.Find(ctx, id)
	if err != nil {
		return err
	}
	if u.Stage != StagePreviewed {
		return errUploadNoGo
	}
	was := u
	u.Settings.Again, u.Settings.ConfirmGone = again, confirmGone
	return in.order(ctx, was, u, StagePublishOrdered, actor, "upload.publish")
}

func (in *Intake) order(ctx context.Context, was, u Upload, to Stage, actor, act string) error {
	now := in.Clock()
	u.Stage, u.Run, u.BeatAt, u.ExpiresAt = to, was.Run+1, now, now.Add(uploadLife)
	u.Settings.By, u.Settings.OrderedAt = actor, now.Truncate(time.Microsecond) // as imports keep their times
	u.Progress = Progress{}
	u.Summary.Code, u.Summary.Message = "", ""
	e := in.entry(actor, act, u.ID)
	err := in.move(ctx, was, u, &e)
	if err != nil {
		return err
	}
	select {
	case in.wake <- struct{}{}:
	default:
	}
	return nil
}

// Drop destroys an upload that is not being worked on.
func (in *Intake) Drop(ctx context.Context, id, actor string) error {
	u, err := in.Find(ctx, id)
	if err != nil {
		return err
	}
	if u.Running() {
		return errUploadGone
	}
	return in.Store.DropUpload(ctx, id, in.entry(actor, "upload.drop", id))
}

// Find reads an upload as it truly is: one whose process died is shown as stopped.
func (in *Intake) Find(ctx context.Context, id string) (Upload, error) {
	u, err := in.Store.Upload(ctx, id)
	if err != nil {
		return u, err
	}
	return in.settle(ctx, u)
}

// Pending lists uploads that are neither published nor given up.
func (in *Intake) Pending(ctx context.Context) ([]Upload, error) {
	all, err := in.Store.Uploads(ctx)
	if err != nil {
		return nil, fmt.Errorf("list uploads: %w", err)
	}
	var out []Upload
	for _, u := range all {
		u, err = in.settle(ctx, u)
		if err != nil {
			return nil, err
		}
		if u.Stage != StagePublished && u.Stage != StageReceiving {
			out = append(out, u)
		}
	}
	return out, nil
}

// Rollback hides a published import again.
func (in *Intake) Rollback(ctx context.Context, id, actor string) (Import, error) {
	return in.Store.RollbackImport(ctx, id, audit.Entry{At: in.Clock(), Actor: actor, Act: "import.rollback", Object: "import", ObjectID: id})
}

// WriteRejects writes all rejected rows of an import as a workbook, which goes on record because
// the rows may name people.
func (in *Intake) WriteRejects(ctx context.Context, id, actor string, out io.Writer) error {
	rows, err := in.Store.Rejects(ctx, id, 0)
	if err != nil {
		return err
	}
	err = in.Store.Record(ctx, audit.Entry{At: in.Clock(), Actor: actor, Act: "import.rejects", Object: "import", ObjectID: id})
	if err != nil {
		return err
	}
	return WriteRejects(out, rows)
}

func orHome(a, home area.Code) area.Code {
	if a == "" {
		return home
	}
	return a
}
