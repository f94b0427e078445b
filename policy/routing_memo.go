package policy

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// maxRoutings bounds how many answers of routing are remembered: those of the villages, matters and
// desks of a busy day.
const maxRoutings = 2_000

// routingMemo remembers what the rules said about complaints that look alike to them: a case asks at
// every act, and most acts change nothing that routing reads. The moment counts by its day, so it
// only remembers when the rules read no more of it.
type routingMemo struct {
	on    bool
	mu    sync.RWMutex
	known map[string]Routing
}

func (m *routingMemo) get(key string) (Routing, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	r, ok := m.known[key]
	return r.clone(), ok
}

func (m *routingMemo) put(key string, r Routing) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil || len(m.known) >= maxRoutings {
		m.known = make(map[string]Routing, maxRoutings/8)
	}
	m.known[key] = r.clone()
}

// clone shares nothing that its owner could change.
func (r Routing) clone() Routing {
	if r.Desk != nil {
		d := *r.Desk
		d.Kinds = slices.Clone(d.Kinds)
		r.Desk = &d
	}
	if r.Outside != nil {
		o := *r.Outside
		r.Outside = &o
	}
	r.Clocks, r.Ladder = slices.Clone(r.Clocks), slices.Clone(r.Ladder)
	r.Missing, r.Reasons = slices.Clone(r.Missing), slices.Clone(r.Reasons)
	r.Tasks = slices.Clone(r.Tasks)
	for i := range r.Tasks {
		r.Tasks[i].Desk.Kinds = slices.Clone(r.Tasks[i].Desk.Kinds)
	}
	return r
}

// memoKey spells out everything of the input that the rules can read, the moment as its day. Each
// text carries its length, so that no two inputs share a key.
func (in *RoutingInput) memoKey() string {
	var b strings.Builder
	b.Grow(256)
	add := func(texts ...string) {
		for _, s := range texts {
			b.WriteString(strconv.Itoa(len(s)))
			b.WriteByte(':')
			b.WriteString(s)
		}
	}
	count := func(n int) {
		b.WriteString(strconv.Itoa(n))
		b.WriteByte(';')
	}
	add(in.At.Format("2006-01-02Z07:00"), in.At.Location().String(), in.Office.Regency, in.Channel, in.Matter, in.Need, in.Relation,
		in.Village, in.District, in.Class)
	for _, u := range [...]*RoutingUnit{in.Filed, in.Unit, in.Accused} {
		if u == nil {
			b.WriteByte('-')
			continue
		}
		add(u.Code, u.Kind)
	}
	count(len(in.Checks))
	for _, k := range in.Checks {
		add(k.Outcome, k.Advice)
		count(len(k.Codes))
		add(k.Codes...)
	}
	if in.Deceased {
		b.WriteByte('d')
	}
	count(in.Reopened)
	count(len(in.Given))
	add(in.Given...)
	return b.String()
}

// readsDayAlone tells whether the rules take of the moment no more than the day: nothing but the
// rule of the day reads it, and nothing reads the input as a whole.
func (s *ruleSet) readsDayAlone() bool {
	alone := true
	look := func(ref ast.Ref) bool {
		if ref[0].Equal(ast.InputRootDocument) {
			named := false
			if len(ref) > 1 {
				_, named = ref[1].Value.(ast.String)
			}
			alone = alone && named && !ref[1].Equal(fieldTerms["at"])
		}
		return !alone
	}
	for _, mod := range s.compiler.Modules {
		for _, r := range mod.Rules {
			if !s.tellsDay(r) {
				ast.WalkRefs(r, look)
			}
		}
	}
	return alone
}
