package policy

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// FactsApart lists the facts of a check, as paths below input ("evidence", "welfare.desil"), that are read
// where two bundles differ: by the rules that only one of them has, and by the conditions that compare with a
// parameter whose values differ. It errs on the side of too many: of a rule that changed everything counts.
// known is false of a bundle that cannot be read; then anything may differ.
func FactsApart(a, b Bundle) (facts []string, known bool) {
	if a.wordy() || b.wordy() {
		return nil, false
	}
	one, found := read(a, unusable)
	other, wrong := read(b, unusable)
	if len(found)+len(wrong) > 0 {
		return nil, false
	}
	params := paramsApart(one.params, other.params)
	all := map[string]bool{}
	readers := [2]*factReader{newFactReader(one.modules), newFactReader(other.modules)}
	for i, r := range readers {
		r.apart(readers[1-i], params)
		maps.Copy(all, r.facts)
	}
	return slices.Sorted(maps.Keys(all)), true
}

// paramsApart names the parameters that two lists give other values, or from other days.
func paramsApart(a, b []Param) map[string]bool {
	group := func(list []Param) map[string][]dated {
		out := map[string][]dated{}
		for _, p := range list {
			out[p.Name] = append(out[p.Name], datedOf(p))
		}
		return out
	}
	one, other, out := group(a), group(b), map[string]bool{}
	for _, name := range append(slices.Collect(maps.Keys(one)), slices.Collect(maps.Keys(other))...) {
		out[name] = !reflect.DeepEqual(one[name], other[name])
	}
	return out
}

// passage is one condition of a rule, or what its head gives, with the rule around it.
type passage struct {
	node any // what ast.Walk takes
	text string
	rule *ast.Rule // the outermost: else belongs to it
	part *ast.Rule // it, or the else in which the passage stands
	head bool
}

// factReader finds out what facts are read by passages of a rule set, wherever the names in them lead.
type factReader struct {
	byRule map[*ast.Rule][]passage
	rules  map[string][]*ast.Rule // by package and name
	facts  map[string]bool
	seen   map[string]bool // passages and rules that were followed
}

func newFactReader(modules map[string]*ast.Module) *factReader {
	r := &factReader{byRule: map[*ast.Rule][]passage{}, rules: map[string][]*ast.Rule{}, facts: map[string]bool{}, seen: map[string]bool{}}
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		for _, rule := range modules[name].Rules {
			at := nameIn(rule, headName(rule))
			r.rules[at] = append(r.rules[at], rule)
			r.byRule[rule] = passagesOf(rule)
		}
	}
	return r
}

// passagesOf takes a rule apart: each condition, also within comprehensions, and what the heads give.
func passagesOf(rule *ast.Rule) []passage {
	var out []passage
	for part := rule; part != nil; part = part.Else {
		for i, t := range append([]*ast.Term{part.Head.Key, part.Head.Value}, part.Head.Reference...) {
			if t != nil && i != 2 { // its own name
				out = append(out, passage{t, t.String(), rule, part, true})
			}
		}
		for _, x := range part.Body {
			out = append(out, passage{x, x.String(), rule, part, false})
		}
	}
	return out
}

// apart follows every rule that the other set does not have under the same name, and every passage that reads
// a parameter of the list. Rule is held against rule: all causes are rules of one name, and what one of them
// says may be new to another.
func (r *factReader) apart(other *factReader, params map[string]bool) {
	for name, rules := range r.rules {
		there := map[string]bool{}
		for _, rule := range other.rules[name] {
			there[ruleText(rule)] = true
		}
		for _, rule := range rules {
			if !there[ruleText(rule)] {
				r.whole(rule)
				continue
			}
			for _, p := range r.byRule[rule] {
				if readsParam(p, params) {
					r.follow(p)
					r.beside(p)
				}
			}
		}
	}
}

// ruleText is what a rule says, each else in its place, with what its file imports under the names that it uses.
func ruleText(rule *ast.Rule) string {
	var from []string
	for _, imp := range rule.Module.Imports {
		if namesAny(rule, map[ast.Var]bool{imp.Name(): true}) {
			from = append(from, imp.String())
		}
	}
	slices.Sort(from)
	return strings.Join(append(from, rule.String()), "\n")
}

// whole follows all that a rule says, who calls it, and when it is what holds otherwise, the rules without which
// it holds.
func (r *factReader) whole(rule *ast.Rule) {
	for _, p := range r.byRule[rule] {
		r.follow(p)
	}
	if len(rule.Head.Args) > 0 {
		r.callers(rule)
	}
	if rule.Default {
		r.named(nameIn(rule, headName(rule)))
	}
}

