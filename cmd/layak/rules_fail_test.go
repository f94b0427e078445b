package main

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"

	"layak/policy"
)

// Rules in force whose routing ends in an error must turn nobody away: the shipped ones route, and the
// log says what failed.
func TestRoutingThatFailsIsReplaced(t *testing.T) {
	shipped := policy.Shipped()
	broken := policy.Bundle{Files: maps.Clone(shipped.Files)}
	broken.Files["routing/slip.rego"] = []byte("package layak.routing\n\nimport rego.v1\n\npriority := \"sometimes\"\n")
	engine, err := policy.NewEngine(context.Background(), broken)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	book := &ruleBook{log: slog.New(slog.NewTextHandler(&log, nil))}
	book.active.Store(engine)
	in := policy.RoutingInput{
		At: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC), Office: policy.Office{Regency: "35.09"}, Channel: "whatsapp", Need: "emergency",
		Checks: []policy.RoutingOutcome{}, Given: []string{},
	}
	_, err = engine.Route(context.Background(), in)
	if err == nil {
		t.Fatal("the slip does no harm; the test would mean nothing")
	}
	r, revision, err := book.Route(context.Background(), in)
	if err != nil || revision != shipped.Hash() || r.Priority != "emergency" {
		t.Errorf("routed as %q by %s: %v", r.Priority, revision, err)
	}
	if !strings.Contains(log.String(), "routing failed") {
		t.Errorf("log: %s", log.String())
	}
}
