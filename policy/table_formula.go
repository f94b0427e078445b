package policy

import (
	"slices"
	"sort"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// formula is a condition of the rules taken apart: a single question that holds or not, or several of which
// all or one have to. All of nothing is true, one of nothing is false. Formulas are never changed.
type formula struct {
	op    formulaOp
	parts []*formula
	atom  *inquiry
	neg   bool // of an atom: it does not hold, be it that a fact is unknown
	name  string
}

type formulaOp int

const (
	fAtom formulaOp = iota
	fAll
	fAny
)

func allOf(parts ...*formula) *formula { return &formula{op: fAll, parts: parts} }
func anyOf(parts ...*formula) *formula { return &formula{op: fAny, parts: parts} }

func settled(yes bool) *formula {
	if yes {
		return allOf()
	}
	return anyOf()
}

func (f *formula) isTrue() bool  { return f.op == fAll && len(f.parts) == 0 }
func (f *formula) isFalse() bool { return f.op == fAny && len(f.parts) == 0 }

// not turns the formula round; the turn goes down to the single questions.
func (f *formula) not() *formula {
	if f.op == fAtom {
		return &formula{atom: f.atom, neg: !f.neg}
	}
	out := &formula{op: fAll + fAny - f.op, parts: make([]*formula, len(f.parts))}
	for i, p := range f.parts {
		out.parts[i] = p.not()
	}
	return out
}

// key is the same for formulas that ask the same.
func (f *formula) key() string {
	if f.op == fAtom {
		if f.neg {
			return "!" + f.atom.key
		}
		return f.atom.key
	}
	if f.name == "" {
		keys := make([]string, len(f.parts))
		for i, p := range f.parts {
			keys[i] = p.key()
		}
		sort.Strings(keys)
		f.name = []string{"", "all(", "any("}[f.op] + strings.Join(slices.Compact(keys), " ; ") + ")"
	}
	return f.name
}

// size counts the single questions.
func (f *formula) size() int {
	if f.op == fAtom {
		return 1
	}
	n := 0
	for _, p := range f.parts {
		n += p.size()
	}
	return n
}

// simplify leaves out what is said already: what holds whenever its neighbours do, alternatives that cannot
// be, and of alternatives that follow each other what the ones before already exclude.
func (f *formula) simplify() *formula {
	switch f.op {
	case fAll:
		return simplifyAll(f)
	case fAny:
		return simplifyAny(f)
	}
	return f
}

// flat simplifies the parts and lifts those of the same kind up; the second result tells that one of them
// decides the whole.
func (f *formula) flat() (parts []*formula, decided bool) {
	for _, p := range f.parts {
		p = p.simplify()
		switch {
		case p.op == f.op:
			parts = append(parts, p.parts...)
		case p.op != fAtom && len(p.parts) == 0: // false among all, true among any
			return nil, true
		case p.op != fAtom && len(p.parts) == 1:
			parts = append(parts, p.parts[0])
		default:
			parts = append(parts, p)
		}
	}
	return distinct(parts), false
}

func distinct(parts []*formula) []*formula {
	seen := map[string]bool{}
	out := parts[:0:0]
	for _, p := range parts {
		if !seen[p.key()] {
			seen[p.key()] = true
			out = append(out, p)
		}
	}
	return out
}

func simplifyAll(f *formula) *formula {
	parts, decided := f.flat()
	for range maxRounds {
		if decided {
			return settled(false)
		}
		changed := false
		for i, p := range parts {
			next := p
			for j, given := range parts {
				if j != i && given != nil && given.op == fAtom && (p.op != fAtom || j < i || !implies(p, given)) {
					next = next.assume(given)
				}
			}
			if next.key() != p.key() {
				changed, parts[i] = true, next
			}
			if parts[i].isFalse() {
				return settled(false)
			}
		}
		if !changed {
			break
		}
		parts, decided = (&formula{op: fAll, parts: parts}).flat()
	}
	parts = unanswered(merged(parts))
	if len(parts) == 1 {
		return parts[0]
	}
	return allOf(parts...)
}

// unanswered says of what is neither yes nor no that it is not known.
func unanswered(parts []*formula) []*formula {
	for i, p := range parts {
		for j, q := range parts {
			if p.op == fAtom && q.op == fAtom && p.neg && q.neg && p.atom.left == q.atom.left && p.atom.values["true"] && q.atom.values["false"] {
				terms, ok := p.atom.expr.Terms.([]*ast.Term)
				if !ok {
					continue
				}
				open := &inquiry{key: "known " + p.atom.left, left: p.atom.left, known: true, expr: ast.NewExpr(terms[1]), src: p.atom.src}
				rest := slices.Clone(parts)
				rest[i] = &formula{atom: open, neg: true}
				return slices.Delete(rest, j, j+1)
			}
		}
	}
	return parts
}

// merged joins alternatives that share one: a or b, and a or c, is a or both b and c.
func merged(parts []*formula) []*formula {
	for i := range parts {
		for j := i + 1; j < len(parts); j++ {
			if parts[i].op != fAny || parts[j].op != fAny {
				continue
			}
			var shared, left, right []*formula
			for _, p := range parts[i].parts {
				if slices.ContainsFunc(parts[j].parts, func(q *formula) bool { return q.key() == p.key() }) {
					shared = append(shared, p)
				} else {
					left = append(left, p)
				}
			}
			if len(shared) == 0 {
				continue
			}
			for _, q := range parts[j].parts {
				if !slices.ContainsFunc(shared, func(p *formula) bool { return p.key() == q.key() }) {
					right = append(right, q)
				}
			}
			both := simplifyAny(anyOf(append(shared, allOf(anyOf(left...), anyOf(right...)))...))
			rest := slices.Delete(slices.Clone(parts), j, j+1)
			rest[i] = both
			return merged(rest)
		}
	}
	return parts
}

// maxRounds bounds how often a formula is gone through; two do in practice.
const maxRounds = 8

func simplifyAny(f *formula) *formula {
	parts, decided := f.flat()
	for range maxRounds {
		if decided {
			return settled(true)
		}
		changed := false
		for i, p := range parts {
			next := p
			for j, other := range parts {
				if j == i {
					continue
				}
				if other.op == fAtom && (p.op != fAtom || j < i) {
					next = next.assume(other.not())
				}
				next = next.without(other.not().key())
			}
			if next.key() != p.key() {
				changed, parts[i] = true, next
			}
		}
		if !changed {
			break
		}
		parts, decided = (&formula{op: fAny, parts: parts}).flat()
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return common(absorbed(parts))
}

// without drops a part of a conjunction that another alternative excludes already.
func (f *formula) without(key string) *formula {
	if f.op != fAll {
		return f
	}
	i := slices.IndexFunc(f.parts, func(p *formula) bool { return p.key() == key })
	if i < 0 || len(f.parts) == 1 {
		return f
	}
	return allOf(slices.Delete(slices.Clone(f.parts), i, i+1)...)
}

// absorbed drops alternatives that ask more than another one.
func absorbed(parts []*formula) []*formula {
	keys := make([]map[string]bool, len(parts))
	for i, p := range parts {
		keys[i] = p.conjuncts()
	}
	var out []*formula
	for i := range parts {
		more := false
		for j := range parts {
			more = more || i != j && len(keys[j]) < len(keys[i]) && subset(keys[j], keys[i])
		}
		if !more {
			out = append(out, parts[i])
		}
	}
	return out
}

func subset(small, large map[string]bool) bool {
	for k := range small {
		if !large[k] {
			return false
		}
	}
	return true
}

func (f *formula) conjuncts() map[string]bool {
	if f.op != fAll {
		return map[string]bool{f.key(): true}
	}
	out := map[string]bool{}
	for _, p := range f.parts {
		out[p.key()] = true
	}
	return out
}

// common puts before alternatives what all of them ask.
func common(parts []*formula) *formula {
	if len(parts) == 1 {
		return parts[0]
	}
	if len(parts) == 0 {
		return settled(false)
	}
	var shared, rest []*formula
	first := []*formula{parts[0]}
	if parts[0].op == fAll {
		first = parts[0].parts
	}
	for _, c := range first {
		if !slices.ContainsFunc(parts[1:], func(p *formula) bool { return !p.conjuncts()[c.key()] }) {
			shared = append(shared, c)
		}
	}
	if len(shared) == 0 {
		return anyOf(parts...)
	}
	for _, p := range parts {
		left := p
		for _, c := range shared {
			if left.key() == c.key() {
				left = settled(true)
			}
			left = left.without(c.key())
		}
		rest = append(rest, left)
	}
	return simplifyAll(allOf(append(shared, anyOf(rest...))...))
}

// assume is the formula where the given single question is known to hold, or not to.
func (f *formula) assume(given *formula) *formula {
	if f.op == fAtom {
		if implies(given, f) {
			return settled(true)
		}
		if implies(given, f.not()) {
			return settled(false)
		}
		return f
	}
	out := &formula{op: f.op, parts: make([]*formula, len(f.parts))}
	for i, p := range f.parts {
		out.parts[i] = p.assume(given)
	}
	return out.simplify()
}

// implies tells that one single question, answered so, answers the other.
func implies(given, asked *formula) bool {
	g, a := given.atom, asked.atom
	switch {
	case g.key == a.key:
		return given.neg == asked.neg
	case g.left == "" || g.left != a.left:
		return false
	case g.known && given.neg && !a.known: // nothing can be said of what is not known
		return asked.neg
	case a.known && !given.neg && !asked.neg:
		return true
	case g.values != nil && a.values != nil:
		return impliesValues(g.values, a.values, given.neg, asked.neg)
	case g.ways != 0 && a.ways != 0 && g.right == a.right:
		switch {
		case given.neg:
			return asked.neg && a.ways&^g.ways == 0
		case asked.neg:
			return g.ways&a.ways == 0
		}
		return g.ways&^a.ways == 0
	}
	return false
}

func impliesValues(g, a map[string]bool, notG, notA bool) bool {
	switch {
	case notG:
		return notA && subset(a, g)
	case notA:
		for v := range g {
			if a[v] {
				return false
			}
		}
		return true
	}
	return subset(g, a)
}
