package policy

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
)

// raisedLimit is the change that officers ask about most: one number of the parameters.
func raisedLimit(tb testing.TB) Bundle {
	tb.Helper()
	const old = "\"max_desil\": [\n      {\"value\": "
	src := string(Shipped().Files[paramsFile])
	if !strings.Contains(src, old) {
		tb.Fatal("the limit is not where it was")
	}
	return Shipped().with(paramsFile, []byte(strings.Replace(src, old+"5", old+"6", 1)))
}

func engineOf(tb testing.TB, b Bundle) *Engine {
	tb.Helper()
	e, err := NewEngine(tb.Context(), b)
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

// tuplesOf gives the different values that a use has among drawn residents.
func tuplesOf(tb testing.TB, u ColumnUse, people []Input) [][]any {
	tb.Helper()
	seen := map[string]bool{}
	var out [][]any
	for i := range people {
		tuple := make([]any, len(u.Columns))
		for k, c := range u.Columns {
			tuple[k] = columnOf(&people[i], c)
		}
		name, err := json.Marshal(tuple)
		if err != nil {
			tb.Fatal(err)
		}
		if !seen[string(name)] {
			seen[string(name)] = true
			out = append(out, tuple)
		}
	}
	return out
}

// BenchmarkNewEngine is the compiling of one rule set, which a preview does twice.
func BenchmarkNewEngine(b *testing.B) {
	shipped := Shipped()
	for b.Loop() {
		engineOf(b, shipped)
	}
}

// BenchmarkDistinguish is the reading of two compiled rule sets.
func BenchmarkDistinguish(b *testing.B) {
	base, draft := engineOf(b, Shipped()), engineOf(b, raisedLimit(b))
	for b.Loop() {
		_, err := Distinguish(b.Context(), populationFrame, base, draft)
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkClasses asks all conditions about all values of 20,000 residents.
func BenchmarkClasses(b *testing.B) {
	d, err := Distinguish(b.Context(), populationFrame, engineOf(b, Shipped()), engineOf(b, raisedLimit(b)))
	if err != nil {
		b.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 1))
	people := make([]Input, 20_000)
	for i := range people {
		people[i] = someone(r, populationFrame)
	}
	uses := d.Columns()
	tuples := make([][][]any, len(uses))
	total := 0
	for i, u := range uses {
		tuples[i] = tuplesOf(b, u, people)
		total += len(tuples[i])
	}
	b.ReportMetric(float64(total), "values")
	for b.Loop() {
		for i, u := range uses {
			if _, err := d.Classes(b.Context(), u.Columns, tuples[i]); err != nil {
				b.Fatal(err)
			}
		}
	}
}
