package snapshot

import (
	"math"
	"sync"
)

// column is one fact of everybody: values[codes[i]] is that of person i, code 0 is unknown.
type column struct {
	path   string
	values []any // string, int or bool; values[0] is nil
	known  map[any]uint32
	codes  codes

	once   sync.Once
	counts []int // people by code
}

// counted gives how many people have each value.
func (c *column) counted() []int {
	c.once.Do(func() {
		c.counts = make([]int, len(c.values))
		c.codes.count(c.counts)
	})
	return c.counts
}

func newColumn(path string) *column {
	return &column{path: path, values: []any{nil}, known: map[any]uint32{}}
}

// add appends the value of the next person, nil when it is unknown.
func (c *column) add(v any) {
	if v == nil {
		c.codes.add(0)
		return
	}
	code, ok := c.known[v]
	if !ok {
		code = uint32(len(c.values))
		c.values = append(c.values, v)
		c.known[v] = code
	}
	c.codes.add(code)
}

func (c *column) text(v string) {
	if v == "" {
		c.add(nil)
		return
	}
	c.add(v)
}

func (c *column) of(i int) any { return c.values[c.codes.at(i)] }

func (c *column) textOf(i int) string {
	s, _ := c.of(i).(string)
	return s
}

// codes is a list of numbers in the smallest width that holds them all: one of the three is used.
type codes struct {
	b []uint8
	w []uint16
	d []uint32
}

func (c *codes) add(v uint32) {
	switch {
	case c.d != nil:
		c.d = append(c.d, v)
	case c.w != nil:
		if v > math.MaxUint16 {
			c.d = widened[uint16, uint32](c.w)
			c.w = nil
			c.d = append(c.d, v)
			return
		}
		c.w = append(c.w, uint16(v))
	default:
		if v > math.MaxUint8 {
			c.w = widened[uint8, uint16](c.b)
			c.b = nil
			c.add(v)
			return
		}
		c.b = append(c.b, uint8(v))
	}
}

func widened[A, B uint8 | uint16 | uint32](from []A) []B {
	out := make([]B, len(from), cap(from)+1) // never nil: the list that is not nil is the one in use
	for i, v := range from {
		out[i] = B(v)
	}
	return out
}

func (c *codes) at(i int) uint32 {
	switch {
	case c.d != nil:
		return c.d[i]
	case c.w != nil:
		return uint32(c.w[i])
	}
	return uint32(c.b[i])
}

func (c *codes) bytes() int64 { return int64(cap(c.b)) + 2*int64(cap(c.w)) + 4*int64(cap(c.d)) }

// Scan adds to out[i-from], for each person from from up to but not including to, the number which of
// assigns to his code.
func (c *codes) scan(of []uint64, from, to int, out []uint64) {
	switch {
	case c.d != nil:
		scan(c.d[from:to], of, out)
	case c.w != nil:
		scan(c.w[from:to], of, out)
	default:
		scan(c.b[from:to], of, out)
	}
}

func scan[T uint8 | uint16 | uint32](codes []T, of, out []uint64) {
	out = out[:len(codes)]
	for i, code := range codes {
		out[i] += of[code]
	}
}

// count adds to counts[code] how many people have it.
func (c *codes) count(counts []int) {
	switch {
	case c.d != nil:
		count(c.d, counts)
	case c.w != nil:
		count(c.w, counts)
	default:
		count(c.b, counts)
	}
}

func count[T uint8 | uint16 | uint32](codes []T, counts []int) {
	for _, code := range codes {
		counts[code]++
	}
}

func (c *codes) len() int { return max(len(c.b), len(c.w), len(c.d)) }
