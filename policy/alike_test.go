package policy

import (
	"errors"
	"math/rand/v2"
	"testing"
)

// crowd draws people of every need, with and without statements, some with a paper or as newborns, and
// asks fn about each.
func crowd(r *rand.Rand, n int, fn func(in Input)) {
	needs := append(Codes("need"), "")
	said := func() *bool { return []*bool{nil, ptr(true), ptr(false)}[r.IntN(3)] }
	for range n {
		frame := populationFrame
		frame.Need = needs[r.IntN(len(needs))]
		if r.IntN(3) == 0 {
			frame.Statements = &Statements{said(), said()} // sometimes a group with nothing in it
		}
		in := someone(r, frame)
		switch r.IntN(40) {
		case 0:
			in.Evidence = []Evidence{{Kind: "sktm", IssuedOn: "2026-11-20"}}
		case 1:
			in.Subject, in.Mother, in.Resident = "newborn", &Mother{NIK: "3509195708850001", Resident: in.Resident}, &Resident{Origin: Origin{Source: "document"}, BirthDate: "2026-11-20"}
		case 2:
			in.Resident = nil
		case 3:
			in.Resident.Sex = "X" // breaks the schema
		}
		fn(in)
	}
}

// Whoever is taken to be like somebody else comes out as when he is asked about alone.
func TestAlikeIsWhatEachIs(t *testing.T) {
	e := engineOf(t, Shipped())
	if e.ReadsHousehold() {
		t.Fatal("the shipped rules read the card: this test would test nothing")
	}
	a, failed := e.Alike(), 0
	var alone []Brief
	crowd(rand.New(rand.NewPCG(8, 1)), 1000, func(in Input) {
		want, wantErr := e.Brief(t.Context(), in)
		alone = append(alone, want)
		got, err := a.Brief(t.Context(), in)
		if (err == nil) != (wantErr == nil) || err == nil && !got.Equal(want) {
			t.Fatalf("%+v: %+v (%v), alone %+v (%v)", in, got, err, want, wantErr)
		}
		if err != nil {
			failed++
		}
	})
	// The same people once more come out of memory.
	for range 2 {
		i := 0
		crowd(rand.New(rand.NewPCG(8, 1)), len(alone), func(in Input) {
			got, err := a.Brief(t.Context(), in)
			if err == nil && !got.Equal(alone[i]) {
				t.Fatalf("%+v: remembered %+v, alone %+v", in, got, alone[i])
			}
			i++
		})
	}
	remembered := 0
	for _, f := range a.frames {
		for _, c := range f.briefs {
			remembered += c.times - 1
		}
	}
	if remembered < len(alone) || failed == 0 {
		t.Errorf("%d of %d answers were remembered, %d failed: this tests nothing", remembered, 3*len(alone), failed)
	}
}

// A wrong memory does not live long: the second member of a class is decided and compared.
func TestAlikeNoticesThatItIsWrong(t *testing.T) {
	e := engineOf(t, Shipped())
	a := e.Alike()
	crowd(rand.New(rand.NewPCG(8, 2)), 600, func(in Input) {
		_, _ = a.Brief(t.Context(), in) // some fail: they break the schema
	})
	for _, f := range a.frames {
		for _, c := range f.briefs {
			c.brief, c.times = Brief{Outcome: "nonsense"}, 1
		}
	}
	noticed := false
	crowd(rand.New(rand.NewPCG(8, 2)), 600, func(in Input) {
		_, err := a.Brief(t.Context(), in)
		noticed = noticed || errors.Is(err, ErrNotAlike)
	})
	if !noticed {
		t.Error("nobody noticed")
	}
}

// What people need and state is told apart as the rules read it, however they are written.
func TestAlikeByWhatIsSaid(t *testing.T) {
	const head = `package layak.eligibility

# METADATA
# title: Percobaan
# custom:
#   code: trial
#   order: 900
#   article: Pertimbangan program
#   effective_from: "2026-01-01"
#   remedy: Tidak ada.
#   document: ""
`
	finding := func(body string) string {
		return `findings contains {"code": "trial", "verdict": "not_met", "seen": "x"} if {` + "\n" + body + "\n}"
	}
	for _, c := range []struct {
		name, rule string
		path       Path
	}{
		{"a need beside a fact", finding(`	input.need == {1: "inpatient", 3: "delivery", 5: "emergency"}[input.welfare.desil]`), ByConditions},
		{"no need at all", finding(`	not input.need`), ByConditions},
		{"a statement that is not yes", finding(`	not input.statements.accepts_class_3`), ByConditions},
		{"whether anything was stated", finding(`	input.statements`), ByConditions},
		{"how much was stated", finding(`	count(input.statements) == 2`), ByConditions},
		{"any statement that is no", finding(`	some k
	input.statements[k] == false`), ByConditions},
		{"a statement beside a wide fact", finding(`	input.statements.still_employed == (input.resident.birth_date < "1980-01-01")`), ByConditions},
		{"the need is in the verdict", `findings contains {"code": "trial", "verdict": v, "seen": "x"} if {
	v := {"inpatient": "note", "emergency": "unknown"}[input.need]
}`, ByConditions},
		{"a helper with branches", finding(`	weight > 2`) + `

weight := 3 if {
	input.need in {"inpatient", "delivery"}
	input.resident.sex == "P"
} else := 2 if {
	input.statements.accepts_class_3
} else := 4 if input.need == "emergency"`, ByConditions},
		{"the whole input", finding(`	object.get(input, "need", "-") == "delivery"`), ByValues},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := engineOf(t, Shipped().with("trial.rego", []byte(head+c.rule+"\n")))
			a := e.Alike()
			held := 0
			r := rand.New(rand.NewPCG(8, 3))
			var people []Input
			crowd(r, 24, func(in Input) { people = append(people, in) })
			crowd(r, 600, func(said Input) { // who are those few, and say what others say
				in := people[r.IntN(len(people))]
				in.Need, in.Statements = said.Need, said.Statements
				want, wantErr := e.Brief(t.Context(), in)
				got, err := a.Brief(t.Context(), in)
				if (err == nil) != (wantErr == nil) || err == nil && !got.Equal(want) {
					t.Fatalf("%+v: %+v (%v), alone %+v (%v)", in, got, err, want, wantErr)
				}
				for _, r := range want.Reasons {
					if r.Code == "trial" {
						held++
					}
				}
			})
			remembered := 0
			for _, f := range a.frames {
				for _, c := range f.briefs {
					remembered += c.times - 1
				}
			}
			if held == 0 || remembered < 100 && c.path == ByConditions {
				t.Errorf("the rule holds %d times, %d were remembered: this tests nothing", held, remembered)
			}
		})
	}
}
