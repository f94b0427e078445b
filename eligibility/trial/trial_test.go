package trial

import (
	"context"
	"strings"
	"testing"
	"time"

	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// memory keeps people, the trail and what stands in the registry.
type memory struct {
	people map[string]Person
	trail  []audit.Entry
	known  policy.Input
	rules  policy.Revision
	made   eligibility.Determination
}

func (m *memory) TestPeople(context.Context) ([]Person, error) {
	var out []Person
	for _, p := range m.people {
		out = append(out, p)
	}
	return out, nil
}

func (m *memory) TestPerson(_ context.Context, id string) (Person, error) {
	p, ok := m.people[id]
	if !ok {
		return p, errNobody
	}
	return p, nil
}

func (m *memory) SaveTestPerson(_ context.Context, p Person, e audit.Entry) error {
	m.people[p.ID], m.trail = p, append(m.trail, e)
	return nil
}

func (m *memory) RemoveTestPerson(_ context.Context, id string, e audit.Entry) error {
	delete(m.people, id)
	m.trail = append(m.trail, e)
	return nil
}

func (m *memory) Record(_ context.Context, e audit.Entry) error {
	m.trail = append(m.trail, e)
	return nil
}

func (m *memory) Known(context.Context, eligibility.Request) (policy.Input, error) {
	return m.known, nil
}

func (m *memory) Prove(_ context.Context, _, purpose string) (eligibility.Determination, error) {
	m.trail = append(m.trail, audit.Entry{Act: "determination.prove", Purpose: purpose})
	return m.made, nil
}

func (m *memory) Revision(context.Context, string) (policy.Revision, error) { return m.rules, nil }

// here decides in this process; the real sandbox has tests of its own.
type here struct{}

func (here) Decide(ctx context.Context, b policy.Bundle, inputs []policy.Input) ([]policy.Decision, error) {
	e, err := policy.NewEngine(ctx, b)
	if err != nil {
		return nil, err
	}
	var out []policy.Decision
	for _, in := range inputs {
		d, err := e.Decide(ctx, in)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

func (here) Explain(ctx context.Context, b policy.Bundle, in policy.Input) (policy.Explanation, error) {
	e, err := policy.NewEngine(ctx, b)
	if err != nil {
		return policy.Explanation{}, err
	}
	return policy.Explain(ctx, e, in)
}

var noon = time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC)

func desk() (*Desk, *memory, context.Context) {
	m := &memory{people: map[string]Person{}}
	d := &Desk{Store: m, Sandbox: here{}, Explainer: here{}, Registry: m, Records: m, Revisions: m, Trail: m, Clock: func() time.Time { return noon }, Zone: eligibility.WIB}
	return d, m, auth.With(context.Background(), auth.Actor{Name: "sari", User: "sari", Role: auth.PolicyOfficer})
}

// raised are the shipped rules with a limit of six.
func raised(t *testing.T) policy.Bundle {
	t.Helper()
	b := policy.Shipped()
	files := map[string][]byte{}
	for name, data := range b.Files {
		files[name] = data
	}
	before := string(files["data.json"])
	after := strings.Replace(before, `"max_desil": [`+"\n"+`      {"value": 5,`, `"max_desil": [`+"\n"+`      {"value": 6,`, 1)
	if before == after {
		t.Fatal("data.json has another layout")
	}
	files["data.json"] = []byte(after)
	return policy.Bundle{Files: files}
}

// TestSamplesFitTheRules: every sample is an input that the rules take, on any day.
func TestSamplesFitTheRules(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Samples() {
		if seen[p.ID] || p.Name == "" || !p.Sample {
			t.Errorf("sample %q: twice, or without a name", p.ID)
		}
		seen[p.ID] = true
		for _, day := range []eligibility.Date{"2026-11-21", "2027-03-01", "2025-06-30"} {
			if err := policy.CheckInput(p.On(day)); err != nil {
				t.Errorf("%s on %s: %v", p.ID, day, err)
			}
		}
	}
}

// TestRunTellsDifferencesFirst raises the limit by one: whoever has desil six gets another answer, and
// nobody else.
func TestRunTellsDifferencesFirst(t *testing.T) {
	d, _, ctx := desk()
	list, err := d.Run(ctx, raised(t), policy.Shipped(), "")
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != len(Samples()) || list[0].Kind != OtherOutcome || list[len(list)-1].Kind != Same {
		t.Fatalf("%d people, first %v, last %v", len(list), list[0].Kind, list[len(list)-1].Kind)
	}
	for _, c := range list {
		six := c.Facts.Welfare != nil && *c.Facts.Welfare.Desil == 6
		if six != (c.Kind == OtherOutcome) {
			t.Errorf("%s: %v, %s before and %s after", c.Person.ID, c.Kind, c.Before.Outcome, c.After.Outcome)
		}
		if c.Kind == OtherOutcome && (len(c.Gone) == 0 || len(c.New) == 0) {
			t.Errorf("%s: nothing says why", c.Person.ID)
		}
	}
}

// TestDaysMoveTogether: data that were fresh stay fresh on another day, lives do not move.
func TestDaysMoveTogether(t *testing.T) {
	p := Samples()[0]
	in := p.On("2027-01-20")
	if in.ServiceOn != "2027-01-20" || in.Resident.AsOf != "2026-12-31" || in.Resident.BirthDate != p.Facts.Resident.BirthDate {
		t.Errorf("service %s, data of %s, born %s", in.ServiceOn, in.Resident.AsOf, in.Resident.BirthDate)
	}
	if p.Facts.Resident.AsOf != "2026-11-01" {
		t.Error("the sample itself was changed")
	}
}

// TestRealResidents are tried for a reason on record, and come back without numbers.
func TestRealResidents(t *testing.T) {
	d, m, ctx := desk()
	m.known = Samples()[12].Facts
	_, err := d.Real(ctx, raised(t), policy.Shipped(), "3509194101800003", " ")
	if !fault.Is(err, fault.Invalid) || len(m.trail) != 0 {
		t.Fatalf("without a reason: %v, %d entries", err, len(m.trail))
	}
	c, err := d.Real(ctx, raised(t), policy.Shipped(), "3509194101800003", "mencoba batas desil")
	if err != nil || c.Kind != OtherOutcome {
		t.Fatalf("%v, %v", c.Kind, err)
	}
	if e := m.trail[0]; e.Act != "person.trial" || e.Person != "3509194101800003" || e.Purpose != "mencoba batas desil" || e.Actor != "sari" {
		t.Errorf("trail: %+v", e)
	}
	if c.Facts.Resident.NIK != "" || c.Facts.Household.KK != "" || strings.Contains(c.Person.Name, "800003") || m.known.Resident.NIK == "" {
		t.Errorf("numbers: %+v", c.Facts)
	}
	clerk := auth.With(context.Background(), auth.Actor{Name: "rini", User: "rini", Role: auth.Puskesmas})
	_, err = d.Real(clerk, raised(t), policy.Shipped(), "3509194101800003", "ingin tahu saja")
	if !fault.Is(err, fault.Forbidden) {
		t.Errorf("a clerk: %v", err)
	}
}

// TestPeopleAreKept refuses what cannot be, and keeps the rest with its trail.
func TestPeopleAreKept(t *testing.T) {
	d, m, ctx := desk()
	bad := Samples()[0]
	bad.ID, bad.Facts.Subject = "", "siapa"
	for name, p := range map[string]Person{"no name": {Facts: Samples()[0].Facts}, "a fact that is none": bad} {
		if _, err := d.Save(ctx, p); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p, err := d.Save(ctx, Person{Name: " Bu Siti, desil 6 ", Facts: Samples()[2].Facts})
	if err != nil || p.ID == "" || p.Name != "Bu Siti, desil 6" || p.By != "sari" {
		t.Fatalf("%+v, %v", p, err)
	}
	if _, err = d.Save(ctx, Person{ID: Samples()[0].ID, Name: "Menimpa bawaan", Facts: p.Facts}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a sample was written over: %v", err)
	}
	_, told, err := d.Explain(ctx, policy.Shipped(), p.ID, "")
	if err != nil || told.Decision.Outcome != policy.NotEligible || len(told.Steps) == 0 {
		t.Errorf("%s, %v", told.Decision.Outcome, err)
	}
	if err = d.Remove(ctx, p.ID); err != nil || len(m.people) != 0 || len(m.trail) != 2 {
		t.Errorf("%v, %d people, %d entries", err, len(m.people), len(m.trail))
	}
}

// TestCaseHoldsNoPerson: the test of a determination passes and holds none of its numbers.
func TestCaseHoldsNoPerson(t *testing.T) {
	d, m, ctx := desk()
	var packed strings.Builder
	err := policy.Shipped().WriteTarGz(&packed)
	if err != nil {
		t.Fatal(err)
	}
	m.rules = policy.Revision{Hash: policy.Shipped().Hash(), Bundle: []byte(packed.String())}
	m.made = eligibility.Determination{ID: "d1", Revision: m.rules.Hash, Facts: Samples()[2].Facts}
	file, text, err := d.Case(ctx, "d1", "desil 6 tanpa SKTM")
	if err != nil || !strings.HasSuffix(file, "_test.rego") {
		t.Fatalf("%q, %v", file, err)
	}
	if strings.Contains(string(text), m.made.Facts.Resident.NIK) || m.trail[0].Act != "determination.prove" {
		t.Errorf("the case names the person: %s", text)
	}
	b := policy.Shipped()
	files := map[string][]byte{file: text}
	for name, data := range b.Files {
		files[name] = data
	}
	report, err := policy.Test(ctx, policy.Bundle{Files: files})
	if err != nil || report.Failed > 0 {
		t.Errorf("%d failed, %v\n%s", report.Failed, err, text)
	}
	if _, _, err = d.Case(ctx, "d1", "x"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a case without a name: %v", err)
	}
}
