package trial

import (
	"context"
	"errors"
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
	asked  eligibility.Request // of whom the registry was asked last
	wishes []Wish
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

func (m *memory) Known(_ context.Context, req eligibility.Request) (policy.Input, error) {
	m.asked = req
	return m.known, nil
}

func (m *memory) Prove(_ context.Context, _, purpose string) (eligibility.Determination, error) {
	m.trail = append(m.trail, audit.Entry{Act: "determination.prove", Purpose: purpose})
	return m.made, nil
}

func (m *memory) NamesIn(context.Context, eligibility.Determination) ([]string, error) {
	return []string{"Siti Aminah"}, nil
}

func (m *memory) AddWish(_ context.Context, w Wish, e audit.Entry) error {
	m.wishes, m.trail = append(m.wishes, w), append(m.trail, e)
	return nil
}

func (m *memory) Wishes(context.Context) ([]Wish, error) { return m.wishes, nil }

func (m *memory) CloseWish(_ context.Context, _ string, e audit.Entry) error {
	m.wishes, m.trail = nil, append(m.trail, e)
	return nil
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

func (here) Route(context.Context, policy.Bundle, []policy.RoutingInput) ([]policy.Routing, error) {
	return nil, errors.New("not asked here")
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
	on := Tried{Draft: "d7", Rules: raised(t), Active: policy.Shipped(), Day: "2027-01-05"}
	_, err := d.Real(ctx, on, "3509194101800003", " ")
	if !fault.Is(err, fault.Invalid) || len(m.trail) != 0 {
		t.Fatalf("without a reason: %v, %d entries", err, len(m.trail))
	}
	c, err := d.Real(ctx, on, "3509194101800003", "mencoba batas desil")
	if err != nil || c.Kind != OtherOutcome {
		t.Fatalf("%v, %v", c.Kind, err)
	}
	if e := m.trail[0]; e.Act != "person.trial" || e.Person != "3509194101800003" || !strings.HasPrefix(e.Purpose, "mencoba batas desil (") ||
		e.Actor != "sari" || e.ObjectID != "d7" || !strings.Contains(string(e.Payload), on.Rules.Hash()+"\n"+on.Active.Hash()+"\n2027-01-05") || m.asked.ServiceOn != "2027-01-05" {
		t.Errorf("trail: %+v", e)
	}
	if c.Facts.Resident.NIK != "" || c.Facts.Household.KK != "" || strings.Contains(c.Person.Name, "800003") || m.known.Resident.NIK == "" {
		t.Errorf("numbers: %+v", c.Facts)
	}
	clerk := auth.With(context.Background(), auth.Actor{Name: "rini", User: "rini", Role: auth.Puskesmas})
	_, err = d.Real(clerk, on, "3509194101800003", "ingin tahu saja")
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
	made, err := d.Case(ctx, "d1", "desil 6 tanpa SKTM")
	file, text := made.File, made.Text
	if err != nil || !strings.HasSuffix(file, "_test.rego") {
		t.Fatalf("%q, %v", file, err)
	}
	if strings.Contains(text, m.made.Facts.Resident.NIK) || m.trail[0].Act != "determination.prove" {
		t.Errorf("the case names the person: %s", text)
	}
	b := policy.Shipped()
	files := map[string][]byte{file: []byte(text)}
	for name, data := range b.Files {
		files[name] = data
	}
	report, err := policy.Test(ctx, policy.Bundle{Files: files})
	if err != nil || report.Failed > 0 {
		t.Errorf("%d failed, %v\n%s", report.Failed, err, text)
	}
	if _, err = d.Case(ctx, "d1", "x"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a case without a name: %v", err)
	}
}

// TestCasesNameNobody: a name that tells whom the case is about is refused, and a number before anything is read.
func TestCasesNameNobody(t *testing.T) {
	d, m, ctx := desk()
	m.made = eligibility.Determination{ID: "d1", Facts: Samples()[2].Facts}
	_, err := d.Case(ctx, "d1", "3509 1901 0180 0001")
	if f := fault.As(err); f == nil || f.Code != "case_name_personal" || len(m.trail) != 0 {
		t.Errorf("a number: %v, %d entries", err, len(m.trail))
	}
	_, err = d.Case(ctx, "d1", "bu Siti desil 6")
	if f := fault.As(err); f == nil || f.Code != "case_name_personal" || strings.Contains(f.Message, "Siti") {
		t.Errorf("a name: %v", err)
	}
}

// TestWishesOfTheDesk: a desk proposes a check of its own; who writes rules reads what came out and nobody's name.
func TestWishesOfTheDesk(t *testing.T) {
	d, m, sari := desk()
	m.made = eligibility.Determination{ID: "d1", Decision: policy.Decision{Outcome: policy.NotEligible, Findings: []policy.Finding{{Code: "need_not_met"}, {Code: "alive"}, {Code: "alive"}}}}
	rini := auth.With(context.Background(), auth.Actor{Name: "rini", User: "rini", Role: auth.Puskesmas})
	for note, code := range map[string]string{"": "case_name", "Aminah tidak layak": "case_name_personal", "lahir 1957-05-21": "case_name_personal"} {
		f := fault.As(d.Wish(rini, "d1", note))
		if f == nil || f.Code != code || len(f.Fields) == 0 || f.Fields[len(f.Fields)-1].Name != "note" {
			t.Errorf("%q: %v", note, f)
		}
	}
	if err := d.Wish(sari, "d1", "desil 7 tanpa SKTM"); !fault.Is(err, fault.Forbidden) {
		t.Errorf("who writes rules opens no checks: %v", err)
	}
	if err := d.Wish(rini, "d1", "desil 7 tanpa SKTM"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Wishes(rini); !fault.Is(err, fault.Forbidden) {
		t.Errorf("the list of the others: %v", err)
	}
	list, err := d.Wishes(sari)
	if err != nil || len(list) != 1 || strings.Join(list[0].Codes, " ") != "alive need_not_met" || list[0].Outcome != policy.NotEligible || list[0].By != "rini" {
		t.Errorf("%+v, %v", list, err)
	}
	if err = d.CloseWish(sari, "d1"); err != nil || len(m.wishes) != 0 {
		t.Error(err)
	}
}
