package importers

import (
	"hash/maphash"
	"strconv"
	"strings"

	"layak/eligibility"
	"layak/internal/area"
)

// rowClass tells what kind of line a row is.
type rowClass uint8

const (
	personRow rowClass = iota
	skipRow            // totals, numbers of columns, a repeated header
	footRow            // one lonely text without a NIK: a signature, unless persons follow
)

// parsed is one row after normalising.
type parsed struct {
	n        int
	class    rowClass
	rec      eligibility.Record
	key      uint64 // rowKey as a number; 0 when the NIK is unusable
	hash     uint64 // of everything that rec holds
	partial  string // digits that are left of a NIK that cannot be used
	problems []Reject
	warnings []Reject
}

// familyBit sets the keys of families apart from those of persons; 16 digits need 54 bits.
const familyBit = 1 << 63

// parser normalises the rows of one sheet.
type parser struct {
	kind   eligibility.Kind
	mode   Mode
	asOf   eligibility.Date
	area   area.Code // of a snapshot
	fill   area.Code // place of rows in a sheet without any area column
	date04 bool
	l      *layout
	scan   *sheetScan
	places *placer
	seed   maphash.Seed
}

// parse reads one row and reports all its problems at once.
func (p *parser) parse(r sheetRow, out *parsed) {
	out.n = r.n
	if p.classify(r, out); out.class != personRow {
		return
	}
	out.rec.Has = p.l.has
	p.keys(r, out)
	switch p.kind {
	case eligibility.Residents:
		p.resident(r, out)
	case eligibility.Welfares:
		p.welfare(r, out)
	case eligibility.Membership:
		p.membership(r, out)
	}
	if len(out.problems) > 0 {
		return
	}
	p.agree(r, out)
	var h maphash.Hash
	h.SetSeed(p.seed)
	for f := range out.rec.Values {
		h.WriteString(out.rec.Values[f])
		h.WriteByte(0)
	}
	out.hash = h.Sum64() ^ out.rec.Has
}

// get is the clean value of a column, "" when the row does not reach it.
func (p *parser) get(r sheetRow, col int) string {
	if col < 0 || col >= len(r.cells) {
		return ""
	}
	return clean(r.cells[col])
}

func (p *parser) field(r sheetRow, f eligibility.Field) string { return p.get(r, p.l.plain[f]) }

// classify recognises rows that are no persons. Rows with a long number for a NIK are persons; only
// the others are looked at closely.
func (p *parser) classify(r sheetRow, out *parsed) {
	key := p.field(r, eligibility.FieldNIK)
	if key == "" && p.kind == eligibility.Welfares {
		key = p.field(r, eligibility.FieldKK)
	}
	if len(key) >= 10 && key[0] >= '0' && key[0] <= '9' {
		return
	}
	first, mapped := "", 0
	for _, c := range r.cells {
		if first = clean(c); first != "" {
			break
		}
	}
	for _, col := range p.l.mapped {
		if p.get(r, col) != "" {
			mapped++
		}
	}
	switch {
	case isTotal(first), isTotal(key), mapped == 0, p.repeatsHeader(r):
		out.class = skipRow
	case (key == "" || r.n == p.l.headerRow+1) && numbersColumns(r.cells):
		out.class = skipRow
	case mapped == 1 && key == "":
		out.class = footRow
		p.bad(out, r, p.l.plain[eligibility.FieldNIK], nikMissing)
	case mapped == 1 && (key[0] < '0' || key[0] > '9'): // in a sheet whose first column is the NIK
		out.class = footRow
		p.bad(out, r, p.l.plain[eligibility.FieldNIK], nikLength)
	}
}

// isTotal tells whether a text opens a row of sums. Whole words only: Jumlahwati is a person.
func isTotal(s string) bool {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r < 'a' || r > 'z' })
	if len(words) > 1 && (words[0] == "sub" || words[0] == "grand") {
		words = words[1:]
	}
	if len(words) == 0 {
		return false
	}
	switch words[0] {
	case "jumlah", "total", "subtotal", "grandtotal", "rekap", "rekapitulasi":
		return true
	}
	return false
}

