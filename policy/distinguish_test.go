package policy

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

var populationFrame = Frame{At: time.Date(2026, 11, 22, 3, 0, 0, 0, time.UTC), ServiceOn: "2026-11-22", Office: Office{Regency: "35.09"}}

// someone draws a resident as a registry might hold him, some facts absent, some odd.
func someone(r *rand.Rand, f Frame) Input {
	in := f.Input()
	pick := func(values ...string) string { return values[r.IntN(len(values))] }
	day := func(from int) string {
		if r.IntN(8) == 0 {
			return ""
		}
		return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -r.IntN(from)+30).Format("2006-01-02")
	}
	from := func() Origin {
		return Origin{Source: registrySource, AsOf: pick("2026-11-01", "2026-03-01", "2025-01-01")}
	}
	in.Resident = &Resident{
		Origin: from(), NIK: "3509190101900001", Sex: pick("L", "P", ""), BirthDate: day(30000),
		LifeStatus: pick("alive", "alive", "alive", "deceased", "moved_out", "lost", "unknown", ""),
		MovedInOn:  day(2000), Relation: pick("head", "wife", "child", ""),
	}
	if r.IntN(6) == 0 {
		no := r.IntN(3) == 0
		in.Resident.InLatest = &no
	}
	switch r.IntN(5) {
	case 0:
	case 1:
		in.Resident.Village, in.Resident.District, in.Resident.Regency, in.Resident.Province = "35.08.01.2001", "35.08.01", "35.08", "35"
	case 2:
		in.Resident.District = "35.09.19"
	default:
		in.Resident.Village = fmt.Sprintf("35.09.%02d.2001", r.IntN(31)+1)
		in.Resident.District, in.Resident.Regency, in.Resident.Province = in.Resident.Village[:8], "35.09", "35"
	}
	if r.IntN(3) == 0 {
		in.Household = &Household{Origin: from(), KK: "3509190101200001", Members: []Member{}}
		for range r.IntN(4) {
			m := Member{Relation: pick("wife", "child", "child", ""), Sex: pick("L", "P")}
			if d := r.IntN(10) + 1; d < 8 {
				m.Desil = &d
			}
			in.Household.Members = append(in.Household.Members, m)
		}
	}
	if r.IntN(5) > 0 {
		in.Welfare = &Welfare{Origin: from()}
		if r.IntN(6) > 0 {
			d := r.IntN(10) + 1
			in.Welfare.Desil = &d
		}
	}
	if r.IntN(5) > 0 {
		in.Membership = &Membership{
			Origin: from(), Segment: pick("pbi_jk", "pemda", "ppu", "mandiri", "bp", "none", ""), Status: pick("active", "inactive", "suspended", ""),
			Reason: pick("premium", "deceased", "purged", ""), Since: day(3000), InactiveSince: day(1000), Class: pick("1", "3", ""),
		}
	}
	return in
}

// columnOf reads a column of an input, nil when it is absent.
func columnOf(in *Input, column string) any {
	text := func(s string) any {
		if s == "" {
			return nil
		}
		return s
	}
	if w := in.Welfare; w != nil {
		switch column {
		case "welfare.source":
			return w.Source
		case "welfare.as_of":
			return text(w.AsOf)
		case "welfare.desil":
			if w.Desil != nil {
				return *w.Desil
			}
		}
	}
	if m := in.Membership; m != nil {
		switch column {
		case "membership.source":
			return m.Source
		case "membership.as_of":
			return text(m.AsOf)
		case "membership.segment":
			return text(m.Segment)
		case "membership.member_status":
			return text(m.Status)
		case "membership.member_reason":
			return text(m.Reason)
		case "membership.member_since":
			return text(m.Since)
		case "membership.inactive_since":
			return text(m.InactiveSince)
		case "membership.class":
			return text(m.Class)
		}
	}
	if h := in.Household; h != nil {
		switch column {
		case "household.source":
			return h.Source
		case "household.as_of":
			return text(h.AsOf)
		case "household.kk":
			return text(h.KK)
		case Members:
			return h.Members
		}
	}
	p := in.Resident
	switch column {
	case "resident.nik":
		return text(p.NIK)
	case "resident.sex":
		return text(p.Sex)
	case "resident.birth_date":
		return text(p.BirthDate)
	case "resident.village":
		return text(p.Village)
	case "resident.district":
		return text(p.District)
	case "resident.regency":
		return text(p.Regency)
	case "resident.province":
		return text(p.Province)
	case "resident.life_status":
		return text(p.LifeStatus)
	case "resident.moved_in_on":
		return text(p.MovedInOn)
	case "resident.relation":
		return text(p.Relation)
	case "resident.as_of":
		return text(p.AsOf)
	case "resident.in_latest":
		if p.InLatest != nil {
			return *p.InLatest
		}
	}
	return nil
}

