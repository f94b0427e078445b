package complaints

import (
	"testing"
	"time"

	"layak/eligibility"
	"layak/internal/fault"
	"layak/policy"
)

func TestAgreement(t *testing.T) {
	checks := func(outcomes ...policy.Outcome) map[int]Check {
		m := map[int]Check{}
		for i, o := range outcomes {
			m[i+1] = Check{Patient: i + 1, Outcome: o}
		}
		return m
	}
	cases := []struct {
		name     string
		decision Decision
		newest   map[int]Check
		want     Agreement
		more     int // patients who were not checked
	}{
		{"granted, eligible", Granted, checks(policy.Eligible), Agrees, 0},
		{"granted, not eligible", Granted, checks(policy.NotEligible), Departs, 0},
		{"granted though papers are missing", Granted, checks(policy.NeedsInformation), Departs, 0},
		{"granted though covered already", Granted, checks(policy.AlreadyCovered), Departs, 0},
		{"granted, one of two is not eligible", Granted, checks(policy.Eligible, policy.NotEligible), Departs, 0},
		{"refused, not eligible", Refused, checks(policy.NotEligible), Agrees, 0},
		{"refused though eligible", Refused, checks(policy.Eligible), Departs, 0},
		{"refused, one of two is eligible", Refused, checks(policy.NotEligible, policy.Eligible), Departs, 0},
		{"granted without a check", Granted, nil, NoAdvice, 0},
		{"granted, the other one was not checked", Granted, checks(policy.Eligible), NoAdvice, 1},
		{"refused, the other one was not checked", Refused, checks(policy.NotEligible), NoAdvice, 1},
		{"granted against one check, the other one was not checked", Granted, checks(policy.NotEligible), Departs, 1},
		{"an apology is not about entitlement", Apologised, checks(policy.NotEligible), NoAdvice, 0},
	}
	for _, c := range cases {
		if got := agreement(c.decision, c.newest, len(c.newest)+c.more); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestResolveAsksForReasons(t *testing.T) {
	full := "Keluarga terbukti tidak mampu menurut kunjungan."
	base := Complaint{Patients: []Patient{{No: 1}}}
	sent, refused, eligible := base, base, base
	sent.Registrations = []Registration{{Result: RegistrationPending}}
	refused.Registrations = []Registration{{Result: RegistrationRefused}}
	eligible.Checks = []Check{
		{Determination: "d1", Patient: 1, Outcome: policy.NotEligible}, {Determination: "d2", Patient: 1, Outcome: policy.Eligible},
	}
	cases := []struct {
		name     string
		c        Complaint
		decision Decision
		reason   string
		code     string // "" accepts
		unreg    bool
	}{
		{"no reason", sent, Granted, "", "reason_missing", false},
		{"a dash is no reason", sent, InformationGiven, " - ", "reason_missing", false},
		{"granted with a registration", sent, Granted, "Syarat ada", "", false},
		{"granted without one needs a sentence", base, Granted, "Syarat ada", "reason_missing", true},
		{"granted without one, with a sentence", base, Granted, full, "", true},
		{"a refused registration is none", refused, Granted, "Syarat ada", "reason_missing", true},
		{"refusing the eligible needs a sentence", eligible, Refused, "tidak", "reason_missing", false},
		{"refusing the eligible with a sentence", eligible, Refused, full, "", false},
		{"no such decision", sent, "approved", full, "decision_unknown", false},
	}
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			r, err := k.c.resolve(Action{Decision: k.decision, Reason: k.reason}, "2026-11-21")
			if got := fault.As(err); k.code == "" && err != nil || k.code != "" && (got == nil || got.Code != k.code || len(got.Fields) != 1) {
				t.Fatalf("got %v, want %q", err, k.code)
			}
			if r.Unregistered != k.unreg {
				t.Errorf("unregistered is %v", r.Unregistered)
			}
		})
	}
	r, _ := eligible.resolve(Action{Decision: Refused, Reason: full}, "2026-11-21")
	if r.Advice != Departs || len(r.Checks) != 1 || r.Checks[0] != "d2" {
		t.Errorf("record does not hold the newest check it departs from: %+v", r)
	}
}

