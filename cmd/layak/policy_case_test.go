package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCheckBecomesACase takes a stored check into a checkout of the rules as a test that passes and holds
// nothing of the person.
func TestCheckBecomesACase(t *testing.T) {
	dir := t.TempDir()
	h := &house{t, dir, "sqlite:" + filepath.Join(dir, "layak.db")}
	checked := h.object("check", "3509195204719001", "--evidence", "ktp")
	id, _ := checked["id"].(string)
	rules := h.path("aturan")
	err := os.CopyFS(rules, os.DirFS("../../policy/rules"))
	if err != nil {
		t.Fatal(err)
	}
	file, _ := h.object("policy", "case", id, rules, "--name", "Belum tercatat, KTP dilihat")["file"].(string)
	text, err := os.ReadFile(file)
	if err != nil || filepath.Base(file) != "belum_tercatat_ktp_dilihat_test.rego" {
		t.Fatal(file, err)
	}
	if strings.Contains(string(text), "3509195204719001") || !strings.Contains(string(text), "test_belum_tercatat_ktp_dilihat if {") {
		t.Errorf("%s", text)
	}
	report := h.object("policy", "test", rules)
	if report["failed"].(float64) != 0 {
		t.Errorf("%v tests fail", report["failed"])
	}
	if s := h.run("", "policy", "case", id, rules, "--name", "belum tercatat KTP dilihat"); s.code == exitDone || !strings.Contains(s.err, "Pilih nama lain") {
		t.Errorf("a case was written over another: %+v", s)
	}
}
