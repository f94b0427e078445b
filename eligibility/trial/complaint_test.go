package trial

import (
	"context"
	"strings"
	"testing"
	"time"

	"layak/eligibility"
	"layak/internal/auth"
	"layak/policy"
)

// routes is a sandbox that compiles each set of rules once.
type routes struct {
	here
	engines map[string]*policy.Engine
}

func (r routes) Route(ctx context.Context, b policy.Bundle, complaints []policy.RoutingInput) ([]policy.Routing, error) {
	e := r.engines[b.Hash()]
	if e == nil {
		var err error
		e, err = policy.NewEngine(ctx, b)
		if err != nil {
			return nil, err
		}
		r.engines[b.Hash()] = e
	}
	out := make([]policy.Routing, len(complaints))
	for i, in := range complaints {
		var err error
		out[i], err = e.Route(ctx, in)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// The fictional complaints go through both sets of rules, those that are handled otherwise first: a deadline
// of sixty days, and a rule that fails on one of them.
func TestFictionalComplaintsUnderOtherRouting(t *testing.T) {
	d := &Desk{Sandbox: routes{engines: map[string]*policy.Engine{}}, Clock: func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, eligibility.WIB) }, Zone: eligibility.WIB}
	ctx := auth.With(t.Context(), auth.Actor{Name: "sari", Role: auth.PolicyOfficer})
	change := func(file, old, replaced string) policy.Bundle {
		b := policy.Bundle{Files: map[string][]byte{}}
		for name, text := range policy.Shipped().Files {
			b.Files[name] = text
		}
		if !strings.Contains(string(b.Files[file]), old) {
			t.Fatalf("%s has no %q", file, old)
		}
		b.Files[file] = []byte(strings.Replace(string(b.Files[file]), old, replaced, 1))
		return b
	}
	for _, c := range []struct {
		name    string
		draft   policy.Bundle
		day     eligibility.Date
		differ  int
		refused int
		first   string
	}{
		{"the same rules", policy.Shipped(), "", 0, 0, "ditolak-rumah-sakit"},
		{"sixty days to verify", change("data.json", "\"verify_days\": [\n      {\"value\": 3", "\"verify_days\": [\n      {\"value\": 60"), "2026-12-01", 11, 0, "ditolak-rumah-sakit"},
		{"it fails on conduct", change("routing/class.rego", "\"oversight\" if {\n\tinput.matter == \"conduct\"", "\"grave\" if {\n\tinput.matter == \"conduct\""), "", 3, 3, "pungutan-kepala-dinas"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rows, err := d.Route(ctx, c.draft, policy.Shipped(), c.day)
			if err != nil {
				t.Fatal(err)
			}
			differ, refused := 0, 0
			for i, r := range rows {
				if len(r.Moves) > 0 {
					differ++
				}
				if r.Refused {
					refused++
				}
				if r.Before.Class == "" || !r.Refused && r.After.Class == "" {
					t.Errorf("%s is not classed: %+v", r.ID, r)
				}
				if i > 0 && weight(r) > weight(rows[i-1]) {
					t.Errorf("%s comes behind %s", r.ID, rows[i-1].ID)
				}
			}
			if len(rows) != len(Complaints()) || differ != c.differ || refused != c.refused || rows[0].ID != c.first {
				t.Errorf("%d of %d differ, %d refused, first %s", differ, len(rows), refused, rows[0].ID)
			}
		})
	}
	_, err := d.Route(ctx, change("routing/class.rego", "default class := \"complaint\"", "default class := "), policy.Shipped(), "")
	if err == nil {
		t.Error("rules that do not load route")
	}
	_, err = d.Route(t.Context(), policy.Shipped(), policy.Shipped(), "")
	if err == nil {
		t.Error("nobody may try")
	}
}
