package eligibility

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// desk is a registry, a store and a rule book in memory: these tests are about which facts reach
// the rules. The real registry is tested in storage, the real rules in policy.
type desk struct {
	people  map[NIK]Person
	cover   *Coverage
	saved   map[string]Determination
	entries []audit.Entry
	asked   policy.Input
	answer  policy.Decision
}

func (d *desk) State(context.Context) (State, error) {
	return State{Residents: {ImportID: "imp-1", AsOf: "2026-11-01"}}, nil
}
func (d *desk) Person(_ context.Context, n NIK) (Person, error) {
	p := d.people[n]
	p.NIK = n
	return p, nil
}
func (d *desk) Household(_ context.Context, kk KK) ([]Person, error) {
	var out []Person
	for n, p := range d.people {
		if p.Resident != nil && p.Resident.KK == kk {
			p.NIK = n
			out = append(out, p)
		}
	}
	return out, nil
}
func (d *desk) Covers(_ context.Context, _ Kind, a area.Code) (Coverage, bool, error) {
	if d.cover == nil || !strings.HasPrefix(string(a)+".", string(d.cover.Area)+".") {
		return Coverage{}, false, nil
	}
	return *d.cover, true, nil
}
func (d *desk) Names(context.Context, area.Code) ([]NameRow, error) { return d.rows(), nil }
func (d *desk) NamesBorn(context.Context, Date) ([]NameRow, error)  { return d.rows(), nil }
func (d *desk) rows() []NameRow {
	var out []NameRow
	for n, p := range d.people {
		out = append(out, NameRow{NIK: n, Name: p.Resident.Name, BirthDate: p.Resident.BirthDate, Village: p.Resident.Village})
	}
	return out
}
func (d *desk) SaveDetermination(_ context.Context, x Determination, e audit.Entry) error {
	d.saved[x.ID] = x
	d.entries = append(d.entries, e)
	return nil
}
func (d *desk) Determination(_ context.Context, id string) (Determination, error) {
	x, ok := d.saved[id]
	if !ok {
		return x, fault.New(fault.NotFound, "determination_unknown", "Hasil cek tidak ditemukan.")
	}
	return x, nil
}
func (d *desk) DeterminationsOf(context.Context, NIK, int) ([]Determination, error) { return nil, nil }
func (d *desk) Record(_ context.Context, e audit.Entry) error {
	d.entries = append(d.entries, e)
	return nil
}
func (d *desk) Active() Rules                                   { return d }
func (d *desk) Revision(context.Context, string) (Rules, error) { return d, nil }
func (d *desk) Hash() string                                    { return "sha256:test" }
func (d *desk) Decide(_ context.Context, in policy.Input) (policy.Decision, error) {
	d.asked = in
	return d.answer, nil
}

var noon = time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC)

func newDesk() (*desk, *Checker) {
	d := &desk{people: map[NIK]Person{}, saved: map[string]Determination{}, answer: policy.Decision{Outcome: policy.Eligible}}
	return d, &Checker{Registry: d, Store: d, Trail: d, Book: d, Home: "35.09", Clock: func() time.Time { return noon }}
}

func officer() context.Context {
	return auth.With(context.Background(), auth.Actor{Name: "rini", User: "rini", Role: auth.Puskesmas, Areas: []area.Code{"35.09.19"}})
}

const siti = NIK("3509195708850001")

func sitiInRegistry() Person {
	return Person{
		Resident: &Resident{Provenance: Provenance{ImportID: "imp-1", AsOf: "2026-11-01"}, NIK: siti, KK: "3509190101100001",
			Name: "Siti Aminah", Sex: "P", BirthDate: "1985-08-17", Village: "35.09.19.1001", LifeStatus: "alive"},
		Welfare:    &WelfareRow{Provenance: Provenance{AsOf: "2026-10-01"}, Desil: 2},
		Membership: &MembershipRow{Provenance: Provenance{AsOf: "2026-11-15"}, Segment: "mandiri", Status: "inactive", Reason: "premium"},
	}
}

func withoutMembership() Person {
	p := sitiInRegistry()
	p.Membership = nil
	return p
}

