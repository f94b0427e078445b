package policy

import (
	"context"
	"testing"
	"time"

	"github.com/open-policy-agent/opa/v1/rego"
)

func ptr[T any](v T) *T { return &v }

var wib = time.FixedZone("WIB", 7*3600)

// siti is the person of most desks: mandiri in arrears, desil 2, to be admitted.
func siti() Input {
	return Input{
		At: time.Date(2026, 11, 21, 9, 12, 0, 0, wib), ServiceOn: "2026-11-21",
		Office: Office{Regency: "35.09"}, Subject: "nik", Need: "inpatient",
		Statements: &Statements{AcceptsClass3: ptr(true)},
		Resident: &Resident{Origin: Origin{"registry", "2026-11-01"}, NIK: "3509190101800001", Sex: "P",
			BirthDate: "1980-01-01", Village: "35.09.19.1001", District: "35.09.19", Regency: "35.09", Province: "35",
			LifeStatus: "alive", Relation: "wife", InLatest: ptr(true)},
		Household: &Household{Origin: Origin{"registry", "2026-11-01"}, KK: "3509190101100001", Members: []Member{
			{Relation: "head", Sex: "L", BirthDate: "1978-05-05", LifeStatus: "alive", Desil: ptr(2), Segment: "mandiri", MemberStatus: "inactive"},
			{Relation: "child", Sex: "L", BirthDate: "2010-05-05", LifeStatus: "alive", Desil: ptr(2), Segment: "mandiri", MemberStatus: "inactive"},
			{Relation: "child", Sex: "P", BirthDate: "2014-05-05", LifeStatus: "alive", Desil: ptr(2), Segment: "mandiri", MemberStatus: "inactive"},
		}},
		Welfare: &Welfare{Origin: Origin{"registry", "2026-10-01"}, Desil: ptr(2)},
		Membership: &Membership{Origin: Origin{"registry", "2026-11-01"}, Segment: "mandiri", Status: "inactive",
			Reason: "premium", InactiveSince: "2026-03-01", Class: "3"},
		Evidence: []Evidence{},
	}
}

// BenchmarkDecide is one whole decision in process, from structs to words.
func BenchmarkDecide(b *testing.B) {
	e, err := NewEngine(b.Context(), Shipped())
	if err != nil {
		b.Fatal(err)
	}
	in := siti()
	b.ReportAllocs()
	for b.Loop() {
		d, err := e.Decide(context.Background(), in)
		if err != nil || d.Outcome != Eligible {
			b.Fatal(d.Outcome, err)
		}
	}
}

// BenchmarkDecideParallel is the same on all cores: what a busy service does.
func BenchmarkDecideParallel(b *testing.B) {
	e, err := NewEngine(b.Context(), Shipped())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		in := siti()
		for pb.Next() {
			d, err := e.Decide(context.Background(), in)
			if err != nil || d.Outcome != Eligible {
				b.Error(d.Outcome, err)
				return
			}
		}
	})
}

// BenchmarkLean is the same rules asked for nothing but the outcome.
func BenchmarkLean(b *testing.B) {
	l, found := load(Shipped())
	if len(found) > 0 {
		b.Fatal(found)
	}
	q, err := l.prepare(b.Context(), l.compiler, rulePackage+".outcome == \"eligible\"")
	if err != nil {
		b.Fatal(err)
	}
	in := siti()
	b.ReportAllocs()
	for b.Loop() {
		rs, err := q.Eval(context.Background(), evalInput(&in))
		if err != nil || len(rs) != 1 {
			b.Fatal(rs, err)
		}
	}
}

func evalInput(in *Input) rego.EvalOption { return rego.EvalParsedInput(inputValue(in, true)) }

// BenchmarkInput is the building of the document alone.
func BenchmarkInput(b *testing.B) {
	in := siti()
	b.ReportAllocs()
	for b.Loop() {
		inputValue(&in, true)
	}
}

// toldCase is a complaint with something of everything.
func toldCase() RoutingInput {
	return RoutingInput{
		At: time.Date(2026, 11, 21, 9, 12, 0, 0, wib), Office: Office{Regency: "35.09"}, Channel: "wadul",
		Matter: "activation", Need: "emergency", Relation: "family", Village: "35.09.19.1001", District: "35.09.19",
		Filed: &RoutingUnit{"KEL-JEMBER", "kelurahan"}, Unit: &RoutingUnit{"KEL-JEMBER", "kelurahan"},
		Checks: []RoutingOutcome{{"eligible", "treat_now", []string{"emergency_first"}}}, Given: []string{"patient", "village", "need", "matter"},
	}
}

// BenchmarkRoute is one whole routing in process, from structs to words.
func BenchmarkRoute(b *testing.B) {
	e, err := NewEngine(b.Context(), Shipped())
	if err != nil {
		b.Fatal(err)
	}
	in := toldCase()
	b.ReportAllocs()
	for b.Loop() {
		r, err := e.Route(context.Background(), in)
		if err != nil || r.Priority != "emergency" {
			b.Fatal(r.Priority, err)
		}
	}
}

// BenchmarkRouteUsual is the complaint of most days: a card that is not active, at its desk.
func BenchmarkRouteUsual(b *testing.B) {
	e, err := NewEngine(b.Context(), Shipped())
	if err != nil {
		b.Fatal(err)
	}
	in := toldCase()
	in.Need, in.Channel, in.Checks = "outpatient", "whatsapp", []RoutingOutcome{{"eligible", "none", []string{}}}
	b.ReportAllocs()
	for b.Loop() {
		r, err := e.Route(context.Background(), in)
		if err != nil || r.Priority != "normal" {
			b.Fatal(r.Priority, err)
		}
	}
}
