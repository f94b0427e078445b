package policy

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/cover"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"
)

// testTimeout bounds one Rego test.
const testTimeout = 5 * time.Second

// testbox is the sandbox for tests, which may print besides.
var testbox = sync.OnceValue(func() *ast.Capabilities {
	caps := *sandbox()
	caps.Builtins = slices.Clone(caps.Builtins)
	for _, b := range ast.CapabilitiesForThisVersion().Builtins {
		if b.Name == ast.Print.Name || b.Name == ast.InternalPrint.Name {
			caps.Builtins = append(caps.Builtins, b)
		}
	}
	return &caps
})

// Test runs the *_test.rego files of the bundle in OPA's own tester: once to see whether they pass and
// what they reach, with OPA's supplementary passes that tell why a line was passed over, and once to
// see which findings their decisions yield and at which line a test fails. An error holds the problems
// of a bundle that does not load.
func Test(ctx context.Context, b Bundle) (TestReport, error) {
	l, found := load(b)
	if len(found) > 0 {
		return TestReport{}, problemError(found)
	}
	store := inmem.NewFromObject(l.data)
	txn, err := store.NewTransaction(ctx, storage.WriteParams)
	if err != nil {
		return TestReport{}, fmt.Errorf("open test data: %w", err)
	}
	defer store.Abort(ctx, txn)
	c := ast.NewCompiler().WithCapabilities(testbox()).WithStrict(true).WithEnablePrintStatements(true).SetErrorLimit(maxProblems)
	covered := cover.New()
	results, err := tester.NewRunner().SetCompiler(c).SetStore(store).SetTimeout(testTimeout).SetParallel(1).
		RaiseBuiltinErrors(true).SetCoverageQueryTracer(covered).
		SetCoverageRuns([]cover.Kind{cover.KindIndexExcluded, cover.KindEarlyExit}).
		SetModules(l.withTests()).RunTests(ctx, txn)
	if err != nil {
		return TestReport{}, fmt.Errorf("run rule tests: %w", err)
	}
	var ran []*tester.Result
	for r := range results {
		ran = append(ran, r)
	}
	seen := newTestWatch()
	for _, r := range ran {
		if err := seen.look(ctx, r, rego.Compiler(c), rego.Store(store), rego.Transaction(txn)); err != nil {
			return TestReport{}, err
		}
	}
	report := TestReport{Results: []TestResult{}}
	for _, r := range ran {
		t := testResult(r, seen.of(r.Location))
		report.Results = append(report.Results, t)
		if t.Pass {
			report.Passed++
		} else {
			report.Failed++
		}
	}
	slices.SortFunc(report.Results, func(a, b TestResult) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Row-b.Row, strings.Compare(a.Name, b.Name))
	})
	report.Coverage, report.Covered = coverageOf(covered, l)
	report.Causes = l.causes(report.Results, seen)
	return report, nil
}

// testResult puts the words of the tester and what was seen while the test ran together.
func testResult(r *tester.Result, seen *testSight) TestResult {
	t := TestResult{
		Name: r.Name, Package: r.Package, Pass: r.Pass(), Skip: r.Skip, Duration: r.Duration,
		Output: string(r.Output), Codes: seen.codes(),
	}
	if r.Location != nil {
		t.File, t.Row = r.Location.File, r.Location.Row
	}
	for path, sub := range r.SubResults.Iter {
		c := CaseResult{Name: strings.Join(path, " / "), Pass: !sub.Fail}
		if fall := seen.failed(c.Name); sub.Fail && fall != nil {
			c.Expected, c.FailedAt = fall.expected, &fall.at
		}
		t.Cases = append(t.Cases, c)
	}
	slices.SortFunc(t.Cases, func(a, b CaseResult) int { return strings.Compare(a.Name, b.Name) })
	if t.Pass {
		return t
	}
	fall := seen.failed("")
	for _, c := range t.Cases {
		if !c.Pass {
			fall = seen.failed(c.Name)
			break
		}
	}
	if fall != nil {
		t.Expected, t.Got, t.FailedAt = fall.expected, fall.got, &fall.at
	}
	t.Message = testMessage(r, t)
	return t
}

// testMessage says in one sentence why a test did not pass.
func testMessage(r *tester.Result, t TestResult) string {
	switch {
	case r.Skip:
		return "Uji ini dilewati karena namanya berawalan todo_."
	case r.Error != nil && strings.Contains(r.Error.Error(), "eval_cancel_error"):
		return fmt.Sprintf("Uji ini dihentikan karena berjalan lebih dari %d detik.", int(testTimeout.Seconds()))
	case r.Error != nil:
		return "Uji ini terhenti: " + r.Error.Error()
	case t.FailedAt == nil:
		return "Uji ini tidak menghasilkan true."
	}
	s := fmt.Sprintf("Baris %d tidak terpenuhi: %s", t.FailedAt.Row, t.Expected)
	if t.Got != "" {
		s += "; yang didapat " + t.Got
	}
	return s + "."
}
