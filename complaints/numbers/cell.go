package numbers

import (
	"slices"
	"strings"
)

// Dimension is what a table of figures is broken down by.
type Dimension string

// The dimensions. Total is the whole, in one row per month.
const (
	Total      Dimension = ""
	ByUnit     Dimension = "unit"
	ByClass    Dimension = "class"
	ByChannel  Dimension = "channel"
	ByDistrict Dimension = "district"
	ByMatter   Dimension = "matter"
	ByElement  Dimension = "element"
)

// Dimensions lists them.
var Dimensions = []Dimension{Total, ByUnit, ByClass, ByChannel, ByDistrict, ByMatter, ByElement}

// Key names one cell: a month of a unit ("" is the whole regency) or of a slice of the regency,
// broken down by a dimension. Slice is what Filter.slice writes.
type Key struct {
	Unit      string
	Slice     string
	Month     string
	Dimension Dimension
	Value     string
}

// value is the place of the fact in a dimension.
func (p Place) value(d Dimension) string {
	switch d {
	case ByUnit:
		return p.Unit
	case ByClass:
		return p.Class
	case ByChannel:
		return p.Channel
	case ByDistrict:
		return string(p.District)
	case ByMatter:
		return p.Matter
	case ByElement:
		return p.Element
	case Total:
	}
	return ""
}

// slices are the slices of the whole regency that are kept and hold the place. Others are counted
// from the facts when somebody asks: they are narrow.
func (p Place) slices() []string {
	list := []string{""}
	for _, f := range []Filter{
		{Class: p.Class}, {Channel: p.Channel}, {District: p.District},
	} {
		if text := f.slice(); text != "" {
			list = append(list, text)
		}
	}
	if p.Class != "" && p.Channel != "" {
		list = append(list, Filter{Class: p.Class, Channel: p.Channel}.slice())
	}
	return list
}

// keys are the cells that hold the place.
func (p Place) keys() []Key {
	var keys []Key
	for _, slice := range p.slices() {
		for _, d := range Dimensions {
			keys = append(keys, Key{Slice: slice, Month: p.Month, Dimension: d, Value: p.value(d)})
		}
	}
	if p.Unit == "" {
		return keys
	}
	for _, d := range Dimensions {
		if d != ByUnit {
			keys = append(keys, Key{Unit: p.Unit, Month: p.Month, Dimension: d, Value: p.value(d)})
		}
	}
	return keys
}

// Change is a fact as it was counted so far, nil when it was not, and as it is to be counted.
type Change struct {
	Was *Fact
	Is  Fact
}

// Deltas is what the changes add to the cells; what stays the same is absent.
func Deltas(changes []Change) map[Key]Counts {
	all := map[Key]Counts{}
	add := func(f Fact, by int) {
		for _, k := range f.keys() {
			if all[k] == nil {
				all[k] = Counts{}
			}
			all[k].Add(f.Counts, by)
		}
	}
	for _, c := range changes {
		if c.Was != nil {
			if c.Was.Place == c.Is.Place && c.Was.Counts.Equal(c.Is.Counts) {
				continue
			}
			add(*c.Was, -1)
		}
		add(c.Is, 1)
	}
	for k, n := range all {
		if len(n) == 0 {
			delete(all, k)
		}
	}
	return all
}

// Tally adds up cells of many facts. Places that come again, and names of counts, are looked up
// once, because a fact lies in some forty cells.
type Tally struct {
	index  map[string]int // of the names of counts
	names  []string
	places map[Place][]*[]int
	cells  map[Key]*[]int
	counts [][2]int // of the fact at hand: index of a name, number
}

// NewTally is one without cells.
func NewTally() *Tally {
	return &Tally{index: map[string]int{}, places: map[Place][]*[]int{}, cells: map[Key]*[]int{}}
}

// Add counts a fact at a place; text is what Counts.String wrote.
func (t *Tally) Add(p Place, text string) error {
	t.counts = t.counts[:0]
	err := eachCount(text, func(name string, n int) {
		i, ok := t.index[name]
		if !ok {
			name = strings.Clone(name)
			i = len(t.names)
			t.index[name], t.names = i, append(t.names, name)
		}
		t.counts = append(t.counts, [2]int{i, n})
	})
	if err != nil {
		return err
	}
	held, ok := t.places[p]
	if !ok {
		for _, k := range p.keys() {
			if t.cells[k] == nil {
				t.cells[k] = new([]int)
			}
			held = append(held, t.cells[k])
		}
		t.places[p] = held
	}
	for _, cell := range held {
		if len(*cell) < len(t.names) {
			*cell = append(*cell, make([]int, len(t.names)-len(*cell))...)
		}
		for _, c := range t.counts {
			(*cell)[c[0]] += c[1]
		}
	}
	return nil
}

// Cells gives what was added up.
func (t *Tally) Cells() map[Key]Counts {
	all := make(map[Key]Counts, len(t.cells))
	for k, cell := range t.cells {
		counts := Counts{}
		for i, n := range *cell {
			if n != 0 {
				counts[t.names[i]] = n
			}
		}
		all[k] = counts
	}
	return all
}

// SortKeys puts keys into one order, so that two writers lock cells the same way round.
func SortKeys(keys []Key) {
	slices.SortFunc(keys, func(a, b Key) int {
		for _, pair := range [][2]string{{a.Unit, b.Unit}, {a.Slice, b.Slice}, {a.Month, b.Month},
			{string(a.Dimension), string(b.Dimension)}, {a.Value, b.Value}} {
			if pair[0] != pair[1] {
				if pair[0] < pair[1] {
					return -1
				}
				return 1
			}
		}
		return 0
	})
}
