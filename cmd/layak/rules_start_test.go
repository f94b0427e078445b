package main

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/storage"
	"layak/internal/testkit"
	"layak/policy"
	"layak/policy/workbench"
)

// TestAStartWithoutTheRulesInForce starts on databases whose rules in force are broken: by those before it
// decides on, without any it does all but decide, and the emergency stop is always within reach.
func TestAStartWithoutTheRulesInForce(t *testing.T) {
	for name, address := range map[string]string{"sqlite": testkit.SQLite(t), "postgres": testkit.Postgres(t)} {
		t.Run(name, func(t *testing.T) {
			cfg := Config{DB: address, KeyFile: t.TempDir() + "/layak.key", Regency: "35.09", Clock: time.Now}
			keys, err := audit.LoadKey(cfg.KeyFile)
			if err != nil {
				t.Fatal(err)
			}
			db, err := storage.Open(t.Context(), address, storageConfig(cfg, keys))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			s := started{T: t, cfg: cfg, db: db}
			s.withoutAny()
			s.withThoseBefore()
		})
	}
}

type started struct {
	*testing.T
	cfg Config
	db  *storage.DB
}

// open starts a process; log is what it said.
func (s *started) open() (p *Program, log *bytes.Buffer) {
	s.Helper()
	log = &bytes.Buffer{}
	s.cfg.Log = slog.New(slog.NewTextHandler(log, nil))
	p, err := Open(s.Context(), s.cfg)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = p.Close() })
	return p, log
}

// brings stores rules, approves them, and brings them into force over those of before, if any.
func (s *started) brings(hash string, bundle []byte) {
	s.Helper()
	ctx, e := s.Context(), audit.Entry{Actor: "bambang", Act: "revision.activate", Object: "revision"}
	before, err := s.db.ActiveHash(ctx)
	if err != nil && !fault.Is(err, fault.NotFound) {
		s.Fatal(err)
	}
	_, err = s.db.SaveRevision(ctx, policy.Revision{Hash: hash, Stage: policy.Proposed, Bundle: bundle, CreatedBy: "sari"}, e)
	if err == nil {
		err = s.db.ApproveRevision(ctx, hash, e)
	}
	switch {
	case err == nil && before == "":
		err = s.db.ActivateRevision(ctx, hash, e)
	case err == nil:
		err = s.db.Switch(ctx, workbench.Switch{ID: uuid.Must(uuid.NewV7()).String(), Hash: hash, Previous: before, Kind: workbench.Activation, At: time.Now(), By: "bambang"}, e)
	}
	if err != nil {
		s.Fatal(err)
	}
}

func (s *started) withoutAny() {
	s.brings("sha256:broken0", []byte("no archive"))
	p, log := s.open()
	if p.Rules.InForce() != "" || p.Rules.Behind() != "sha256:broken0" {
		s.Errorf("decides by %q, behind %q", p.Rules.InForce(), p.Rules.Behind())
	}
	_, err := p.Rules.Active().Decide(s.Context(), policy.Input{At: time.Now(), ServiceOn: "2026-11-22",
		Office: policy.Office{Regency: "35.09"}, Subject: "unknown", Evidence: []policy.Evidence{}})
	f := fault.As(err)
	if f == nil || f.Kind != fault.Unavailable || f.Code != "rules_not_loaded" {
		s.Errorf("a decision without rules: %v", err)
	}
	r, by, err := p.Rules.Route(s.Context(), policy.RoutingInput{At: time.Now(), Office: policy.Office{Regency: "35.09"}, Channel: "whatsapp",
		Checks: []policy.RoutingOutcome{}, Given: []string{}})
	if err != nil || r.Class == "" || by != policy.Shipped().Hash() {
		s.Errorf("a complaint is turned away: %v by %s", err, by)
	}
	if !strings.Contains(log.String(), "nothing is decided here") || !strings.Contains(p.Rules.warning(), "cadangan") {
		s.Errorf("nobody is told: %s%s", log, p.Rules.warning())
	}
}

func (s *started) withThoseBefore() {
	shipped := policy.Shipped()
	good := policy.Bundle{Files: maps.Clone(shipped.Files)}
	good.Files["need.rego"] = append(bytes.Clone(good.Files["need.rego"]), "# lain\n"...)
	for _, b := range []policy.Bundle{shipped, good} {
		var packed bytes.Buffer
		if err := b.WriteTarGz(&packed); err != nil {
			s.Fatal(err)
		}
		s.brings(b.Hash(), packed.Bytes())
	}
	s.brings("sha256:broken1", []byte("no archive"))
	s.brings("sha256:broken2", []byte("no archive"))
	p, log := s.open()
	if p.Rules.InForce() != good.Hash() || p.Rules.Behind() != "sha256:broken2" {
		s.Errorf("decides by %s, behind %s", p.Rules.InForce(), p.Rules.Behind())
	}
	for _, says := range []string{"broken2", good.Hash(), "layak policy stop"} {
		if !strings.Contains(log.String(), says) {
			s.Errorf("the log does not say %q: %s", says, log)
		}
	}
	if !strings.Contains(p.Rules.warning(), "layak policy stop") {
		s.Error("who starts it is not told:", p.Rules.warning())
	}
	if err := p.Rules.Loads(s.Context(), "sha256:broken1"); fault.As(err) == nil || fault.As(err).Code != workbench.Unloadable {
		s.Error("broken rules could come into force:", err)
	}
	ctx := auth.With(s.Context(), auth.Actor{Name: "bambang", User: "bambang", Role: auth.PolicyApprover})
	w, err := p.Workbench.Stop(context.WithoutCancel(ctx), "berkas aturan rusak")
	if err != nil || w.Hash != good.Hash() {
		s.Fatalf("stopped to %s: %v", w.Hash, err)
	}
	if p.Rules.look(s.Context()); p.Rules.Behind() != "" || p.Rules.InForce() != good.Hash() {
		s.Errorf("after the stop: decides by %s, behind %s", p.Rules.InForce(), p.Rules.Behind())
	}
}