func TestCheckGathersFacts(t *testing.T) {
	screen := func(on Date, facts map[Field]string) Evidence {
		return Evidence{Kind: "bpjs_screen", IssuedOn: on, Facts: facts}
	}
	cases := []struct {
		name  string
		setup func(*desk)
		req   Request
		see   func(t *testing.T, in policy.Input)
	}{
		{"registry row becomes facts with source and date", func(d *desk) { d.people[siti] = sitiInRegistry() },
			Request{Subject: Subject{NIK: siti}, Need: "inpatient"}, func(t *testing.T, in policy.Input) {
				same(t, "regency from the village", in.Resident.Regency, "35.09")
				same(t, "source", in.Resident.Source, "registry")
				same(t, "as of", in.Resident.AsOf, "2026-11-01")
				same(t, "desil", *in.Welfare.Desil, 2)
				same(t, "status", in.Membership.Status, "inactive")
				same(t, "day of service", in.ServiceOn, "2026-11-21")
			}},
		{"nobody known: groups are absent, not empty", func(*desk) {},
			Request{Subject: Subject{NIK: siti}}, func(t *testing.T, in policy.Input) {
				if in.Resident != nil || in.Welfare != nil || in.Membership != nil || in.Household != nil {
					t.Errorf("unknown facts were made up: %+v", in)
				}
			}},
		{"no membership row but a snapshot covers the area: none", func(d *desk) {
			d.people[siti] = withoutMembership()
			d.cover = &Coverage{Kind: Membership, Area: "35.09", AsOf: "2026-11-15", Snapshot: true}
		}, Request{Subject: Subject{NIK: siti}}, func(t *testing.T, in policy.Input) {
			same(t, "segment", in.Membership.Segment, "none")
			same(t, "as of", in.Membership.AsOf, "2026-11-15")
		}},
		{"no membership row and no area known: absent", func(d *desk) {
			d.cover = &Coverage{Kind: Membership, Area: "35.09", AsOf: "2026-11-15", Snapshot: true}
		}, Request{Subject: Subject{NIK: siti}}, func(t *testing.T, in policy.Input) {
			if in.Membership != nil {
				t.Errorf("the list of a regency spoke of somebody who may live elsewhere: %+v", in.Membership)
			}
		}},
		{"not a resident, papers place him in the covered area: none", func(d *desk) {
			d.cover = &Coverage{Kind: Membership, Area: "35.09", AsOf: "2026-11-15", Snapshot: true}
		}, Request{Subject: Subject{NIK: siti}, Evidence: []Evidence{{Kind: "kk", Facts: map[Field]string{FieldVillage: "35.09.19.1001"}}}},
			func(t *testing.T, in policy.Input) { same(t, "segment", in.Membership.Segment, "none") }},
		{"not a resident, papers place him elsewhere: absent", func(d *desk) {
			d.cover = &Coverage{Kind: Membership, Area: "35.09", AsOf: "2026-11-15", Snapshot: true}
		}, Request{Subject: Subject{NIK: siti}, Evidence: []Evidence{{Kind: "ktp", Facts: map[Field]string{FieldRegency: "35.10"}}}},
			func(t *testing.T, in policy.Input) {
				if in.Membership != nil {
					t.Errorf("made up for another regency: %+v", in.Membership)
				}
			}},
		{"mother outside the registry: her membership is absent", func(d *desk) {
			d.cover = &Coverage{Kind: Membership, Area: "35.09", AsOf: "2026-11-15", Snapshot: true}
		}, Request{Subject: Subject{MotherNIK: siti, BirthDate: "2026-11-18"}}, func(t *testing.T, in policy.Input) {
			if in.Mother.Membership != nil {
				t.Errorf("made up: %+v", in.Mother.Membership)
			}
		}},
		{"the BPJS screen of today beats the registry", func(d *desk) {
			p := sitiInRegistry()
			p.Membership.Status, p.Membership.Reason = "active", ""
			d.people[siti] = p
		}, Request{Subject: Subject{NIK: siti}, Evidence: []Evidence{screen("", map[Field]string{FieldMemberStatus: "inactive"})}},
			func(t *testing.T, in policy.Input) {
				same(t, "status", in.Membership.Status, "inactive")
				same(t, "segment kept from the registry", in.Membership.Segment, "mandiri")
				same(t, "source", in.Membership.Source, "document")
				same(t, "superseded", in.Membership.Superseded.Status, "active")
			}},
		{"an old screen does not beat a newer registry", func(d *desk) { d.people[siti] = sitiInRegistry() },
			Request{Subject: Subject{NIK: siti}, Evidence: []Evidence{screen("2026-01-05", map[Field]string{FieldMemberStatus: "active"})}},
			func(t *testing.T, in policy.Input) {
				same(t, "status", in.Membership.Status, "inactive")
				same(t, "superseded", in.Membership.Superseded.Status, "active")
			}},
		{"papers alone", func(*desk) {},
			Request{Subject: Subject{NIK: siti}, Evidence: []Evidence{
				{Kind: "ktp", Facts: map[Field]string{FieldRegency: "35.10"}},
				{Kind: "kk", Facts: map[Field]string{FieldVillage: "35.09.19.1001"}},
				{Kind: "other", Facts: map[Field]string{FieldDesil: "3"}},
			}}, func(t *testing.T, in policy.Input) {
				same(t, "the KK has the current address", in.Resident.Village, "35.09.19.1001")
				same(t, "source", in.Resident.Source, "document")
				same(t, "desil", *in.Welfare.Desil, 3)
				same(t, "fact on the paper", in.Evidence[0].Facts["regency"], any("35.10"))
				same(t, "seen by", in.Evidence[0].SeenBy, "rini")
			}},
		{"newborn through the mother", func(d *desk) { d.people[siti] = sitiInRegistry() },
			Request{Subject: Subject{MotherNIK: siti, BirthDate: "2026-11-18"}}, func(t *testing.T, in policy.Input) {
				same(t, "subject", in.Subject, "newborn")
				same(t, "mother's segment", in.Mother.Membership.Segment, "mandiri")
				same(t, "born", in.Resident.BirthDate, "2026-11-18")
				if in.Membership != nil || in.Welfare != nil {
					t.Error("the mother's facts leaked to the baby")
				}
			}},
		{"exact name, birth date and village", func(d *desk) { d.people[siti] = sitiInRegistry() },
			Request{Subject: Subject{Name: "SITI AMINAH", BirthDate: "1985-08-17", Village: "35.09.19.1001"}},
			func(t *testing.T, in policy.Input) {
				same(t, "found", in.Resident.Source, "registry")
			}},
		{"unknown person", func(*desk) {},
			Request{Subject: Subject{Unknown: true, Description: "laki-laki, kira-kira 60 tahun"}, Need: "emergency"},
			func(t *testing.T, in policy.Input) { same(t, "subject", in.Subject, "unknown") }},
		{"gone from the newest snapshot is told, membership of a gone row is not", func(d *desk) {
			p := sitiInRegistry()
			p.Resident.Gone, p.Membership.Gone = true, true
			d.people[siti] = p
		}, Request{Subject: Subject{NIK: siti}}, func(t *testing.T, in policy.Input) {
			same(t, "in latest", *in.Resident.InLatest, false)
			if in.Membership != nil {
				t.Error("a gone membership row was used")
			}
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d, checker := newDesk()
			c.setup(d)
			got, err := checker.Check(officer(), c.req)
			if err != nil {
				t.Fatal(err)
			}
			c.see(t, d.asked)
			if len(d.entries) != 1 || d.entries[0].ObjectID != got.ID {
				t.Errorf("trail: %+v", d.entries)
			}
		})
	}
}

