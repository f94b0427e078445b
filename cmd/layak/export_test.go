package main

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"

	"layak/internal/auth"
	"layak/internal/storage"
)

// TestWhatLeavesIsInTheTrail: rules and proofs that somebody takes along, by page or command line, each leave
// an entry that names him and the revision or the check; what was refused leaves none.
func TestWhatLeavesIsInTheTrail(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		hash, _ := h.object("policy", "export", "1", h.path("aturan.tar.gz"))["revision"].(string)
		if s := h.run("", "policy", "export", "99", h.path("lain.tar.gz")); s.code == exitDone {
			t.Errorf("a revision that is not there was exported: %+v", s)
		}
		if _, err := os.Stat(h.path("lain.tar.gz")); err == nil {
			t.Error("a refused export left a file")
		}
		p := h.open()
		r, err := p.DB.Revision(t.Context(), hash)
		if err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		err = bundleDesk{p}.Export(auth.With(t.Context(), auth.Actor{Name: "sari"}), &file, r)
		if err != nil || file.Len() == 0 {
			t.Fatal(err, file.Len())
		}
		page, err := p.DB.AuditEntries(t.Context(), storage.AuditFilter{Act: "revision.export"})
		if err != nil || len(page.Entries) != 2 {
			t.Fatalf("%v %+v", err, page.Entries)
		}
		var who []string
		for _, e := range page.Entries {
			who = append(who, e.Actor)
			if e.ObjectID != hash || e.Object != "revision" {
				t.Errorf("%+v", e)
			}
		}
		if all := strings.Join(who, " "); !strings.Contains(all, "sari") || !strings.Contains(all, "os:") {
			t.Errorf("taken along by %s", all)
		}
		h.proven(p)
	})
}

// proven takes a proof and looks for its entry.
func (h *house) proven(p *Program) {
	h.t.Helper()
	id, _ := h.object("check", "3509195204719001", "--evidence", "ktp")["id"].(string)
	if s := h.run("", "policy", "proof", id, h.path("bukti.tar.gz"), "--purpose", "sengketa biaya"); s.code != exitDone {
		h.t.Fatalf("%+v", s)
	}
	err := bundleDesk{p}.Prove(auth.With(h.t.Context(), auth.Actor{Name: "os:rini", Role: auth.Operator, All: true}), io.Discard, id, "sengketa lain")
	if err != nil {
		h.t.Fatal(err)
	}
	page, err := p.DB.AuditEntries(h.t.Context(), storage.AuditFilter{Act: "determination.prove"})
	if err != nil || len(page.Entries) != 2 || page.Entries[0].ObjectID != id {
		h.t.Errorf("%v %+v", err, page.Entries)
	}
}
