package eligibility

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"layak/internal/area"
	"layak/policy"
)

// Crowd is a Registry that reads many people in few queries. Storage keeps it; without it people
// are read one by one.
type Crowd interface {
	Registry
	// People gives each of the NIKs as Registry.Person does, also those without a row.
	People(ctx context.Context, niks []NIK) (map[NIK]Person, error)
	// Households gives the cards as Registry.Household does; a card without anybody is absent.
	Households(ctx context.Context, kks []KK) (map[KK][]Person, error)
}

// Repeat is one determination that was made again.
type Repeat struct {
	Old, New Determination
	Name     string // of the person, as far as registry or request give one
	Err      error  // this one could not be repeated; the others of a batch are not touched by it
}

// Again makes a determination again as if the person came back today with the same papers: today's
// registry and the rules in force, but papers and statements as they were, of the day on which they
// were seen. Nothing is stored; whoever keeps the new one stores it with its Entry.
func (c *Checker) Again(ctx context.Context, d Determination, purpose string) (Determination, error) {
	all, err := c.AgainAll(ctx, []Determination{d}, purpose)
	if err != nil {
		return Determination{}, err
	}
	return all[0].New, all[0].Err
}

// AgainAll is Again for many, in their order: the people are read together, at one revision of the
// registry, and decided on all cores. Of a determination it reads ID, NIK, Subject, Outcome, and of
// the facts what Asked holds. An error is that of the whole batch.
func (c *Checker) AgainAll(ctx context.Context, ds []Determination, purpose string) ([]Repeat, error) {
	return c.Repeater().All(ctx, ds, purpose)
}

// Asked is what of the facts of a determination it takes to make it again: what was asked and shown
// then. What the registry said is asked anew, and is most of the text of the facts.
type Asked struct {
	At         time.Time          `json:"at"`
	ServiceOn  string             `json:"service_on"`
	Need       string             `json:"need"`
	Statements *policy.Statements `json:"statements"`
	Evidence   []policy.Evidence  `json:"evidence"`
	Resident   *policy.Origin     `json:"resident"` // where identity and address were from
}

// Facts gives them as far as Asked knows them.
func (a Asked) Facts() policy.Input {
	in := policy.Input{At: a.At, ServiceOn: a.ServiceOn, Need: a.Need, Statements: a.Statements, Evidence: a.Evidence}
	if a.Resident != nil {
		in.Resident = &policy.Resident{Origin: *a.Resident}
	}
	return in
}

// Repeater makes batches of determinations again, one after the other. It remembers between them
// what the registry covers, as long as the same imports are published, and what the rules say of
// people who are alike.
type Repeater struct {
	checker *Checker
	mu      sync.Mutex // guards state and covers: one batch is read while another is decided
	state   State
	covers  *covers
	alike   *policy.Alike // nil: each is decided by himself
	rules   Rules         // that alike is of
	each    bool
}

// Repeater makes one for a run.
func (c *Checker) Repeater() *Repeater { return &Repeater{checker: c, covers: newCovers()} }

// RepeaterAt makes one that asks everything as of one moment, which is what makes people alike. The
// moment of a check has no parts of a second; that of a run is the next full one, so that the checks
// which it makes are none of before it began.
func (c *Checker) RepeaterAt(moment time.Time) *Repeater {
	moment = moment.Add(time.Second - time.Nanosecond).Truncate(time.Second)
	still := *c
	still.Clock = func() time.Time { return moment }
	return still.Repeater()
}

// Each makes the repeater decide everybody by himself from here on.
func (r *Repeater) Each() { r.each, r.alike = true, nil }

// All is Checker.AgainAll.
func (r *Repeater) All(ctx context.Context, ds []Determination, purpose string) ([]Repeat, error) {
	c := r.checker
	actor, err := c.actor(ctx)
	if err != nil {
		return nil, err
	}
	still, err := r.heldFor(ctx, ds)
	if err != nil {
		return nil, err
	}
	rules := c.Book.Active()
	out := make([]Repeat, len(ds))
	var next atomic.Int64
	var work sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(ds)) {
		work.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(ds) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				out[i].Old = ds[i]
				out[i].New, out[i].Err = still.again(ctx, rules, ds[i])
				out[i].New.DecidedBy, out[i].New.Purpose = actor.Name, purpose
				out[i].Name = still.nameOf(ctx, ds[i])
			}
		})
	}
	work.Wait()
	return out, ctx.Err()
}

