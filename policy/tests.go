package policy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
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

// testTimeout bounds one Rego test, in processor time where that is known; tests of ours shorten it.
var testTimeout = 5 * time.Second

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
	return runTests(ctx, b, []cover.Kind{cover.KindIndexExcluded, cover.KindEarlyExit})
}

// runTests is Test with the supplementary passes that are wanted, each of which runs every test once more.
func runTests(ctx context.Context, b Bundle, passes []cover.Kind) (TestReport, error) {
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
	run := &testRun{loaded: l, store: store, txn: txn, covered: cover.New(), passes: passes, slow: map[string]bool{}}
	err = run.all(ctx)
	if err != nil {
		return TestReport{}, err
	}
	seen := newTestWatch()
	for _, r := range run.ran {
		if err := seen.look(ctx, r, rego.Compiler(run.compiler), rego.Store(store), rego.Transaction(txn)); err != nil {
			return TestReport{}, err
		}
	}
	report := TestReport{Results: []TestResult{}}
	for _, r := range run.ran {
		t := testResult(r, seen.of(r.Location), run.slow[placeKey(r.Location)])
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
	report.Coverage, report.Covered = coverageOf(run.covered, l)
	report.Causes = l.causes(report.Results, seen)
	return report, nil
}

// testRun is one run of all tests of a bundle.
type testRun struct {
	*loaded
	store    storage.Store
	txn      storage.Transaction
	covered  *cover.Cover
	passes   []cover.Kind
	compiler *ast.Compiler // of the rules with their tests
	ran      []*tester.Result
	slow     map[string]bool // places of the tests that never came to an end
}

// all runs every test. One that uses up its processor time ends the tester, which knows the clock alone;
// the tests after it are run without it.
func (t *testRun) all(ctx context.Context) error {
	left := t.names(nil)
	for again := false; ; again = true {
		before := len(t.ran)
		over, err := t.once(ctx, left, again)
		if err != nil || ctx.Err() != nil {
			if err == nil {
				err = context.Cause(ctx)
			}
			return err
		}
		left = t.names(t.ran)
		if !over || len(left) == 0 || len(t.ran) == before {
			return nil
		}
	}
}

// once runs the named tests until one of them used up its time.
func (t *testRun) once(ctx context.Context, names []string, again bool) (over bool, err error) {
	c := ast.NewCompiler().WithCapabilities(testbox()).WithStrict(true).WithEnablePrintStatements(true).SetErrorLimit(maxProblems)
	runner := tester.NewRunner().SetCompiler(c).SetStore(t.store).SetTimeout(patience * testTimeout).SetParallel(1).
		RaiseBuiltinErrors(true).SetCoverageQueryTracer(t.covered).SetModules(t.withTests())
	if again {
		runner.Filter("^(" + strings.Join(names, "|") + ")$")
	} else {
		t.compiler = c
		runner.SetCoverageRuns(t.passes)
	}
	timed := beginLap(ctx, testTimeout)
	defer timed.stop()
	timed.rest() // it compiles first, which is no test's time
	results, err := runner.RunTests(timed, t.txn)
	if errs := (ast.Errors{}); errors.As(err, &errs) { // tests that do not compile are quoted in it, so it must not be logged
		return false, problemError(problemsOf("", errs))
	}
	if err != nil {
		return false, fmt.Errorf("run rule tests: %w", err)
	}
	timed.again()
	for r := range results {
		if cutOff(r) {
			_, metered := timed.used()
			t.slow[placeKey(r.Location)] = timed.over() || !metered
		}
		t.ran = append(t.ran, r)
		timed.again()
	}
	return timed.over(), nil
}

// cutOff tells a test that was ended from outside.
func cutOff(r *tester.Result) bool {
	return r.Error != nil && strings.Contains(r.Error.Error(), "eval_cancel_error")
}

// names lists the tests that did not run yet as expressions for the filter of the tester.
func (t *testRun) names(ran []*tester.Result) []string {
	done := map[string]bool{}
	for _, r := range ran {
		done[placeKey(r.Location)] = true
	}
	var names []string
	for _, mod := range t.withTests() {
		for _, rule := range mod.Rules {
			if name := headName(rule); isTest(rule) && !done[placeKey(rule.Loc())] {
				names = append(names, regexp.QuoteMeta(mod.Package.Path.Append(ast.StringTerm(name)).String()))
			}
		}
	}
	return names
}

// testResult puts the words of the tester and what was seen while the test ran together.
func testResult(r *tester.Result, seen *testSight, slow bool) TestResult {
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
	t.Message = testMessage(r, t, slow)
	return t
}

// testMessage says in one sentence why a test did not pass.
func testMessage(r *tester.Result, t TestResult, slow bool) string {
	switch {
	case r.Skip:
		return "Uji ini dilewati karena namanya berawalan todo_."
	case cutOff(r) && !slow:
		return "Uji ini belum selesai karena mesin sedang sibuk. Jalankan lagi sebentar lagi."
	case cutOff(r):
		return fmt.Sprintf("Uji ini dihentikan karena belum selesai dihitung dalam %d detik.", int(testTimeout.Seconds()))
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
