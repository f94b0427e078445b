package policy

import (
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
)

// causes lists the rules that can refuse with the tests that show them. A test shows a cause when it
// writes its code and a decision in it refused by the cause (Holds) or did not (Spares): every test
// spares most causes by chance, and only who names one has looked.
func (l *loaded) causes(results []TestResult, seen *testWatch) []CauseCases {
	named := map[string]map[string]bool{} // place of a test: codes it writes
	for _, mod := range l.tests {
		for _, r := range mod.Rules {
			named[placeKey(r.Location)] = textsIn(r)
		}
	}
	out := []CauseCases{}
	for _, rule := range l.rules {
		if !l.refuses(rule) {
			continue
		}
		c := CauseCases{Code: rule.Code, Title: rule.Title, File: rule.File, Row: rule.Line, Holds: []string{}, Spares: []string{}}
		for _, t := range results {
			key := placeKey(ast.NewLocation(nil, t.File, t.Row, 1))
			if !t.Pass || !named[key][rule.Code] {
				continue
			}
			refuses, spares := seen.tests[key].refuses(rule.Code)
			name := t.File + ":" + t.Name
			if refuses {
				c.Holds = append(c.Holds, name)
			}
			if spares {
				c.Spares = append(c.Spares, name)
			}
		}
		c.Missing = missingCases(c)
		out = append(out, c)
	}
	return out
}

// textsIn collects the texts that a rule writes out.
func textsIn(r *ast.Rule) map[string]bool {
	out := map[string]bool{}
	ast.WalkTerms(r, func(t *ast.Term) bool {
		if s, ok := t.Value.(ast.String); ok {
			out[string(s)] = true
		}
		return false
	})
	return out
}

func missingCases(c CauseCases) string {
	switch {
	case len(c.Holds) == 0 && len(c.Spares) == 0:
		return fmt.Sprintf("Sebab %s belum mempunyai uji. Tulis satu kasus yang ditolak karenanya dan satu yang tidak, masing-masing menyebut %q.", c.Code, c.Code)
	case len(c.Holds) == 0:
		return fmt.Sprintf("Sebab %s belum mempunyai kasus yang ditolak karenanya.", c.Code)
	case len(c.Spares) == 0:
		return fmt.Sprintf("Sebab %s belum mempunyai kasus yang tidak ditolak karenanya.", c.Code)
	}
	return ""
}

// refuses tells whether the rule can yield not_met: it writes so, or what it takes its verdict from does,
// however many helper rules lie between.
func (l *loaded) refuses(rule Rule) bool {
	r := l.findingRule(rule)
	if r == nil {
		return false
	}
	head, _ := headObject(r)
	verdict := head.Get(keyTerms["verdict"])
	if verdict == nil { // a reason of routing refuses nobody
		return false
	}
	flow := wordFlow{modules: l.modules, words: map[string]bool{}, visited: map[string]bool{}}
	flow.follow(verdict, r)
	return flow.words[string(NotMet)]
}

// findingRule finds the parsed rule of a written cause.
func (s *ruleSet) findingRule(rule Rule) *ast.Rule {
	mod := s.modules[rule.File]
	if mod == nil {
		return nil
	}
	for _, r := range mod.Rules {
		if r.Location.Row == rule.Line {
			return r
		}
	}
	return nil
}

// wordFlow collects the texts that a term can come to.
type wordFlow struct {
	modules map[string]*ast.Module
	words   map[string]bool
	visited map[string]bool
}

// follow takes the texts in the term, then goes where its variables are assigned in the rule and where
// the rules are that it names.
func (w wordFlow) follow(t *ast.Term, in *ast.Rule) {
	ast.WalkTerms(t, func(t *ast.Term) bool {
		switch v := t.Value.(type) {
		case ast.String:
			w.words[string(v)] = true
		case ast.Var:
			w.variable(v, in)
		}
		return false
	})
}

func (w wordFlow) variable(v ast.Var, in *ast.Rule) {
	key := placeKey(in.Location) + " " + string(v)
	if w.visited[key] {
		return
	}
	w.visited[key] = true
	ast.WalkExprs(in.Body, func(x *ast.Expr) bool {
		if (x.IsAssignment() || x.IsEquality()) && len(x.Operands()) == 2 && mentions(x.Operand(0), v) {
			w.follow(x.Operand(1), in)
		}
		return false
	})
	for _, mod := range w.modules {
		for _, r := range mod.Rules {
			if headName(r) != string(v) {
				continue
			}
			for ; r != nil; r = r.Else {
				if r.Head.Value != nil {
					w.follow(r.Head.Value, r)
				}
			}
		}
	}
}

func mentions(t *ast.Term, v ast.Var) bool {
	found := false
	ast.WalkVars(t, func(x ast.Var) bool {
		found = found || x == v
		return found
	})
	return found
}
