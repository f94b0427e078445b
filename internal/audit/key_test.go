package audit_test

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"layak/internal/audit"
	"layak/internal/fault"
)

func TestLoadKeyMakesOneFileForAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "layak.key")
	ids := make([]string, 16)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			k, err := audit.LoadKey(path)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = k.ID()
		})
	}
	wg.Wait()
	if len(slices.Compact(ids)) != 1 {
		t.Errorf("processes that started together hold different keys: %v", ids)
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("key file: %v %v", info.Mode(), err)
	}
	left, _ := os.ReadDir(filepath.Dir(path))
	if len(left) != 1 {
		t.Errorf("files left beside the key: %v", left)
	}
}

func TestRotatedKeyStillKnowsThePast(t *testing.T) {
	path := filepath.Join(t.TempDir(), "layak.key")
	old, err := audit.LoadKey(path)
	if err != nil {
		t.Fatal(err)
	}
	m := sealed(t, old, 2)
	ring, err := audit.RotateKey(path)
	if err != nil {
		t.Fatal(err)
	}
	if ring.ID() == old.ID() {
		t.Fatal("the key did not change")
	}
	m.add(t, ring, 2, morning)
	report, err := ring.Verify(t.Context(), "35.09", m)
	if err != nil || !report.Whole() {
		t.Errorf("chain over a rotation: %v %v", report.Problems, err)
	}
	both := ring.Persons("3509190101900001")
	if len(both) != 2 || both[0] != ring.Person("3509190101900001") || both[1] != old.Person("3509190101900001") {
		t.Errorf("hashes of a person over a rotation: %v", both)
	}
	both = ring.KeyedAll("phone", "0812")
	if len(both) != 2 || both[0] != ring.Keyed("phone", "0812") || both[1] != old.Keyed("phone", "0812") || both[0] == ring.Keyed("kk", "0812") {
		t.Errorf("hashes of a value over a rotation: %v", both)
	}
}

func TestLoadKeyRefuses(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "whole.key")
	if _, err := audit.LoadKey(whole); err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(whole)
	cases := map[string]struct {
		content string
		mode    os.FileMode
		code    string
	}{
		"empty":           {"", 0o600, "key_file_broken"},
		"truncated":       {strings.TrimSpace(string(text))[:len(text)-20], 0o600, "key_file_broken"},
		"another's id":    {strings.Replace(string(text), "key ", "key 0", 1), 0o600, "key_file_broken"},
		"readable by all": {string(text), 0o644, "key_file_open"},
		"something else":  {"halo dunia\n", 0o600, "key_file_broken"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "layak.key")
			if err := os.WriteFile(path, []byte(c.content), c.mode); err != nil {
				t.Fatal(err)
			}
			_, err := audit.LoadKey(path)
			if f := fault.As(err); f == nil || f.Code != c.code {
				t.Errorf("got %v, want %s", err, c.code)
			}
			after, _ := os.ReadFile(path)
			if string(after) != c.content {
				t.Error("a broken key file was overwritten")
			}
		})
	}
}

// TestPersonHashIsKeyed: without the key a NIK cannot be found by trying.
func TestPersonHashIsKeyed(t *testing.T) {
	a, b := ring(t, 1), ring(t, 2)
	if a.Person("3509190101900001") == b.Person("3509190101900001") {
		t.Error("two keys give one hash")
	}
	again := a.Person("3509190101900001")
	if first := a.Person("3509190101900001"); first != again {
		t.Error("one key gives two hashes")
	}
	if a.Person("x") == a.Keyed("address", "x") {
		t.Error("domains are not apart")
	}
}
