package workbench

import (
	"context"
	"strings"
	"sync"
	"time"

	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// Checker looks at rules that nobody has approved yet, in a process of its own that can be killed.
// A rule set that is cut off comes back as a fault that an officer understands.
type Checker interface {
	Verify(ctx context.Context, b policy.Bundle) ([]policy.Problem, error)
	Test(ctx context.Context, b policy.Bundle) (policy.TestReport, error)
}

// Impacts finds what was computed about rules over the registry.
type Impacts interface {
	// Impact gives the newest finished preview of the rules against others, on the registry of today and
	// for the day on which their numbers begin; fault.NotFound otherwise: impact_not_found when nothing was
	// computed, any other code with a sentence that says what is amiss with what was.
	Impact(ctx context.Context, hash, base string) (Impact, error)
	// Looked tells whether a preview of the rules against others was computed and is sound, whatever the day
	// was and the registry is by now.
	Looked(ctx context.Context, hash, base string) (bool, error)
	// Replay gives the newest finished replay of the rules against others; fault.NotFound when there is none.
	Replay(ctx context.Context, hash, base string) (Replay, error)
	// Beside tells what a change asks for beside the preview, and what of that was done.
	Beside(ctx context.Context, base, draft policy.Bundle) (Beside, error)
}

// Service is the life of rules. Store, Checker and Impacts are required. Whoever acts is taken from
// the context.
type Service struct {
	Store   Store
	Checker Checker
	Impacts Impacts
	Clock   func() time.Time
	Zone    *time.Location // in which the days of freezes and activations are counted
	// Large is the share of the registry, in percent, whose answer may change before the proposer has
	// to type the number of people; 0 is LargeChange.
	Large int
	// Loads is nil when the program can decide by the rules of a revision, Conflict (revision_unloadable)
	// with a sentence when it cannot; nothing comes into force then. Without it nobody asks.
	Loads func(ctx context.Context, hash string) error
	// Switched is told after other rules came into force here, so that this process need not wait
	// for its own look; it may be nil.
	Switched func(ctx context.Context, hash string)

	mu   sync.Mutex
	seen map[string]looked // by hash; the same bytes give the same answer
}

// looked is what the checker found about a set of rules.
type looked struct {
	problems []policy.Problem
	tests    policy.TestReport
}

// mostSeen bounds how many sets of rules are remembered.
const mostSeen = 32

// look asks the checker about rules, once for the same bytes. Tests run when nothing blocks.
func (s *Service) look(ctx context.Context, hash string, b policy.Bundle) (looked, error) {
	s.mu.Lock()
	l, known := s.seen[hash]
	s.mu.Unlock()
	if known {
		return l, nil
	}
	var err error
	l.problems, err = s.Checker.Verify(ctx, b)
	if err != nil {
		return l, err
	}
	if blocking(l.problems) == 0 {
		l.tests, err = s.Checker.Test(ctx, b)
		if err != nil {
			return l, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen == nil || len(s.seen) >= mostSeen {
		s.seen = map[string]looked{}
	}
	s.seen[hash] = l
	return l, nil
}

// LargeChange is the usual share, in percent, of the registry above which a change is large.
const LargeChange = 10

func (s *Service) now() time.Time {
	if s.Clock == nil {
		return time.Now()
	}
	return s.Clock()
}

func (s *Service) zone() *time.Location {
	if s.Zone == nil {
		return time.UTC
	}
	return s.Zone
}

func (s *Service) large() int64 {
	if s.Large == 0 {
		return LargeChange
	}
	return int64(s.Large)
}

// may gives the actor when he holds the permission.
func may(ctx context.Context, p auth.Permission) (auth.Actor, error) {
	actor := auth.From(ctx)
	return actor, actor.Require(p)
}

// entry is the trail entry of an act on rules.
func entry(a auth.Actor, act, object, id string, payload []byte) audit.Entry {
	return audit.Entry{Actor: a.Name, Act: act, Object: object, ObjectID: id, Payload: payload}
}

// person is who stands behind an actor: the same one may come by a session, a token or the command
// line of the server.
func person(actor string) string {
	actor = strings.TrimPrefix(actor, "os:")
	if token, ok := strings.CutPrefix(actor, "token:"); ok {
		actor, _, _ = strings.Cut(token, "/")
	}
	return strings.ToLower(actor)
}

// reasonOf trims a reason and asks for one.
func reasonOf(text, field, message string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", fault.New(fault.Invalid, "reason_missing", message).At(field, message)
	}
	if len([]rune(text)) > maxText {
		const long = "Tulisan ini terlalu panjang. Paling banyak 2.000 huruf."
		return "", fault.New(fault.Invalid, "text_long", long).At(field, long)
	}
	return text, nil
}

const maxText = 2000
