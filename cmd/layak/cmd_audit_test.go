package main

import (
	"database/sql"
	"os"
	"strings"
	"testing"
)

// Whoever owns the database file can drop the triggers and cut off the end of the trail; the chain
// that is left is whole. Only a head that was kept elsewhere tells.
func TestAKeptHeadShowsThatTheEndWasCutOff(t *testing.T) {
	h := &house{t, t.TempDir(), ""}
	h.db = "sqlite:" + h.path("layak.db")
	h.must("", "units", "add", "PKM-1", "--name", "Puskesmas Satu", "--kind", "puskesmas", "--area", "35.09.19")
	first := h.must("", "audit", "head")
	h.must("", "units", "add", "PKM-2", "--name", "Puskesmas Dua", "--kind", "puskesmas", "--area", "35.09.20")
	last := h.must("", "audit", "head")
	if strings.Count(last, "\n") != 1 || first == last {
		t.Fatalf("heads %q and %q", first, last)
	}
	heads := h.path("kepala.txt")
	keep(t, heads, first+"\n"+last)
	h.must("", "audit", "verify", "--heads", heads)

	db, err := sql.Open("sqlite", h.path("layak.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		`DROP TRIGGER audit_entry_no_delete`, `DROP TRIGGER trail_block_no_delete`,
		`DELETE FROM audit_entry WHERE block = (SELECT MAX(seq) FROM trail_block)`,
		`DELETE FROM trail_block WHERE seq = (SELECT MAX(seq) FROM trail_block)`,
	} {
		_, err = db.Exec(q)
		if err != nil {
			t.Fatal(err)
		}
	}
	err = db.Close()
	if err != nil {
		t.Fatal(err)
	}
	h.must("", "audit", "verify") // the chain alone cannot know
	if s := h.run("", "audit", "verify", "--heads", heads); s.code != exitFailed || !strings.Contains(s.out, "Kepala rantai") {
		t.Errorf("exit %d\n%s%s", s.code, s.out, s.err)
	}

	keep(t, heads, strings.Replace(last, "35.09", "35.10", 1))
	if s := h.run("", "audit", "verify", "--heads", heads); s.code != exitUsage || s.out != "" {
		t.Errorf("a forged head: exit %d %s%s", s.code, s.out, s.err)
	}
}

func keep(t *testing.T, path, text string) {
	t.Helper()
	err := os.WriteFile(path, []byte(text), 0o600)
	if err != nil {
		t.Fatal(err)
	}
}

func TestRotatedKeyStillVerifiesThePast(t *testing.T) {
	h := &house{t, t.TempDir(), ""}
	h.db = "sqlite:" + h.path("layak.db")
	before := h.object("audit", "head")["key_id"]
	if after := h.object("audit", "rotate-key")["key_id"]; after == before {
		t.Fatal("the key is the same")
	}
	h.must("", "units", "add", "PKM-1", "--name", "Puskesmas Satu", "--kind", "puskesmas", "--area", "35.09.19")
	report := h.object("audit", "verify")
	if len(report["problems"].([]any)) != 0 || report["head"].(map[string]any)["key_id"] == before {
		t.Errorf("%v", report)
	}
}
