package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"layak/internal/fault"
)

// ParamChange gives a parameter a value from a day on. Value is int, bool, string, or a map of such.
type ParamChange struct {
	Name      string `json:"name"`
	Value     any    `json:"value"`
	ValidFrom string `json:"valid_from"` // YYYY-MM-DD
	Source    string `json:"source"`     // decision or reason on which it rests
}

// longestSource bounds what somebody writes as the source of a change.
const longestSource = 500

// SetParam gives the bundle with one value of a parameter written into data.json: a new line at its
// place, newest first, or the line of the same day replaced; the rest of the file stays byte for byte.
// today is YYYY-MM-DD; warnings tell of a day that has passed and of a value that changes nothing.
// fault.Invalid names the field: name, value (another kind, out of bounds), valid_from or source.
func SetParam(b Bundle, c ParamChange, today string) (out Bundle, warnings []Problem, err error) {
	spec, err := c.check(b)
	if err != nil {
		return b, nil, err
	}
	file := b.paramsName()
	data := b.Files[file]
	spans, err := paramSpans(data)
	if err != nil {
		return b, nil, fmt.Errorf("find parameter %s: %w", c.Name, err)
	}
	values := spans[c.Name]
	for i, old := range values {
		switch {
		case old.entry.ValidFrom == c.ValidFrom:
			if same(old.entry.Value, c.Value) && old.entry.Source == c.Source {
				return b, []Problem{c.warn(file, "param_same", "Nilai "+spec.Title+" tidak berubah.")}, nil
			}
			line, err := paramLine(c, old.entry)
			if err != nil {
				return b, nil, err
			}
			data = splice(data, old.from, old.to, line)
		case c.ValidFrom > old.entry.ValidFrom:
			data, err = insertBefore(data, old, c, values[i].entry)
		case i == len(values)-1:
			data, err = insertAfter(data, old, c)
		default:
			continue
		}
		break
	}
	if err != nil {
		return b, nil, err
	}
	if c.ValidFrom < today {
		warnings = append(warnings, c.warn(file, "param_past", fmt.Sprintf(
			"Tanggal %s sudah lewat: hasil cek untuk hari layanan sejak itu ikut berubah.", humanDay(c.ValidFrom))))
	}
	out = b.with(file, data)
	if _, err := parseParams(data); err != nil {
		return b, nil, fmt.Errorf("write parameter %s: %w", c.Name, err)
	}
	return out, warnings, nil
}

func (c ParamChange) warn(file, code, message string) Problem {
	return Problem{File: file, Code: code, Level: Warning, Message: message}
}

// check holds the change against what the parameter may be.
func (c ParamChange) check(b Bundle) (ParamSpec, error) {
	specs, err := ParamSpecs(b)
	if err != nil {
		return ParamSpec{}, err
	}
	invalid := func(field, code, message string) (ParamSpec, error) {
		return ParamSpec{}, fault.New(fault.Invalid, code, message).At(field, message)
	}
	for _, s := range specs {
		if s.Name != c.Name {
			continue
		}
		switch wrong := s.Check(c.Value); {
		case wrong != "" && specOfValue(c.Value).Kind != plainKind(s.Kind):
			return invalid("value", "param_type", fmt.Sprintf("%s berupa %s; jenisnya tidak dapat diganti lewat isian ini.", s.Title, kindWords[s.Kind]))
		case wrong != "":
			return invalid("value", "param_value", s.Title+" "+wrong+".")
		case !validDay(c.ValidFrom):
			return invalid("valid_from", "param_day", "Tanggal mulai berlaku harus tanggal yang ada, TTTT-BB-HH.")
		case strings.TrimSpace(c.Source) == "":
			return invalid("source", "param_source", "Tulis dasar perubahan: nomor keputusan atau alasannya.")
		case len(c.Source) > longestSource:
			return invalid("source", "param_source", "Dasar perubahan terlalu panjang.")
		}
		return s, nil
	}
	return invalid("name", "param_unknown", "Parameter "+c.Name+" tidak ada di data.json.")
}

// plainKind is the kind that a value alone shows: a choice is a text.
func plainKind(k ParamKind) ParamKind {
	if k == KindChoice {
		return KindText
	}
	return k
}

// same tells whether two values are written alike.
func same(a, b any) bool {
	x, errA := json.Marshal(a)
	y, errB := json.Marshal(b)
	return errA == nil && errB == nil && bytes.Equal(x, y)
}

// paramSpan is where one value of a parameter stands in data.json.
type paramSpan struct {
	from, to int
	entry    Param
}

