package policy

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"pgregory.net/rapid"

	"layak/internal/fault"
)

func anyRoutingInput() *rapid.Generator[RoutingInput] {
	return rapid.Custom(func(t *rapid.T) RoutingInput {
		maybe := func(list, label string) string {
			return rapid.SampledFrom(append([]string{""}, RoutingCodes(list)...)).Draw(t, label)
		}
		unit := func(label string) *RoutingUnit {
			if !rapid.Bool().Draw(t, label) {
				return nil
			}
			return &RoutingUnit{rapid.SampledFrom([]string{"DINKES", "RSD-BALUNG", "X"}).Draw(t, label+".code"),
				rapid.SampledFrom(RoutingCodes("unit_kind")).Draw(t, label+".kind")}
		}
		in := RoutingInput{
			At: time.Unix(rapid.Int64Range(1_600_000_000, 1_900_000_000).Draw(t, "at"), 0).In(wib), Office: Office{Regency: "35.09"},
			Channel: rapid.SampledFrom(RoutingCodes("channel")).Draw(t, "channel"), Matter: maybe("matter", "matter"), Need: maybe("need", "need"),
			Relation: maybe("relation", "relation"), Class: maybe("class", "class"),
			Village: rapid.SampledFrom([]string{"", "35.09.19.1001", "35.10.01.2001"}).Draw(t, "village"), District: rapid.SampledFrom([]string{"", "35.09.19"}).Draw(t, "district"),
			Filed: unit("filed"), Unit: unit("unit"), Accused: unit("accused"),
			Checks: []RoutingOutcome{}, Deceased: rapid.Bool().Draw(t, "deceased"), Reopened: rapid.IntRange(0, 3).Draw(t, "reopened"),
			Given: rapid.SliceOfN(rapid.SampledFrom(RoutingCodes("given")), 0, 5).Draw(t, "given"),
		}
		for range rapid.IntRange(0, 3).Draw(t, "checks") {
			in.Checks = append(in.Checks, RoutingOutcome{rapid.SampledFrom(RoutingCodes("outcome")).Draw(t, "outcome"),
				rapid.SampledFrom(RoutingCodes("service_advice")).Draw(t, "advice"),
				rapid.SliceOfN(rapid.SampledFrom([]string{"residency_outside", "ppu_employer_due", "ppu_termination_grace", "pbi_reactivate", "bpjs_says_deceased", "need_not_met"}), 0, 3).Draw(t, "codes")})
		}
		return in
	})
}

// TestRoutingCheckAgreesWithSchema holds the fast check against the JSON schema.
func TestRoutingCheckAgreesWithSchema(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anyRoutingInput().Draw(t, "input")
		bad := rapid.SampledFrom([]string{"x", "", "35.9", "Puskesmas", strings.Repeat("é", 65)}).Draw(t, "bad")
		in.Filed = &RoutingUnit{"A", "opd"}
		in.Checks = append(in.Checks, RoutingOutcome{"eligible", "none", []string{"a"}})
		k := &in.Checks[len(in.Checks)-1]
		targets := []*string{&in.Channel, &in.Matter, &in.Need, &in.Relation, &in.Class, &in.Village, &in.District, &in.Office.Regency,
			&in.Filed.Code, &in.Filed.Kind, &k.Outcome, &k.Advice, &k.Codes[0]}
		switch n := rapid.IntRange(-1, len(targets)+3).Draw(t, "target"); {
		case n == len(targets):
			in.Given = append(in.Given, bad)
		case n == len(targets)+1:
			in.Given = nil
		case n == len(targets)+2:
			k.Codes = nil
		case n == len(targets)+3:
			in.Reopened = -1
		case n >= 0:
			*targets[n] = bad
		}
		fast, whole := checkRouting(&in), ValidateRoutingInput(in)
		if (fast == nil) != (whole == nil) {
			t.Fatalf("fast %v, schema %v: %+v", fast, whole, in)
		}
	})
}

// TestRoutingValueIsItsJSON wants the document built from structs to be the stored JSON.
func TestRoutingValueIsItsJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := anyRoutingInput().Draw(t, "input")
		data, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		want, err := ast.ValueFromReader(strings.NewReader(string(data)))
		if err != nil {
			t.Fatal(err)
		}
		if got := routingValue(&in); got.Compare(want) != 0 {
			t.Fatalf("built %v\nJSON %v", got, want)
		}
		back, err := ParseRoutingInput(data)
		if err != nil || routingValue(&back).Compare(want) != 0 {
			t.Fatal(back, err)
		}
	})
}

