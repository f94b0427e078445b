package trial

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// Comparison is one person under the rules in force and under those that are tried.
type Comparison struct {
	Person Person
	Facts  policy.Input // as they were decided on
	Before policy.Decision
	After  policy.Decision
	Kind   Kind
	Gone   []policy.Finding // findings under the rules in force that the others do not give
	New    []policy.Finding // and the other way round
}

// Kind tells how far two answers lie apart.
type Kind int

// The kinds, the weightiest first.
const (
	OtherOutcome Kind = iota // another answer
	OtherReason              // the same answer for other reasons
	OtherWords               // the same answer for the same reasons, in other words
	Same
)

// Run tries the people of the installation and the samples on a day; "" is today. Those whose answers
// differ come first.
func (d *Desk) Run(ctx context.Context, tried, active policy.Bundle, day eligibility.Date) ([]Comparison, error) {
	people, err := d.People(ctx)
	if err != nil {
		return nil, err
	}
	if day == "" {
		day = d.today()
	}
	list := make([]Comparison, len(people))
	for i, p := range people {
		list[i] = Comparison{Person: p, Facts: p.On(day)}
	}
	err = d.decide(ctx, tried, active, list)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list, func(a, b Comparison) int { return int(a.Kind) - int(b.Kind) })
	return list, nil
}

func (d *Desk) today() eligibility.Date { return eligibility.DateOf(d.Clock().In(d.Zone)) }

// Tried names what a real resident is tried on.
type Tried struct {
	Draft         string // its id
	Rules, Active policy.Bundle
	Day           eligibility.Date // of service; "" is today
}

// Real tries one real resident by what the registry says today, for the day of service that is asked. The purpose is
// recorded with the person, the draft, and the hashes of both sets of rules; nothing else is stored. The facts that
// come back hold no NIK, so that no page can show one.
func (d *Desk) Real(ctx context.Context, on Tried, nik eligibility.NIK, purpose string) (Comparison, error) {
	actor, err := may(ctx, auth.PolicyEdit)
	if err != nil {
		return Comparison{}, err
	}
	purpose = strings.TrimSpace(purpose)
	if n := utf8.RuneCountInString(purpose); n < 4 || n > 200 {
		const message = "Tulis alasan singkat, misalnya: mencoba batas desil pada keluhan 3509-7KQ2-M4TX-C."
		return Comparison{}, fault.New(fault.Invalid, "purpose_missing", message).At("purpose", message)
	}
	if on.Day == "" {
		on.Day = d.today()
	}
	facts, err := d.Registry.Known(ctx, eligibility.Request{Subject: eligibility.Subject{NIK: nik}, At: d.Clock().In(d.Zone), ServiceOn: on.Day})
	if err != nil {
		return Comparison{}, err
	}
	tried, active := on.Rules.Hash(), on.Active.Hash()
	err = d.Trail.Record(ctx, audit.Entry{Actor: actor.Name, Act: "person.trial", Object: "draft", ObjectID: on.Draft, Person: string(nik),
		Purpose: purpose + " (" + short(tried) + " terhadap " + short(active) + ", " + string(on.Day) + ")",
		Payload: []byte(tried + "\n" + active + "\n" + string(on.Day))})
	if err != nil {
		return Comparison{}, err
	}
	list := []Comparison{{Person: Person{Name: nik.Masked()}, Facts: facts}}
	err = d.decide(ctx, on.Rules, on.Active, list)
	return list[0].withoutNumbers(), err
}

// short is the part of a hash that pages show.
func short(hash string) string {
	hash = strings.TrimPrefix(hash, "sha256:")
	return hash[:min(len(hash), 12)]
}

// withoutNumbers leaves out whatever names a person.
func (c Comparison) withoutNumbers() Comparison {
	if r := c.Facts.Resident; r != nil {
		out := *r
		out.NIK = ""
		c.Facts.Resident = &out
	}
	if m := c.Facts.Mother; m != nil {
		out := *m
		out.NIK = ""
		c.Facts.Mother = &out
	}
	if h := c.Facts.Household; h != nil {
		out := *h
		out.KK, out.Members = "", slices.Clone(h.Members)
		for i := range out.Members {
			out.Members[i].NIK = ""
		}
		c.Facts.Household = &out
	}
	return c
}

// decide fills in both answers of every person.
func (d *Desk) decide(ctx context.Context, tried, active policy.Bundle, list []Comparison) error {
	inputs := make([]policy.Input, len(list))
	for i := range list {
		inputs[i] = list[i].Facts
	}
	before, err := d.Sandbox.Decide(ctx, active, inputs)
	if err != nil {
		return wrap(err)
	}
	after, err := d.Sandbox.Decide(ctx, tried, inputs)
	if err != nil {
		return wrap(err)
	}
	if len(before) != len(list) || len(after) != len(list) {
		return wrap(errors.New("an answer is missing"))
	}
	for i := range list {
		list[i].Before, list[i].After = before[i], after[i]
		list[i].compare()
	}
	return nil
}

func (c *Comparison) compare() {
	c.Gone, c.New = missing(c.Before.Findings, c.After.Findings), missing(c.After.Findings, c.Before.Findings)
	switch {
	case c.Before.Outcome != c.After.Outcome || c.Before.Advice != c.After.Advice:
		c.Kind = OtherOutcome
	case len(c.Gone)+len(c.New) > 0:
		c.Kind = OtherReason
	case !sameWords(c.Before, c.After):
		c.Kind = OtherWords
	default:
		c.Kind = Same
	}
}

// missing are the findings of a that b does not give, by code and verdict.
func missing(a, b []policy.Finding) []policy.Finding {
	var out []policy.Finding
	for _, f := range a {
		if !slices.ContainsFunc(b, func(g policy.Finding) bool { return f.Code == g.Code && f.Verdict == g.Verdict }) {
			out = append(out, f)
		}
	}
	return out
}

func sameWords(a, b policy.Decision) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// Explain tells how the rules come to their answer about one of the people on a day; "" is today.
func (d *Desk) Explain(ctx context.Context, rules policy.Bundle, id string, day eligibility.Date) (Person, policy.Explanation, error) {
	p, err := d.Person(ctx, id)
	if err != nil {
		return p, policy.Explanation{}, err
	}
	if day == "" {
		day = d.today()
	}
	told, err := d.Explainer.Explain(ctx, rules, p.On(day))
	if err != nil {
		return p, told, wrap(err)
	}
	return p, told, nil
}

func (p Person) payload() []byte {
	raw, err := json.Marshal(struct {
		Name, Note string
		Facts      policy.Input
	}{p.Name, p.Note, p.Facts})
	if err != nil {
		return []byte(p.Name)
	}
	return raw
}