// repeatsHeader tells whether the row is the header again, as printed page by page.
func (p *parser) repeatsHeader(r sheetRow) bool {
	col := p.l.plain[eligibility.FieldNIK]
	if col < 0 {
		col = p.l.plain[eligibility.FieldKK]
	}
	v := p.get(r, col)
	if v == "" || v[0] >= '0' && v[0] <= '9' {
		return false
	}
	m, ok := meaning(v)
	return ok && (m.field == eligibility.FieldNIK || m.field == eligibility.FieldKK)
}

// numbersColumns recognises the row "1 2 3 4 …" below a header.
func numbersColumns(cells []string) bool {
	last := 0
	for _, c := range cells {
		v := strings.Trim(wholeNumber(clean(c)), "()")
		if v == "" {
			continue
		}
		n, err := strconv.Atoi(v)
		if err != nil || n != last+1 {
			return false
		}
		last = n
	}
	return last >= 3
}

// bad notes a problem that rejects the row.
func (p *parser) bad(out *parsed, r sheetRow, col int, code string) {
	out.problems = append(out.problems, p.note(r, col, code))
}

// odd notes a warning; the row is taken.
func (p *parser) odd(out *parsed, r sheetRow, col int, code string) {
	out.warnings = append(out.warnings, p.note(r, col, code))
}

func (p *parser) note(r sheetRow, col int, code string) Reject {
	rej := Reject{File: p.l.file, Sheet: p.l.sheet, Row: r.n, Code: code, Reason: reasonOf[code]}
	if col >= 0 {
		if col < len(p.l.texts) {
			rej.Column = p.l.texts[col]
		}
		if col < len(r.cells) {
			rej.Value = cut(r.cells[col], 200)
		}
	}
	return rej
}

// keys reads NIK and KK.
func (p *parser) keys(r sheetRow, out *parsed) {
	nikCol, kkCol := p.l.plain[eligibility.FieldNIK], p.l.plain[eligibility.FieldKK]
	nik, problem := p.number16(r, nikCol, nikNumberCell, nikLength)
	if problem == "" && nik != "" {
		if _, err := eligibility.ParseNIK(nik); err != nil {
			problem = nikProvince
		}
	}
	kk, kkProblem := p.number16(r, kkCol, kkNumberCell, kkLength)
	family := p.kind == eligibility.Welfares && kk != ""
	switch {
	case problem != "":
		out.partial = partialNIK(p.get(r, nikCol))
		p.bad(out, r, nikCol, problem)
	case nik == "" && !family && kkProblem == "":
		p.bad(out, r, nikCol, nikMissing)
	case nik != "":
		out.rec.Values[eligibility.FieldNIK] = nik
		out.key, _ = strconv.ParseUint(nik, 10, 64)
	}
	if kkProblem != "" {
		p.bad(out, r, kkCol, kkProblem)
	} else if kk != "" {
		out.rec.Values[eligibility.FieldKK] = kk
		if nik == "" && family {
			out.key, _ = strconv.ParseUint(kk, 10, 64)
			out.key |= familyBit
		}
	}
}

// number16 reads a number of sixteen digits that must be text. Zeros alone mean empty.
func (p *parser) number16(r sheetRow, col int, numberCode, lengthCode string) (digits, problem string) {
	v := p.get(r, col)
	if v == "" {
		return "", ""
	}
	if p.scan.isNumber(r.n, col+1) || scientific(v) {
		return "", numberCode
	}
	digits, ok := onlyDigits(v)
	if ok && strings.Trim(digits, "0") == "" {
		return "", ""
	}
	if !ok || len(digits) != 16 {
		return "", lengthCode
	}
	return digits, ""
}

