package snapshot

import (
	"bytes"
	"fmt"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// drawn is a snapshot of made-up people: few or many values, so that codes of every width occur.
func drawn(t *rapid.T) *Snapshot {
	n := rapid.IntRange(0, 400).Draw(t, "people")
	kinds := rapid.SampledFrom([]int{1, 3, 300}).Draw(t, "values")
	s := empty(int64(rapid.IntRange(1, 9).Draw(t, "revision")))
	var cards []uint64
	for i := range n {
		s.niks = append(s.niks, 3509010101000000+uint64(i)*uint64(kinds))
		cards = append(cards, uint64(rapid.IntRange(0, 40).Draw(t, "card")))
		for k, c := range s.columns {
			switch v := (i*7 + k) % (kinds + 1); {
			case v == 0:
				c.add(nil)
			case c.path == "welfare.desil":
				c.add(v)
			case c.path == inLatest || c.path == listedMember:
				c.add(v%2 == 0)
			default:
				c.text(fmt.Sprintf("v%d", v))
			}
		}
	}
	s.code(cards)
	return s.ready()
}

// What is stored is what is read, value by value and in its type.
func TestStoredAndReadIsTheSame(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := drawn(r)
		var b bytes.Buffer
		if err := s.write(&b); err != nil {
			r.Fatal(err)
		}
		got, err := read(&b)
		if err != nil {
			r.Fatal(err)
		}
		if got.Revision != s.Revision || got.Len() != s.Len() {
			r.Fatalf("revision %d of %d people, want %d of %d", got.Revision, got.Len(), s.Revision, s.Len())
		}
		for i := range s.Len() {
			if got.NIK(i) != s.NIK(i) || got.Card(i) != s.Card(i) {
				r.Fatalf("person %d is %s of card %s, want %s of %s", i, got.NIK(i), got.Card(i), s.NIK(i), s.Card(i))
			}
			for _, path := range Paths() {
				if a, b := got.byPath[path].of(i), s.byPath[path].of(i); !reflect.DeepEqual(a, b) {
					r.Fatalf("person %d has %s %#v, want %#v", i, path, a, b)
				}
			}
		}
	})
}

// A stored snapshot that was cut or changed is refused, never half believed.
func TestBrokenIsRefused(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := drawn(r)
		var b bytes.Buffer
		if err := s.write(&b); err != nil {
			r.Fatal(err)
		}
		whole := b.Bytes()
		cut := whole[:rapid.IntRange(0, len(whole)-1).Draw(r, "cut")]
		if _, err := read(bytes.NewReader(cut)); err == nil {
			r.Fatalf("%d of %d bytes are taken for a snapshot", len(cut), len(whole))
		}
	})
}

// Numbers are kept in the smallest width that holds them, and come out as they went in.
func TestCodesWiden(t *testing.T) {
	for _, c := range []struct{ most, width uint32 }{{255, 1}, {256, 2}, {65_535, 2}, {65_536, 4}} {
		var list codes
		for _, v := range []uint32{0, 7, c.most, 1} {
			list.add(v)
		}
		if list.width() != int(c.width) || list.len() != 4 || list.at(1) != 7 || list.at(2) != c.most || list.at(3) != 1 {
			t.Errorf("up to %d: width %d, %d numbers, %d %d %d", c.most, list.width(), list.len(), list.at(1), list.at(2), list.at(3))
		}
	}
}