// keysOf gives the class of each resident under a distinction.
func keysOf(t *testing.T, d *Distinction, people []Input) []string {
	t.Helper()
	keys := make([]string, len(people))
	for _, u := range d.Columns() {
		seen := map[string]int{}
		var tuples [][]any
		at := make([]int, len(people))
		for i := range people {
			tuple := make([]any, len(u.Columns))
			for k, c := range u.Columns {
				tuple[k] = columnOf(&people[i], c)
			}
			name, err := json.Marshal(tuple)
			if err != nil {
				t.Fatal(err)
			}
			n, known := seen[string(name)]
			if !known {
				n = len(tuples)
				seen[string(name)] = n
				tuples = append(tuples, tuple)
			}
			at[i] = n
		}
		classes, err := d.Classes(t.Context(), u.Columns, tuples)
		if err != nil {
			t.Fatal(err)
		}
		for i := range people {
			keys[i] += fmt.Sprintf("%d.", classes[at[i]])
		}
	}
	return keys
}

// alike holds every resident of a class against the first one of it, and gives the number of classes.
func alike(t *testing.T, d *Distinction, people []Input, engines ...*Engine) int {
	t.Helper()
	type first struct {
		who    int
		briefs []Brief
	}
	classes := map[string]first{}
	for i, key := range keysOf(t, d, people) {
		briefs := make([]Brief, len(engines))
		for k, e := range engines {
			b, err := e.Brief(t.Context(), people[i])
			if err != nil {
				t.Fatal(err)
			}
			briefs[k] = b
		}
		one, known := classes[key]
		if !known {
			classes[key] = first{i, briefs}
			continue
		}
		for k := range briefs {
			if !briefs[k].Equal(one.briefs[k]) {
				t.Fatalf("told to be alike, but are not:\n%+v\n%+v\n%+v\n%+v", people[one.who], one.briefs[k], people[i], briefs[k])
			}
		}
	}
	return len(classes)
}

// population draws n residents, a tenth of them in a short run.
func population(seed uint64, n int, f Frame) []Input {
	if testing.Short() {
		n /= 10
	}
	r := rand.New(rand.NewPCG(seed, 1))
	people := make([]Input, n)
	for i := range people {
		people[i] = someone(r, f)
	}
	return people
}

// Residents whom the shipped rules are said not to tell apart get the same answer.
func TestAlikeByShippedRules(t *testing.T) {
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	d, err := Distinguish(t.Context(), populationFrame, e)
	if err != nil {
		t.Fatal(err)
	}
	if d.Path != ByConditions {
		t.Fatal("the shipped rules are not taken apart: " + d.Why)
	}
	byColumn := map[string]ColumnUse{}
	for _, u := range d.Columns() {
		byColumn[strings.Join(u.Columns, " ")] = u
		t.Logf("%s whole %t %q %v", u.Columns, u.Whole, u.Conditions, u.Codes)
	}
	for _, wide := range []string{"resident.birth_date", "resident.village", "resident.nik", "membership.inactive_since", "welfare.desil"} {
		if byColumn[wide].Whole {
			t.Errorf("%s is told apart value by value", wide)
		}
	}
	if !slices.Contains(byColumn["welfare.desil"].Codes, "need_met") {
		t.Errorf("the desil is read by %v", byColumn["welfare.desil"].Codes)
	}
	people := population(7, 2000, populationFrame)
	t.Logf("%d classes of %d residents", alike(t, d, people, e), len(people))
}

