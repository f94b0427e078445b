package policy

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/tester"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// testWatch looks on while tests run, one after the other: which test it is, which of its lines failed,
// and which findings each decision in it yielded.
type testWatch struct {
	tests   map[string]*testSight // by file and row of the test rule
	current *testSight
	named   string // case of the test that is being evaluated
}

// testSight is what was seen of one test.
type testSight struct {
	falls map[string]*fall // last line that failed, by case; "" for the test itself
	// decisions holds for each evaluation of findings what it yielded: verdicts by code. The key is the
	// query that asked.
	decisions map[uint64]map[string]map[Verdict]bool
}

// fall is a line of a test that did not hold.
type fall struct {
	at            Place
	expected, got string
}

func newTestWatch() *testWatch { return &testWatch{tests: map[string]*testSight{}} }

// look runs a test that the tester ran once more, under this watch alone: the tester's own tracer of
// tables copies every variable of every event. A test that is cut off is looked at as far as it came.
func (w *testWatch) look(ctx context.Context, r *tester.Result, with ...func(*rego.Rego)) error {
	if r.Skip || r.Error != nil {
		return nil
	}
	ref, err := ast.ParseRef(r.Package)
	if err != nil {
		return fmt.Errorf("find test %s: %w", r.Name, err)
	}
	for part := range strings.SplitSeq(r.Name, ".") {
		ref = ref.Append(ast.StringTerm(part))
	}
	slow, cancel := context.WithTimeout(ctx, patience*testTimeout)
	defer cancel()
	timed := beginLap(slow, testTimeout)
	defer timed.stop()
	query, err := rego.New(append(with, rego.Query(ref.String()))...).PrepareForEval(timed)
	if err == nil {
		_, err = query.Eval(timed, rego.EvalQueryTracer(w))
	}
	if err != nil && timed.Err() == nil {
		return fmt.Errorf("look at test %s: %w", r.Name, err)
	}
	return ctx.Err()
}

// Enabled, Config and TraceEvent make it a tracer. Variables are looked up while they are bound.
func (w *testWatch) Enabled() bool { return true }

// Config asks for no copy of the variables of every event.
func (w *testWatch) Config() topdown.TraceConfig { return topdown.TraceConfig{} }

// TraceEvent takes note of one event.
func (w *testWatch) TraceEvent(e topdown.Event) {
	if e.Op == topdown.TestCaseOp {
		w.named = caseName(e)
		return
	}
	rule, ok := e.Node.(*ast.Rule)
	if !ok {
		if x, ok := e.Node.(*ast.Expr); ok && e.Op == topdown.FailOp && w.current != nil {
			w.current.fell(w.named, x, e)
		}
		return
	}
	switch {
	case e.Op == topdown.EnterOp && isTest(rule):
		w.named = ""
		w.current = w.at(rule.Location)
	case w.current != nil && isFinding(rule) && e.Op == topdown.EnterOp:
		w.current.decision(e.ParentID)
	case w.current != nil && isFinding(rule) && e.Op == topdown.ExitOp:
		w.current.yielded(e.ParentID, rule, e)
	}
}

func caseName(e topdown.Event) string {
	x, ok := e.Node.(*ast.Expr)
	if !ok || x.Operand(0) == nil {
		return ""
	}
	parts, ok := x.Operand(0).Value.(*ast.Array)
	if !ok {
		return ""
	}
	var names []string
	parts.Foreach(func(t *ast.Term) { names = append(names, plainTerm(t)) })
	return strings.Join(names, " / ")
}

// plainTerm writes a text without its quotes, everything else as Rego.
func plainTerm(t *ast.Term) string {
	if s, ok := t.Value.(ast.String); ok {
		return string(s)
	}
	return t.String()
}

func isTest(r *ast.Rule) bool {
	return r.Location != nil && strings.HasSuffix(r.Location.File, "_test.rego") && strings.HasPrefix(headName(r), tester.TestPrefix)
}

// headName is the first name of the head: findings, test_x.
func headName(r *ast.Rule) string {
	ref := r.Head.Ref()
	if len(ref) == 0 {
		return string(r.Head.Name)
	}
	switch v := ref[0].Value.(type) {
	case ast.Var:
		return string(v)
	case ast.String:
		return string(v)
	}
	return ""
}