// nameOf is the name of whom the determination is about; "" when nobody knows. A newborn goes by the
// name of the mother.
func (c *Checker) nameOf(ctx context.Context, d Determination) string {
	if d.Subject.Name != "" {
		return d.Subject.Name
	}
	nik := d.Person()
	if nik == "" {
		return ""
	}
	p, err := c.Registry.Person(ctx, nik)
	if err != nil || p.Resident == nil {
		return "" // a list without a name is still a list
	}
	return p.Resident.Name
}

func (c *Checker) again(ctx context.Context, rules Rules, d Determination) (Determination, error) {
	found, req, err := c.gatherAgain(ctx, d)
	if err != nil {
		return Determination{}, err
	}
	made, err := decide(ctx, rules, found)
	if err != nil {
		return Determination{}, fmt.Errorf("repeat determination %s: %w", d.ID, err)
	}
	made.Subject, made.DecidedAt = req.Subject, req.At
	return made, nil
}

// gatherAgain reads what today's registry says for a determination, beside its papers.
func (c *Checker) gatherAgain(ctx context.Context, d Determination) (gathered, Request, error) {
	req, err := c.complete(d.request(c.Clock().In(c.zone())))
	if err != nil {
		return gathered{}, req, fmt.Errorf("repeat determination %s: %w", d.ID, err)
	}
	actor, err := c.actor(ctx)
	if err != nil {
		return gathered{}, req, err
	}
	found, err := c.gather(ctx, req, actor)
	if err != nil {
		return gathered{}, req, fmt.Errorf("repeat determination %s: %w", d.ID, err)
	}
	found.input.Evidence = d.Facts.Evidence // with who saw each paper, and when
	return found, req, nil
}

// Inputs gives what determinations would be decided by if the people came back today with the same
// papers, in their order; nil for one that cannot be repeated. Nothing is decided or stored.
func (r *Repeater) Inputs(ctx context.Context, ds []Determination) ([]*policy.Input, error) {
	still, err := r.heldFor(ctx, ds)
	if err != nil {
		return nil, err
	}
	out := make([]*policy.Input, len(ds))
	for i, d := range ds {
		found, _, err := still.gatherAgain(ctx, d)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err == nil { // what cannot be asked any more is counted by the caller
			out[i] = &found.input
		}
	}
	return out, nil
}

// request is what was asked then, asked at the moment. A service of the day of the check is one of
// today; any other day was meant as it is.
func (d Determination) request(at time.Time) Request {
	old := d.Facts
	req := Request{Subject: d.Subject, Need: old.Need, At: at, told: d.told()}
	if old.ServiceOn != string(DateOf(old.At)) {
		req.ServiceOn = Date(old.ServiceOn)
	}
	if s := old.Statements; s != nil {
		req.AcceptsClass3, req.StillEmployed = s.AcceptsClass3, s.StillEmployed
	}
	for _, e := range old.Evidence {
		req.Evidence = append(req.Evidence, paperOf(e))
	}
	return req
}

// told is when the papers were seen. A repeated check has the day of the first one on its papers.
func (d Determination) told() time.Time {
	for _, e := range d.Facts.Evidence {
		if t, err := time.Parse(time.RFC3339, e.SeenAt); err == nil {
			return t.In(d.Facts.At.Location())
		}
	}
	if r := d.Facts.Resident; r != nil && r.Source == fromDocument {
		if t, err := time.ParseInLocation(time.DateOnly, r.AsOf, d.Facts.At.Location()); err == nil {
			return t
		}
	}
	return d.Facts.At
}

// paperOf turns a paper of the facts back into what the officer entered.
func paperOf(e policy.Evidence) Evidence {
	out := Evidence{Kind: e.Kind, Issuer: e.Issuer, Number: e.Number, IssuedOn: Date(e.IssuedOn)}
	for name, value := range e.Facts {
		f, known := FieldNamed(name)
		if !known {
			continue
		}
		if out.Facts == nil {
			out.Facts = map[Field]string{}
		}
		switch v := value.(type) {
		case string:
			out.Facts[f] = v
		case int:
			out.Facts[f] = strconv.Itoa(v)
		}
	}
	return out
}

