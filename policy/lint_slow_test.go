package policy

import (
	"testing"
	"time"
)

// TestSlowPathIsNamed: the shipped rules are told apart by conditions; an answer that reads more of a
// finding than its code and verdict is not, and that is said.
func TestSlowPathIsNamed(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.FixedZone("WIB", 7*3600))
	frame := Frame{At: at, ServiceOn: "2026-11-22", Office: Office{Regency: "35.09"}}
	found, err := SlowPath(t.Context(), Shipped(), frame)
	if err != nil || len(found) > 0 {
		t.Fatal(err, found)
	}
	hard := []byte("package layak.eligibility\n\nservice_advice := \"none\" if {\n\tsome f in findings\n\tf.limit == \"x\"\n}\n")
	found, err = SlowPath(t.Context(), Shipped().with("hard.rego", hard), frame)
	if err != nil || len(found) != 1 || found[0].Code != "slow_path" || found[0].Blocks() || found[0].Detail == "" {
		t.Fatal(err, found)
	}
	if _, err := SlowPath(t.Context(), Shipped().with("hard.rego", []byte("x {")), frame); err == nil {
		t.Error("rules that do not load have a path")
	}
}
