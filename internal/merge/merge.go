// Package merge owns the joining of two texts that went on from the same one, line by line. It must never know
// what the lines say: what both changed in different ways it hands back, and decides nothing.
package merge

import (
	"slices"
	"strings"
)

// Part is a stretch of a merged text: settled, or left for a person.
type Part struct {
	Text     string    // settled lines with their ends; "" beside a conflict
	Conflict *Conflict // nil when the stretch is settled
}

// Conflict is a stretch that both sides changed in different ways.
type Conflict struct {
	Base, Theirs, Ours string // lines with their ends; "" when the side has none there
	Row                int    // of the first line of Ours, from 1
}

// Lines merges theirs and ours, which both went on from base. What only one side changed is taken as it is, and so
// is what both changed alike; changes that touch each other are a conflict. No line of either side gets lost: it
// stands in a settled part or in a conflict, unless the other side alone took it out.
func Lines(base, theirs, ours string) []Part {
	b, t, o := split(base), split(theirs), split(ours)
	inTheirs, inOurs := match(b, t), match(b, o)
	var out []Part
	settled := func(lines []string) {
		text := strings.Join(lines, "")
		if n := len(out); n > 0 && out[n-1].Conflict == nil {
			out[n-1].Text += text
		} else if text != "" {
			out = append(out, Part{Text: text})
		}
	}
	i, x, y := 0, 0, 0
	for i < len(b) || x < len(t) || y < len(o) {
		k := i
		for k < len(b) && (inTheirs[k] < 0 || inOurs[k] < 0) {
			k++
		}
		toX, toY := len(t), len(o)
		if k < len(b) {
			toX, toY = inTheirs[k], inOurs[k]
		}
		was, their, our := b[i:k], t[x:toX], o[y:toY]
		switch {
		case slices.Equal(was, their), slices.Equal(their, our):
			settled(our)
		case slices.Equal(was, our):
			settled(their)
		default:
			out = append(out, Part{Conflict: &Conflict{strings.Join(was, ""), strings.Join(their, ""), strings.Join(our, ""), y + 1}})
		}
		i, x, y = k, toX, toY
		if k < len(b) { // the line on which all three agree
			settled(b[k : k+1])
			i, x, y = k+1, toX+1, toY+1
		}
	}
	return out
}

// split cuts a text into lines that keep their ends.
func split(text string) []string {
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// match tells for each line of a which line of b it became; -1 for none. The lines of b rise.
func match(a, b []string) []int {
	out := make([]int, len(a))
	for i := range out {
		out[i] = -1
	}
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		out[head] = head
		head++
	}
	endA, endB := len(a), len(b)
	for endA > head && endB > head && a[endA-1] == b[endB-1] {
		endA, endB = endA-1, endB-1
		out[endA] = endB
	}
	for _, p := range shortest(a[head:endA], b[head:endB]) {
		out[head+p[0]] = head + p[1]
	}
	return out
}

// mostEdits bounds the search for equal lines: beyond it two stretches count as rewritten, which asks a person more
// often and never loses anything. The memory of the search grows with its square.
const mostEdits = 1000

// shortest gives the pairs of equal lines on the shortest way from a to b (Myers 1986).
func shortest(a, b []string) [][2]int {
	most := min(len(a)+len(b), mostEdits)
	reach := make([]int, 2*most+2) // how far in a each diagonal came
	var trail [][]int
	for d := 0; d <= most; d++ {
		trail = append(trail, slices.Clone(reach[most-d:most+d+1]))
		for k := -d; k <= d; k += 2 {
			x := 0
			if k == -d || k != d && reach[most+k-1] < reach[most+k+1] {
				x = reach[most+k+1]
			} else {
				x = reach[most+k-1] + 1
			}
			y := x - k
			for x < len(a) && y < len(b) && a[x] == b[y] {
				x, y = x+1, y+1
			}
			reach[most+k] = x
			if x >= len(a) && y >= len(b) {
				return back(trail, len(a), len(b))
			}
		}
	}
	return nil
}

// back walks the way to its start and gathers the equal lines.
func back(trail [][]int, x, y int) (pairs [][2]int) {
	for d := len(trail) - 1; d >= 0 && (x > 0 || y > 0); d-- {
		at := func(k int) int { // how far the diagonal k had come before step d
			if k < -d || k > d {
				return -1
			}
			return trail[d][k+d]
		}
		k := x - y
		from := k - 1
		if k == -d || k != d && at(k-1) < at(k+1) {
			from = k + 1
		}
		fromX, fromY := 0, 0
		if d > 0 {
			fromX = at(from)
			fromY = fromX - from
		}
		for x > fromX && y > fromY {
			x, y = x-1, y-1
			pairs = append(pairs, [2]int{x, y})
		}
		x, y = fromX, fromY
	}
	return pairs
}
