package policy

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// shown draws papers as a desk notes them, and lets what stands on them count as it does in a check.
func shown(r *rand.Rand, in *Input) {
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	day := func() string { return pick("", "2026-11-20", "2026-05-25", "2025-09-01", "2025-02-01", "2026-12-24") }
	for range r.IntN(3) + 1 {
		e := Evidence{Kind: pick("ktp", "kk", "sktm", "sktm", "bpjs_screen", "termination", "ikd", "moving_letter"), IssuedOn: day(),
			Issuer: pick("", "Kelurahan"), Number: pick("", "470/1", "470/2"), SeenBy: pick("rini", "tono"),
			SeenAt: fmt.Sprintf("2026-11-%02dT%02d:%02d:%02d+07:00", r.IntN(22)+1, r.IntN(24), r.IntN(60), r.IntN(60))}
		facts := map[string]any{}
		if r.IntN(3) == 0 {
			facts["village"] = pick("35.09.19.1001", "35.08.01.2001")
		}
		if r.IntN(5) == 0 {
			facts["regency"] = pick("35.09", "35.08")
		}
		if r.IntN(5) == 0 {
			facts["name"] = pick("Siti Aminah", "Budi")
		}
		if e.Kind == "bpjs_screen" {
			m := &Membership{Origin: Origin{Source: "document", AsOf: pick("2026-11-20", "2026-03-01")}, Superseded: in.Membership,
				Segment: pick("pbi_jk", "ppu", "none", ""), Status: pick("active", "inactive", ""), InactiveSince: day()}
			if m.Superseded != nil {
				older := *m.Superseded
				older.Superseded, m.Superseded = nil, &older
			}
			facts["segment"], facts["member_status"], in.Membership = "ppu", "inactive", m
		}
		if r.IntN(6) == 0 {
			n := r.IntN(10) + 1
			facts["desil"], in.Welfare = n, &Welfare{Origin: Origin{Source: "document", AsOf: "2026-11-20"}, Desil: &n}
		}
		if len(facts) > 0 {
			e.Facts = facts
		}
		in.Evidence = append(in.Evidence, e)
	}
}

// otherwise changes one thing on one of the papers.
func otherwise(r *rand.Rand, in Input) Input {
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	in.Evidence = slices.Clone(in.Evidence)
	e := &in.Evidence[r.IntN(len(in.Evidence))]
	switch r.IntN(7) {
	case 0:
		e.Kind = pick("ktp", "kk", "sktm", "termination")
	case 1:
		e.IssuedOn = pick("", "2026-11-20", "2026-05-25", "2025-02-01", "2026-12-24")
	case 2:
		e.Number = pick("", "470/1", "470/2")
	case 3:
		e.Issuer = pick("", "Kelurahan")
	case 4:
		e.SeenBy = pick("rini", "tono")
	case 5:
		e.Facts = maps.Clone(e.Facts)
		if e.Facts == nil {
			e.Facts = map[string]any{}
		}
		field := pick("village", "name", "regency")
		e.Facts[field] = map[string]string{"village": pick("35.09.19.1001", "35.08.01.2001"), "name": pick("Siti", "Budi"), "regency": pick("35.09", "35.08")}[field]
	default:
		m := *in.Membership
		m.Superseded = &Membership{Origin: m.Origin, Status: pick("active", "inactive"), Segment: pick("none", "ppu")}
		in.Membership = &m
	}
	return in
}

// crowd draws people of every need, with and without statements, a quarter with papers, some as newborns,
// and asks fn about each.
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
		if r.IntN(4) == 0 {
			shown(r, &in)
		}
		switch r.IntN(40) {
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
	remembered := map[bool]int{} // by whether papers speak
	for key, f := range a.frames {
		for _, c := range f.briefs {
			remembered[key.papers] += c.times - 1
		}
	}
	if remembered[false] < len(alone) || remembered[true] < len(alone)/4 || failed == 0 {
		t.Errorf("%v of %d answers were remembered, %d failed: this tests nothing", remembered, 3*len(alone), failed)
	}
}

// trialOf writes a rule of a code of its own.
func trialOf(code, rule string) string {
	return `
# METADATA
# title: Percobaan
# custom:
#   code: ` + code + `
#   order: 900
#   article: Pertimbangan program
#   effective_from: "2026-01-01"
#   remedy: Tidak ada.
#   document: ""
findings contains {"code": "` + code + `", "verdict": "note", "seen": "x"} if {
` + rule + "\n}\n"
}

