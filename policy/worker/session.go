package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"layak/policy"
)

// Session asks a few rule sets about a whole population. It holds one child with limits of its own
// until Close; calls of several goroutines go one after another.
type Session struct {
	pool  *Pool
	child *child
	limit time.Duration

	mu     sync.Mutex
	opened opened
	ended  error // why the child was cut off; nil while it lives, and after Close
}

// opened is what the child found out about the rules when it took them.
type opened struct {
	Path      policy.Path
	Why       string
	Columns   []policy.ColumnUse
	Household bool
}

type (
	openArgs struct {
		Frame   policy.Frame
		Bundles []policy.Bundle
	}
	classesArgs struct {
		Columns []string
		Tuples  json.RawMessage // a list of lists of values
	}
	briefsArgs struct {
		Index  int
		Inputs []policy.Input
	}
)

// Open starts a child that holds the rule sets, in their order, for questions about a population
// within the frame. The caller has to Close it. It waits while another session is open, but not for ever. Errors of
// Open and of the methods are those of Pool.
func (p *Pool) Open(ctx context.Context, f policy.Frame, bundles ...policy.Bundle) (*Session, error) {
	err := turn(ctx, p.sessions, p.limits.SessionTime) // the one before it has as long for a call
	if err != nil {
		return nil, err
	}
	c, err := start(p.limits.SessionMemory, forSession, p.limits.Wait)
	if err != nil {
		<-p.sessions
		return nil, fmt.Errorf("start rule worker: %w", err)
	}
	s := &Session{pool: p, child: c, limit: p.limits.SessionTime}
	s.opened, err = tell[opened](ctx, s, opOpen, openArgs{f, bundles})
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Close ends the child. It may be called again.
func (s *Session) Close() {
	s.child.end()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pool != nil {
		<-s.pool.sessions
		s.pool = nil
	}
}

// Path says by what residents are told apart, and why not by conditions.
func (s *Session) Path() (path policy.Path, why string) { return s.opened.Path, s.opened.Why }

// Columns lists the columns that the rules read, as (*policy.Distinction).Columns does.
func (s *Session) Columns() []policy.ColumnUse { return s.opened.Columns }

// ReadsHousehold tells whether one of the rule sets does, as (*policy.Engine).ReadsHousehold says.
func (s *Session) ReadsHousehold() bool { return s.opened.Household }

// Classes gives the class of each distinct tuple of values of the columns of a policy.ColumnUse, as
// (*policy.Distinction).Classes does. Values are nil, string, int or bool, those of policy.Members
// []policy.Member.
func (s *Session) Classes(ctx context.Context, columns []string, tuples [][]any) ([]uint32, error) {
	if s.tellsAll(columns) { // millions of values need not go through the pipe
		classes := make([]uint32, len(tuples))
		for i := range classes {
			classes[i] = uint32(i)
		}
		return classes, nil
	}
	data, err := json.Marshal(tuples)
	if err != nil {
		return nil, fmt.Errorf("encode values of %s: %w", columns, err)
	}
	return tell[[]uint32](ctx, s, opClasses, classesArgs{columns, data})
}

// tellsAll tells whether each value of the columns is a class of its own.
func (s *Session) tellsAll(columns []string) bool {
	return slices.ContainsFunc(s.opened.Columns, func(u policy.ColumnUse) bool {
		return u.Whole && slices.Equal(u.Columns, columns)
	})
}

// Briefs gives what rule set i, counted from 0 in the order of Open, says about each input.
func (s *Session) Briefs(ctx context.Context, i int, inputs []policy.Input) ([]policy.Brief, error) {
	return tell[[]policy.Brief](ctx, s, opBriefs, briefsArgs{i, inputs})
}

// Decide gives what rule set i says about each input when it decides in full, words included, as a check
// does. What a caller holds Briefs against must not come from a shorter way.
func (s *Session) Decide(ctx context.Context, i int, inputs []policy.Input) ([]policy.Brief, error) {
	return tell[[]policy.Brief](ctx, s, opSingle, briefsArgs{i, inputs})
}

// tell sends one request to the child of the session. Once the child was cut off, every further request
// gets the error that said so.
func tell[T any](ctx context.Context, s *Session, op string, args any) (out T, err error) {
	body, err := json.Marshal(args)
	if err != nil {
		return out, fmt.Errorf("encode %s for the rule worker: %w", op, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended != nil {
		return out, s.ended
	}
	if !s.child.alive() {
		return out, errors.New("the session of the rule worker is closed")
	}
	answer, err := s.child.exchange(ctx, request{Op: op, Args: body}, s.limit)
	if err != nil {
		s.ended = err
		return out, err
	}
	return read[T](op, answer)
}
