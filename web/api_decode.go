package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"layak/eligibility"
	"layak/internal/fault"
)

// Bounds of a request body. They are far above honest use.
const (
	apiBody  = 1 << 20
	apiDepth = 16  // objects and lists inside each other
	apiItems = 200 // entries of one list or object
)

var (
	errContentType = fault.New(fault.Invalid, "content_type", "Kirim isi permintaan sebagai JSON dengan kepala Content-Type: application/json.")
	errMalformed   = fault.New(fault.Invalid, "body_malformed", "Isi permintaan bukan JSON yang utuh.")
	errBodyDepth   = fault.New(fault.Invalid, "body_malformed", "Isi permintaan bertumpuk terlalu dalam.")
	errBodyItems   = fault.New(fault.Invalid, "body_malformed", "Isi permintaan memuat daftar yang terlalu panjang.")
)

// readJSON reads the body of an API request into a struct. It is strict, because a member that is
// passed over in silence is a fact that the caller believes was heard: names must be exactly those
// of the struct, none twice, no null (what is unknown is left out), nothing behind the value. All
// problems are reported at once, each with the path of its member.
func readJSON(c echo.Context, into any) error {
	tree, err := readTree(c)
	if err != nil {
		return err
	}
	var b binder
	b.value(tree, reflect.ValueOf(into).Elem(), "")
	return b.err()
}

// readTree reads a body that is JSON and within bounds.
func readTree(c echo.Context) (any, error) {
	kind, params, err := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
	charset := strings.ToLower(params["charset"])
	if err != nil || kind != echo.MIMEApplicationJSON || charset != "" && charset != "utf-8" {
		return nil, errContentType
	}
	body, err := io.ReadAll(c.Request().Body)
	if err != nil {
		var long *http.MaxBytesError
		if errors.As(err, &long) {
			return nil, errTooLarge
		}
		return nil, errMalformed.Because(err)
	}
	return parseTree(body)
}

func parseTree(body []byte) (any, error) {
	if !utf8.Valid(body) || !json.Valid(body) {
		return nil, errMalformed
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	tree, err := (&reader{dec: dec}).value(0)
	if err != nil && fault.As(err) == nil {
		err = errMalformed.Because(err)
	}
	return tree, err
}

// members is a JSON object in the order in which it was written.
type members struct {
	names  []string
	values []any
}

// reader turns text into a tree of members, []any, string, json.Number, bool and nil, within bounds.
type reader struct{ dec *json.Decoder }

func (r *reader) value(depth int) (any, error) {
	token, err := r.dec.Token()
	if err != nil {
		return nil, err
	}
	open, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if depth >= apiDepth {
		return nil, errBodyDepth
	}
	if open == '{' {
		return r.object(depth)
	}
	list := []any{}
	for r.dec.More() {
		if len(list) == apiItems {
			return nil, errBodyItems
		}
		v, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err = r.dec.Token()
	return list, err
}

func (r *reader) object(depth int) (any, error) {
	var m members
	for r.dec.More() {
		if len(m.names) == apiItems {
			return nil, errBodyItems
		}
		token, err := r.dec.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string) // the decoder lets nothing else stand there
		v, err := r.value(depth + 1)
		if err != nil {
			return nil, err
		}
		m.names, m.values = append(m.names, name), append(m.values, v)
	}
	_, err := r.dec.Token()
	return m, err
}

// binder puts a tree into Go values and collects what does not fit.
type binder struct{ problems []fault.Field }

func (b *binder) wrong(path, message string) {
	b.problems = append(b.problems, fault.Field{Name: path, Message: message})
}

// err is nil when everything fitted.
func (b *binder) err() error {
	if len(b.problems) == 0 {
		return nil
	}
	bad := fault.New(fault.Invalid, "body_invalid", b.problems[0].Message)
	bad.Fields = b.problems
	return bad
}

var (
	timeType  = reflect.TypeFor[time.Time]()
	factsType = reflect.TypeFor[map[eligibility.Field]string]()
)

func (b *binder) value(v any, into reflect.Value, path string) {
	switch {
	case v == nil:
		b.wrong(path, "Jangan mengirim null. Hilangkan saja isian yang tidak diketahui.")
	case into.Kind() == reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		b.value(v, into.Elem(), path)
	case into.Type() == timeType:
		b.moment(v, into, path)
	case into.Type() == factsType:
		b.facts(v, into, path)
	default:
		b.plain(v, into, path)
	}
}

// plain binds what JSON has a shape of its own for.
func (b *binder) plain(v any, into reflect.Value, path string) {
	switch into.Kind() {
	case reflect.Struct:
		m, ok := v.(members)
		if !ok {
			b.wrong(path, "Isian ini harus berupa objek JSON.")
			return
		}
		b.object(m, into, path)
	case reflect.Slice:
		list, ok := v.([]any)
		if !ok {
			b.wrong(path, "Isian ini harus berupa daftar.")
			return
		}
		into.Set(reflect.MakeSlice(into.Type(), len(list), len(list)))
		for i, item := range list {
			b.value(item, into.Index(i), fmt.Sprintf("%s.%d", path, i+1))
		}
	case reflect.String:
		s, ok := v.(string)
		if !ok {
			b.wrong(path, "Isian ini harus berupa teks di antara tanda kutip.")
			return
		}
		into.SetString(b.text(s, path))
	case reflect.Bool:
		t, ok := v.(bool)
		if !ok {
			b.wrong(path, "Isian ini harus true atau false.")
			return
		}
		into.SetBool(t)
	case reflect.Int, reflect.Int64:
		n, err := whole(v)
		if err != nil {
			b.wrong(path, "Isian ini harus berupa bilangan bulat.")
			return
		}
		into.SetInt(n)
	default:
		panic("web: no way to read JSON into " + into.Type().String())
	}
}

// text refuses what PostgreSQL cannot keep.
func (b *binder) text(s, path string) string {
	if !storable(s) {
		b.wrong(path, "Isian ini memuat tanda yang tidak dapat disimpan.")
	}
	return s
}

func whole(v any) (int64, error) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, errMalformed
	}
	return n.Int64()
}

