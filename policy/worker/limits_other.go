//go:build !linux && !windows

package worker

import "os/exec"

// dieWithParent needs nothing here: the child ends when its input does.
func dieWithParent(*exec.Cmd) {}

// limitSelf leaves the time to the parent; memory is bounded by the runtime's own soft limit only.
func limitSelf(int64) error { return nil }

func residentBytes(int) int64 { return 0 }

func processorSeconds() float64 { return 0 }

// peakBytes is told on Linux only.
func peakBytes(int) int64 { return 0 }
