package main

import (
	"slices"
	"testing"
)

func TestGiveBack(t *testing.T) {
	const mb = 1 << 20
	repeat := func(n, each uint64) []uint64 { return slices.Repeat([]uint64{each}, int(n)) }
	for _, c := range []struct {
		name string
		work []uint64 // bytes allocated between one look and the next
		want []int    // looks at which memory was given back, from 0
	}{
		{"the start, at once", repeat(20, 0), []int{0}},
		{"what the start still did after the first look, as soon as that ends",
			slices.Concat(repeat(4, 50*mb), repeat(20, 0)), []int{0, 4}},
		{"a busy time, when it has been quiet for half a minute",
			slices.Concat(repeat(2, 50*mb), repeat(1, 0), repeat(5, 50*mb), repeat(40, 0)), []int{0, 2, 8 + calm - 1}},
		{"never while there is work", slices.Concat(repeat(2, 50*mb), repeat(1, 0), repeat(100, 3*mb)), []int{0, 2}},
		{"a check now and then is no reason to wait, and none to hurry",
			slices.Concat(repeat(2, 50*mb), repeat(1, 0), repeat(40, mb)), []int{0, 2, 18, 34}},
		{"a service that does nothing pays nothing", slices.Concat(repeat(2, 50*mb), repeat(1, 0), repeat(100, 1000)), []int{0, 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var l leftovers
			var sum uint64
			var got []int
			for i, work := range c.work {
				sum += work
				if l.due(sum) {
					got = append(got, i)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("given back at %v, want %v", got, c.want)
			}
		})
	}
}

func TestAllocatedGrows(t *testing.T) {
	before := allocated()
	kept := make([]byte, 1<<20)
	if got := allocated() - before; got < uint64(len(kept)) {
		t.Errorf("a megabyte was allocated, %d bytes were counted", got)
	}
}