// beside follows the conditions that have to hold together with a passage.
func (r *factReader) beside(p passage) {
	for _, other := range r.byRule[p.rule] {
		if other.part == p.part && !other.head {
			r.follow(other)
		}
	}
}

// readsParam tells whether a passage takes a parameter of the list to decide; what it only writes into a
// sentence decides nothing.
func readsParam(p passage, params map[string]bool) bool {
	reads := false
	ast.WalkTerms(p.node, func(t *ast.Term) bool {
		switch v := t.Value.(type) {
		case *ast.TemplateString:
			return true
		case ast.Call:
			return writesWords[v[0].String()]
		case ast.Ref:
			if len(v) > 1 && v[0].Value.Compare(ast.Var("current")) == 0 {
				name, _ := v[1].Value.(ast.String)
				reads = reads || params[string(name)]
			}
		}
		return false
	})
	return reads
}

var writesWords = map[string]bool{"concat": true, "sprintf": true, "format_int": true}

func walkTerms(node any, visit func(*ast.Term)) {
	ast.WalkTerms(node, func(t *ast.Term) bool { visit(t); return false })
}

// follow notes what a passage reads: facts, the rules that it names, and what is said of its own names
// elsewhere in its rule. A name that a caller gave is followed to the callers.
func (r *factReader) follow(p passage) {
	key := fmt.Sprintf("%p %s", p.rule, p.text)
	if r.seen[key] {
		return
	}
	r.seen[key] = true
	own := map[ast.Var]bool{}
	walkTerms(p.node, func(t *ast.Term) {
		switch v := t.Value.(type) {
		case ast.Ref:
			r.ref(p.rule, v)
		case ast.Var:
			if !r.imported(p.rule, v, nil) && !r.named(nameIn(p.rule, string(v))) && !v.IsWildcard() && v != "input" && v != "data" {
				own[v] = true
			}
		}
	})
	for _, beside := range r.byRule[p.rule] {
		if !beside.head && namesAny(beside.node, own) {
			r.follow(beside)
		}
	}
	for _, arg := range p.rule.Head.Args {
		if namesAny(arg, own) {
			r.callers(p.rule)
			return
		}
	}
}

// ref notes a fact, or follows a rule that is named with its package.
func (r *factReader) ref(rule *ast.Rule, ref ast.Ref) {
	switch {
	case ref[0].Equal(ast.InputRootDocument):
		var path []string
		for _, t := range ref[1:] {
			name, ok := t.Value.(ast.String)
			if !ok {
				break
			}
			path = append(path, string(name))
		}
		r.facts[strings.Join(path, ".")] = true
	case ref[0].Equal(ast.DefaultRootDocument):
		for n := len(ref); n > 2; n-- {
			if name, ok := ref[n-1].Value.(ast.String); ok && r.named(ref[:n-1].String()+"."+string(name)) {
				return
			}
		}
	default:
		if v, ok := ref[0].Value.(ast.Var); ok && !r.imported(rule, v, ref[1:]) {
			r.named(nameIn(rule, string(v)))
		}
	}
}

// imported notes what is read below a name that the file of a rule imports; false when it imports no such name.
func (r *factReader) imported(rule *ast.Rule, name ast.Var, below ast.Ref) bool {
	for _, imp := range rule.Module.Imports {
		if path, ok := imp.Path.Value.(ast.Ref); ok && imp.Name() == name {
			r.ref(rule, path.Concat(below))
			return true
		}
	}
	return false
}

// named follows all rules of a name; false when there are none.
func (r *factReader) named(name string) bool {
	rules := r.rules[name]
	for _, rule := range rules {
		for _, p := range r.byRule[rule] {
			r.follow(p)
		}
	}
	return len(rules) > 0
}

// callers follows the passages that call a function.
func (r *factReader) callers(of *ast.Rule) {
	name := headName(of)
	key := "callers of " + nameIn(of, name)
	if r.seen[key] {
		return
	}
	r.seen[key] = true
	for rule, passages := range r.byRule {
		for _, p := range passages {
			if rule.Module.Package.Equal(of.Module.Package) && namesAny(p.node, map[ast.Var]bool{ast.Var(name): true}) {
				r.follow(p)
			}
		}
	}
}

func namesAny(node any, vars map[ast.Var]bool) bool {
	found := false
	walkTerms(node, func(t *ast.Term) {
		if v, ok := t.Value.(ast.Var); ok && vars[v] {
			found = true
		}
	})
	return found
}
