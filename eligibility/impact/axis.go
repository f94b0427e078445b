package impact

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"layak/eligibility/snapshot"
	"layak/policy"
)

// fact is one column of everybody: values[at(i)] is that of resident i, values[0] is nil, unknown.
type fact struct {
	values []any
	at     func(i int) uint32
	add    func(of []uint64, from, to int, out []uint64) // adds of[code] to out, for a stretch of residents
	counts func() []int                                  // residents by code
}

// axis is one use of columns by which residents are told apart: each gets the class of his values. What
// it adds to the number of a resident is the class times the product of the classes of the axes before.
type axis struct {
	use     policy.ColumnUse
	facts   []fact // of each column
	fact    fact   // of the columns together
	classes uint64
	of      []uint32 // class by code
}

// axes asks the rules about all values of the columns that they read.
func (r *run) axes(ctx context.Context) ([]*axis, error) {
	var out []*axis
	for _, use := range r.rules.Columns() {
		a := &axis{use: use}
		for _, c := range use.Columns {
			a.facts = append(a.facts, r.fact(c, use))
		}
		tuples := a.join(r.people.Len())
		var err error
		a.of, err = r.rules.Classes(ctx, use.Columns, tuples)
		if err != nil {
			return nil, err
		}
		if len(a.of) != len(tuples) {
			return nil, fmt.Errorf("classes of %v: %d of %d values have one", use.Columns, len(a.of), len(tuples))
		}
		a.classes = uint64(slices.Max(a.of)) + 1
		out = append(out, a)
	}
	return out, nil
}

// join makes the fact of an axis out of those of its columns, and gives its different values.
func (a *axis) join(n int) [][]any {
	if len(a.facts) == 1 {
		a.fact = a.facts[0]
		tuples := make([][]any, len(a.fact.values))
		for code := range tuples {
			tuples[code] = a.fact.values[code : code+1]
		}
		return tuples
	}
	keys := make([]uint64, n)
	room := uint64(1)
	for _, f := range a.facts {
		by := make([]uint64, len(f.values))
		for code := range by {
			by[code] = uint64(code) * room
		}
		f.add(by, 0, n, keys)
		room *= uint64(len(f.values))
	}
	c := number(keys)
	tuples := make([][]any, len(c.first))
	for k, i := range c.first {
		for _, f := range a.facts {
			tuples[k] = append(tuples[k], f.values[f.at(i)])
		}
	}
	a.fact = coded(c.of, make([]any, len(tuples)))
	return tuples
}

// coded makes a fact of the codes of everybody.
func coded(codes []uint32, values []any) fact {
	return fact{
		values: values,
		at:     func(i int) uint32 { return codes[i] },
		add: func(of []uint64, from, to int, out []uint64) {
			for i, code := range codes[from:to] {
				out[i] += of[code]
			}
		},
		counts: func() []int {
			counts := make([]int, len(values))
			for _, code := range codes {
				counts[code]++
			}
			return counts
		},
	}
}

// fact gives a column for a use of it.
func (r *run) fact(path string, use policy.ColumnUse) fact {
	s := r.people
	if s.Has(path) {
		return fact{
			values: s.Values(path),
			at:     s.Codes(path),
			add:    func(of []uint64, from, to int, out []uint64) { s.Scan(path, of, from, to, out) },
			counts: func() []int { return s.Counts(path) },
		}
	}
	switch path {
	case policy.Members:
		return coded(r.members(use))
	case "household.source", "household.as_of":
		return coded(r.card(strings.TrimPrefix(path, "household.")))
	}
	return coded(r.numbers(path, use))
}

// card is a fact about the card itself: unknown for whoever has none, else that of the resident.
func (r *run) card(field string) ([]uint32, []any) {
	path := "resident." + field
	codes := make([]uint32, r.people.Len())
	for i := range codes {
		if r.people.Carded(i) {
			codes[i] = r.people.Code(path, i)
		}
	}
	return codes, r.people.Values(path)
}

// numbers are the NIK or the card of everybody. Rules ask whether there is one; then all numbers are
// one value.
func (r *run) numbers(path string, use policy.ColumnUse) ([]uint32, []any) {
	has, of := r.people.Listed, func(i int) string { return string(r.people.NIK(i)) }
	if path == "household.kk" {
		has, of = r.people.Carded, r.people.Card
	}
	if !use.Whole && len(use.Conditions) == 1 && use.Conditions[0] == "input."+path {
		codes := make([]uint32, r.people.Len())
		for i := range codes {
			codes[i] = uint32(btoi(has(i)))
		}
		return codes, []any{nil, "3509000000000000"}
	}
	return code(r.people.Len(), func(i int) (string, any) {
		if !has(i) {
			return "", nil
		}
		n := of(i)
		return n, n
	})
}