// heldFor is the checker with its registry pinned and the people of the determinations read.
func (r *Repeater) heldFor(ctx context.Context, ds []Determination) (*Checker, error) {
	still, held, err := r.peopleFor(ctx, ds, Crowd.People)
	if err != nil {
		return nil, err
	}
	crowd, ok := held.Registry.(Crowd)
	if !ok {
		return still, nil
	}
	cards := map[KK]bool{}
	for _, p := range held.people {
		if p.Resident != nil && p.Resident.KK != "" {
			cards[p.Resident.KK] = true
		}
	}
	held.asked = cards
	held.cards, err = crowd.Households(ctx, slices.Collect(maps.Keys(cards)))
	if err != nil {
		return nil, fmt.Errorf("read households again: %w", err)
	}
	return still, nil
}

// readPeople is Crowd.People or bare.
type readPeople func(Crowd, context.Context, []NIK) (map[NIK]Person, error)

// bare reads people without what no decision reads, such as name and address, where the registry can:
// in half of the time.
func bare(crowd Crowd, ctx context.Context, niks []NIK) (map[NIK]Person, error) { //nolint:revive // as the method expression Crowd.People
	if b, ok := crowd.(interface {
		Bare(ctx context.Context, niks []NIK) (map[NIK]Person, error)
	}); ok {
		return b.Bare(ctx, niks)
	}
	return crowd.People(ctx, niks)
}

// peopleFor reads the people of the determinations at once, at one moment of the registry.
func (r *Repeater) peopleFor(ctx context.Context, ds []Determination, read readPeople) (*Checker, *heldRegistry, error) {
	pinned, state, err := r.checker.pinned(ctx)
	if err != nil {
		return nil, nil, err
	}
	held := &heldRegistry{Registry: pinned.Registry, state: state, covers: r.coversOf(state)}
	still := *pinned
	still.Registry = held
	crowd, ok := pinned.Registry.(Crowd)
	if !ok {
		return &still, held, nil
	}
	wanted := map[NIK]bool{}
	for _, d := range ds {
		if nik := d.Person(); nik != "" {
			wanted[nik] = true
		}
	}
	held.people, err = read(crowd, ctx, slices.Collect(maps.Keys(wanted)))
	if err != nil {
		return nil, nil, fmt.Errorf("read people again: %w", err)
	}
	return &still, held, nil
}

// coversOf is what is known of areas while the same imports are published.
func (r *Repeater) coversOf(state State) *covers {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !maps.Equal(state, r.state) {
		r.state, r.covers = state, newCovers()
	}
	return r.covers
}

// heldRegistry answers from what was read for a batch; whatever else is asked goes to the registry.
type heldRegistry struct {
	Registry
	state  State
	people map[NIK]Person
	asked  map[KK]bool
	cards  map[KK][]Person
	alone  bool // nobody will look at the other members of a card
	covers *covers
}

// covers remembers what the registry answered about areas.
type covers struct {
	mu    sync.Mutex
	known map[coverKey]cover
}

func newCovers() *covers { return &covers{known: map[coverKey]cover{}} }

type coverKey struct {
	kind Kind
	area area.Code
}

type cover struct {
	Coverage
	found bool
}

// State implements Registry.
func (h *heldRegistry) State(context.Context) (State, error) { return maps.Clone(h.state), nil }

// Person implements Registry.
func (h *heldRegistry) Person(ctx context.Context, nik NIK) (Person, error) {
	if p, ok := h.people[nik]; ok {
		return p, nil
	}
	return h.Registry.Person(ctx, nik)
}

// Household implements Registry.
func (h *heldRegistry) Household(ctx context.Context, kk KK) ([]Person, error) {
	if h.alone || h.asked[kk] {
		return h.cards[kk], nil
	}
	return h.Registry.Household(ctx, kk)
}

// Covers implements Registry. A village of refusals asks the same again and again.
func (h *heldRegistry) Covers(ctx context.Context, kind Kind, a area.Code) (Coverage, bool, error) {
	key := coverKey{kind, a}
	h.covers.mu.Lock()
	c, ok := h.covers.known[key]
	h.covers.mu.Unlock()
	if ok {
		return c.Coverage, c.found, nil
	}
	found, ok, err := h.Registry.Covers(ctx, kind, a)
	if err != nil {
		return found, ok, err
	}
	h.covers.mu.Lock()
	h.covers.known[key] = cover{found, ok}
	h.covers.mu.Unlock()
	return found, ok, nil
}
