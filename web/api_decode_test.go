package web

import (
	"reflect"
	"strings"
	"testing"

	"layak/eligibility"
	"layak/internal/fault"
)

// decode reads a text into a struct, as readJSON does with a body.
func decode(text string, into any) error {
	tree, err := parseTree([]byte(text))
	if err != nil {
		return err
	}
	var b binder
	b.value(tree, reflect.ValueOf(into).Elem(), "")
	return b.err()
}

func TestDecodeValues(t *testing.T) {
	var body eventBody
	err := decode(`{"type":"registration","version":3,"patient":2,"sent_at":"2026-11-21T10:00:00+07:00",
		"missing":["KK","KTP"],"statements":{"accepts_class_3":false},
		"evidence":[{"kind":"kk","facts":{"desil":7,"segment":"none","class":"3"}}]}`, &body)
	if err != nil {
		t.Fatal(err)
	}
	if body.Version != 3 || body.Patient != 2 || body.SentAt.UTC().Hour() != 3 || len(body.Missing) != 2 {
		t.Errorf("read %+v", body)
	}
	if a := body.Statements.AcceptsClass3; a == nil || *a || body.Statements.StillEmployed != nil {
		t.Errorf("statements %+v", body.Statements)
	}
	want := map[eligibility.Field]string{eligibility.FieldDesil: "7", eligibility.FieldSegment: "none", eligibility.FieldClass: "3"}
	if !reflect.DeepEqual(body.Evidence[0].Facts, want) {
		t.Errorf("facts %v", body.Evidence[0].Facts)
	}
}

// All problems of a body come at once.
func TestDecodeReportsEverything(t *testing.T) {
	var body checkBody
	err := fault.As(decode(`{"nik":1,"need":null,"evidence":[{"kind":"kk","facts":{"desil":true,"x":1}},7],"extra":[]}`, &body))
	if err == nil {
		t.Fatal("accepted")
	}
	var got []string
	for _, f := range err.Fields {
		got = append(got, f.Name)
	}
	want := "nik need evidence.1.facts.desil evidence.1.facts.x evidence.2 extra"
	if strings.Join(got, " ") != want {
		t.Errorf("problems at %q, want %q", strings.Join(got, " "), want)
	}
}

func TestDecodeBounds(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		good bool
	}{
		"as deep as allowed":  {strings.Repeat("[", apiDepth) + strings.Repeat("]", apiDepth), true},
		"one deeper":          {strings.Repeat("[", apiDepth+1) + strings.Repeat("]", apiDepth+1), false},
		"as long as allowed":  {"[0" + strings.Repeat(",0", apiItems-1) + "]", true},
		"one longer":          {"[0" + strings.Repeat(",0", apiItems) + "]", false},
		"many members":        {`{"a":0` + strings.Repeat(`,"a":0`, apiItems) + "}", false},
		"nothing":             {"", false},
		"a comma too many":    {`{"a":1,}`, false},
		"something behind":    {`{} x`, false},
		"a lone surrogate":    {`{"text":"\ud800"}`, true},
		"a byte order mark":   {"\ufeff{}", false},
		"a number too exact":  {`{"version":123456789012345678901234567890}`, true},
		"single quotes":       {`{'a':1}`, false},
		"not a number":        {`{"version":NaN}`, false},
		"comment":             {`{} // x`, false},
		"a very long literal": {strings.Repeat("1", 100_000), true},
	} {
		_, err := parseTree([]byte(c.text))
		if (err == nil) != c.good {
			t.Errorf("%s: %v, want good %v", name, err, c.good)
		}
	}
}

func TestShownHidesNumbers(t *testing.T) {
	for in, want := range map[string]string{
		"nama": "nama", "3509190302800001": "350919••••••••••", "rt1": "rt1",
		"a\"b\nc": "abc", strings.Repeat("x", 50): strings.Repeat("x", 40) + "…",
	} {
		if got := shown(in); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
}

// Whatever is sent, the reader neither falls over nor lets anything through that it did not
// understand, and its complaint repeats no long number.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"nik":"3509190302800001","need":"inpatient","evidence":[{"kind":"kk","facts":{"desil":2}}]}`,
		`{"type":"check","version":1,"statements":{"accepts_class_3":true}}`,
		`{"subject":{"name":"Sri","birth_date":"1980-02-03","village":"35.09.19.1001"}}`,
		`{"3509190302800001":null}`, `[[[[`, `{"sent_at":"x","missing":[1]}`, "\xff", `{"version":1e400}`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, into := range []any{&checkBody{}, &eventBody{}} {
			err := decode(string(text), into)
			if err == nil {
				continue
			}
			e := fault.As(err)
			if e == nil || e.Kind != fault.Invalid || e.Message == "" {
				t.Fatalf("%q: %v", text, err)
			}
			for _, field := range e.Fields {
				if field.Message == "" || maskDigits(field.Name) != field.Name || maskDigits(field.Message) != field.Message {
					t.Fatalf("%q: says %+v", text, field)
				}
			}
		}
		tree, err := parseTree(text)
		if err != nil {
			return
		}
		_, err = actionOf(tree, apiHome)
		if e := fault.As(err); err != nil && (e == nil || e.Kind != fault.Invalid) {
			t.Fatalf("%q: %v", text, err)
		}
	})
}
