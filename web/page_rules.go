package web

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/eligibility"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/i18n"
	"layak/policy"
)

// rulesPage lets everybody read what is decided and why: rules, parameters, tests.
type rulesPage struct {
	Base
	Number int
	Groups []ruleGroup
	Params []paramRow
	Tests  []policy.TestResult
	Passed int
	// Testing: the tests are still being run for the first time since the start.
	Testing bool
	// Routing is the rules by which complaints are handled. FromProgram: the revision in force was
	// written before there were any, so those of the program hold.
	Routing       []ruleGroup
	RoutingParams []paramRow
	FromProgram   bool
	Desk          bool // there is a desk at which rules are changed
	// Broken is the revision in force when this server cannot load it; what else the page shows then is of the
	// revision that decides here meanwhile.
	Broken *policy.Revision
}

// ruleGroup holds the rules of one file; Name is the file without its ending.
type ruleGroup struct {
	Name  string
	Rules []policy.Rule
}

type paramRow struct {
	policy.Param
	Text string // the value as people write it
}

// rulePage is one rule with its text and the tests beside it.
type rulePage struct {
	Base
	Rule    policy.Rule
	Tests   []policy.TestResult
	Testing bool // see rulesPage
}

func (s *Server) rules(c echo.Context) error {
	book, tests, err := s.rulesInForce(c.Request().Context())
	var broken *policy.Revision
	if err != nil && s.RuleState != nil && s.RuleState.Behind() != "" {
		broken, book, err = s.rulesInstead(c.Request().Context())
	}
	if err != nil {
		return err
	}
	p := &rulesPage{Broken: broken, Number: book.Number, Groups: groupRules(book.Rules), Tests: tests.Results, Testing: tests.Running}
	p.Title, p.Section = "rules.title", "rules"
	p.Desk = s.Workbench != nil && (auth.From(c.Request().Context()).Can(auth.PolicyEdit) || auth.From(c.Request().Context()).Can(auth.PolicyApprove))
	w, today := s.words.For(s.lang(c)), eligibility.DateOf(s.Clock().In(s.Zone))
	p.Params = paramsOn(w, book.checkParams, today)
	if broken != nil && book.Number == 0 {
		return s.render(c, http.StatusOK, "rules", p)
	}
	rules, params, own, err := s.routingInForce(c.Request().Context(), book)
	if err != nil {
		return err
	}
	p.Routing, p.RoutingParams, p.FromProgram = groupRules(rules), paramsOn(w, params, today), !own
	for _, t := range tests.Results {
		if t.Pass {
			p.Passed++
		}
	}
	return s.render(c, http.StatusOK, "rules", p)
}

func (s *Server) rule(c echo.Context) error {
	book, tests, err := s.rulesInForce(c.Request().Context())
	if err != nil {
		return err
	}
	routing, _, _, err := s.routingInForce(c.Request().Context(), book)
	if err != nil {
		return err
	}
	for _, r := range append(slices.Clone(book.Rules), routing...) {
		if r.Code != c.Param("code") {
			continue
		}
		p := &rulePage{Rule: r, Testing: tests.Running}
		p.Title, p.Section = r.Title, "rules"
		for _, t := range tests.Results {
			if testsBeside(t.File, r.File) {
				p.Tests = append(p.Tests, t)
			}
		}
		return s.render(c, http.StatusOK, "rule", p)
	}
	return errNoPage
}

// rulesInForce reads the active revision and the results of the tests that came with it.
func (s *Server) rulesInForce(ctx context.Context) (policyBody, ruleTests, error) {
	if s.Policies == nil {
		return policyBody{}, ruleTests{}, errNoPage
	}
	list, err := s.Policies.Revisions(ctx)
	if err != nil {
		return policyBody{}, ruleTests{}, err
	}
	for _, rev := range list {
		if rev.Stage != policy.Active {
			continue
		}
		rev, err = s.Policies.Revision(ctx, rev.Hash)
		if err != nil {
			return policyBody{}, ruleTests{}, err
		}
		book, err := s.ruleTexts.read(ctx, rev)
		if err != nil {
			return policyBody{}, ruleTests{}, err
		}
		tests, err := s.runs.of(ctx, rev)
		return book, tests, err
	}
	return policyBody{}, ruleTests{}, fault.New(fault.NotFound, "no_rules", "Belum ada aturan yang berlaku.")
}