// What rules are written anew, and by what they tell residents apart.
func TestAlikeByNewRules(t *testing.T) {
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
	for _, c := range []struct {
		name, rule string
		path       Path
		whole      []string // columns that are told apart value by value
	}{
		{"an age is a condition", `findings contains {"code": "trial", "verdict": "not_met", "seen": $"lahir {input.resident.birth_date}"} if {
	time.add_date(day_ns(input.resident.birth_date), 60, 0, 0) <= service_ns
}`, ByConditions, nil},
		{"two facts in one comparison are told apart together", `findings contains {"code": "trial", "verdict": "not_met", "seen": "x"} if {
	input.welfare.desil > 3
	input.resident.sex == {1: "L", 2: "P", 3: "L", 4: "P"}[input.welfare.desil]
}`, ByConditions, nil},
		{"two wide facts in one comparison are told apart value by value", `findings contains {"code": "trial", "verdict": "not_met", "seen": "x"} if {
	input.resident.birth_date > input.membership.inactive_since
}`, ByConditions, []string{"resident.birth_date", "membership.inactive_since"}},
		{"a fact that becomes the verdict is its value", `findings contains {"code": "trial", "verdict": v, "seen": "x"} if {
	v := {"L": "note", "P": "unknown"}[input.resident.sex]
}`, ByConditions, []string{"resident.sex"}},
		{"a helper with branches", `findings contains {"code": "trial", "verdict": "not_met", "seen": band} if band == "old"

band := "young" if {
	input.resident.birth_date > "2010-01-01"
	input.resident.sex == "L"
} else := "old" if {
	input.resident.birth_date < "1960-01-01"
	input.welfare.desil < 4
}`, ByConditions, nil},
		{"a helper with one body falls apart", `findings contains {"code": "trial", "verdict": "not_met", "seen": "x"} if {
	lapsed_days > 100
	way == "pemda"
}

lapsed_days := days_since(input.membership.inactive_since) if way in {"pemda", "mandiri"}

way := input.membership.segment if {
	input.membership.member_status == "inactive"
	input.welfare.desil < 4
}`, ByConditions, nil},
		{"a helper within a name", `findings contains {"code": "trial", "verdict": "note", "seen": "x"} if {
	who.person.sex == "L"
	who.deep.er.desil > 3
	who.person.birth_date < "1990-01-01"
}

who.person := input.resident

who.deep.er := input.welfare`, ByConditions, []string{"resident.nik", "resident.birth_date", "resident.moved_in_on"}},
		{"a whole group given to a function", `findings contains {"code": "trial", "verdict": "note", "seen": "x"} if {
	object.get(input.resident, "sex", "L") == "P"
	count(object.keys(home)) > 10
}`, ByConditions, []string{"resident.nik", "resident.birth_date", "resident.moved_in_on"}},
		{"members of the card are a condition", `findings contains {"code": "trial", "verdict": "note", "seen": "x"} if {
	some m in input.household.members
	m.desil < 3
	m.relation == "child"
}`, ByConditions, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			draft := Shipped().with("trial.rego", []byte(head+c.rule+"\n"))
			e, err := NewEngine(t.Context(), draft)
			if err != nil {
				t.Fatal(errors.Unwrap(err), err)
			}
			d, err := Distinguish(t.Context(), populationFrame, e)
			if err != nil {
				t.Fatal(err)
			}
			if d.Path != c.path {
				t.Errorf("told apart by %s (%s), want %s", d.Path, d.Why, c.path)
			}
			for _, u := range d.Columns() {
				if u.Whole && !narrow[u.Columns[0]] && !slices.Contains(c.whole, u.Columns[0]) {
					t.Errorf("%s is told apart value by value", u.Columns[0])
				}
			}
			alike(t, d, population(11, 600, populationFrame), e)
		})
	}
}
