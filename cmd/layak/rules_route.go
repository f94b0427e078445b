package main

import (
	"context"
	"log/slog"

	"layak/policy"
)

// Route implements complaints.Router by the rules in force. Rules that were written before there was
// routing leave it to the shipped ones, and so do rules whose routing fails: a complaint of somebody
// who is ill must not be turned away because of a slip in a rule. The revision says whose word it is,
// the log what failed.
func (b *ruleBook) Route(ctx context.Context, in policy.RoutingInput) (policy.Routing, string, error) {
	active := b.active.Load()
	if active.CanRoute() {
		r, err := active.Route(ctx, in)
		if err == nil || ctx.Err() != nil {
			return r, active.Hash(), err
		}
		b.log.ErrorContext(ctx, "routing failed, the shipped rules route instead", "revision", active.Hash(), "error", err)
	}
	shipped, err := b.shippedEngine(ctx)
	if err != nil {
		return policy.Routing{}, "", err
	}
	r, err := shipped.Route(ctx, in)
	return r, shipped.Hash(), err
}

// shippedEngine compiles the shipped rules the first time they are needed.
func (b *ruleBook) shippedEngine(ctx context.Context) (*policy.Engine, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shipped != nil {
		return b.shipped, nil
	}
	engine, err := policy.NewEngine(context.WithoutCancel(ctx), policy.Shipped())
	if err != nil {
		return nil, err
	}
	b.shipped = engine
	return engine, nil
}

// tell says in the log when the rules in force do not route.
func (b *ruleBook) tell(ctx context.Context, log *slog.Logger) {
	if engine := b.active.Load(); !engine.CanRoute() {
		log.WarnContext(ctx, "the rules in force hold no routing, complaints are routed by the shipped rules", "revision", engine.Hash())
	}
}
