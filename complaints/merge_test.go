package complaints

import (
	"context"
	"testing"
	"time"

	"layak/internal/fault"
	"layak/policy"
)

// hurried is a router that knows nothing but the four hours of an emergency.
type hurried struct{}

func (hurried) Route(_ context.Context, in policy.RoutingInput) (policy.Routing, string, error) {
	r := policy.Routing{Class: "complaint", Priority: "normal"}
	if in.Need == "emergency" {
		r.Priority, r.Clocks = "emergency", []policy.ClockLimit{fourHours}
	}
	return r, "rev", nil
}

// A report of the same emergency may be merged away; the hurry that it told of may not.
func TestMergeKeepsTheEmergency(t *testing.T) {
	cases := []struct {
		name       string
		this, into string // needs
		before     *Action
		code       string
	}{
		{"into an ordinary case", "emergency", "", nil, "merge_emergency"},
		{"into another emergency", "emergency", "emergency", nil, ""},
		{"an ordinary case into an emergency", "", "emergency", nil, ""},
		{"once it was met", "emergency", "", &Action{Type: AnswerEvent, Text: "Pasien sudah dilayani di IGD."}, ""},
	}
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			s, store, ctx := walkService()
			s.Router, s.Calendars = hurried{}, oneOffice{usual: fiveDays()}
			file := func(need string) Complaint {
				c, err := s.File(ctx, Filing{Channel: "phone", Need: need, Reporter: Reporter{Name: "Ani"}, Text: "Mohon dibantu."})
				if err != nil {
					t.Fatal(err)
				}
				return c
			}
			this, into := file(k.this), file(k.into)
			if k.before != nil {
				k.before.Version = this.Version
				_, err := s.Act(ctx, this.Ticket, *k.before)
				if err != nil {
					t.Fatal(err)
				}
			}
			was := store.cases[this.Ticket]
			after, err := s.Act(ctx, this.Ticket, Action{Type: MergeEvent, Version: was.Version, Into: into.Ticket})
			if k.code != "" {
				if fault.As(err) == nil || fault.As(err).Code != k.code || store.cases[this.Ticket].State == Merged {
					t.Fatalf("err %v, state %s", err, store.cases[this.Ticket].State)
				}
				return
			}
			if err != nil || after.State != Merged {
				t.Fatalf("err %v, state %s", err, after.State)
			}
		})
	}
}

// Who has his money back has evidence enough that the case may be closed.
func TestMoneyReceivedIsEvidence(t *testing.T) {
	got := time.Date(2026, 11, 21, 3, 0, 0, 0, time.UTC)
	for _, k := range []struct {
		name string
		c    Complaint
		want bool
	}{
		{"nothing", Complaint{}, false},
		{"promised", Complaint{Refund: &Refund{Amount: 2_600_000}}, false},
		{"received", Complaint{Refund: &Refund{Amount: 2_600_000, ReceivedAt: &got}}, true},
	} {
		t.Run(k.name, func(t *testing.T) {
			if k.c.evident() != k.want {
				t.Errorf("evident is %v", !k.want)
			}
		})
	}
}
