package policy

import (
	"os"
	"runtime/debug"
	"testing"
)

// TestMain collects garbage less often than a service may: a fifth of the processor time of these tests went
// into it, at a heap of a few dozen megabytes.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(1 << 30)
	os.Exit(m.Run())
}