// partialNIK gives the leading digits that a damaged NIK still shows, so that its owner is not
// taken for gone.
func partialNIK(v string) string {
	if scientific(v) {
		f, err := strconv.ParseFloat(strings.Replace(v, ",", ".", 1), 64)
		if err != nil || f < 1e15 || f >= 1e16 {
			return ""
		}
		i := strings.IndexAny(v, "Ee")
		digits := strings.NewReplacer(".", "", ",", "").Replace(v[:i])
		digits = digits[:max(0, min(15, len(digits)))]
		if len(digits) > 1 && len(digits) < 15 {
			digits = digits[:len(digits)-1] // the last one was rounded
		}
		return digits
	}
	digits, ok := onlyDigits(v)
	if ok && len(digits) == 16 {
		return digits[:15]
	}
	return ""
}

// code reads a value of a closed list.
func (p *parser) code(r sheetRow, out *parsed, f eligibility.Field) {
	v := p.field(r, f)
	if v == "" {
		return
	}
	code, ok := codeOf(f, v)
	if ok {
		out.rec.Values[f] = code
		return
	}
	switch unknown := unknownCode[f]; f {
	case eligibility.FieldRelation, eligibility.FieldMarital:
		p.odd(out, r, p.l.plain[f], unknown)
	case eligibility.FieldMemberReason:
		out.rec.Values[f] = "other"
		p.odd(out, r, p.l.plain[f], unknown)
	default:
		p.bad(out, r, p.l.plain[f], unknown)
	}
}

// date reads a day; code is the reason when it cannot be read.
func (p *parser) date(r sheetRow, out *parsed, f eligibility.Field, code string) {
	v := p.field(r, f)
	if v == "" || v == "0" || strings.HasPrefix(v, "00") && strings.Trim(v, "0/- :") == "" {
		return
	}
	d, ok := parseDate(v, p.date04)
	if !ok {
		p.bad(out, r, p.l.plain[f], code)
		return
	}
	out.rec.Values[f] = string(d)
}

const maxText = 300

// text reads a free text.
func (p *parser) text(r sheetRow, out *parsed, f eligibility.Field) {
	v := p.field(r, f)
	switch {
	case v == "":
	case brokenFormula(v):
		p.bad(out, r, p.l.plain[f], cellError)
	case len(v) > maxText && len([]rune(v)) > maxText:
		p.bad(out, r, p.l.plain[f], textTooLong)
	default:
		out.rec.Values[f] = v
	}
}

// agree compares the NIK with birth date and sex; a difference warns only, because a NIK is never
// changed when either is corrected.
func (p *parser) agree(r sheetRow, out *parsed) {
	nik := eligibility.NIK(out.rec.Values[eligibility.FieldNIK])
	if nik == "" {
		return
	}
	dmy, sex, ok := birthIn(nik)
	col := p.l.plain[eligibility.FieldNIK]
	born, hasSex := out.rec.Values[eligibility.FieldBirthDate], out.rec.Values[eligibility.FieldSex]
	switch {
	case !ok:
		p.odd(out, r, col, warnNIKDate)
	case hasSex != "" && hasSex[0] != sex,
		born != "" && (born[8:10] != dmy[:2] || born[5:7] != dmy[2:4] || born[2:4] != dmy[4:6]):
		p.odd(out, r, col, warnNIKDiffers)
	}
}

// birthIn does what NIK.Birth does without parsing times, which every row would pay for.
func birthIn(n eligibility.NIK) (dmy string, sex byte, ok bool) {
	day := int(n[6]-'0')*10 + int(n[7]-'0')
	month := int(n[8]-'0')*10 + int(n[9]-'0')
	sex = 'L'
	if day > 40 {
		day, sex = day-40, 'P'
	}
	if month < 1 || month > 12 || day < 1 {
		return "", sex, false
	}
	year := 2000 + int(n[10]-'0')*10 + int(n[11]-'0')
	if day > daysIn(year, month) {
		return "", sex, false
	}
	if sex == 'L' {
		return string(n[6:12]), sex, true
	}
	return string([]byte{byte('0' + day/10), byte('0' + day%10)}) + string(n[8:12]), sex, true
}
