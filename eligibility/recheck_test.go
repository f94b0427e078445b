package eligibility

import (
	"context"
	"strings"
	"testing"
	"time"

	"layak/policy"
)

// What was said and shown then is said and shown again, of the day on which it was; the registry is
// that of today.
func TestAgainKeepsWhatWasStated(t *testing.T) {
	d, c := newDesk()
	d.people[siti] = sitiInRegistry()
	yes := true
	old, err := c.Check(officer(), Request{Subject: Subject{NIK: siti}, Need: "delivery", AcceptsClass3: &yes, Evidence: []Evidence{
		{Kind: "bpjs_screen", Facts: map[Field]string{FieldMemberStatus: "inactive", FieldSegment: "ppu"}},
		{Kind: "other", Facts: map[Field]string{FieldDesil: "4"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	later := noon.AddDate(0, 0, 10)
	c.Clock = func() time.Time { return later }
	p := sitiInRegistry()
	p.Membership = &MembershipRow{Provenance: Provenance{AsOf: "2026-11-28"}, Segment: "pbi_jk", Status: "active"}
	d.people[siti] = p
	saved := len(d.saved)
	made, err := c.Again(officer(), old, "cek ulang")
	if err != nil {
		t.Fatal(err)
	}
	in := made.Facts
	same(t, "stored", len(d.saved), saved)
	same(t, "day of service", in.ServiceOn, "2026-12-01")
	same(t, "segment: the file is newer than the screen of then", in.Membership.Segment, "pbi_jk")
	same(t, "screen of then", in.Membership.Superseded.AsOf, "2026-11-21")
	same(t, "day of the desil on paper", in.Welfare.AsOf, "2026-11-21")
	same(t, "desil on paper", *in.Welfare.Desil, 4)
	same(t, "statement", *in.Statements.AcceptsClass3, true)
	same(t, "who saw the paper", in.Evidence[0].SeenBy, "rini")
	same(t, "when", in.Evidence[0].SeenAt, old.Facts.Evidence[0].SeenAt)
	same(t, "need", in.Need, "delivery")
	same(t, "purpose", made.Purpose, "cek ulang")
	if made.ID == old.ID || made.ID == "" {
		t.Error("the repeat has no id of its own")
	}

	// A bill of another day stays one of that day, and a repeat of a repeat keeps the first day.
	bill, err := c.Check(officer(), Request{Subject: Subject{NIK: siti}, ServiceOn: "2026-11-05"})
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.Again(officer(), bill, "")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "day of the bill", again.Facts.ServiceOn, "2026-11-05")
	later = later.AddDate(0, 1, 0)
	third, err := c.Again(officer(), made, "")
	if err != nil {
		t.Fatal(err)
	}
	same(t, "screen after a second repeat", third.Facts.Membership.Superseded.AsOf, "2026-11-21")
}

// byFacts decides as the test says.
type byFacts struct {
	*desk
	answer func(policy.Input) policy.Outcome
}

func (b byFacts) Decide(_ context.Context, in policy.Input) (policy.Decision, error) {
	return policy.Decision{Outcome: b.answer(in)}, nil
}
func (b byFacts) Revision(context.Context, string) (Rules, error) { return b, nil }
func (b byFacts) Active() Rules                                   { return b }

// The cause is what turned the answer, not everything that changed.
func TestCompareNamesWhatTurnedTheAnswer(t *testing.T) {
	two, nine := 2, 9
	origin := func(asOf string) policy.Origin { return policy.Origin{Source: fromRegistry, AsOf: asOf} }
	poor := func(in policy.Input) policy.Outcome {
		if in.Welfare != nil && *in.Welfare.Desil <= 5 {
			return policy.Eligible
		}
		return policy.NotEligible
	}
	before := policy.Input{
		At:         noon,
		Welfare:    &policy.Welfare{Origin: origin("2026-10-01"), Desil: &nine},
		Membership: &policy.Membership{Origin: origin("2026-10-01"), Segment: "mandiri", Status: "active"},
		Resident:   &policy.Resident{Origin: origin("2026-10-01"), Village: "35.09.19.1001"},
	}
	after := policy.Input{
		At:         noon.AddDate(0, 1, 0),
		Welfare:    &policy.Welfare{Origin: origin("2026-12-01"), Desil: &two},
		Membership: &policy.Membership{Origin: origin("2026-12-01"), Segment: "mandiri", Status: "inactive"},
		Resident:   &policy.Resident{Origin: origin("2026-12-01"), Village: "35.09.19.1002"},
	}
	for _, c := range []struct {
		name   string
		answer func(policy.Input) policy.Outcome
		old    string // revision
		want   string
	}{
		{"one of three groups", poor, "sha256:b", "Data DTSEN per 1 Des 2026 mencatat desil yang berubah."},
		{"time alone", func(in policy.Input) policy.Outcome {
			if in.At.After(noon) {
				return policy.Eligible
			}
			return policy.NotEligible
		}, "sha256:b", "Waktu berjalan"},
		{"the rules", func(policy.Input) policy.Outcome { return policy.Eligible }, "sha256:a", "Aturan versi 3 menggantikan versi 2."},
		{"several together", func(in policy.Input) policy.Outcome {
			changed := 0
			for _, yes := range []bool{*in.Welfare.Desil == 2, in.Membership.Status == "inactive", in.Resident.Village == "35.09.19.1002"} {
				if yes {
					changed++
				}
			}
			if changed >= 2 {
				return policy.Eligible
			}
			return policy.NotEligible
		}, "sha256:b", "Data BPJS per 1 Des 2026 mencatat status JKN kini nonaktif. Data Dukcapil per 1 Des 2026 mencatat alamat baru. Data DTSEN"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, checker := newDesk()
			checker.Book = byFacts{d, c.answer}
			old := Determination{ID: "1", Facts: before, Revision: c.old, Decision: policy.Decision{Outcome: policy.NotEligible}}
			made := Determination{ID: "2", Facts: after, Revision: "sha256:b", Decision: policy.Decision{Outcome: policy.Eligible}}
			got, err := checker.Compare(context.Background(), old, made, func(hash string) int {
				return map[string]int{"sha256:a": 2, "sha256:b": 3}[hash]
			})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(got.Why(), c.want) {
				t.Errorf("why: %s", got.Why())
			}
		})
	}
}
