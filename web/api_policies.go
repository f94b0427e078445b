package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
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
	hash, err := s.revisionHash(ctx, c.Param("revision"))
	if err != nil {
		return err
	}
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