// TestEveryComplaintIsRouted wants an answer for whatever a complaint may hold, the same each time,
// and what holds of all of them.
func TestEveryComplaintIsRouted(t *testing.T) {
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		in := anyRoutingInput().Draw(rt, "input")
		r, err := e.Route(context.Background(), in)
		if err != nil {
			rt.Fatal(err)
		}
		r.sane(t)
		if in.Class != "" && r.Class != in.Class {
			rt.Errorf("class %s of the official became %s", in.Class, r.Class)
		}
		if in.Need == "emergency" && (r.Priority != "emergency" || r.Outside != nil) {
			rt.Errorf("an emergency is %s, outside %v", r.Priority, r.Outside)
		}
		if in.Matter == "conduct" && in.Accused != nil && in.Accused.Code != "DINKES" && r.Desk != nil && r.Desk.Code == in.Accused.Code {
			rt.Errorf("the accused unit answers for itself: %+v", r.Desk)
		}
		for _, m := range r.Missing {
			for _, g := range in.Given {
				if m.Code == g {
					rt.Errorf("%s is asked again", g)
				}
			}
		}
		again, err := e.Route(context.Background(), in)
		if err != nil || string(encode(t, again)) != string(encode(t, r)) {
			rt.Errorf("the second answer differs: %v", err)
		}
	})
}

func TestRouteRefuses(t *testing.T) {
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	bad := toldCase()
	bad.Channel = "pigeon"
	_, err = e.Route(t.Context(), bad)
	if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "penanganan") {
		t.Error(err)
	}
	early := toldCase()
	early.At = time.Date(2018, 1, 1, 0, 0, 0, 0, wib)
	_, err = e.Route(t.Context(), early)
	if !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
	_, err = e.Route(WithTimeout(t.Context(), 0), toldCase())
	if !fault.Is(err, fault.Unavailable) {
		t.Error(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = e.Route(gone, toldCase())
	if !fault.Is(err, fault.Unavailable) || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

const aReason = `package layak.routing

# METADATA
# title: Judul
# custom:
#   code: extra
#   article: Pasal 1
#   effective_from: "2025-04-01"
reasons contains {"code": "extra", "text": "Kata."} if input.need == "routine"
`

// TestRefusedRouting adds one file to the shipped rules and wants it refused with its place.
func TestRefusedRouting(t *testing.T) {
	body := func(line string) string { return strings.Replace(aReason, `input.need == "routine"`, line, 1) }
	if found, _ := Verify(t.Context(), Shipped().with("routing/extra.rego", []byte(aReason))); len(found) > 0 {
		t.Fatal("the rule of this test is no good:", found)
	}
	for name, c := range map[string]struct{ src, code string }{
		"network":            {body(`http.send({"method": "get", "url": "http://x"}).status_code == 200`), "rego_type_error"},
		"field of a check":   {body(`input.resident.nik == "x"`), "rego_type_error"},
		"rules of a check":   {body(`data.layak.eligibility.covered`), "foreign_rules"},
		"name of a person":   {body(`input.unit.name == "x"`), "private_field"},
		"word of no list":    {body(`input.matter == "tagihan"`), "code_unknown"},
		"kind of no unit":    {body(`input.filed.kind == "klinik"`), "code_unknown"},
		"class of a ward":    {body(`input.class == "3"`), "code_unknown"},
		"unknown parameter":  {body(`current.resolve_day > 1`), "param_unknown"},
		"field chosen":       {body(`input[input.need] == 1`), "dynamic_input"},
		"no METADATA":        {aReason[:23] + aReason[strings.Index(aReason, "reasons"):], "metadata"},
		"no code":            {strings.Replace(aReason, "#   code: extra\n", "", 1), "metadata"},
		"no article":         {strings.Replace(aReason, "#   article: Pasal 1\n", "", 1), "metadata"},
		"no date":            {strings.Replace(aReason, "#   effective_from: \"2025-04-01\"\n", "", 1), "metadata"},
		"other code in head": {strings.Replace(aReason, `{"code": "extra"`, `{"code": "other"`, 1), "metadata"},
		"code used twice":    {strings.ReplaceAll(aReason, "extra", "route_emergency"), "metadata"},
		"no text":            {strings.Replace(aReason, `, "text": "Kata."`, "", 1), "metadata"},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := Verify(t.Context(), Shipped().with("routing/extra.rego", []byte(c.src)))
			if err != nil || len(found) == 0 {
				t.Fatal("accepted", err)
			}
			if found[0].Code != c.code || found[0].File == "" || found[0].Row == 0 || found[0].Message == "" {
				t.Errorf("%+v; want %s", found[0], c.code)
			}
		})
	}
	without := Shipped()
	for name := range without.Files {
		if strings.HasPrefix(name, "routing/") && strings.HasSuffix(name, ".rego") {
			delete(without.Files, name)
		}
	}
	if found, _ := Verify(t.Context(), without); len(found) != 1 || found[0].Code != "no_routing" {
		t.Errorf("a bundle of contract 2 without routing: %v", found)
	}
	delete(without.Files, routingSchema)
	if found, _ := Verify(t.Context(), without); len(found) == 0 || found[0].Code != "schema_unreadable" {
		t.Errorf("a bundle of contract 2 without its schema: %v", found)
	}
}
