package importers

import (
	"context"
	"fmt"
	"strings"

	"layak/eligibility"
	"layak/internal/fault"
)

// layout is a sheet whose header was understood: which column gives which field.
type layout struct {
	id          int // place in table.sheets
	file, sheet string
	headerRow   int
	texts       []string // header text per column index
	hash        string   // of the set of headers
	byHand      bool     // some column was named by hand

	plain       [eligibility.NumFields]int // column index or -1
	code, name  [4]int                     // province, regency, district, village
	place, rtrw int                        // combined columns or -1
	has         uint64                     // fields that the sheet carries
	mapped      []int                      // columns that are read

	columns []Column
	left    []string
}

// areaLevel gives the level of an area field: 0 province to 3 village.
func areaLevel(f eligibility.Field) (int, bool) {
	switch f {
	case eligibility.FieldProvince:
		return 0, true
	case eligibility.FieldRegency:
		return 1, true
	case eligibility.FieldDistrict:
		return 2, true
	case eligibility.FieldVillage:
		return 3, true
	}
	return 0, false
}

// belongs tells whether a file of the kind may carry the field.
func belongs(f eligibility.Field, kind eligibility.Kind) bool {
	return f == eligibility.FieldNIK || f == eligibility.FieldKK || eligibility.Specs[f].Kind == kind
}

// newLayout assigns the columns of a header. rows is the sample that the header was found in.
func newLayout(kind eligibility.Kind, file, sheet string, h header, rows []sheetRow, hand map[string]eligibility.Field) *layout {
	l := &layout{file: file, sheet: sheet, headerRow: h.last, texts: h.texts, hash: headersHash(kind, h.texts), place: -1, rtrw: -1}
	for f := range l.plain {
		l.plain[f] = -1
	}
	for i := range l.code {
		l.code[i], l.name[i] = -1, -1
	}
	winner := winners(kind, h.texts, hand)
	var open []int // ambiguous columns, decided last because a named column goes before
	for i, text := range h.texts {
		col := Column{File: file, Sheet: sheet, Index: i + 1, Header: text, Guess: NotKnown, Samples: samples(rows[h.index+1:], i)}
		m, ok := understand(text, hand)
		switch {
		case text == "":
			continue
		case ok && m.role == byValues:
			open = append(open, len(l.columns))
		case ok:
			col.Guess = BySpelling
			if m.rank < 0 {
				col.Guess, l.byHand = ByHand, true
			}
			col.Field = m.field
			if at, wins := winner[slot(m)]; belongs(m.field, kind) && wins && at == i {
				col.Known = true
				l.take(i, m)
			}
		}
		if !col.Known && col.Guess != NotKnown {
			col.Field = 0
		}
		l.columns = append(l.columns, col)
	}
	for _, c := range open {
		l.decide(kind, &l.columns[c], rows[h.index+1:])
	}
	l.finish()
	return l
}

func slot(m spelled) spelled { return spelled{m.field, m.role, 0} }

// winners picks one column per field and role: named by hand first, then the best spelling, then
// the first.
func winners(kind eligibility.Kind, texts []string, hand map[string]eligibility.Field) map[spelled]int {
	type claim struct{ col, rank int }
	best := map[spelled]claim{}
	for i, text := range texts {
		m, ok := understand(text, hand)
		if !ok || m.role == byValues || !belongs(m.field, kind) {
			continue
		}
		if c, taken := best[slot(m)]; !taken || m.rank < c.rank {
			best[slot(m)] = claim{i, m.rank}
		}
	}
	out := map[spelled]int{}
	for s, c := range best {
		out[s] = c.col
	}
	return out
}

// take binds a column to its field.
func (l *layout) take(i int, m spelled) {
	l.has |= 1 << m.field
	l.mapped = append(l.mapped, i)
	level, isArea := areaLevel(m.field)
	switch {
	case isArea && m.role == areaCode:
		l.code[level] = i
	case isArea:
		l.name[level] = i
	case m.role == placeDate:
		l.place = i
		l.has |= 1 << eligibility.FieldBirthPlace
	case m.role == rtAndRW:
		l.rtrw = i
		l.has |= 1 << eligibility.FieldRW
	default:
		l.plain[m.field] = i
	}
}

// finish completes what follows from the columns together.
func (l *layout) finish() {
	if l.hasArea() { // a resolved place always gives all four levels
		for _, f := range []eligibility.Field{eligibility.FieldProvince, eligibility.FieldRegency, eligibility.FieldDistrict, eligibility.FieldVillage} {
			l.has |= 1 << f
		}
	}
	if l.plain[eligibility.FieldMemberStatus] >= 0 { // the status word often names the reason
		l.has |= 1 << eligibility.FieldMemberReason
	}
	for _, c := range l.columns {
		if !c.Known {
			l.left = append(l.left, fmt.Sprintf("%s (%s)", c.Header, c.Sheet))
		}
	}
}

func (l *layout) hasArea() bool {
	for i := range l.code {
		if l.code[i] >= 0 || l.name[i] >= 0 {
			return true
		}
	}
	return false
}

// carriesKind tells whether the sheet has a column of the kind beside NIK and KK.
func (l *layout) carriesKind() bool {
	return l.has&^(1<<eligibility.FieldNIK|1<<eligibility.FieldKK) != 0
}