// paramSpans finds the values of each parameter.
func paramSpans(data []byte) (map[string][]paramSpan, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := enter(dec, "params"); err != nil {
		return nil, err
	}
	out := map[string][]paramSpan{}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		if _, err := dec.Token(); err != nil { // the bracket
			return nil, err
		}
		for dec.More() {
			var raw json.RawMessage
			if err := dec.Decode(&raw); err != nil {
				return nil, err
			}
			end := int(dec.InputOffset())
			s := paramSpan{from: end - len(raw), to: end}
			inner := json.NewDecoder(bytes.NewReader(raw))
			inner.UseNumber()
			if err := inner.Decode(&s.entry); err != nil {
				return nil, err
			}
			out[fmt.Sprint(name)] = append(out[fmt.Sprint(name)], s)
		}
		if _, err := dec.Token(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// enter reads up to the first member of the object that stands under a key of the document.
func enter(dec *json.Decoder, key string) error {
	if _, err := dec.Token(); err != nil {
		return err
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		if name == key {
			_, err := dec.Token()
			return err
		}
		var skip json.RawMessage
		if err := dec.Decode(&skip); err != nil {
			return err
		}
	}
	return errors.New("no " + key)
}

// paramLine writes a value on one line, as the shipped file does, with the unit, title and labels of a
// neighbour.
func paramLine(c ParamChange, like Param) ([]byte, error) {
	type pair struct {
		key   string
		value any
	}
	pairs := []pair{{"value", c.Value}, {"valid_from", c.ValidFrom}, {"unit", like.Unit}, {"title", like.Title}}
	if len(like.Labels) > 0 {
		pairs = append(pairs, pair{"labels", like.Labels})
	}
	pairs = append(pairs, pair{"source", strings.TrimSpace(c.Source)})
	var line bytes.Buffer
	line.WriteByte('{')
	for i, p := range pairs {
		var text bytes.Buffer
		enc := json.NewEncoder(&text)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(p.value); err != nil {
			return nil, fmt.Errorf("encode parameter %s: %w", c.Name, err)
		}
		if i > 0 {
			line.WriteString(", ")
		}
		fmt.Fprintf(&line, "%q: %s", p.key, spaced(bytes.TrimSpace(text.Bytes())))
	}
	line.WriteByte('}')
	return line.Bytes(), nil
}

// spaced puts a space after each colon and comma between the members of JSON on one line.
func spaced(doc []byte) []byte {
	var out bytes.Buffer
	quoted := false
	for i, ch := range doc {
		out.WriteByte(ch)
		if ch == '"' && (i == 0 || doc[i-1] != '\\') {
			quoted = !quoted
		}
		if !quoted && (ch == ':' || ch == ',') {
			out.WriteByte(' ')
		}
	}
	return out.Bytes()
}

func splice(data []byte, from, to int, with []byte) []byte {
	out := bytes.Clone(data[:from])
	out = append(out, with...)
	return append(out, data[to:]...)
}

// insertBefore and insertAfter keep the indentation of the value beside which the new one stands. The
// labels stay where they are: they hold for all values.
func insertBefore(data []byte, at paramSpan, c ParamChange, like Param) ([]byte, error) {
	like.Labels = nil
	line, err := paramLine(c, like)
	if err != nil {
		return nil, err
	}
	return splice(data, at.from, at.from, append(append(line, ','), gapBefore(data, at.from)...)), nil
}

func insertAfter(data []byte, at paramSpan, c ParamChange) ([]byte, error) {
	like := at.entry
	like.Labels = nil
	line, err := paramLine(c, like)
	if err != nil {
		return nil, err
	}
	return splice(data, at.to, at.to, append(append([]byte{','}, gapBefore(data, at.from)...), line...)), nil
}

// gapBefore is the white space that stands before an offset; a space when there is none.
func gapBefore(data []byte, at int) []byte {
	from := at
	for from > 0 && strings.IndexByte(" \t\r\n", data[from-1]) >= 0 {
		from--
	}
	if from == at {
		return []byte{' '}
	}
	return bytes.Clone(data[from:at])
}

// paramRow is the line on which a value of a parameter stands; 0 when it cannot be told.
func paramRow(data []byte, name, validFrom string) int {
	spans, err := paramSpans(data)
	if err != nil {
		return 0
	}
	for _, s := range spans[name] {
		if s.entry.ValidFrom == validFrom {
			return 1 + bytes.Count(data[:s.from], []byte{'\n'})
		}
	}
	return 0
}
