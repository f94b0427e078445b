package policy

import (
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"
)

// joint is what the compiler says about the rules of one set and about the tests beside them.
type joint struct {
	types *ast.TypeEnv // of the rules, as far as the compiler came
	rules []Problem
	tests []Problem // asked only of rules without any
}

// jointly remembers what the compiler said: whoever types changes one of two sets, and the other is as it
// was. It holds types and sentences, a small part of what was compiled.
var jointly = memo[joint]{room: 6}

// compileJointly compiles the rules of a set with their tests, or gives what came of the same files before.
func (s *ruleSet) compileJointly(b Bundle) joint {
	all := s.withTests()
	return jointly.get(s.digestOf(b, all), 1, func() joint {
		j, sure := s.compileAtOnce(all)
		if sure {
			return j
		}
		return s.compileApart(b, all)
	})
}

// compileApart asks the compiler twice: about the rules, which decide without their tests, and about both.
// It is how everything could be told, in twice the time.
func (s *ruleSet) compileApart(b Bundle, all map[string]*ast.Module) joint {
	var c *ast.Compiler
	var both sync.WaitGroup
	if len(s.tests) > 0 {
		both.Go(func() { c = s.compile(all) })
	}
	alone := s.compileOnce(b)
	both.Wait()
	j := joint{types: alone.TypeEnv, rules: problemsOf("", alone.Errors)}
	if c != nil {
		j.tests = problemsOf("", c.Errors)
	}
	return j
}

// compileAtOnce compiles rules and tests once. Where no rule can reach a test, the compiler treats the rules
// beside tests as it treats them alone, so what it says in one pass holds for both; sure is false where
// that is not so, or where it was stopped by a test before it had seen every rule.
func (s *ruleSet) compileAtOnce(all map[string]*ast.Module) (j joint, sure bool) {
	if len(s.tests) == 0 || !s.apartFromTests() {
		return j, false
	}
	c := s.compilerOf().WithStageAfterID(ast.StageRewriteDynamicTerms, noCircle).
		WithSkipStages(ast.StageCheckRecursion, ast.StageBuildRuleIndices, ast.StageBuildComprehensionIndices, ast.StageBuildRequiredCapabilities)
	c.Compile(all)
	for _, e := range c.Errors {
		if e.Location == nil || s.modules[e.Location.File] == nil || strings.Contains(e.Message, "__local") {
			return j, false // a circle, too many at once, a test, or a name that the compiler made up and counted
		}
	}
	return joint{types: c.TypeEnv, rules: problemsOf("", c.Errors)}, true
}

// noCircle stands in for the compiler's own look at rules that rest on themselves, which walks the whole
// graph once for each rule. It only tells that there is a circle; where, the compiler tells afterwards.
var noCircle = ast.CompilerStageDefinition{Name: "NoCircle", MetricName: "compile_stage_no_circle", Stage: func(c *ast.Compiler) *ast.Error {
	if _, ok := c.Graph.Sort(); !ok {
		return ast.NewError(ast.RecursionErr, nil, "a circle")
	}
	return nil
}}

// apartFromTests tells that no rule can reach what a test file defines: no package of the one lies in a
// package of the other, and no rule names a part of data in which tests are.
func (s *ruleSet) apartFromTests() bool {
	packages := map[string]ast.Ref{} // there are few
	for _, test := range s.tests {
		packages[test.Package.Path.String()] = test.Package.Path
	}
	for _, path := range packages {
		for _, mod := range s.modules {
			if meet(mod.Package.Path, path) || reaches(mod, path) {
				return false
			}
		}
	}
	return true
}

// reaches tells whether a reference or an import of the module may lead to the path.
func reaches(mod *ast.Module, path ast.Ref) bool {
	found := false
	var look *ast.GenericVisitor
	look = ast.NewGenericVisitor(func(x any) bool {
		switch v := x.(type) {
		case *ast.Package:
			return true // where it stands, not where it leads
		case ast.Ref:
			found = found || v[0].Equal(ast.DefaultRootDocument) && meet(v, path)
			for _, part := range v[1:] { // not data, with which it begins
				look.Walk(part)
			}
			return true
		case ast.Var:
			found = found || v.Equal(ast.DefaultRootDocument.Value)
		}
		return found
	})
	look.Walk(mod)
	return found
}

// meet tells whether one path may lie in the other. What is chosen while rules run may be anything.
func meet(a, b ast.Ref) bool {
	for i := range min(len(a), len(b)) {
		if i > 0 && (!ast.IsConstant(a[i].Value) || !ast.IsConstant(b[i].Value)) {
			return true
		}
		if !a[i].Equal(b[i]) {
			return false
		}
	}
	return true
}

// typeOf gives what the compiler knows of a rule or a function, nil when that is nothing. It waits for the
// compiler.
func (s *ruleSet) typeOf(ref ast.Ref) types.Type {
	if s.joint == nil {
		return nil
	}
	known := s.joint().types
	if known == nil {
		return nil
	}
	return known.GetByRef(ref)
}

// aside begins to make something beside what goes on, and gives what waits for it.
func aside[T any](make func() T) func() T {
	get := sync.OnceValue(make)
	go get()
	return get
}
