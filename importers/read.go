package importers

import (
	"context"
	"fmt"
	"hash/maphash"

	"layak/eligibility"
)

const batchRows = 1000

// rawBatch carries rows from the reader, parsedBatch from the parser; both belong to one sheet.
type rawBatch struct {
	sheet  int
	parser *parser
	rows   []sheetRow
	tail   int // empty rows behind the last one, on the last batch of a sheet
}

type parsedBatch struct {
	sheet int
	l     *layout
	rows  []parsed
	tail  int
}

// read streams all sheets through three steps that run beside each other: excelize unpacks, the
// parser normalises, and this goroutine compares with the store and appends.
func (r *run) read(parent context.Context) error {
	ctx, stop := context.WithCancel(parent)
	defer stop()
	raw := make(chan rawBatch, 4)
	ready := make(chan parsedBatch, 4)
	failed := make(chan error, 1)
	go func() {
		defer close(raw)
		failed <- r.readBooks(ctx, raw)
	}()
	go func() {
		defer close(ready)
		for b := range raw {
			out := parsedBatch{sheet: b.sheet, l: b.parser.l, tail: b.tail, rows: make([]parsed, len(b.rows))}
			for i := range b.rows {
				b.parser.parse(b.rows[i], &out.rows[i])
			}
			select {
			case ready <- out:
			case <-ctx.Done():
			}
		}
	}()
	var err error
	for b := range ready {
		if err == nil {
			err = r.take(ctx, b)
		}
		if err != nil {
			stop() // the others end by themselves; ready is drained until they have
		}
	}
	readErr := <-failed
	if err == nil {
		err = readErr
	}
	if err == nil {
		err = parent.Err() // a batch may have been dropped on the way
	}
	r.closeFeet()
	return err
}

// readBooks reads the sheets that carry the kind, one workbook after the other.
func (r *run) readBooks(ctx context.Context, out chan<- rawBatch) error {
	places, seed := newPlacer(r.o.Home), maphash.MakeSeed()
	for _, b := range r.books {
		w := b.open
		if w == nil {
			var err error
			w, err = openWorkbook(b.file)
			if err != nil {
				return err
			}
		}
		err := r.readBook(ctx, b, w, places, seed, out)
		w.Close()
		b.open = nil
		if err != nil {
			return named(err, b.file.base())
		}
	}
	return nil
}

