// Package worker runs rules that nobody has answered for yet (drafts, their tests, previews) in a
// child process that can be killed. Rego has no limit of its own for memory, and some of its
// functions do not look at a deadline; a process that is ended from outside has both. The package
// owns the pipes, the limits and the sentences an officer reads when a rule was cut off. It knows
// rules only through package policy, and it must never know databases, HTTP, or whose facts it
// carries: nothing of a request is logged or kept.
//
// The child is the same binary. It gets an empty environment, no open file but its pipes, and ends
// with its parent.
package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"layak/policy"
)

// Limits bound what one request may cost. The zero value of a field means the usual one. Times are of
// the processor, not of the clock: rules that do little must not be cut off because others do much. On a
// machine that is busy a request ends after patience(time) by the clock, with words that blame the machine.
type Limits struct {
	Time          time.Duration // Verify, Format, Decide, Explain
	Tests         time.Duration // Test: a rule set has hundreds of them
	Memory        int64         // bytes resident in memory
	SessionTime   time.Duration // one call of a Session
	SessionMemory int64         // bytes resident in memory, for a Session
	Wait          time.Duration // by the clock, for a free child, and again until a new one is ready
}

// Usual are the limits of the service and of the command line.
var Usual = Limits{
	Time: 2 * time.Second, Tests: 20 * time.Second, Memory: 256 << 20,
	SessionTime: time.Minute, SessionMemory: 768 << 20, Wait: 15 * time.Second,
}

func (l Limits) orUsual() Limits {
	set := func(d *time.Duration, usual time.Duration) {
		if *d <= 0 {
			*d = usual
		}
	}
	set(&l.Time, Usual.Time)
	set(&l.Tests, Usual.Tests)
	set(&l.SessionTime, Usual.SessionTime)
	set(&l.Wait, Usual.Wait)
	if l.Memory <= 0 {
		l.Memory = Usual.Memory
	}
	if l.SessionMemory <= 0 {
		l.SessionMemory = Usual.SessionMemory
	}
	return l
}

// How many children there are at most, and how long one waits for its next request.
const (
	mostChildren = 2
	mostSessions = 1
	idleFor      = 10 * time.Minute
)

// Pool keeps a few warm children. It is safe for many goroutines; a request waits a while when all
// children are busy. The children of a pool that nobody asks end by themselves.
type Pool struct {
	limits   Limits
	busy     chan struct{} // one token for each request that runs
	sessions chan struct{}

	mu     sync.Mutex
	idle   []*child
	closed bool
}

// New makes a pool; the first child starts with the first request, or with Warm.
func New(l Limits) *Pool {
	return &Pool{limits: l.orUsual(), busy: make(chan struct{}, mostChildren), sessions: make(chan struct{}, mostSessions)}
}

// Warm starts a child in the background, so that the first request does not wait for it.
func (p *Pool) Warm() {
	p.mu.Lock()
	have := len(p.idle) + len(p.busy)
	closed := p.closed
	p.mu.Unlock()
	if closed || have > 0 {
		return
	}
	go func() {
		c, err := start(p.limits.Memory, forRequests, p.limits.Wait)
		if err == nil {
			p.giveBack(c)
		}
	}()
}

// Close ends all children; requests that run are cut off.
func (p *Pool) Close() {
	p.mu.Lock()
	idle := p.idle
	p.idle, p.closed = nil, true
	p.mu.Unlock()
	for _, c := range idle {
		c.end()
	}
}

// take gives an idle child or starts one.
func (p *Pool) take() (*child, error) {
	p.mu.Lock()
	closed := p.closed
	var c *child
	if n := len(p.idle); n > 0 {
		c, p.idle = p.idle[n-1], p.idle[:n-1]
	}
	p.mu.Unlock()
	switch {
	case closed:
		return nil, errors.New("the pool of rule workers is closed")
	case c != nil && c.leave():
		return c, nil
	}
	return start(p.limits.Memory, forRequests, p.limits.Wait)
}

