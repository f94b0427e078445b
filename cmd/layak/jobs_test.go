package main

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/audit"
)

// An import whose process was killed stands there as running, until the service starts again.
func TestServiceClearsAwayADeadImport(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		p := h.open()
		imp, err := p.DB.StartImport(context.Background(), importers.Import{
			Kind: eligibility.Residents, Mode: importers.Update, Area: "35.09", AsOf: "2026-11-01", StartedBy: "os:uji",
		}, audit.Entry{Actor: "os:uji", Act: "import.start", Object: "import"})
		if err != nil {
			t.Fatal(err)
		}
		h.start()
		for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			now, err := p.DB.Import(context.Background(), imp.ID)
			if err != nil {
				t.Fatal(err)
			}
			if now.Status == importers.Failed && now.Message != "" {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("the import is still %s", now.Status)
			}
		}
	})
}

func TestServiceForgetsEndedSessions(t *testing.T) {
	h := &house{t, t.TempDir(), ""}
	h.db = "sqlite:" + h.path("layak.db")
	err := h.open().DB.SessionStore().CommitCtx(context.Background(), "ended", []byte("x"), time.Now().Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite", h.path("layak.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = raw.Close() })
	left := func() (n int) {
		err := raw.QueryRow(`SELECT COUNT(*) FROM session`).Scan(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if left() != 1 {
		t.Fatal("the session was not stored")
	}
	h.start()
	for deadline := time.Now().Add(10 * time.Second); left() > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the session is still there")
		}
	}
}
