package importers

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/maphash"
	"slices"
	"time"

	"github.com/google/uuid"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/fault"
)

// run is one import on its way.
type run struct {
	store Store
	o     Options
	res   Result
	books []*book
	total int
	told  time.Time
	begun time.Time
	table *table

	goneKeys []uint64
	unread   []uint64 // listed in the area, and perhaps in a row that cannot be read
	nameless int      // rows read that name no person
	coverage []eligibility.Coverage
}

// Run imports workbooks. The rows become visible all at once or not at all: on any error or when
// ctx ends the import is stored as Failed and nothing changed. Files that were published before are
// Refused with a Conflict, unless Again. A dry run counts everything and appends nothing.
//
// The result is filled as far as the run came, also beside an error.
func Run(ctx context.Context, store Store, o Options) (Result, error) {
	r := &run{store: store, o: o, table: newTable()}
	err := r.prepare()
	if err == nil {
		err = r.survey(ctx)
	}
	defer r.closeBooks()
	if err != nil {
		r.res.Status, r.res.Message = Failed, sentence(err)
		return r.res, err
	}
	release, err := store.LockImports(ctx, func() { r.progress(Progress{Phase: PhaseWaiting}, true) })
	if err != nil {
		r.res.Status, r.res.Message = Failed, sentence(err)
		return r.res, fmt.Errorf("lock imports: %w", err)
	}
	defer release()
	err = r.locked(ctx)
	return r.res, err
}

func (r *run) closeBooks() {
	for _, b := range r.books {
		if b.open != nil {
			b.open.Close()
		}
	}
}

// prepare checks the options and describes the import.
func (r *run) prepare() error {
	o := &r.o
	if o.Clock == nil {
		o.Clock = time.Now
	}
	r.begun = o.Clock()
	if o.Mode == "" {
		o.Mode = Update
	}
	imp := Import{Kind: o.Kind, Status: Running, Mode: o.Mode, Area: o.Area, AsOf: o.AsOf, StartedAt: r.begun, StartedBy: o.Actor}
	if imp.Area == "" {
		imp.Area = o.Home
	}
	for _, f := range o.Files {
		imp.Files = append(imp.Files, f.base())
	}
	r.res.Import = imp
	if err := checkOptions(*o, imp); err != nil {
		return err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("new import id: %w", err)
	}
	hash, err := hashFiles(o.Kind, o.Files)
	if err != nil {
		return err
	}
	r.res.ID, r.res.FileHash = id.String(), hash
	return nil
}

func checkOptions(o Options, imp Import) error {
	known := false
	for _, k := range eligibility.Kinds {
		known = known || k == o.Kind
	}
	switch {
	case !known:
		return fault.New(fault.Invalid, "kind_unknown", "Jenis data harus residents, welfare, atau membership.")
	case len(o.Files) == 0:
		return fault.New(fault.Invalid, "file_missing", "Pilih sedikitnya satu berkas.")
	case o.Mode != Update && o.Mode != Snapshot:
		return fault.New(fault.Invalid, "mode_unknown", "Cara impor harus update atau snapshot.")
	}
	day, err := eligibility.ParseDate(string(o.AsOf))
	if err != nil {
		return fault.New(fault.Invalid, "as_of_invalid", "Sebutkan tanggal data dengan bentuk TTTT-BB-HH, misalnya 2026-11-01.")
	}
	if day > eligibility.DateOf(o.Clock().AddDate(0, 0, 1)) {
		return fault.New(fault.Invalid, "as_of_future", "Tanggal data tidak boleh sesudah hari ini.")
	}
	if _, ok := area.Lookup(imp.Area); !ok || !o.Home.Contains(imp.Area) {
		return fault.New(fault.Invalid, "area_unknown", "Wilayah impor harus berada di dalam daerah instalasi ini. Pakai kode Kemendagri, misalnya 35.09.19.")
	}
	return nil
}

// OptionFault tells whether a run was refused for what was asked, and not for what the files hold.
func OptionFault(err error) bool {
	f := fault.As(err)
	return f != nil && slices.Contains([]string{"kind_unknown", "mode_unknown", "as_of_invalid", "as_of_future", "area_unknown",
		"map_header_unknown", "map_field_unknown"}, f.Code)
}

