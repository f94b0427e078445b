package numbers

import "slices"

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