func TestRegister(t *testing.T) {
	now := time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC)
	later := now.Add(time.Hour)
	c := Complaint{
		Patients: []Patient{{No: 1}, {No: 2}}, Attachments: []Attachment{{ID: "proof"}},
		Registrations: []Registration{
			{ID: "first", Patient: 1, Through: "e_dabu", Reference: "A1", Result: RegistrationPending, SentBy: "rini", SentAt: now.Add(-time.Hour)},
			{ID: "done", Patient: 2, Through: "e_dabu", Result: RegistrationRefused},
		},
	}
	cases := []struct {
		name string
		a    Action
		id   string
		code string
	}{
		{"new through another office", Action{Patient: 1, Through: "bpjs_office"}, "", ""},
		{"new with another reference", Action{Patient: 1, Through: "e_dabu", Reference: "B2"}, "", ""},
		{"answer to the pending one", Action{Patient: 1, Through: "e_dabu", Result: "active", ActiveOn: "2026-11-21"}, "first", ""},
		{"answer by reference", Action{Patient: 1, Through: "e_dabu", Reference: "A1", Result: "refused", RefusedWhy: "Data ganda"}, "first", ""},
		{"after a refusal a new one begins", Action{Patient: 2, Through: "e_dabu"}, "", ""},
		{"with a proof of the case", Action{Patient: 2, Through: "dukcapil", Proof: "proof"}, "", ""},
		{"which patient", Action{Through: "e_dabu"}, "", "patient_unknown"},
		{"through nowhere", Action{Patient: 1, Through: "fax"}, "", "through_unknown"},
		{"no such result", Action{Patient: 1, Through: "e_dabu", Result: "maybe"}, "first", "result_unknown"},
		{"active without a day", Action{Patient: 1, Through: "e_dabu", Result: "active"}, "first", "active_on_missing"},
		{"a day without active", Action{Patient: 1, Through: "e_dabu", ActiveOn: "2026-11-21"}, "first", "active_on_without_result"},
		{"a day that does not exist", Action{Patient: 1, Through: "e_dabu", Result: "active", ActiveOn: "2026-02-30"}, "first", "date_invalid"},
		{"active from the month after the cut-off", Action{Patient: 1, Through: "e_dabu", Result: "active", ActiveOn: "2027-01-01"}, "first", ""},
		{"active from a day too far away", Action{Patient: 1, Through: "e_dabu", Result: "active", ActiveOn: "2027-01-02"}, "first", "active_on_far"},
		{"refused without why", Action{Patient: 1, Through: "e_dabu", Result: "refused"}, "first", "reason_missing"},
		{"sent in the future", Action{Patient: 1, Through: "e_dabu", SentAt: &later}, "", "sent_later"},
		{"a proof of another case", Action{Patient: 1, Through: "dukcapil", Proof: "elsewhere"}, "", "proof_unknown"},
	}
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			r, err := c.register(k.a, "budi", now)
			if got := fault.As(err); k.code == "" && err != nil || k.code != "" && (got == nil || got.Code != k.code) {
				t.Fatalf("got %v, want %q", err, k.code)
			}
			if err == nil && r.ID != k.id {
				t.Errorf("writes to %q, want %q", r.ID, k.id)
			}
			if err == nil && k.id == "first" && (r.SentBy != "rini" || !r.SentAt.Equal(now.Add(-time.Hour))) {
				t.Errorf("the answer changed who sent it and when: %+v", r)
			}
		})
	}
}

func TestLastActiveDay(t *testing.T) {
	for moment, want := range map[string]eligibility.Date{
		"2026-11-21T10:00:00+07:00": "2027-01-01",
		"2026-12-31T23:59:00+07:00": "2027-02-01",
		"2026-12-31T17:00:00Z":      "2027-03-01", // midnight in Jember: January already
		"2027-01-31T12:00:00+07:00": "2027-03-01",
	} {
		at, err := time.Parse(time.RFC3339, moment)
		if err != nil {
			t.Fatal(err)
		}
		if got := lastActive(at); got != want {
			t.Errorf("%s: %s, want %s", moment, got, want)
		}
	}
}

func TestPapersBehindADecisionAreChecked(t *testing.T) {
	c := Complaint{Patients: []Patient{{No: 1}}}
	decide := func(papers ...eligibility.Evidence) (Resolution, error) {
		return c.resolve(Action{Decision: InformationGiven, Reason: "Syarat dijelaskan.", Evidence: papers}, "2026-11-21")
	}
	for name, papers := range map[string][]eligibility.Evidence{
		"a kind that is not in the list": {{Kind: "ijazah"}},
		"a day that never was":           {{Kind: "sktm", IssuedOn: "2026-02-30"}},
		"a day that is still to come":    {{Kind: "sktm", IssuedOn: "2026-11-22"}},
		"a fact that cannot be":          {{Kind: "other", Facts: map[eligibility.Field]string{eligibility.FieldDesil: "11"}}},
		"too many":                       make([]eligibility.Evidence, mostPapers+1),
	} {
		_, err := decide(papers...)
		if f := fault.As(err); f == nil || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Name != "evidence" {
			t.Errorf("%s: %v", name, err)
		}
	}
	r, err := decide(eligibility.Evidence{Kind: "sktm", IssuedOn: "2026-11-21"})
	if err != nil || len(r.Evidence) != 1 || r.Evidence[0].Kind != "sktm" {
		t.Errorf("%+v, %v", r.Evidence, err)
	}
}

func TestWhatIsNoEvidence(t *testing.T) {
	asked := Complaint{Events: []Event{{Type: WaitEvent}, {Type: SentEvent}}}
	if asked.evident() {
		t.Error("that the citizen was asked for papers counts as the end of his case")
	}
}