// locked is the part of the run that no other import may disturb.
func (r *run) locked(ctx context.Context) error {
	swept, err := r.store.SweepImports(ctx)
	if err != nil {
		r.res.Status, r.res.Message = Failed, sentence(err)
		return fmt.Errorf("sweep imports: %w", err)
	}
	r.res.Swept = swept
	before, err := r.store.PublishedWithHash(ctx, r.o.Kind, r.res.FileHash)
	if err == nil {
		var imp Import
		imp, err = r.store.StartImport(ctx, r.res.Import, r.entry("import.start"))
		if err == nil {
			r.res.Import = imp
		}
	}
	if err != nil {
		r.res.Status, r.res.Message = Failed, sentence(err)
		return fmt.Errorf("start import: %w", err)
	}
	if before != nil && !r.o.Again {
		return r.end(ctx, Refused, fault.New(fault.Conflict, "already_imported", fmt.Sprintf(
			"Berkas yang sama sudah diimpor pada %s. Tidak ada yang diubah.", before.StartedAt.In(eligibility.WIB).Format("02-01-2006 15:04"))))
	}
	err = r.work(ctx)
	if err != nil {
		return r.end(ctx, Failed, err)
	}
	if r.o.DryRun {
		return r.end(ctx, Previewed, nil)
	}
	err = r.remember(ctx)
	if err != nil {
		return r.end(ctx, Failed, err)
	}
	r.progress(Progress{Phase: PhasePublishing}, true)
	message := ""
	if r.o.Mode == Snapshot && r.unnamed() {
		message = unnamedMessage
	}
	r.finish(Published, message)
	err = r.store.PublishImport(ctx, r.res.Import, r.coverage, r.entry("import.publish"))
	if err != nil {
		return r.end(ctx, Failed, fmt.Errorf("publish import %s: %w", r.res.ID, err))
	}
	r.progress(Progress{Phase: PhaseDone, Rows: r.total}, true)
	return nil
}

func (r *run) work(ctx context.Context) error {
	err := r.read(ctx)
	if err != nil {
		return err
	}
	r.progress(Progress{Phase: PhaseComparing}, true)
	err = r.dropConflicts(ctx)
	if err == nil {
		err = r.keepUnread(ctx)
	}
	if err != nil {
		return err
	}
	if r.o.Mode == Snapshot {
		err = r.compareSnapshot(ctx)
	} else {
		err = r.confirm(ctx)
	}
	if err == nil {
		err = r.saveGaps(ctx)
	}
	if err == nil {
		err = ctx.Err() // whoever cancelled so late still expects nothing to be published
	}
	return err
}

// finish puts the last figures into the import.
func (r *run) finish(s Status, message string) {
	now := r.o.Clock()
	r.res.Status, r.res.Message, r.res.FinishedAt = s, message, &now
	r.res.Seconds = now.Sub(r.begun).Seconds()
}

// end stores an import that is not published. It works with a cancelled ctx too: the failure is
// what must be recorded then.
func (r *run) end(ctx context.Context, s Status, cause error) error {
	r.finish(s, sentence(cause))
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	err := r.store.EndImport(ctx, r.res.Import, r.entry("import.end"))
	if cause != nil {
		return cause
	}
	if err != nil {
		return fmt.Errorf("end import %s: %w", r.res.ID, err)
	}
	return nil
}

// sentence is what a person reads about a failure.
func sentence(err error) string {
	if err == nil {
		return ""
	}
	if e := fault.As(err); e != nil {
		return e.Message
	}
	return "Impor berhenti karena gangguan; data kependudukan tidak berubah. Coba lagi, lalu hubungi administrator bila tetap gagal."
}

func (r *run) entry(act string) audit.Entry {
	payload, _ := json.Marshal(r.res.Import) // a struct of plain values always marshals
	return audit.Entry{At: r.o.Clock(), Actor: r.o.Actor, Act: act, Object: "import", ObjectID: r.res.ID, Payload: payload}
}

// progress tells where the run stands, at most five times a second unless now.
func (r *run) progress(p Progress, now bool) {
	if r.o.Progress == nil || !now && time.Since(r.told) < 200*time.Millisecond {
		return
	}
	r.told = time.Now()
	p.Total = r.total
	r.o.Progress(p)
}

func (r *run) reject(rows ...Reject) {
	for _, rej := range rows {
		if len(r.res.Rejects) < maxListed {
			r.res.Rejects = append(r.res.Rejects, rej)
		}
	}
}

func (r *run) warn(rows []Reject) {
	r.res.Warnings += len(rows)
	for _, w := range rows {
		if len(r.res.WarningsList) < maxListed {
			r.res.WarningsList = append(r.res.WarningsList, w)
		}
	}
}

// newParser makes the parser of one sheet.
func (r *run) newParser(w *workbook, l *layout, scan *sheetScan, places *placer, seed maphash.Seed) *parser {
	return &parser{kind: r.o.Kind, mode: r.o.Mode, asOf: r.o.AsOf, area: r.res.Area, fill: r.fill(),
		date04: w.date04, l: l, scan: scan, places: places, seed: seed}
}
