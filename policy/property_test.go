package policy

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// maybe draws a value or leaves it unknown.
func maybe(t *rapid.T, name string, values []string) string {
	return rapid.SampledFrom(append([]string{""}, values...)).Draw(t, name)
}

func anyDay(t *rapid.T, name string) string {
	from := time.Date(2025, 6, 1, 0, 0, 0, 0, time.UTC)
	return from.AddDate(0, 0, rapid.IntRange(0, 540).Draw(t, name)).Format(time.DateOnly)
}

func maybeDay(t *rapid.T, name string) string {
	if rapid.Bool().Draw(t, name+" known") {
		return anyDay(t, name)
	}
	return ""
}

func anyOrigin(t *rapid.T, name string) Origin {
	return Origin{Source: rapid.SampledFrom(Codes("source")).Draw(t, name), AsOf: maybeDay(t, name+" as of")}
}

var regencies = []string{"35.09", "35.10"}

func anyResident(t *rapid.T) *Resident {
	r := &Resident{Origin: anyOrigin(t, "resident"), Sex: maybe(t, "sex", Codes("sex")),
		BirthDate:  rapid.SampledFrom([]string{"", "1980-01-01", "2009-11-21", "2012-05-05", "2026-11-18", "2026-10-01", "2026-01-01"}).Draw(t, "born"),
		Regency:    maybe(t, "regency", regencies),
		LifeStatus: maybe(t, "life", Codes("life_status")), MovedInOn: maybeDay(t, "moved in"),
		Relation: maybe(t, "relation", Codes("kk_relation"))}
	if rapid.Bool().Draw(t, "village known") && r.Regency != "" {
		r.Village = r.Regency + ".01.2001"
	}
	if rapid.Bool().Draw(t, "numbered") {
		r.NIK = "3509190101800001"
	}
	if rapid.Bool().Draw(t, "listing known") {
		r.InLatest = ptr(rapid.Bool().Draw(t, "listed"))
	}
	return r
}

func anyMembership(t *rapid.T) *Membership {
	m := &Membership{Origin: anyOrigin(t, "membership"), Segment: maybe(t, "segment", Codes("segment")),
		Status: maybe(t, "status", Codes("member_status")), Reason: maybe(t, "reason", Codes("member_reason")),
		Since: maybeDay(t, "since"), InactiveSince: maybeDay(t, "inactive since"), Class: maybe(t, "class", Codes("class"))}
	if rapid.IntRange(0, 3).Draw(t, "superseding") == 0 {
		m.Superseded = &Membership{Origin: anyOrigin(t, "older"), Segment: maybe(t, "older segment", Codes("segment")),
			Status: maybe(t, "older status", Codes("member_status"))}
	}
	return m
}

func anyWelfare(t *rapid.T) *Welfare {
	w := &Welfare{Origin: anyOrigin(t, "welfare")}
	if rapid.Bool().Draw(t, "desil known") {
		w.Desil = ptr(rapid.IntRange(1, 10).Draw(t, "desil"))
	}
	return w
}

func anyEvidence(t *rapid.T) Evidence {
	e := Evidence{Kind: rapid.SampledFrom(Codes("evidence_kind")).Draw(t, "kind"), IssuedOn: maybeDay(t, "issued")}
	if rapid.Bool().Draw(t, "seen") {
		e.SeenAt, e.SeenBy = "2026-11-21T09:10:00+07:00", "petugas"
	}
	switch rapid.IntRange(0, 4).Draw(t, "facts") {
	case 0:
		e.Facts = map[string]any{"regency": rapid.SampledFrom(regencies).Draw(t, "paper regency")}
	case 1:
		e.Facts = map[string]any{"village": "35.09.19.1001", "name": "Warga Contoh", "desil": 3}
	case 2:
		e.Facts = map[string]any{"nik": "3509190101800001", "member_status": "active"}
	}
	return e
}