// A mother's NIK that looks like a man's is told and still decided: the digits may be wrong.
func TestMotherNIKWarns(t *testing.T) {
	for _, c := range []struct {
		name   string
		mother NIK
		change func(*Resident)
		want   string // "" for none
	}{
		{"a woman's", siti, nil, ""},
		{"a man's digits", "3509191708850001", nil, "menunjukkan laki-laki"},
		{"a man's digits, registered as a woman", "3509191708850001", func(*Resident) {}, "menunjukkan laki-laki"},
		{"registered as a man", siti, func(r *Resident) { r.Sex = "L" }, "tercatat laki-laki"},
		{"registered with another birth date", siti, func(r *Resident) { r.BirthDate = "1985-08-18" }, "berbeda dengan data"},
		{"a date that cannot be", "3509197502850001", nil, "tidak mungkin"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, checker := newDesk()
			if c.change != nil {
				p := sitiInRegistry()
				p.Resident.NIK = c.mother
				c.change(p.Resident)
				d.people[c.mother] = p
			}
			got, err := checker.Check(officer(), Request{Subject: Subject{MotherNIK: c.mother, BirthDate: "2026-11-18"}})
			if err != nil {
				t.Fatal(err)
			}
			if text := strings.Join(got.Warnings, " "); c.want == "" && text != "" || !strings.Contains(text, c.want) {
				t.Errorf("warnings %q; want %q", text, c.want)
			}
		})
	}
}

