package main

import (
	"log/slog"
	"testing"
	"time"

	"layak/eligibility/impact"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

// TestLookOfAnotherDay has an approver who looked at what a revision changes and chose a moment a week ahead.
// A new proposal needs the figures of its own day; what was looked at is not held up because a day passed.
func TestLookOfAnotherDay(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("WIB", 7*3600))
	dir := t.TempDir()
	h := &house{t, dir, "sqlite:" + dir + "/layak.db"}
	h.load("60")
	p, err := Open(t.Context(), Config{DB: h.db, KeyFile: h.path("layak.key"), Log: slog.New(slog.DiscardHandler),
		Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	ctx := auth.With(t.Context(), auth.Actor{Name: "bambang", Role: auth.PolicyApprover, All: true})
	registry, err := p.DB.RegistryRevision(ctx)
	if err != nil {
		t.Fatal(err)
	}
	counted := func(draft string, differences int) {
		r := impact.Run{ID: draft, Kind: impact.OfRegistry, Base: "base", Draft: draft, State: impact.Running, StartedAt: now, BeatAt: now}
		entry := audit.Entry{Actor: "bambang", Act: "impact.end", Object: "impact", ObjectID: r.ID}
		if err := p.DB.StartImpact(ctx, r, entry); err != nil {
			t.Fatal(err)
		}
		r.State, r.FinishedAt, r.ServiceOn = impact.Done, &now, "2026-11-23"
		r.Preview = &impact.Result{Base: r.Base, Draft: r.Draft, ServiceOn: r.ServiceOn, Registry: registry, Counts: impact.Counts{People: 500},
			Check: impact.Check{Compared: 500, Differences: differences, Full: true}}
		if err := p.DB.EndImpact(ctx, r, entry); err != nil {
			t.Fatal(err)
		}
	}
	counted("sound", 0)
	counted("void", 3)
	now = now.AddDate(0, 0, 7)
	runs := impactsOf{previews{p.Impact}}
	for _, c := range []struct {
		draft  string
		looked bool
	}{{"sound", true}, {"void", false}, {"never", false}} {
		looked, err := runs.Looked(ctx, c.draft, "base")
		if err != nil || looked != c.looked {
			t.Errorf("%s: looked at %v, %v", c.draft, looked, err)
		}
	}
	if _, err := runs.Impact(ctx, "sound", "base"); !fault.Is(err, fault.NotFound) || fault.As(err).Code != "impact_old" {
		t.Errorf("a proposal of today by the figures of last week: %v", err)
	}
}
