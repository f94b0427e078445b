package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"layak/internal/fault"
	"layak/policy"
)

// patient limits are for tests that ask whether an answer is right, on a machine that may be busy.
var patient = Limits{Time: time.Minute, Tests: 5 * time.Minute, SessionTime: 5 * time.Minute, Wait: time.Minute}

// TestShippedRulesInAChild asks a child what the package itself would say.
func TestShippedRulesInAChild(t *testing.T) {
	p := New(patient)
	defer p.Close()
	found, err := p.Verify(t.Context(), policy.Shipped())
	if err != nil || len(serious(found)) > 0 {
		t.Fatal(found, err)
	}
	_, changed, err := p.Format(t.Context(), policy.Shipped())
	if err != nil || len(changed) > 0 {
		t.Fatal(changed, err)
	}
	e, err := policy.NewEngine(t.Context(), policy.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	far, no := siti(), false
	far.Resident.Regency, far.Resident.District, far.Resident.Village = "35.10", "35.10.01", "35.10.01.2001"
	far.Statements = &policy.Statements{AcceptsClass3: &no} // false is not the same as unknown
	inputs := []policy.Input{siti(), far}
	got, err := p.Decide(t.Context(), policy.Shipped(), inputs)
	if err != nil || len(got) != 2 {
		t.Fatal(err)
	}
	for i, in := range inputs {
		want, err := e.Decide(t.Context(), in)
		if err != nil || !reflect.DeepEqual(got[i], want) {
			t.Errorf("%v\nchild %+v\nhere  %+v", err, got[i], want)
		}
	}
	told, err := p.Explain(t.Context(), policy.Shipped(), siti())
	if err != nil || len(told.Steps) == 0 || told.Decision.Outcome != got[0].Outcome {
		t.Error(err, told.Summary)
	}
	broken := siti()
	broken.ServiceOn = "kemarin"
	if _, err := p.Decide(t.Context(), policy.Shipped(), []policy.Input{broken}); codeOf(err) != "input_invalid" || len(fault.As(err).Fields) != 1 {
		t.Error("the fault did not come through whole:", err)
	}
}

// TestSession holds what a session says about a population against the package itself.
func TestSession(t *testing.T) {
	p := New(patient)
	defer p.Close()
	frame := policy.Frame{At: siti().At, ServiceOn: "2026-11-02", Office: policy.Office{Regency: "35.09"}}
	s, err := p.Open(t.Context(), frame, policy.Shipped(), policy.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	e, err := policy.NewEngine(t.Context(), policy.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	d, err := policy.Distinguish(t.Context(), frame, e)
	if err != nil {
		t.Fatal(err)
	}
	if path, why := s.Path(); path != d.Path || why != d.Why {
		t.Error(path, why)
	}
	if !reflect.DeepEqual(s.Columns(), d.Columns()) || len(s.Columns()) == 0 {
		t.Errorf("%+v\n%+v", s.Columns(), d.Columns())
	}
	values := map[string][]any{
		"welfare.desil": {nil, 1, 2, 5, 6, 10}, "resident.in_latest": {nil, true, false},
		policy.Members: {nil, []policy.Member{}, []policy.Member{{Relation: "head", Sex: "L"}}},
	}
	for _, u := range d.Columns() {
		tuples := [][]any{}
		for i := range 3 {
			tuple := make([]any, len(u.Columns))
			for j, c := range u.Columns {
				if known := values[c]; known != nil {
					tuple[j] = known[i]
				} else if i > 0 && strings.HasSuffix(c, "source") {
					tuple[j] = "registry"
				}
			}
			tuples = append(tuples, tuple)
		}
		want, err := d.Classes(t.Context(), u.Columns, tuples)
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Classes(t.Context(), u.Columns, tuples)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v (%v)", u.Columns, got, want, err)
		}
	}
	briefs, err := s.Briefs(t.Context(), 1, []policy.Input{siti(), siti()})
	want, _ := e.Brief(t.Context(), siti())
	if err != nil || len(briefs) != 2 || !briefs[1].Equal(want) {
		t.Error(err, briefs, want)
	}
	whole, err := s.Decide(t.Context(), 0, []policy.Input{siti()})
	if err != nil || len(whole) != 1 || !whole[0].Equal(want) {
		t.Error(err, whole, want)
	}
	if _, err := s.Briefs(t.Context(), 2, nil); err == nil {
		t.Error("a third rule set answers")
	}
	short, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := p.Open(short, frame, policy.Shipped()); !fault.Is(err, fault.Unavailable) {
		t.Error("two sessions at once:", err)
	}
	s.Close()
	s.Close()
	if _, err := s.Briefs(t.Context(), 0, nil); err == nil {
		t.Error("a closed session answers")
	}
}

// A session whose child was cut off says why, also to those who ask afterwards: it has not said that the
// rules cannot decide on a person.
func TestSessionThatWasCutOff(t *testing.T) {
	p := New(Limits{SessionTime: 5 * time.Minute})
	defer p.Close()
	frame := policy.Frame{At: siti().At, ServiceOn: "2026-11-02", Office: policy.Office{Regency: "35.09"}}
	s, err := p.Open(t.Context(), frame, policy.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	s.limit = 20 * time.Millisecond
	for range 2 { // busy is said when the machine gave it no time at all
		_, err := s.Decide(t.Context(), 0, slices.Repeat([]policy.Input{siti()}, 20_000))
		if code := codeOf(err); code != "policy_too_slow" && code != "machine_busy" {
			t.Error(err)
		}
	}
}

// slow is a rule set that never comes to an end, as long as nobody ends it.
func slow() policy.Bundle {
	ten := "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]"
	var some strings.Builder
	for i := range 12 {
		fmt.Fprintf(&some, "\tsome a%d in ten\n", i)
	}
	b := policy.Bundle{Files: map[string][]byte{}}
	for name, src := range base {
		b.Files[name] = src
	}
	b.Files["trigger.rego"] = []byte(trigger)
	b.Files["extra.rego"] = []byte("package layak.eligibility\n\nten := " + ten + "\n\nbomb if {\n" + some.String() + "\ta0 + a11 == 0\n}\n")
	return b
}

// TestCancelled ends a request at the word of its caller, and the next one is served by another child.
func TestCancelled(t *testing.T) {
	p := New(patient)
	defer p.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := p.Decide(ctx, slow(), []policy.Input{siti()})
		done <- err
	}()
	time.Sleep(300 * time.Millisecond)
	cancel()
	if err := <-done; !fault.Is(err, fault.Unavailable) || codeOf(err) != "policy_check_cancelled" {
		t.Error(err)
	}
	if _, err := p.Decide(t.Context(), policy.Shipped(), []policy.Input{siti()}); err != nil {
		t.Error("the next one:", err)
	}
	p.Close()
	if _, err := p.Verify(t.Context(), policy.Shipped()); err == nil || fault.As(err) != nil {
		t.Error("a closed pool answers:", err)
	}
}

// TestFrames reads arbitrary bytes as messages: an error, never a panic or a great allocation.
func TestFrames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 0, 64).Draw(t, "bytes")
		var r request
		_ = readFrame(bytes.NewReader(data), &r)
	})
	var buf bytes.Buffer
	err := writeFrame(&buf, request{Op: opVerify, Args: json.RawMessage(`{"a":1}`)})
	if err != nil {
		t.Fatal(err)
	}
	whole := bytes.Clone(buf.Bytes())
	var back request
	if err := readFrame(&buf, &back); err != nil || back.Op != opVerify || string(back.Args) != `{"a":1}` {
		t.Error(back, err)
	}
	for n := range len(whole) {
		if err := readFrame(bytes.NewReader(whole[:n]), &back); err == nil || n == 0 && !errors.Is(err, io.EOF) {
			t.Errorf("%d of %d bytes: %v", n, len(whole), err)
		}
	}
	if err := readFrame(bytes.NewReader([]byte{0xff, 0xff, 0xff, 0xff}), &back); err == nil {
		t.Error("a message of 4 GB is read")
	}
}

// TestFirstWordsNameNobody keeps only what the runtime itself writes.
func TestFirstWordsNameNobody(t *testing.T) {
	for said, want := range map[string]string{
		"fatal error: runtime: out of memory\n\ngoroutine 1": "fatal error: runtime: out of memory",
		"runtime: goroutine stack exceeds\nmore":             "runtime: goroutine stack exceeds",
		"panic: NIK 3509195204719001\n":                      "",
	} {
		var w firstWords
		for i := range len(said) {
			_, _ = w.Write([]byte{said[i]})
		}
		if w.String() != want {
			t.Errorf("%q, want %q", w.String(), want)
		}
	}
}
