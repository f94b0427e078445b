package web

import (
	"slices"
	"strings"

	"layak/policy/workbench"
)

// diffLine is one line of a comparison: of both texts (' '), only of the old ('-') or of the new ('+').
type diffLine struct {
	Kind byte
	Old  int // number in the old text, 0 when it is not there
	New  int
	Text string
}

// most cells of the table by which texts are compared; larger changes are shown as a whole.
const mostDiffCells = 4_000_000

// diffLines compares texts line by line, by their longest common run of lines.
func diffLines(old, text string) []diffLine {
	a, b := linesOf(old), linesOf(text)
	var out []diffLine
	i, j := 0, 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		out = append(out, diffLine{' ', i + 1, i + 1, a[i]})
		i++
	}
	j = i
	x, y := len(a), len(b)
	for x > i && y > j && a[x-1] == b[y-1] {
		x, y = x-1, y-1
	}
	for _, l := range diffMiddle(a[i:x], b[j:y]) {
		if l.Old > 0 {
			l.Old += i
		}
		if l.New > 0 {
			l.New += j
		}
		out = append(out, l)
	}
	for ; x < len(a); x, y = x+1, y+1 {
		out = append(out, diffLine{' ', x + 1, y + 1, a[x]})
	}
	return out
}

func linesOf(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// diffMiddle compares what is left between a common beginning and a common end.
func diffMiddle(a, b []string) []diffLine {
	var out []diffLine
	gone := func(i int) { out = append(out, diffLine{'-', i + 1, 0, a[i]}) }
	fresh := func(j int) { out = append(out, diffLine{'+', 0, j + 1, b[j]}) }
	if len(a)*len(b) > mostDiffCells {
		for i := range a {
			gone(i)
		}
		for j := range b {
			fresh(j)
		}
		return out
	}
	common := commonRuns(a, b)
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, diffLine{' ', i + 1, j + 1, a[i]})
			i, j = i+1, j+1
		case j >= len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			gone(i)
			i++
		default:
			fresh(j)
			j++
		}
	}
	return out
}

// commonRuns gives for each pair of ends how many lines the rests have in common.
func commonRuns(a, b []string) [][]int32 {
	table := make([][]int32, len(a)+1)
	for i := range table {
		table[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				table[i][j] = table[i+1][j+1] + 1
			} else {
				table[i][j] = max(table[i+1][j], table[i][j+1])
			}
		}
	}
	return table
}

// diffRow is one row of a side-by-side comparison.
type diffRow struct {
	Left, Right diffLine // zero when that side is empty
	Skipped     int      // lines left out here, in place of both sides
	Comments    []workbench.Comment
}

// Changed tells whether the sides differ.
func (r diffRow) Changed() bool { return r.Skipped == 0 && (r.Left.Kind == '-' || r.Right.Kind == '+') }

// around is how many equal lines are shown beside a change.
const around = 3

// sideBySide lays a comparison out in two columns and leaves out what is far from any change or remark.
func sideBySide(lines []diffLine, comments []workbench.Comment) []diffRow {
	rows := pairUp(lines)
	for i := range rows {
		for _, c := range comments {
			if c.Line > 0 && rows[i].Right.New == c.Line {
				rows[i].Comments = append(rows[i].Comments, c)
			}
		}
	}
	near := make([]bool, len(rows))
	for i, r := range rows {
		if r.Changed() || len(r.Comments) > 0 {
			for k := max(0, i-around); k <= min(len(rows)-1, i+around); k++ {
				near[k] = true
			}
		}
	}
	var out []diffRow
	for i := 0; i < len(rows); {
		if near[i] {
			out = append(out, rows[i])
			i++
			continue
		}
		end := i
		for end < len(rows) && !near[end] {
			end++
		}
		out = append(out, diffRow{Skipped: end - i})
		i = end
	}
	return out
}

// pairUp puts lines that went beside lines that came.
func pairUp(lines []diffLine) []diffRow {
	var rows []diffRow
	for i := 0; i < len(lines); {
		if lines[i].Kind == ' ' {
			rows = append(rows, diffRow{Left: lines[i], Right: lines[i]})
			i++
			continue
		}
		var gone, fresh []diffLine
		for ; i < len(lines) && lines[i].Kind != ' '; i++ {
			if lines[i].Kind == '-' {
				gone = append(gone, lines[i])
			} else {
				fresh = append(fresh, lines[i])
			}
		}
		for k := range max(len(gone), len(fresh)) {
			var r diffRow
			if k < len(gone) {
				r.Left = gone[k]
			}
			if k < len(fresh) {
				r.Right = fresh[k]
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// wholeRemarks are the remarks that stand on no line of the file that is shown.
func wholeRemarks(comments []workbench.Comment, path string) []workbench.Comment {
	return slices.DeleteFunc(slices.Clone(comments), func(c workbench.Comment) bool { return c.Path != path || c.Line > 0 })
}
