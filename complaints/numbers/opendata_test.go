package numbers

import (
	"fmt"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// An adversary knows the total of a month and all that is shown. For no count of 1 to 4 may there be
// a single value that fits.
func TestNoSmallCountCanBeFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(t, "values")
		counts, values, total := map[string]int{}, []string{}, 0
		for i := range n {
			v := "v" + strconv.Itoa(i)
			values = append(values, v)
			counts[v] = rapid.OneOf(rapid.IntRange(0, 9), rapid.IntRange(0, 2)).Draw(t, v)
			total += counts[v]
		}
		shown := protect(counts, values)
		var hidden []string
		rest := total
		for _, v := range values {
			if k, err := strconv.Atoi(shown[v]); err == nil {
				if k > 0 && k < fewest || k != counts[v] {
					t.Fatalf("%d is shown as %s", counts[v], shown[v])
				}
				rest -= k
				continue
			}
			hidden = append(hidden, v)
		}
		if total < fewest { // the total itself is hidden then
			return
		}
		all := len(hidden) == n // nothing is known but the total: also nought is possible
		for i, v := range hidden {
			if counts[v] == 0 || counts[v] >= fewest {
				continue
			}
			possible := 0
			for guess := 1; guess < fewest; guess++ {
				if fits(shown, hidden, i, guess, rest, all) {
					possible++
				}
			}
			if possible < 2 && !all {
				t.Fatalf("of %v one sees %v and knows %s", counts, shown, v)
			}
		}
	})
}

// fits tells whether the hidden counts can add up to rest when the one at fixed is guess.
func fits(shown map[string]string, hidden []string, fixed, guess, rest int, all bool) bool {
	low, high := guess, guess
	for i, v := range hidden {
		if i == fixed {
			continue
		}
		switch {
		case all:
			high += rest
		case shown[v] == Few:
			low, high = low+1, high+fewest-1
		default:
			low, high = low+fewest, high+rest
		}
	}
	return low <= rest && rest <= high
}

func TestProtect(t *testing.T) {
	for _, c := range []struct {
		name   string
		counts map[string]int
		want   string
	}{
		{"nothing small", map[string]int{"a": 5, "b": 12, "c": 0}, "map[a:5 b:12 c:0]"},
		{"one small hides the next", map[string]int{"a": 3, "b": 12, "c": 9}, "map[a:<5 b:12 c:*]"},
		{"two small hide each other", map[string]int{"a": 3, "b": 2, "c": 9}, "map[a:<5 b:<5 c:9]"},
		{"two ones would be known by their sum", map[string]int{"a": 1, "b": 1, "c": 9}, "map[a:<5 b:<5 c:*]"},
		{"the smallest of each kind needs one more", map[string]int{"a": 1, "b": 5, "c": 9}, "map[a:<5 b:* c:*]"},
		{"nothing left to hide behind", map[string]int{"a": 4, "b": 4}, "map[a:* b:*]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var values []string
			for _, v := range []string{"a", "b", "c"} {
				if _, ok := c.counts[v]; ok {
					values = append(values, v)
				}
			}
			if got := fmt.Sprint(protect(c.counts, values)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
