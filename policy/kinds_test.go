package policy

import (
	"bytes"
	"os"
	"testing"
)

// TestKindsApart tells which kinds of rules a change touches.
func TestKindsApart(t *testing.T) {
	shipped := Shipped()
	more := func(file, text string) Bundle {
		return shipped.with(file, append(bytes.Clone(shipped.Files[file]), text...))
	}
	number := func(name string, value any) Bundle {
		b, _, err := SetParam(shipped, ParamChange{Name: name, Value: value, ValidFrom: "2027-01-01", Source: "SK Bupati 188/2026"}, "2026-11-22")
		if err != nil {
			t.Fatal(name, err)
		}
		return b
	}
	for name, c := range map[string]struct {
		b    Bundle
		want Kinds
	}{
		"nothing":                       {shipped, Kinds{}},
		"a test of a check":             {more("need_test.rego", "\n# lain\n"), Kinds{}},
		"a rule of a check":             {more("need.rego", "\n# lain\n"), Kinds{Checks: true}},
		"a new file of checks":          {shipped.with("extra.rego", []byte(aRule)), Kinds{Checks: true}},
		"a new file of routing":         {shipped.with("routing/extra.rego", []byte(aReason)), Kinds{Routing: true}},
		"a limit of a clock":            {number("verify_days", 60), Kinds{Routing: true}},
		"a limit of a check":            {number("max_desil", 6), Kinds{Checks: true}},
		"the schema of complaints":      {more(routingSchema, "\n"), Kinds{Routing: true}},
		"the schema of facts":           {more(schemaFile, "\n"), Kinds{Checks: true}},
		"rules that nobody can read":    {shipped.with("extra.rego", []byte("nonsense {")), Kinds{Checks: true, Routing: true}},
		"a rule of a check and a clock": {number("verify_days", 60).with("extra.rego", []byte(aRule)), Kinds{Checks: true, Routing: true}},
	} {
		if got := KindsApart(shipped, c.b); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
		if got := KindsApart(c.b, shipped); got != c.want {
			t.Errorf("%s taken back: %+v, want %+v", name, got, c.want)
		}
	}
}

// TestRoutingTableIsReadable: every reason of routing stands in the decision table, in words.
func TestRoutingTableIsReadable(t *testing.T) {
	rows, err := RoutingTable(Shipped(), "2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 || len(rows) != len(e.RoutingRules()) {
		t.Errorf("%d rows for %d reasons", len(rows), len(e.RoutingRules()))
	}
	for _, r := range rows {
		if r.Title == "" || r.Article == "" || len(texts(r)) == 0 {
			t.Errorf("%+v", r)
		}
		for _, c := range texts(r) {
			if sign := regoSigns.FindString(c); sign != "" {
				t.Errorf("%s: %q in %q", r.Code, sign, c)
			}
		}
	}
	packed, err := os.ReadFile("testdata/contract1.tar.gz")
	if err != nil {
		t.Fatal(err)
	}
	before, err := ReadTarGz(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	if rows, err := RoutingTable(before, "2026-11-22"); err != nil || len(rows) > 0 {
		t.Errorf("rules of before there was routing: %d rows, %v", len(rows), err)
	}
}
