package storage

import (
	"context"
	"encoding/hex"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"layak/complaints"
)

// A mould is a case that the program itself stored, with all its rows; castings are copies of it
// that differ in everything by which cases differ: ids, ticket, times, person, place, unit, staff.
type mould struct {
	state       complaints.State
	began, last time.Time // filed, and the last that happened
	ids         []string
	made        []time.Time // when each id was
	rows        map[string][][]cell
}

// cell is a value of a row: the same in each casting, a moment, or a text with parts that change.
type cell struct {
	fixed  any
	moment *time.Time
	text   bool // the moment is stored as text
	parts  []part
}

type part struct {
	kind partKind
	text string // partText; partArea: whether it is a village
	id   int
	at   time.Time
}

type partKind int

const (
	partText partKind = iota
	partID
	partMoment
	partTicket
	partTicketWords
	partNIK
	partName
	partNameWords
	partPhone
	partDistrict
	partVillage
	partHash
	partUnit
	partStaff
)

// mouldTables are those that a life of a case fills, in the order of their foreign keys. The trail
// is left out: its entries are sealed in a chain.
var mouldTables = []struct{ table, key string }{
	{"complaint", "id"}, {"complaint_patient", "complaint_id"}, {"complaint_area", "complaint_id"}, {"complaint_event", "complaint_id"},
	{"complaint_check", "complaint_id"}, {"complaint_resolution", "complaint_id"}, {"complaint_registration", "complaint_id"},
	{"complaint_task", "complaint_id"}, {"complaint_mark", "complaint_id"}, {"complaint_text", "complaint_id"}, {"outbox_message", "complaint_id"},
	{"determination", "id"},
}

// moulds reads the cases that are stored, at most so many, and the columns of their tables.
func moulds(t testing.TB, db *DB, most int) (list []*mould, columns map[string][]string) {
	t.Helper()
	var ids []string
	must(t, db.reads().list(context.Background(), &ids, `SELECT id FROM complaint WHERE regency_code = ? ORDER BY id DESC LIMIT ?`, db.regency, most))
	columns = map[string][]string{}
	for _, id := range ids {
		m := &mould{rows: map[string][][]cell{}}
		raw := map[string][]map[string]any{}
		for _, load := range mouldTables {
			query := `SELECT * FROM ` + load.table + ` WHERE regency_code = ? AND ` + load.key + ` = ?`
			if load.table == "determination" {
				query = `SELECT d.* FROM determination d JOIN complaint_check k ON k.regency_code = d.regency_code AND k.determination_id = d.id
					WHERE k.regency_code = ? AND k.complaint_id = ?`
			}
			rows, err := db.reader.db.Queryx(db.dialect.rebind(query), db.regency, id)
			must(t, err)
			names, err := rows.Columns()
			must(t, err)
			columns[load.table] = slices.DeleteFunc(names, func(n string) bool { return n == "doc" })
			for rows.Next() {
				row := map[string]any{}
				must(t, rows.MapScan(row))
				raw[load.table] = append(raw[load.table], row)
			}
			must(t, rows.Err())
			must(t, rows.Close()) //nolint:sqlclosecheck // in a loop: closed as soon as it was read
		}
		m.read(raw, columns)
		list = append(list, m)
	}
	return list, columns
}

func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []byte:
		return string(v)
	}
	return ""
}

func momentOf(v any) (moment time.Time, text, ok bool) {
	if m, is := v.(time.Time); is {
		return m, false, true
	}
	m, err := time.Parse(time.RFC3339Nano, textOf(v))
	return m, true, err == nil
}

// read turns rows into cells.
func (m *mould) read(raw map[string][]map[string]any, columns map[string][]string) {
	c := raw["complaint"][0]
	m.state = complaints.State(textOf(c["state"]))
	m.began, _, _ = momentOf(c["filed_at"])
	m.last, _, _ = momentOf(c["updated_at"])
	for _, table := range []string{"complaint", "complaint_event", "determination", "complaint_resolution", "complaint_registration", "outbox_message"} {
		for _, row := range raw[table] {
			m.ids, m.made = append(m.ids, textOf(row["id"])), append(m.made, madeAt(textOf(row["id"])))
		}
	}
	ticket := textOf(c["ticket"])
	words := map[string]partKind{ticket: partTicket, strings.ToLower(strings.ReplaceAll(ticket, "-", " ")): partTicketWords}
	for _, p := range raw["complaint_patient"] {
		name := textOf(p["name"])
		words[textOf(p["nik"])], words[name], words[strings.ToLower(name)] = partNIK, partName, partNameWords
	}
	delete(words, "")
	pattern := newPattern(words)
	for _, load := range mouldTables {
		for _, row := range raw[load.table] {
			cells := make([]cell, len(columns[load.table]))
			for i, name := range columns[load.table] {
				cells[i] = m.cell(row[name], words, pattern)
			}
			m.rows[load.table] = append(m.rows[load.table], cells)
		}
	}
}

const idPattern = `[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`