// rulesInstead gives the rules in force that this server could not load, and the text of those by which it decides
// meanwhile: none when it decides nothing.
func (s *Server) rulesInstead(ctx context.Context) (*policy.Revision, policyBody, error) {
	broken, err := s.Policies.Revision(ctx, s.RuleState.Behind())
	if err != nil || s.RuleState.InForce() == "" {
		return &broken, policyBody{}, err
	}
	deciding, err := s.Policies.Revision(ctx, s.RuleState.InForce())
	if err != nil {
		return nil, policyBody{}, err
	}
	book, err := s.ruleTexts.read(ctx, deciding)
	return &broken, book, err
}

// paramsOn keeps the value of each parameter that holds on the day; within a name the newest
// comes first.
func paramsOn(w *i18n.Printer, params []policy.Param, day eligibility.Date) []paramRow {
	var rows []paramRow
	done := map[string]bool{}
	for _, p := range params {
		if done[p.Name] || p.ValidFrom > string(day) {
			continue
		}
		done[p.Name] = true
		rows = append(rows, paramRow{p, withUnit(cmp.Or(p.Label, valueText(w, p.Value)), p.Unit)})
	}
	return rows
}

// groupRules keeps the order of the files and of the rules in them.
func groupRules(rules []policy.Rule) []ruleGroup {
	var groups []ruleGroup
	at := map[string]int{}
	for _, r := range rules {
		name := fileName(r.File)
		i, ok := at[name]
		if !ok {
			i = len(groups)
			at[name] = i
			groups = append(groups, ruleGroup{Name: name})
		}
		groups[i].Rules = append(groups[i].Rules, r)
	}
	return groups
}

// fileName names a file of rules: "need", "routing_desk".
func fileName(file string) string {
	name := strings.TrimSuffix(path.Base(file), ".rego")
	folder := path.Dir(file)
	if folder == "." || name == folder || strings.HasPrefix(name, folder+"_") {
		return name
	}
	return folder + "_" + name
}

// testsBeside tells whether the tests of a file are about a rule: those of routing stand in one file.
func testsBeside(tests, rule string) bool {
	if folder := path.Dir(rule); folder != "." {
		return path.Dir(tests) == folder
	}
	return fileName(tests) == fileName(rule)+"_test"
}

// routingInForce gives the rules by which complaints are handled and their parameters; own is false
// when the revision in force has none and those of the program hold.
func (s *Server) routingInForce(ctx context.Context, book policyBody) (rules []policy.Rule, params []policy.Param, own bool, err error) {
	if len(book.RoutingRules) > 0 {
		return book.RoutingRules, book.routingParams, true, nil
	}
	program, err := s.ruleTexts.program(ctx)
	return program.RoutingRules, program.routingParams, false, err
}

// valueText writes a parameter as people do: numbers plain, yes and no for switches, the parts of
// a group one after the other.
func valueText(w *i18n.Printer, v any) string {
	switch v := v.(type) {
	case bool:
		if v {
			return "ya"
		}
		return "tidak"
	case string:
		return label(w, "rule_value", v)
	case map[string]any:
		if len(v) == 0 {
			return label(w, "rule_value", "nothing")
		}
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, label(w, "rule_value", name)+" "+valueText(w, v[name]))
		}
		return strings.Join(parts, ", ")
	}
	return fmt.Sprint(v)
}

// withUnit adds the unit, unless it lists the choices there are.
func withUnit(text, unit string) string {
	if unit == "" || strings.Contains(unit, "|") {
		return text
	}
	return text + " " + unit
}
