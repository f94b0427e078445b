package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"layak/eligibility"
	"layak/eligibility/trial"
	"layak/internal/auth"
	"layak/policy"
	"layak/policy/workbench"
)

// dayOfTrials notes for which day people and complaints were tried.
type dayOfTrials struct {
	Trials
	day eligibility.Date
}

func (d *dayOfTrials) Run(_ context.Context, _, _ policy.Bundle, day eligibility.Date) ([]trial.Comparison, error) {
	d.day = day
	return nil, nil
}

func (d *dayOfTrials) Route(_ context.Context, _, _ policy.Bundle, day eligibility.Date) ([]trial.Routed, error) {
	if day != d.day {
		day = "another day than people"
	}
	d.day = day
	return nil, nil
}

// A draft is tried on the day on which its last value begins, and the page says so: today it would seem to change nothing.
func TestTrialsAreOfTheDayThatCounts(t *testing.T) {
	rules := shippedRules(t)
	later, _, err := policy.SetParam(policy.Shipped(), policy.ParamChange{Name: "max_desil", Value: 7, ValidFrom: "2027-01-01", Source: "SK Bupati 188/2026"}, "2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	people := &dayOfTrials{}
	draft := func(id string, b policy.Bundle) workbench.Draft {
		return workbench.Draft{ID: id, Name: "Konsep " + id, Base: rules.rev.Hash, Files: b.Files, State: workbench.Open, Editors: []string{"sari"}}
	}
	bench := &memoryDrafts{drafts: map[string]workbench.Draft{"d-later": draft("d-later", later), "d-same": draft("d-same", policy.Shipped())}}
	d := newDesk(t, Services{Drafting: bench, Sandbox: openSandbox{}, Trials: people, Policies: rules})
	d.signInAs(auth.PolicyOfficer)
	const begins = "mulai berlaku."
	for _, c := range []struct {
		name, query string
		day         eligibility.Date
		says        string
		begins      bool
	}{
		{"a value begins later", "d-later/edit/people", "2027-01-01", "Dicek pada 1 Jan 2027.", true},
		{"another day is asked for", "d-later/edit/people?day=2026-12-01", "2026-12-01", "Dicek pada 1 Des 2026.", false},
		{"nonsense is no day", "d-later/edit/people?day=besok", "2027-01-01", "Dicek pada 1 Jan 2027.", true},
		{"nothing begins later", "d-same/edit/people", "2026-11-21", "Dicek pada 21 Nov 2026.", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := d.get("/rules/drafts/" + c.query)
			if a.StatusCode != http.StatusOK || people.day != c.day {
				t.Fatalf("status %d, tried for %q, want %s", a.StatusCode, people.day, c.day)
			}
			if !strings.Contains(a.body, c.says) || strings.Contains(a.body, begins) != c.begins {
				t.Errorf("the page does not say %q as it should", c.says)
			}
			if !strings.Contains(a.body, `name="day" value="`+string(c.day)+`"`) {
				t.Error("a real resident would be tried on another day than the page shows")
			}
		})
	}
}

// Who writes or approves rules has them in the bar of a phone; others find them under more.
func TestRulesInTheBarOfAPhone(t *testing.T) {
	d := newDesk(t, Services{})
	for role, want := range map[auth.Role]bool{auth.PolicyOfficer: true, auth.PolicyApprover: true, auth.Puskesmas: false} {
		d.signInAs(role)
		page := d.get("/rules").body
		_, bar, there := strings.Cut(page, `<nav class="bottom"`)
		bar, _, _ = strings.Cut(bar, "</nav>")
		if !there || strings.Contains(bar, `href="/rules"`) != want || strings.Contains(bar, "nav.short_") {
			t.Errorf("%s: %s", role, bar)
		}
	}
}