func newPattern(words map[string]partKind) *regexp.Regexp {
	var quoted []string
	for w := range words {
		quoted = append(quoted, regexp.QuoteMeta(w))
	}
	slices.SortFunc(quoted, func(a, b string) int { return len(b) - len(a) })
	return regexp.MustCompile(strings.Join(append(quoted, `token:[a-z-]+/`+idPattern, idPattern, `\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z`,
		`\b08\d{8,11}\b`, `\b35\.09\.\d\d(?:\.\d{4})?\b`, `\b[0-9a-f]{8}:[0-9a-f]{64}\b`, `\bpkm-bench\b`, `\bbench\b`), "|"))
}

func (m *mould) cell(v any, words map[string]partKind, pattern *regexp.Regexp) cell {
	moment, text, ok := momentOf(v)
	if ok {
		return cell{moment: &moment, text: text}
	}
	whole := textOf(v)
	if whole == "" {
		return cell{fixed: v}
	}
	var parts []part
	end := 0
	for _, at := range pattern.FindAllStringIndex(whole, -1) {
		found := m.part(whole[at[0]:at[1]], words)
		if found.kind == partText {
			continue
		}
		if at[0] > end {
			parts = append(parts, part{text: whole[end:at[0]]})
		}
		parts = append(parts, found)
		end = at[1]
	}
	if len(parts) == 0 {
		return cell{fixed: whole}
	}
	if end < len(whole) {
		parts = append(parts, part{text: whole[end:]})
	}
	return cell{parts: parts}
}

func (m *mould) part(s string, words map[string]partKind) part {
	if kind, ok := words[s]; ok {
		return part{kind: kind}
	}
	if i := slices.Index(m.ids, s); i >= 0 {
		return part{kind: partID, id: i}
	}
	if moment, _, ok := momentOf(s); ok {
		return part{kind: partMoment, at: moment}
	}
	switch {
	case s == "pkm-bench":
		return part{kind: partUnit}
	case s == "bench", strings.HasPrefix(s, "token:"):
		return part{kind: partStaff}
	case strings.HasPrefix(s, "08"):
		return part{kind: partPhone}
	case strings.HasPrefix(s, "35.09.") && len(s) == len("35.09.01"):
		return part{kind: partDistrict}
	case strings.HasPrefix(s, "35.09."):
		return part{kind: partVillage}
	case strings.Contains(s, ":"):
		return part{kind: partHash, text: s[:9]}
	}
	return part{kind: partText}
}

// casting is what one copy of a mould has of its own.
type casting struct {
	*mould
	r             *rand.Rand
	filed         time.Time
	slow          float64 // how many times as long everything took
	ids           []string
	ticket, nik   string
	name, phone   string
	village       string
	unit, officer string
}

// moment is when something of the mould happened, or is due, in the casting.
func (c *casting) moment(t time.Time) time.Time {
	passed := max(0, t.Sub(c.began))
	if !t.After(c.last) {
		passed = time.Duration(float64(passed) * c.slow)
	}
	return c.filed.Add(passed).UTC().Truncate(time.Microsecond)
}

// idAt is an id made at a moment.
func (c *casting) idAt(t time.Time) string {
	var b [16]byte
	for i, ms := 5, t.UnixMilli(); i >= 0; i, ms = i-1, ms>>8 {
		b[i] = byte(ms)
	}
	for i, x, y := 6, c.r.Uint64(), c.r.Uint32(); i < 16; i++ {
		b[i] = byte(x)
		x >>= 8
		if i == 13 {
			x = uint64(y)
		}
	}
	b[6] = b[6]&0x0f | 0x70
	s := hex.EncodeToString(b[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + castGroup + s[20:]
}

// madeAt is when an id of the mould was made.
func madeAt(id string) time.Time {
	ms, _ := strconv.ParseInt(id[:8]+id[9:13], 16, 64) // idPattern has seen to it that it is a number
	return time.UnixMilli(ms)
}

func (c *casting) value(v cell) any {
	switch {
	case v.moment != nil && v.text:
		return fixedWidth(c.moment(*v.moment))
	case v.moment != nil:
		return c.moment(*v.moment)
	case v.parts == nil:
		return v.fixed
	}
	if len(v.parts) == 1 {
		return c.part(v.parts[0])
	}
	var b strings.Builder
	for _, p := range v.parts {
		b.WriteString(c.part(p))
	}
	return b.String()
}

func fixedWidth(t time.Time) string { return t.Format("2006-01-02T15:04:05.000000Z") }

func (c *casting) part(p part) string {
	switch p.kind {
	case partID:
		return c.ids[p.id]
	case partMoment:
		return c.moment(p.at).Format(time.RFC3339Nano)
	case partTicket:
		return c.ticket
	case partTicketWords:
		return strings.ToLower(strings.ReplaceAll(c.ticket, "-", " "))
	case partNIK:
		return c.nik
	case partName:
		return c.name
	case partNameWords:
		return strings.ToLower(c.name)
	case partPhone:
		return c.phone
	case partDistrict:
		return c.village[:8]
	case partVillage:
		return c.village
	case partHash:
		var b [32]byte
		for i := range b {
			b[i] = byte(c.r.Uint32())
		}
		return p.text + hex.EncodeToString(b[:])
	case partUnit:
		return c.unit
	case partStaff:
		return c.officer
	case partText:
	}
	return p.text
}
