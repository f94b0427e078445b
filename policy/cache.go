package policy

import (
	"maps"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// ruleName names a rule of the package: current, or step.enrol with its second part.
type ruleName struct{ name, part string }

// value is what a rule came to; nil is undefined.
type value = *ast.Term

// ruleCache holds what the rules came to during one evaluation, so that each is evaluated once. It
// takes the place of OPA's own cache, which allocates for every rule; what it cannot name, such as
// the elements of a set, it leaves to that one. What rules of the day came to in an earlier
// evaluation it has from the start.
type ruleCache struct {
	path  ast.Ref            // package of the rules
	ofDay map[ruleName]value // shared and never changed
	own   map[ruleName]value
	rest  topdown.VirtualCache
	depth int // frames pushed by `with`, within which everything is in rest
}

var ruleCaches = sync.Pool{New: func() any { return &ruleCache{own: make(map[ruleName]value, 64)} }}

func newRuleCache(path ast.Ref, ofDay map[ruleName]value) *ruleCache {
	c, _ := ruleCaches.Get().(*ruleCache)
	c.path, c.ofDay = path, ofDay
	return c
}

// release gives the cache to a later evaluation; it may not be used any more.
func (c *ruleCache) release() {
	clear(c.own)
	c.path, c.ofDay, c.rest, c.depth = nil, nil, nil, 0
	ruleCaches.Put(c)
}

// nameOf gives the name that a reference into the package of the rules, data.layak.X, spells out.
func nameOf(path, ref ast.Ref) (n ruleName, ok bool) {
	if len(ref) != 4 && len(ref) != 5 || ref[1].Value != path[1].Value || ref[2].Value != path[2].Value {
		return n, false
	}
	name, ok := ref[3].Value.(ast.String)
	if !ok {
		return n, false
	}
	n.name = string(name)
	if len(ref) == 5 {
		part, ok := ref[4].Value.(ast.String)
		if !ok || part == "" {
			return n, false
		}
		n.part = string(part)
	}
	return n, true
}

// The packages of the two kinds of rules.
var (
	packagePath = ast.MustParseRef(rulePackage)
	routingPath = ast.MustParseRef(routingPackage)
)

func (c *ruleCache) others() topdown.VirtualCache {
	if c.rest == nil {
		c.rest = topdown.NewVirtualCache()
	}
	return c.rest
}

// Get gives what a rule came to; undefined tells that it came to nothing.
func (c *ruleCache) Get(ref ast.Ref) (v *ast.Term, undefined bool) {
	n, ok := nameOf(c.path, ref)
	if !ok || c.depth > 0 {
		if c.rest == nil {
			return nil, false
		}
		return c.rest.Get(ref)
	}
	v, known := c.ofDay[n]
	if !known {
		v, known = c.own[n]
	}
	return v, known && v == nil
}

// Put keeps what a rule came to.
func (c *ruleCache) Put(ref ast.Ref, v *ast.Term) {
	n, ok := nameOf(c.path, ref)
	if !ok || c.depth > 0 {
		c.others().Put(ref, v)
		return
	}
	c.own[n] = v
}

// Push opens a frame in which nothing is known yet.
func (c *ruleCache) Push() {
	c.depth++
	c.others().Push()
}

// Pop closes the frame that Push opened.
func (c *ruleCache) Pop() {
	c.depth--
	c.others().Pop()
}

// Keys lists what the frame holds.
func (c *ruleCache) Keys() []ast.Ref {
	var keys []ast.Ref
	if c.rest != nil {
		keys = c.rest.Keys()
	}
	if c.depth > 0 {
		return keys
	}
	for n, v := range c.own {
		if v == nil {
			continue
		}
		ref := c.path.Append(ast.StringTerm(n.name))
		if n.part != "" {
			ref = ref.Append(ast.StringTerm(n.part))
		}
		keys = append(keys, ref)
	}
	return keys
}

// dayRules finds the rules that read nothing of the person or the complaint: of the input only the
// day and the office. They come to the same for everybody on that day.
func (s *ruleSet) dayRules(path ast.Ref) map[ruleName]bool {
	names := map[ruleName]bool{}
	for _, mod := range s.compiler.Modules {
		for _, r := range mod.Rules {
			n, ok := nameOf(path, r.Ref())
			if !ok || len(r.Head.Args) > 0 || r.Head.RuleKind() != ast.SingleValue {
				continue
			}
			same, seen := names[n]
			names[n] = (same || !seen) && s.ofDay(r, map[*ast.Rule]bool{})
		}
	}
	maps.DeleteFunc(names, func(_ ruleName, of bool) bool { return !of })
	return names
}

// ofDay follows the rule through all rules that it rests on.
func (s *ruleSet) ofDay(r *ast.Rule, visited map[*ast.Rule]bool) bool {
	if visited[r] || s.tellsDay(r) {
		return true
	}
	visited[r] = true
	fits := true
	ast.WalkRefs(r, func(ref ast.Ref) bool {
		if ref[0].Equal(ast.InputRootDocument) {
			fits = fits && len(ref) > 1 && (ref[1].Equal(fieldTerms["service_on"]) || ref[1].Equal(fieldTerms["office"]))
		}
		return !fits
	})
	for branch := r; branch != nil && fits; branch = branch.Else {
		for d := range s.compiler.Graph.Dependencies(branch) {
			if rule, ok := d.(*ast.Rule); ok && !s.ofDay(rule, visited) {
				return false
			}
		}
	}
	return fits
}

// tellsDay tells whether the rule of routing takes the day, and no more, out of the moment that is its
// clock. Written in another way it may read the hour, and nothing that rests on it is remembered.
func (s *ruleSet) tellsDay(r *ast.Rule) bool {
	if r.Head.Name != dayRule.Head.Name || !r.Ref().Equal(routingPath.Append(ast.StringTerm("day"))) {
		return false
	}
	written := 0
	for _, mod := range s.modules {
		for _, w := range mod.Rules {
			if w.Head.Name != dayRule.Head.Name {
				continue
			}
			if w.Compare(dayRule) != 0 {
				return false
			}
			written++
		}
	}
	return written == 1
}

var dayRule = ast.MustParseModuleWithOpts("package x\n\nday := substring(input.at, 0, 10)", ast.ParserOptions{RegoVersion: ast.RegoV1}).Rules[0]

// maxDays bounds how many days are remembered; bills of more days than that are never at the desks
// at once.
const maxDays = 1000

// dayOf names a day of service at an office.
type dayOf struct{ serviceOn, regency string }

// days remembers for each day what the rules of the day came to.
type days struct {
	rules map[ruleName]bool
	mu    sync.RWMutex
	known map[dayOf]map[ruleName]value
}

func (d *days) get(day dayOf) map[ruleName]value {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.known[day]
}

// learn keeps what the rules of the day came to in an evaluation that ended without error.
func (d *days) learn(day dayOf, c *ruleCache) {
	more := false
	for n := range c.own {
		more = more || d.rules[n]
	}
	if !more {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.known == nil || len(d.known) >= maxDays {
		d.known = map[dayOf]map[ruleName]value{}
	}
	all := maps.Clone(d.known[day])
	if all == nil {
		all = map[ruleName]value{}
	}
	for n, v := range c.own {
		if d.rules[n] {
			all[n] = v
		}
	}
	d.known[day] = all
}
