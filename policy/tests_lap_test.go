package policy

import (
	"context"
	"strings"
	"testing"
	"time"
)

// TestLapCountsProcessorTime: the clock alone ends nothing, and neither does what was used before.
func TestLapCountsProcessorTime(t *testing.T) {
	const limit = 30 * time.Millisecond
	idle := beginLap(WithMeter(t.Context(), func() (time.Duration, bool) { return time.Hour, true }), limit)
	defer idle.stop()
	time.Sleep(5 * limit)
	if idle.over() || idle.Err() != nil {
		t.Error("ended though it used nothing since it began")
	}
	start := time.Now()
	busy := beginLap(WithMeter(t.Context(), func() (time.Duration, bool) { return time.Since(start), true }), limit)
	defer busy.stop()
	<-busy.Done()
	if !busy.over() {
		t.Error("ended without a reason")
	}
	blind := beginLap(t.Context(), limit)
	defer blind.stop()
	time.Sleep(2 * limit)
	if blind.over() || blind.Err() != nil {
		t.Error("ended though nobody measures it")
	}
}

// TestATestThatNeverEnds is named, and the tests after it still run.
func TestATestThatNeverEnds(t *testing.T) {
	was := testTimeout
	testTimeout = 2 * time.Second
	defer func() { testTimeout = was }()
	files := map[string][]byte{}
	for name, src := range Shipped().Files {
		if !strings.HasSuffix(name, "_test.rego") {
			files[name] = src
		}
	}
	some := ""
	for _, v := range strings.Fields("a b c d e f g h i j") {
		some += "\tsome " + v + " in l\n"
	}
	files["mine_test.rego"] = []byte("package layak.eligibility_test\n\nl := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]\n\n" +
		"test_a if count(l) == 15\n\ntest_b if {\n" + some + "\ta + b + c + d + e + f + g + h + i + j == 0\n}\n\ntest_c if l[0] == 1\n\ntest_d if l[0] == 2\n")
	start := time.Now() // the clock as the meter: on a busy machine nothing else comes to its end first
	ctx := WithMeter(context.WithoutCancel(t.Context()), func() (time.Duration, bool) { return time.Since(start), true })
	report, err := Test(ctx, Bundle{Files: files})
	if err != nil {
		t.Fatal(err)
	}
	if report.Passed != 2 || report.Failed != 2 || len(report.Results) != 4 {
		t.Fatalf("%d passed, %d failed of %d", report.Passed, report.Failed, len(report.Results))
	}
	if m := report.Results[1].Message; !strings.Contains(m, "belum selesai dihitung dalam 2 detik") {
		t.Errorf("of the one that never ends: %s", m)
	}
	if m := report.Results[3].Message; !strings.Contains(m, "tidak terpenuhi") {
		t.Errorf("of the one that fails: %s", m)
	}
}

// TestRestIsNobodysTime: compiling takes as long as it takes.
func TestRestIsNobodysTime(t *testing.T) {
	start := time.Now()
	l := beginLap(WithMeter(t.Context(), func() (time.Duration, bool) { return time.Since(start), true }), 10*time.Millisecond)
	defer l.stop()
	l.rest()
	time.Sleep(5 * lapEvery)
	if l.over() || l.Err() != nil {
		t.Error("ended while it rested")
	}
	l.again()
	<-l.Done()
	if !l.over() {
		t.Error("ended without a reason")
	}
}
