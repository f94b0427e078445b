package impact

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"time"

	"layak/internal/fault"
	"layak/policy"
)

// StartRouting begins to put the open complaints before other rules, in the background; DoRouting does it
// while the caller waits.
func (s *Service) StartRouting(ctx context.Context, req Request) (Run, error) {
	j, err := s.rerouting(req)
	if err != nil {
		return Run{}, err
	}
	return s.start(ctx, j)
}

// DoRouting puts the open complaints before other rules while the caller waits.
func (s *Service) DoRouting(ctx context.Context, req Request, progress func(Progress)) (Run, error) {
	j, err := s.rerouting(req)
	if err != nil {
		return Run{}, err
	}
	return s.do(ctx, j, progress)
}

func (s *Service) rerouting(req Request) (job, error) {
	frame, err := s.Preview.frameOn(s.Preview.Checker.Frame(s.Preview.Clock()), req.ServiceOn, req.Base, req.Draft)
	if err != nil {
		return job{}, err
	}
	j := job{Run: Run{Kind: OfComplaints, Base: req.Base.Hash(), Draft: req.Draft.Hash(), ServiceOn: frame.ServiceOn}}
	j.do = func(ctx context.Context, r *Run, progress func(Progress)) error {
		out, err := s.reroute(ctx, req, frame, progress)
		if err != nil {
			return err
		}
		r.Routing, r.State = out, Done
		if out.Void() {
			r.State = Void
			r.Message = fmt.Sprintf("%d dari %d aduan yang diperiksa satu per satu hasilnya berbeda. Hitungan ini batal; laporkan kepada pengelola program.",
				out.Check.Differences, out.Check.Compared)
		}
		return nil
	}
	return j, nil
}

// routedCase is what is kept of each complaint: facts that are the same are kept once, by class.
type routedCase struct {
	Case
	class int
}

// rerouter is one look at the open complaints.
type rerouter struct {
	router  Router
	rules   [2]policy.Bundle
	cases   []routedCase
	inputs  []policy.RoutingInput // by class
	answers [2][]*policy.Routing  // by class; nil where the rules fail
	tell    func(Progress)
	random  *rand.Rand
	picked  map[int]policy.RoutingInput // complaints that are asked about again, singly
}

func (s *Service) reroute(ctx context.Context, req Request, frame policy.Frame, progress func(Progress)) (*Rerouted, error) {
	if req.Seed == 0 {
		req.Seed = rand.Uint64() //nolint:gosec // which complaints are compared is no secret
	}
	began := time.Now()
	r := &rerouter{router: s.Router, rules: [2]policy.Bundle{routing(req.Base), routing(req.Draft)}, tell: progress,
		random: rand.New(rand.NewPCG(req.Seed, 2)), picked: map[int]policy.RoutingInput{}} //nolint:gosec // as above
	all, err := s.Cases.CountOpen(ctx)
	if err != nil {
		return nil, fmt.Errorf("count open complaints: %w", err)
	}
	err = r.read(ctx, s.Cases, frame.At, all)
	if err != nil {
		return nil, fmt.Errorf("read open complaints: %w", err)
	}
	for i := range r.rules {
		r.answers[i], err = r.ask(ctx, i, r.inputs)
		if err != nil {
			return nil, err
		}
	}
	out := &Rerouted{Base: req.Base.Hash(), Draft: req.Draft.Hash(), At: s.Preview.Clock(), ServiceOn: frame.ServiceOn,
		Apart: policy.DaysApart(req.Base, req.Draft), Begins: policy.BeginsAtOnce(req.Base, req.Draft), Cases: len(r.cases), Classes: len(r.inputs), Groups: []RoutingGroup{}}
	r.report(out)
	out.Check, err = r.check(ctx)
	out.Check.Seed = req.Seed
	out.Took = time.Since(began).Milliseconds()
	return out, err
}

// routing gives the rules that route under a bundle: those of before there was routing leave it to the
// shipped ones.
func routing(b policy.Bundle) policy.Bundle {
	if policy.Routes(b) {
		return b
	}
	return policy.Shipped()
}

// read sorts the complaints into classes of equal facts, and picks those that are asked about singly: a
// thousand, and of more one in a hundred.
func (r *rerouter) read(ctx context.Context, from Cases, at time.Time, all int) error {
	classes := map[string]int{}
	most := max(selfCheck, (all+fullCheck-1)/fullCheck)
	return from.EachOpen(ctx, at, func(part []Case) error {
		for _, c := range part {
			key, err := json.Marshal(c.Input)
			if err != nil {
				return fmt.Errorf("encode facts of %s: %w", c.Ticket, err)
			}
			class, known := classes[string(key)]
			if !known {
				class = len(r.inputs)
				classes[string(key)] = class
				r.inputs = append(r.inputs, c.Input)
			}
			r.pick(len(r.cases), most, c.Input)
			c.Input = policy.RoutingInput{} // that of the class is the same
			r.cases = append(r.cases, routedCase{c, class})
		}
		r.tell(Progress{Stage: "complaints", Done: len(r.cases), Total: all})
		return nil
	})
}

// pick keeps a fair choice of those seen so far.
func (r *rerouter) pick(i, most int, in policy.RoutingInput) {
	if len(r.picked) < most {
		r.picked[i] = in
		return
	}
	if r.random.IntN(i+1) >= most {
		return
	}
	for out := range r.picked { // any of them
		delete(r.picked, out)
		break
	}
	r.picked[i] = in
}

