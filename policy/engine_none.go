package policy

import "layak/internal/fault"

// NoEngine stands where no rules could be loaded: its Hash is "", and each decision is fault.Unavailable
// with a sentence for the desk. It lists no rules and no parameters, and it does not route.
func NoEngine() *Engine { return &Engine{none: true} }

// errNoEngine is what the desk reads.
var errNoEngine = fault.New(fault.Unavailable, "rules_not_loaded",
	"Hasil cek belum dapat dihitung karena aturan yang berlaku tidak dapat dimuat di server ini. Beri tahu administrator.")
