package importers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"layak/internal/fault"
)

// columnPlan says which columns a hand-made list may carry that is not a file of the registry: by
// name the spellings of its header, folded, the usual one first.
type columnPlan struct {
	what  string // "register aduan": in sentences
	words map[string]string
	need  []string // columns without which a sheet is no such list
	hand  map[string]string
}

// newColumnPlan inverts the spellings. hand names columns by their header and goes before them.
func newColumnPlan(what string, spellings map[string]string, need []string, hand map[string]string) *columnPlan {
	p := &columnPlan{what: what, words: map[string]string{}, need: need, hand: map[string]string{}}
	for column, words := range spellings {
		for w := range strings.FieldsSeq(words) {
			p.words[w] = column
		}
	}
	for header, column := range hand {
		p.hand[fold(header)] = column
	}
	return p
}

// column gives the column that a header means, "" when it means none.
func (p *columnPlan) column(header string) string {
	if header == "" || len(header) > 120 {
		return ""
	}
	if c, ok := p.hand[fold(header)]; ok {
		return c
	}
	if c, ok := p.words[fold(header)]; ok {
		return c
	}
	if i := strings.IndexAny(header, "(["); i > 0 {
		return p.words[fold(header[:i])]
	}
	return ""
}

// plannedSheet is a sheet whose header was understood.
type plannedSheet struct {
	sheet   sheet
	last    int            // number of the last header row
	columns map[string]int // index by column
	headers map[string]string
}

// understand finds the header of a sheet: the row, or pair of rows, in which most columns are
// recognised. Title rows over merged cells hold one text and so never win.
func (p *columnPlan) understand(s sheet, rows []sheetRow) (best plannedSheet, ok bool) {
	best.sheet = s
	for i := range min(len(rows), headerWithin) {
		texts := cleanAll(rows[i].cells)
		best.consider(p, rows[i].n, texts)
		if i+1 < len(rows) && !looksLikeData(rows[i+1].cells) {
			best.consider(p, rows[i+1].n, p.join(texts, cleanAll(rows[i+1].cells)))
		}
	}
	return best, len(best.columns) >= 2
}

// join merges two header rows: a text that means a column stays, else the two read as one.
func (p *columnPlan) join(top, bottom []string) []string {
	out := make([]string, max(len(top), len(bottom)))
	over := ""
	for i := range out {
		t, b := "", ""
		if i < len(top) {
			t = top[i]
		}
		if i < len(bottom) {
			b = bottom[i]
		}
		if t != "" {
			over = t
		}
		joined := strings.TrimSpace(over + " " + b)
		switch {
		case b == "":
			out[i] = t
		case p.column(joined) != "" && over != "":
			out[i] = joined
		default:
			out[i] = b
		}
	}
	return out
}

func (s *plannedSheet) consider(p *columnPlan, n int, texts []string) {
	columns, headers := map[string]int{}, map[string]string{}
	for i, t := range texts {
		c := p.column(t)
		if _, taken := columns[c]; c == "" || taken {
			continue
		}
		columns[c], headers[c] = i, t
	}
	if len(columns) > len(s.columns) {
		s.last, s.columns, s.headers = n, columns, headers
	}
}

// listRow is one row of a planned sheet.
type listRow struct {
	sheet *plannedSheet
	n     int
	cells []string
}

// text is the cleaned value of a column, "" when the sheet has none.
func (r listRow) text(column string) string {
	i, ok := r.sheet.columns[column]
	if !ok || i >= len(r.cells) {
		return ""
	}
	return clean(r.cells[i])
}

// number tells whether the cell of the column is a number so long that digits are lost.
func (r listRow) number(column string) bool {
	i, ok := r.sheet.columns[column]
	return ok && r.sheet.sheet.scan.isNumber(r.n, i+1)
}

// readList streams the rows of all sheets that are such a list. A workbook without one is refused
// with what was read of it.
func readList(ctx context.Context, f File, p *columnPlan, yield func(w *workbook, r listRow) error) error {
	w, err := openWorkbook(f)
	if err != nil {
		return err
	}
	defer w.Close()
	var found int
	var firstErr error
	for _, s := range w.sheets {
		if s.scan.lastRow == 0 {
			continue
		}
		sample, err := w.sample(ctx, s)
		if err != nil {
			return named(err, f.base())
		}
		planned, ok := p.understand(s, sample)
		err = p.lacks(s.name, planned, ok, sample)
		if err != nil {
			if firstErr == nil || ok {
				firstErr = err
			}
			continue
		}
		found++
		err = w.readRows(ctx, s, func(row sheetRow) (bool, error) {
			if row.n <= planned.last || blank(row.cells) {
				return true, nil
			}
			return true, yield(w, listRow{&planned, row.n, row.cells})
		})
		if err != nil {
			return named(err, f.base())
		}
	}
	if found == 0 && firstErr == nil {
		firstErr = errNoSheets
	}
	if found == 0 {
		return named(firstErr, f.base())
	}
	return nil
}

// lacks tells why a sheet is no such list; nil when it is one.
func (p *columnPlan) lacks(sheet string, s plannedSheet, ok bool, rows []sheetRow) error {
	if !ok {
		return fault.New(fault.Invalid, "header_not_found", fmt.Sprintf(
			"Lembar %q tidak memuat judul kolom %s. Yang terbaca di atasnya: %s.", sheet, p.what, firstTexts(rows)))
	}
	for _, c := range p.need {
		if _, has := s.columns[c]; has {
			continue
		}
		var texts []string
		for _, h := range s.headers {
			texts = append(texts, cut(maskText(h), 30))
		}
		slices.Sort(texts)
		return fault.New(fault.Invalid, c+"_column_missing", fmt.Sprintf(
			"Lembar %q tidak punya kolom %s yang dikenal. Yang terbaca: %s. Bila judulnya lain, sebutkan sendiri (\"JUDUL=%s\").",
			sheet, columnName[c], strings.Join(texts, " | "), c))
	}
	return nil
}

// columnName is how a sentence calls a column that cannot be missing.
var columnName = map[string]string{
	"number": "nomor laporan (misalnya NOMOR TIKET atau TRACKING ID)", "filed": "tanggal masuk",
	"result": "hasil (misalnya STATUS atau HASIL)", "nik": "NIK", "day": "tanggal", "name": "nama hari libur (misalnya NAMA atau KETERANGAN)",
}

func firstTexts(rows []sheetRow) string {
	var seen []string
	for _, r := range rows[:min(len(rows), 3)] {
		for _, c := range cleanAll(r.cells) {
			if c != "" && len(seen) < 10 {
				seen = append(seen, cut(maskSample(c), 30))
			}
		}
	}
	return strings.Join(seen, " | ")
}

func blank(cells []string) bool {
	for _, c := range cells {
		if clean(c) != "" {
			return false
		}
	}
	return true
}