func (b *binder) moment(v any, into reflect.Value, path string) {
	s, _ := v.(string)
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		b.wrong(path, "Waktu ditulis lengkap dengan zona, misalnya 2026-11-21T09:30:00+07:00.")
		return
	}
	into.Set(reflect.ValueOf(t))
}

func (b *binder) object(m members, into reflect.Value, path string) {
	seen := make(map[string]bool, len(m.names))
	for i, name := range m.names {
		at := join(path, name)
		field, ok := fieldOf(into, name)
		switch {
		case !ok:
			b.unknown(at, name)
		case seen[name]:
			b.twice(at, name)
		default:
			b.value(m.values[i], field, at)
		}
		seen[name] = true
	}
}

// fieldOf finds the struct field whose tag gives it exactly that name.
func fieldOf(of reflect.Value, name string) (reflect.Value, bool) {
	t := of.Type()
	for i := range t.NumField() {
		tag, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if tag == name && tag != "" && tag != "-" {
			return of.Field(i), true
		}
	}
	return reflect.Value{}, false
}

// facts reads what stands on a paper: names from the closed list of fields, text values. A number
// is welcome where the fact is one; a NIK as a number has lost nothing yet but is one rounding away
// from being somebody else's.
func (b *binder) facts(v any, into reflect.Value, path string) {
	m, ok := v.(members)
	if !ok {
		b.wrong(path, "Isian ini harus berupa objek JSON.")
		return
	}
	facts := make(map[eligibility.Field]string, len(m.names))
	for i, name := range m.names {
		at := join(path, name)
		field, ok := eligibility.FieldNamed(name)
		if !ok {
			b.unknown(at, name)
			continue
		}
		if _, twice := facts[field]; twice {
			b.twice(at, name)
			continue
		}
		facts[field] = b.fact(m.values[i], field, at)
	}
	into.Set(reflect.ValueOf(facts))
}

func (b *binder) fact(v any, field eligibility.Field, at string) string {
	switch value := v.(type) {
	case nil:
		b.value(nil, reflect.Value{}, at)
	case string:
		return b.text(value, at)
	case json.Number:
		if eligibility.Specs[field].Type == eligibility.TypeInt || field == eligibility.FieldClass {
			return value.String()
		}
		b.wrong(at, "Isian ini harus berupa teks di antara tanda kutip.")
	default:
		b.wrong(at, "Isian ini harus berupa teks atau bilangan.")
	}
	return ""
}

func (b *binder) unknown(at, name string) {
	b.wrong(at, "Isian “"+shown(name)+"” tidak dikenal di sini. Periksa ejaannya di /api/openapi.json.")
}

func (b *binder) twice(at, name string) { b.wrong(at, "Isian “"+shown(name)+"” ditulis dua kali.") }

func join(path, name string) string {
	if path == "" {
		return shown(name)
	}
	return path + "." + shown(name)
}

// shown is a name that a caller sent, fit for an error: short, and without the digits that would
// make a misplaced NIK readable in it.
func shown(name string) string {
	digits := 0
	short := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			digits++
			if digits > 6 {
				return '•'
			}
		}
		if r < ' ' || r == '"' {
			return -1
		}
		return r
	}, name)
	if runes := []rune(short); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return short
}
