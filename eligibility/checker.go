package eligibility

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// Rules decides by one revision of the written rules.
type Rules interface {
	Decide(ctx context.Context, in policy.Input) (policy.Decision, error)
	Hash() string
}

// RuleBook gives the rules in force and those of the past. Package main keeps it over the stored
// revisions.
type RuleBook interface {
	// Active gives the rules in force now.
	Active() Rules
	// Revision gives the rules of a hash; fault.NotFound when no such revision is stored.
	Revision(ctx context.Context, hash string) (Rules, error)
}

// Trail records a view that writes nothing else.
type Trail interface {
	Record(ctx context.Context, e audit.Entry) error
}

// Checker makes, stores, shows and repeats determinations. All fields are required except Zone.
type Checker struct {
	Registry Registry
	Store    Determinations
	Trail    Trail
	Book     RuleBook
	Home     area.Code      // regency of the installation, "35.09"
	Zone     *time.Location // civil time of the office; WIB when nil
	Clock    Clock
}

// WIB is the western Indonesian time, the zone of the first user.
var WIB = time.FixedZone("WIB", 7*60*60)

// Check gathers what is known about the subject, decides by the active rules, and stores the
// determination together with its audit entry. A NIK without a registry row is an answer, not an
// error; fault.Invalid tells what of the request cannot be accepted.
func (c *Checker) Check(ctx context.Context, req Request) (Determination, error) {
	actor, err := c.actor(ctx)
	if err != nil {
		return Determination{}, err
	}
	supposed := !req.At.IsZero()
	req, err = c.complete(req)
	if err != nil {
		return Determination{}, err
	}
	decidedAt := req.At
	if supposed { // what counts as today is in the facts; the record says when it was made
		decidedAt = c.Clock().In(c.zone()).Truncate(time.Second)
	}
	found, err := c.gather(ctx, req, actor)
	if err != nil {
		return Determination{}, err
	}
	d, err := decide(ctx, c.Book.Active(), found)
	if err != nil {
		return Determination{}, err
	}
	d.Subject, d.DecidedAt, d.DecidedBy, d.Purpose = req.Subject, decidedAt, actor.Name, req.Purpose
	entry, err := d.Entry()
	if err != nil {
		return Determination{}, err
	}
	err = c.Store.SaveDetermination(ctx, d, entry)
	if err != nil {
		return Determination{}, err
	}
	return d, nil
}

// decide makes a new determination of what was found; who made it, when and about whom is for the
// caller to say.
func decide(ctx context.Context, rules Rules, found gathered) (Determination, error) {
	decision, err := rules.Decide(ctx, found.input)
	if err != nil {
		return Determination{}, fmt.Errorf("decide by %s: %w", rules.Hash(), err)
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Determination{}, fmt.Errorf("make determination id: %w", err)
	}
	return Determination{
		ID: id.String(), NIK: found.nik, Decision: decision, Facts: found.input, Revision: rules.Hash(),
		Engine: policy.EngineVersion(), Registry: found.state, Warnings: found.warnings,
	}, nil
}

// Entry is what the trail keeps of the making of a determination. It holds the hash of everything
// in it, so it is taken when nothing changes any more.
func (d Determination) Entry() (audit.Entry, error) {
	payload, err := json.Marshal(d)
	if err != nil {
		return audit.Entry{}, fmt.Errorf("encode determination %s: %w", d.ID, err)
	}
	return audit.Entry{
		Actor: d.DecidedBy, Act: "determination.create", Object: "determination", ObjectID: d.ID,
		Person: string(d.Person()), Purpose: d.Purpose, Payload: payload,
	}, nil
}