func TestHouseholdFactsKeepMembersApart(t *testing.T) {
	d, checker := newDesk()
	d.people[siti] = sitiInRegistry()
	child := sitiInRegistry()
	child.Resident.NIK, child.Resident.Relation, child.Resident.BirthDate = "3509195708140002", "child", "2014-08-17"
	child.Welfare, child.Membership = nil, &MembershipRow{Segment: "pbi_jk", Status: "active"}
	d.people["3509195708140002"] = child
	_, err := checker.Check(officer(), Request{Subject: Subject{NIK: siti}})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(d.asked.Household.Members); n != 1 {
		t.Fatalf("%d other members, want 1", n)
	}
	m := d.asked.Household.Members[0]
	same(t, "segment of the child", m.Segment, "pbi_jk")
	if m.Desil != nil {
		t.Error("the mother's desil leaked to the child")
	}
	same(t, "status of the mother", d.asked.Membership.Status, "inactive")
	text, err := json.Marshal(d.asked)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Siti", "3509195708140002"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("facts hold %q, which no rule needs", secret)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	cases := []struct {
		name  string
		ctx   context.Context
		req   Request
		kind  fault.Kind
		field string
	}{
		{"nobody signed in", context.Background(), Request{Subject: Subject{NIK: siti}}, fault.Forbidden, ""},
		{"two subjects", officer(), Request{Subject: Subject{NIK: siti, Unknown: true}}, fault.Invalid, "nik"},
		{"no subject", officer(), Request{}, fault.Invalid, "nik"},
		{"name without birth date", officer(), Request{Subject: Subject{Name: "Siti", Village: "35.09.19.1001"}}, fault.Invalid, "birth_date"},
		{"a baby of tomorrow", officer(), Request{Subject: Subject{MotherNIK: siti, BirthDate: "2026-11-22"}}, fault.Invalid, "birth_date"},
		{"a paper that says born tomorrow", officer(), Request{Subject: Subject{NIK: siti}, Evidence: []Evidence{{Kind: "kk", Facts: map[Field]string{FieldBirthDate: "2026-11-22"}}}}, fault.Invalid, "evidence"},
		{"unknown need", officer(), Request{Subject: Subject{NIK: siti}, Need: "spa"}, fault.Invalid, "need"},
		{"impossible day", officer(), Request{Subject: Subject{NIK: siti}, ServiceOn: "2026-02-30"}, fault.Invalid, "service_on"},
		{"paper from tomorrow", officer(), Request{Subject: Subject{NIK: siti}, Evidence: []Evidence{{Kind: "sktm", IssuedOn: "2026-11-22"}}}, fault.Invalid, "evidence"},
		{"unknown paper", officer(), Request{Subject: Subject{NIK: siti}, Evidence: []Evidence{{Kind: "sim"}}}, fault.Invalid, "evidence"},
		{"desil as words", officer(), Request{Subject: Subject{NIK: siti}, Evidence: []Evidence{{Kind: "other", Facts: map[Field]string{FieldDesil: "dua"}}}}, fault.Invalid, "evidence"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d, checker := newDesk()
			_, err := checker.Check(c.ctx, c.req)
			if !fault.Is(err, c.kind) {
				t.Fatalf("error %v, want kind %d", err, c.kind)
			}
			if c.field != "" && (len(fault.As(err).Fields) == 0 || fault.As(err).Fields[0].Name != c.field) {
				t.Errorf("fields %+v, want %s", fault.As(err).Fields, c.field)
			}
			if len(d.saved)+len(d.entries) != 0 {
				t.Error("a refused request left something behind")
			}
		})
	}
}

