package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

type policiesBody struct {
	Policies []policy.Revision `json:"policies"`
}

// policyBody is one revision with what stands in it.
type policyBody struct {
	policy.Revision
	Rules  []policy.Rule  `json:"rules"`  // in the order in which findings are shown
	Params []policy.Param `json:"params"` // newest first within a name
	// RoutingRules are the reasons of routing in their order; none in revisions of before routing.
	RoutingRules []policy.Rule `json:"routing_rules"`
	// Proposal is what was known when it was proposed and what was decided since; none of the shipped rules.
	Proposal *proposalBody `json:"proposal,omitempty"`

	checkParams, routingParams []policy.Param
}

// proposalBody is a proposal without its revision, which stands beside it.
type proposalBody struct {
	Base        string           `json:"base"`
	Editors     []string         `json:"editors"`
	ProposedAt  time.Time        `json:"proposed_at"`
	ProposedBy  string           `json:"proposed_by"`
	RejectedAt  *time.Time       `json:"rejected_at,omitempty"`
	RejectedBy  string           `json:"rejected_by,omitempty"`
	Reason      string           `json:"reason,omitempty"`
	ActivateAt  *time.Time       `json:"activate_at,omitempty"`
	ScheduledBy string           `json:"scheduled_by,omitempty"`
	Report      workbench.Report `json:"report"`
}

// proposalOf finds the proposal that a revision came by; nil when it came otherwise.
func (s *Server) proposalOf(ctx context.Context, hash string) (*proposalBody, error) {
	if s.Workbench == nil {
		return nil, nil
	}
	p, err := s.Workbench.Proposal(ctx, hash)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &proposalBody{Base: p.Base, Editors: p.Editors, ProposedAt: p.ProposedAt, ProposedBy: p.ProposedBy, RejectedAt: p.RejectedAt,
		RejectedBy: p.RejectedBy, Reason: p.Reason, ActivateAt: p.ActivateAt, ScheduledBy: p.ScheduledBy, Report: p.Report}, err
}

func (s *Server) apiPolicies(c echo.Context) error {
	if s.Policies == nil {
		return errNoPage
	}
	err := onlyQuery(c)
	if err != nil {
		return err
	}
	list, err := s.Policies.Revisions(c.Request().Context())
	if err != nil {
		return err
	}
	return sendJSON(c, http.StatusOK, policiesBody{Policies: notNil(list)})
}

// errNoRevision answers every name that belongs to no revision.
var errNoRevision = fault.New(fault.NotFound, "revision_not_found", "Versi aturan itu tidak tersimpan di basis data ini.")

// apiPolicy shows a revision by its hash, with or without "sha256:" before it, or by its number.
func (s *Server) apiPolicy(c echo.Context) error {
	if s.Policies == nil {
		return errNoPage
	}
	err := onlyQuery(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	rev, err := s.revisionNamed(ctx, c.Param("revision"))
	if err != nil {
		return err
	}
	out, err := s.ruleTexts.read(ctx, rev)
	if err != nil {
		return err
	}
	out.Proposal, err = s.proposalOf(ctx, rev.Hash)
	if err != nil {
		return err
	}
	return sendJSON(c, http.StatusOK, out)
}

// revisionNamed reads the revision with the name; see revisionHash.
func (s *Server) revisionNamed(ctx context.Context, name string) (policy.Revision, error) {
	hash, err := s.revisionHash(ctx, name)
	if err != nil {
		return policy.Revision{}, err
	}
	return s.Policies.Revision(ctx, hash)
}

// longestNumber is how many digits a number of a revision has at most; more of them are a hash.
const longestNumber = 9

// revisionHash turns the name of a revision into its hash.
func (s *Server) revisionHash(ctx context.Context, name string) (string, error) {
	number, err := strconv.ParseUint(name, 10, 32)
	if err != nil || len(name) > longestNumber {
		digits := strings.TrimPrefix(strings.ToLower(name), "sha256:")
		if strings.Trim(digits, "0123456789abcdef") != "" {
			return "", errNoRevision
		}
		return "sha256:" + digits, nil
	}
	list, err := s.Policies.Revisions(ctx)
	if err != nil {
		return "", err
	}
	for _, r := range list {
		if uint64(r.Number) == number {
			return r.Hash, nil
		}
	}
	return "", errNoRevision
}

// ruleTexts remembers what stands in the revisions asked for last. A revision never changes, and
// reading one costs a compilation.
type ruleTexts struct {
	mu      sync.Mutex
	kept    map[string]policyBody
	shipped *policyBody
}

const mostRuleTexts = 8

func (r *ruleTexts) read(ctx context.Context, rev policy.Revision) (policyBody, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	body, ok := r.kept[rev.Hash]
	if !ok {
		bundle, err := policy.ReadTarGz(bytes.NewReader(rev.Bundle))
		if err != nil {
			return body, fmt.Errorf("read revision %s: %w", rev.Hash, err)
		}
		body, err = textsOf(ctx, bundle)
		if err != nil {
			return body, fmt.Errorf("load revision %s: %w", rev.Hash, err)
		}
		if r.kept == nil || len(r.kept) >= mostRuleTexts {
			r.kept = map[string]policyBody{}
		}
		r.kept[rev.Hash] = body
	}
	body.Revision = rev // its stage may have changed
	return body, nil
}

// program reads the rules that come with the program.
func (r *ruleTexts) program(ctx context.Context) (policyBody, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.shipped != nil {
		return *r.shipped, nil
	}
	body, err := textsOf(ctx, policy.Shipped())
	if err != nil {
		return body, fmt.Errorf("load shipped rules: %w", err)
	}
	r.shipped = &body
	return body, nil
}

// textsOf reads what stands in a bundle.
func textsOf(ctx context.Context, b policy.Bundle) (policyBody, error) {
	engine, err := policy.NewEngine(ctx, b)
	if err != nil {
		return policyBody{}, err
	}
	return policyBody{
		Rules: notNil(engine.Rules()), Params: notNil(engine.Params()), RoutingRules: notNil(engine.RoutingRules()),
		checkParams: engine.CheckParams(), routingParams: engine.RoutingParams(),
	}, nil
}