// Of papers the rules are asked about what they read of them, in whatever way they do, and about nothing
// else: not the second at which they were seen.
func TestAlikeByWhatIsShown(t *testing.T) {
	rules := "package layak.eligibility\n\n" + `by_tono(paper) if paper.seen_by == "tono"

of_siti(said) if startswith(said.name, "Siti")
`
	cases := map[string]string{
		"a_number": `	some e in input.evidence
	e.number == "470/1"`,
		"one_office":          `	every e in input.evidence { e.issuer == "Kelurahan" }`,
		"two_papers":          `	count(input.evidence) == 2`,
		"two_numbers":         `	count([e.number | some e in input.evidence]) == 2`,
		"a_name_on_the_first": `	input.evidence[0].facts.name`,
		"paper_to_a_helper": `	some e in input.evidence
	by_tono(e)`,
		"facts_to_a_helper": `	some e in input.evidence
	of_siti(e.facts)`,
		"a_paper_beside_a_fact": `	some e in input.evidence
	e.number == {1: "470/1", 2: "470/2", 3: "470/1"}[input.welfare.desil]`,
	}
	for code, rule := range cases {
		rules += trialOf(code, rule)
	}
	e := engineOf(t, Shipped().with("trial.rego", []byte(rules)))
	a := e.Alike()
	r := rand.New(rand.NewPCG(8, 4))
	var people []Input
	for _, segment := range []string{"ppu", "pbi_jk", "mandiri"} { // for whom papers count
		in := someone(r, populationFrame)
		in.Need, in.Welfare, in.Resident.LifeStatus, in.Resident.InLatest = "inpatient", nil, "alive", nil
		in.Resident.Village, in.Resident.District, in.Resident.Regency, in.Resident.Province = "35.09.01.2001", "35.09.01", "35.09", "35"
		in.Membership = &Membership{Origin: in.Resident.Origin, Segment: segment, Status: "inactive", InactiveSince: "2026-10-01"}
		for range 6 {
			some := in
			shown(r, &some)
			people = append(people, some)
			for range 10 {
				people = append(people, otherwise(r, some))
			}
		}
	}
	held, remembered := map[string]int{}, 0
	for range 600 {
		in := people[r.IntN(len(people))]
		in.Evidence = slices.Clone(in.Evidence)
		for i := range in.Evidence {
			in.Evidence[i].SeenAt = fmt.Sprintf("2026-11-20T08:%02d:00+07:00", r.IntN(60))
		}
		want, wantErr := e.Brief(t.Context(), in)
		got, err := a.Brief(t.Context(), in)
		if (err == nil) != (wantErr == nil) || err == nil && !got.Equal(want) {
			t.Fatalf("%+v: %+v (%v), alone %+v (%v)", in, got, err, want, wantErr)
		}
		for _, reason := range want.Reasons {
			held[reason.Code]++
		}
	}
	for _, f := range a.frames {
		for _, c := range f.briefs {
			remembered += c.times - 1
		}
		if f.d == nil || f.d.papers.personal() {
			t.Error("everybody was decided alone")
		}
	}
	for code := range cases {
		if held[code] == 0 {
			t.Errorf("%s never held: this tests nothing", code)
		}
	}
	if remembered < 100 {
		t.Errorf("%d were remembered: this tests nothing", remembered)
	}
}

// Rules that take papers as they are, or by the moment, have everybody who showed one decided alone.
func TestAlikeLeavesPersonalPapersAlone(t *testing.T) {
	for name, rule := range map[string]string{
		"seen in the night": `	some e in input.evidence
	substring(e.seen_at, 11, 2) < "05"`,
		"two papers that are one": `	some i, j
	i != j
	input.evidence[i] == input.evidence[j]`,
		"a field by a name that is not written": `	some e in input.evidence
	some k
	e[k] == "tono"`,
		"papers in a set": `	count({e | some e in input.evidence}) == 1`,
	} {
		t.Run(name, func(t *testing.T) {
			e := engineOf(t, Shipped().with("trial.rego", []byte("package layak.eligibility\n"+trialOf("trial", rule))))
			frame := populationFrame
			frame.Asked, frame.Papers = true, true
			d, err := Distinguish(t.Context(), frame, e)
			if err != nil || d.Path == ByConditions && !d.papers.personal() {
				t.Errorf("told apart by %+v (%v)", d.papers, err)
			}
		})
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