// hasKey tells whether rows can be told apart: by NIK; welfare rows also by KK.
func (l *layout) hasKey(kind eligibility.Kind) bool {
	return l.plain[eligibility.FieldNIK] >= 0 || kind == eligibility.Welfares && l.plain[eligibility.FieldKK] >= 0
}

// The fields that a column called STATUS may be.
var statusFields = []eligibility.Field{eligibility.FieldMarital, eligibility.FieldLifeStatus, eligibility.FieldMemberStatus}

// decide settles a column called STATUS or KETERANGAN by its values: those that are a word of
// any list must be of one. A column of free notes is left; one whose words belong to several lists is Unsure.
func (l *layout) decide(kind eligibility.Kind, col *Column, rows []sheetRow) {
	possible, known, total := possibleIn(rows, col.Index-1)
	if total == 0 || known*2 < total || l.settled(kind) {
		return
	}
	var mine, others []eligibility.Field
	for _, f := range statusFields {
		switch {
		case !possible[f]:
		case belongs(f, kind) && l.plain[f] < 0:
			mine = append(mine, f)
		default:
			others = append(others, f)
		}
	}
	switch {
	case len(mine) == 1:
		col.Field, col.Known, col.Guess = mine[0], true, ByValues
		l.take(col.Index-1, spelled{field: mine[0]})
	case len(mine) == 0 && len(others) > 0:
		col.Guess = ByValues
	default:
		col.Guess = Unsure
	}
}

// settled tells whether every field that a STATUS column could give has a column of its own.
func (l *layout) settled(kind eligibility.Kind) bool {
	for _, f := range statusFields {
		if belongs(f, kind) && l.plain[f] < 0 {
			return false
		}
	}
	return true
}

// possibleIn intersects what the values of a column can be, and counts those that are a word of any
// list at all.
func possibleIn(rows []sheetRow, i int) (possible map[eligibility.Field]bool, known, total int) {
	possible = map[eligibility.Field]bool{}
	for _, f := range statusFields {
		possible[f] = true
	}
	for _, r := range rows {
		if i >= len(r.cells) || clean(r.cells[i]) == "" {
			continue
		}
		total++
		fits := possibleFor(clean(r.cells[i]))
		if len(fits) == 0 {
			continue // a slip: that row will be rejected by itself
		}
		known++
		for f := range possible {
			if !fits[f] {
				delete(possible, f)
			}
		}
	}
	return possible, known, total
}

func possibleFor(v string) map[eligibility.Field]bool {
	fits := map[eligibility.Field]bool{}
	for _, f := range statusFields {
		if isWordOf(f, v) {
			fits[f] = true
		}
	}
	return fits
}

func isWordOf(f eligibility.Field, v string) bool {
	if f == eligibility.FieldMemberStatus {
		_, ok := statusOf(v)
		return ok
	}
	_, ok := codeOf(f, v)
	return ok
}

// unsure gives the fault for a STATUS column that cannot be decided. Notes are merely left.
func (l *layout) unsure() error {
	for _, c := range l.columns {
		if c.Guess == Unsure && strings.HasPrefix(fold(c.Header), "stat") {
			return fault.New(fault.Invalid, "status_ambiguous", fmt.Sprintf(
				"Kolom %q di lembar %q tidak jelas: isinya bisa status kawin, status hidup, atau status peserta. Sebutkan sendiri artinya, misalnya \"%s=marital\", \"%s=life_status\", atau \"%s=member_status\".",
				c.Header, c.Sheet, c.Header, c.Header, c.Header))
		}
	}
	return nil
}

// samples shows up to three different values of a column with personal data masked.
func samples(rows []sheetRow, i int) []string {
	var out []string
	for _, r := range rows {
		if i >= len(r.cells) {
			continue
		}
		v := cut(maskSample(clean(r.cells[i])), 40)
		if v == "" || len(out) > 0 && out[len(out)-1] == v {
			continue
		}
		if out = append(out, v); len(out) == 3 {
			break
		}
	}
	return out
}

// maskSample covers numbers of people and the rest of a name; a date stays, for its form must be
// seen, and so does a single word: a code such as KAWIN or AKTIF is what a column is known by.
func maskSample(v string) string {
	if d, ok := onlyDigits(v); ok && len(d) >= 10 {
		return maskText(v)
	}
	if strings.ContainsAny(v, "0123456789") || len(fold(v)) <= 3 || len(strings.Fields(v)) == 1 {
		return v
	}
	return eligibility.MaskName(v)
}

// Columns tells how the columns of a workbook would be understood, for a page on which a person
// names the ones that were not.
func Columns(ctx context.Context, f File, kind eligibility.Kind, hand map[string]eligibility.Field) ([]Column, error) {
	w, err := openWorkbook(f)
	if err != nil {
		return nil, err
	}
	defer w.Close()
	var out []Column
	var first error
	for _, s := range w.sheets {
		rows, err := w.sample(ctx, s)
		if err != nil {
			return nil, err
		}
		h, ok := findHeader(rows, foldMap(hand))
		if !ok {
			if first == nil && len(rows) > 0 {
				first = errNoHeader(kind, s.name, rows)
			}
			continue
		}
		out = append(out, newLayout(kind, w.name, s.name, h, rows, foldMap(hand)).columns...)
	}
	if len(out) == 0 {
		return nil, first
	}
	return out, nil
}