// A question about another day is a record of today.
func TestSupposedDayIsNotWhenItWasDecided(t *testing.T) {
	d, checker := newDesk()
	then := time.Date(2030, 1, 1, 12, 0, 0, 0, WIB)
	got, err := checker.Check(officer(), Request{Subject: Subject{NIK: siti}, At: then})
	if err != nil {
		t.Fatal(err)
	}
	if !got.Facts.At.Equal(then) || !d.asked.At.Equal(then) || got.Facts.ServiceOn != "2030-01-01" {
		t.Errorf("judged at %s for %s", got.Facts.At, got.Facts.ServiceOn)
	}
	if !got.DecidedAt.Equal(noon) {
		t.Errorf("decided at %s", got.DecidedAt)
	}
}

// Whoever asks the trail who looked at a mother's data finds the check of her baby.
func TestTrailNamesWhosePapersWereRead(t *testing.T) {
	for _, c := range []struct {
		name    string
		subject Subject
		want    NIK
	}{
		{"by NIK", Subject{NIK: siti}, siti},
		{"a newborn", Subject{MotherNIK: siti, BirthDate: "2026-11-20"}, siti},
		{"by name", Subject{Name: "Siti Aminah", BirthDate: "1985-08-17", Village: "35.09.19.1001"}, siti},
		{"unknown", Subject{Unknown: true}, ""},
	} {
		d, checker := newDesk()
		d.people[siti] = sitiInRegistry()
		got, err := checker.Check(officer(), Request{Subject: c.subject})
		if err == nil {
			_, err = checker.View(officer(), got.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range d.entries {
			if e.Person != string(c.want) {
				t.Errorf("%s: %s is recorded for %q", c.name, e.Act, e.Person)
			}
		}
	}
}

func TestReplay(t *testing.T) {
	d, checker := newDesk()
	got, err := checker.Check(officer(), Request{Subject: Subject{NIK: siti}})
	if err != nil {
		t.Fatal(err)
	}
	_, same, err := checker.Replay(officer(), got.ID)
	if err != nil || !same {
		t.Errorf("the same rules on the same facts: same=%v err=%v", same, err)
	}
	d.answer.Outcome = policy.NotEligible
	_, same, err = checker.Replay(officer(), got.ID)
	if err != nil || same {
		t.Errorf("a changed answer was not noticed: same=%v err=%v", same, err)
	}
}

func TestRevealNeedsReasonAndIsRecorded(t *testing.T) {
	d, checker := newDesk()
	got, err := checker.Check(officer(), Request{Subject: Subject{NIK: siti}})
	if err != nil {
		t.Fatal(err)
	}
	for _, none := range []string{"", " ", "      ", "ya", strings.Repeat("x", 201)} {
		_, err = checker.Reveal(officer(), got.ID, none)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("reason %q: %v", none, err)
		}
	}
	nik, err := checker.Reveal(officer(), got.ID, "daftar e-Dabu")
	if err != nil || nik != siti {
		t.Errorf("Reveal = %s, %v", nik, err)
	}
	last := d.entries[len(d.entries)-1]
	if last.Act != "person.unmask" || last.Purpose != "daftar e-Dabu" {
		t.Errorf("trail: %+v", last)
	}
}

func TestSearchStaysInScope(t *testing.T) {
	d, checker := newDesk()
	d.people[siti] = sitiInRegistry()
	got, err := checker.Search(officer(), Query{Name: "siti amina", Area: "35.09.19.1001"})
	if err != nil || len(got) != 1 {
		t.Fatalf("own village: %v, %v", got, err)
	}
	_, err = checker.Search(officer(), Query{Name: "siti amina", Area: "35.09.20.1001"})
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("another district: %v", err)
	}
}

func TestAttachFacts(t *testing.T) {
	papers := []Evidence{{Kind: "ktp"}, {Kind: "kk"}}
	got := AttachFacts(papers, map[Field]string{FieldRegency: "35.09", FieldMemberStatus: "inactive", FieldDesil: "2"})
	if len(got) != 4 {
		t.Fatalf("%d papers, want ktp, kk, bpjs_screen, other: %+v", len(got), got)
	}
	same(t, "on the KTP", got[0].Facts[FieldRegency], "35.09")
	same(t, "on the KK", got[1].Facts[FieldRegency], "35.09")
	if len(papers[0].Facts) != 0 {
		t.Error("the caller's papers were changed")
	}
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
