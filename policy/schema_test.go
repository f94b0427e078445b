package policy

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"pgregory.net/rapid"

	"layak/internal/fault"
)

func TestCodes(t *testing.T) {
	for _, list := range []string{"need", "life_status", "segment", "member_status", "member_reason", "class",
		"evidence_kind", "sex", "kk_relation", "marital"} {
		if len(Codes(list)) < 2 {
			t.Errorf("%s: %v", list, Codes(list))
		}
	}
	if Codes("no such list") != nil || !slices.Contains(FactFields(), "village") {
		t.Error(FactFields())
	}
	Codes("sex")[0] = "X"
	if Codes("sex")[0] != "L" {
		t.Error("a caller can change a closed list")
	}
}

// TestParseInputRefuses changes one thing in a good document.
func TestParseInputRefuses(t *testing.T) {
	good, err := json.Marshal(siti())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseInput(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"unknown key":       {`"subject":"nik"`, `"subject":"nik","extra":1`},
		"null desil":        {`"desil":2`, `"desil":null`},
		"null group":        {`"evidence":[]`, `"evidence":[],"mother":null`},
		"desil as text":     {`"desil":2`, `"desil":"2"`},
		"desil as fraction": {`"desil":2`, `"desil":2.5`},
		"desil eleven":      {`"desil":2`, `"desil":11`},
		"text as number":    {`"nik":"3509190101800001"`, `"nik":3509190101800001`},
		"unknown code":      {`"life_status":"alive"`, `"life_status":"waffat"`},
		"empty text":        {`"life_status":"alive"`, `"life_status":""`},
		"impossible day":    {`"service_on":"2026-11-21"`, `"service_on":"2026-02-30"`},
		"no evidence":       {`"evidence":[]`, `"evidence":null`},
		"fact unknown":      {`"evidence":[]`, `"evidence":[{"kind":"kk","facts":{"salary":"1"}}]`},
		"fact null":         {`"evidence":[]`, `"evidence":[{"kind":"kk","facts":{"village":null}}]`},
		"fact of a type":    {`"evidence":[]`, `"evidence":[{"kind":"kk","facts":{"village":true}}]`},
		"two documents":     {`"subject":"nik"`, `"subject":"nik"}{`},
	} {
		bad := strings.Replace(string(good), change[0], change[1], 1)
		if bad == string(good) {
			t.Fatalf("%s changes nothing", name)
		}
		_, err := ParseInput([]byte(bad))
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "3509190101800001") {
			t.Errorf("%s: the error holds a NIK", name)
		}
	}
}

// TestCheckAgreesWithSchema holds the fast check against the JSON schema on documents that are
// good but for one member.
func TestCheckAgreesWithSchema(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput().Draw(t, "input")
		if rapid.Bool().Draw(t, "spoil") {
			spoil(t, &in)
		}
		fast, whole := check(&in), ValidateInput(in)
		if (fast == nil) != (whole == nil) {
			data, _ := json.Marshal(in)
			t.Fatalf("fast %v, schema %v: %s", fast, whole, data)
		}
	})
}

// spoil breaks one member.
func spoil(t *rapid.T, in *Input) {
	bad := rapid.SampledFrom([]string{"x", "2026-13-01", "2026-02-30", "35.9", "35.09.19.1001.1", "3509", "35-09", "L1",
		"2026-1-01", "123456789012345X", "ACTIVE"}).Draw(t, "bad")
	in.Resident = &Resident{Origin: Origin{Source: "registry"}}
	in.Membership = &Membership{Origin: Origin{Source: "registry"}}
	targets := []*string{&in.ServiceOn, &in.Office.Regency, &in.Subject, &in.Need, &in.Resident.NIK, &in.Resident.Sex,
		&in.Resident.BirthDate, &in.Resident.Village, &in.Resident.District, &in.Resident.Regency, &in.Resident.Province,
		&in.Resident.LifeStatus, &in.Resident.MovedInOn, &in.Resident.Relation, &in.Resident.Source, &in.Resident.AsOf,
		&in.Membership.Segment, &in.Membership.Status, &in.Membership.Reason, &in.Membership.Since,
		&in.Membership.InactiveSince, &in.Membership.Class}
	switch n := rapid.IntRange(0, len(targets)+2).Draw(t, "target"); {
	case n < len(targets):
		*targets[n] = bad
	case n == len(targets):
		in.Evidence = append(in.Evidence, Evidence{Kind: bad})
	case n == len(targets)+1:
		field := rapid.SampledFrom(FactFields()).Draw(t, "field")
		in.Evidence = append(in.Evidence, Evidence{Kind: "kk", Facts: map[string]any{field: bad}})
	default:
		in.Welfare = &Welfare{Origin: Origin{Source: "registry"}, Desil: ptr(rapid.SampledFrom([]int{-1, 0, 11}).Draw(t, "desil"))}
	}
}

// TestInputValueIsItsJSON wants the document built from structs to be the stored JSON.
func TestInputValueIsItsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput().Draw(t, "input")
		data, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		want, err := ast.ValueFromReader(strings.NewReader(string(data)))
		if err != nil {
			t.Fatal(err)
		}
		if got := inputValue(&in, true); got.Compare(want) != 0 {
			t.Fatalf("built %v\nJSON %v", got, want)
		}
	})
}
