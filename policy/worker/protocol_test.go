package worker

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"layak/internal/fault"
)

// TestErrorsOfAChildQuoteNothing: what is no fault is logged whole by whoever gets it, so that only the
// request and the kind of the error leave the child; a fault keeps its words.
func TestErrorsOfAChildQuoteNothing(t *testing.T) {
	const nik = "3509195204719001"
	for name, err := range map[string]error{
		"plain":     errors.New("test " + nik + " failed"),
		"wrapped":   fmt.Errorf("run tests: %w", errors.New(nik)),
		"typed":     fmt.Errorf("read: %w", &json.UnmarshalTypeError{Value: nik}),
		"twice":     fmt.Errorf("a: %w", fmt.Errorf("b %s: %w", nik, errors.New(nik))),
		"of a list": errors.Join(errors.New(nik), errors.New(nik)),
	} {
		back := failed(err).err(opTest)
		if back == nil || strings.Contains(back.Error(), nik) || !strings.HasPrefix(back.Error(), "rule worker test: *") {
			t.Errorf("%s: %v", name, back)
		}
	}
	told := failed(fault.New(fault.Invalid, "policy_crashed", "Aturan ini terhenti.")).err(opTest)
	if f := fault.As(told); f == nil || f.Code != "policy_crashed" || f.Message == "" {
		t.Errorf("a fault lost its words: %v", told)
	}
}
