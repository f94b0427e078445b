package recheck

import (
	"context"
	"strings"
	"testing"
	"time"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// books is the store of the reasons of a run; nothing else of it is asked.
type books struct {
	Store
	imports map[int64]Imported
}

func (b books) ImportAt(_ context.Context, revision int64) (Imported, bool, error) {
	imp, ok := b.imports[revision]
	return imp, ok, nil
}

func (books) Revisions(context.Context) ([]policy.Revision, error) {
	return []policy.Revision{{Hash: "b", Number: 2}, {Hash: "a", Number: 1}}, nil
}

// The list says in words what came into force, and the rules are named before the data.
func TestReasonOfARun(t *testing.T) {
	b := books{imports: map[int64]Imported{
		7: {Kind: eligibility.Membership, AsOf: "2026-12-01"},
		8: {Kind: eligibility.Residents, AsOf: "2026-12-02", RolledBack: true},
	}}
	s := &Service{Store: b, Rules: b}
	for _, c := range []struct {
		name      string
		now, last Mark
		asked     bool
		want      string
	}{
		{"membership came in", Mark{7, "a", ""}, Mark{6, "a", ""}, false, "data BPJS per 1 Des 2026 diterbitkan"},
		{"residents were taken back", Mark{8, "a", ""}, Mark{7, "a", ""}, false, "impor data Dukcapil per 2 Des 2026 dibatalkan"},
		{"other rules", Mark{7, "b", ""}, Mark{7, "a", ""}, false, "aturan versi 2 berlaku"},
		{"rules and data", Mark{7, "b", ""}, Mark{6, "a", ""}, false, "aturan versi 2 berlaku"},
		{"somebody asked", Mark{7, "a", ""}, Mark{7, "a", ""}, true, "permintaan petugas"},
		{"the first run", Mark{7, "a", ""}, Mark{}, false, "data BPJS per 1 Des 2026 diterbitkan"},
		{"an import that nobody knows", Mark{9, "a", ""}, Mark{8, "a", ""}, false, "data atau aturan diperbarui"},
	} {
		got, err := s.reason(context.Background(), c.now, c.last, c.asked)
		if err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

// One person is one key, whatever the check was about; nobody's name stands in it.
func TestPersonKey(t *testing.T) {
	named := eligibility.Determination{ID: "1", Subject: eligibility.Subject{Name: "Sri Wahyuni", BirthDate: "1980-01-01", Village: "35.09.19.1001"}}
	again := named
	again.ID = "2"
	other := named
	other.Subject.Name = "Siti Rekaan"
	if personKey(eligibility.Determination{ID: "3", NIK: "3509190101800042"}) != "3509190101800042" {
		t.Error("a person with a NIK is not known by it")
	}
	if key := personKey(named); key != personKey(again) || key == personKey(other) || strings.Contains(key, "Sri") {
		t.Errorf("keys %q, %q, %q", key, personKey(again), personKey(other))
	}
}

// A newborn lives where the mother does.
func TestHomeOfTheList(t *testing.T) {
	place := &policy.Resident{Village: "35.09.19.1001", District: "35.09.19", Regency: "35.09"}
	for _, c := range []struct {
		name string
		in   policy.Input
		want area.Code
	}{
		{"own address", policy.Input{Resident: place}, "35.09.19.1001"},
		{"the mother's", policy.Input{Mother: &policy.Mother{Resident: place}}, "35.09.19.1001"},
		{"own row without an address", policy.Input{Resident: &policy.Resident{}, Mother: &policy.Mother{Resident: place}}, "35.09.19.1001"},
		{"nobody knows", policy.Input{}, ""},
	} {
		if village, _, _ := home(c.in); village != c.want {
			t.Errorf("%s: %q", c.name, village)
		}
	}
}

func TestRefusalsOfTwelveMonths(t *testing.T) {
	r := Run{StartedAt: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)}
	if got := since(r); !got.Equal(time.Date(2025, 11, 21, 9, 0, 0, 0, time.UTC)) {
		t.Errorf("since %v", got)
	}
}

// Who may not read complaints learns nothing of the list, and who may not load data starts no run.
func TestListIsForDesks(t *testing.T) {
	s := &Service{}
	officer := auth.With(context.Background(), auth.Actor{Name: "o", Role: auth.PolicyOfficer})
	_, err := s.List(officer, Filter{})
	if !fault.Is(err, fault.Forbidden) {
		t.Errorf("list: %v", err)
	}
	_, err = s.Counts(officer)
	if !fault.Is(err, fault.Forbidden) {
		t.Errorf("counts: %v", err)
	}
	_, err = s.Run(auth.With(context.Background(), auth.Actor{Name: "k", Role: auth.Kelurahan}))
	if !fault.Is(err, fault.Forbidden) {
		t.Errorf("run: %v", err)
	}
}
