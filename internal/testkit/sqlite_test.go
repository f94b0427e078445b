package testkit

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// Every test has a copy of its own of what was prepared once.
func TestSQLiteLike(t *testing.T) {
	times := 0
	prepare := func(address string) error {
		times++
		return os.WriteFile(strings.TrimPrefix(address, "sqlite:"), []byte("whole"), 0o600)
	}
	read := func(address string) string {
		b, err := os.ReadFile(strings.TrimPrefix(address, "sqlite:"))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	a, b := SQLiteLike(t, "kept", prepare), SQLiteLike(t, "kept", prepare)
	if a == b || times != 1 || read(a) != "whole" || read(b) != "whole" {
		t.Errorf("%s and %s, prepared %d times", a, b, times)
	}
	_, err := prepareSQLite(t.TempDir()+"/x.db", func(string) error { return errors.New("no") })
	if err == nil {
		t.Error("a template that failed was kept")
	}
}
