package main

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"testing"
	"time"

	"layak/internal/audit"
	"layak/internal/testkit"
	"layak/policy"
)

// TestEveryProcessTakesOtherRulesOver has two processes on one database: what one brings into force the
// other decides by within two seconds, and rules that cannot be loaded leave the old ones in force.
func TestEveryProcessTakesOtherRulesOver(t *testing.T) {
	for name, address := range map[string]string{"sqlite": testkit.SQLite(t), "postgres": testkit.Postgres(t)} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			key := t.TempDir() + "/layak.key"
			open := func() *Program {
				p, err := Open(ctx, Config{DB: address, KeyFile: key, Log: slog.New(slog.DiscardHandler)})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = p.Close() })
				return p
			}
			acting, following := open(), open()
			background, stop := context.WithCancel(ctx)
			done := make(chan struct{})
			go func() { following.Rules.follow(background); close(done) }()
			t.Cleanup(func() { stop(); <-done })

			first := acting.Rules.InForce()
			bundle := policy.Bundle{Files: maps.Clone(policy.Shipped().Files)}
			bundle.Files["need.rego"] = append(bytes.Clone(bundle.Files["need.rego"]), "# lain\n"...)
			var packed bytes.Buffer
			if err := bundle.WriteTarGz(&packed); err != nil {
				t.Fatal(err)
			}
			activate := func(hash string, bytes []byte) {
				t.Helper()
				e := audit.Entry{Actor: "bambang", Act: "revision.activate", Object: "revision"}
				_, err := acting.DB.SaveRevision(ctx, policy.Revision{Hash: hash, Stage: policy.Proposed, Bundle: bytes, CreatedBy: "sari"}, e)
				if err == nil {
					err = acting.DB.ApproveRevision(ctx, hash, e)
				}
				if err == nil {
					err = acting.DB.ActivateRevision(ctx, hash, e)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			within := func(what string, holds func() bool) {
				t.Helper()
				for end := time.Now().Add(20 * time.Second); !holds(); time.Sleep(20 * time.Millisecond) {
					if time.Now().After(end) {
						t.Fatal(what)
					}
				}
			}
			began := time.Now()
			activate(bundle.Hash(), packed.Bytes())
			within("the other process still decides by the old rules", func() bool { return following.Rules.InForce() == bundle.Hash() })
			t.Logf("taken over after %v", time.Since(began).Round(time.Millisecond))

			activate("sha256:broken", []byte("no archive"))
			within("nobody says that the rules could not be loaded", func() bool { return following.Rules.Behind() == "sha256:broken" })
			if following.Rules.InForce() != bundle.Hash() {
				t.Errorf("decides by %s", following.Rules.InForce())
			}
			err := acting.DB.ActivateRevision(ctx, first, audit.Entry{Actor: "bambang", Act: "revision.rollback", Object: "revision"})
			if err != nil {
				t.Fatal(err)
			}
			within("the way back was not followed", func() bool { return following.Rules.InForce() == first && following.Rules.Behind() == "" })
		})
	}
}