// CheckFamily checks everybody on the card of the request's NIK in one act, that person first.
// The papers of the request count for that person alone.
func (c *Checker) CheckFamily(ctx context.Context, req Request) ([]Determination, error) {
	first, err := c.Check(ctx, req)
	if err != nil {
		return nil, err
	}
	all := []Determination{first}
	family, err := c.Family(ctx, first)
	if err != nil {
		return nil, err
	}
	for _, p := range family {
		if p.NIK == first.NIK {
			continue
		}
		other := req
		other.Subject = Subject{NIK: p.NIK}
		other.Evidence, other.AcceptsClass3, other.StillEmployed = nil, nil, nil
		d, err := c.Check(ctx, other)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}

// Family gives the people on the card of a determination's person, empty when no card is known.
func (c *Checker) Family(ctx context.Context, d Determination) ([]Person, error) {
	if d.Facts.Household == nil || d.Facts.Household.KK == "" {
		return nil, nil
	}
	return c.Registry.Household(ctx, KK(d.Facts.Household.KK))
}

// History gives earlier determinations of the same person, newest first, without d itself; empty
// for a person without a NIK. The view of d is on record already.
func (c *Checker) History(ctx context.Context, d Determination, limit int) ([]Determination, error) {
	if d.NIK == "" {
		return nil, nil
	}
	all, err := c.Store.DeterminationsOf(ctx, d.NIK, limit+1)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(o Determination) bool { return o.ID == d.ID }), nil
}

// View gives a stored determination and records who looked at it.
func (c *Checker) View(ctx context.Context, id string) (Determination, error) {
	return c.look(ctx, id, "determination.view", "")
}

// Reveal gives the whole NIK of a determination's person; it needs a reason, which is recorded.
func (c *Checker) Reveal(ctx context.Context, id, reason string) (NIK, error) {
	reason, told := purposeOf(reason)
	if !told {
		return "", fault.New(fault.Invalid, "reason_missing", "Tulis alasan singkat mengapa NIK perlu dilihat.").
			At("reason", "Tulis alasan singkat, misalnya: mendaftarkan di e-Dabu.")
	}
	d, err := c.look(ctx, id, "person.unmask", reason)
	return d.NIK, err
}

func (c *Checker) look(ctx context.Context, id, act, purpose string) (Determination, error) {
	actor, err := c.actor(ctx)
	if err != nil {
		return Determination{}, err
	}
	d, err := c.Store.Determination(ctx, id)
	if err != nil {
		return Determination{}, err
	}
	err = c.Trail.Record(ctx, audit.Entry{
		Actor: actor.Name, Act: act, Object: "determination", ObjectID: d.ID,
		Person: string(d.Person()), Purpose: purpose,
	})
	if err != nil {
		return Determination{}, err
	}
	return d, nil
}

// Replay decides a stored determination again on its stored facts by its own revision and tells
// whether the answer is the same. Nothing is stored but the view.
func (c *Checker) Replay(ctx context.Context, id string) (again Determination, same bool, err error) {
	old, err := c.look(ctx, id, "determination.replay", "")
	if err != nil {
		return Determination{}, false, err
	}
	rules, err := c.Book.Revision(ctx, old.Revision)
	if err != nil {
		return Determination{}, false, err
	}
	again = old
	again.Engine = policy.EngineVersion()
	again.Decision, err = rules.Decide(ctx, old.Facts)
	if err != nil {
		return Determination{}, false, fmt.Errorf("replay determination %s: %w", id, err)
	}
	before, err := json.Marshal(old.Decision)
	if err != nil {
		return Determination{}, false, fmt.Errorf("encode stored decision: %w", err)
	}
	after, err := json.Marshal(again.Decision)
	if err != nil {
		return Determination{}, false, fmt.Errorf("encode repeated decision: %w", err)
	}
	return again, bytes.Equal(before, after), nil
}

func (c *Checker) actor(ctx context.Context) (auth.Actor, error) {
	actor := auth.From(ctx)
	if actor.Name == "" {
		return actor, fault.New(fault.Forbidden, "not_signed_in", "Masuk dulu untuk melihat data ini.")
	}
	return actor, nil
}

func (c *Checker) zone() *time.Location {
	if c.Zone != nil {
		return c.Zone
	}
	return WIB
}
