package importers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"

	"layak/eligibility"
	"layak/internal/fault"
)

const (
	headerWithin = 60  // the header stands in the first rows that hold anything
	sampleRows   = 500 // rows behind the header that decide what an ambiguous column is
)

// sheetRow is one row of a sheet with its number.
type sheetRow struct {
	n     int
	cells []string
}

// readRows streams the rows of a sheet that hold a value to yield, which returns false to stop.
// Excelize ends silently at broken XML, so the count is held against the quick look.
func (w *workbook) readRows(ctx context.Context, s sheet, yield func(sheetRow) (bool, error)) error {
	rows, err := w.xlsx.Rows(s.name)
	if err != nil {
		return fmt.Errorf("read sheet: %w", err)
	}
	defer rows.Close()
	n := 0
	for n < s.scan.lastRow && rows.Next() {
		n++
		cells, err := rows.Columns()
		if err != nil {
			return errTruncated.Because(err)
		}
		if len(cells) == 0 {
			continue
		}
		more, err := yield(sheetRow{n, cells})
		if err != nil || !more {
			return err
		}
		if n&1023 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if n < s.scan.lastRow {
		return errTruncated.Because(rows.Error())
	}
	return nil
}

// sample reads the rows that decide about header and ambiguous columns.
func (w *workbook) sample(ctx context.Context, s sheet) ([]sheetRow, error) {
	var out []sheetRow
	err := w.readRows(ctx, s, func(r sheetRow) (bool, error) {
		out = append(out, r)
		return len(out) < headerWithin+sampleRows, nil
	})
	return out, err
}

// header is where the header of a sheet stands and what it says per column.
type header struct {
	last  int      // number of its last row
	index int      // index of its last row in the sample
	texts []string // per column, two rows joined
	score int
	key   bool // has a NIK or KK column
}

// findHeader takes the row, or pair of rows, in which most columns are recognised. A row with a
// NIK column beats any without.
func findHeader(rows []sheetRow, hand map[string]eligibility.Field) (header, bool) {
	best := header{index: -1}
	for i := range min(len(rows), headerWithin) {
		texts := cleanAll(rows[i].cells)
		best.consider(header{last: rows[i].n, index: i, texts: texts}, hand)
		if i+1 < len(rows) && !looksLikeData(rows[i+1].cells) {
			texts = joinHeaders(texts, cleanAll(rows[i+1].cells), hand)
			best.consider(header{last: rows[i+1].n, index: i + 1, texts: texts}, hand)
		}
	}
	return best, best.index >= 0 && best.score >= 2
}

func (h *header) consider(other header, hand map[string]eligibility.Field) {
	seen := map[spelled]bool{}
	for _, t := range other.texts {
		m, ok := understand(t, hand)
		if !ok || seen[spelled{m.field, m.role, 0}] {
			continue
		}
		seen[spelled{m.field, m.role, 0}] = true
		other.score++
		other.key = other.key || m.field == eligibility.FieldNIK || m.field == eligibility.FieldKK
	}
	if other.key && !h.key && other.score >= 2 || other.key == h.key && other.score > h.score {
		*h = other
	}
}

// understand gives the meaning of a header text: named by hand, else by its spelling.
func understand(text string, hand map[string]eligibility.Field) (spelled, bool) {
	if text == "" || len(text) > 120 {
		return spelled{}, false
	}
	if f, ok := hand[fold(text)]; ok {
		m := spelled{field: f, rank: -1}
		if _, isArea := areaLevel(f); isArea {
			m.role = areaName
		}
		return m, true
	}
	return meaning(text)
}

// joinHeaders merges two header rows. A text over merged columns stands in the first of them and
// belongs to all; a text merged downwards leaves the second row empty.
func joinHeaders(top, bottom []string, hand map[string]eligibility.Field) []string {
	out := make([]string, max(len(top), len(bottom)))
	over := ""
	for i := range out {
		var t, b string
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
		default:
			if _, ok := understand(joined, hand); ok && over != "" {
				out[i] = joined
			} else if _, ok := understand(b, hand); ok {
				out[i] = b
			} else {
				out[i] = joined
			}
		}
	}
	return out
}

