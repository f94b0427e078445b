// Package trial owns the people on whom rules are tried before anything counts: fictional residents
// that officers keep beside the rules, and real ones, looked up for a reason that is recorded. It runs
// them through rules that nobody has approved beside those in force and tells what differs. It must
// never know SQL, HTTP or OPA, and it stores no determination: nothing here is an answer to anybody.
package trial

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// Person is a fictional resident with everything that is known about him and his household.
type Person struct {
	ID      string // UUIDv7; the name of a sample that comes with the program
	Name    string // what officers call him
	Note    string
	Facts   policy.Input // At is the day on which the facts are as fresh as they say
	Sample  bool         // comes with the program and cannot be changed
	Updated time.Time
	By      string
}

// Store keeps the people of the installation; package storage implements it.
type Store interface {
	TestPeople(ctx context.Context) ([]Person, error)                  // by name
	TestPerson(ctx context.Context, id string) (Person, error)         // NotFound
	SaveTestPerson(ctx context.Context, p Person, e audit.Entry) error // new, or in the place of the one with the id
	RemoveTestPerson(ctx context.Context, id string, e audit.Entry) error

	AddWish(ctx context.Context, w Wish, e audit.Entry) error         // Conflict (wish_known)
	Wishes(ctx context.Context) ([]Wish, error)                       // open ones, the newest first
	CloseWish(ctx context.Context, check string, e audit.Entry) error // NotFound
}

// Sandbox decides by rules that nobody has approved; *worker.Pool keeps it.
type Sandbox interface {
	Decide(ctx context.Context, b policy.Bundle, inputs []policy.Input) ([]policy.Decision, error)
	Route(ctx context.Context, b policy.Bundle, complaints []policy.RoutingInput) ([]policy.Routing, error)
}

// Explainer tells how such rules come to an answer; *worker.Pool keeps it too.
type Explainer interface {
	Explain(ctx context.Context, b policy.Bundle, in policy.Input) (policy.Explanation, error)
}

// Registry gathers the facts of real people; *eligibility.Checker keeps it.
type Registry interface {
	Known(ctx context.Context, req eligibility.Request) (policy.Input, error)
}

// Desk is where people are kept and tried. All fields are required; Zone is where days are counted.
type Desk struct {
	Store     Store
	Sandbox   Sandbox
	Explainer Explainer
	Registry  Registry
	Records   Records
	Revisions Revisions
	Trail     eligibility.Trail
	Clock     eligibility.Clock
	Zone      *time.Location
}

// mostPeople bounds what an installation keeps: all of them run in one request.
const mostPeople = 200

// People lists the samples of the program and those of the installation.
func (d *Desk) People(ctx context.Context) ([]Person, error) {
	_, err := may(ctx, auth.PolicyRead)
	if err != nil {
		return nil, err
	}
	own, err := d.Store.TestPeople(ctx)
	if err != nil {
		return nil, err
	}
	return append(Samples(), own...), nil
}

// Person finds one of them.
func (d *Desk) Person(ctx context.Context, id string) (Person, error) {
	_, err := may(ctx, auth.PolicyRead)
	if err != nil {
		return Person{}, err
	}
	for _, p := range Samples() {
		if p.ID == id {
			return p, nil
		}
	}
	return d.Store.TestPerson(ctx, id)
}

