package main

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"layak/policy"
)

// TestPolicyCommandsOutliveBombs: a folder of rules from anywhere, looked at on the machine of whoever
// looks, is cut off with a sentence as a draft of the service is.
func TestPolicyCommandsOutliveBombs(t *testing.T) {
	dir := t.TempDir()
	files := maps.Clone(policy.Shipped().Files)
	files["bomb_test.rego"] = []byte(`package layak.eligibility_test

test_bomb if {
	hundred := "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
	signs := split(hundred, "")
	long := concat("", [hundred | some a in signs; some b in ["1", "2", "3", "4", "5", "6", "7", "8", "9"]])
	count([$"{long}{a}{b}{c}" | some a in signs; some b in signs; some c in signs]) == 1
}
`)
	for name, src := range files {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, src, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h := &house{t, t.TempDir(), "sqlite:" + filepath.Join(t.TempDir(), "never.db")}
	got := h.run("", "policy", "test", dir)
	if got.code == 0 || !strings.Contains(got.err, "memori lebih dari 256 MB") {
		t.Errorf("exit %d, %q", got.code, got.err)
	}
}
