package policy

import (
	"fmt"
	"testing"
)

// BenchmarkVerify is what the editor waits for after a pause in typing, in which one file changed: 150 ms at
// most, with HTTP and the pipe.
func BenchmarkVerify(b *testing.B) {
	bundle := Shipped()
	if _, err := Verify(b.Context(), bundle); err != nil {
		b.Fatal(err)
	}
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		n++
		typed := bundle.with("need.rego", fmt.Appendf(bundle.Files["need.rego"], "\nnumber_%d if desil < %d\n", n, n))
		if _, err := Verify(b.Context(), typed); err != nil {
			b.Fatal(err)
		}
	}
}
