//go:build !linux && !windows

package worker

import (
	"os/exec"
	"time"
)

// dieWithParent needs nothing here: the child ends when its input does.
func dieWithParent(*exec.Cmd) {}

// limitSelf leaves the time to the parent; memory is bounded by the runtime's own soft limit only.
func limitSelf(int64) error { return nil }

// stepBack is not done here.
func stepBack() error { return nil }

func residentBytes(int) int64 { return 0 }

// processorTime is not told here, so that the clock alone counts.
func processorTime(int) (time.Duration, bool) { return 0, false }

func ownTime() (time.Duration, bool) { return 0, false }

// peakBytes is told on Linux only.
func peakBytes(int) int64 { return 0 }
