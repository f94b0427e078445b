package trial

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	_ "embed"

	"layak/eligibility"
	"layak/eligibility/impact"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// Complaint is a fictional complaint as the rules of routing see one. It comes with the program.
type Complaint struct {
	ID    string
	Name  string
	Note  string
	Facts policy.RoutingInput // the moment and the office are those of the trial
}

// Routed is one fictional complaint under the rules in force and under those that are tried.
type Routed struct {
	Complaint
	Before, After policy.Routing
	// Refused tells that the tried rules fail on it; After says nothing then.
	Refused bool
	Moves   []impact.RoutingMove // what the tried rules say otherwise; none when it is handled the same
}

// sampleRegency is where the fictional complaints come from, as the sample people do.
const sampleRegency = "35.09"

//go:embed complaints.json
var complaintsFile []byte

// Complaints are the fictional complaints, in the order of the file.
func Complaints() []Complaint { return slices.Clone(readComplaints()) }

var readComplaints = sync.OnceValue(func() []Complaint {
	var out []Complaint
	dec := json.NewDecoder(strings.NewReader(string(complaintsFile)))
	dec.DisallowUnknownFields()
	err := dec.Decode(&out)
	if err != nil {
		panic("trial: complaints: " + err.Error()) // the file is part of the program
	}
	return out
})

// Route tries the fictional complaints on a day; "" is today. Those that are handled otherwise come first.
func (d *Desk) Route(ctx context.Context, tried, active policy.Bundle, day eligibility.Date) ([]Routed, error) {
	_, err := may(ctx, auth.PolicyRead)
	if err != nil {
		return nil, err
	}
	at := d.Clock().In(d.Zone)
	if day != "" {
		on, err := time.ParseInLocation(time.DateOnly, string(day), d.Zone)
		if err != nil {
			return nil, wrap(err)
		}
		at = on.Add(12 * time.Hour)
	}
	list := Complaints()
	in := make([]policy.RoutingInput, len(list))
	for i, c := range list {
		in[i] = c.Facts
		in[i].At, in[i].Office = at, policy.Office{Regency: sampleRegency}
	}
	before, err := d.routeEach(ctx, active, in)
	if err != nil {
		return nil, err
	}
	after, err := d.routeEach(ctx, tried, in)
	if err != nil {
		return nil, err
	}
	out := make([]Routed, len(list))
	for i, c := range list {
		out[i] = Routed{Complaint: c, Refused: after[i] == nil}
		if before[i] != nil {
			out[i].Before = *before[i]
		}
		if after[i] != nil {
			out[i].After = *after[i]
		}
		out[i].Moves = impact.RoutingApart(impact.Case{Input: in[i], Free: true}, before[i], after[i])
	}
	slices.SortStableFunc(out, func(a, b Routed) int { return weight(b) - weight(a) })
	return out, nil
}

func weight(r Routed) int {
	switch {
	case r.Refused:
		return 2
	case len(r.Moves) > 0:
		return 1
	}
	return 0
}

// routeEach asks about all, and about each where that fails: nil for those on which the rules fail. Rules
// that were cut off fail as a whole.
func (d *Desk) routeEach(ctx context.Context, b policy.Bundle, in []policy.RoutingInput) ([]*policy.Routing, error) {
	if !policy.Routes(b) {
		b = policy.Shipped()
	}
	out := make([]*policy.Routing, len(in))
	all, err := d.Sandbox.Route(ctx, b, in)
	if err == nil && len(all) != len(in) {
		err = errors.New("an answer is missing")
	}
	if err == nil {
		for i := range all {
			out[i] = &all[i]
		}
		return out, nil
	}
	failed := 0
	for i := range in {
		one, single := d.Sandbox.Route(ctx, b, in[i:i+1])
		if single == nil && len(one) == 1 {
			out[i] = &one[0]
			continue
		}
		f := fault.As(single)
		if ctx.Err() != nil || f != nil && (f.Kind == fault.Unavailable || strings.HasPrefix(f.Code, "policy_too_")) {
			return nil, wrap(single)
		}
		failed++
	}
	if failed == len(in) { // the rules do not load
		return nil, wrap(err)
	}
	return out, nil
}