// looksLikeData tells whether a row holds a long number, which no header does.
func looksLikeData(cells []string) bool {
	for _, c := range cells {
		d, ok := onlyDigits(clean(c))
		if ok && len(d) >= 10 || scientific(clean(c)) {
			return true
		}
	}
	return false
}

func cleanAll(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = clean(c)
	}
	return out
}

// headersHash names a set of headers of a kind, whatever their order.
func headersHash(kind eligibility.Kind, texts []string) string {
	var folded []string
	for _, t := range texts {
		if f := fold(t); f != "" {
			folded = append(folded, f)
		}
	}
	sort.Strings(folded)
	sum := sha256.Sum256([]byte(string(kind) + "\n" + strings.Join(folded, "\n")))
	return hex.EncodeToString(sum[:])
}

// foldMap makes the keys of a mapping independent of case and punctuation.
func foldMap(m map[string]eligibility.Field) map[string]eligibility.Field {
	out := make(map[string]eligibility.Field, len(m))
	for h, f := range m {
		out[fold(h)] = f
	}
	return out
}

// errNoHeader shows the first rows as they were seen, with personal numbers hidden.
func errNoHeader(kind eligibility.Kind, sheet string, rows []sheetRow) error {
	var seen []string
	for _, r := range rows[:min(len(rows), 5)] {
		var texts []string
		mask := maskText
		if looksLikeData(r.cells) {
			mask = maskSample
		}
		for _, c := range cleanAll(r.cells) {
			if c != "" && len(texts) < 8 {
				texts = append(texts, cut(mask(c), 30))
			}
		}
		seen = append(seen, fmt.Sprintf("baris %d: %s", r.n, strings.Join(texts, " | ")))
	}
	return fault.New(fault.Invalid, "header_not_found", fmt.Sprintf(
		"Judul kolom tidak ditemukan di lembar %q. Yang terbaca: %s. Yang dicari: satu baris judul dengan kolom NIK dan misalnya %s.",
		sheet, strings.Join(seen, "; "), wanted(kind)))
}

func errNoNIK(kind eligibility.Kind, sheet string, h header) error {
	var texts []string
	for _, t := range h.texts {
		if t != "" && len(texts) < 20 {
			texts = append(texts, cut(maskText(t), 30))
		}
	}
	return fault.New(fault.Invalid, "nik_column_missing", fmt.Sprintf(
		"Kolom NIK tidak ada di lembar %q. Judul yang terbaca di baris %d: %s. Yang dicari: NIK, NO_KTP, atau nomor_induk_kependudukan; bila judulnya lain, sebutkan sendiri kolomnya (\"JUDUL=nik\").",
		sheet, h.last, strings.Join(texts, " | ")))
}

func errNotKind(kind eligibility.Kind, sheet string) error {
	return fault.New(fault.Invalid, "kind_columns_missing", fmt.Sprintf(
		"Lembar %q tidak memuat kolom data %s. Yang dicari misalnya: %s.", sheet, kindName(kind), wanted(kind)))
}

func kindName(kind eligibility.Kind) string {
	switch kind {
	case eligibility.Welfares:
		return "desil (DTSEN)"
	case eligibility.Membership:
		return "kepesertaan JKN"
	}
	return "kependudukan"
}

func wanted(kind eligibility.Kind) string {
	switch kind {
	case eligibility.Welfares:
		return "DESIL_NASIONAL"
	case eligibility.Membership:
		return "SEGMEN, STATUS PESERTA, KELAS"
	}
	return "NO_KK, NAMA, JENIS KELAMIN, TANGGAL LAHIR, KECAMATAN, DESA/KELURAHAN"
}

// cut shortens a text to n runes.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// maskText hides the digits of long numbers in a text.
func maskText(s string) string {
	d, ok := onlyDigits(s)
	if ok && len(d) >= 8 {
		return d[:min(6, len(d))] + strings.Repeat("•", len(d)-6)
	}
	return s
}