func (r *run) readBook(ctx context.Context, b *book, w *workbook, places *placer, seed maphash.Seed, out chan<- rawBatch) error {
	for _, s := range w.sheets {
		l := b.layouts[s.name]
		if l == nil {
			continue
		}
		at := l.id
		p := r.newParser(w, l, s.scan, places, seed)
		batch := rawBatch{sheet: at, parser: p}
		send := func() error {
			select {
			case out <- batch:
				batch = rawBatch{sheet: at, parser: p, rows: make([]sheetRow, 0, batchRows)}
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		err := w.readRows(ctx, s, func(row sheetRow) (bool, error) {
			if row.n <= l.headerRow {
				return true, nil
			}
			batch.rows = append(batch.rows, row)
			if len(batch.rows) < batchRows {
				return true, nil
			}
			return true, send()
		})
		if err != nil {
			return err
		}
		batch.tail = s.scan.tail
		err = send()
		if err != nil {
			return err
		}
	}
	return nil
}

// take counts a batch, finds duplicates, compares the rest with the store and appends.
func (r *run) take(ctx context.Context, b parsedBatch) error {
	if b.sheet != r.table.sheet {
		r.closeFeet()
		r.table.sheet = b.sheet
	}
	r.res.Skipped += b.tail
	var rejects []Reject
	fresh := make([]*parsed, 0, len(b.rows))
	for i := range b.rows {
		row := &b.rows[i]
		switch row.class {
		case skipRow:
			r.res.Skipped++
			continue
		case footRow:
			r.table.feet = append(r.table.feet, row.problems...)
			continue
		}
		rejects = append(rejects, r.lonely()...)
		r.res.Read++
		if len(row.problems) > 0 {
			r.res.Rejected++
			if row.key == 0 {
				r.nameless++
			}
			rejects = append(rejects, row.problems...)
			r.table.protect(row)
			rejects = append(rejects, r.repeated(row, b.sheet, true)...)
			continue
		}
		more := r.repeated(row, b.sheet, false)
		rejects = append(rejects, more...)
		if row.key != 0 {
			fresh = append(fresh, row)
		}
	}
	more, err := r.apply(ctx, fresh)
	if err != nil {
		return err
	}
	rejects = append(rejects, more...)
	r.progress(Progress{Phase: PhaseReading, File: b.l.file, Sheet: b.l.sheet, Rows: r.res.Read}, false)
	return r.saveRejects(ctx, rejects)
}

func (r *run) saveRejects(ctx context.Context, rejects []Reject) error {
	if len(rejects) == 0 {
		return nil
	}
	r.reject(rejects...)
	err := r.store.SaveRejects(ctx, r.res.Import, rejects)
	if err != nil {
		return fmt.Errorf("save rejects: %w", err)
	}
	return nil
}

// lonely turns texts without a NIK that stood between persons into rejected rows: they were
// persons whose NIK is missing, not a signature below the list.
func (r *run) lonely() []Reject {
	feet := r.table.feet
	r.table.feet = nil
	r.res.Read += len(feet)
	r.res.Rejected += len(feet)
	r.nameless += len(feet)
	return feet
}

// closeFeet counts what is left behind the last person of a sheet as skipped.
func (r *run) closeFeet() {
	r.res.Skipped += len(r.table.feet)
	r.table.feet = nil
}

// apply compares rows with what is stored and appends new and changed ones.
func (r *run) apply(ctx context.Context, fresh []*parsed) ([]Reject, error) {
	niks := make([]eligibility.NIK, 0, len(fresh))
	for _, row := range fresh {
		if !r.table.at(row.key).conflict {
			niks = append(niks, RowKey(&row.rec))
		}
	}
	if len(niks) == 0 {
		return nil, nil
	}
	stored, err := r.store.StoredRows(ctx, r.o.Kind, niks)
	if err != nil {
		return nil, fmt.Errorf("look up stored rows: %w", err)
	}
	versions := make([]Version, 0, len(niks))
	var rejects []Reject
	for _, row := range fresh {
		e := r.table.at(row.key)
		if e.conflict {
			continue
		}
		old, exists := stored[RowKey(&row.rec)]
		if !exists {
			if missing := r.incomplete(row, e); missing != nil {
				r.res.Rejected++
				e.state = stateBad
				r.table.protect(row)
				rejects = append(rejects, missing...)
				continue
			}
		}
		v, state := r.compare(row, old, exists)
		e.state, e.group = state, r.table.groupOf(r.group(&v.Record))
		r.warn(row.warnings)
		if r.count(state, 1); state == stateNew || state == stateChanged {
			versions = append(versions, v)
		}
	}
	return rejects, r.append(ctx, versions)
}

// append writes versions under the import, where nobody sees them yet; a dry run writes none.
func (r *run) append(ctx context.Context, versions []Version) error {
	if r.o.DryRun || len(versions) == 0 {
		return nil
	}
	err := r.store.AppendRows(ctx, r.res.Import, versions)
	if err != nil {
		return fmt.Errorf("append rows: %w", err)
	}
	return nil
}

// compare tells what a row does to the stored one.
func (r *run) compare(row *parsed, old Stored, exists bool) (Version, state) {
	switch {
	case !exists:
		return Version{Record: row.rec}, stateNew
	case old.AsOf > r.o.AsOf:
		return Version{Record: old.Record}, stateOlder
	}
	merged := merge(&old.Record, &row.rec, r.o.Mode)
	switch {
	case merged.Values != old.Record.Values || old.Gone:
		return Version{Record: merged}, stateChanged
	case old.AsOf < r.o.AsOf:
		return Version{Record: merged}, stateStale
	}
	return Version{Record: merged}, stateSame
}

// incomplete tells what a person lacks who is not in the registry yet. Others keep what is stored.
func (r *run) incomplete(row *parsed, e *entry) []Reject {
	if r.o.Kind != eligibility.Residents {
		return nil
	}
	l := r.table.sheets[e.sheet]
	var out []Reject
	add := func(code string, col int) {
		rej := Reject{File: l.file, Sheet: l.sheet, Row: row.n, Code: code, Reason: reasonOf[code]}
		if col >= 0 {
			rej.Column = l.texts[col]
		}
		out = append(out, rej)
	}
	if row.rec.Values[eligibility.FieldName] == "" {
		add(nameMissing, l.plain[eligibility.FieldName])
	}
	if row.rec.Values[eligibility.FieldRegency] == "" {
		add(areaMissing, max(l.name[3], l.code[3]))
	}
	return out
}
