package main

import (
	"context"
	"log/slog"

	"layak/policy"
)

// Route implements complaints.Router by the rules in force. Rules that were written before there was
// routing leave it to the shipped ones; the revision says whose word it is.
func (b *ruleBook) Route(ctx context.Context, in policy.RoutingInput) (policy.Routing, string, error) {
	engine := b.active.Load()
	if !engine.CanRoute() {
		var err error
		engine, err = b.shippedEngine(ctx)
		if err != nil {
			return policy.Routing{}, "", err
		}
	}
	r, err := engine.Route(ctx, in)
	return r, engine.Hash(), err
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
