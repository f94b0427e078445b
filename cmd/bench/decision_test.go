package main

import "testing"

func TestFiguresReadsOneBenchmarkLine(t *testing.T) {
	out := []byte("goos: linux\n" +
		"BenchmarkDecide-2          \t    3288\t    341801 ns/op\t   42525 B/op\t     850 allocs/op\n" +
		"BenchmarkDecideParallel-2  \t    3207\t    200000 ns/op\t   47329 B/op\t     922 allocs/op\n" +
		"PASS\n")
	if got, want := figures(out, "BenchmarkDecide"), (figure{341.801, 42525, 850}); got != want {
		t.Errorf("Decide: %v, want %v", got, want)
	}
	if got := figures(out, "BenchmarkDecideParallel").micros; got != 200 {
		t.Errorf("DecideParallel: %v µs, want 200", got)
	}
	if got := figures(out, "BenchmarkLean"); got != (figure{}) {
		t.Errorf("a benchmark that did not run: %v", got)
	}
}