// giveBack keeps a healthy child for the next request.
func (p *Pool) giveBack(c *child) {
	if c.worn() {
		c.end()
		return
	}
	p.mu.Lock()
	keep := !p.closed && len(p.idle) < mostChildren
	if keep {
		c.rest(idleFor, func() { p.drop(c) })
		p.idle = append(p.idle, c)
	}
	p.mu.Unlock()
	if !keep {
		c.end()
	}
}

// drop ends a child that waited too long.
func (p *Pool) drop(c *child) {
	p.mu.Lock()
	for i, other := range p.idle {
		if other == c {
			p.idle = append(p.idle[:i], p.idle[i+1:]...)
			break
		}
	}
	p.mu.Unlock()
	c.end()
}

// ask sends one request to a child of the pool and reads the value of its answer.
func ask[T any](ctx context.Context, p *Pool, op string, limit time.Duration, args any) (out T, err error) {
	body, err := json.Marshal(args)
	if err != nil {
		return out, fmt.Errorf("encode %s for the rule worker: %w", op, err)
	}
	err = turn(ctx, p.busy, p.limits.Wait)
	if err != nil {
		return out, err
	}
	defer func() { <-p.busy }()
	c, err := p.take()
	if err != nil {
		return out, fmt.Errorf("start rule worker: %w", err)
	}
	answer, err := c.exchange(ctx, request{Op: op, Args: body}, limit)
	if c.alive() {
		p.giveBack(c)
	} else {
		go p.replace()
	}
	if err != nil {
		return out, err
	}
	return read[T](op, answer)
}

// replace starts a child in the place of one that was killed, before somebody waits for it.
func (p *Pool) replace() {
	c, err := start(p.limits.Memory, forRequests, p.limits.Wait)
	if err == nil {
		p.giveBack(c)
	}
}

func read[T any](op string, r reply) (out T, err error) {
	if err = r.err(op); err != nil {
		return out, err
	}
	err = json.Unmarshal(r.Value, &out)
	if err != nil {
		return out, fmt.Errorf("read answer of the rule worker to %s: %w", op, err)
	}
	return out, nil
}

// Verify is policy.Verify in a child. Like every method of Pool it gives fault.Invalid with a
// sentence for the officer when the rules were cut off, and fault.Unavailable when ctx ended first or
// the machine was too busy to say anything about them.
func (p *Pool) Verify(ctx context.Context, b policy.Bundle) ([]policy.Problem, error) {
	if found := b.Oversized(); len(found) > 0 { // which the pipe need not carry
		return found, nil
	}
	return ask[[]policy.Problem](ctx, p, opVerify, p.limits.Time, bundleArgs{b})
}

// Format is policy.Format in a child.
func (p *Pool) Format(ctx context.Context, b policy.Bundle) (policy.Bundle, []string, error) {
	out, err := ask[formatValue](ctx, p, opFormat, p.limits.Time, bundleArgs{b})
	return out.Bundle, out.Changed, err
}

// Test is policy.Test in a child.
func (p *Pool) Test(ctx context.Context, b policy.Bundle) (policy.TestReport, error) {
	return ask[policy.TestReport](ctx, p, opTest, p.limits.Tests, bundleArgs{b})
}

// Decide gives the decisions of the rules on the inputs, in their order. All of them share the time
// of one request.
func (p *Pool) Decide(ctx context.Context, b policy.Bundle, inputs []policy.Input) ([]policy.Decision, error) {
	return ask[[]policy.Decision](ctx, p, opDecide, p.limits.Time, decideArgs{b, inputs})
}

// Explain is policy.Explain in a child.
func (p *Pool) Explain(ctx context.Context, b policy.Bundle, in policy.Input) (policy.Explanation, error) {
	return ask[policy.Explanation](ctx, p, opExplain, p.limits.Time, decideArgs{b, []policy.Input{in}})
}

// Route gives what the rules of routing say about the complaints, in their order. All of them share
// the time of one request.
func (p *Pool) Route(ctx context.Context, b policy.Bundle, complaints []policy.RoutingInput) ([]policy.Routing, error) {
	return ask[[]policy.Routing](ctx, p, opRoute, p.limits.Time, routeArgs{b, complaints})
}