// members are the other people of the card, with the facts of them that the rules read, in their order.
func (r *run) members(use policy.ColumnUse) ([]uint32, []any) {
	return code(r.people.Len(), func(i int) (string, any) {
		if !r.people.Carded(i) {
			return "", nil
		}
		list := r.people.Input(r.frame, i, true).Household.Members
		var key strings.Builder
		key.WriteByte('.')
		for k := range list {
			list[k] = projected(list[k], use.Fields)
			m := &list[k]
			for _, text := range []string{m.Relation, m.Sex, m.BirthDate, m.LifeStatus, m.Segment, m.MemberStatus} {
				key.WriteString(text)
				key.WriteByte('|')
			}
			if m.Desil != nil {
				key.Write(binary.AppendUvarint(nil, uint64(*m.Desil)))
			}
			key.WriteByte(';')
		}
		return key.String(), list
	})
}

// projected keeps the facts of a member that are read; all of them when nobody says which.
func projected(m policy.Member, fields []string) policy.Member {
	if len(fields) == 0 {
		return m
	}
	var out policy.Member
	for _, f := range fields {
		switch f {
		case "relation":
			out.Relation = m.Relation
		case "sex":
			out.Sex = m.Sex
		case "birth_date":
			out.BirthDate = m.BirthDate
		case "life_status":
			out.LifeStatus = m.LifeStatus
		case "desil":
			out.Desil = m.Desil
		case "segment":
			out.Segment = m.Segment
		case "member_status":
			out.MemberStatus = m.MemberStatus
		}
	}
	return out
}

// code gives the values of n residents a number each; the key "" is unknown and has 0.
func code(n int, of func(i int) (key string, value any)) ([]uint32, []any) {
	codes := make([]uint32, n)
	values := []any{nil}
	known := map[string]uint32{"": 0}
	for i := range codes {
		key, v := of(i)
		c, ok := known[key]
		if !ok {
			c = uint32(len(values))
			known[key] = c
			values = append(values, v)
		}
		codes[i] = c
	}
	return codes, values
}

// classes are the residents by class: of[i] is that of resident i, first[c] one of class c.
type classes struct {
	of    []uint32
	first []int
}

// sort numbers the classes that occur, in the order in which they are met.
func (r *run) sort(ctx context.Context, axes []*axis) (classes, error) {
	n := r.people.Len()
	keys := make([]uint64, n)
	if r.unlisted > 0 { // they are told apart from residents, and by values
		axes = append(slices.Clone(axes), r.strangers())
	}
	room := uint64(1) // how many different keys there can be by now
	for _, a := range axes {
		if err := ctx.Err(); err != nil {
			return classes{}, err
		}
		if a.classes <= 1 {
			continue
		}
		if room > 1<<62/a.classes {
			room = uint64(len(number(keys).first)) // numbers are used up: those that occur are few
		}
		by := make([]uint64, len(a.of))
		for code, class := range a.of {
			by[code] = uint64(class) * room
		}
		err := inStretches(n, 1<<14, func(_, from, to int) error {
			a.fact.add(by, from, to, keys[from:to])
			return nil
		})
		if err != nil {
			return classes{}, err
		}
		room *= a.classes
	}
	return number(keys), nil
}

// strangers tells people of whom no list of residents knows apart from residents, and each from the
// other by all that is known of them.
func (r *run) strangers() *axis {
	s := r.people
	codes, values := code(s.Len(), func(i int) (string, any) {
		if s.Listed(i) {
			return "", nil
		}
		var key strings.Builder
		key.WriteByte('.')
		for _, path := range snapshot.Paths() {
			key.Write(binary.AppendUvarint(nil, uint64(s.Code(path, i))))
			key.WriteByte(',')
		}
		return key.String(), true
	})
	a := &axis{classes: uint64(len(values)), of: make([]uint32, len(values)), fact: coded(codes, values)}
	for c := range a.of {
		a.of[c] = uint32(c)
	}
	return a
}

// number replaces the keys, in place, by numbers from 0 in the order in which they are met.
func number(keys []uint64) classes {
	c := classes{of: make([]uint32, len(keys))}
	t := newTable(1 << 12)
	for i, k := range keys {
		class, found := t.find(k)
		if !found {
			class = uint32(len(c.first))
			c.first = append(c.first, i)
			t.put(k, class)
		}
		c.of[i] = class
		keys[i] = uint64(class)
	}
	return c
}

// table is a map from keys to classes: one probe for most of millions of look-ups.
type table struct {
	keys    []uint64 // and one more, so that 0 is free
	classes []uint32
	used    int
}

func newTable(size int) *table {
	return &table{keys: make([]uint64, size), classes: make([]uint32, size)}
}

func (t *table) place(k uint64) int {
	mask := len(t.keys) - 1
	h := (k + 1) * 0x9E3779B97F4A7C15
	for p := int(h>>32) & mask; ; p = (p + 1) & mask {
		if t.keys[p] == k+1 || t.keys[p] == 0 {
			return p
		}
	}
}

func (t *table) find(k uint64) (uint32, bool) {
	p := t.place(k)
	return t.classes[p], t.keys[p] != 0
}

func (t *table) put(k uint64, class uint32) {
	if 2*t.used >= len(t.keys) {
		old := *t
		*t = *newTable(2 * len(old.keys))
		t.used = old.used
		for p, key := range old.keys {
			if key != 0 {
				q := t.place(key - 1)
				t.keys[q], t.classes[q] = key, old.classes[p]
			}
		}
	}
	p := t.place(k)
	t.keys[p], t.classes[p] = k+1, class
	t.used++
}
