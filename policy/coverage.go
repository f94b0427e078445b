package policy

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
)

// coverageReasons says OPA's reasons for a line that no test reached in words.
var coverageReasons = map[cover.Kind]string{
	cover.KindIndexExcluded: "Dilewati mesin: syarat pertamanya tidak cocok dengan fakta uji mana pun.",
	cover.KindEarlyExit:     "Dilewati mesin: jawabannya sudah pasti sebelum baris ini.",
}

const neverAsked = "Belum ada uji yang sampai ke baris ini."

// coverageOf turns OPA's ranges into lines, tests left out. A line that is partly reached counts as not
// covered: that is where the missing case hides.
func coverageOf(covered *cover.Cover, l *loaded) (files []FileCoverage, percent float64) {
	modules := maps.Clone(l.modules)
	if l.routing != nil {
		maps.Copy(modules, l.routing.modules)
	}
	report := covered.Report(modules)
	reached, all := 0, 0
	files = []FileCoverage{}
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		f := linesOf(name, modules[name], report.Files[name])
		yes, no := countLines(f.Covered), countLines(f.NotCovered)
		reached, all = reached+yes, all+yes+no
		f.Percent = share(yes, yes+no)
		files = append(files, f)
	}
	return files, share(reached, all)
}

// linesOf gives each line of the file one state. A head that spans its whole rule says nothing about
// the lines of its body, so only its own line counts.
func linesOf(name string, mod *ast.Module, r *cover.FileReport) FileCoverage {
	f := FileCoverage{File: name, Covered: []LineRange{}, NotCovered: []LineRange{}}
	if r == nil {
		return f
	}
	const hit = "+"
	lines := map[int]string{} // row: hit, or the reason
	for _, rng := range r.Covered {
		for row := rng.Start.Row; row <= rng.End.Row; row++ {
			lines[row] = hit
		}
	}
	for _, rng := range r.NotCovered {
		kinds := make([]string, len(rng.Kinds))
		for i, k := range rng.Kinds {
			kinds[i] = string(k)
		}
		for row := rng.Start.Row; row <= rng.End.Row; row++ {
			lines[row] = cmp.Or(strings.Join(kinds[:min(1, len(kinds))], ""), "-")
		}
	}
	for _, row := range slices.Sorted(maps.Keys(lines)) {
		state := lines[row]
		if state == hit {
			f.Covered = extend(f.Covered, LineRange{From: row, To: row})
			continue
		}
		missed := LineRange{From: row, To: row, Words: neverAsked}
		if state != "-" {
			missed.Reason, missed.Words = state, coverageReasons[cover.Kind(state)]
		}
		f.NotCovered = extend(f.NotCovered, missed)
	}
	return f
}

// extend adds a line to the last range when it follows it for the same reason.
func extend(ranges []LineRange, line LineRange) []LineRange {
	if n := len(ranges); n > 0 && ranges[n-1].To+1 == line.From && ranges[n-1].Reason == line.Reason {
		ranges[n-1].To = line.To
		return ranges
	}
	return append(ranges, line)
}

func countLines(ranges []LineRange) int {
	n := 0
	for _, r := range ranges {
		n += r.To - r.From + 1
	}
	return n
}

// share is a percentage with one decimal; nothing to reach is wholly reached.
func share(part, whole int) float64 {
	if whole == 0 {
		return 100
	}
	return math.Round(float64(part)*1000/float64(whole)) / 10
}
