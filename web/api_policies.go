package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"layak/internal/fault"
	"layak/policy"
)

type policiesBody struct {
	Policies []policy.Revision `json:"policies"`
}

// policyBody is one revision with what stands in it.
type policyBody struct {
	policy.Revision
	Rules  []policy.Rule  `json:"rules"`  // in the order in which findings are shown
	Params []policy.Param `json:"params"` // newest first within a name
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

// apiPolicy shows a revision by its hash, with or without "sha256:" before it.
func (s *Server) apiPolicy(c echo.Context) error {
	if s.Policies == nil {
		return errNoPage
	}
	err := onlyQuery(c)
	if err != nil {
		return err
	}
	hash := "sha256:" + strings.TrimPrefix(strings.ToLower(c.Param("revision")), "sha256:")
	if strings.Trim(hash[len("sha256:"):], "0123456789abcdef") != "" {
		return fault.New(fault.NotFound, "revision_not_found", "Versi aturan itu tidak tersimpan di basis data ini.")
	}
	ctx := c.Request().Context()
	rev, err := s.Policies.Revision(ctx, hash)
	if err != nil {
		return err
	}
	out, err := s.ruleTexts.read(ctx, rev)
	if err != nil {
		return err
	}
	return sendJSON(c, http.StatusOK, out)
}

// ruleTexts remembers what stands in the revisions asked for last. A revision never changes, and
// reading one costs a compilation.
type ruleTexts struct {
	mu   sync.Mutex
	kept map[string]policyBody
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
		engine, err := policy.NewEngine(ctx, bundle)
		if err != nil {
			return body, fmt.Errorf("load revision %s: %w", rev.Hash, err)
		}
		body = policyBody{Rules: notNil(engine.Rules()), Params: notNil(engine.Params())}
		if r.kept == nil || len(r.kept) >= mostRuleTexts {
			r.kept = map[string]policyBody{}
		}
		r.kept[rev.Hash] = body
	}
	body.Revision = rev // its stage may have changed
	return body, nil
}