// isFinding tells a rule that yields a finding, or in routing a reason.
func isFinding(r *ast.Rule) bool {
	if r.Module == nil {
		return false
	}
	switch headName(r) {
	case findingsRule:
		return r.Module.Package.Path.Equal(packagePath)
	case reasonsRule:
		return r.Module.Package.Path.Equal(routingPath)
	}
	return false
}

func (w *testWatch) at(loc *ast.Location) *testSight {
	key := placeKey(loc)
	if w.tests[key] == nil {
		w.tests[key] = &testSight{falls: map[string]*fall{}, decisions: map[uint64]map[string]map[Verdict]bool{}}
	}
	return w.tests[key]
}

// of gives what was seen of the test at a place; nothing was when it never began.
func (w *testWatch) of(loc *ast.Location) *testSight { return w.at(loc) }

func placeKey(loc *ast.Location) string {
	if loc == nil {
		return ""
	}
	return loc.String()
}

// fell keeps the furthest line of the test that failed; lines of the rules are not its own.
func (s *testSight) fell(name string, x *ast.Expr, e topdown.Event) {
	loc := x.Location
	if loc == nil || !strings.HasSuffix(loc.File, "_test.rego") || len(loc.Text) == 0 {
		return
	}
	if was := s.falls[name]; was != nil && was.at.Row > loc.Row {
		return
	}
	source := strings.TrimSpace(string(loc.Text))
	s.falls[name] = &fall{
		at:       Place{File: loc.File, Row: loc.Row, Col: loc.Col, Text: source},
		expected: source, got: gotOf(x, e),
	}
}

func (s *testSight) failed(name string) *fall { return s.falls[name] }

// longestGot bounds how much of a value is told.
const longestGot = 200

// gotOf tells what the open side of a comparison came to.
func gotOf(x *ast.Expr, e topdown.Event) string {
	if x.Negated || len(x.Operands()) != 2 {
		return ""
	}
	for _, side := range x.Operands() {
		if ast.IsConstant(side.Value) {
			continue
		}
		v := resolved(side, e)
		if v == nil {
			return ""
		}
		text := v.String()
		if len(text) > longestGot {
			text = strings.ToValidUTF8(text[:longestGot], "") + " …"
		}
		return text
	}
	return ""
}

// resolved gives the value of a term while its variables are bound; nil when it has none.
func resolved(t *ast.Term, e topdown.Event) *ast.Term {
	ref, isRef := t.Value.(ast.Ref)
	if !isRef {
		v := e.Plug(t)
		if v == nil || !v.IsGround() {
			return nil
		}
		if _, still := v.Value.(ast.Ref); still {
			return nil
		}
		return v
	}
	head := e.Plug(ref[0])
	if head == nil || !head.IsGround() || head.Equal(ref[0]) {
		return nil
	}
	path := make(ast.Ref, 0, len(ref)-1)
	for _, part := range ref[1:] {
		path = append(path, e.Plug(part))
	}
	v, err := head.Value.Find(path)
	if err != nil {
		return nil
	}
	return ast.NewTerm(v)
}

func (s *testSight) decision(asked uint64) map[string]map[Verdict]bool {
	if s.decisions[asked] == nil {
		s.decisions[asked] = map[string]map[Verdict]bool{}
	}
	return s.decisions[asked]
}

// yielded takes note of the finding that a rule just yielded.
func (s *testSight) yielded(asked uint64, r *ast.Rule, e topdown.Event) {
	if r.Head.Key == nil {
		return
	}
	head := e.Plug(r.Head.Key)
	o, ok := head.Value.(ast.Object)
	if !ok {
		return
	}
	code, verdict := text(o, "code"), Verdict(text(o, "verdict"))
	of := s.decision(asked)
	if of[code] == nil {
		of[code] = map[Verdict]bool{}
	}
	of[code][verdict] = true
}

// codes lists the findings of all decisions of the test.
func (s *testSight) codes() []string {
	all := map[string]bool{}
	for _, d := range s.decisions {
		for code := range d {
			all[code] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// refuses and spares tell whether a decision of the test refused by the cause, and whether one did not.
func (s *testSight) refuses(code string) (refuses, spares bool) {
	for _, d := range s.decisions {
		if d[code][NotMet] {
			refuses = true
		} else {
			spares = true
		}
	}
	return refuses, spares
}
