package impact

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"layak/internal/fault"
	"layak/policy"
)

// drawer holds open complaints in memory.
type drawer []Case

func (d drawer) CountOpen(context.Context) (int, error) { return len(d), nil }

func (d drawer) EachOpen(_ context.Context, at time.Time, yield func([]Case) error) error {
	for i := range d {
		c := d[i]
		c.Input.At = at
		err := yield([]Case{c})
		if err != nil {
			return err
		}
	}
	return nil
}

// inHere routes in this process; each set of rules is compiled once.
type inHere map[string]*policy.Engine

func (h inHere) Route(ctx context.Context, b policy.Bundle, in []policy.RoutingInput) ([]policy.Routing, error) {
	e := h[b.Hash()]
	if e == nil {
		var err error
		e, err = policy.NewEngine(ctx, b)
		if err != nil {
			return nil, err
		}
		h[b.Hash()] = e
	}
	out := make([]policy.Routing, len(in))
	for i := range in {
		var err error
		out[i], err = e.Route(ctx, in[i])
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// accusing is the complaint about the conduct of an official.
const accusing = "3509-0020"

// opened is a complaint that waits to be verified.
func opened(n int, matter string, change func(*Case)) Case {
	c := Case{Ticket: fmt.Sprintf("3509-%04d", n), Running: []string{"verify"}, Free: true,
		Input: policy.RoutingInput{Office: policy.Office{Regency: "35.09"}, Channel: "counter", Matter: matter, Village: "35.09.19.1001", District: "35.09.19",
			Checks: []policy.RoutingOutcome{}, Given: []string{"phone", "village", "matter"}},
		Desk: func(d policy.Desk) string { return d.Code + strings.Join(d.Kinds, "") }}
	if change != nil {
		change(&c)
	}
	return c
}

// cabinet is a few complaints of different kinds, some of them alike.
func cabinet() drawer {
	held := func(c *Case) { c.Free, c.Running, c.Met = false, []string{"first", "resolve"}, []string{"verify"} }
	var d drawer
	for i := range 3 {
		d = append(d, opened(i, "eligibility", nil))
	}
	for i := range 2 {
		d = append(d, opened(10+i, "eligibility", held))
	}
	return append(d, opened(20, "conduct", nil), opened(21, "data", nil), opened(22, "data", held),
		opened(23, "charge", func(c *Case) { c.Input.Channel = "wadul" }))
}

func routingService(cases Cases, r Router) *Service {
	return &Service{Preview: newOffice(1, 0).preview(Here), Cases: cases, Router: r}
}

func rerouted(t *testing.T, s *Service, req Request) (*Rerouted, error) {
	t.Helper()
	j, err := s.rerouting(req)
	if err != nil {
		t.Fatal(err)
	}
	r := j.Run
	err = j.do(t.Context(), &r, func(Progress) {})
	return r.Routing, err
}

func (g RoutingGroup) says() string {
	var all []string
	for _, m := range g.Moves {
		all = append(all, fmt.Sprintf("%s %s>%s by %d now %v: %d", m.What, m.From, m.To, m.By, m.Now, m.Cases))
	}
	return strings.Join(all, "; ")
}

// What becomes of open complaints is told by sort: the mistake of a keyboard that gives sixty days for what
// the law does in three is seen before anybody approves it.
func TestOpenComplaintsUnderOtherRouting(t *testing.T) {
	engines := inHere{}
	verify := func(days string) policy.Bundle {
		return with(t, "data.json", "\"verify_days\": [\n      {\"value\": 3", "\"verify_days\": [\n      {\"value\": "+days)
	}
	for _, c := range []struct {
		name    string
		draft   policy.Bundle
		changed int
		guarded bool              // the complaint about an official is among them
		groups  map[string]string // by key: how many, and the moves
	}{
		{"the same rules", policy.Shipped(), 0, false, nil},
		{"sixty days to verify", verify("60"), 5, true, map[string]string{RoutingLater: "5: clock:verify 3>60 by 57 now true: 5"}},
		{"one day to verify", verify("1"), 6, true, // and that of a channel has another source
			map[string]string{RoutingSooner: "5: clock:verify 3>1 by -2 now true: 5"}},
		{"conduct is an ordinary complaint", with(t, "routing/class.rego", "\"oversight\" if {\n\tinput.matter == \"conduct\"", "\"oversight\" if {\n\tinput.matter == \"other\""), 1, true,
			map[string]string{RoutingClass: "1: class oversight>complaint by 0 now false: 1"}},
		{"data goes to the health office", with(t, "routing/desk.rego", "{\"kinds\": [\"kelurahan\", \"desa\", \"kecamatan\"], \"area\": place} if {\n\tnot emergency\n\tinput.matter == \"data\"",
			"health_office if {\n\tnot emergency\n\tinput.matter == \"data\""), 2, false,
			map[string]string{RoutingDesk: "2: desk kelurahandesakecamatan>DINKESopd by 0 now true: 1; desk kelurahandesakecamatan>DINKESopd by 0 now false: 1"}},
		{"no second person", with(t, "routing/class.rego", "second_person if input.matter in {\"charge\", \"conduct\"}", "second_person if input.matter == \"conduct\""), 1, false,
			map[string]string{RoutingSecond: "1: second_person yes>no by 0 now false: 1"}},
		{"an unknown class", with(t, "routing/class.rego", "\"oversight\" if {\n\tinput.matter == \"conduct\"", "\"grave\" if {\n\tinput.matter == \"conduct\""), 1, true,
			map[string]string{RoutingRefused: "1: refused > by 0 now false: 1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := rerouted(t, routingService(cabinet(), engines), Request{Base: policy.Shipped(), Draft: c.draft, Seed: 3})
			if err != nil {
				t.Fatal(err)
			}
			if got.Cases != 9 || got.Classes != 4 || got.Changed != c.changed || got.Void() || got.Check.Compared != 9 {
				t.Errorf("%d of %d complaints in %d classes, self-check %+v, groups %+v", got.Changed, got.Cases, got.Classes, got.Check, got.Groups)
			}
			for key, want := range c.groups {
				found := false
				for _, g := range got.Groups {
					if g.Key != key {
						continue
					}
					found = true
					if said := fmt.Sprintf("%d: %s", g.Cases, g.says()); said != want {
						t.Errorf("%s\n got %s\nwant %s", key, said, want)
					}
					guarded := 0
					for _, s := range g.Samples {
						if s.Ticket == accusing {
							t.Errorf("%s names the complaint about an official", key)
						}
					}
					if c.guarded {
						guarded = 1
					}
					if len(g.Samples) != min(g.Cases, maxSamples)-guarded {
						t.Errorf("%d samples of %d", len(g.Samples), g.Cases)
					}
				}
				if !found {
					t.Errorf("no group %s in %+v", key, got.Groups)
				}
			}
		})
	}
}

// lyingRouter gives another answer when it is asked about the same complaint again.
type lyingRouter struct {
	inHere
	asked int
}

func (l *lyingRouter) Route(ctx context.Context, b policy.Bundle, in []policy.RoutingInput) ([]policy.Routing, error) {
	l.asked++
	out, err := l.inHere.Route(ctx, b, in)
	if l.asked > 2 && err == nil {
		out[0].Class = "aspiration"
	}
	return out, err
}

// brokenRouter is cut off, or stopped by the caller.
type brokenRouter struct{ err error }

func (b brokenRouter) Route(context.Context, policy.Bundle, []policy.RoutingInput) ([]policy.Routing, error) {
	return nil, b.err
}

func TestOneOtherAnswerVoidsTheLookAtComplaints(t *testing.T) {
	req := Request{Base: policy.Shipped(), Draft: raised(t, "6"), Seed: 3}
	got, err := rerouted(t, routingService(cabinet(), &lyingRouter{inHere: inHere{}}), req)
	if err != nil || !got.Void() {
		t.Errorf("self-check %+v, %v", got, err)
	}
	slow := fault.New(fault.Invalid, "policy_too_slow", "Aturan ini dihentikan.")
	_, err = rerouted(t, routingService(cabinet(), brokenRouter{slow}), req)
	if !errors.Is(err, slow) {
		t.Errorf("cut off: %v", err)
	}
	many := make(drawer, mostRefused+2)
	for i := range many {
		many[i] = opened(i, "data", func(c *Case) { c.Input.Reopened = i })
	}
	_, err = rerouted(t, routingService(many, brokenRouter{errors.New("undefined")}), req)
	if f := fault.As(err); f == nil || f.Code != "routing_fails" {
		t.Errorf("rules that fail on everything: %v", err)
	}
}

// A draft that mends rules which fail today is not told as one that fails.
func TestOpenComplaintsThatRulesFailOnToday(t *testing.T) {
	failing := with(t, "routing/class.rego", "\"oversight\" if {\n\tinput.matter == \"conduct\"", "\"grave\" if {\n\tinput.matter == \"conduct\"")
	got, err := rerouted(t, routingService(cabinet(), inHere{}), Request{Base: failing, Draft: policy.Shipped(), Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Groups) != 1 || got.Groups[0].Key != RoutingOther || got.Groups[0].says() != "served > by 0 now false: 1" || len(got.Groups[0].Samples) != 0 {
		t.Errorf("%+v", got.Groups)
	}
}
