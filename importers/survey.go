package importers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"sort"
	"strings"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/fault"
)

// book is a workbook whose sheets were understood. With one file it stays open; with many they
// are opened again one by one, so that only one is in memory.
type book struct {
	file    File
	open    *workbook
	layouts map[string]*layout // by sheet name; sheets that do not carry the kind are missing
	scans   map[string]*sheetScan
}

// survey looks at every workbook before anything is locked or stored, so that a file which cannot
// be read changes nothing.
func (r *run) survey(ctx context.Context) error {
	hand := foldMap(r.o.Map)
	for _, f := range r.o.Files {
		r.progress(Progress{Phase: PhaseOpening, File: f.base()}, true)
		w, err := openWorkbook(f)
		if err != nil {
			return err
		}
		b, err := r.understand(ctx, f, w, hand)
		if err == nil && len(r.o.Files) == 1 {
			b.open = w
		} else {
			w.Close()
		}
		if err != nil {
			return named(err, f.base())
		}
		r.books = append(r.books, b)
	}
	return r.checkMap(hand)
}

// understand finds the layout of every sheet; at least one must carry the kind.
func (r *run) understand(ctx context.Context, f File, w *workbook, hand map[string]eligibility.Field) (*book, error) {
	b := &book{file: f, layouts: map[string]*layout{}, scans: map[string]*sheetScan{}}
	var first error
	for _, s := range w.sheets {
		b.scans[s.name] = s.scan
		l, err := r.layout(ctx, w, s, hand)
		if err != nil && !fault.Is(err, fault.Invalid) {
			return nil, err
		}
		if e := fault.As(err); e != nil && (e.Code == "status_ambiguous" || e.Code == "workbook_truncated") {
			return nil, err
		}
		if err != nil && first == nil {
			first = err
		}
		if l == nil {
			r.res.Left = append(r.res.Left, fmt.Sprintf("lembar %q", s.name))
			continue
		}
		b.layouts[s.name] = l
		l.id = len(r.table.sheets)
		r.table.sheets = append(r.table.sheets, l)
		r.total += max(0, s.scan.lastRow-l.headerRow)
		r.res.Columns = append(r.res.Columns, l.columns...)
		r.res.Left = append(r.res.Left, l.left...)
	}
	if len(b.layouts) == 0 {
		return nil, first
	}
	return b, nil
}

// layout understands one sheet, with the columns that were named by hand now or for the same
// headers before. nil without an error means an empty sheet.
func (r *run) layout(ctx context.Context, w *workbook, s sheet, hand map[string]eligibility.Field) (*layout, error) {
	rows, err := w.sample(ctx, s)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	h, ok := findHeader(rows, hand)
	saved, err := r.saved(ctx, rows, h, ok)
	if err != nil {
		return nil, err
	}
	if len(saved) > 0 {
		both := maps.Clone(saved)
		maps.Copy(both, hand)
		hand = both
		h, ok = findHeader(rows, hand)
	}
	if !ok {
		return nil, errNoHeader(r.o.Kind, s.name, rows)
	}
	l := newLayout(r.o.Kind, w.name, s.name, h, rows, hand)
	if !l.hasKey(r.o.Kind) {
		return nil, errNoNIK(r.o.Kind, s.name, h)
	}
	if err := l.unsure(); err != nil {
		return nil, err
	}
	if !l.carriesKind() {
		return nil, errNotKind(r.o.Kind, s.name)
	}
	if r.fill() != "" && !l.hasArea() {
		for _, f := range []eligibility.Field{eligibility.FieldProvince, eligibility.FieldRegency, eligibility.FieldDistrict, eligibility.FieldVillage} {
			l.has |= 1 << f
		}
	}
	return l, nil
}

// saved finds a mapping that was named by hand for the same headers. When no header was recognised
// any of the first rows may be the one that a person explained before.
func (r *run) saved(ctx context.Context, rows []sheetRow, h header, ok bool) (map[string]eligibility.Field, error) {
	if ok {
		return r.store.Mapping(ctx, headersHash(r.o.Kind, h.texts))
	}
	for _, row := range rows[:min(len(rows), 20)] {
		m, err := r.store.Mapping(ctx, headersHash(r.o.Kind, cleanAll(row.cells)))
		if err != nil || len(m) > 0 {
			return m, err
		}
	}
	return nil, nil
}

// fill is the place of people in a residents sheet without any area column: the district or
// village that the command names. A regency would be a guess about every row.
func (r *run) fill() area.Code {
	if r.o.Kind == eligibility.Residents && r.o.Area.Level() >= area.District {
		return r.o.Area
	}
	return ""
}

// checkMap refuses a mapping of a header that no sheet has.
func (r *run) checkMap(hand map[string]eligibility.Field) error {
	for wanted, f := range r.o.Map {
		found := false
		for _, b := range r.books {
			for _, l := range b.layouts {
				for _, t := range l.texts {
					found = found || fold(t) == fold(wanted)
				}
			}
		}
		if !found {
			return fault.New(fault.Invalid, "map_header_unknown", fmt.Sprintf("Kolom %q tidak ada di berkas. Tulis judul kolom persis seperti di lembarnya.", wanted))
		}
		if !belongs(f, r.o.Kind) {
			return fault.New(fault.Invalid, "map_field_unknown", fmt.Sprintf("Kolom %q diberi arti %q yang bukan bagian dari data %s.", wanted, f, kindName(r.o.Kind)))
		}
	}
	return nil
}

// remember keeps what was named by hand for the next file with the same headers.
func (r *run) remember(ctx context.Context) error {
	hand := foldMap(r.o.Map)
	for _, b := range r.books {
		for _, l := range b.layouts {
			mine := map[string]eligibility.Field{}
			for _, t := range l.texts {
				if f, ok := hand[fold(t)]; ok {
					mine[fold(t)] = f
				}
			}
			if len(mine) == 0 {
				continue
			}
			err := r.store.SaveMapping(ctx, l.hash, mine)
			if err != nil {
				return fmt.Errorf("save mapping: %w", err)
			}
		}
	}
	return nil
}

// hashFiles names a set of workbooks of a kind, whatever their names and order.
func hashFiles(kind eligibility.Kind, files []File) (string, error) {
	var sums []string
	for _, f := range files {
		r, size, closer, err := f.open()
		if err != nil {
			return "", named(err, f.base())
		}
		h := sha256.New()
		_, err = io.Copy(h, io.NewSectionReader(r, 0, size))
		_ = closer()
		if err != nil {
			return "", fmt.Errorf("hash workbook: %w", err)
		}
		sums = append(sums, hex.EncodeToString(h.Sum(nil)))
	}
	sort.Strings(sums)
	sum := sha256.Sum256([]byte(string(kind) + "\n" + strings.Join(sums, "\n")))
	return hex.EncodeToString(sum[:]), nil
}
