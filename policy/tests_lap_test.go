package policy

import (
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
