package eligibility

import (
	"context"
	"strings"
	"unicode/utf8"

	"layak/internal/fault"
)

// Prove gives a stored determination to someone who takes it away as a proof. That he did stands in the
// trail with the purpose, which is required, since the facts of a person leave the installation.
func (c *Checker) Prove(ctx context.Context, id, purpose string) (Determination, error) {
	purpose, told := purposeOf(purpose)
	if !told {
		return Determination{}, fault.New(fault.Invalid, "purpose_missing", "Tulis singkat untuk apa bukti ini dibuat.").
			At("purpose", "Tulis keperluannya, misalnya: sengketa biaya di rumah sakit.")
	}
	return c.look(ctx, id, "determination.prove", purpose)
}

// purposeOf trims what somebody wrote down as his reason and tells whether it says anything.
func purposeOf(text string) (string, bool) {
	text = strings.TrimSpace(text)
	n := utf8.RuneCountInString(text)
	return text, n >= 4 && n <= 200
}
