package main

import (
	"context"
	"time"

	"layak/complaints"
	"layak/eligibility/impact"
)

// openCases hands open complaints to what counts the consequences of rules, which knows no complaints.
type openCases struct{ desk *complaints.Service }

// CountOpen implements impact.Cases.
func (o openCases) CountOpen(ctx context.Context) (int, error) { return o.desk.CountOpen(ctx) }

// EachOpen implements impact.Cases.
func (o openCases) EachOpen(ctx context.Context, at time.Time, yield func([]impact.Case) error) error {
	return o.desk.EachOpen(ctx, at, func(part []complaints.OpenCase) error {
		out := make([]impact.Case, len(part))
		for i, c := range part {
			out[i] = impact.Case{Ticket: string(c.Ticket), Input: c.Input, Running: kindNames(c.Running), Met: kindNames(c.Met), Free: c.Free, Desk: c.Desk()}
		}
		return yield(out)
	})
}

func kindNames(kinds []complaints.ClockKind) []string {
	out := make([]string, len(kinds))
	for i, k := range kinds {
		out[i] = string(k)
	}
	return out
}
