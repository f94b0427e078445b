package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/storage"
	"layak/policy"
)

// routedProgram opens a program on a clock that the test moves.
func routedProgram(t *testing.T, h *house, clock *time.Time, log *bytes.Buffer) *Program {
	t.Helper()
	p, err := Open(t.Context(), Config{
		DB: h.db, KeyFile: filepath.Join(h.dir, "layak.key"), Clock: func() time.Time { return *clock },
		Log: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := p.Close()
		if err != nil {
			t.Error(err)
		}
	})
	return p
}

// olderRules makes a database whose rules in force were written before there was routing.
func olderRules(t *testing.T, h *house) string {
	t.Helper()
	packed, err := os.ReadFile("../../policy/testdata/contract1.tar.gz")
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := policy.ReadTarGz(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := audit.LoadKey(filepath.Join(h.dir, "layak.key"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := storage.Open(t.Context(), h.db, storage.Config{Regency: "35.09", Clock: time.Now, Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.EnsureRevision(t.Context(), bundle.Hash(), packed)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Close()
	if err != nil {
		t.Fatal(err)
	}
	return bundle.Hash()
}

func toldByPhone() complaints.Filing {
	return complaints.Filing{
		Channel: "phone", Matter: "activation", Need: "inpatient", Village: "35.09.19.1001", Text: "Kartu belum aktif.",
		Reporter: complaints.Reporter{Name: "Ani", Phone: "081234567890", Relation: "family"},
	}
}

func TestOlderRulesLeaveRoutingToTheProgram(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		older := olderRules(t, h)
		now, log := time.Date(2026, 11, 23, 9, 0, 0, 0, calendar.Jakarta), &bytes.Buffer{}
		p := routedProgram(t, h, &now, log)
		if p.Rules.Engine().Hash() != older || !strings.Contains(log.String(), "routed by the shipped rules") {
			t.Errorf("decides by %s; log: %s", p.Rules.Engine().Hash(), log)
		}
		c, err := p.Complaints.File(auth.With(context.Background(), auth.CommandLine("budi")), toldByPhone())
		if err != nil {
			t.Fatal(err)
		}
		route, ok := c.Route()
		if !ok || route.Revision != policy.Shipped().Hash() || c.Priority != "high" {
			t.Errorf("routed %v by %s, priority %s", ok, route.Revision, c.Priority)
		}
	})
}

// A complaint that nobody takes climbs by itself, and can still be worked on afterwards.
func TestServiceSweeps(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		now := time.Date(2026, 11, 23, 9, 0, 0, 0, calendar.Jakarta)
		p := routedProgram(t, h, &now, &bytes.Buffer{})
		ctx := auth.With(context.Background(), auth.CommandLine("budi"))
		err := p.Accounts.AddUnit(ctx, auth.Unit{Code: "KEL-JEMBER", Name: "Kelurahan Jember", Kind: "kelurahan", Areas: []area.Code{"35.09.19.1001"}})
		if err != nil {
			t.Fatal(err)
		}
		c, err := p.Complaints.File(ctx, toldByPhone())
		if err != nil {
			t.Fatal(err)
		}
		if c.Unit != "KEL-JEMBER" || c.DueAt == nil || c.LookAt == nil {
			t.Fatalf("with %q, due %v, look %v", c.Unit, c.DueAt, c.LookAt)
		}
		now = c.DueAt.Add(time.Minute)
		done, err := p.Complaints.Sweep(context.Background())
		if err != nil || done.Climbed != 1 {
			t.Fatalf("%+v, %v", done, err)
		}
		late, err := p.Complaints.Complaint(ctx, c.Ticket)
		if err != nil || late.Escalated != 1 {
			t.Fatalf("rung %d, %v", late.Escalated, err)
		}
		late, err = p.Complaints.Act(ctx, c.Ticket, complaints.Action{Type: complaints.VerifyEvent, Version: late.Version})
		if err != nil || late.Escalated != 0 || late.State != complaints.Verified {
			t.Errorf("late work: %s, rung %d, %v", late.State, late.Escalated, err)
		}
	})
}
