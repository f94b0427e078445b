package eligibility

import (
	"context"
	"fmt"
	"time"

	"layak/internal/area"
	"layak/internal/auth"
	"layak/policy"
)

// Standing is what the registry alone says about a person, before any paper is seen. Member is what
// it says about him as a member of somebody else's card, nil when he is on no list of residents any
// more. It is made by the code that a check makes its facts with.
type Standing struct {
	Resident   *policy.Resident
	Welfare    *policy.Welfare
	Membership *policy.Membership
	Member     *policy.Member
}

// StandingOf gives the standing of a person; covers answers as Registry.Covers does about membership.
func StandingOf(p Person, covers func(area.Code) (Coverage, bool, error)) (Standing, error) {
	s := Standing{Resident: residentFacts(p.Resident), Welfare: welfareFacts(p.Welfare)}
	var err error
	s.Membership, err = membershipOf(p, homeArea(s.Resident), covers)
	if err != nil {
		return s, err
	}
	if p.Resident != nil && !p.Resident.Gone {
		m := memberFacts(p)
		s.Member = &m
	}
	return s, nil
}

// Frame is what every check has in common that is made at a moment by nothing but a NIK: no papers, no
// statements, no need. The day of service is that of the moment.
func (c *Checker) Frame(at time.Time) policy.Frame {
	at = at.In(c.zone()).Truncate(time.Second)
	return policy.Frame{At: at, ServiceOn: string(DateOf(at)), Office: policy.Office{Regency: string(c.Home)}}
}

// Sampler gives the inputs of such checks of many people, out of a registry that is held still. It is
// for one goroutine.
type Sampler struct {
	repeater *Repeater
	frame    policy.Frame
	alone    bool
}

// Sampler makes one for a registry.
func (c *Checker) Sampler(held Registry, frame policy.Frame) *Sampler {
	still := *c
	still.Registry = held
	return &Sampler{repeater: still.Repeater(), frame: frame}
}

// Alone leaves the other members of the card out, for rules that do not look at them: they are most of
// what is read.
func (s *Sampler) Alone() *Sampler {
	s.alone = true
	return s
}

// Inputs gives those of the NIKs, in their order. Nothing is decided, stored or recorded: what is done
// with them is for the caller to record.
func (s *Sampler) Inputs(ctx context.Context, niks []NIK) ([]policy.Input, error) {
	asked := make([]Determination, len(niks))
	for i, nik := range niks {
		asked[i] = Determination{NIK: nik, Subject: Subject{NIK: nik}}
	}
	checker, err := s.read(ctx, asked)
	if err != nil {
		return nil, err
	}
	out := make([]policy.Input, len(niks))
	for i, nik := range niks {
		req := Request{Subject: Subject{NIK: nik}, At: s.frame.At, ServiceOn: Date(s.frame.ServiceOn)}
		found, err := checker.gather(ctx, req, auth.Actor{})
		if err != nil {
			return nil, fmt.Errorf("gather facts of a sample: %w", err)
		}
		out[i] = found.input
	}
	return out, nil
}

// read holds what the registry says about the people, with their cards unless nobody looks at those.
func (s *Sampler) read(ctx context.Context, asked []Determination) (*Checker, error) {
	if !s.alone {
		return s.repeater.heldFor(ctx, asked)
	}
	checker, held, err := s.repeater.peopleFor(ctx, asked, Crowd.People)
	if err != nil {
		return nil, err
	}
	held.alone = true
	return checker, nil
}