// casesAtOnce is how many complaints one request asks about: all of them share its time.
const casesAtOnce = 100

// mostRefused is how many kinds of complaints rules may fail on before there is nothing to count.
const mostRefused = 500

// ask gives what rule set i says about each input, nil where it fails.
func (r *rerouter) ask(ctx context.Context, i int, in []policy.RoutingInput) ([]*policy.Routing, error) {
	out := make([]*policy.Routing, 0, len(in))
	failed := 0
	for part := range slices.Chunk(in, casesAtOnce) {
		said, err := r.some(ctx, i, part, &failed)
		if err != nil {
			return nil, err
		}
		out = append(out, said...)
		r.tell(Progress{Stage: "decide", Done: i*len(in) + len(out), Total: 2 * len(in)})
	}
	return out, nil
}

// some asks about a few inputs at once, and about halves of them where that fails.
func (r *rerouter) some(ctx context.Context, i int, in []policy.RoutingInput, failed *int) ([]*policy.Routing, error) {
	said, err := r.router.Route(ctx, r.rules[i], in)
	for again := 1; again < maxTries && cutOff(err) && len(in) == 1 && ctx.Err() == nil; again++ {
		said, err = r.router.Route(ctx, r.rules[i], in)
	}
	switch {
	case err == nil && len(said) != len(in):
		return nil, fmt.Errorf("route %d complaints: %d answers", len(in), len(said))
	case err == nil:
		out := make([]*policy.Routing, len(said))
		for k := range said {
			out[k] = &said[k]
		}
		return out, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case len(in) == 1 && cutOff(err):
		return nil, err
	case len(in) == 1:
		*failed++
		if *failed > mostRefused {
			return nil, fault.New(fault.Invalid, "routing_fails", "Aturan penanganan aduan ini gagal pada terlalu banyak aduan. Jalankan ujinya dan benahi dulu.").Because(err)
		}
		return []*policy.Routing{nil}, nil
	}
	first, err := r.some(ctx, i, in[:len(in)/2], failed)
	if err != nil {
		return nil, err
	}
	second, err := r.some(ctx, i, in[len(in)/2:], failed)
	return append(first, second...), err
}

// report counts the complaints by what becomes of them.
func (r *rerouter) report(out *Rerouted) {
	groups := map[string]*RoutingGroup{}
	moves := map[string]map[RoutingMove]int{}
	seen := map[string]int{}
	for _, c := range r.cases {
		c.Input = r.inputs[c.class]
		changes := apart(c.Case, r.answers[base][c.class], r.answers[draft][c.class])
		if len(changes) > 0 {
			out.Changed++
		}
		for key, list := range changes {
			g := groups[key]
			if g == nil {
				g = &RoutingGroup{Key: key, Samples: []RoutingSample{}}
				groups[key], moves[key] = g, map[RoutingMove]int{}
			}
			g.Cases++
			for _, m := range list {
				moves[key][m]++
			}
			if r.guarded(c) {
				continue
			}
			seen[key]++
			sample := RoutingSample{c.Ticket, list}
			if len(g.Samples) < maxSamples {
				g.Samples = append(g.Samples, sample)
			} else if k := r.random.IntN(seen[key]); k < maxSamples {
				g.Samples[k] = sample
			}
		}
	}
	for _, key := range RoutingGroups {
		g := groups[key]
		if g == nil {
			continue
		}
		for m, n := range moves[key] {
			m.Cases = n
			g.Moves = append(g.Moves, m)
		}
		slices.SortFunc(g.Moves, func(a, b RoutingMove) int {
			return cmp.Or(b.Cases-a.Cases, cmp.Compare(a.What, b.What), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), btoi(b.Now)-btoi(a.Now))
		})
		out.Groups = append(out.Groups, *g)
	}
}

// guarded tells that a complaint accuses somebody: who writes rules learns that there are such, not which.
func (r *rerouter) guarded(c routedCase) bool {
	if r.inputs[c.class].Accused != nil {
		return true
	}
	for i := range r.answers {
		if a := r.answers[i][c.class]; a != nil && a.Class == oversight {
			return true
		}
	}
	return false
}

// oversight is the class of complaints about the conduct of officials.
const oversight = "oversight"

// check asks about the picked complaints by their own facts and holds the answers of their classes against
// that.
func (r *rerouter) check(ctx context.Context) (Check, error) {
	out := Check{Full: true, Compared: len(r.picked)}
	began := time.Now()
	who := slices.Sorted(maps.Keys(r.picked))
	in := make([]policy.RoutingInput, len(who))
	for k, n := range who {
		in[k] = r.picked[n]
	}
	differs := make([]bool, len(who))
	for i := range r.rules {
		said, err := r.ask(ctx, i, in)
		if err != nil {
			return out, fmt.Errorf("hold the look at complaints against single answers: %w", err)
		}
		for k, n := range who {
			differs[k] = differs[k] || !reflect.DeepEqual(said[k], r.answers[i][r.cases[n].class])
		}
	}
	for _, d := range differs {
		out.Differences += btoi(d)
	}
	out.Took = time.Since(began).Milliseconds()
	return out, nil
}