// anyInput draws what any desk could send: every group known, partly known or unknown.
func anyInput() *rapid.Generator[Input] {
	return rapid.Custom(func(t *rapid.T) Input {
		known := func(name string) bool { return rapid.IntRange(0, 3).Draw(t, name+" group") > 0 }
		in := Input{At: time.Date(2026, 11, 21, 9, 12, 0, 0, wib), ServiceOn: "2026-11-21", Office: Office{Regency: "35.09"},
			Subject: rapid.SampledFrom(Codes("subject")).Draw(t, "subject"), Need: maybe(t, "need", Codes("need")),
			Evidence: []Evidence{}}
		if rapid.Bool().Draw(t, "another day") {
			in.ServiceOn = anyDay(t, "service")
		}
		if rapid.Bool().Draw(t, "asked") {
			in.Statements = &Statements{AcceptsClass3: ptr(rapid.Bool().Draw(t, "class 3"))}
			if rapid.Bool().Draw(t, "job asked") {
				in.Statements.StillEmployed = ptr(rapid.Bool().Draw(t, "employed"))
			}
		}
		if known("resident") {
			in.Resident = anyResident(t)
		}
		if known("welfare") {
			in.Welfare = anyWelfare(t)
		}
		if known("membership") {
			in.Membership = anyMembership(t)
		}
		if in.Subject == "newborn" && known("mother") {
			in.Mother = &Mother{Resident: anyResident(t), Membership: anyMembership(t), Welfare: anyWelfare(t)}
		}
		if known("household") {
			in.Household = &Household{Origin: anyOrigin(t, "household"), Members: []Member{}}
			for range rapid.IntRange(0, 3).Draw(t, "members") {
				in.Household.Members = append(in.Household.Members, Member{Relation: maybe(t, "member", Codes("kk_relation")),
					Segment: maybe(t, "member segment", Codes("segment")), MemberStatus: maybe(t, "member status", Codes("member_status"))})
			}
		}
		for range rapid.IntRange(0, 4).Draw(t, "papers") {
			in.Evidence = append(in.Evidence, anyEvidence(t))
		}
		return in
	})
}

func has(d Decision, v Verdict) bool {
	return slices.ContainsFunc(d.Findings, func(f Finding) bool { return f.Verdict == v })
}

func verdictOf(d Decision, code string) Verdict {
	for _, f := range d.Findings {
		if f.Code == code {
			return f.Verdict
		}
	}
	return ""
}

// TestDecideHolds asserts on wild inputs what must be true of every decision.
func TestDecideHolds(t *testing.T) {
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput().Draw(t, "input")
		d, err := e.Decide(WithTimeout(t.Context(), time.Minute), in)
		if err != nil {
			data, _ := json.Marshal(in)
			t.Fatalf("%v: %s", err, data)
		}
		combines(t, d)
		if (d.Advice == TreatNow) != (in.Need == "emergency") {
			t.Fatalf("advice %s for need %q", d.Advice, in.Need)
		}
		if d.Outcome != NeedsInformation && len(d.Questions) > 0 {
			t.Fatalf("%s asks %v", d.Outcome, d.Questions)
		}
		if d.Outcome == NeedsInformation && len(d.NextSteps) == 0 {
			t.Fatalf("nothing to do about %v", d.Findings)
		}
		if in.Household != nil {
			alone := in
			alone.Household = nil
			if other, err := e.Decide(WithTimeout(t.Context(), time.Minute), alone); err != nil || other.Outcome != d.Outcome {
				t.Fatalf("other members of the card changed %s to %s (%v)", other.Outcome, d.Outcome, err)
			}
		}
	})
}

// combines asserts how findings become the outcome.
func combines(t *rapid.T, d Decision) {
	covered := verdictOf(d, "cover_active") == Met || verdictOf(d, "newborn_via_mother") == Met && d.Outcome == AlreadyCovered
	want := Eligible
	switch {
	case verdictOf(d, "deceased") == NotMet:
		want = NotEligible
	case covered:
		want = AlreadyCovered
	case has(d, NotMet):
		want = NotEligible
	case has(d, Unknown):
		want = NeedsInformation
	}
	if d.Outcome != want {
		t.Fatalf("%s; want %s of %v", d.Outcome, want, d.Findings)
	}
}

// TestKnowledgeNeverOpensRefusal adds what was unknown to a case that was certainly refused, leaving
// what is known alone: the answer may be confirmed, never become an open question.
func TestKnowledgeNeverOpensRefusal(t *testing.T) {
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		in := anyInput().Draw(t, "input")
		in.Evidence = []Evidence{} // a paper may contradict what is known
		in.Subject = "nik"
		ctx := WithTimeout(t.Context(), time.Minute)
		before, err := e.Decide(ctx, in)
		if err != nil || before.Outcome != NotEligible {
			return
		}
		if in.Welfare == nil {
			in.Welfare = anyWelfare(t)
		}
		if in.Statements == nil {
			in.Statements = &Statements{AcceptsClass3: ptr(rapid.Bool().Draw(t, "class 3 after"))}
		}
		if in.Membership == nil {
			in.Membership = anyMembership(t)
		}
		after, err := e.Decide(ctx, in)
		if err != nil || after.Outcome == NeedsInformation || after.Outcome == Eligible {
			t.Fatalf("%s became %s (%v)", before.Outcome, after.Outcome, err)
		}
	})
}