// Save keeps a person of the installation; a new one when the ID is empty. fault.Invalid tells which
// fact cannot be.
func (d *Desk) Save(ctx context.Context, p Person) (Person, error) {
	actor, err := may(ctx, auth.PolicyEdit)
	if err != nil {
		return p, err
	}
	p.Name, p.Note = strings.TrimSpace(p.Name), strings.TrimSpace(p.Note)
	if n := utf8.RuneCountInString(p.Name); n < 3 || n > 100 || utf8.RuneCountInString(p.Note) > 500 {
		const message = "Beri orang uji nama yang pendek, misalnya: Bu Siti, desil 6, hamil."
		return p, fault.New(fault.Invalid, "test_person_name", message).At("name", message)
	}
	err = policy.CheckInput(p.Facts)
	if err != nil {
		return p, err
	}
	all, err := d.Store.TestPeople(ctx)
	if err != nil {
		return p, err
	}
	if p.ID == "" {
		if len(all) >= mostPeople {
			return p, fault.New(fault.Conflict, "test_people_many", "Sudah ada 200 orang uji. Hapus yang tidak dipakai lagi.")
		}
		p.ID = uuid.Must(uuid.NewV7()).String()
	} else if !slices.ContainsFunc(all, func(x Person) bool { return x.ID == p.ID }) {
		return p, errNobody
	}
	p.Sample, p.Updated, p.By = false, d.Clock(), actor.Name
	return p, d.Store.SaveTestPerson(ctx, p, audit.Entry{Actor: actor.Name, Act: "test_person.save", Object: "test_person", ObjectID: p.ID, Payload: p.payload()})
}

var errNobody = fault.New(fault.NotFound, "test_person_missing", "Orang uji ini tidak ada lagi.")

// Remove takes a person of the installation away.
func (d *Desk) Remove(ctx context.Context, id string) error {
	actor, err := may(ctx, auth.PolicyEdit)
	if err != nil {
		return err
	}
	return d.Store.RemoveTestPerson(ctx, id, audit.Entry{Actor: actor.Name, Act: "test_person.remove", Object: "test_person", ObjectID: id})
}

// may gives the actor when he holds the permission.
func may(ctx context.Context, p auth.Permission) (auth.Actor, error) {
	actor := auth.From(ctx)
	return actor, actor.Require(p)
}

// On gives the facts as they would be on another day: the moment of the check and the days on which
// data were read and papers seen move along, so that what was fresh stays fresh; births, moves and
// what began in a life stay where they are.
func (p Person) On(day eligibility.Date) policy.Input {
	in := p.Facts
	days := int(day.Time().Sub(eligibility.Date(in.ServiceOn).Time()).Hours() / 24)
	if days == 0 || day.Time().IsZero() {
		return in
	}
	in.At, in.ServiceOn = in.At.AddDate(0, 0, days), string(day)
	in.Resident = movedResident(in.Resident, days)
	in.Welfare = movedWelfare(in.Welfare, days)
	in.Membership = movedMembership(in.Membership, days)
	if in.Household != nil {
		h := *in.Household
		h.AsOf = moved(h.AsOf, days)
		in.Household = &h
	}
	if in.Mother != nil {
		m := *in.Mother
		m.Resident, m.Welfare, m.Membership = movedResident(m.Resident, days), movedWelfare(m.Welfare, days), movedMembership(m.Membership, days)
		in.Mother = &m
	}
	in.Evidence = slices.Clone(in.Evidence)
	for i := range in.Evidence {
		e := &in.Evidence[i]
		e.IssuedOn = moved(e.IssuedOn, days)
		if seen, err := time.Parse(time.RFC3339, e.SeenAt); err == nil {
			e.SeenAt = seen.AddDate(0, 0, days).Format(time.RFC3339)
		}
	}
	return in
}

func moved(date string, days int) string {
	t := eligibility.Date(date).Time()
	if t.IsZero() {
		return date
	}
	return t.AddDate(0, 0, days).Format(time.DateOnly)
}

func movedResident(r *policy.Resident, days int) *policy.Resident {
	if r == nil {
		return nil
	}
	out := *r
	out.AsOf = moved(r.AsOf, days)
	return &out
}

func movedWelfare(w *policy.Welfare, days int) *policy.Welfare {
	if w == nil {
		return nil
	}
	out := *w
	out.AsOf = moved(w.AsOf, days)
	return &out
}

func movedMembership(m *policy.Membership, days int) *policy.Membership {
	if m == nil {
		return nil
	}
	out := *m
	out.AsOf = moved(m.AsOf, days)
	return &out
}

func wrap(err error) error { return fmt.Errorf("try rules on people: %w", err) }
