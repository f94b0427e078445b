package workbench

import (
	"context"

	"layak/internal/fault"
)

// Unloadable is the code of the fault with which Loads refuses rules.
const Unloadable = "revision_unloadable"

// loads asks whether the program can decide by the rules, before anybody depends on it.
func (s *Service) loads(ctx context.Context, hash string) error {
	if s.Loads == nil {
		return nil
	}
	return s.Loads(ctx, hash)
}

// unloadable tells rules that cannot be loaded from a database that does not answer.
func unloadable(err error) bool {
	f := fault.As(err)
	return f != nil && f.Code == Unloadable
}
