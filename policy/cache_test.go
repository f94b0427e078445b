package policy

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"pgregory.net/rapid"
)

// TestCacheChangesNothing holds an engine that remembers days against the same rules with OPA's own
// cache, person after person and day after day.
func TestCacheChangesNothing(t *testing.T) {
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput().Draw(t, "input")
		in.ServiceOn = rapid.SampledFrom([]string{"2024-05-05", "2026-11-20", "2026-11-21", in.ServiceOn}).Draw(t, "day")
		in.Office.Regency = rapid.SampledFrom(regencies).Draw(t, "office")
		got, err := e.Decide(WithTimeout(t.Context(), time.Minute), in)
		if err != nil {
			t.Fatal(err)
		}
		results, err := e.query.Eval(t.Context(), rego.EvalParsedInput(inputValue(&in, true)))
		if err != nil {
			t.Fatal(err)
		}
		want, err := e.decision(results[0].Expressions[0].Value.(*ast.Term), in.At.Location())
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("remembered %+v\nfresh %+v %v", got, want, err)
		}
	})
}

// TestDayRules tells rules that are the same for everybody on a day from those that read the person.
func TestDayRules(t *testing.T) {
	b := Shipped()
	l, found := load(b.with("extra.rego", []byte(`package layak.eligibility

through_else := 1 if input.service_on == "" else := 2 if input.need == "emergency"

through_function := reads_person(1)

reads_person(x) := x if input.resident.sex == "L"

default mixed := 1

mixed := 2 if input.mother

whole := count(object.keys(input))

calendar := concat(" ", [input.service_on, input.office.regency])
`)))
	if len(found) > 0 {
		t.Fatal(found)
	}
	names := l.dayRules(packagePath)
	for name, want := range map[string]bool{"current": true, "service_ns": true, "segment_words": true, "calendar": true,
		"outcome": false, "need": false, "through_else": false, "through_function": false, "mixed": false, "whole": false,
		"findings": false, "days_since": false} {
		if names[ruleName{name: name}] != want {
			t.Errorf("%s is a rule of the day: %v", name, !want)
		}
	}
	if !names[ruleName{"step", "enrol"}] || names[ruleName{"step", "mandiri_inactive_move"}] {
		t.Error("steps")
	}
}

// TestDaysAreBounded keeps memory of days from growing without end.
func TestDaysAreBounded(t *testing.T) {
	name := ruleName{name: "current"}
	d := days{rules: map[ruleName]bool{name: true}}
	first := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range maxDays + 1 {
		d.learn(dayOf{first.AddDate(0, 0, i).Format(time.DateOnly), "35.09"}, &ruleCache{own: map[ruleName]value{name: ast.InternedTerm(i)}})
	}
	if len(d.known) != 1 || d.get(dayOf{"2020-01-01", "35.09"}) != nil {
		t.Errorf("%d days", len(d.known))
	}
}

// TestRuleCacheFrames keeps what is known outside a `with` from being seen inside it.
func TestRuleCacheFrames(t *testing.T) {
	c := newRuleCache(packagePath, map[ruleName]value{{name: "office"}: ast.InternedTerm(1)})
	defer c.release()
	office, need, element := ast.MustParseRef(rulePackage+".office"), ast.MustParseRef(rulePackage+".need"), ast.MustParseRef(rulePackage+".set[1]")
	c.Put(need, nil)
	c.Put(element, ast.InternedTerm(2))
	expect := func(ref ast.Ref, known, undefined bool) {
		t.Helper()
		v, u := c.Get(ref)
		if (v != nil) != known || u != undefined {
			t.Errorf("%s: %v %v", ref, v, u)
		}
	}
	expect(office, true, false)
	expect(need, false, true)
	expect(element, true, false)
	c.Push()
	expect(office, false, false)
	expect(need, false, false)
	expect(element, false, false)
	c.Put(office, ast.InternedTerm(3))
	if len(c.Keys()) != 1 {
		t.Error(c.Keys())
	}
	c.Pop()
	if v, _ := c.Get(office); v == nil || !v.Equal(ast.InternedTerm(1)) {
		t.Error(v)
	}
}

// TestRoutingCacheChangesNothing holds routing that remembers days against the same rules with OPA's
// own cache.
func TestRoutingCacheChangesNothing(t *testing.T) {
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		in := anyRoutingInput().Draw(t, "input")
		in.Office.Regency = rapid.SampledFrom(regencies).Draw(t, "office")
		got, err := e.Route(WithTimeout(t.Context(), time.Minute), in)
		if err != nil {
			t.Fatal(err)
		}
		results, err := e.routing.query.Eval(t.Context(), rego.EvalParsedInput(routingValue(&in)))
		if err != nil {
			t.Fatal(err)
		}
		want, err := e.routing.read(results[0].Expressions[0].Value.(*ast.Term), in.At.Location())
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("remembered %+v\nfresh %+v %v", got, want, err)
		}
	})
}

// TestRoutingDay remembers nothing that may read the hour.
func TestRoutingDay(t *testing.T) {
	for written, remembered := range map[string]bool{
		"day := substring(input.at, 0, 10)": true,
		"day := substring(input.at, 0, 13)": false,
		"day := substring(input.at, 0, 10) if input.need\n\nday := \"2026-01-01\" if not input.need": false,
	} {
		b := Shipped()
		src := strings.Replace(string(b.Files["routing/routing.rego"]), "day := substring(input.at, 0, 10)", written, 1)
		l, found := load(b.with("routing/routing.rego", []byte(src)))
		if len(found) > 0 {
			t.Fatal(found)
		}
		if got := l.routing.dayRules(routingPath)[ruleName{name: "current"}]; got != remembered {
			t.Errorf("%q: parameters remembered: %v", written, got)
		}
	}
}
