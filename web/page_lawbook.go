package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"layak/internal/auth"
	"layak/policy"
)

// lawbookRoutes are the addresses of the rules in force as a table and by articles.
func (s *Server) lawbookRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/rules/table", Permission: auth.PolicyRead, Handler: s.decisionTable},
		{Method: http.MethodGet, Path: "/rules/legal", Permission: auth.PolicyRead, Handler: s.legalView},
	}
}

// lawbookPages are the page sets of both views.
var lawbookPages = map[string][]string{
	"rules_table": {"clause"},
	"rules_legal": {"clause"},
}

// decisionTablePage is every criterion with its conditions in plain words.
type decisionTablePage struct {
	Base
	Number int
	Hash   string
	Rows   []policy.TableRow
	// Routing is when which reason is told in the handling of complaints; empty for rules of before there was any.
	Routing []policy.TableRow
	// Outcomes is what becomes of a complaint: its class, desk, deadlines; OutcomeTerms the names in it.
	Outcomes, OutcomeTerms []policy.Term
	Terms                  []policy.Term // of all rows, each once, for paper
}

// legalPage is every article with the rules that rest on it and the tests that show them.
type legalPage struct {
	Base
	Number   int
	Hash     string
	Testing  bool // the tests are still being run
	Articles []policy.LegalArticle
	Passed   map[string]bool            // "FILE:test_name" of tests that pass
	Rows     map[string]policy.TableRow // what the rule asks in plain words, by code
}

// Body is a rule as written without the METADATA above it, which the page tells in words.
func (p *legalPage) Body(source string) string {
	lines := strings.Split(source, "\n")
	for len(lines) > 1 && strings.HasPrefix(strings.TrimSpace(lines[0]), "#") {
		lines = lines[1:]
	}
	return strings.Join(lines, "\n")
}

// TestName is what a test shows, in the words of its name.
func (p *legalPage) TestName(test string) string {
	_, name, _ := strings.Cut(test, ":")
	return strings.ReplaceAll(strings.TrimPrefix(name, "test_"), "_", " ")
}

// lawbook remembers both views of one revision: the same bytes give the same views.
type lawbook struct {
	mu       sync.Mutex
	hash     string
	day      string // from which the values of parameters are told
	rows     []policy.TableRow
	routing  []policy.TableRow
	outcomes []policy.Term
	names    []policy.Term // in outcomes
	articles []policy.LegalArticle
	passed   map[string]bool
	testing  bool // the tests are still being run: the views are made again
}

// of makes the views of a revision the first time they are asked for.
func (b *lawbook) of(ctx context.Context, rev policy.Revision, runs *testRuns, day string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.hash == rev.Hash && b.day == day {
		return nil
	}
	bundle, err := policy.ReadTarGz(bytes.NewReader(rev.Bundle))
	if err != nil {
		return fmt.Errorf("read revision %s: %w", rev.Hash, err)
	}
	tests, err := runs.of(ctx, rev)
	if err != nil {
		return err
	}
	rows, err := policy.Table(bundle, day)
	if err != nil {
		return fmt.Errorf("make the table of revision %s: %w", rev.Hash, err)
	}
	routing, err := policy.RoutingTable(bundle, day)
	if err != nil {
		return fmt.Errorf("make the table of routing of revision %s: %w", rev.Hash, err)
	}
	outcomes, names, err := policy.RoutingOutcomes(bundle, day)
	if err != nil {
		return fmt.Errorf("tell what becomes of a complaint under revision %s: %w", rev.Hash, err)
	}
	articles, err := policy.LegalView(bundle, policy.TestReport{Results: tests.Results})
	if err != nil {
		return fmt.Errorf("order revision %s by articles: %w", rev.Hash, err)
	}
	b.passed = map[string]bool{}
	for _, t := range tests.Results {
		b.passed[t.File+":"+t.Name] = t.Pass
	}
	b.hash, b.day, b.testing = rev.Hash, day, tests.Running
	if b.testing {
		b.hash = ""
	}
	b.rows, b.routing, b.articles = rows, routing, articles
	b.outcomes, b.names = outcomes, names
	return nil
}

// lawbookInForce gives the revision in force with its views made.
func (s *Server) lawbookInForce(c echo.Context) (policy.Revision, error) {
	if s.Policies == nil {
		return policy.Revision{}, errNoPage
	}
	ctx := c.Request().Context()
	list, err := s.Policies.Revisions(ctx)
	if err != nil {
		return policy.Revision{}, err
	}
	for _, rev := range list {
		if rev.Stage != policy.Active {
			continue
		}
		rev, err = s.Policies.Revision(ctx, rev.Hash)
		if err != nil {
			return rev, err
		}
		return rev, s.lawbook.of(ctx, rev, &s.runs, s.Clock().In(s.Zone).Format(time.DateOnly))
	}
	return policy.Revision{}, errNoPage
}

func (s *Server) decisionTable(c echo.Context) error {
	rev, err := s.lawbookInForce(c)
	if err != nil {
		return err
	}
	s.lawbook.mu.Lock()
	p := &decisionTablePage{Number: rev.Number, Hash: rev.Hash, Rows: s.lawbook.rows, Routing: s.lawbook.routing,
		Outcomes: s.lawbook.outcomes, OutcomeTerms: s.lawbook.names}
	s.lawbook.mu.Unlock()
	p.Terms = termsOf(append(slices.Clone(p.Rows), policy.TableRow{Terms: p.OutcomeTerms}), p.Routing)
	p.Title, p.Section = "lawbook.table", "rules"
	return s.render(c, http.StatusOK, "rules_table", p)
}

func (s *Server) legalView(c echo.Context) error {
	rev, err := s.lawbookInForce(c)
	if err != nil {
		return err
	}
	s.lawbook.mu.Lock()
	p := &legalPage{Number: rev.Number, Hash: rev.Hash, Articles: s.lawbook.articles, Passed: s.lawbook.passed, Testing: s.lawbook.testing}
	rows := append(slices.Clone(s.lawbook.rows), s.lawbook.routing...)
	s.lawbook.mu.Unlock()
	p.Rows = rowsByCode(rows)
	p.Title, p.Section = "lawbook.legal", "rules"
	return s.render(c, http.StatusOK, "rules_legal", p)
}

// rowsByCode finds the row of a criterion; of rules that share a code the first.
func rowsByCode(rows []policy.TableRow) map[string]policy.TableRow {
	out := make(map[string]policy.TableRow, len(rows))
	for _, r := range rows {
		if _, there := out[r.Code]; !there {
			out[r.Code] = r
		}
	}
	return out
}

// termsOf gathers the names of all rows, each once.
func termsOf(tables ...[]policy.TableRow) []policy.Term {
	seen := map[string]bool{}
	var out []policy.Term
	for _, rows := range tables {
		for _, r := range rows {
			for _, term := range r.Terms {
				if !seen[term.Name] {
					seen[term.Name] = true
					out = append(out, term)
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b policy.Term) int { return strings.Compare(a.Name, b.Name) })
	return out
}
