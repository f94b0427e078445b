package policy

import (
	"fmt"
	"testing"
)

// BenchmarkVerify is what the editor waits for after a pause in typing, in which one file changed: 150 ms at
// most, with HTTP and the pipe.
func BenchmarkVerify(b *testing.B) {
	bundle := Shipped()
	n := 0
	for b.Loop() {
		n++
		typed := bundle.with("need.rego", fmt.Appendf(bundle.Files["need.rego"], "\n# %d\n", n))
		if _, err := Verify(b.Context(), typed); err != nil {
			b.Fatal(err)
		}
	}
}
