package policy

import "testing"

// BenchmarkVerify is what the editor waits for after a pause in typing: 150 ms at most.
func BenchmarkVerify(b *testing.B) {
	bundle := Shipped()
	for b.Loop() {
		if _, err := Verify(b.Context(), bundle); err != nil {
			b.Fatal(err)
		}
	}
}
