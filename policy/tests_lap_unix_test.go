//go:build unix

package policy

import (
	"context"
	"strings"
	"syscall"
	"testing"
	"time"
)

// processorTime is what this process has used: on a busy machine the clock says nothing of a test.
func processorTime() (time.Duration, bool) {
	var used syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()), err == nil
}

// TestATestThatNeverEnds is named, and the tests after it still run.
func TestATestThatNeverEnds(t *testing.T) {
	was := testTimeout
	testTimeout = time.Second
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
	ctx := WithMeter(context.WithoutCancel(t.Context()), processorTime)
	report, err := Test(ctx, Bundle{Files: files})
	if err != nil {
		t.Fatal(err)
	}
	if report.Passed != 2 || report.Failed != 2 || len(report.Results) != 4 {
		t.Fatalf("%d passed, %d failed of %d", report.Passed, report.Failed, len(report.Results))
	}
	if m := report.Results[1].Message; !strings.Contains(m, "belum selesai dihitung dalam 1 detik") {
		t.Errorf("of the one that never ends: %s", m)
	}
	if m := report.Results[3].Message; !strings.Contains(m, "tidak terpenuhi") {
		t.Errorf("of the one that fails: %s", m)
	}
}
