package eligibility

import (
	"context"
	"fmt"

	"layak/internal/auth"
	"layak/policy"
)

// Known gives the facts on which a check would be decided now: what the registry says about the
// subject, joined with the papers of the request. Nothing is decided, stored or recorded: who looks,
// and why, is for the caller to record.
func (c *Checker) Known(ctx context.Context, req Request) (policy.Input, error) {
	req, err := c.complete(req)
	if err != nil {
		return policy.Input{}, err
	}
	found, err := c.gather(ctx, req, auth.From(ctx))
	if err != nil {
		return policy.Input{}, fmt.Errorf("gather facts: %w", err)
	}
	return found.input, nil
}
