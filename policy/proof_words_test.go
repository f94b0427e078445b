package policy

import (
	"bytes"
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestAProofNamesWhomItIsAbout wants enough of a proof to tell it from that of another person or another day, and no
// NIK that could be read off a screen.
func TestAProofNamesWhomItIsAbout(t *testing.T) {
	key, public := signingKey(t, "ours", "a")
	proof, p := proven(t, key)
	got, err := CheckProof(t.Context(), bytes.NewReader(proof), public)
	if err != nil {
		t.Fatal(err)
	}
	want := CheckedProof{Determination: p.ID, Revision: Shipped().Hash(), Outcome: p.Decision.Outcome, Subject: p.Facts.Subject,
		NIK: masked(p.Facts.Resident.NIK), ServiceOn: p.Facts.ServiceOn, Regency: "35.09", SignedBy: "ours",
		DecidedAt: p.DecidedAt.Format("2006-01-02 15:04"), DecidedBy: "rini", MadeAt: p.MadeAt.Format("2006-01-02 15:04"), MadeBy: "tono"}
	if !reflect.DeepEqual(got, want) || want.NIK == "" {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	told, err := json.Marshal(got)
	if err != nil || regexp.MustCompile(`\d{16}`).Match(told) {
		t.Errorf("%v: a whole NIK in %s", err, told)
	}
}

// TestWhoAProofSaysItIs goes through the kinds of person that are checked, in proofs that name whom was asked for and in those of
// before.
func TestWhoAProofSaysItIs(t *testing.T) {
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		in   Input
		want string
	}{
		{"by NIK", Input{Subject: "nik", Resident: &Resident{NIK: "3509195204719001"}}, "350919••••••9001"},
		{"by name, found", Input{Subject: "person", Resident: &Resident{NIK: "3509195204719001"}}, "350919••••••9001"},
		{"by name, without one", Input{Subject: "person", Resident: &Resident{}}, ""},
		{"a newborn goes by its mother", Input{Subject: "newborn", Resident: &Resident{}, Mother: &Mother{NIK: "3509195204719002"}}, "350919••••••9002"},
		{"a newborn without mother", Input{Subject: "newborn"}, ""},
		{"nobody knows", Input{Subject: "unknown"}, ""},
		{"no NIK at all", Input{Subject: "nik", Resident: &Resident{NIK: "350919520471"}}, strings.Repeat("•", 12)},
	} {
		if got := (proofRecord{DecidedAt: at, Person: "3509195204719003"}).said(c.in, "ours"); got.NIK != "350919••••••9003" {
			t.Errorf("%s: not whom was asked for: %+v", c.name, got)
		}
		if got := (proofRecord{DecidedAt: at}).said(c.in, "ours"); got.NIK != c.want || got.Subject != c.in.Subject || got.DecidedAt != "2026-03-02 10:00" {
			t.Errorf("%s: %+v, want %q", c.name, got, c.want)
		}
	}
}
