// Package impact owns the question what other rules would change: for everybody of the registry (a
// preview), and for answers that were given (a replay). It counts exactly, by deciding one of each
// class of residents whom the rules cannot tell apart, and holds itself against single decisions on
// every run; one difference voids the run.
//
// It must never know SQL, HTTP or OPA, and holds no rule of coverage. Rules that nobody approved are
// asked through Rules, which package main keeps over a process that can be killed. Results name nobody:
// samples carry a masked NIK.
package impact

import (
	"context"

	"layak/policy"
)

// Rules are two rule sets, the one in force (0) and the other (1), that are asked about a population.
// A session of a rule worker is one, and so is Open.
type Rules interface {
	// Path says by what residents are told apart, and why not by conditions.
	Path() (path policy.Path, why string)
	// Columns lists the columns by which they are told apart.
	Columns() []policy.ColumnUse
	// Classes gives the class of each distinct tuple of values of the columns of a use, from 0 up.
	Classes(ctx context.Context, columns []string, tuples [][]any) ([]uint32, error)
	// ReadsHousehold tells whether either rule set mentions the other members of the family card.
	ReadsHousehold() bool
	// Briefs gives what rule set i says about each input.
	Briefs(ctx context.Context, i int, in []policy.Input) ([]policy.Brief, error)
	// Decide gives what a check by rule set i would say: all of it was computed, words included. The
	// self-check holds Briefs against it.
	Decide(ctx context.Context, i int, in []policy.Input) ([]policy.Brief, error)
	Close()
}

// Opener makes Rules of rule sets within a frame.
type Opener func(ctx context.Context, frame policy.Frame, bundles ...policy.Bundle) (Rules, error)

// The two rule sets of a run.
const (
	base  = 0
	draft = 1
)
