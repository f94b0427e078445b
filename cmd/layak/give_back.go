package main

import (
	"context"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// giveBack returns to the system what the start and busy times needed and nobody needs any more: rules
// that were read and compiled, the compact registry that was made, what fifty people at once asked for.
// The runtime keeps room for twice of what lives and lets go of it over many minutes; the desks of a
// small office are quiet for most of the day, on a machine that has other work to do.
//
// It only does so when the service is quiet, because it costs a run of the collector.
func giveBack(ctx context.Context) {
	tick := time.NewTicker(lull)
	defer tick.Stop()
	var l leftovers
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if l.due(allocated()) {
			runtime.GC() // pools let go of what they hold at the second run: a compressor for each of fifty answers
			debug.FreeOSMemory()
		}
	}
}

const (
	lull      = 2 * time.Second // how often it looks
	calm      = 15              // quiet looks in a row before memory is given back
	quietWork = 2 << 20         // bytes that a quiet service may allocate between two looks, about five checks
	worth     = 16 << 20        // bytes that must have been allocated since, or there is little to give back
)

// leftovers tells when memory may be given back.
type leftovers struct {
	looked bool   // once
	calmed bool   // given back since the work of the start ended
	seen   uint64 // bytes allocated in all, at the last look
	given  uint64 // the same when memory was last given back
	quiet  int    // looks in a row at which the service was quiet
}

// due takes the bytes that were allocated in all since the start. The first look always finds something:
// the start itself. What follows it (a large registry is read) is waited for without patience, later
// work with it: a service that is asked every few seconds shall not run the collector each time.
func (l *leftovers) due(allocated uint64) bool {
	l.quiet++
	if allocated-l.seen > quietWork {
		l.quiet = 0
	}
	l.seen = allocated
	patience := calm
	if !l.calmed {
		patience = 1
	}
	switch {
	case !l.looked:
		l.looked = true
	case l.quiet < patience || allocated-l.given < worth:
		return false
	default:
		l.calmed = true
	}
	l.given = allocated
	return true
}

// allocated counts the bytes of all objects that were ever made.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
